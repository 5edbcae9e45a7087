//! The one build path: six stages on one screen. A cold build, a warm build and (later) a rebuild in watch mode are
//! this function.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::prelude::*;

use crate::catalogue::{self, Catalogue, Frame, Sources};
use crate::config::{self, Config};
use crate::diag::{self, Code, Diagnostic, Severity};
use crate::emit;
use crate::model::{Axis, Hash128, Moment};
use crate::parse;
use crate::plan;
use crate::render::{self, World};
use crate::source::{self, FileKind, SourceFile, Tree};
use crate::theme::Theme;

/// Names the program in ledgers: what another version wrote is rendered anew.
pub const ENGINE: &str = concat!("gongkai ", env!("CARGO_PKG_VERSION"));

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
    /// `None`: an error stopped the build, and nothing on disk was changed.
    pub done: Option<emit::Summary>,
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

/// Builds the site. `waiting` is called if another build is at work on the same site.
pub fn build(options: &Options, waiting: &dyn Fn()) -> Result<Report, Failure> {
    let config = options.root.join(&options.config);
    if matches!(config.try_exists(), Ok(false)) {
        return Err(Failure::NoSite(config));
    }
    let target = emit::Target::new(&options.root, &options.output).map_err(refusal)?;
    let Loaded { catalogue, config, theme, mut report } = match read_all(options, target.is_new())? {
        Ok(loaded) => loaded,
        Err(report) => return Ok(report),
    };
    let (plan, findings) = plan::make(&catalogue, &theme);
    // the net under the catalogue's own check of addresses, which knows their places in the sources
    if !report.findings.iter().any(|finding| finding.code == Code::G051) {
        report.findings.extend(findings);
    }
    if stops(&mut report, options) {
        return Ok(report);
    }
    let world = match World::new(&catalogue, &config, &theme, &options.root, &plan.parts) {
        Ok(world) => world,
        Err(finding) => {
            report.findings.push(finding);
            return Ok(report);
        }
    };
    let planned: Vec<emit::Planned> = plan
        .pages
        .par_iter()
        .map(|page| emit::Planned { out: page.out.clone(), fingerprint: render::fingerprint(page, &world) })
        .collect();
    let content = |at: usize| render::render(&plan.pages[at], &world).map(into_output);
    match emit::write(&target, ENGINE, &planned, &content, waiting) {
        Ok(summary) => report.done = Some(summary),
        Err(emit::Failure::Findings(findings)) => report.findings.extend(findings),
        Err(failure) => return Err(refusal(failure)),
    }
    diag::sort(&mut report.findings);
    Ok(report)
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
    read_all(options, false)
}

