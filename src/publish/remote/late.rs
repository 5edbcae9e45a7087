//! Requests that nobody waits for any more: the time was up, or the line broke, or a gateway answered for the server, which
//! may still do them, minutes later. Nothing is decided, and no run ends, before what it gave up is surely over.

use std::fs::File;
use std::future::Future;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::store::Store;
use super::wire::Inner;
use super::words::may_be_late;

/// When the last request that was given up is over.
pub struct Late {
    start: Instant,
    /// Milliseconds since then; 0: none was given up.
    over: AtomicU64,
    /// How long one that was given up may still be done.
    grace: Duration,
}

impl Late {
    /// `timeout`: how long a request is waited for. One that took as long as that and then twice as long again is over; a
    /// little more is for the way.
    pub fn new(timeout: Duration) -> Self {
        Self { start: Instant::now(), over: AtomicU64::new(0), grace: timeout * 9 / 4 }
    }

    /// One was given up so long ago.
    pub fn note(&self, ago: Duration) {
        let over = (self.start.elapsed() + self.grace).saturating_sub(ago);
        self.over.fetch_max(over.as_millis() as u64, Ordering::SeqCst);
    }

    /// How long it is until the last one is over.
    pub fn rest(&self) -> Duration {
        Duration::from_millis(self.over.load(Ordering::SeqCst)).saturating_sub(self.start.elapsed())
    }

    /// Whether any was given up, over or not.
    pub fn has_any(&self) -> bool {
        self.over.load(Ordering::SeqCst) > 0
    }
}

/// A request on its way. If it is dropped before anybody knows what became of it, it was given up.
struct Sent<'l>(Option<&'l Late>);

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        if let Some(late) = self.0 {
            late.note(Duration::ZERO);
        }
    }
}

impl Inner {
    /// A request that changes something: given up if it may still be done when nobody waits for it any more.
    pub(super) async fn watched<T>(
        &self,
        request: impl Future<Output = Result<T, opendal::Error>>,
    ) -> Result<T, opendal::Error> {
        let mut sent = Sent(Some(&self.late));
        // if its time is up, or the work that it belongs to is stopped, it goes no further than this
        let result = request.await;
        if !result.as_ref().is_err_and(may_be_late) {
            sent.0 = None;
        }
        result
    }

    /// Waits until whatever was given up is over.
    pub async fn settle(&self) {
        tokio::time::sleep(self.late.rest()).await;
    }
}

/// How often a run leaves a sign on this machine that it is alive.
const BEAT: Duration = Duration::from_secs(1);

/// The file that is locked while somebody of this machine works at a target. There is something in it until all that he
/// began is over: whoever finds it so knows that the one before was killed, and may have left requests.
pub struct AtWork {
    file: Arc<File>,
    beat: AbortHandle,
}

impl AtWork {
    pub fn begin(file: File, store: &Store) -> std::io::Result<Self> {
        let was = file.metadata()?;
        if was.len() > 0 {
            let ago = was.modified()?.elapsed().unwrap_or_default();
            store.inner().late.note(ago.saturating_sub(BEAT));
        }
        let file = Arc::new(file);
        sign(&file)?;
        let beat = store.beside(keep_signing(file.clone())).abort_handle();
        Ok(Self { file, beat })
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.beat.abort();
        // what cannot be noted makes the next run wait
        let _ = self.file.set_len(0);
    }
}

async fn keep_signing(file: Arc<File>) {
    loop {
        tokio::time::sleep(BEAT).await;
        let _ = sign(&file);
    }
}

fn sign(mut file: &File) -> std::io::Result<()> {
    file.write_all(b".")
}
