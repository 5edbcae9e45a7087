//! Files that go to the site as they are: what may be published, where it stands, and who refers to it.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::FileId;
use super::address;
use super::channels::Channel;
use super::gate::{Placed, Reason, When, Withheld};
use super::links::{self, Href};
use super::pending;
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Severity, suggest};
use crate::model::file::{FileFacts, FileType, Shape};
use crate::model::{Located, OutPath, SourcePath, Text, path, slug};

/// An attachment, image or file of `static/`.
#[derive(Debug, Serialize, Deserialize)]
pub struct FileEntry {
    pub source: SourcePath,
    /// `None`: not published (it may not be, or it belongs to a document that is not public).
    pub out: Option<OutPath>,
    pub facts: FileFacts,
    /// It belongs only to documents that are not public: why the one is not that is public first.
    #[serde(skip)]
    pub kept: Option<Reason>,
}

impl FileEntry {
    pub fn is_static(&self) -> bool {
        self.source.as_str().starts_with("static/")
    }

    /// Whether what is public from a day on may refer to it.
    pub fn is_open(&self, when: When) -> bool {
        self.kept.map_or(self.out.is_some(), |reason| reason.is_over(when))
    }
}

/// Decides for every file whether it is published, and where.
pub fn publish(
    files: Vec<(SourcePath, FileFacts)>,
    admitted: &[Placed],
    withheld: &[Withheld],
    channels: &[Channel],
    findings: &mut Vec<Diagnostic>,
) -> Vec<FileEntry> {
    let kept = kept_back(admitted, withheld, channels);
    let has_site = !channels.is_empty();
    files
        .into_iter()
        .map(|(source, facts)| {
            let kept = kept.reason(&source);
            let out = match kept {
                _ if !has_site => None,
                None => placed(&source, &facts, findings),
                Some(Keeper { reason, is_shown: true }) => {
                    pending::tell(reason, findings, |findings| placed(&source, &facts, findings))
                }
                Some(Keeper { reason, .. }) => {
                    let finding = Diagnostic::new(Code::G090, source.as_str(), None, "未公开：只属于没有公开的文件");
                    findings.push(finding);
                    if reason.opens().is_some() {
                        pending::tell(reason, findings, |findings| placed(&source, &facts, findings));
                    }
                    None
                }
            };
            FileEntry { source, out, facts, kept: kept.map(|keeper| keeper.reason) }
        })
        .collect()
}

/// Where a file stands, if it may be published.
fn placed(source: &SourcePath, facts: &FileFacts, findings: &mut Vec<Diagnostic>) -> Option<OutPath> {
    match source.as_str().starts_with("static/") {
        true => place_static(source, findings),
        false => is_allowed(source, facts, findings).then(|| place(source, findings)).flatten(),
    }
}

/// Why a file is not public, and whether it is shown all the same because a document is that refers to it.
#[derive(Clone, Copy)]
struct Keeper {
    reason: Reason,
    is_shown: bool,
}

/// By `key`, so that a name written in other letters keeps its file back, too.
struct Kept {
    files: HashMap<String, Keeper>,
    folders: Vec<(String, Keeper)>,
}

impl Kept {
    fn reason(&self, source: &SourcePath) -> Option<Keeper> {
        let bundle = self.folders.iter().find(|(folder, _)| source.as_str().starts_with(folder));
        // what lies in a bundle is held back with it, whoever else refers to it
        bundle.map(|(_, keeper)| *keeper).or_else(|| self.files.get(&key(source.as_str())).copied())
    }
}

/// Equal for all ways to write a file's name: Unicode form, case, percent-encoding.
pub fn key(path: &str) -> String {
    slug::nfc(&path::decode(path).unwrap_or_else(|| path.to_owned())).to_lowercase()
}

/// The files that a document refers to, by `key`.
pub fn named(doc: &Placed) -> Vec<String> {
    let folder = doc.source.folder();
    let attachments = doc.front.attachments().iter().map(|attachment| attachment.file.value.clone());
    let links = doc.body.links.iter().chain(&doc.named);
    let linked = links.filter_map(|link| links::file_source(folder, &link.target.value));
    attachments.filter_map(|file| source_path(folder, &file)).chain(linked).map(|path| key(&path)).collect()
}

