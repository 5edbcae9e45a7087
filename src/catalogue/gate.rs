//! The gate: which documents are public. Those that are not go no further, and the report says why.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::channels::{Channel, Folders};
use super::facts::{self, Fact};
use super::kinds::{KindId, Kinds};
use super::{ChannelId, Frame, withdrawn};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{
    Body, Disclosure, Document, Field, Front, Hash128, Link, Moment, Remains, SourcePath, Span, Withdrawal,
};

/// A document in its channel, with the channel's defaults.
#[derive(Debug)]
pub struct Placed {
    pub source: SourcePath,
    pub hash: Hash128,
    pub front: Arc<Front>,
    pub body: Arc<Body>,
    /// The home page, if no folder above it is a channel: then it is withheld for that reason.
    pub channel: ChannelId,
    /// Why it is not public, though it is admitted: in previews only.
    pub pending: Option<Reason>,
    /// Its withdrawal, once that has begun.
    pub withdrawn: Option<Withdrawal>,
    pub kind: Option<KindId>,
    /// What it states in the fields of its kind.
    pub facts: Arc<[Fact]>,
    /// Where its fields of the kind lead: references and files, in the order of its facts.
    pub named: Box<[Link]>,
}

impl Placed {
    /// By when what the document refers to must be public: when the document is, if it is only shown.
    pub fn when(&self, today: When) -> When {
        self.pending.and_then(Reason::opens).unwrap_or(today)
    }
}

/// How titles end that `gongkai new` writes.
pub const SAMPLE: &str = "（请改成标题）";

/// A document that is not public. Its files are held back with it.
#[derive(Debug)]
pub struct Withheld {
    pub doc: Placed,
    pub reason: Reason,
}

/// By when something is to be public: what a document refers to must be public when the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    Day(Moment),
    /// A draft's day is not known yet.
    Someday,
}

/// Why a document is not public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    Draft,
    Disclosure(Disclosure),
    /// Its `published` lies after the as-of date.
    NotYet(Moment),
    /// No folder above it has an `_index.md`; an error says so.
    NoChannel,
    /// It was public once.
    Withdrawn(Withdrawal),
}

impl Reason {
    /// When the document will be public by itself or once it is finished; `None`: it is not meant to be.
    pub fn opens(self) -> Option<When> {
        match self {
            Reason::Draft => Some(When::Someday),
            Reason::NotYet(published) => Some(When::Day(published.day())),
            Reason::Disclosure(_) | Reason::NoChannel | Reason::Withdrawn(_) => None,
        }
    }

    /// Whether what is held back for this reason may be referred to by what is public from then on.
    pub fn is_over(self, when: When) -> bool {
        self.opens().is_some_and(|opens| opens <= when)
    }

    /// Whether what is held back for this reason is shown all the same.
    fn is_shown(self, frame: Frame) -> bool {
        match self {
            Reason::Draft => frame.drafts || frame.preview,
            Reason::NotYet(_) => frame.preview,
            Reason::Disclosure(_) | Reason::NoChannel | Reason::Withdrawn(_) => false,
        }
    }

    /// In Chinese, as a mark beside a title.
    pub fn mark(self) -> String {
        match self {
            Reason::Draft => "草稿".into(),
            Reason::NotYet(published) => format!("将于 {} 公开", published.day()),
            Reason::Disclosure(disclosure) => disclosure.label().into(),
            Reason::NoChannel => "不在任何栏目里".into(),
            Reason::Withdrawn(_) => "已撤下".into(),
        }
    }

    /// In Chinese, for the report.
    pub fn text(self) -> String {
        match self {
            Reason::Draft => "草稿".into(),
            Reason::Disclosure(disclosure) => format!("公开方式是{}", disclosure.label()),
            Reason::NotYet(day) => format!("公开日期 {day} 还没有到"),
            Reason::NoChannel => "不在任何栏目里".into(),
            Reason::Withdrawn(what) => what.state(),
        }
    }
}

