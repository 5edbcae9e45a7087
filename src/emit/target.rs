//! Where a site is written to, and where gongkai keeps what it must remember; both checked before they are used.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::failure::{Failure, at};
use crate::model::Hash128;

/// Folders of the site's root that hold sources: no output may lie in them, nor they in an output.
const SOURCES: [&str; 6] = ["content", "templates", "themes", "static", ".git", STATE];
/// The state folder in the site's root.
pub const STATE: &str = ".gongkai";
/// What gongkai puts into the state folder: a file is ours if its name begins so.
const STATE_FILES: [&str; 6] = [".gitignore", "CACHEDIR.TAG", "cache", "git-", "ledger-", "lock"];
/// The same of folders: what publishing to a branch fetched.
const STATE_FOLDERS: &str = "git-";

/// What of a site a folder is, holds or lies in.
enum Overlap {
    Site,
    /// By its name.
    Source(String),
}

fn overlap(root: &Path, folder: &Path) -> Option<Overlap> {
    if root.starts_with(folder) {
        return Some(Overlap::Site);
    }
    let overlaps = |name: &&&str| {
        let source = root.join(name);
        let source = fs::canonicalize(&source).unwrap_or(source);
        folder.starts_with(&source) || source.starts_with(folder)
    };
    SOURCES.iter().find(overlaps).map(|name| Overlap::Source((*name).to_owned()))
}

/// An output folder and the state folder that belongs to it.
#[derive(Clone, Debug)]
pub struct Target {
    output: PathBuf,
    state: PathBuf,
}

impl Target {
    /// `output` counts from `root`. It need not exist yet. Refused if it is, holds or lies in what the site is made of.
    pub fn new(root: &Path, output: &Path) -> Result<Self, Failure> {
        let root = fs::canonicalize(root).map_err(at(root))?;
        let output = resolve(&root.join(output))?;
        match overlap(&root, &output) {
            None => Ok(Self { state: root.join(STATE), output }),
            Some(Overlap::Site) => {
                let reason = "输出目录不能是网站目录本身或它的上级目录。请另选一个目录，例如 public";
                Err(Failure::refused(output, reason))
            }
            Some(Overlap::Source(name)) => {
                Err(Failure::refused(output, format!("输出目录与网站的 {name}/ 重叠。请另选一个目录，例如 public")))
            }
        }
    }

    /// A folder that counts from `root`, absolute, for something else than the output. `None`: it is, holds or lies in what
    /// the site is made of.
    pub fn beside(root: &Path, folder: &Path) -> Result<Option<PathBuf>, Failure> {
        let root = fs::canonicalize(root).map_err(at(root))?;
        let folder = resolve(&root.join(folder))?;
        Ok(overlap(&root, &folder).is_none().then_some(folder))
    }

    /// The output folder, absolute.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// `.gongkai` in the site's root. Other stages may keep files called `cache…` in it.
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// What is made for whoever serves the site, a folder for each target of publishing.
    pub fn host(&self) -> PathBuf {
        self.state.join("host")
    }

    /// Whether nothing is known of an earlier build: then every page will be rendered.
    pub fn is_new(&self) -> bool {
        fs::symlink_metadata(self.ledger()).is_err()
    }

    /// Creates the state folder, which git is told to leave alone.
    pub fn create_state(&self) -> Result<(), Failure> {
        match fs::symlink_metadata(&self.state) {
            Ok(meta) if meta.is_dir() => return Ok(()),
            Ok(_) => {
                let reason = "这个名称留给 gongkai 存放缓存，但它是一个文件或链接。请把它移走";
                return Err(Failure::refused(&self.state, reason));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(at(&self.state)(error)),
        }
        match fs::create_dir(&self.state) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(at(&self.state)(error)),
            _ => {}
        }
        let ignore = self.state.join(".gitignore");
        fs::write(&ignore, "*\n").map_err(at(&ignore))
    }

    /// The ledger of this output: a site may be written to several.
    pub(super) fn ledger(&self) -> PathBuf {
        let name = Hash128::of_bytes(self.output.as_os_str().as_encoded_bytes()).to_string();
        self.state.join(format!("ledger-{}", &name[..16]))
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.state.join("lock")
    }

    /// Removes what gongkai keeps in the state folder, and the folder if nothing else is in it.
    pub(super) fn remove_state(&self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.state).map_err(at(&self.state))? {
            let entry = entry.map_err(at(&self.state))?;
            let name = entry.file_name();
            let ours = STATE_FILES.iter().any(|own| name.as_encoded_bytes().starts_with(own.as_bytes()));
            if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
            }
            let is_folder = name.as_encoded_bytes().starts_with(STATE_FOLDERS.as_bytes());
            if is_folder && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                fs::remove_dir_all(entry.path()).map_err(at(&entry.path()))?;
            }
        }
        // a link leads to what is not ours
        if fs::symlink_metadata(self.host()).is_ok_and(|meta| meta.is_dir()) {
            fs::remove_dir_all(self.host()).map_err(at(&self.host()))?;
        }
        match fs::remove_dir(&self.state) {
            Err(error) if error.kind() != io::ErrorKind::DirectoryNotEmpty => Err(at(&self.state)(error)),
            _ => Ok(()),
        }
    }
}

/// The absolute path without links, of which the last parts need not exist.
fn resolve(path: &Path) -> Result<PathBuf, Failure> {
    match fs::canonicalize(path) {
        Ok(path) => return Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(at(path)(error)),
    }
    if fs::symlink_metadata(path).is_ok() {
        return Err(Failure::refused(path, "这是一个指向别处的链接，它指向的地方不存在。请改正链接，或另选输出目录"));
    }
    match (path.parent(), path.components().next_back()) {
        (Some(parent), Some(Component::Normal(name))) => Ok(resolve(parent)?.join(name)),
        _ => Err(Failure::refused(path, "输出目录里的 .. 指向不存在的地方。请写出它的完整路径")),
    }
}
