//! 组配: which `select:` rule lists a document in which further channel.

use std::collections::BTreeSet;

use super::channels::{self, Folders};
use super::kinds::Kinds;
use super::terms::AxisIndex;
use super::{Channel, Entry, TermId};
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::{Axis, Condition, Field, Located, Moment, Select, Text};

/// A rule with its names looked up once.
pub struct Rule {
    tests: Vec<Test>,
    from: Option<Moment>,
    to: Option<Moment>,
}

enum Test {
    /// Any of these terms, or one below them.
    Terms(Axis, Vec<TermId>),
    Kind(Vec<Text>),
    Series(Vec<Text>),
    Keyword(Vec<Text>),
    /// Any of these channels, or one below them.
    Channel(Vec<super::ChannelId>),
}

impl Rule {
    /// Unknown channels are errors, and so are unknown terms where nothing else could match; terms that no document has
    /// (yet) simply match nothing on an open axis.
    pub fn new(select: &Select, file: &str, site: &Names, findings: &mut Vec<Diagnostic>) -> Self {
        let tests = select
            .conditions
            .iter()
            .map(|(condition, values)| Test::new(*condition, values, file, site, findings))
            .collect();
        Self { tests, from: select.from, to: select.to }
    }

    pub fn holds(&self, doc: &Entry, site: &Names) -> bool {
        let day = doc.published.day();
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.tests.iter().all(|test| test.holds(doc, site))
    }
}

/// A warning for each kind, series and keyword of a rule that no document has.
pub fn check(select: &Select, file: &str, docs: &[Entry], kinds: &Kinds, findings: &mut Vec<Diagnostic>) {
    for (condition, values) in &select.conditions {
        let (field, name) = match condition {
            Condition::Kind => (Field::Kind, "信息类型"),
            Condition::Series => (Field::Series, "期刊"),
            Condition::Keyword => (Field::Keywords, "关键词"),
            Condition::Axis(_) | Condition::Channel => continue,
        };
        let used: BTreeSet<&str> = docs.iter().flat_map(|doc| texts(doc, field)).collect();
        let is_used = |value: &Text| match condition {
            Condition::Kind => used.contains(&*kinds.canonical(value)),
            _ => used.contains(&**value),
        };
        for value in values.iter().filter(|value| !is_used(&value.value)) {
            findings.push(nowhere(name, used.iter().copied(), value, file));
        }
    }
}

/// What a document says in a field of one text or of several.
fn texts(doc: &Entry, field: Field) -> impl Iterator<Item = &str> {
    doc.front.text(field).into_iter().chain(doc.front.list(field).iter().map(|text| &*text.value))
}

/// What rules are read against.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    pub channels: &'a [Channel],
    pub axes: &'a [AxisIndex],
    pub folders: &'a Folders,
    pub kinds: &'a Kinds,
}

impl Test {
    fn new(
        condition: Condition,
        values: &[Located<Text>],
        file: &str,
        site: &Names,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let texts = || values.iter().map(|value| value.value.clone()).collect();
        match condition {
            Condition::Kind => Test::Kind(values.iter().map(|value| site.kinds.canonical(&value.value)).collect()),
            Condition::Series => Test::Series(texts()),
            Condition::Keyword => Test::Keyword(texts()),
            Condition::Channel => {
                let find = |value: &Located<Text>| {
                    channels::find(&value.value, value.span, file, site.channels, site.folders, findings)
                };
                Test::Channel(values.iter().filter_map(find).collect())
            }
            Condition::Axis(axis) => {
                let index = &site.axes[axis.index()];
                let mut terms = Vec::new();
                for value in values {
                    let found = (0..index.terms.len() as TermId).filter(|id| is_named(index, *id, &value.value));
                    let before = terms.len();
                    terms.extend(found);
                    if terms.len() == before {
                        findings.push(unknown(index, value, file));
                    }
                }
                Test::Terms(axis, terms)
            }
        }
    }

    fn holds(&self, doc: &Entry, site: &Names) -> bool {
        let text_in = |field, texts: &[Text]| {
            doc.front.text(field).is_some_and(|text| texts.iter().any(|other| **other == *text))
        };
        match self {
            Test::Kind(kinds) => text_in(Field::Kind, kinds),
            Test::Series(series) => text_in(Field::Series, series),
            Test::Keyword(words) => doc.front.list(Field::Keywords).iter().any(|word| words.contains(&word.value)),
            Test::Channel(wanted) => {
                channels::line(site.channels, doc.channel).iter().any(|channel| wanted.contains(channel))
            }
            Test::Terms(axis, wanted) => {
                let index = &site.axes[axis.index()];
                doc.terms_of(*axis).any(|term| index.line(term).iter().any(|term| wanted.contains(term)))
            }
        }
    }
}

fn is_named(index: &AxisIndex, id: TermId, written: &str) -> bool {
    let term = index.term(id);
    *term.full == *written
        || (*term.name == *written && term.parent.is_none())
        || *term.full == *written.replace('\\', "/")
}

/// A term that the site does not have: a slip, or a rule that can list nothing.
fn unknown(index: &AxisIndex, value: &Located<Text>, file: &str) -> Diagnostic {
    nowhere(index.axis.label(), index.terms.iter().map(|term| &*term.full), value, file)
}

fn nowhere<'a>(what: &str, names: impl Iterator<Item = &'a str>, value: &Located<Text>, file: &str) -> Diagnostic {
    let help = suggest::did_you_mean(&value.value, names).unwrap_or_else(|| "改正名称，或先给文件写上它".into());
    let message = format!("组配规则里的{what}“{}”在全站没有", value.value);
    let finding = Diagnostic::new(Code::G060, file, value.span, message).help(help);
    Diagnostic { severity: crate::diag::Severity::Warning, ..finding }
}