/// Sorts the public from the rest, in the order of the source paths.
pub fn admit(
    documents: Vec<Document>,
    channels: &[Channel],
    folders: &Folders,
    kinds: &Kinds,
    frame: Frame,
    findings: &mut Vec<Diagnostic>,
) -> (Vec<Placed>, Vec<Withheld>) {
    let (mut admitted, mut withheld) = (Vec::with_capacity(documents.len()), Vec::new());
    for Document { source, hash, front, body } in documents {
        let channel = folders.nearest(source.folder());
        let front = match channel {
            Some(channel) => front.or(&channels[channel as usize].defaults),
            None => front,
        };
        let withdrawn = front.withdrawal().filter(|what| what.day <= frame.as_of);
        // a draft that nobody sees may be incomplete, and so may what nobody sees any more
        let is_gone = withdrawn.is_some_and(|what| what.remains != Remains::Banner);
        let is_complete = if front.flag(Field::Draft) { Reason::Draft.is_shown(frame) } else { !is_gone };
        let (kind, facts, named) = (None, Arc::default(), Box::default());
        let channel_id = channel.unwrap_or(0);
        let pending = None;
        let doc = Placed { source, hash, front, body, channel: channel_id, pending, withdrawn, kind, facts, named };
        let doc = facts::of(doc, kinds, is_complete, findings);
        let Placed { source, front, .. } = &doc;
        dates(source.as_str(), front, findings);
        withdrawn::check(source.as_str(), front, findings);
        if let Some(title) = front.text(Field::Title).filter(|title| title.ends_with(SAMPLE) && is_complete) {
            let finding = Diagnostic::new(
                Code::G014,
                source.as_str(),
                front.span(Field::Title),
                format!("标题还是样例：{title}"),
            );
            findings.push(finding.help("写上标题，并检查正文和各个字段里的“待填”"));
        }
        index_number(source, front, findings);
        let is_given = channel.is_none_or(|channel| channels[channel as usize].is_whole);
        let gone = withdrawn.filter(|_| is_gone);
        let reason = reason(source, (front, gone), is_given, frame, findings);
        let at = source.as_str();
        if channel.is_none() && !channels.is_empty() {
            let finding = Diagnostic::new(Code::G058, at, None, "文件不在任何栏目里");
            findings.push(finding.help("在它的文件夹或上级文件夹里新建 _index.md"));
        }
        // a bundle's page would stand above the channel that it lies in
        if source.is_bundle() && !source.folder().is_empty() && folders.get(source.folder()).is_some() {
            let finding = Diagnostic::new(Code::G056, at, None, "栏目的文件夹里不能有 index.md");
            findings.push(finding.help("改一个文件名；带附件的文件放进一个没有 _index.md 的子文件夹"));
        }
        let pending = reason.filter(|reason| reason.is_shown(frame));
        if let Some(reason) = reason.filter(|_| pending.is_none()) {
            findings.push(Diagnostic::new(Code::G090, at, None, format!("未公开：{}", reason.text())));
        }
        let reason = reason.filter(|_| pending.is_none()).or(channel.is_none().then_some(Reason::NoChannel));
        let doc = Placed { pending, ..doc };
        match reason {
            None => admitted.push(doc),
            Some(reason) => withheld.push(Withheld { doc, reason }),
        }
    }
    (admitted, withheld)
}