/// `all_pages`: whether every page will be rendered, so that bodies may be written as soon as they are parsed.
fn read_all(options: &Options, all_pages: bool) -> Result<Result<Loaded, Report>, Failure> {
    let (config, mut findings) = read_config(options)?;
    let theme = match Theme::load(&options.root, config.as_ref().and_then(|config| config.theme.as_deref())) {
        Ok(Ok(theme)) => Some(theme),
        Ok(Err(problems)) => {
            findings.extend(problems);
            None
        }
        Err(error) => return Err(Failure::Io { path: options.root.join("templates"), error }),
    };
    let tree = source::scan(&options.root);
    let documents = tree.files.iter().filter(|file| file.kind == FileKind::Document).count();
    let ignored = tree.ignored;
    let (sources, problems) = read(tree, &Room::new(all_pages));
    findings.extend(problems);
    let frame = Frame { as_of: options.as_of, drafts: options.drafts };
    // a faulty site.toml must not hide what is wrong with the documents
    let checked = config.clone().unwrap_or_else(Config::stand_in);
    let (catalogue, problems) = catalogue::build(sources, &checked, frame);
    findings.extend(problems);
    diag::sort(&mut findings);
    let report = Report { findings, documents, withheld: catalogue.withheld.len(), ignored, done: None };
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

/// Reads and parses every file in parallel; a text is dropped as soon as it is parsed.
fn read(tree: Tree, room: &Room) -> (Sources, Vec<Diagnostic>) {
    let files = tree.files.par_iter();
    let parsed: Vec<(Parsed, Vec<Diagnostic>)> = files.map(|file| read_safely(&tree.root, file, room)).collect();
    let mut sources = Sources { documents: Vec::new(), channels: Vec::new(), tables: Vec::new(), files: Vec::new() };
    let mut findings = tree.findings;
    for (parsed, problems) in parsed {
        findings.extend(problems);
        match parsed {
            Parsed::Document(document) => sources.documents.push(*document),
            Parsed::Channel(channel) => sources.channels.push(*channel),
            Parsed::Table(axis, table) => sources.tables.push((axis, table)),
            Parsed::File(path, facts) => sources.files.push((path, facts)),
            Parsed::Nothing => {}
        }
    }
    for axis in [Axis::Subject, Axis::Genre, Axis::Audience] {
        if !sources.tables.iter().any(|(declared, _)| *declared == axis) {
            sources.tables.push((axis, parse::tables::embedded(axis)));
        }
    }
    (sources, findings)
}

/// One file, as far as it could be read.
enum Parsed {
    Document(Box<crate::model::Document>),
    Channel(Box<crate::model::ChannelFile>),
    Table(Axis, crate::model::table::Table),
    File(crate::model::SourcePath, crate::model::file::FileFacts),
    Nothing,
}

/// Room for bodies that are written as HTML when they are parsed: it saves reading and parsing them again. Which of them
/// find room makes no difference to the result.
struct Room(AtomicUsize);

impl Room {
    /// Texts, in bytes.
    const MOST: usize = 32 * 1024 * 1024;

    fn new(all_pages: bool) -> Self {
        Self(AtomicUsize::new(if all_pages { Self::MOST } else { 0 }))
    }

    fn takes(&self, text: &str) -> bool {
        self.0.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(text.len())).is_ok()
    }
}

/// A file that makes the program fail is a finding like any other, and hides none.
fn read_safely(root: &Path, file: &SourceFile, room: &Room) -> (Parsed, Vec<Diagnostic>) {
    std::panic::catch_unwind(|| read_one(root, file, room)).unwrap_or_else(|_| {
        let message = "程序处理这个文件时出错，这是 gongkai 的缺陷";
        let finding = Diagnostic::new(Code::G099, file.path.as_str(), None, message);
        (Parsed::Nothing, vec![finding.help("请把这个文件和出错信息告诉 gongkai 的维护者；改动文件或许可以绕开")])
    })
}

fn read_one(root: &Path, file: &SourceFile, room: &Room) -> (Parsed, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let parsed = match file.kind {
        FileKind::Attachment | FileKind::Static => match source::probe(root, &file.path) {
            Ok(facts) => Some(Parsed::File(file.path.clone(), facts)),
            Err(error) => {
                findings.push(source::unreadable(file.path.as_str(), &error));
                None
            }
        },
        _ => {
            let read = |text: &str, hash| read_text(file, text, hash, room, &mut findings);
            source::text(root, file.path.as_str(), read).unwrap_or_else(|finding| {
                findings.push(finding);
                None
            })
        }
    };
    (parsed.unwrap_or(Parsed::Nothing), findings)
}

fn read_text(
    file: &SourceFile,
    text: &str,
    hash: Hash128,
    room: &Room,
    findings: &mut Vec<Diagnostic>,
) -> Option<Parsed> {
    match file.kind {
        FileKind::Document => parse::document(&file.path, text, hash, room.takes(text), findings)
            .map(|document| Parsed::Document(Box::new(document))),
        FileKind::Channel => {
            parse::channel(&file.path, text, hash, findings).map(|channel| Parsed::Channel(Box::new(channel)))
        }
        FileKind::Data => {
            let name = file.path.in_content().strip_prefix("_data/").unwrap_or_default();
            let Some(axis) = parse::tables::axis_of(name) else {
                findings.push(source::unused_table(file.path.as_str()));
                return None;
            };
            let path = file.path.as_str().into();
            Some(Parsed::Table(axis, parse::tables::read(text, &path, findings)))
        }
        _ => {
            findings.push(source::unused_table(file.path.as_str()));
            None
        }
    }
}

fn into_output(content: render::Content) -> emit::Content {
    match content {
        render::Content::Bytes(bytes) => emit::Content::Bytes(bytes),
        render::Content::Copy(path) => emit::Content::Copy(path),
    }
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
