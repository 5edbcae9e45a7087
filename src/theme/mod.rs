//! Templates, strings and assets: the default theme embedded in the binary ← `themes/NAME/` ← `templates/`, file by
//! file. The home of `tera` and `include_dir`.
//!
//! Tera 2 allows only literal `extends` and `include`, so what a template consists of is known exactly: its closure.
//!
//! | module | does |
//! |---|---|
//! | `closure` | what a template extends and includes |
//! | `unknown` | files that nothing uses |
//! | `fault` | what Tera says is wrong, as a finding with its place |

mod closure;
mod fault;
mod unknown;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::Tera;

use crate::diag::{Code, Diagnostic};
use crate::model::{Hash128, OutPath};

pub use closure::Closure;

static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
/// The strings that templates print.
const STRINGS: &str = "strings/zh-CN.toml";

pub use tera::{Context, Value};

/// A value that templates can read. `Value`s in it are shared, not copied.
pub fn value<T: Serialize + ?Sized>(value: &T) -> Value {
    Value::from_serializable(value)
}

/// HTML that gongkai made itself: not escaped again.
pub fn safe_html(html: &str) -> Value {
    Value::safe_string(html)
}

/// A theme, ready to render.
pub struct Theme {
    tera: Tera,
    /// Where each template came from, from the site's root.
    origins: HashMap<String, Arc<str>>,
    closures: HashMap<String, Closure>,
    /// What a template that is not there consists of.
    nothing: Closure,
    pub assets: Vec<Asset>,
    /// Of all its files.
    pub hash: Hash128,
    /// The strings, as the templates' `t`.
    pub strings: BTreeMap<String, String>,
}

/// A file of `assets/`, under a name that holds its hash.
pub struct Asset {
    /// `site.css`
    pub name: Arc<str>,
    /// `assets/site.3f2a….css`
    pub out: OutPath,
    pub bytes: Vec<u8>,
}

/// One file of the theme and where it came from.
struct File {
    bytes: Vec<u8>,
    /// From the site's root, for findings.
    origin: Arc<str>,
}

impl Theme {
    /// Reads the theme of a site; there is none if one of the findings is an error. `io::Error`: a folder of it cannot be
    /// read.
    pub fn load(root: &Path, name: Option<&str>) -> io::Result<(Option<Theme>, Vec<Diagnostic>)> {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        embedded(&DEFAULT, &mut files);
        let known: Vec<String> = files.keys().cloned().collect();
        if let Some(name) = name {
            if !root.join("themes").join(name).is_dir() {
                let finding = Diagnostic::new(Code::G070, "site.toml", None, format!("没有主题 themes/{name}/"));
                return Ok((None, vec![finding.help("改正 [theme] 的 name，或建立这个文件夹")]));
            }
            overlay(root, &format!("themes/{name}"), &mut files)?;
        }
        overlay(root, "templates", &mut files)?;
        Ok(Self::build(files, &known))
    }