/// Files that only documents refer to which are not public, and folders of bundles that are not public.
fn kept_back(admitted: &[Placed], withheld: &[Withheld], channels: &[Channel]) -> Kept {
    let public = admitted.iter().filter(|doc| doc.pending.is_none());
    let of_records = channels.iter().filter_map(|channel| {
        let file = &channel.file.records.as_ref()?.file.value;
        source_path(channel.file.source.folder(), file).map(|path| key(&path))
    });
    let public = public.flat_map(named).chain(of_records);
    let public: HashSet<String> = public.collect();
    let shown = admitted.iter().filter_map(|doc| Some((doc, Keeper { reason: doc.pending?, is_shown: true })));
    let withheld = withheld.iter().map(|held| (&held.doc, Keeper { reason: held.reason, is_shown: false }));
    let held: Vec<(&Placed, Keeper)> = shown.chain(withheld).collect();
    let mut files: HashMap<String, Keeper> = HashMap::new();
    for (doc, keeper) in &held {
        let names = named(doc);
        for name in names.into_iter().filter(|name| !public.contains(name)) {
            let first = files.entry(name).or_insert(*keeper);
            let opens = keeper.reason.opens();
            let is_sooner = opens.is_some_and(|opens| first.reason.opens().is_none_or(|first| opens < first));
            if is_sooner {
                first.reason = keeper.reason;
            }
            first.is_shown |= keeper.is_shown;
        }
    }
    let bundles = held.iter().filter(|(doc, _)| doc.source.is_bundle());
    let folders = bundles.map(|(doc, keeper)| (format!("content/{}/", doc.source.folder()), *keeper)).collect();
    Kept { files, folders }
}

/// A file's path from the site's root, from a name as a document in `folder` writes it: beside it, or `/x` in `static/`.
pub fn source_path(folder: &str, written: &str) -> Option<String> {
    match written.strip_prefix('/') {
        Some(below) => path::join("static", below).filter(|path| path.starts_with("static/")),
        None => path::join(folder, written).map(|path| format!("content/{path}")),
    }
}

fn place_static(source: &SourcePath, findings: &mut Vec<Diagnostic>) -> Option<OutPath> {
    let below = source.as_str().strip_prefix("static/").unwrap_or(source.as_str());
    checked(source, below.to_owned(), findings)
}

fn place(source: &SourcePath, findings: &mut Vec<Diagnostic>) -> Option<OutPath> {
    checked(source, format!("{}{}", address::files_folder(source.folder()), slug::nfc(source.name())), findings)
}

fn checked(source: &SourcePath, out: String, findings: &mut Vec<Diagnostic>) -> Option<OutPath> {
    OutPath::new(out)
        .map_err(|problem| findings.push(Diagnostic::new(Code::G004, source.as_str(), None, problem).help("重新命名")))
        .ok()
}

