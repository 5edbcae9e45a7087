//! Where the links and images of bodies lead.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::channels::{Channel, Folders};
use super::files::{Files, source_path, unless_withdrawn};
use super::gate::{Placed, Reason, When, Withheld};
use super::lookup::{Finder, Found, resolve};
use super::withdrawn::{Tombstone, TombstoneId};
use super::{ChannelId, DocId, FileId};
use crate::diag::{Code, Diagnostic, Severity, suggest};
use crate::model::file::FileType;
use crate::model::{Body, Link, LinkKind, SourcePath, path};

/// A resolved link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Href {
    Doc(DocId, Option<Arc<str>>),
    Channel(ChannelId),
    File(FileId),
    /// What is left of a document that was withdrawn.
    Withdrawn(TombstoneId),
    /// A heading of the same page, by its id.
    Heading(Arc<str>),
    /// No page: a finding says what is wrong, or neither end of the link is public yet.
    Nowhere,
}

/// The links of every document's body, then those of its kind's fields.
pub fn documents(resolver: &Resolver, findings: &mut Vec<Diagnostic>) -> Vec<Box<[Href]>> {
    let of = |doc: &Placed| {
        let resolver = Resolver { when: doc.when(resolver.when), ..*resolver };
        let links = doc.body.links.iter().chain(&doc.named);
        resolver.all(&doc.source, &doc.body, links, findings)
    };
    resolver.admitted.iter().map(of).collect()
}

/// The links of every channel's introduction.
pub fn intros(channels: &[Channel], resolver: &Resolver, findings: &mut Vec<Diagnostic>) -> Vec<Box<[Href]>> {
    channels
        .iter()
        .map(|channel| {
            let body = &channel.file.body;
            resolver.all(&channel.file.source, body, body.links.iter(), findings)
        })
        .collect()
}

/// The file that a link's destination names, from the site's root.
pub fn file_source(folder: &str, target: &str) -> Option<String> {
    source_path(folder, &path::decode(target.split('#').next()?)?)
}

/// What links may lead to, as of a day.
#[derive(Clone, Copy)]
pub struct Resolver<'a> {
    pub admitted: &'a [Placed],
    pub withheld: &'a [Withheld],
    pub folders: &'a Folders,
    pub finder: &'a Finder,
    pub files: &'a Files<'a>,
    pub tombstones: &'a [Tombstone],
    pub when: When,
}

