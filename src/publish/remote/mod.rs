//! A service on the network as a target. It has no switch that puts all of a site in its place at once, so the order is the
//! switch: what is new comes first, because no page leads to it yet; what changed is sent aside, found to be whole, and
//! then put in its place by the server, files before documents, documents before lists, the home page and the sitemap
//! last; what is withdrawn goes when all of that is found to be there.
//!
//! ```text
//! PATH/…                     the live site
//! STATE/releases.jsonl       the chain: whose last line is live
//! STATE/seal                 what the last line of the chain may be
//! STATE/manifests/ID.json    releases that are kept; one that no line of the chain names was begun and not finished
//! STATE/begun                the releases that are being made live, where their manifests do not tell
//! STATE/record.json          the live files as the server lists them, others' files that were accepted, what is still to go
//! STATE/cleared.json         what was withdrawn for privacy
//! STATE/kept/SHA256          bytes that were live, for rollbacks
//! STATE/staged/…             bytes that are about to be live
//! STATE/claims/…             who is at work
//! STATE/aside/PATH           what was live at PATH, where a server moves no file over another one
//! STATE/….RANDOM.tmp         what is about to take the place of one of these texts
//! ```
//!
//! | module | holds |
//! |---|---|
//! | `service` | OpenDAL: how each service is asked |
//! | `transport` | HTTP that leads nowhere else, and has an end |
//! | `secrets` | names and passwords |
//! | `wire` | one transfer: tried again, read back |
//! | `replace` | a file that takes the place of another |
//! | `listing` | what lies in a folder |
//! | `late` | requests that nobody waits for any more, and that may still be done |
//! | `words` | what a failure means |
//! | `store` | many at once |
//! | `claim` | one publisher at a time |
//! | `journal` | what an interrupted run has sent already |
//! | `half` | names of files that were cut off on their way (FTP) |
//! | `look` | what is there now, beside what should be |
//! | `strangers` | what is there beside it: ours from before, or others' |
//! | `unlisted` | what is there all the same |
//! | `case` | names that a server does not tell apart |
//! | `links` | what leads elsewhere, and is not written to |
//! | `shape` | files that would become folders, and folders that would become files |
//! | `undone` | what was withdrawn and is there all the same |
//! | `release` | what a release, and going back to one, come to |
//! | `transfer` | the work itself, in its order |
//! | `check` | whether what was sent is there |
//! | `theirs` | what was to go and is somebody else's by now |
//! | `clear` | what goes afterwards |
//! | `earlier` | whether the manifests of earlier releases can be believed |
//! | `kept` | bytes of earlier releases, and that nothing is left of those that must go |
//! | `recover` | what a run left on its way, put where it belongs |

mod case;
mod check;
mod claim;
mod clear;
mod earlier;
mod half;
mod journal;
mod kept;
mod late;
mod links;
mod listing;
mod look;
mod recover;
mod release;
mod replace;
mod secrets;
mod service;
mod shape;
mod store;
mod strangers;
mod theirs;
mod transfer;
mod transport;
mod undone;
mod unlisted;
mod wire;
mod words;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::config::{Service, ServiceKind};
use crate::model::Glob;
use crate::pipeline::Failure;
use crate::publish::{at, refused};

pub use claim::Claim;
pub use look::Seen;
pub use secrets::Secrets;

use late::AtWork;
use store::Store;

/// No text that publishing keeps is larger: a manifest of a million files has 200 MB.
const TEXT: u64 = 512 << 20;

/// A service that sites are published to.
pub struct Remote {
    store: Store,
    /// Where the site lies, and what publishing keeps, from the store's top.
    site: String,
    state: String,
    /// How many releases stay.
    pub keep: usize,
    /// Files there that are others' business.
    ignore: Vec<Glob>,
    /// The folder on this machine for what is remembered of the target.
    local: PathBuf,
    name: String,
    /// Files that are on their way have other names (FTP).
    sends_under_other_names: bool,
}

/// Held until it is dropped: nobody of this machine or another one publishes there meanwhile.
pub struct Lock<'r> {
    // this goes first: the claim is taken back while nobody else of this machine comes in
    pub claim: Claim<'r>,
    _local: AtWork,
}

impl Remote {
    /// `local`: the site's state folder. `name`: that of the target.
    pub fn open(name: &str, service: &Service, keep: usize, secrets: Secrets, local: &Path) -> Result<Self, Failure> {
        let ignore = service.ignore.iter().map(|pattern| Glob::new(pattern));
        let ignore = ignore.collect::<Result<_, _>>().map_err(|problem| {
            refused(Path::new("site.toml"), format!("[publish.{name}] 的 ignore 不能用：{problem}"))
        })?;
        // everything happens below the folder that site and state have in common; nothing is asked of what is above it
        let base = common(&service.path, &service.state);
        let below = |path: &str| path[base.len()..].trim_start_matches('/').to_owned();
        let (site, state) = (below(&service.path), below(&service.state));
        let store = Store::open(service, base, secrets)?;
        let sends_under_other_names = service.kind == ServiceKind::Ftp;
        let (local, name) = (local.to_owned(), name.to_owned());
        Ok(Self { store, site, state, keep, ignore, local, name, sends_under_other_names })
    }