/// The allow-list, and that a file's bytes are what its name says.
fn is_allowed(source: &SourcePath, facts: &FileFacts, findings: &mut Vec<Diagnostic>) -> bool {
    let mut push = |code, message: String, help: &str| {
        findings.push(Diagnostic::new(code, source.as_str(), None, message).help(help));
        false
    };
    let Some(kind) = FileType::of(source.name()) else {
        let extension = source
            .name()
            .rsplit_once('.')
            .map_or("没有扩展名的文件".into(), |(_, extension)| format!(".{extension} 文件"));
        let is_text =
            [".markdown", ".mdown", ".mkd", ".mdx"].iter().any(|end| extension.starts_with(&format!("{end} ")));
        let help = match is_text {
            true => "要公开的文件，扩展名写 .md",
            false => "改成 pdf、docx、xlsx、csv、png 等；网站自己的文件放在 static/",
        };
        return push(Code::G040, format!("{extension}不能作附件"), help);
    };
    match facts.shape {
        _ if facts.size == 0 => push(Code::G041, "文件是空的".into(), "重新上传完整的文件"),
        shape if kind.shapes.contains(&shape) => match facts.image_problem() {
            Some(problem) => push(Code::G041, problem, "用看图软件打开，重新另存；打不开的换成原图"),
            None => true,
        },
        Shape::Markup => push(
            Code::G041,
            format!("扩展名是 .{}，内容却是网页（HTML、SVG 或 XML）", kind.extension),
            "用原软件重新另存，不要只改扩展名",
        ),
        Shape::Macros => push(Code::G041, "文件里有宏（程序）".into(), "另存为不带宏的文件，或导出为 PDF"),
        Shape::Zip => push(
            Code::G041,
            format!("扩展名是 .{}，内容却是别的压缩包", kind.extension),
            "用原软件重新另存；确是压缩包的，扩展名写 .zip",
        ),
        _ => push(Code::G041, format!("内容不是 .{} 格式", kind.extension), "用原软件重新另存，不要只改扩展名"),
    }
}

/// For each document the files its front matter names.
pub fn attachments(
    admitted: &[Placed],
    files: &Files,
    when: When,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Box<[FileId]>> {
    admitted.iter().map(|doc| files.attachments(doc, doc.when(when), findings)).collect()
}

/// `G006` for published files that nothing refers to, and errors for files that `site.toml` names and are not there.
pub fn warn_unused(
    files: &[FileEntry],
    config: &Config,
    (attachments, others): (&[Box<[FileId]>], &[FileId]),
    linked: &[Box<[Href]>],
    intros: &[Box<[Href]>],
    findings: &mut Vec<Diagnostic>,
) {
    let linked = linked.iter().chain(intros).flat_map(|links| links.iter()).filter_map(|href| match href {
        Href::File(id) => Some(*id),
        _ => None,
    });
    let attached = attachments.iter().flat_map(|files| files.iter()).chain(others).copied();
    let used: HashSet<FileId> = attached.chain(linked).collect();
    for (id, file) in files.iter().enumerate() {
        if file.out.is_some() && !file.is_static() && !used.contains(&(id as FileId)) {
            findings.push(
                Diagnostic::new(Code::G006, file.source.as_str(), None, "没有文件引用它，仍会公开")
                    .help("在 attachments 里写上它；不该公开就移走"),
            );
        }
    }
    let site = [("logo", &config.site.logo), ("favicon", &config.site.favicon), ("emblem", &config.site.emblem)];
    for (key, file) in site {
        let Some(Located { value: file, span }) = file else { continue };
        let found = files.iter().find(|entry| entry.source.as_str() == format!("static{file}"));
        let problem = match found {
            None => Some((Code::G034, format!("{key} 的文件 static{file} 不存在"), "放上文件，或删去这一行")),
            Some(entry) if !is_picture(file) => Some((
                Code::G034,
                format!("{key} 的文件 {} 不是图片", entry.source),
                "换成 png、jpg、gif、webp、svg 或 ico 图片",
            )),
            Some(entry) => entry.facts.image_problem().map(|problem| {
                (
                    Code::G041,
                    format!("{key} 的文件 static{file}：{problem}"),
                    "用看图软件打开，重新另存；打不开的换成原图",
                )
            }),
        };
        if let Some((code, message, help)) = problem {
            findings.push(Diagnostic::new(code, config.file.clone(), *span, message).help(help));
        }
    }
}

/// Why no file of this name is an attachment, whether it is there or not, with advice.
fn never_attached(written: &str, name: &str) -> Option<(String, &'static str)> {
    if written.contains("://") {
        return Some(("是站外的网址".into(), "附件要放在网站里；站外网址在正文里写成链接：[名称](网址)"));
    }
    if name.to_ascii_lowercase().ends_with(".md") {
        return Some(("是另一份公开信息，会成为网页".into(), "在正文里写成链接：[名称](文件.md)"));
    }
    if name.starts_with(['.', '~']) || name.ends_with('~') {
        return Some(("以点或 ~ 开头，当作临时文件没有读入".into(), "改一个文件名"));
    }
    slug::name_problem(name).map(|problem| (format!("没有读入：{problem}"), "改一个文件名"))
}

/// What refers to something that was withdrawn must not stand in the way of the withdrawal: it is told, and goes nowhere.
pub fn unless_withdrawn(finding: Diagnostic, kept: Option<Reason>) -> Diagnostic {
    let is_gone = finding.code == Code::G039 && matches!(kept, Some(Reason::Withdrawn(_)));
    let severity = if is_gone { Severity::Warning } else { finding.severity };
    Diagnostic { severity, ..finding }
}

/// Whether a browser may show the site's own file as an image, by its name.
fn is_picture(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase());
    matches!(extension.as_str(), "svg" | "ico") || FileType::of(name).is_some_and(|kind| kind.is_image)
}