/// Why the document is not public. A draft that nobody sees may be incomplete; anything else may not, and goes on all the
/// same, so that what else is wrong with it is told in the same run. `gone`: its withdrawal, if that leaves it to nobody; `is_given`: whether all that its channels give is known.
fn reason(
    source: &SourcePath,
    (front, gone): (&Front, Option<Withdrawal>),
    is_given: bool,
    frame: Frame,
    findings: &mut Vec<Diagnostic>,
) -> Option<Reason> {
    let draft = front.flag(Field::Draft).then_some(Reason::Draft);
    if draft.is_some_and(|draft| !draft.is_shown(frame)) {
        return draft;
    }
    if let Some(what) = gone.filter(|_| draft.is_none() && front.disclosure() == Disclosure::Proactive) {
        return Some(Reason::Withdrawn(what));
    }
    let missing: Vec<Field> = [Field::Title, Field::Issuer, Field::Published]
        .into_iter()
        .filter(|field| front.get(*field).is_none())
        .filter(|field| is_given || !field.may_be_shared())
        .collect();
    for field in &missing {
        let spec = field.spec();
        let message = format!("缺少必填字段：{}（{}）", spec.labels[0], spec.key);
        let help = format!("在头信息里写上 {}: …（{}）", spec.key, spec.help);
        findings.push(Diagnostic::new(Code::G014, source.as_str(), Span::new(0, 3), message).help(help));
    }
    match (front.disclosure(), front.moment(Field::Published)) {
        (Disclosure::Proactive, _) if draft.is_some() && frame.preview => draft,
        (Disclosure::Proactive, Some(published)) if published.day() > frame.as_of => Some(Reason::NotYet(published)),
        (Disclosure::Proactive, _) => draft,
        (other, _) => Some(Reason::Disclosure(other)),
    }
}

/// Dates that contradict each other. Where one of the two is a channel's default, the other is the place; where both are,
/// the channel is told of it.
pub fn dates(path: &str, front: &Front, findings: &mut Vec<Diagnostic>) {
    let before = |earlier: Field, later: Field| match (front.moment(earlier), front.moment(later)) {
        (Some(a), Some(b)) => b.day() < a.day(),
        _ => false,
    };
    let mut push = |severity, fields: [Field; 2], message: &str, help: &str| {
        let Some(at) = fields.map(|field| front.span(field)).into_iter().find(|at| at.is_somewhere()) else { return };
        let finding = Diagnostic::new(Code::G022, path, at, message).help(help);
        findings.push(Diagnostic { severity, ..finding });
    };
    if before(Field::Effective, Field::Expires) {
        push(
            Severity::Error,
            [Field::Expires, Field::Effective],
            "有效期至早于生效日期",
            "核对原件，改正 expires 或 effective",
        );
    }
    if before(Field::Effective, Field::Repealed) {
        push(
            Severity::Warning,
            [Field::Repealed, Field::Effective],
            "废止日期早于生效日期",
            "核对原件，改正 repealed 或 effective",
        );
    }
    if before(Field::Written, Field::Published) {
        push(
            Severity::Warning,
            [Field::Published, Field::Written],
            "公开日期早于成文日期",
            "核对原件，改正 published 或 written",
        );
    }
    if before(Field::Published, Field::Withdrawn) {
        push(
            Severity::Error,
            [Field::Withdrawn, Field::Published],
            "撤下日期早于公开日期",
            "改正 withdrawn 或 published；还没有公开过的，写 draft: true",
        );
    }
    if before(Field::Published, Field::Updated) {
        push(
            Severity::Warning,
            [Field::Updated, Field::Published],
            "更新日期早于公开日期",
            "改正 updated 或 published",
        );
    }
}

/// Traces of bad migrations in an 索引号.
fn index_number(source: &SourcePath, front: &Front, findings: &mut Vec<Diagnostic>) {
    let Some(number) = front.index_no() else { return };
    let mut push = |message: String| {
        findings.push(
            Diagnostic::new(Code::G019, source.as_str(), front.span(Field::IndexNo), message)
                .help("核对原件；索引号发出后不改，确属原件如此可以保留"),
        );
    };
    if number.has_empty_segment() {
        push(format!("索引号“{}”里有一段是空的", number.as_str()));
    }
    let years: Vec<i16> = [Field::Written, Field::Published]
        .into_iter()
        .filter_map(|field| front.moment(field))
        .map(Moment::year)
        .collect();
    if let Some(year) = number.year()
        && !years.is_empty()
        && !years.contains(&year)
    {
        push(format!("索引号的年份是 {year}，与成文、公开日期的年份不同"));
    }
}
