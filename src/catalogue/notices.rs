//! 公示期: how long something is shown, and that what begins does not end before.

use super::FactValue;
use super::facts::{Fact, Reader};
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{Span, Text};

impl Reader<'_> {
    /// `G022`: what ends before it begins, in fields called `…_from` and `…_to`; of those that a notice names it is told there.
    pub(super) fn order(&mut self, facts: &[(Fact, Span)]) {
        let day = |name: &str| {
            let (at, _) = self.kind.field(name)?;
            facts.iter().find_map(|(fact, span)| match fact.value {
                FactValue::Day(day) if usize::from(fact.field) == at => Some((day, *span)),
                _ => None,
            })
        };
        let mut found = Vec::new();
        for from in self.kind.fields.iter().filter_map(|field| field.name.strip_suffix("_from")) {
            let (first, last) = (format!("{from}_from"), format!("{from}_to"));
            if self.kind.notices.iter().any(|notice| *notice.from == *first) {
                continue;
            }
            if let (Some((first, _)), Some((last, span))) = (day(&first), day(&last))
                && last.day() < first.day()
            {
                found.push((span, format!("截止日期 {last} 早于开始日期 {first}")));
            }
        }
        let help = "核对原件，改正写错的一个";
        found.into_iter().for_each(|(span, message)| self.push(Code::G022, span, message, help.into()));
    }

    /// Times that something is shown, against the shortest that the law allows on that day.
    pub(super) fn notices(&mut self, facts: &[(Fact, Span)]) {
        let value = |name: &Text| {
            let (at, _) = self.kind.field(name)?;
            facts.iter().find(|(fact, _)| usize::from(fact.field) == at)
        };
        let day = |name: &Text| match value(name)? {
            (Fact { value: FactValue::Day(day), .. }, span) => Some((*day, *span)),
            _ => None,
        };
        let mut found: Vec<(Code, Span, String, String)> = Vec::new();
        let mut doubts = Vec::new();
        for notice in &self.kind.notices {
            let (Some((from, _)), Some((to, span))) = (day(&notice.from), day(&notice.to)) else { continue };
            let is_meant = notice
                .only
                .as_ref()
                .is_none_or(|(name, wanted)| value(name).is_some_and(|(fact, _)| *fact.value.shown() == **wanted));
            if to.day() < from.day() {
                found.push((
                    Code::G022,
                    span,
                    format!("截止日期 {to} 早于开始日期 {from}"),
                    "核对原件，改正写错的一个".into(),
                ));
                break;
            }
            if !is_meant || notice.since.is_some_and(|since| from.day() < since) {
                continue;
            }
            let (days, unit, is_estimate) = match notice.in_workdays {
                true => {
                    let counted = self.workdays.between(from, to);
                    (counted.value as i64, "个工作日", counted.is_estimate)
                }
                false => (from.days_until(to), "日", false),
            };
            let about = if is_estimate { "（估计，那一年的放假安排还不知道）" } else { "" };
            let help = format!("依据：{}", notice.basis);
            if let Some(least) = notice.least.filter(|least| days < i64::from(*least)) {
                let message = format!("{from} 至 {to} 只有 {days} {unit}{about}，规定不少于 {least} {unit}");
                (if is_estimate { &mut doubts } else { &mut found }).push((Code::G028, span, message, help));
            } else if let Some(most) = notice.most.filter(|most| days > i64::from(*most)) {
                let message = format!("{from} 至 {to} 有 {days} {unit}{about}，规定不超过 {most} {unit}");
                (if is_estimate { &mut doubts } else { &mut found }).push((Code::G028, span, message, help));
            }
        }
        found.into_iter().for_each(|(code, span, message, help)| self.push(code, span, message, help));
        // what nobody can know yet stops nothing
        for (code, span, message, help) in doubts.into_iter().filter(|(_, span, ..)| span.is_somewhere()) {
            let finding = Diagnostic::new(code, self.path, span, message).help(help);
            self.findings.push(Diagnostic { severity: Severity::Warning, ..finding });
        }
    }
}