impl Resolver<'_> {
    /// The links of a text that is public from the day on.
    pub fn all<'l>(
        &self,
        source: &SourcePath,
        body: &Body,
        links: impl Iterator<Item = &'l Link>,
        findings: &mut Vec<Diagnostic>,
    ) -> Box<[Href]> {
        links
            .map(|link| {
                let href = self.one(source, body, link).unwrap_or_else(|finding| {
                    findings.push(*finding);
                    Href::Nowhere
                });
                if let Href::Withdrawn(id) = href {
                    findings.push(self.gone(source, link, &self.tombstones[id as usize]));
                }
                href
            })
            .collect()
    }

    fn one(&self, source: &SourcePath, body: &Body, link: &Link) -> Result<Href, Box<Diagnostic>> {
        let written = &*link.target.value;
        let problem = |code, message: String, help: String| {
            Box::new(Diagnostic::new(code, source.as_str(), link.target.span, message).help(help))
        };
        let decoded = path::decode(written).ok_or_else(|| {
            problem(Code::G032, format!("链接“{written}”的百分号编码有误"), "直接写中文，不必编码".into())
        })?;
        if link.kind == LinkKind::Link
            && let Some(number) = decoded.strip_prefix("索引号:").or_else(|| decoded.strip_prefix("索引号："))
        {
            let found = self.finder.number(number);
            return self
                .document(found, None)
                .map_err(|(code, help)| problem(code, format!("链接的索引号“{number}”{}", says(code)), help));
        }
        // split as it was written: `%23` is a `#` in the name of a file
        let (target, anchor) =
            written.split_once('#').map_or((written, None), |(target, anchor)| (target, Some(anchor)));
        let target = &*path::decode(target).unwrap_or_default();
        let anchor = anchor.and_then(path::decode).filter(|anchor| !anchor.is_empty());
        let anchor = anchor.as_deref();
        if target.contains('?') {
            return Err(problem(
                Code::G032,
                format!("站内链接“{written}”带有参数"),
                "写源文件的相对路径，不带 ? 和参数".into(),
            ));
        }
        match (link.kind, target) {
            // told of where it is read
            (LinkKind::Image, "") => Ok(Href::Nowhere),
            (LinkKind::Image, _) => self.file(source, target, true).map_err(|(code, message, help)| {
                let help = self.with_hash(source, &decoded).unwrap_or(help);
                Box::new(unless_withdrawn(*problem(code, message, help), self.held(source, target)))
            }),
            (_, "") => match anchor {
                None => Ok(Href::Heading("".into())),
                Some(anchor) => heading(body, anchor).map(Href::Heading).ok_or_else(|| {
                    problem(Code::G033, format!("本文件没有标题“{anchor}”"), known_headings(body, anchor))
                }),
            },
            _ if target.ends_with(".md") => {
                let path = resolve(source.folder(), target).ok_or_else(|| {
                    problem(Code::G042, format!("链接“{written}”越出了网站"), "写 content/ 里的文件".into())
                })?;
                if let Some(folder) = path.strip_suffix("_index.md") {
                    lost_anchor(anchor, "栏目").map_err(|(code, message, help)| problem(code, message, help))?;
                    return match self.folders.get(folder.trim_end_matches('/')) {
                        Some(channel) => Ok(Href::Channel(channel)),
                        None => Err(problem(
                            Code::G032,
                            format!("链接的栏目“{written}”不存在"),
                            "写有 _index.md 的文件夹".into(),
                        )),
                    };
                }
                let found = self.finder.beside(source.folder(), target);
                self.document(found, anchor).map_err(|(code, help)| {
                    let help = match code {
                        Code::G032 => suggest::did_you_mean(&path, self.finder.names()).unwrap_or(help),
                        _ => help,
                    };
                    let what = anchor.filter(|_| code == Code::G033).unwrap_or(written);
                    problem(code, format!("链接的“{what}”{}", says(code)), help)
                })
            }
            _ if target.ends_with('/') => {
                lost_anchor(anchor, "栏目").map_err(|(code, message, help)| problem(code, message, help))?;
                let folder = resolve(source.folder(), target).ok_or_else(|| {
                    problem(Code::G042, format!("链接“{written}”越出了网站"), "写 content/ 里的栏目".into())
                })?;
                self.folders.get(&folder).map(Href::Channel).ok_or_else(|| {
                    problem(
                        Code::G032,
                        format!("链接的栏目“{written}”不存在"),
                        "写有 _index.md 的文件夹，以 / 结尾".into(),
                    )
                })
            }
            _ => {
                let found = self.file(source, target, false);
                let found = found.and_then(|href| lost_anchor(anchor, "文件").map(|()| href));
                found.map_err(|(code, message, help)| {
                    let help = self.with_hash(source, &decoded).unwrap_or(help);
                    Box::new(unless_withdrawn(*problem(code, message, help), self.held(source, target)))
                })
            }
        }
    }

    /// A link to what was withdrawn is no error: the withdrawal must not wait until nobody links there any more.
    fn gone(&self, source: &SourcePath, link: &Link, gone: &Tombstone) -> Diagnostic {
        let becomes =
            if gone.has_page() { "读者会看到撤下的说明" } else { "链接不再显示，只留文字" };
        let message = format!("链接的“{}”{}，{becomes}", link.target.value, gone.what.text());
        let help = match gone.what.is_private() {
            true => "去掉链接；检查这里的文字是否还写着撤下的内容",
            false => "去掉链接，或改为现在的文件",
        };
        let finding = Diagnostic::new(Code::G039, source.as_str(), link.target.span, message);
        Diagnostic { severity: Severity::Warning, ..finding.help(help) }
    }

    /// Why a file is held back that a source names.
    fn held(&self, source: &SourcePath, target: &str) -> Option<Reason> {
        let path = source_path(source.folder(), target)?;
        self.files.all[self.files.find(&path)? as usize].kept
    }

    /// What to write if a file has a `#` in its name, and the link has it too.
    fn with_hash(&self, source: &SourcePath, decoded: &str) -> Option<String> {
        let is_there = decoded.contains('#') && self.files.find(&source_path(source.folder(), decoded)?).is_some();
        is_there.then(|| format!("文件名里的 # 写作 %23：{}", decoded.replace('#', "%23")))
    }

    fn document(&self, found: Option<Found>, anchor: Option<&str>) -> Result<Href, (Code, String)> {
        match found {
            Some(found @ Found::Public(id)) if self.finder.is_open(found, self.when) => {
                let anchor = anchor_in(&self.admitted[id as usize].body, anchor)?;
                Ok(Href::Doc(id, anchor))
            }
            Some(found @ Found::Withheld(at)) if self.finder.is_open(found, self.when) => {
                anchor_in(&self.withheld[at].doc.body, anchor)?;
                Ok(Href::Nowhere)
            }
            Some(Found::Withheld(at)) if matches!(self.withheld[at].reason, Reason::Withdrawn(_)) => {
                let source = &self.withheld[at].doc.source;
                let id = self.tombstones.binary_search_by(|tombstone| tombstone.source.cmp(source));
                Ok(id.map_or(Href::Nowhere, |id| Href::Withdrawn(id as TombstoneId)))
            }
            Some(_) => Err((Code::G039, "公开那份文件，或去掉链接".into())),
            None => Err((Code::G032, "写源文件的相对路径（如 ../zcfg/x.md），或“索引号:…”".into())),
        }
    }

    /// A file that a source names, which is public from the day on; an image or any other. Else what is wrong, with advice.
    pub fn file(&self, source: &SourcePath, target: &str, image: bool) -> Result<Href, (Code, String, String)> {
        let what = if image { "图片" } else { "文件" };
        let Some(path) = source_path(source.folder(), target) else {
            return Err((
                Code::G042,
                format!("{what}路径“{target}”越出了网站"),
                "文件放在旁边，或放在 static/ 里".into(),
            ));
        };
        let Some(id) = self.files.find(&path) else {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let name = path.rsplit('/').next().unwrap_or(&path);
            let beside = self
                .files
                .all
                .iter()
                .filter_map(|file| file.source.as_str().rsplit_once('/'))
                .filter(|(at, _)| *at == folder);
            let help = suggest::did_you_mean(name, beside.map(|(_, name)| name)).unwrap_or_else(|| {
                match target.ends_with(".html") {
                    true => "链接站内文件写源文件的路径（.md），不写网址".into(),
                    false if target.starts_with("www.") => format!("站外网址写明 https://：https://{target}"),
                    false => format!("把文件放到 {path}，或改正路径"),
                }
            });
            let code = if image || FileType::of(target).is_some() { Code::G034 } else { Code::G032 };
            return Err((code, format!("{what}“{target}”不存在"), help));
        };
        let file = &self.files.all[id as usize];
        match FileType::of(file.source.name()) {
            Some(kind) if image && !kind.is_image => {
                Err((Code::G034, format!("“{target}”不是图片"), "用链接 [名称](文件) 代替 ![]()".into()))
            }
            // one that may not be published at all was told of where it stands
            _ if file.kept.is_none() && file.out.is_none() => Ok(Href::Nowhere),
            _ if !file.is_open(self.when) => {
                Err((Code::G039, format!("{what}“{target}”没有公开"), "它只属于没有公开的文件，或类型不允许".into()))
            }
            _ => match file.facts.image_problem().filter(|_| image) {
                Some(problem) => Err((
                    Code::G041,
                    format!("“{target}”：{problem}"),
                    "用看图软件打开，重新另存；打不开的换成原图".into(),
                )),
                None => Ok(Href::File(id)),
            },
        }
    }
}