    /// `known`: names of the default theme.
    fn build(files: BTreeMap<String, File>, known: &[String]) -> (Option<Theme>, Vec<Diagnostic>) {
        let mut findings = Vec::new();
        let mut sources: Vec<(String, String)> = Vec::new();
        for (name, file) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
            match std::str::from_utf8(&file.bytes) {
                Ok(text) => sources.push((name.clone(), text.to_owned())),
                Err(_) => findings.push(
                    Diagnostic::new(Code::G001, file.origin.clone(), None, "模板不是 UTF-8 编码")
                        .help("在编辑器里另存为 UTF-8"),
                ),
            }
        }
        let origins: HashMap<String, Arc<str>> =
            sources.iter().map(|(name, _)| (name.clone(), files[name].origin.clone())).collect();
        let mut tera = Tera::new();
        if let Err(error) = tera.add_raw_templates(sources.iter().map(|(name, text)| (name.as_str(), text.as_str()))) {
            findings.push(fault::finding(&error, None, &origins));
        }
        let strings = strings(&files, &mut findings);
        let assets =
            files.iter().filter_map(|(name, file)| asset(name, &file.bytes, &file.origin, &mut findings)).collect();
        let is_whole = findings.is_empty();
        findings.extend(unknown::files(files.iter().map(|(name, file)| (&**name, &file.origin)), &sources, known));
        let closures = closure::closures(&sources);
        let hash = Hash128::of(&files.iter().map(|(name, file)| (name, &file.bytes)).collect::<Vec<_>>());
        let theme = Theme { tera, origins, closures, nothing: Closure::default(), assets, hash, strings };
        (is_whole.then_some(theme), findings)
    }

    /// Whether the theme has a template of this name.
    pub fn has(&self, template: &str) -> bool {
        self.closures.contains_key(template)
    }

    /// The template with all that it extends or includes; an empty one if there is none of this name.
    pub fn closure(&self, template: &str) -> &Closure {
        self.closures.get(template).unwrap_or(&self.nothing)
    }

    /// The page, or what is wrong with the template.
    pub fn render(&self, template: &str, context: &Context) -> Result<Vec<u8>, Diagnostic> {
        let mut out = Vec::with_capacity(16 * 1024);
        match self.tera.render_to(template, context, &mut out) {
            Ok(()) => Ok(out),
            Err(error) => Err(fault::finding(&error, Some(template), &self.origins)),
        }
    }

    /// Assets by name, as templates see them.
    pub fn asset_urls(&self) -> BTreeMap<&str, &str> {
        self.assets.iter().map(|asset| (&*asset.name, asset.out.as_str())).collect()
    }
}

fn embedded(dir: &Dir, files: &mut BTreeMap<String, File>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        let origin = Arc::from(format!("themes/default/{name}"));
        files.insert(name, File { bytes: file.contents().to_owned(), origin });
    }
    dir.dirs().for_each(|dir| embedded(dir, files));
}

/// Files of a folder of the site replace those of the same name. Dotfiles and links are left out.
fn overlay(root: &Path, folder: &str, files: &mut BTreeMap<String, File>) -> io::Result<()> {
    let mut open: Vec<PathBuf> = vec![root.join(folder)];
    if !open[0].is_dir() {
        return Ok(());
    }
    let top = open[0].clone();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            let path = entry.path();
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() {
                let name = path.strip_prefix(&top).expect("below the top").to_string_lossy().replace('\\', "/");
                let origin = Arc::from(format!("{folder}/{name}"));
                files.insert(name, File { bytes: std::fs::read(&path)?, origin });
            }
        }
    }
    Ok(())
}

/// The default strings, with those of the site over them one by one.
fn strings(files: &BTreeMap<String, File>, findings: &mut Vec<Diagnostic>) -> BTreeMap<String, String> {
    let default = DEFAULT.get_file(STRINGS).and_then(|file| file.contents_utf8()).unwrap_or("");
    let mut strings: BTreeMap<String, String> = crate::config::strings(default).unwrap_or_default();
    if let Some(file) = files.get(STRINGS) {
        match std::str::from_utf8(&file.bytes).ok().and_then(crate::config::strings) {
            Some(own) => strings.extend(own),
            None => findings.push(
                Diagnostic::new(Code::G073, file.origin.clone(), None, "文字表不是“键 = \"文字\"”的 TOML")
                    .help("每行写 键 = \"文字\""),
            ),
        }
    }
    strings
}

/// `assets/site.css` → `assets/site.3f2a9c10.css`; other files of the theme are no outputs.
fn asset(name: &str, bytes: &[u8], origin: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Option<Asset> {
    let name = name.strip_prefix("assets/")?;
    let hash = Hash128::of_bytes(bytes).to_string();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    match OutPath::new(format!("assets/{stem}.{}.{extension}", &hash[..10])) {
        Ok(out) => Some(Asset { name: name.into(), out, bytes: bytes.to_owned() }),
        Err(problem) => {
            findings.push(Diagnostic::new(Code::G004, origin.clone(), None, problem).help("重新命名"));
            None
        }
    }
}
