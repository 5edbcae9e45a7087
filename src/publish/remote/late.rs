//! Requests that nobody waits for any more: the time was up, or the line broke, and the server may still do them, minutes
//! later. What such a request would find then is left as it is until it is surely over.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::Remote;
use super::wire::Inner;
use super::words::may_be_late;

/// When a request was last given up.
pub struct Late {
    start: Instant,
    /// Milliseconds since then; 0: never.
    last: AtomicU64,
    /// How long one that was given up may still be done.
    grace: Duration,
}

impl Late {
    /// `timeout`: how long a request is waited for. One that took as long as that and then twice as long again is over.
    pub fn new(timeout: Duration) -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0), grace: timeout * 2 }
    }

    pub fn note(&self) {
        self.last.store(self.start.elapsed().as_millis() as u64 + 1, Ordering::SeqCst);
    }

    pub fn grace(&self) -> Duration {
        self.grace
    }

    /// How long it is until the last one is over.
    fn rest(&self) -> Duration {
        match self.last.load(Ordering::SeqCst) {
            0 => Duration::ZERO,
            last => (Duration::from_millis(last) + self.grace).saturating_sub(self.start.elapsed()),
        }
    }
}

impl Inner {
    /// Notes a request that failed and may still be done.
    pub(super) fn give_up(&self, error: &opendal::Error) {
        if may_be_late(error) {
            self.late.note();
        }
    }

    /// Waits until whatever was given up is over.
    pub async fn settle(&self) {
        tokio::time::sleep(self.late.rest()).await;
    }
}

impl Remote {
    /// The same, for what the last run of this machine left if it was killed while files were moved.
    pub(super) fn settle_last_run(&self) {
        let inner = self.store.inner();
        if inner.talents.replaces
            && let Some(ago) = self.journal().was_moving()
        {
            let rest = inner.late.grace().saturating_sub(ago);
            self.store.run(async { tokio::time::sleep(rest).await });
        }
    }
}
