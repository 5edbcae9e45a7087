//! 期刊: documents that came out one after the other under one name, each with its number. What is missing between them, and
//! what came out twice, is told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::kinds::{KindId, Kinds};
use super::{DocId, Entry};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, Issue, slug};

/// Place of a series in `Catalogue::series`.
pub type SeriesId = u32;

/// A series with all its public issues.
#[derive(Debug)]
pub struct Series {
    pub name: Box<str>,
    /// The folder of its page, with a closing `/`.
    pub out: Arc<str>,
    /// The kind of its newest issue.
    pub kind: Option<KindId>,
    /// Those that are numbered together, newest first: one per year if every year begins with issue 1.
    pub runs: Vec<Run>,
    /// Documents of the series whose number cannot be told, newest first.
    pub unnumbered: Vec<DocId>,
}

/// Issues that are numbered together.
#[derive(Debug)]
pub struct Run {
    /// `None` if numbers go on from year to year.
    pub year: Option<i16>,
    /// By number.
    pub issues: Vec<(Issue, DocId)>,
    /// Numbers (from, to) that are missing between the first and the last.
    pub gaps: Vec<(u32, u32)>,
}

/// A document among the issues of its series.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InSeries {
    /// The folder of the series' page.
    pub out: Arc<str>,
    pub earlier: Option<DocId>,
    pub later: Option<DocId>,
}

impl Series {
    /// Every issue, oldest first.
    pub fn issues(&self) -> impl DoubleEndedIterator<Item = (Option<i16>, Issue, DocId)> {
        self.runs.iter().rev().flat_map(|run| run.issues.iter().map(|(issue, id)| (run.year, *issue, *id)))
    }

    /// Every issue with what stands for it in a chart or table, oldest first; `None` for what is missing between two.
    pub fn course(&self) -> Vec<(String, Option<DocId>)> {
        // the year tells two first issues apart
        let has_years = self.runs.len() > 1;
        let mut course = Vec::new();
        for run in self.runs.iter().rev() {
            let year = run.year.filter(|_| has_years).map(|year| format!("{year}年")).unwrap_or_default();
            let mut gaps = run.gaps.iter().peekable();
            for (issue, id) in &run.issues {
                while let Some(gap) = gaps.next_if(|(_, to)| *to < issue.first) {
                    course.push((format!("{year}{}", gap_label(*gap)), None));
                }
                course.push((format!("{year}{}", issue.label()), Some(*id)));
            }
        }
        course
    }

    pub fn count(&self) -> usize {
        self.runs.iter().map(|run| run.issues.len()).sum::<usize>() + self.unnumbered.len()
    }
}

/// `第31期`, `第31至33期`
pub fn gap_label((from, to): (u32, u32)) -> String {
    Issue { year: None, first: from, last: to }.label()
}

/// The series of all documents, by name; doubts about their numbers are warnings.
pub fn of(docs: &[Entry], kinds: &Kinds, findings: &mut Vec<Diagnostic>) -> Vec<Series> {
    let mut by_name: BTreeMap<&str, Vec<DocId>> = BTreeMap::new();
    for (id, doc) in (0..).zip(docs) {
        if let Some(name) = doc.front.text(Field::Series) {
            by_name.entry(name).or_default().push(id);
        }
    }
    let series: Vec<Series> = by_name.into_iter().map(|(name, ids)| one(name, ids, docs, kinds, findings)).collect();
    alike(&series, docs, findings);
    series
}

/// `G051`: names that only differ in case, or in signs that no address holds, would share a page.
fn alike(series: &[Series], docs: &[Entry], findings: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, &Series> = HashMap::new();
    for one in series {
        let Some(first) = seen.insert(one.out.to_lowercase(), one) else { continue };
        let id = one.issues().map(|(.., id)| id).next().or(one.unnumbered.first().copied());
        let Some(doc) = id.map(|id| &docs[id as usize]) else { continue };
        let message = format!("期刊“{}”与“{}”只差大小写或符号，网址相同", one.name, first.name);
        let finding = Diagnostic::new(Code::G051, doc.source.as_str(), doc.front.span(Field::Series), message);
        findings.push(finding.help("是一种期刊的，改成同一个名称；不是的，改其中一个"));
    }
}

