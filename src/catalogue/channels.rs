//! The tree of channels, their addresses, and what their documents inherit.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ChannelId;
use super::facts;
use super::gate;
use super::kinds::Kinds;
use super::terms::{self, Terms};
use crate::config::Config;
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::{ChannelFile, Field, Front, Hash128, Located, OutPath, Span, Text, slug};

/// 栏目: a folder with an `_index.md`, in its place in the tree.
#[derive(Debug, Serialize, Deserialize)]
pub struct Channel {
    pub file: ChannelFile,
    /// Folder below `content/`: `zwgk/czxx`; empty for the home page.
    pub folder: Arc<str>,
    /// The folder in addresses, with a closing `/`; empty for the home page.
    pub out: Arc<str>,
    pub parent: Option<ChannelId>,
    /// In reading order.
    pub children: Vec<ChannelId>,
    /// Fields for documents that leave them out: its own `defaults:`, then those above.
    pub defaults: Arc<Front>,
    /// Whether it and those above could be read.
    pub is_whole: bool,
}

impl Channel {
    pub fn title(&self) -> &str {
        &self.file.title.value
    }
}

/// The address of a folder: each of its names as a slug, with a closing `/`.
pub fn out_folder(folder: &str) -> String {
    let mut out = String::with_capacity(folder.len() + 1);
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        out.push_str(&slug::slug(name));
        out.push('/');
    }
    out
}

/// Channels by their folders below `content/`.
pub struct Folders(HashMap<Arc<str>, ChannelId>);

impl Folders {
    pub fn new(channels: &[Channel]) -> Self {
        Self::of(channels.iter().map(|channel| &channel.folder))
    }

    fn of<'a>(folders: impl Iterator<Item = &'a Arc<str>>) -> Self {
        Self(folders.enumerate().map(|(id, folder)| (folder.clone(), id as ChannelId)).collect())
    }

    pub fn get(&self, folder: &str) -> Option<ChannelId> {
        self.0.get(folder).copied()
    }

    /// The nearest channel at or above a folder.
    pub fn nearest(&self, folder: &str) -> Option<ChannelId> {
        let above = std::iter::successors(Some(folder), |folder| {
            (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
        });
        above.into_iter().find_map(|folder| self.get(folder))
    }
}

/// The channel and those above it, from the home page down.
pub fn line(channels: &[Channel], id: ChannelId) -> Vec<ChannelId> {
    let mut line: Vec<ChannelId> = std::iter::successors(Some(id), |id| channels[*id as usize].parent).collect();
    line.reverse();
    line
}

/// All channels, parents before children, siblings in reading order; the home page is the first.
pub fn tree(files: Vec<ChannelFile>, findings: &mut Vec<Diagnostic>) -> Vec<Channel> {
    let mut files: Vec<(Arc<str>, ChannelFile)> =
        files.into_iter().map(|file| (Arc::from(file.source.folder()), file)).collect();
    files.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
    if files.first().is_none_or(|(folder, _)| !folder.is_empty()) {
        findings.push(
            Diagnostic::new(Code::G058, "content/_index.md", None, "没有首页：缺少 content/_index.md")
                .help("新建 content/_index.md，头信息里写 title: 首页"),
        );
        return Vec::new();
    }
    // a child comes right after its parent's other descendants, siblings by `order:` and then by folder
    let position: HashMap<Arc<str>, i32> =
        files.iter().map(|(folder, file)| (folder.clone(), file.position.unwrap_or(i32::MAX))).collect();
    let key = |folder: &str| -> Vec<(i32, String)> {
        let mut path = String::new();
        let names = folder.split('/').filter(|name| !name.is_empty());
        names
            .map(|name| {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(name);
                (position.get(&*path).copied().unwrap_or(i32::MAX), name.to_owned())
            })
            .collect()
    };
    files.sort_by_cached_key(|(folder, _)| key(folder));
    let folders = Folders::of(files.iter().map(|(folder, _)| folder));
    let parents: Vec<Option<ChannelId>> = files
        .iter()
        .map(|(folder, _)| folder.rsplit_once('/').map(|(above, _)| above).or((!folder.is_empty()).then_some("")))
        .map(|above| above.and_then(|above| folders.nearest(above)))
        .collect();
    let mut children: Vec<Vec<ChannelId>> = vec![Vec::new(); files.len()];
    for (id, parent) in parents.iter().enumerate() {
        parent.iter().for_each(|parent| children[*parent as usize].push(id as ChannelId));
    }
    let mut channels: Vec<Channel> = Vec::with_capacity(files.len());
    for (id, (folder, file)) in files.into_iter().enumerate() {
        let parent = parents[id];
        let above = parent.map_or_else(Arc::default, |parent| channels[parent as usize].defaults.clone());
        let children = std::mem::take(&mut children[id]);
        let defaults = Arc::new(file.defaults.clone()).or(&above);
        let is_above = parent.is_none_or(|id| channels[id as usize].is_whole);
        let depth = folder.split('/').count();
        if depth > DEEPEST {
            let message = format!("栏目套了 {depth} 层，最多 {DEEPEST} 层");
            let finding = Diagnostic::new(Code::G056, file.source.as_str(), None, message);
            findings.push(finding.help("减少层数：读者要一层一层点进去"));
        }
        let (out, is_whole) = (address(&folder, &file, findings), is_above && file.is_whole);
        channels.push(Channel { out, folder, parent, children, defaults, file, is_whole });
    }
    reserved(&channels, findings);
    channels
}