/// Only documents have places that links can name; what is written behind the `#` of another link would be lost.
fn lost_anchor(anchor: Option<&str>, what: &str) -> Result<(), (Code, String, String)> {
    match anchor {
        None => Ok(()),
        Some(anchor) => Err((
            Code::G033,
            format!("链接到{what}，不能带“#{anchor}”"),
            "去掉 # 和后面的文字；要指到某一页、某一处，写在链接的文字里".into(),
        )),
    }
}

/// The heading of a document that a link names.
fn anchor_in(body: &Body, anchor: Option<&str>) -> Result<Option<Arc<str>>, (Code, String)> {
    let Some(anchor) = anchor else { return Ok(None) };
    heading(body, anchor).map(Some).ok_or_else(|| (Code::G033, known_headings(body, anchor)))
}

fn says(code: Code) -> &'static str {
    match code {
        Code::G039 => "没有公开",
        Code::G033 => "不是那份文件的标题",
        _ => "不存在",
    }
}

/// A heading by its id, or by its text as authors write it.
fn heading(body: &Body, anchor: &str) -> Option<Arc<str>> {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let by_id = body.headings.iter().find(|heading| &*heading.id == anchor);
    let wanted = bare(anchor);
    let by_text = || body.headings.iter().find(|heading| !wanted.is_empty() && bare(&heading.text) == wanted);
    by_id.or_else(by_text).map(|heading| Arc::from(&*heading.id))
}

fn known_headings(body: &Body, anchor: &str) -> String {
    let texts = body.headings.iter().map(|heading| &*heading.text);
    suggest::did_you_mean(anchor, texts).unwrap_or_else(|| match body.headings.is_empty() {
        true => "那里没有标题；去掉 # 和后面的文字".into(),
        false => format!("可以写标题的文字，如 #{}", body.headings[0].text),
    })
}
