//! What builds of one site remember, and the shortcut that it makes possible: a site in which only texts and titles
//! changed is the last one with these documents put in their places. What comes out is what a build from nothing makes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::given::Given;
use super::read::Look;
use super::stored::{Few, Found};
use super::{Options, Report, Site, Touched, soften, stops};
use crate::diag::Diagnostic;
use crate::emit;
use crate::memory::{self, Parsed, Reading};
use crate::model::{Document, SourcePath};
use crate::source::{SourceFile, Tree};

/// What builds of one site remember: what reading its files came to and, while the process lives, the last site.
#[derive(Default)]
pub struct Memory {
    pub(super) files: memory::Memory,
    pub(super) seen: Option<Seen>,
    last: Option<Last>,
    /// Only one build will ask.
    once: bool,
    /// Whoever asks wants the whole site, too.
    pub(super) whole: bool,
}

/// What the last look came upon, whether a site came of it or not.
pub(super) struct Seen {
    options: Options,
    pub given: Given,
    pub tree: Tree,
}

/// The last site that could be planned.
struct Last {
    options: Options,
    given: Given,
    files: Arc<Vec<SourceFile>>,
    /// What was found in single files.
    of_files: BTreeMap<SourcePath, Vec<Diagnostic>>,
    /// Files that were read since without a site coming of it.
    since: BTreeSet<SourcePath>,
    site: Arc<Site>,
    withheld: usize,
    documents: usize,
}

impl From<memory::Memory> for Memory {
    fn from(files: memory::Memory) -> Self {
        Self { files, ..Self::default() }
    }
}

impl Memory {
    /// The same without the store: what is found out is not written to disk.
    pub fn fixed(self) -> Self {
        Self { files: self.files.fixed(), ..self }
    }

    /// The same for a process that builds once: nothing need be held for another time.
    pub fn once(self) -> Self {
        Self { files: self.files.once(), once: true, ..self }
    }

    /// The same for who looks at the whole site after the build: the shortcut that makes a few pages alone is not taken.
    pub fn whole(self) -> Self {
        Self { whole: true, ..self }
    }

    /// Tells once why less is remembered than there might be.
    pub fn take_notice(&mut self) -> Option<&'static str> {
        self.files.take_notice()
    }

    /// Forgets everything, on disk too.
    pub fn forget(&mut self) {
        self.files.forget();
        (self.seen, self.last) = (None, None);
    }

    /// Where alone something may have changed, as paths from the root; `None`: anywhere.
    pub(super) fn places(&self, options: &Options, touched: &Touched) -> Option<Vec<PathBuf>> {
        let Touched::These(paths) = touched else { return None };
        let seen = self.seen.as_ref().filter(|seen| seen.options == *options && paths.len() <= MOST)?;
        // a path that is none of the site's says that something is not as it seems: look everywhere
        paths.iter().map(|path| seen.tree.place(path)).collect()
    }

    /// Notes what a look came upon, whatever comes of it.
    pub(super) fn saw(&mut self, options: &Options, look: &Look) {
        if self.once {
            return;
        }
        if let Some(last) = &mut self.last {
            last.since.extend(look.fresh.iter().map(|fresh| fresh.path.clone()));
        }
        self.seen = Some(Seen { options: options.clone(), given: look.given.clone(), tree: look.tree.clone() });
    }

    /// The report of the last site with what was read since; `None` if more changed than texts and titles.
    pub(super) fn renew(&mut self, options: &Options, look: &Look) -> Option<Report> {
        let last = self.last.as_mut().filter(|last| {
            last.options == *options && last.given.is_same(&look.given) && last.files == look.tree.files
        })?;
        let since = &last.since;
        // what the catalogue found may stand elsewhere in the file now
        if last.site.found.of_all.iter().any(|finding| since.iter().any(|path| path.as_str() == &*finding.path)) {
            return None;
        }
        let fresh = |path: &SourcePath| look.fresh.iter().find(|fresh| fresh.path == *path).map(|fresh| &fresh.reading);
        let readings = since.iter().map(|path| fresh(path).map(Cow::Borrowed).or_else(|| self.files.reading(path)));
        let readings: Vec<Cow<Reading>> = readings.collect::<Option<_>>()?;
        let document = |reading: &Cow<Reading>| match &reading.parsed {
            Parsed::Document(document) => Some(document.clone()),
            _ => None,
        };
        let changed: Vec<Document> = readings.iter().map(document).collect::<Option<_>>()?;
        let catalogue = match changed.is_empty() {
            true => None,
            false => Some(last.site.world.catalogue.renewed(&changed)?),
        };
        for (path, reading) in since.iter().zip(readings) {
            last.of_files.insert(path.clone(), reading.into_owned().findings);
        }
        last.of_files.retain(|_, findings| !findings.is_empty());
        let findings = [&look.given.findings, &look.tree.findings, &last.site.found.of_all].into_iter().flatten();
        let mut report = Report {
            findings: findings.chain(last.of_files.values().flatten()).cloned().collect(),
            documents: last.documents,
            withheld: last.withheld,
            ignored: look.tree.ignored.len(),
            read: look.fresh.len(),
            ..Report::default()
        };
        soften(&last.site.world.catalogue, options, &mut report.findings);
        if !stops(&mut report, options) {
            last.since = BTreeSet::new();
            if let Some(catalogue) = catalogue {
                let Site { world, plan, found } = &*last.site;
                let of_files = last.of_files.values().flatten().cloned().collect();
                let found = Arc::new(Found { key: found.key, of_files, of_all: found.of_all.clone() });
                let site = Site { world: world.renewed(catalogue), plan: plan.clone(), found };
                last.site = Arc::new(site);
            }
            report.site = Some(last.site.clone());
        }
        Some(report)
    }

    /// Whether there is a last site.
    pub(super) fn has_last(&self) -> bool {
        self.last.is_some()
    }

    /// The report of a build that had few pages to make; what was read is remembered, and the site kept as it is now.
    pub(super) fn made_few(&mut self, options: &Options, look: Look, few: Few, summary: emit::Summary) -> Report {
        if !look.fresh.is_empty() {
            self.files.keep(&look.tree, look.began, look.fresh);
            few.save(options, &self.files);
        }
        Report { done: Some(summary), ..few.report }
    }

    /// Keeps a site that could be planned for another time.
    pub(super) fn remember(&mut self, options: &Options, given: Given, tree: &Tree, report: &Report) {
        let Some(site) = report.site.clone().filter(|_| !self.once) else { return };
        self.last = Some(Last {
            options: options.clone(),
            given,
            files: tree.files.clone(),
            of_files: by_file(&site.found.of_files),
            since: BTreeSet::new(),
            site,
            withheld: report.withheld,
            documents: report.documents,
        });
    }
}

fn by_file(findings: &[Diagnostic]) -> BTreeMap<SourcePath, Vec<Diagnostic>> {
    let mut by_file: BTreeMap<SourcePath, Vec<Diagnostic>> = BTreeMap::new();
    for finding in findings {
        by_file.entry(SourcePath::new(finding.path.clone())).or_default().push(finding.clone());
    }
    by_file
}

/// Places that are looked at one by one: where more were touched, a look at everything is as quick.
const MOST: usize = 64;
