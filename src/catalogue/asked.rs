//! What texts ask the whole site: how many documents there are of a sort (自动计数), and the figures of a series.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::listings::newest;
use super::select::{self, Names, Rule};
use super::tally::{self, Grounds, Group};
use super::{DocId, Entry, FactValue, Series};
use crate::diag::{Code, Diagnostic, suggest::did_you_mean};
use crate::model::document::DataBlock;
use crate::model::{Ask, Body, Condition, Count, Kind, KindField, Located, Moment, Select, Shape, SourcePath, Text};

/// The answers to all that one file asks.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// For each of `Body::data`, if it asks.
    pub blocks: Box<[Option<Answer>]>,
    /// For each of `Body::figures` its number.
    pub figures: Box<[usize]>,
}

/// What a block asked.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// A head and the rows below it; none if only a number was asked for.
    pub rows: Box<[Box<[Text]>]>,
    /// How many documents there are.
    pub total: usize,
    /// Of the figures, if it is one and the same.
    pub unit: Text,
    /// The documents that were counted, newest first, if they are to be listed.
    pub docs: Option<Box<[DocId]>>,
}

/// Names without a count that are told of one file.
const MOST: usize = 50;

/// A rule without the places where it is written.
type RuleKey = (Vec<(Condition, Vec<Text>)>, Option<Moment>, Option<Moment>);
/// What rules came to.
type Known = HashMap<Vec<RuleKey>, Arc<[DocId]>>;

fn rule_key(rule: &Select) -> RuleKey {
    let texts = |values: &[Located<Text>]| values.iter().map(|value| value.value.clone()).collect();
    let conditions = rule.conditions.iter().map(|(condition, values)| (*condition, texts(values)));
    (conditions.collect(), rule.from, rule.to)
}

/// What is asked.
pub struct Asked<'a> {
    pub docs: &'a [Entry],
    pub series: &'a [Series],
    pub names: Names<'a>,
}

impl Asked<'_> {
    /// The answers, by the files that ask.
    pub fn answers(&self, findings: &mut Vec<Diagnostic>) -> BTreeMap<SourcePath, Answers> {
        let mut known = Known::new();
        let documents = self.docs.iter().map(|doc| (&doc.source, doc.front.counts(), &*doc.body));
        let files = self.names.channels.iter().map(|channel| &channel.file);
        let intros = files.map(|file| (&file.source, &*file.counts, &file.body));
        documents
            .chain(intros)
            .filter(|(_, counts, body)| !counts.is_empty() || body.asks())
            .map(|(source, counts, body)| {
                (source.clone(), self.of(source.as_str(), counts, body, &mut known, findings))
            })
            .collect()
    }

    fn of(
        &self,
        file: &str,
        counts: &[Count],
        body: &Body,
        known: &mut Known,
        findings: &mut Vec<Diagnostic>,
    ) -> Answers {
        let numbers: BTreeMap<&str, usize> = counts
            .iter()
            .map(|count| (&*count.name.value, self.chosen(&count.select, file, known, findings).len()))
            .collect();
        let mut untold = MOST;
        let figure = |name: &Located<Text>| {
            let number = numbers.get(&*name.value).copied();
            if number.is_none() && untold > 0 {
                untold -= 1;
                let help = did_you_mean(&name.value, numbers.keys().copied())
                    .unwrap_or_else(|| format!("在头信息 counts（自动计数）里声明：{}: {{kind: …}}", name.value));
                findings.push(problem(file, name, format!("自动计数“{}”没有声明", name.value), help));
            }
            number.unwrap_or_default()
        };
        let figures = body.figures.iter().map(figure).collect();
        let block = |block: &DataBlock| Some(self.answer(block.ask.as_ref()?, block, file, known, findings));
        Answers { figures, blocks: body.data.iter().map(block).collect() }
    }

    /// The public documents that any rule holds for; all if there is none. Many texts ask the same: it is looked for once.
    fn chosen(&self, select: &[Select], file: &str, known: &mut Known, findings: &mut Vec<Diagnostic>) -> Arc<[DocId]> {
        let key: Vec<RuleKey> = select.iter().map(rule_key).collect();
        if let Some(chosen) = known.get(&key) {
            return chosen.clone();
        }
        let before = findings.len();
        select.iter().for_each(|rule| select::check(rule, file, self.docs, self.names.kinds, findings));
        let rules: Vec<Rule> = select.iter().map(|rule| Rule::new(rule, file, &self.names, findings)).collect();
        let is_chosen = |doc: &Entry| rules.is_empty() || rules.iter().any(|rule| rule.holds(doc, &self.names));
        // a preview shows what is not public yet, but counts what is
        let public = (0..).zip(self.docs).filter(|(_, doc)| doc.pending.is_none());
        let chosen: Arc<[DocId]> = public.filter(|(_, doc)| is_chosen(doc)).map(|(id, _)| id).collect();
        // what is wrong with a rule is told wherever it stands
        if findings.len() == before {
            known.insert(key, chosen.clone());
        }
        chosen
    }

    fn answer(
        &self,
        ask: &Ask,
        block: &DataBlock,
        file: &str,
        known: &mut Known,
        findings: &mut Vec<Diagnostic>,
    ) -> Answer {
        match ask {
            Ask::Documents { select, by, lists } => {
                let ids = self.chosen(select, file, known, findings);
                let on = Grounds { channels: self.names.channels, axes: self.names.axes, kinds: self.names.kinds };
                let groups = by.map(|by| (by, tally::divide(&ids, by, |id| &self.docs[id as usize], on)));
                let rows = groups.map_or_else(Box::default, |(by, groups)| {
                    rows(tally::label(by), &groups, ids.len(), block.chart.is_none())
                });
                let total = ids.len();
                Answer { rows, total, docs: lists.then(|| newest(ids.to_vec(), self.docs).into()), ..Answer::default() }
            }
            Ask::Series { name, fields, last } => self.figures(name, fields, *last, file, findings),
        }
    }

    /// The figures of the last issues of a series.
    fn figures(
        &self,
        name: &Located<Text>,
        fields: &[Located<Text>],
        last: usize,
        file: &str,
        findings: &mut Vec<Diagnostic>,
    ) -> Answer {
        let Some(series) = self.series.iter().find(|series| *series.name == *name.value) else {
            let names = self.series.iter().map(|series| &*series.name);
            let help = did_you_mean(&name.value, names)
                .unwrap_or_else(|| "写文件头信息 series（期刊）里的名称；catalogue/series/ 列出全部".into());
            findings.push(problem(file, name, format!("没有期刊“{}”", name.value), help));
            return Answer::default();
        };
        let kind = series.kind.map(|kind| self.names.kinds.get(kind));
        let fields = match (kind, fields.is_empty()) {
            (Some(kind), true) => kind.series.trend.iter().filter_map(|name| kind.field(name)).collect(),
            (Some(kind), false) => wanted(kind, fields, file, findings),
            (None, _) => Vec::new(),
        };
        if fields.is_empty() {
            let help = "写上 fields，或在信息类型的 series 里写 trend";
            findings.push(problem(file, name, format!("不知道取期刊“{}”的哪些字段", name.value), help.into()));
            return Answer::default();
        }
        let is_public = |id: &DocId| self.docs[*id as usize].pending.is_none();
        let issues = series.course().into_iter().filter(|(_, id)| id.as_ref().is_none_or(is_public));
        let issues: Vec<(String, Option<DocId>)> = issues.collect();
        let issues = &issues[issues.len().saturating_sub(last)..];
        let head = std::iter::once("期号".into()).chain(fields.iter().map(|(_, field)| field.label.clone()));
        let row = |(label, id): &(String, Option<DocId>)| {
            let doc = id.map(|id| &self.docs[id as usize]);
            let figure = |(at, _): &(usize, &KindField)| doc.map(|doc| shown(doc, *at)).unwrap_or_default();
            std::iter::once(label.as_str().into()).chain(fields.iter().map(figure)).collect()
        };
        let rows = std::iter::once(head.collect()).chain(issues.iter().map(row)).collect();
        let unit = fields[0].1.shape.unit();
        let is_one = fields.iter().all(|(_, field)| field.shape.unit() == unit);
        let unit = if is_one { unit.into() } else { Text::default() };
        Answer { rows, total: issues.len(), unit, docs: None }
    }
}

