//! Names and passwords of a service: from environment variables, or from a file outside the repository. They go into
//! requests and nowhere else: what is printed has them struck out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{Service, variable};
use crate::pipeline::Failure;
use crate::publish::{at, refused};

/// What a service may ask for. The variable is `GONGKAI_TARGET_PASSWORD`, or `GONGKAI_PASSWORD` for all targets; the line
/// of the file is `PASSWORD=…`.
const NAMES: [&str; 5] = ["ACCESS_KEY", "SECRET_KEY", "TOKEN", "USER", "PASSWORD"];

/// Deliberately without `Debug` and `Serialize`.
#[derive(Clone, Default)]
pub struct Secrets {
    found: BTreeMap<&'static str, String>,
    /// User and password as they are sent: servers that echo a request echo them so.
    sent: String,
    /// The target's name as a part of variables.
    target: String,
}

impl Secrets {
    /// `target`: its name in `site.toml`; `root`: the site's folder; `env` reads a variable of the environment.
    pub fn find(
        target: &str,
        service: &Service,
        root: &Path,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let of_file = if service.secrets.is_empty() { BTreeMap::new() } else { read(root, &service.secrets)? };
        let mut secrets = Self { target: variable(target), ..Self::default() };
        for name in NAMES {
            let variable = |variable: String| env(&variable).map(|value| (value, format!("环境变量 {variable}")));
            let found = variable(secrets.variable(name)).or_else(|| of_file.get(name).cloned());
            let found = found.or_else(|| variable(format!("GONGKAI_{name}")));
            let Some((value, source)) = found.filter(|(value, _)| !value.is_empty()) else { continue };
            is_one_line(&value, &source)?;
            secrets.found.insert(name, value);
        }
        if !secrets.get("PASSWORD").is_empty() {
            let user = if secrets.get("USER").is_empty() { &service.user } else { secrets.get("USER") };
            secrets.sent = base64(format!("{user}:{}", secrets.get("PASSWORD")).as_bytes());
        }
        Ok(secrets)
    }

    /// The variable of the environment that is asked first.
    pub fn variable(&self, name: &str) -> String {
        format!("GONGKAI_{}_{name}", self.target)
    }

    pub fn get(&self, name: &str) -> &str {
        self.found.get(name).map_or("", String::as_str)
    }

    /// The text without any secret in it.
    pub fn redact(&self, text: &str) -> String {
        let secret = self.found.iter().filter(|(name, value)| **name != "USER" && value.len() > 3);
        let sent = (!self.sent.is_empty()).then_some(&self.sent);
        let all = secret.map(|(_, value)| value).chain(sent);
        all.fold(text.to_owned(), |text, value| text.replace(value, "***"))
    }
}

/// No server would take it: such a secret comes of a file with line breaks of Windows, or of a slip, and what the libraries say
/// of it sounds like a broken line. `source`: where it is written, for people.
fn is_one_line(value: &str, source: &str) -> Result<(), Failure> {
    let what = match value.trim_end_matches(['\r', '\n']).contains(char::is_control) {
        false if !value.ends_with(['\r', '\n']) => return Ok(()),
        false => "的末尾多了换行（多半是从 Windows 的文本文件读来的），请去掉",
        true => "里有换行、制表符一类的控制字符，口令、密钥里不会有，请重新填写",
    };
    Err(refused(Path::new(source), format!("它的值{what}。什么也没有发送")))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = |three: &[u8]| {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let letter = move |at: usize| char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]);
        let count = three.len() + 1;
        (0..4).map(|at| if at < count { letter(at) } else { '=' }).collect::<String>()
    };
    bytes.chunks(3).map(letters).collect()
}

/// By name, each with where it is written.
fn read(root: &Path, written: &str) -> Result<BTreeMap<&'static str, (String, String)>, Failure> {
    let path = root.join(written);
    let real = fs::canonicalize(&path).map_err(at(&path))?;
    if real.is_dir() {
        return Err(refused(&path, "secrets 写的是文件夹。要写文件夹里存放口令的那个文件"));
    }
    if repository(root).is_some_and(|repository| real.starts_with(repository)) {
        let reason = "存放口令的文件在网站的仓库里，会被提交、被别人读到。请把它移到仓库以外，并更换口令";
        return Err(refused(&path, reason));
    }
    is_private(&real)?;
    let text = fs::read_to_string(&real).map_err(at(&path))?;
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let known = line.split_once('=').and_then(|(name, value)| {
            let name = NAMES.into_iter().find(|known| *known == name.trim())?;
            Some((name, value.trim().trim_matches('"').to_owned()))
        });
        let Some((name, value)) = known else {
            // the line itself may be a secret
            let reason = format!("第 {number} 行读不懂。每行写一个 名称=值，名称是 {}", NAMES.join("、"));
            return Err(refused(&path, reason));
        };
        found.insert(name, (value, format!("{} 第 {number} 行", path.display())));
    }
    Ok(found)
}

/// The folder that git knows, or else the site's.
fn repository(root: &Path) -> Option<PathBuf> {
    let root = fs::canonicalize(root).ok()?;
    let git = root.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    Some(git.unwrap_or(root))
}

#[cfg(unix)]
fn is_private(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(at(path))?.permissions().mode();
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(refused(path, format!("别的用户读得到存放口令的文件。运行 chmod 600 {}", path.display()))),
    }
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> Result<(), Failure> {
    Ok(())
}
