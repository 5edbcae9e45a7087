//! The thread that rebuilds: a change comes in, the same pipeline runs with the same memory, and its outcome is put in
//! place of the last. No kinds of change, no second path.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use super::live::{Live, Now};
use super::watch::{self, Gathered, Signal, Watch};
use super::{Notice, Rebuilt, Setup, Teller, mounts};
use crate::diag::{self, Diagnostic};

use crate::model::{Hash128, Moment};
use crate::pipeline::{self, Failure, Memory, Options, Report, Touched};

/// Between two looks at a quiet site, when the system tells of no change.
const SHORTEST: Duration = Duration::from_secs(1);
/// A look may take one part in so many of the time.
const SHARE: u32 = 10;
/// So often somebody looks whether a new day has come.
const DAY: Duration = Duration::from_secs(30);

pub struct Worker {
    live: Arc<Live>,
    options: Options,
    today: Option<fn() -> Moment>,
    memory: Memory,
    tell: Teller,
    /// How many documents there were.
    documents: usize,
    polls: bool,
}

impl Worker {
    pub fn new(live: Arc<Live>, setup: &Setup, tell: Teller) -> Self {
        let Setup { options, today, poll, .. } = setup;
        let memory = pipeline::remembered(&options.root);
        let polls = *poll;
        Self { live, options: options.clone(), today: *today, memory, tell, documents: 0, polls }
    }

    /// Until a signal ends it. Watching begins before the first look, so that nothing falls between.
    pub fn run(mut self, signals: Receiver<Signal>, sender: Sender<Signal>) {
        let mut watch = self.watch(sender);
        let mut touched = Some(Touched::Anything);
        while let Some(some) = touched {
            // whatever goes wrong in one rebuild, the next has a chance
            if catch_unwind(AssertUnwindSafe(|| self.rebuild(&some))).is_err() {
                self.memory = pipeline::remembered(&self.options.root);
            }
            touched = self.next(&signals, &mut watch);
        }
    }

    /// Watches if that works here, else says why not.
    fn watch(&mut self, sender: Sender<Signal>) -> Option<Watch> {
        let root = &self.options.root;
        let folders = ["", "content", "static", "templates", "themes"].map(|name| root.join(name));
        let silent = folders.iter().find_map(|folder| mounts::silent(folder));
        let watch = match silent {
            _ if self.polls => Err("按 --poll 的要求".to_owned()),
            Some(kind) => Err(format!("网站在 {kind} 上，别处的改动不会通知到这里")),
            None => Watch::new(root, &self.options.config, sender),
        };
        watch.map_err(|why| self.polls(&why)).ok()
    }

    fn polls(&mut self, why: &str) {
        self.polls = true;
        (self.tell)(Notice::Polls(why));
    }

    /// Waits for what may have changed; `None`: it is over.
    fn next(&mut self, signals: &Receiver<Signal>, watch: &mut Option<Watch>) -> Option<Touched> {
        let mut pause = SHORTEST;
        loop {
            if watch.is_none() {
                pause = pause.max(self.last_look() * SHARE);
            }
            match watch::gather(signals, if watch.is_some() { DAY } else { pause }) {
                Gathered::Touched(touched) => {
                    let renewed = match (&touched, watch.as_mut()) {
                        (Touched::These(paths), Some(watch)) => watch.renew(paths),
                        _ => Ok(()),
                    };
                    if let Err(why) = renewed {
                        *watch = None;
                        self.polls(&why);
                    }
                    return Some(touched);
                }
                Gathered::Blind(why) => {
                    *watch = None;
                    self.polls(&why);
                    return Some(Touched::Anything);
                }
                Gathered::Nothing if watch.is_none() || self.is_new_day() => return Some(Touched::Anything),
                Gathered::Nothing => {}
                Gathered::Stop => return None,
            }
        }
    }

    fn last_look(&self) -> Duration {
        self.live.now().took
    }

