//! 公开期限: whether a document became public by the day that the rules of its kind set.

use super::{Fact, FactValue};
use crate::diag::{Code, Diagnostic};
use crate::model::{Due, Field, Front, Kind, Moment, Workdays};

/// The last day of a deadline, and how it is told.
struct Last {
    day: Moment,
    /// `批复日期 2014-02-20 起 20 日内`
    rule: String,
    is_estimate: bool,
}

/// `G082`, at the date of publication.
pub fn check(
    kind: &Kind,
    facts: &[Fact],
    front: &Front,
    workdays: &Workdays,
    path: &str,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(published) = front.moment(Field::Published) else { return };
    let span = front.span(Field::Published);
    let stated = Stated { kind, facts, front };
    for deadline in &kind.deadlines {
        let is_meant = deadline.only.as_ref().is_none_or(|(name, wanted)| stated.says(name, wanted));
        let Some((from, last)) = stated.last(&deadline.due, workdays).filter(|_| is_meant) else { continue };
        // what was public before the matter was settled is no later than it
        if published.day() <= last.day || deadline.since.is_some_and(|since| from < since) || !span.is_somewhere() {
            continue;
        }
        let estimate = if last.is_estimate { "（估计，那一年的放假安排还不知道）" } else { "" };
        let message = format!("公开日期 {} 晚于规定：{}，最迟 {}{estimate}", published.day(), last.rule, last.day);
        let basis = if deadline.basis.is_empty() { "信息类型的规定" } else { &*deadline.basis };
        findings.push(Diagnostic::new(Code::G082, path, span, message).help(format!("依据：{basis}")));
    }
}

/// What a document says.
struct Stated<'a> {
    kind: &'a Kind,
    facts: &'a [Fact],
    front: &'a Front,
}

impl Stated<'_> {
    fn value(&self, name: &str) -> Option<&FactValue> {
        let (at, _) = self.kind.field(name)?;
        self.facts.iter().find(|fact| usize::from(fact.field) == at).map(|fact| &fact.value)
    }

    fn says(&self, name: &str, wanted: &str) -> bool {
        self.value(name).is_some_and(|value| *value.shown() == *wanted)
    }

    /// The day of a field of the kind or a common one, and what readers call it.
    fn day(&self, name: &str) -> Option<(Moment, &str)> {
        match (self.value(name), self.kind.field(name)) {
            (Some(FactValue::Day(day)), Some((_, field))) => Some((day.day(), &field.label)),
            (None, None) => {
                let field = Field::from_key(name)?;
                Some((self.front.moment(field)?.day(), field.spec().labels[0]))
            }
            _ => None,
        }
    }

    /// When it begins, or would, and its last day.
    fn last(&self, due: &Due, workdays: &Workdays) -> Option<(Moment, Last)> {
        match due {
            Due::Within { from, days, in_workdays } => {
                let (from, label) = self.day(from)?;
                let (unit, day, is_estimate) = match in_workdays {
                    true => {
                        let counted = workdays.after(from, *days as usize)?;
                        ("个工作日", counted.value, counted.is_estimate)
                    }
                    false => {
                        let mut later = std::iter::successors(from.next(), |day| day.next());
                        ("日", later.nth((*days).checked_sub(1)? as usize)?, false)
                    }
                };
                Some((from, Last { day, rule: format!("{label} {from} 起 {days} {unit}内"), is_estimate }))
            }
            Due::Yearly { of, month, day } => {
                let year = year_in(&self.value(of)?.shown())?;
                let next = year.checked_add(1)?;
                let day = Moment::parse(&format!("{next}-{month:02}-{day:02}"))?;
                let rule = format!("{year}年度的应当在次年 {month} 月 {} 日前公开", day.day_of_month());
                Some((day, Last { day, rule, is_estimate: false }))
            }
        }
    }
}

/// `2014`, `2014年`, `2014年度`
fn year_in(text: &str) -> Option<i16> {
    let digits = text.get(..4)?;
    let rest = &text[4..];
    (digits.bytes().all(|byte| byte.is_ascii_digit()) && matches!(rest, "" | "年" | "年度"))
        .then(|| digits.parse().ok())?
}
