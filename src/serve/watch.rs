//! What the file system tells of changes, gathered so that a burst of them is one. The home of `notify`.
//!
//! Files come out, not kinds of change: what became of them is found out by looking. A debouncer of our own, because the
//! ready ones give each file its own window, and a checkout of a thousand files would be ten rebuilds.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::pipeline::Touched;

/// So long nothing more may come before a change counts as over.
const QUIET: Duration = Duration::from_millis(40);
/// The same once many files have changed: whoever changes many has pauses.
const QUIET_OF_MANY: Duration = Duration::from_millis(200);
const MANY: usize = 32;
/// After so long it counts as over, whatever still comes.
const LONGEST: Duration = Duration::from_secs(3);
/// More paths than this are not told one by one.
const MOST: usize = 20_000;

/// Folders of a site that are watched with all below them.
const FOLDERS: [&str; 4] = ["content", "static", "templates", "themes"];

/// What reaches the thread that rebuilds.
pub enum Signal {
    Changed(Vec<PathBuf>),
    /// Events were lost.
    Lost,
    /// The system can watch no more; why, in Chinese.
    Blind(String),
    Stop,
}

/// Watches a site's folders.
pub struct Watch {
    watcher: RecommendedWatcher,
    root: PathBuf,
    /// Folders that are being watched.
    watched: Vec<&'static str>,
}

impl Watch {
    /// Begins; `config` is `site.toml` from the root. The error says in Chinese why it cannot be.
    pub fn new(root: &Path, config: &Path, signals: Sender<Signal>) -> Result<Self, String> {
        let config = root.join(config);
        let (own, of_root, of_config) = (config.clone(), root.to_owned(), config.parent().map(Path::to_owned));
        let handle = move |event: Result<Event, notify::Error>| {
            let signal = match event {
                Ok(event) if event.need_rescan() => Some(Signal::Lost),
                Ok(event) => changed(event, &of_root, &own),
                Err(error) => Some(Signal::Blind(words(&error))),
            };
            // the receiver is gone when the preview ends
            signal.map(|signal| signals.send(signal));
        };
        let mut watcher = notify::recommended_watcher(handle).map_err(|error| words(&error))?;
        watcher.watch(root, RecursiveMode::NonRecursive).map_err(|error| words(&error))?;
        if let Some(folder) = of_config.filter(|folder| folder != root) {
            watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(|error| words(&error))?;
        }
        let mut watch = Self { watcher, root: root.to_owned(), watched: Vec::new() };
        watch.renew(&[])?;
        Ok(watch)
    }

    /// Watches folders that are new since the last time, or that were moved or made again under their old names.
    pub fn renew(&mut self, touched: &[PathBuf]) -> Result<(), String> {
        for name in FOLDERS {
            let folder = self.root.join(name);
            let was = self.watched.iter().position(|other| *other == name);
            let is_touched = touched.contains(&folder);
            if was.is_some() && !is_touched {
                continue;
            }
            if let Some(at) = was {
                // it may be gone already
                let _ = self.watcher.unwatch(&folder);
                self.watched.remove(at);
            }
            if folder.is_dir() {
                self.watcher.watch(&folder, RecursiveMode::Recursive).map_err(|error| words(&error))?;
                self.watched.push(name);
            }
        }
        Ok(())
    }
}

/// The files that an event is about, if it may mean a change. That a file is opened or read means none, and of the root's
/// own entries only those count that a site is made of.
fn changed(event: Event, root: &Path, config: &Path) -> Option<Signal> {
    if matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write)) {
        return None;
    }
    let counts = |path: &PathBuf| {
        path == config
            || path.strip_prefix(root).is_ok_and(|below| FOLDERS.iter().any(|folder| below.starts_with(folder)))
    };
    let paths: Vec<PathBuf> = event.paths.into_iter().filter(counts).collect();
    (!paths.is_empty()).then_some(Signal::Changed(paths))
}

fn words(error: &notify::Error) -> String {
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => "系统允许监视的文件夹数已用完（inotify 的 max_user_watches）".into(),
        notify::ErrorKind::Io(ref error) => format!("系统不能监视文件：{error}"),
        _ => "系统不能监视文件".into(),
    }
}

/// What gathering came to.
pub enum Gathered {
    Touched(Touched),
    Blind(String),
    /// Nothing in all that time.
    Nothing,
    Stop,
}

/// Waits for a change, and then until it is over.
pub fn gather(signals: &Receiver<Signal>, patience: Duration) -> Gathered {
    let mut paths = BTreeSet::new();
    let mut lost = false;
    let mut signal = match signals.recv_timeout(patience) {
        Ok(signal) => signal,
        Err(RecvTimeoutError::Timeout) => return Gathered::Nothing,
        Err(RecvTimeoutError::Disconnected) => return Gathered::Stop,
    };
    let began = Instant::now();
    loop {
        match signal {
            Signal::Changed(more) => paths.extend(more),
            Signal::Lost => lost = true,
            Signal::Blind(why) => return Gathered::Blind(why),
            Signal::Stop => return Gathered::Stop,
        }
        let left = LONGEST.saturating_sub(began.elapsed());
        let quiet = if lost || paths.len() > MANY { QUIET_OF_MANY } else { QUIET };
        if left.is_zero() {
            break;
        }
        match signals.recv_timeout(quiet.min(left)) {
            Ok(next) => signal = next,
            Err(_) => break,
        }
    }
    match lost || paths.len() > MOST {
        true => Gathered::Touched(Touched::Anything),
        false => Gathered::Touched(Touched::These(paths.into_iter().collect())),
    }
}
