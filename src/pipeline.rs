//! The one build path: six stages on one screen. A cold build, a warm build and what a preview does after an edit are this
//! path with a fuller memory.
//!
//! | module | does |
//! |---|---|
//! | `read` | which files must be read, and reading them |
//! | `given` | `site.toml` and the theme |
//! | `last` | what is remembered of the last site, and the shortcut for texts and titles |
//! | `stored` | what is left of the last site of an earlier process, and the shortcut for texts |

mod given;
mod last;
mod read;
mod stored;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalogue::{self, Catalogue, Frame};
use crate::config::Config;
use crate::diag::{self, Code, Diagnostic, Severity};
use crate::emit;
use crate::memory;
use crate::model::{Hash128, Moment, SourcePath};
use crate::plan;
use crate::render::{self, World};
use crate::source::{Aside, FileKind, Place, SourceFile, Tree};
use crate::theme::Theme;

pub use last::Memory;

use given::Given;
use read::Look;
use stored::Found;

/// Names the program in ledgers: what another version wrote is rendered anew.
pub const ENGINE: &str = concat!("gongkai ", env!("CARGO_PKG_VERSION"), " ", env!("GONGKAI_SOURCES"));

/// What a build is asked to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    pub root: PathBuf,
    /// `site.toml`, from the root.
    pub config: PathBuf,
    /// The output folder, from the root.
    pub output: PathBuf,
    pub base_url: Option<String>,
    /// "Today".
    pub as_of: Moment,
    pub drafts: bool,
    /// Drafts and what is scheduled are shown, each with its mark, and what a draft lacks stops nothing. Never published.
    pub preview: bool,
    /// Warnings stop the build, too.
    pub strict: bool,
}

/// What a build found and did.
#[derive(Debug, Default)]
pub struct Report {
    pub findings: Vec<Diagnostic>,
    /// Documents, public or not.
    pub documents: usize,
    pub withheld: usize,
    /// Dotfiles and editor temporaries that were passed over.
    pub ignored: usize,
    /// Source files that were read; the others were as they had been.
    pub read: usize,
    /// `None`: an error stopped the build, and nothing on disk was changed.
    pub done: Option<emit::Summary>,
    /// What the pages were made from.
    pub site: Option<Arc<Site>>,
    /// The outputs as they were written, if all of the site was planned for it.
    pub written: Vec<emit::Planned>,
}

/// A site of which everything is planned: any of its pages can be rendered.
pub struct Site {
    pub world: World,
    pub plan: Arc<plan::Plan>,
    found: Arc<Found>,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "Site of {} pages", self.plan.pages.len())
    }
}

impl Site {
    /// The output at an address from the site's root, not encoded: `zwgk/czxx/a.html`.
    pub fn page(&self, out: &str) -> Option<&plan::Page> {
        let at = self.plan.pages.binary_search_by(|page| page.out.as_str().cmp(out)).ok()?;
        Some(&self.plan.pages[at])
    }

    /// Equal fingerprints of an output mean equal bytes.
    pub fn fingerprint(&self, page: &plan::Page) -> Hash128 {
        render::fingerprint(page, &self.world)
    }

    /// Every output with its fingerprint, in the order of the plan.
    fn planned(&self) -> Vec<emit::Planned> {
        let pages = self.plan.pages.par_iter().with_max_len(64);
        pages.map(|page| emit::Planned { out: page.out.clone(), fingerprint: self.fingerprint(page) }).collect()
    }

    /// The bytes of an output, or the file that it is a copy of. Findings: a template that fails, or a source that changed
    /// since it was read.
    pub fn render(&self, page: &plan::Page) -> Result<emit::Content, Vec<Diagnostic>> {
        render::render(page, &self.world).map(into_output)
    }
}

/// Which files of a site may be other than they were when its memory last saw them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    Anything,
    /// These files and folders, and all below them; paths as the file system knows them.
    These(Vec<PathBuf>),
}

/// Why a build could not run at all.
#[derive(Debug)]
pub enum Failure {
    /// No `site.toml` there.
    NoSite(PathBuf),
    /// Something is wrong with the machine.
    Io { path: PathBuf, error: std::io::Error },
    /// The output folder may not be written; the reason is in Chinese.
    Refused { path: PathBuf, reason: String },
}

