//! What the organizations of a table say of one another: who stands above whom, who took over from whom, from when on and
//! until when.

use std::collections::HashMap;

use crate::diag::{Code, Diagnostic, suggest};
use crate::model::table::{Table, TermSpec};
use crate::model::{Located, Text};

/// One kind of tie: its words for messages, and what an organization says of it.
struct Tie {
    label: &'static str,
    key: &'static str,
    of: fn(&TermSpec) -> Option<&Located<Text>>,
}

const TIES: [Tie; 2] = [
    Tie { label: "上级", key: "parent", of: |term| term.organization.parent.as_ref() },
    Tie { label: "承接机构", key: "successor", of: |term| term.organization.successor.as_ref() },
];

/// Names that are not in the table, circles, and ends before their beginnings.
pub fn check(table: &Table, findings: &mut Vec<Diagnostic>) {
    let mut checker = Checker { table, terms: Vec::new(), by_name: HashMap::new(), findings };
    checker.gather(&table.terms, "");
    TIES.iter().for_each(|tie| checker.tie(tie));
    checker.days();
}

struct Checker<'t, 'f> {
    table: &'t Table,
    /// Of all levels, parents before children.
    terms: Vec<&'t TermSpec>,
    /// Places in `terms` by names, with and without those above, and aliases.
    by_name: HashMap<String, usize>,
    findings: &'f mut Vec<Diagnostic>,
}

impl<'t> Checker<'t, '_> {
    fn gather(&mut self, terms: &'t [TermSpec], above: &str) {
        for term in terms {
            let full = format!("{above}{}", term.name.value);
            let names = [full.as_str(), &term.name.value].into_iter().chain(term.aliases.iter().map(|alias| &**alias));
            for name in names {
                self.by_name.entry(name.to_owned()).or_insert(self.terms.len());
            }
            self.terms.push(term);
            self.gather(&term.children, &format!("{full}/"));
        }
    }

    fn push(&mut self, at: &Located<impl Sized>, message: String, help: String) {
        self.findings.push(Diagnostic::new(Code::G062, self.table.source.clone(), at.span, message).help(help));
    }

    fn tie(&mut self, tie: &Tie) {
        let mut to: Vec<Option<usize>> = Vec::with_capacity(self.terms.len());
        for at in 0..self.terms.len() {
            let named = (tie.of)(self.terms[at]);
            let found = named.and_then(|named| self.by_name.get(&*named.value).copied());
            if let (Some(named), None) = (named, found) {
                self.unknown(tie, named);
            }
            to.push(found);
        }
        for circle in circles(&to) {
            let names: Vec<&str> = circle.iter().chain(circle.first()).map(|at| &*self.terms[*at].name.value).collect();
            let Some(named) = (tie.of)(self.terms[circle[0]]) else { continue };
            let message = format!("{}（{}）绕成了一圈：{}", tie.label, tie.key, names.join(" → "));
            self.push(named, message, "核对这几个机构，改正其中写错的一个".into());
        }
    }

    fn unknown(&mut self, tie: &Tie, named: &Located<Text>) {
        let mut names: Vec<&str> = self.by_name.keys().map(|name| &**name).collect();
        names.sort_unstable();
        let help = suggest::did_you_mean(&named.value, names)
            .unwrap_or_else(|| format!("把这个机构加进这张表，或删去这一行的 {}", tie.key));
        self.push(named, format!("{}“{}”不在这张表里", tie.label, named.value), help);
    }

    fn days(&mut self) {
        for term in self.terms.clone() {
            if let (Some(from), Some(to)) = (&term.organization.from, &term.organization.to)
                && to.value.day() < from.value.day()
            {
                let message = format!("撤销日期 {} 早于成立日期 {}", to.value, from.value);
                self.push(to, message, "核对这两个日期，改正 to（撤销）或 from（成立）".into());
            }
        }
    }
}

/// The circles of a relation in which everyone points at one at most: each once, from its first member on.
fn circles(to: &[Option<usize>]) -> Vec<Vec<usize>> {
    // from where each was first walked to
    let mut met: Vec<Option<usize>> = vec![None; to.len()];
    let mut circles = Vec::new();
    for start in 0..to.len() {
        let mut at = Some(start);
        while let Some(here) = at.filter(|here| met[*here].is_none()) {
            met[here] = Some(start);
            at = to[here];
        }
        if let Some(first) = at.filter(|here| met[*here] == Some(start)) {
            let rest = std::iter::successors(to[first], |here| to[*here]).take_while(|here| *here != first);
            let mut circle: Vec<usize> = std::iter::once(first).chain(rest).collect();
            let least = (0..circle.len()).min_by_key(|at| circle[*at]).unwrap_or(0);
            circle.rotate_left(least);
            circles.push(circle);
        }
    }
    circles
}
