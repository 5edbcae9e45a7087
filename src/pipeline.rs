//! The one build path: six stages on one screen. A cold build, a warm build and (later) a rebuild in watch mode are
//! this function.

mod read;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::catalogue::{self, Catalogue, Frame};
use crate::config::{self, Config};
use crate::diag::{self, Code, Diagnostic, Severity};
use crate::emit;
use crate::memory::Memory;
use crate::model::{Hash128, Moment};
use crate::plan;
use crate::render::{self, World};
use crate::source::{self, Aside, FileKind};
use crate::theme::Theme;

/// Names the program in ledgers: what another version wrote is rendered anew.
pub const ENGINE: &str = concat!("gongkai ", env!("CARGO_PKG_VERSION"), " ", env!("GONGKAI_SOURCES"));

/// What a build is asked to do.
#[derive(Clone, Debug)]
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
    pub site: Option<Site>,
}

/// A site of which everything is planned: any of its pages can be rendered.
pub struct Site {
    pub world: World,
    pub plan: plan::Plan,
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
pub fn build(options: &Options, memory: &mut Memory, waiting: &dyn Fn()) -> Result<Report, Failure> {
    let config = options.root.join(&options.config);
    if matches!(config.try_exists(), Ok(false)) {
        return Err(Failure::NoSite(config));
    }
    let target = emit::Target::new(&options.root, &options.output).map_err(refusal)?;
    target.create_state().map_err(refusal)?;
    let (mut report, site) = plan_site(options, memory, target.is_new())?;
    let Some(Site { world, plan }) = site else { return Ok(report) };
    let planned: Vec<emit::Planned> = plan
        .pages
        .par_iter()
        .map(|page| emit::Planned { out: page.out.clone(), fingerprint: render::fingerprint(page, &world) })
        .collect();
    let content = |at: usize| render::render(&plan.pages[at], &world).map(into_output);
    match emit::write(&target, ENGINE, &planned, &content, waiting) {
        Ok(summary) => report.done = Some(summary),
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
    report.site = Some(Site { world, plan });
    Ok(report)
}

/// The first four stages: all that a preview needs, which renders a page when it is asked for. Nothing is written but what
/// is remembered. The report has no site if an error stands in the way.
pub fn plan(options: &Options, memory: &mut Memory, _touched: &Touched) -> Result<Report, Failure> {
    emit::Target::new(&options.root, &options.output).and_then(|target| target.create_state()).map_err(refusal)?;
    let (report, site) = plan_site(options, memory, false)?;
    Ok(Report { site, ..report })
}

/// `all_pages`: whether every page will be rendered, so that bodies are best written as soon as they are parsed.
fn plan_site(options: &Options, memory: &mut Memory, all_pages: bool) -> Result<(Report, Option<Site>), Failure> {
    // where nothing can be put aside, texts are read again
    let aside = Aside::create(&options.root.join(emit::STATE)).ok();
    let loaded = read_all(options, memory, aside.as_ref().filter(|_| all_pages))?;
    let Loaded { catalogue, config, theme, mut report } = match loaded {
        Ok(loaded) => loaded,
        Err(report) => return Ok((report, None)),
    };
    let (plan, findings) = plan::make(&catalogue, &theme);
    // the net under the catalogue's own check of addresses, which knows their places in the sources
    if !report.findings.iter().any(|finding| finding.code == Code::G051) {
        report.findings.extend(findings);
    }
    if stops(&mut report, options) {
        return Ok((report, None));
    }
    match World::new(catalogue, config, theme, &options.root, aside, &plan.parts) {
        Ok(world) => Ok((report, Some(Site { world, plan }))),
        Err(finding) => {
            report.findings.push(finding);
            Ok((report, None))
        }
    }
}

/// Everything that was read and found out, before anything is planned.
pub struct Loaded {
    pub catalogue: Catalogue,
    pub config: Config,
    pub theme: Theme,
    pub report: Report,
}

/// The first three stages: also what `list` and `why` look at. The inner `Err` is a report of a site without a usable
/// `site.toml` or theme.
pub fn load(options: &Options) -> Result<Result<Loaded, Report>, Failure> {
    read_all(options, &mut remembered(&options.root).fixed(), None)
}

/// What earlier builds of the site left in its state folder.
pub fn remembered(root: &Path) -> Memory {
    Memory::load(&root.join(emit::STATE), ENGINE)
}

/// `aside` if every page will be rendered, so that bodies are written as soon as they are parsed.
fn read_all(options: &Options, memory: &mut Memory, aside: Option<&Aside>) -> Result<Result<Loaded, Report>, Failure> {
    let (config, mut findings) = read_config(options)?;
    let (theme, problems) = Theme::load(&options.root, config.as_ref().and_then(|config| config.theme.as_deref()))
        .map_err(|error| Failure::Io { path: options.root.join("templates"), error })?;
    findings.extend(problems);
    let tree = source::scan(&options.root);
    let documents = tree.files.iter().filter(|file| file.kind == FileKind::Document).count();
    let read::All { sources, findings: problems, fresh, began } = read::all(&tree, memory, aside);
    findings.extend(problems);
    let frame = Frame { as_of: options.as_of, drafts: options.drafts };
    // a faulty site.toml must not hide what is wrong with the documents
    let checked = config.clone().unwrap_or_else(Config::stand_in);
    let read = fresh.len();
    // most of the catalogue is the work of one thread; what was read is put by at the same time
    let keep = || memory.keep(&tree, began, fresh);
    let (_, (catalogue, problems)) = rayon::join(keep, || catalogue::build(sources, &checked, frame));
    findings.extend(problems);
    diag::sort(&mut findings);
    let report = Report {
        findings,
        documents,
        withheld: catalogue.withheld.len(),
        ignored: tree.ignored,
        read,
        ..Report::default()
    };
    Ok(match (config, theme) {
        (Some(config), Some(theme)) => Ok(Loaded { catalogue, config, theme, report }),
        _ => Err(report),
    })
}

fn read_config(options: &Options) -> Result<(Option<Config>, Vec<Diagnostic>), Failure> {
    let path = options.root.join(&options.config);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(config::read(&bytes, &options.config.to_string_lossy(), options.base_url.as_deref())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::NoSite(path)),
        Err(error) => Err(Failure::Io { path, error }),
    }
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