    /// For people.
    pub fn place(&self) -> String {
        format!("{}/{}", self.store.place(), self.site).trim_end_matches('/').to_owned()
    }

    /// For one who writes. If another is at work, calls `waiting` and waits.
    pub fn lock(&self, waiting: &dyn Fn()) -> Result<Lock<'_>, Failure> {
        fs::create_dir_all(&self.local).map_err(at(&self.local))?;
        let path = self.lock_path();
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
        if file.try_lock().is_err() {
            waiting();
            file.lock().map_err(at(&path))?;
        }
        // the name says who it was: one of this folder that is still there while the lock is held is dead
        let own = self.who(&file)?;
        let name = format!("{own}-{}", random()?);
        let claims = self.own("claims");
        let is_own = |path: &str| path.rsplit('/').next().is_some_and(|name| name.starts_with(&own));
        self.has_own_place()?;
        let claim = Claim::take(&self.store, &claims, &name, &is_own, waiting).inspect_err(|_| self.store.settle())?;
        let local = AtWork::begin(file, &self.store).map_err(at(&path))?;
        let lock = Lock { claim, _local: local };
        // what the last run left, if it was killed, is over before anything is done to it
        if self.store.inner().late.has_any() {
            waiting();
        }
        self.store.settle();
        self.recover()?;
        Ok(lock)
    }

    /// The releases that can be gone back to, with the live one.
    pub fn all(&self) -> Result<Vec<String>, Failure> {
        let chain = self.chain()?;
        let mut all = self.listed()?.manifests;
        all.retain(|id| chain.names(id));
        Ok(all)
    }

    /// Whoever holds this lock, by a name of 32 letters that no other folder has, on this machine or another one: two
    /// containers may have the same names of folders and machines. Whatever the target's address is: it may be another one
    /// since a run was cut off.
    fn who(&self, lock: &File) -> Result<String, Failure> {
        let path = self.local.join("publish-id");
        let mut id = fs::read_to_string(&path).unwrap_or_default();
        if id.len() != 33 {
            id = format!("{}{}\n", random()?, random()?);
            fs::write(&path, &id).map_err(at(&path))?;
        }
        let folder = fs::canonicalize(&self.local).map_err(at(&self.local))?;
        let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let place = (folder.as_os_str().as_encoded_bytes(), machine, boot);
        Ok(crate::model::Hash128::of(&(id, &self.name, place, inode(lock))).to_string())
    }

    /// Whether nobody is at work, as far as these claims tell: of this machine whoever is holds the lock.
    fn is_idle(&self, claims: &[String]) -> bool {
        let own = || {
            let file = File::options().write(true).open(self.lock_path()).ok()?;
            file.try_lock().ok()?;
            self.who(&file).ok()
        };
        claims.is_empty() || own().is_some_and(|own| claims.iter().all(|name| name.starts_with(&own)))
    }

    fn lock_path(&self) -> PathBuf {
        self.local.join(format!("publish-{}.lock", &crate::model::Hash128::of(&self.name).to_string()[..16]))
    }

    /// A text that publishing keeps there.
    fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        let bytes = self.store.read(&self.own(name), TEXT)?;
        let text =
            |bytes| String::from_utf8(bytes).unwrap_or_else(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned());
        Ok(bytes.map(text))
    }

    fn put(&self, name: &str, text: &str) -> Result<(), Failure> {
        self.store.put(&self.own(name), text.as_bytes().to_vec())
    }

    /// The path of a file of the site, from the service's top.
    fn live(&self, path: &str) -> String {
        if self.site.is_empty() { path.to_owned() } else { format!("{}/{path}", self.site) }
    }

    /// The path of such a file from the site's root.
    fn below<'p>(&self, path: &'p str) -> &'p str {
        path.strip_prefix(&self.site).unwrap_or(path).trim_start_matches('/')
    }

    fn own(&self, name: &str) -> String {
        format!("{}/{name}", self.state)
    }

    /// The target's name as part of the name of a file.
    fn label(&self) -> String {
        crate::model::Hash128::of(&(&self.name, self.store.place(), &self.site)).to_string()[..16].to_owned()
    }
}

/// 16 letters that nobody else has.
fn random() -> Result<String, Failure> {
    let mut random = [0; 8];
    let filled = getrandom::fill(&mut random);
    filled.map_err(|error| at(Path::new("getrandom"))(std::io::Error::other(error.to_string())))?;
    Ok(format!("{:016x}", u64::from_le_bytes(random)))
}

/// Of a folder that was copied with the identity in it, the files are others.
#[cfg(unix)]
fn inode(file: &File) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    file.metadata().ok().map(|meta| (meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
fn inode(_: &File) -> Option<(u64, u64)> {
    None
}

/// The folder that both paths lie in, or are.
fn common<'p>(one: &'p str, other: &str) -> &'p str {
    let mut end = 0;
    for (at, _) in one.match_indices('/').chain([(one.len(), "")]) {
        let is_common = other.len() == at || other.as_bytes().get(at) == Some(&b'/');
        if !is_common || one[..at] != other[..at] {
            break;
        }
        end = at;
    }
    &one[..end]
}
