//! Templates, strings and assets: the default theme embedded in the binary ← `themes/NAME/` ← `templates/`, file by
//! file. The home of `tera` and `include_dir`.
//!
//! Tera 2 allows only literal `extends` and `include`, so what a template consists of is known exactly: its closure.
//!
//! | module | does |
//! |---|---|
//! | `closure` | what a template extends and includes |
//! | `pages` | templates that are part of the program |
//! | `unknown` | files that nothing uses |
//! | `overlay` | the files of a site's own theme |
//! | `fault` | what Tera says is wrong, as a finding with its place |

mod closure;
mod fault;
mod overlay;
mod pages;
mod unknown;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use serde::Serialize;
use tera::Tera;

use crate::diag::{self, Code, Diagnostic, Severity, suggest};
use crate::model::{Hash128, OutPath};

pub use closure::Closure;
pub use pages::Pages;

static DEFAULT: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/default");
/// The strings that templates print.
const STRINGS: &str = "strings/zh-CN.toml";
/// The frame of all pages.
const BASE: &str = "base.html";

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
        let mut findings = Vec::new();
        if let Some(name) = name {
            let folder = format!("themes/{name}");
            if root.join(&folder).is_dir() {
                overlay::add(root, &folder, &mut files, &mut findings)?;
            } else {
                let finding = Diagnostic::new(Code::G070, "site.toml", None, format!("没有主题 {folder}/"));
                findings.push(finding.help("改正 [theme] 的 name，或建立这个文件夹"));
            }
        }
        overlay::add(root, "templates", &mut files, &mut findings)?;
        Ok(Self::build(files, &known, findings))
    }

    /// `known`: names of the default theme.
    fn build(
        files: BTreeMap<String, File>,
        known: &[String],
        mut findings: Vec<Diagnostic>,
    ) -> (Option<Theme>, Vec<Diagnostic>) {
        let mut sources: Vec<(String, String)> = Vec::new();
        for (name, file) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
            match std::str::from_utf8(&file.bytes) {
                // what Windows puts before a text would stand in the middle of a page
                Ok(text) => sources.push((name.clone(), text.trim_start_matches('\u{feff}').to_owned())),
                Err(_) => findings.push(diag::encoding::not_utf8(&file.origin, &file.bytes)),
            }
        }
        // where the frame of a site's own has no room for a page that few sites need, the site goes without it
        let base = sources.iter().find(|(name, _)| name == BASE).map_or_else(String::new, |(_, text)| text.clone());
        let is_extra = |name: &str| name.starts_with("kinds/") || name == "withdrawn.html";
        let is_brought = |name: &str| is_extra(name) && files[name].origin.starts_with("themes/default/");
        sources.retain(|(name, text)| !is_brought(name) || closure::stands_on(text, &base));
        let origins: HashMap<String, Arc<str>> =
            sources.iter().map(|(name, _)| (name.clone(), files[name].origin.clone())).collect();
        let tera = fault::load(&sources, &origins, &mut findings);
        let strings = strings(&files, &sources, &mut findings);
        let assets =
            files.iter().filter_map(|(name, file)| asset(name, &file.bytes, &file.origin, &mut findings)).collect();
        let is_whole = findings.iter().all(|finding| finding.severity != Severity::Error);
        findings.extend(unknown::files(files.iter().map(|(name, file)| (&**name, &file.origin)), &sources, known));
        findings.extend(unknown::empty(&sources, |name| origins[name].clone()));
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

/// The default strings, with those of the site over them one by one.
fn strings(
    files: &BTreeMap<String, File>,
    sources: &[(String, String)],
    findings: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let default = DEFAULT.get_file(STRINGS).and_then(|file| file.contents_utf8()).unwrap_or("");
    let read =
        |text: &str, origin: &Arc<str>, findings: &mut Vec<Diagnostic>| crate::config::strings(text, origin, findings);
    let default = read(default, &STRINGS.into(), &mut Vec::new());
    let mut strings: BTreeMap<String, String> = default.into_iter().map(|(key, text, _)| (key, text)).collect();
    let Some(file) = files.get(STRINGS) else { return strings };
    let Ok(text) = std::str::from_utf8(&file.bytes) else {
        findings.push(diag::encoding::not_utf8(&file.origin, &file.bytes));
        return strings;
    };
    for (key, text, at) in read(text, &file.origin, findings) {
        let ways = [format!("t.{key}"), format!("\"{key}\""), format!("'{key}'")];
        let is_used = sources.iter().any(|(_, text)| ways.iter().any(|way| text.contains(way.as_str())));
        if !strings.contains_key(&key) && !is_used {
            let help = suggest::did_you_mean(&key, strings.keys().map(String::as_str))
                .unwrap_or_else(|| "删去这一行，或在模板里用上它：{{ t.键 }}".into());
            let message = format!("没有模板用到“{key}”，这一条文字不会显示");
            findings.push(Diagnostic::new(Code::G075, file.origin.clone(), at, message).help(help));
        }
        strings.insert(key, text);
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