/// Builds the site. `memory` is what earlier builds of it found out. `waiting` is called if another build is at work on
/// the same site.
pub fn build(options: &Options, memory: &mut Memory, waiting: &(dyn Fn() + Sync)) -> Result<Report, Failure> {
    let config = options.root.join(&options.config);
    if matches!(config.try_exists(), Ok(false)) {
        return Err(Failure::NoSite(config));
    }
    let target = emit::Target::new(&options.root, &options.output).map_err(refusal)?;
    target.create_state().map_err(refusal)?;
    let look = read::look(options, memory, &Touched::Anything, Some(&target))?;
    let mut lost = None;
    if let Some(few) = stored::few(options, memory, &look) {
        let written = emit::write(&target, ENGINE, few.planned(), &|at| few.content(at), waiting, &mut lost);
        memory.files.tell(lost);
        match written {
            Ok(summary) => return Ok(memory.made_few(options, look, few, summary)),
            // a page is wanted that only the whole site can make
            Err(emit::Failure::Findings(_)) => {}
            Err(failure) => return Err(refusal(failure)),
        }
    }
    let mut report = plan_site(options, memory, look);
    let Some(site) = report.site.clone() else { return Ok(report) };
    let Site { world, plan, .. } = &*site;
    let planned = site.planned();
    let content = |at: usize| render::render(&plan.pages[at], world).map(into_output);
    let save = || stored::save(options, &memory.files, &site, &report, &planned);
    let write = || emit::write(&target, ENGINE, &planned, &content, waiting, &mut lost);
    let written = rayon::join(write, save).0;
    memory.files.tell(lost);
    match written {
        Ok(summary) => (report.done, report.written) = (Some(summary), planned),
        Err(emit::Failure::Findings(flaws)) => {
            // a source was not what it was taken for: whatever the reason, the next build reads it again
            if flaws.iter().any(|flaw| flaw.finding.code == Code::G003) {
                memory.forget();
            }
            report.findings.extend(flaws.into_iter().map(|flaw| with_pages(flaw, &plan.pages)))
        }
        Err(failure) => return Err(refusal(failure)),
    }
    diag::sort(&mut report.findings);
    Ok(report)
}

/// The first four stages: all that a preview needs, which renders a page when it is asked for. Nothing is written but what
/// is remembered. The report has no site if an error stands in the way.
pub fn plan(options: &Options, memory: &mut Memory, touched: &Touched) -> Result<Report, Failure> {
    emit::Target::new(&options.root, &options.output).and_then(|target| target.create_state()).map_err(refusal)?;
    let look = read::look(options, memory, touched, None)?;
    Ok(plan_site(options, memory, look))
}

/// What was seen, put together and planned, or the reasons why not.
fn plan_site(options: &Options, memory: &mut Memory, look: Look) -> Report {
    memory.saw(options, &look);
    if let Some(report) = memory.renew(options, &look) {
        memory.files.keep(&look.tree, look.began, look.fresh);
        return report;
    }
    let Arranged { catalogue, given, tree, aside, written, of_files, mut of_all, mut report } =
        arrange(options, &mut memory.files, look);
    let (Some(config), Some(theme)) = (&given.config, &given.theme) else { return report };
    let (plan, findings) = plan::make(&catalogue, theme);
    // the net under the catalogue's own check of addresses, which knows their places in the sources
    if !of_all.iter().any(|finding| finding.code == Code::G051) {
        report.findings.extend_from_slice(&findings);
        of_all.extend(findings);
    }
    soften(&catalogue, options, &mut report.findings);
    if stops(&mut report, options) {
        return report;
    }
    let key = stored::key(options, &given, &tree).expect("there is a configuration and a theme");
    let found = Arc::new(Found { key, of_files, of_all });
    match World::new(catalogue, config.clone(), theme.clone(), &options.root, (aside, written), &plan.parts) {
        Ok(world) => report.site = Some(Arc::new(Site { world, plan: Arc::new(plan), found })),
        Err(finding) => report.findings.push(finding),
    }
    memory.remember(options, given, &tree, &report);
    report
}

/// A site of which everything was read and put together, before anything is planned.
struct Arranged {
    catalogue: Catalogue,
    given: Given,
    tree: Tree,
    aside: Option<Aside>,
    written: HashMap<Hash128, Place>,
    /// What was found in single files.
    of_files: Vec<Diagnostic>,
    /// What was found when all was put together.
    of_all: Vec<Diagnostic>,
    report: Report,
}

fn arrange(options: &Options, memory: &mut memory::Memory, look: Look) -> Arranged {
    let Look { given, tree, began, fresh, aside, written } = look;
    memory.hold();
    let (sources, of_files) = read::all(&tree, memory, &fresh);
    // a faulty site.toml must not hide what is wrong with the documents
    let stand_in;
    let config = match &given.config {
        Some(config) => config,
        None => {
            stand_in = Config::stand_in();
            &stand_in
        }
    };
    let frame = Frame { as_of: options.as_of, drafts: options.drafts, preview: options.preview };
    let (read, documents) = (fresh.len(), tree.files.iter().filter(|file| file.kind == FileKind::Document).count());
    // most of the catalogue is the work of one thread; what was read is put by at the same time
    let keep = || memory.keep(&tree, began, fresh);
    let (_, (catalogue, of_all)) = rayon::join(keep, || catalogue::build(sources, config, frame));
    let parts = [&given.findings, &tree.findings, &of_files, &of_all];
    let mut findings: Vec<Diagnostic> = parts.into_iter().flatten().cloned().collect();
    diag::sort(&mut findings);
    let (withheld, ignored) = (catalogue.withheld.len(), tree.ignored.len());
    let report = Report { findings, documents, withheld, ignored, read, ..Report::default() };
    Arranged { catalogue, given, tree, aside, written, of_files, of_all, report }
}