/// Levels of channels.
const DEEPEST: usize = 24;

/// A channel's folder in addresses; one that no host can hold is told, and replaced so that the rest can be looked at.
fn address(folder: &str, file: &ChannelFile, findings: &mut Vec<Diagnostic>) -> Arc<str> {
    let out = out_folder(folder);
    match OutPath::new(format!("{out}sitemap-0000.xml")) {
        Ok(_) => out.into(),
        Err(problem) => {
            let message = format!("栏目的网址不能用：{problem}");
            findings.push(Diagnostic::new(Code::G056, file.source.as_str(), None, message).help("缩短或改写文件夹名"));
            format!("{}/", Hash128::of_bytes(out.as_bytes())).into()
        }
    }
}

/// Folders at the top that would hide the catalogue or the assets.
fn reserved(channels: &[Channel], findings: &mut Vec<Diagnostic>) {
    for channel in channels {
        let top = channel.folder.split('/').next().unwrap_or("");
        if slug::is_reserved(top) {
            let path = channel.file.source.as_str();
            let message = format!("文件夹“{top}”与网站自己的网址相同");
            findings.push(Diagnostic::new(Code::G056, path, None, message).help("换一个文件夹名"));
        }
    }
}

/// The channels of the main navigation: those `site.toml` names, else the first eight at the top.
pub fn nav(channels: &[Channel], folders: &Folders, config: &Config, findings: &mut Vec<Diagnostic>) -> Vec<ChannelId> {
    let Some(named) = &config.site.nav else {
        return channels.first().map_or(Vec::new(), |home| home.children.iter().copied().take(8).collect());
    };
    named.iter().filter_map(|(path, span)| find(path, *span, &config.file, channels, folders, findings)).collect()
}

/// The channels of `also_in:`, of a document or of a channel's defaults; of a default the channel alone is told.
pub fn also_in(
    front: &Front,
    file: &str,
    channels: &[Channel],
    folders: &Folders,
    findings: &mut Vec<Diagnostic>,
) -> Vec<ChannelId> {
    let mut told = Vec::new();
    let mut find = |path: &Located<Text>| {
        let findings = if path.span.is_somewhere() { &mut *findings } else { &mut told };
        find(&path.value, path.span, file, channels, folders, findings)
    };
    front.list(Field::AlsoIn).iter().filter_map(&mut find).collect()
}

/// Tells once what is wrong with the defaults of channels, at their place, however many documents inherit them.
pub fn check_defaults(
    channels: &[Channel],
    axes: &[Terms],
    folders: &Folders,
    kinds: &Kinds,
    findings: &mut Vec<Diagnostic>,
) {
    for channel in channels {
        // its own have a place there, those from above have none
        let (front, path) = (&channel.defaults, channel.file.source.as_str());
        gate::dates(path, front, findings);
        terms::check(axes, front, path, findings);
        also_in(front, path, channels, folders, findings);
        kinds.check_name(front, path, findings);
        facts::check_extras(kinds, front, path, findings);
    }
}

/// The channel of a path below `content/`, or `G054`.
pub fn find(
    path: &str,
    span: Span,
    file: &str,
    channels: &[Channel],
    folders: &Folders,
    findings: &mut Vec<Diagnostic>,
) -> Option<ChannelId> {
    let folder = path.trim().trim_matches('/').trim_start_matches("content/");
    let found = folders.get(folder);
    if found.is_none() {
        let known = channels.iter().map(|channel| &*channel.folder).filter(|folder| !folder.is_empty());
        let help = suggest::did_you_mean(folder, known)
            .unwrap_or_else(|| "写 content/ 下有 _index.md 的文件夹，如 zwgk/czxx".into());
        findings.push(Diagnostic::new(Code::G054, file, span, format!("没有栏目“{path}”")).help(help));
    }
    found
}
