//! `gongkai init`: a site that builds at once. The home of the files it writes: `src/cli/init/`.

use std::fs;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::Exit;
use super::args::Init;

static TEMPLATE: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/cli/init");

pub fn run(args: &Init) -> Exit {
    if !is_name(args.name.trim()) {
        let name = args.name.escape_debug();
        eprintln!(
            "错误：网站名称“{name}”不能用，只能有文字、数字、空格、·、—、- 和括号（）()，以文字开头，不超过 {LONGEST} 个字"
        );
        eprintln!("  = 建议: 写规范名称，如 某某县人民政府");
        return Exit::CouldNotRun;
    }
    if is_occupied(&args.dir) {
        eprintln!("错误：{} 里已经有文件，没有动它们\n  = 建议: 换一个不存在或空的文件夹", args.dir.display());
        return Exit::CouldNotRun;
    }
    match write(&TEMPLATE, &args.dir, args.name.trim()) {
        Ok(()) => {
            let dir = args.dir.display();
            say!("网站已建好：{dir}\n下一步：\n  cd {dir}\n  gongkai build\n然后用浏览器打开 {dir}/public/index.html");
            Exit::Clean
        }
        Err(error) => {
            eprintln!("错误：{}：{error}", args.dir.display());
            Exit::CouldNotRun
        }
    }
}

/// Longest name of a site, in characters.
const LONGEST: usize = 60;

/// Whether a name means itself in TOML, YAML and Markdown, where it is written as it stands.
fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '·' | '—' | '-' | '（' | '）' | '(' | ')');
    let is_word = name.starts_with(char::is_alphabetic) && !name.eq_ignore_ascii_case("null");
    is_word && name.chars().all(is_plain) && name.chars().count() <= LONGEST
}

fn is_occupied(dir: &Path) -> bool {
    match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn write(from: &Dir, to: &Path, name: &str) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for file in from.files() {
        let file_name = file.path().file_name().expect("embedded files have names");
        // git would take a real .gitignore, or .gitattributes, in this folder for its own
        let target = match file_name.to_str() {
            Some(name @ ("gitignore" | "gitattributes")) => to.join(format!(".{name}")),
            _ => to.join(file_name),
        };
        let text = file.contents_utf8().map(|text| text.replace("示例县人民政府", name));
        fs::write(target, text.as_deref().map_or(file.contents(), str::as_bytes))?;
    }
    from.dirs()
        .try_for_each(|dir| write(dir, &to.join(dir.path().file_name().expect("embedded folders have names")), name))
}
