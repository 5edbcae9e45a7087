//! How documents bear on each other, and what follows for their validity (design §13).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::DocId;
use super::gate::{Placed, When, Withheld};
use super::lookup::{Finder, Found};
use super::pending;
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::{Field, Front, Moment, RelationKind, Validity};

/// One end of a relation, seen from a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    pub kind: RelationKind,
    /// The document states it (`false`), or is its target (`true`).
    pub inverse: bool,
    pub other: DocId,
}

/// By document, in the order of the admitted.
pub struct Resolved {
    pub relations: Vec<Box<[Relation]>>,
    pub validity: Vec<Option<Validity>>,
    pub lastmod: Vec<Moment>,
}

/// A relation as its document states it: from, kind, to.
type Stated = (Found, RelationKind, Found);

/// Resolves every stated relation; validity as of the day.
pub fn resolve(
    admitted: &[Placed],
    withheld: &[Withheld],
    finder: &Finder,
    as_of: Moment,
    findings: &mut Vec<Diagnostic>,
) -> Resolved {
    let mut stated: Vec<Stated> = Vec::new();
    for (id, doc) in admitted.iter().enumerate() {
        targets(doc, Found::Public(id as DocId), finder, doc.when(When::Day(as_of)), &mut stated, findings);
    }
    let public = stated.len();
    for (at, Withheld { doc, reason }) in withheld.iter().enumerate() {
        let Some(when) = reason.opens() else { continue };
        let own = Found::Withheld(at);
        pending::tell(*reason, findings, |findings| targets(doc, own, finder, when, &mut stated, findings));
    }
    let doc_of = |found| match found {
        Found::Public(id) => &admitted[id as usize],
        Found::Withheld(at) => &withheld[at].doc,
    };
    cycles(&doc_of, finder, &stated, findings);
    let public = stated[..public].iter().filter_map(|(from, kind, to)| match (*from, *to) {
        (Found::Public(from), Found::Public(to)) => Some((from, *kind, to)),
        _ => None,
    });
    let mut ends: Vec<Vec<Relation>> = vec![Vec::new(); admitted.len()];
    for (from, kind, to) in public {
        ends[from as usize].push(Relation { kind, inverse: false, other: to });
        ends[to as usize].push(Relation { kind, inverse: true, other: from });
    }
    let validity =
        admitted.iter().zip(&ends).map(|(doc, ends)| validity(doc, ends, admitted, as_of, findings)).collect();
    let lastmod = admitted.iter().zip(&ends).map(|(doc, ends)| lastmod(doc, ends, admitted, as_of)).collect();
    Resolved { relations: ends.into_iter().map(Vec::into_boxed_slice).collect(), validity, lastmod }
}

/// Adds what a document's relations lead to that is public by then. `own` is the document itself.
fn targets(
    doc: &Placed,
    own: Found,
    finder: &Finder,
    when: When,
    stated: &mut Vec<Stated>,
    findings: &mut Vec<Diagnostic>,
) {
    let first = stated.len();
    for (kind, target) in doc.front.relations() {
        let mut push = |code, message: String, help: String| {
            findings.push(Diagnostic::new(code, doc.source.as_str(), target.span, message).help(help));
        };
        let label = kind.field().spec().key;
        match finder.document(doc.source.folder(), &target.value) {
            Some(found) if found == own => {
                push(Code::G053, format!("{label} 指向文件自己"), "写上另一份文件的路径或索引号".into());
            }
            Some(found) if !finder.is_open(found, when) => {
                let message = format!("{label} 指向的“{}”没有公开，不列出", target.value);
                push(Code::G059, message, "公开那份文件，或删去这一行".into());
            }
            Some(found) if stated[first..].contains(&(own, kind, found)) => {}
            Some(found) => stated.push((own, kind, found)),
            None => {
                let help = suggest::did_you_mean(&target.value, finder.names())
                    .unwrap_or_else(|| "写文件的相对路径（以 .md 结尾）或索引号".into());
                push(Code::G052, format!("{label} 指向的“{}”不存在", target.value), help);
            }
        }
    }
}

/// The day from which a relation works: the source's `effective`, else `published`.
pub fn works_from(front: &Front) -> Option<Moment> {
    front.moment(Field::Effective).or(front.moment(Field::Published)).map(Moment::day)
}