fn one(name: &str, mut ids: Vec<DocId>, docs: &[Entry], kinds: &Kinds, findings: &mut Vec<Diagnostic>) -> Series {
    ids.sort_by_key(|id| (docs[*id as usize].published, *id));
    let kind = ids.iter().rev().find_map(|id| docs[*id as usize].kind);
    let is_yearly = kind.is_some_and(|kind| kinds.get(kind).series.is_yearly);
    let mut runs: BTreeMap<Option<i16>, Vec<(Issue, DocId)>> = BTreeMap::new();
    let mut unnumbered = Vec::new();
    for id in ids {
        let doc = &docs[id as usize];
        let Some(written) = doc.front.text(Field::Issue) else {
            unnumbered.push(id);
            continue;
        };
        match Issue::parse(written) {
            Some(issue) => {
                let year = issue.year.or_else(|| is_yearly.then(|| doc.published.year()));
                runs.entry(year).or_default().push((issue, id));
            }
            None => {
                unnumbered.push(id);
                let help = "写成 46、第46期、2014年第46期 或 第46-47期（合刊）";
                push(doc, format!("期号“{written}”看不出是第几期"), help, findings);
            }
        }
    }
    unnumbered.reverse();
    let mut runs: Vec<Run> = runs.into_iter().map(|(year, issues)| run(name, year, issues, docs, findings)).collect();
    runs.reverse();
    let out = format!("catalogue/series/{}/", slug::slug(name)).into();
    Series { name: name.into(), out, kind, runs, unnumbered }
}

/// Issues in the order of their numbers, with the gaps between them.
fn run(
    name: &str,
    year: Option<i16>,
    mut issues: Vec<(Issue, DocId)>,
    docs: &[Entry],
    findings: &mut Vec<Diagnostic>,
) -> Run {
    issues.sort_by_key(|(issue, id)| (issue.first, issue.last, docs[*id as usize].published, *id));
    let of_year = year.map(|year| format!("{year}年")).unwrap_or_default();
    let mut gaps = Vec::new();
    for pair in issues.windows(2) {
        let [(before, first), (after, second)] = [pair[0], pair[1]];
        let (first, second) = (&docs[first as usize], &docs[second as usize]);
        if after.first <= before.last {
            let message = format!("期刊“{name}”{of_year}{}与 {} 的期号重复", after.label(), first.source.as_str());
            push(second, message, "核对期号；每年从第1期编起的，写成 2014年第1期", findings);
        } else if after.first > before.last + 1 {
            let gap = (before.last + 1, after.first - 1);
            gaps.push(gap);
            let message = format!("期刊“{name}”{of_year}{}缺", gap_label(gap));
            push(second, message, "补上缺的各期，或改正期号；没有出的，可以不管", findings);
        }
    }
    Run { year, issues, gaps }
}

/// `G083`, at the issue as the document writes it.
fn push(doc: &Entry, message: String, help: &str, findings: &mut Vec<Diagnostic>) {
    let span = doc.front.span(Field::Issue);
    let span = if span.is_somewhere() { span } else { doc.front.span(Field::Series) };
    findings.push(Diagnostic::new(Code::G083, doc.source.as_str(), span, message).help(help));
}

/// The place of every document that is one of several issues.
pub fn places(series: &[Series]) -> BTreeMap<DocId, InSeries> {
    let mut places = BTreeMap::new();
    for one in series {
        let ids: Vec<DocId> = one.issues().map(|(_, _, id)| id).collect();
        for (at, id) in ids.iter().enumerate() {
            let earlier = at.checked_sub(1).map(|at| ids[at]);
            let place = InSeries { out: one.out.clone(), earlier, later: ids.get(at + 1).copied() };
            places.insert(*id, place);
        }
        let alone = |id: &DocId| (*id, InSeries { out: one.out.clone(), earlier: None, later: None });
        places.extend(one.unnumbered.iter().map(alone));
    }
    places
}