/// Everything that was read and found out, before anything is planned.
pub struct Loaded {
    /// Every document, whether it could be read or not.
    pub documents: Vec<SourcePath>,
    pub catalogue: Catalogue,
    pub config: Arc<Config>,
    pub theme: Arc<Theme>,
    pub report: Report,
}

/// The first three stages: also what `list` and `why` look at. The inner `Err` is a report of a site without a usable
/// `site.toml` or theme.
pub fn load(options: &Options) -> Result<Result<Loaded, Report>, Failure> {
    load_with(options, None)
}

/// The same of a site in which a document has another text; the disk is left alone.
pub fn load_with(options: &Options, edit: Option<(&SourcePath, &str)>) -> Result<Result<Loaded, Report>, Failure> {
    let mut memory = remembered(&options.root).fixed();
    let mut look = read::look(options, &memory, &Touched::Anything, None)?;
    if let Some((source, text)) = edit {
        look = look.with_text(source, text);
    }
    let Arranged { catalogue, given, tree, report, .. } = arrange(options, &mut memory.files, look);
    let is_document = |file: &&SourceFile| file.kind == FileKind::Document;
    let documents = tree.files.iter().filter(is_document).map(|file| file.path.clone()).collect();
    Ok(match (given.config, given.theme) {
        (Some(config), Some(theme)) => Ok(Loaded { documents, catalogue, config, theme, report }),
        _ => Err(report),
    })
}

/// `site.toml` alone; without a usable one, what is wrong with it.
pub fn config(options: &Options) -> Result<Result<Config, Vec<Diagnostic>>, Failure> {
    let (_, (config, findings)) = given::read_config(options)?;
    Ok(config.ok_or(findings))
}

/// Keeps an output as it was written; `None` if it is another's by now.
pub fn hold(options: &Options, written: &[emit::Planned], waiting: &dyn Fn()) -> Result<Option<emit::Hold>, Failure> {
    let target = emit::Target::new(&options.root, &options.output).map_err(refusal)?;
    emit::Hold::take(&target, ENGINE, written, waiting).map_err(refusal)
}

/// What earlier builds of the site left in its state folder.
pub fn remembered(root: &Path) -> Memory {
    memory::Memory::load(&root.join(emit::STATE), ENGINE).into()
}

fn into_output(content: render::Content) -> emit::Content {
    match content {
        render::Content::Bytes(bytes) => emit::Content::Bytes(bytes),
        render::Content::Copy(path) => emit::Content::Copy(path),
    }
}

/// A fault of a template shows on many pages: how many there are, and one of them to look at.
fn with_pages(flaw: emit::Flaw, pages: &[plan::Page]) -> Diagnostic {
    let emit::Flaw { mut finding, files } = flaw;
    if let (Code::G072, Some(first)) = (finding.code, files.first()) {
        let first = &pages[*first].out;
        finding.message += &match files.len() {
            1 => format!("（页面 {first}）"),
            count => format!("（{count} 个页面，如 {first}）"),
        };
    }
    finding
}

/// What is wrong with a draft is no error in a preview: it may be unfinished, and it is shown as far as it goes.
fn soften(catalogue: &Catalogue, options: &Options, findings: &mut [Diagnostic]) {
    if !options.preview {
        return;
    }
    let mut errors = findings.iter_mut().filter(|finding| finding.severity == Severity::Error).peekable();
    if errors.peek().is_none() {
        return;
    }
    let drafts = catalogue.docs.iter().filter(|doc| doc.pending == Some(catalogue::Reason::Draft));
    let drafts: HashSet<&str> = drafts.map(|doc| doc.source.as_str()).collect();
    errors.filter(|finding| drafts.contains(&*finding.path)).for_each(|finding| finding.severity = Severity::Warning);
}

/// Whether the findings stop the build. They are sorted for the report.
fn stops(report: &mut Report, options: &Options) -> bool {
    diag::sort(&mut report.findings);
    let worst = if options.strict { Severity::Warning } else { Severity::Error };
    report.findings.iter().any(|finding| finding.severity <= worst)
}

fn refusal(failure: emit::Failure) -> Failure {
    match failure {
        emit::Failure::Io { path, error } => Failure::Io { path, error },
        emit::Failure::Refused { path, reason } => Failure::Refused { path, reason },
        emit::Failure::Findings(_) => unreachable!("findings are reported, not refused"),
    }
}

/// Removes what builds of this site wrote; how many files that were.
pub fn clean(root: &Path, output: &Path) -> Result<usize, Failure> {
    let target = emit::Target::new(root, output).map_err(refusal)?;
    emit::clean(&target).map_err(refusal)
}
