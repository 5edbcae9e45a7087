//! What the preview knows at a moment, shared by the thread that rebuilds and those that answer: the last good site, what
//! is wrong, the pages that were shown, and who is reading.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::diag::Diagnostic;
use crate::model::Hash128;
use crate::pipeline::Site;

/// The outcome of the rebuilds so far.
#[derive(Clone, Default)]
pub struct Now {
    /// Counts rebuilds.
    pub turn: u64,
    /// The last good site; `None` until there is one.
    pub site: Option<Arc<Site>>,
    /// Whether the site is what the files are now.
    pub is_current: bool,
    pub findings: Arc<[Diagnostic]>,
    /// Why the last rebuild could not run at all, in Chinese.
    pub trouble: Option<String>,
    /// Of all that a panel says of the whole site.
    pub digest: Hash128,
    /// How long the last rebuild took.
    pub took: Duration,
}

impl Now {
    /// What tells whether a page that somebody is reading is still the same.
    pub fn mark(&self, out: &str) -> String {
        match &self.site {
            None => "none".into(),
            Some(site) => site.page(out).map_or("absent".into(), |page| site.fingerprint(page).to_string()),
        }
    }

    /// The mark of a page that stands in for one that cannot be shown: any site that is well again replaces it.
    pub fn stand_in(&self) -> String {
        format!("turn {}", self.turn)
    }

    /// Whether what a reader has is outdated.
    fn is_news(&self, mark: &str, current: &str) -> bool {
        match mark.strip_prefix("turn ") {
            Some(turn) => self.is_current && turn != self.turn.to_string(),
            None => mark != current,
        }
    }
}

/// Somebody who has a page open.
struct Reader {
    /// The page's address.
    page: String,
    /// The mark of what was shown, see `Now::mark`.
    mark: String,
    /// What the panel was made from.
    digest: String,
    events: mpsc::Sender<&'static str>,
}

/// Bytes of pages, by address, of which the oldest go first.
#[derive(Default)]
struct Shown {
    pages: HashMap<String, (Hash128, Arc<Vec<u8>>)>,
    order: VecDeque<String>,
    bytes: usize,
}

/// Bytes of pages that are kept.
const KEPT: usize = 32 << 20;
/// Readers at one time; who comes later is not told of changes. Each holds a connection (`idle::MOST`), of which some must
/// be left for pages.
const READERS: usize = 256;

/// A page that was outdated, or a panel.
pub const RELOAD: &str = "event: reload\ndata:\n\n";
pub const FINDINGS: &str = "event: findings\ndata:\n\n";
/// Shows both ends that the other is still there.
pub const STILL: &str = ":\n\n";

pub struct Live {
    /// The site's root, without links.
    pub root: PathBuf,
    now: Mutex<Now>,
    turned: Condvar,
    shown: Mutex<Shown>,
    readers: Mutex<(u64, HashMap<u64, Reader>)>,
}

/// A panic while it was held does not make what it guards wrong: everything is put in place at once.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    pub fn new(root: PathBuf) -> Self {
        Self { root, now: Mutex::default(), turned: Condvar::new(), shown: Mutex::default(), readers: Mutex::default() }
    }

    pub fn now(&self) -> Now {
        lock(&self.now).clone()
    }

    /// Puts the outcome of a rebuild in place; the site before it.
    pub fn put(&self, now: Now) -> Now {
        let before = std::mem::replace(&mut *lock(&self.now), now);
        self.turned.notify_all();
        before
    }

    /// Waits for the rebuild after a turn, but not long; what is known then.
    pub fn after(&self, turn: u64, patience: Duration) -> Now {
        let now = lock(&self.now);
        let waited = self.turned.wait_timeout_while(now, patience, |now| now.turn == turn);
        waited.unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Tells readers whose page or panel is outdated. Only their pages are looked at.
    pub fn tell(&self) {
        let now = self.now();
        let pages: Vec<String> = lock(&self.readers).1.values().map(|reader| reader.page.clone()).collect();
        let marks: HashMap<String, String> = pages.into_iter().map(|page| (page.clone(), now.mark(&page))).collect();
        let digest = now.digest.to_string();
        lock(&self.readers).1.retain(|_, reader| {
            // who has come since has compared by itself
            let Some(current) = marks.get(&reader.page) else { return true };
            let event = match () {
                () if now.is_news(&reader.mark, current) => RELOAD,
                () if reader.digest != digest => FINDINGS,
                () => return true,
            };
            if event == RELOAD {
                reader.mark.clone_from(current);
            }
            reader.digest.clone_from(&digest);
            // who does not listen is let go, and compares when it comes back
            reader.events.try_send(event).is_ok()
        });
    }

    /// Lets all readers know that the preview is there, and lets go those that are not.
    pub fn still(&self) {
        lock(&self.readers).1.retain(|_, reader| reader.events.try_send(STILL).is_ok());
    }

    pub fn readers(&self) -> usize {
        lock(&self.readers).1.len()
    }

    /// A new reader, who has the page with this mark and a panel of this digest. `None`: there are too many.
    pub fn join(self: &Arc<Self>, page: String, mark: String, digest: String) -> Option<Seat> {
        let (events, received) = mpsc::channel(16);
        let id = {
            let mut readers = lock(&self.readers);
            if readers.1.len() >= READERS {
                return None;
            }
            readers.0 += 1;
            let id = readers.0;
            let reader =
                Reader { page: page.clone(), mark: mark.clone(), digest: digest.clone(), events: events.clone() };
            readers.1.insert(id, reader);
            id
        };
        // what changed between the page and now; entered first, so that no change falls between
        let now = self.now();
        let first = match () {
            () if now.is_news(&mark, &now.mark(&page)) => RELOAD,
            () if digest != now.digest.to_string() => FINDINGS,
            () => STILL,
        };
        let _ = events.try_send(first);
        Some(Seat { live: self.clone(), id, received })
    }

    /// Keeps what was made of a page.
    pub fn keep(&self, out: &str, fingerprint: Hash128, bytes: Arc<Vec<u8>>) {
        let mut shown = lock(&self.shown);
        if let Some((_, old)) = shown.pages.remove(out) {
            shown.bytes -= old.len();
            shown.order.retain(|other| other != out);
        }
        shown.bytes += bytes.len();
        shown.pages.insert(out.to_owned(), (fingerprint, bytes));
        shown.order.push_back(out.to_owned());
        while shown.bytes > KEPT {
            let Some(oldest) = shown.order.pop_front() else { break };
            if let Some((_, old)) = shown.pages.remove(&oldest) {
                shown.bytes -= old.len();
            }
        }
    }

    /// What a page was when it was last shown.
    pub fn last(&self, out: &str) -> Option<(Hash128, Arc<Vec<u8>>)> {
        lock(&self.shown).pages.get(out).cloned()
    }
}

/// A reader's place, given up when it is dropped.
pub struct Seat {
    live: Arc<Live>,
    id: u64,
    pub received: mpsc::Receiver<&'static str>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.live.readers).1.remove(&self.id);
    }
}