    fn is_new_day(&self) -> bool {
        self.today.is_some_and(|today| today() != self.options.as_of)
    }

    /// Runs the pipeline and puts its outcome in place.
    fn rebuild(&mut self, touched: &Touched) {
        let began = Instant::now();
        if let Some(today) = self.today {
            self.options.as_of = today();
        }
        let planned = catch_unwind(AssertUnwindSafe(|| pipeline::plan(&self.options, &mut self.memory, touched)));
        let planned = planned.unwrap_or_else(|_| {
            // what it was about to remember may be half done
            self.memory = pipeline::remembered(&self.options.root);
            Err(Failure::Refused {
                path: self.options.root.clone(),
                reason: "程序出错，这是 gongkai 的缺陷；预览继续".into(),
            })
        });
        let before = self.live.now();
        let (now, report) = self.outcome(&before, planned, began);
        let (is_current, turn) = (now.is_current, now.turn);
        let (findings, trouble) = (now.findings.clone(), now.trouble.clone());
        let is_first = turn == 1;
        let has_news = now.digest != before.digest;
        let is_same_site = match (&now.site, &before.site) {
            (Some(now), Some(before)) => Arc::ptr_eq(now, before),
            (now, before) => now.is_none() && before.is_none(),
        };
        drop(before);
        let before = self.live.put(now);
        self.live.tell();
        let took = began.elapsed();
        let read = report.as_ref().map_or(0, |report| report.read);
        self.documents = report.map_or(self.documents, |report| report.documents);
        if let Some(notice) = self.memory.take_notice() {
            (self.tell)(Notice::Remark(notice));
        }
        // what an editor leaves beside a file is no news, nor is a look that finds nothing
        if is_first || has_news || read > 0 || !is_same_site {
            let (errors, warnings) = diag::count(&findings);
            let findings = if has_news || is_first { Some(&*findings) } else { None };
            let (documents, trouble) = (self.documents, trouble.as_deref());
            let rebuilt = Rebuilt { turn, documents, errors, warnings, took, findings, trouble, is_current };
            (self.tell)(Notice::Rebuilt(rebuilt));
        }
        // giving back a large site takes longer than telling its readers
        drop(before);
    }

    /// What is known now: of a rebuild that came to no site the one before it stays.
    fn outcome(&self, before: &Now, planned: Result<Report, Failure>, began: Instant) -> (Now, Option<Report>) {
        let turn = before.turn + 1;
        match planned {
            Ok(mut report) => {
                let site = report.site.take();
                let is_current = site.is_some();
                let findings: Arc<[Diagnostic]> = std::mem::take(&mut report.findings).into();
                let digest = digest(&findings, is_current, "");
                let site = site.or_else(|| before.site.clone());
                let now = Now { turn, site, is_current, findings, trouble: None, digest, took: began.elapsed() };
                (now, Some(report))
            }
            Err(failure) => {
                let trouble = words(&failure);
                let digest = digest(&before.findings, false, &trouble);
                let trouble = Some(trouble);
                let now = Now { turn, is_current: false, trouble, digest, took: began.elapsed(), ..before.clone() };
                (now, None)
            }
        }
    }
}

fn digest(findings: &[Diagnostic], is_current: bool, trouble: &str) -> Hash128 {
    let parts = |finding: &Diagnostic| {
        Hash128::of(&(
            finding.code.as_str(),
            finding.severity,
            &finding.path,
            finding.span,
            &finding.message,
            &finding.help,
        ))
    };
    let all: Vec<Hash128> = findings.iter().map(parts).collect();
    Hash128::of(&(all, is_current, trouble))
}

/// In Chinese.
fn words(failure: &Failure) -> String {
    match failure {
        Failure::NoSite(path) => format!("找不到网站的配置文件 {}", path.display()),
        Failure::Io { path, error } => format!("{}：{error}", path.display()),
        Failure::Refused { path, reason } => format!("{}：{reason}", path.display()),
    }
}