/// What relations and dates say as of the day, and what the author states; the first beats the second.
fn validity(
    doc: &Placed,
    ends: &[Relation],
    admitted: &[Placed],
    as_of: Moment,
    findings: &mut Vec<Diagnostic>,
) -> Option<Validity> {
    let stated = doc.front.validity();
    let day = |field| doc.front.moment(field).map(Moment::day);
    let hit_by = |kinds: &[RelationKind]| {
        ends.iter().any(|end| {
            end.inverse
                && kinds.contains(&end.kind)
                && works_from(&admitted[end.other as usize].front).is_some_and(|day| day <= as_of)
        })
    };
    let computed = match () {
        _ if hit_by(&[RelationKind::Repeals, RelationKind::Replaces]) => {
            Some((Validity::Repealed, "已有文件废止或替代它"))
        }
        _ if day(Field::Repealed).is_some_and(|day| day <= as_of) => Some((Validity::Repealed, "废止日期已到")),
        _ if day(Field::Expires).is_some_and(|day| day < as_of) => Some((Validity::Expired, "有效期已过")),
        _ if day(Field::Effective).is_some_and(|day| day > as_of) => Some((Validity::NotYet, "生效日期还没有到")),
        _ if hit_by(&[RelationKind::Amends]) => Some((Validity::Amended, "已有文件修改它")),
        _ if stated == Some(Validity::NotYet) && day(Field::Effective).is_some() => {
            Some((Validity::InForce, "生效日期已到"))
        }
        _ => None,
    };
    let Some((computed, why)) = computed else {
        let has_term = day(Field::Effective).is_some() || day(Field::Expires).is_some();
        return stated.or(has_term.then_some(Validity::InForce));
    };
    // a harder state that the author knows of stands: 废止 although the relation only says 已修改
    let harder = |state: Validity| matches!(state, Validity::Expired | Validity::Repealed);
    match stated {
        // a channel's default is what holds where nothing else is known
        Some(_) if !doc.front.span(Field::Validity).is_somewhere() => Some(computed),
        Some(stated) if computed == Validity::Amended && harder(stated) => Some(stated),
        Some(stated) if stated != computed && !(harder(stated) && harder(computed)) => {
            let message = format!("有效性写的是“{}”，但{why}，按“{}”显示", stated.label(), computed.label());
            findings.push(
                Diagnostic::new(Code::G055, doc.source.as_str(), doc.front.span(Field::Validity), message)
                    .help("删去 validity 一行（由日期和关联算出），或改正日期、关联"),
            );
            Some(computed)
        }
        _ => Some(computed),
    }
}

/// The latest of published, updated and the days on which relations of others began to work.
fn lastmod(doc: &Placed, ends: &[Relation], admitted: &[Placed], as_of: Moment) -> Moment {
    let own = [Field::Published, Field::Updated].into_iter().filter_map(|field| doc.front.moment(field));
    let others = ends
        .iter()
        .filter(|end| end.inverse)
        .filter_map(|end| admitted[end.other as usize].front.moment(Field::Published))
        .filter(|moment| moment.day() <= as_of);
    own.chain(others).max().unwrap_or(as_of)
}

/// A document cannot, over whatever detours, repeal, amend or interpret itself.
fn cycles<'a>(
    doc_of: &impl Fn(Found) -> &'a Placed,
    finder: &Finder,
    stated: &[Stated],
    findings: &mut Vec<Diagnostic>,
) {
    let is_legal = |kind: RelationKind| kind != RelationKind::Interprets;
    for legal in [true, false] {
        let mut edges: HashMap<Found, Vec<Found>> = HashMap::new();
        for (from, _, to) in stated.iter().filter(|(_, kind, _)| is_legal(*kind) == legal) {
            edges.entry(*from).or_default().push(*to);
        }
        let mut done: HashMap<Found, bool> = HashMap::new();
        let mut starts: Vec<Found> = edges.keys().copied().collect();
        starts.sort_unstable();
        for start in starts {
            let Some(cycle) = find_cycle(start, &edges, &mut done) else { continue };
            let first = cycle.iter().copied().min().expect("a cycle has members");
            let doc = doc_of(first);
            let names: Vec<&str> = cycle.iter().map(|found| doc_of(*found).source.as_str()).collect();
            let next = cycle.iter().position(|found| *found == first).map(|at| cycle[(at + 1) % cycle.len()]);
            let is_next = |target: &str| finder.document(doc.source.folder(), target) == next;
            let stated = doc.front.relations().filter(|(kind, _)| is_legal(*kind) == legal);
            let span = stated.map(|(_, target)| target).find(|target| is_next(&target.value)).map(|target| target.span);
            findings.push(
                Diagnostic::new(Code::G053, doc.source.as_str(), span, format!("关联成环：{}", names.join(" → ")))
                    .help("核对哪一份在后，删去多余的一条关联"),
            );
        }
    }
}

/// Depth first without recursion; `done` is true for what leads to no cycle, false for what lies on the path.
fn find_cycle(start: Found, edges: &HashMap<Found, Vec<Found>>, done: &mut HashMap<Found, bool>) -> Option<Vec<Found>> {
    if done.contains_key(&start) {
        return None;
    }
    let mut path = vec![(start, 0)];
    done.insert(start, false);
    while let Some((node, next)) = path.last_mut() {
        let Some(to) = edges.get(node).and_then(|targets| targets.get(*next)).copied() else {
            done.insert(*node, true);
            path.pop();
            continue;
        };
        *next += 1;
        match done.get(&to) {
            Some(true) => {}
            Some(false) => {
                let from = path.iter().position(|(node, _)| *node == to).unwrap_or(0);
                let cycle = path[from..].iter().map(|(node, _)| *node).collect();
                path.iter().for_each(|(node, _)| {
                    done.insert(*node, true);
                });
                return Some(cycle);
            }
            None => {
                done.insert(to, false);
                path.push((to, 0));
            }
        }
    }
    None
}