/// The fields of a kind that are named and hold figures, with their places.
fn wanted<'k>(
    kind: &'k Kind,
    fields: &[Located<Text>],
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(usize, &'k KindField)> {
    let is_figure = |field: &KindField| field.public && matches!(field.shape, Shape::Number(_) | Shape::Money(_));
    let mut find = |name: &Located<Text>| {
        let found = kind.field(&name.value).filter(|(_, field)| is_figure(field));
        if found.is_none() {
            let names = kind.fields.iter().filter(|field| is_figure(field));
            let names: Vec<&str> = names.flat_map(|field| [&*field.label, &*field.name]).collect();
            let labels: Vec<&str> = names.iter().step_by(2).copied().collect();
            let help = did_you_mean(&name.value, names).unwrap_or_else(|| format!("可以写：{}", labels.join("、")));
            let message = format!("信息类型“{}”没有数字字段“{}”", kind.label, name.value);
            findings.push(problem(file, name, message, help));
        }
        found
    };
    fields.iter().filter_map(&mut find).collect()
}

/// What a document says in a field with a figure.
fn shown(doc: &Entry, at: usize) -> Text {
    let figure = doc.facts.iter().find_map(|fact| match &fact.value {
        FactValue::Number(figure) if usize::from(fact.field) == at => Some(figure.to_string().into()),
        _ => None,
    });
    figure.unwrap_or_default()
}

/// A row for each group, and their sum below if it is one and the rows are read as a table.
fn rows(label: &str, groups: &[Group], total: usize, is_table: bool) -> Box<[Box<[Text]>]> {
    let row = |label: &str, count: usize| -> Box<[Text]> { [label.into(), count.to_string().into()].into() };
    let adds_up = groups.iter().map(|group| group.docs.len()).sum::<usize>() == total;
    let head: Box<[Text]> = [label.into(), "件数".into()].into();
    let sum = (is_table && adds_up && groups.len() > 1).then(|| row("合计", total));
    let body = groups.iter().map(|group| row(&group.label, group.docs.len()));
    std::iter::once(head).chain(body).chain(sum).collect()
}

fn problem(file: &str, at: &Located<Text>, message: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::G084, file, at.span, message).help(help)
}