/// All files, and finding them by path.
/// Names are compared in Unicode NFC: two forms of one name look the same to their authors.
pub struct Files<'a> {
    pub all: &'a [FileEntry],
    by_source: HashMap<String, FileId>,
}

impl<'a> Files<'a> {
    pub fn new(all: &'a [FileEntry]) -> Self {
        let by_source =
            all.iter().enumerate().map(|(id, file)| (slug::nfc(file.source.as_str()), id as FileId)).collect();
        Self { all, by_source }
    }

    pub fn find(&self, source: &str) -> Option<FileId> {
        self.by_source.get(&slug::nfc(source)).copied()
    }

    /// The files that the front matter of a document names which is public from a day on.
    pub fn attachments(&self, doc: &Placed, when: When, findings: &mut Vec<Diagnostic>) -> Box<[FileId]> {
        let mut found: Vec<FileId> = Vec::new();
        for written in doc.front.attachments().iter().map(|attachment| &attachment.file) {
            let Some(id) = self.attachment(doc, written, when, findings) else { continue };
            if found.contains(&id) {
                let message = format!("附件“{}”写了两次", written.value);
                let finding = Diagnostic::new(Code::G012, doc.source.as_str(), written.span, message);
                // nothing is lost by it, but another file may have been meant
                let finding = Diagnostic { severity: Severity::Warning, ..finding };
                findings.push(finding.help("只保留一处；是两个文件的，改正文件名"));
            }
            found.push(id);
        }
        found.into()
    }

    fn attachment(
        &self,
        doc: &Placed,
        written: &Located<Text>,
        when: When,
        findings: &mut Vec<Diagnostic>,
    ) -> Option<FileId> {
        let mut push = |code, message: String, help: String| {
            findings.push(Diagnostic::new(code, doc.source.as_str(), written.span, message).help(help));
        };
        let name = &written.value;
        let Some(source) = source_path(doc.source.folder(), name) else {
            push(Code::G042, format!("附件路径“{name}”越出了网站"), "附件放在文件旁边，或放在 static/ 里".into());
            return None;
        };
        let Some(id) = self.find(&source) else {
            let beside = self.all.iter().filter(|file| file.source.folder() == doc.source.folder());
            let last = name.rsplit('/').next().unwrap_or("");
            let (message, help) = match never_attached(name, last) {
                Some((why, help)) => (format!("附件“{name}”{why}"), help.to_owned()),
                None => {
                    let help = suggest::did_you_mean(last, beside.map(|file| file.source.name()))
                        .unwrap_or_else(|| format!("把文件放到 {source}，或改正文件名"));
                    (format!("附件“{name}”不存在"), help)
                }
            };
            push(Code::G034, message, help);
            return None;
        };
        if self.all[id as usize].kept.is_some_and(|reason| !reason.is_over(when)) {
            let help = "把文件移到这份文件旁边，或公开那份文件";
            let message = format!("附件“{name}”没有公开：它在没有公开的文件的文件夹里");
            let finding = Diagnostic::new(Code::G039, doc.source.as_str(), written.span, message).help(help);
            findings.push(unless_withdrawn(finding, self.all[id as usize].kept));
        }
        Some(id)
    }
}
