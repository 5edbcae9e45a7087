//! One publisher at a time, on services that know no locks. Whoever wants to work writes a claim of his own and then
//! lists all claims: if there is another, he takes his back, waits and tries again. Of two who come at once at least one
//! sees the other, because each writes before he lists. Nobody's clock is asked: a claim that its owner no longer renews
//! while somebody watches is dead.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::store::Store;
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::refused;

/// How often an owner renews his claim, and after how many of these pauses without a sign a watcher takes him for dead.
const BEAT: Duration = Duration::from_secs(10);
const PATIENCE: usize = 9;
/// No claim is larger.
const SIGN: u64 = 1 << 16;
/// Pauses of one who waits until the other is done.
const WAITS: usize = 360;

/// Held until it is dropped.
pub struct Claim<'s> {
    store: &'s Store,
    path: String,
    /// Whether a renewal failed, and may have left something.
    beat: JoinHandle<bool>,
    /// That no renewal is to begin any more.
    stop: Arc<Notify>,
    renewed: Renewed,
}

/// When the claim was renewed last.
#[derive(Clone)]
struct Renewed {
    start: Instant,
    /// Milliseconds since then.
    last: Arc<AtomicU64>,
}

impl Renewed {
    fn now() -> Self {
        Self { start: Instant::now(), last: Arc::default() }
    }

    fn clock(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// `began`: the clock before it was renewed, so that whoever watches has seen it later.
    fn note(&self, began: u64) {
        self.last.store(began, Ordering::SeqCst);
    }

    fn is_long_ago(&self) -> bool {
        self.clock().saturating_sub(self.last.load(Ordering::SeqCst)) > BEAT.as_millis() as u64 * PATIENCE as u64
    }
}

impl<'s> Claim<'s> {
    /// `folder`: where claims lie. `name`: nobody else's. `own`: names of claims that dead processes of this machine left.
    pub fn take(
        store: &'s Store,
        folder: &str,
        name: &str,
        own: &dyn Fn(&str) -> bool,
        waiting: &dyn Fn(),
    ) -> Result<Self, Failure> {
        let path = format!("{folder}/{name}");
        let mut watched = Watched::default();
        // of two who come first at once one makes them, and the other need not
        let _ = store.make_folders([path.as_str()].into_iter(), &HashSet::new());
        for round in 0..WAITS {
            // what an earlier round gave up might take this one's claim away
            store.settle();
            let renewed = Renewed::now();
            store.run(write(store.inner(), &path, round))?;
            let others = others(store, folder, &path)?;
            let (dead, alive): (Vec<_>, Vec<_>) =
                others.into_iter().partition(|(other, beat)| own(other) || watched.is_dead(other, beat));
            if dead.iter().any(|(other, _)| !own(other)) {
                // who of another machine died may have left requests
                store.inner().late.note(Duration::ZERO);
            }
            if !dead.is_empty() {
                store.delete(dead.into_iter().map(|(other, _)| other).collect(), &|_| ())?;
            }
            if alive.is_empty() {
                let stop = Arc::new(Notify::new());
                let beat = store.beside(renew(store.inner().clone(), path.clone(), renewed.clone(), stop.clone()));
                return Ok(Self { store, path, beat, stop, renewed });
            }
            store.delete(vec![path.clone()], &|_| ())?;
            if round == 0 {
                waiting();
            }
            // not all who wait come back at the same moment
            let spread = u64::from(crate::model::Hash128::of(&(name, round)).0[0]);
            let pause = BEAT.mul_f64(0.2) + Duration::from_millis(spread * 8);
            store.run(async { tokio::time::sleep(pause).await });
        }
        Err(refused(store.place().as_ref(), "另一个 gongkai 一直在这个发布目标里工作，等了很久还没有结束。稍后再运行"))
    }

    /// Whether it still stands. One who was asleep for long, or could not renew it, may have been taken for dead by one
    /// who is about to remove it, and must not go on.
    pub fn stands(&self) -> Result<(), Failure> {
        let is_lost = self.renewed.is_long_ago() || self.store.read(&self.path, SIGN)?.is_none();
        match is_lost || self.renewed.is_long_ago() {
            false => Ok(()),
            true => {
                let reason = "等待太久，另一个 gongkai 可能已经接着工作，这一次停止。请再运行一次";
                Err(refused(self.store.place().as_ref(), reason))
            }
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        // whoever comes next finds nothing that is still being done
        self.store.settle();
        // one that is being renewed is soon done; broken off, it would leave a file on its way, and would have to be waited for
        self.stop.notify_one();
        let ended = self.store.run(async { tokio::time::timeout(BEAT, &mut self.beat).await });
        if ended.is_err() {
            self.beat.abort();
            let _ = self.store.run(&mut self.beat);
        }
        let may_be_left = !matches!(ended, Ok(Ok(false)));
        self.store.settle();
        // what cannot be taken back now the next run takes for dead
        let taken_back = self.store.delete(vec![self.path.clone()], &|_| ());
        if may_be_left && taken_back.is_ok() {
            let _ = self.remove_halves();
        }
    }
}

impl Claim<'_> {
    /// What renewals left that were broken off on their way: at the top, where OpenDAL sends to FTP servers. Nobody else's files
    /// have such names.
    fn remove_halves(&self) -> Result<(), Failure> {
        let talents = self.store.talents();
        if talents.renames || talents.is_object_store {
            return Ok(());
        }
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        let is_half = |path: &String| path.strip_prefix(name).is_some_and(|ending| ending.starts_with('.'));
        let halves = self.store.beside_each_other("")?.into_iter().filter(is_half);
        self.store.delete(halves.collect(), &|_| ())
    }
}

async fn write(store: &Arc<Inner>, path: &str, beat: usize) -> Result<(), Failure> {
    store.sign(path, format!("{beat}\n").into_bytes()).await
}

/// Until it is told to stop. Returns whether a renewal failed.
async fn renew(store: Arc<Inner>, path: String, renewed: Renewed, stop: Arc<Notify>) -> bool {
    let (mut beat, mut has_failed) = (WAITS, false);
    while tokio::time::timeout(BEAT, stop.notified()).await.is_err() {
        beat += 1;
        // one that was removed stays removed: its owner finds out before he goes on
        if let Ok(Some(_)) = store.read(&path, SIGN).await {
            let began = renewed.clock();
            match write(&store, &path, beat).await {
                Ok(()) => renewed.note(began),
                Err(_) => has_failed = true,
            }
        }
    }
    has_failed
}

/// Claims of others, each with its last sign of life.
fn others(store: &Store, folder: &str, own: &str) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let paths =
        store.list(folder)?.into_iter().map(|(path, _)| path).filter(|path| path != own && !path.ends_with(".tmp"));
    let mut found = Vec::new();
    for path in paths {
        // one that has gone meanwhile is no claim
        if let Some(beat) = store.read(&path, SIGN)? {
            found.push((path, beat));
        }
    }
    Ok(found)
}

/// What a watcher has seen of the others' claims: the last sign, and since how many rounds it is the same.
#[derive(Default)]
struct Watched(HashMap<String, (Vec<u8>, usize)>);

impl Watched {
    fn is_dead(&mut self, path: &str, beat: &[u8]) -> bool {
        let seen = self.0.entry(path.to_owned()).or_insert_with(|| (beat.to_vec(), 0));
        match seen.0 == beat {
            true => seen.1 += 1,
            false => *seen = (beat.to_vec(), 0),
        }
        // a round of one who waits is at least a fifth of a beat
        seen.1 > PATIENCE * 5
    }
}
