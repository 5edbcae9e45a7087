//! 统计: what a year's documents come to: lines of the annual report's second table, how many were made public by whom, when
//! and where, and how fast. Every number knows its documents.

use super::relations::works_from;
use super::statute::Coverage;
use super::tally::{self, Grounds, Group};
use super::{Catalogue, DocId, Entry, FactValue, TombstoneId};
use crate::model::statute::Scope;
use crate::model::{
    Axis, Cause, Decimal, Division, Field, Moment, RelationKind, ReportLine, ReportRule, Validity, Withdrawal,
};

/// The numbers of a year.
pub struct Statistics {
    pub year: i16,
    /// The last day that they know of.
    pub as_of: Moment,
    /// Up to which day working days are known; later ones are an estimate.
    pub known_through: Option<Moment>,
    pub sections: Vec<Section>,
}

/// Numbers of one sort.
pub struct Section {
    pub title: String,
    pub items: Vec<Item>,
}

pub struct Item {
    pub label: String,
    /// `None` where documents cannot tell.
    pub value: Option<Decimal>,
    pub unit: &'static str,
    /// The documents behind it, newest first.
    pub docs: Vec<DocId>,
    /// And those that were withdrawn and cannot be read any more.
    pub gone: Vec<TombstoneId>,
}

/// The divisions that are told, after the second table.
const DIVISIONS: [(Division, &str); 5] = [
    (Division::Axis(Axis::Issuer), "按发布机构"),
    (Division::Month, "按月份"),
    (Division::Channel, "按栏目"),
    (Division::Kind, "按信息类型"),
    (Division::Timeliness, "公开及时性（成文至公开）"),
];

impl Catalogue {
    /// The numbers of a year, up to a day in it: dates decide what was so then, not the day of the catalogue.
    pub fn statistics(&self, year: i16, as_of: Moment) -> Statistics {
        let public = || (0..).zip(&self.docs).filter(|(_, doc)| doc.pending.is_none());
        let of_year = public().filter(|(_, doc)| doc.published.year() == year).map(|(id, _)| id);
        let ids: Vec<DocId> = of_year.collect();
        let on = Grounds { channels: &self.channels, axes: &self.axes, kinds: &self.kinds };
        let total = Group { label: "主动公开的文件".into(), docs: ids.clone() };
        let mut sections = vec![
            Section { title: format!("年报表二（{year}年度）"), items: self.second_table(year, as_of) },
            Section { title: "公开数量".into(), items: vec![self.counted(total)] },
        ];
        for (by, title) in DIVISIONS {
            let mut groups = tally::divide(&ids, by, |id| self.doc(id), on);
            if by == Division::Month {
                groups = every_month(groups, year, as_of);
            }
            let items = groups.into_iter().map(|group| self.counted(group)).collect();
            sections.push(Section { title: title.into(), items });
        }
        let title = "法定主动公开内容（条例第二十条、第二十一条），历年累计".into();
        sections.push(Section { title, items: self.covered(as_of) });
        let withdrawn = self.withdrawals(year, as_of);
        if !withdrawn.is_empty() {
            sections.push(Section { title: "撤下（按撤下日期、原因）".into(), items: withdrawn });
        }
        Statistics { year, as_of, known_through: self.kinds.workdays.known_through(), sections }
    }

    /// What was withdrawn in a year, by cause; causes of which there is none are left out.
    fn withdrawals(&self, year: i16, as_of: Moment) -> Vec<Item> {
        let of_cause = |cause: Cause| {
            let is_it = |what: Withdrawal| what.cause == cause && what.day.year() == year && what.day <= as_of;
            let banners = (0..).zip(&self.docs).filter(|(_, doc)| doc.pending.is_none());
            let banners = banners.filter(|(_, doc)| doc.withdrawn.as_ref().is_some_and(|banner| is_it(banner.what)));
            let docs: Vec<DocId> = banners.map(|(id, _)| id).collect();
            let gone = (0..).zip(self.tombstones.iter()).filter(|(_, gone)| is_it(gone.what));
            let gone: Vec<TombstoneId> = gone.map(|(id, _)| id).collect();
            let count = Decimal::new((docs.len() + gone.len()) as i128, 0);
            let item = self.item(cause.label().into(), count, "件", docs);
            (!item.docs.is_empty() || !gone.is_empty()).then_some(Item { gone, ..item })
        };
        Cause::ALL.into_iter().filter_map(of_cause).collect()
    }

    /// How much was made public under each item of the law up to a day; items of townships only where there are any.
    fn covered(&self, as_of: Moment) -> Vec<Item> {
        let coverage = self.coverage();
        let is_public = |id: &DocId| self.doc(*id).published.day() <= as_of;
        let of = |coverage: &Coverage| coverage.docs.iter().copied().filter(is_public).collect::<Vec<_>>();
        let asked: Vec<_> = coverage.iter().map(|item| (item.item, of(item))).collect();
        let asked = asked.into_iter().filter(|(item, docs)| item.scope() != Scope::Township || !docs.is_empty());
        let asked: Vec<_> = asked.collect();
        let count = |number: usize| Decimal::new(number as i128, 0);
        let answered = asked.iter().filter(|(_, docs)| !docs.is_empty()).count();
        let whole = [("应公开的项", asked.len()), ("有文件的项", answered)];
        let whole = whole.map(|(label, number)| self.item(label.into(), count(number), "项", Vec::new()));
        let items = asked.into_iter().map(|(item, docs)| self.item(item.label(), count(docs.len()), "件", docs));
        whole.into_iter().chain(items).collect()
    }

    fn counted(&self, group: Group) -> Item {
        self.item(group.label.into(), Decimal::new(group.docs.len() as i128, 0), "件", group.docs)
    }

    fn item(&self, label: String, value: Option<Decimal>, unit: &'static str, mut docs: Vec<DocId>) -> Item {
        docs.sort_by_key(|id| std::cmp::Reverse((self.doc(*id).published, *id)));
        Item { label, value, unit, docs, gone: Vec::new() }
    }

    /// 《政府信息公开工作年度报告格式》 part two. A document counts in the year in which it was written, or made public if it
    /// does not say.
    fn second_table(&self, year: i16, as_of: Moment) -> Vec<Item> {
        let mut items = Vec::new();
        for line in ReportLine::ALL {
            let docs: Vec<(DocId, &Entry, &ReportRule)> = self.counting(line).collect();
            match line {
                ReportLine::Rules | ReportLine::Normative => items.extend(self.in_force(line, year, as_of, &docs)),
                _ => items.push(self.decided(line, year, &docs)),
            }
        }
        items
    }

    /// The public documents whose kind is counted in a line.
    fn counting(&self, line: ReportLine) -> impl Iterator<Item = (DocId, &Entry, &ReportRule)> {
        let rule = move |doc: &Entry| {
            let rule = self.kinds.get(doc.kind?).report.as_ref()?;
            (rule.line == line && doc.pending.is_none()).then_some(rule)
        };
        (0..).zip(&self.docs).filter_map(move |(id, doc)| Some((id, &**doc, rule(doc)?)))
    }

    /// 制发, 废止, 现行有效: the last of one year is that of the year before, with what was made and without what ended.
    fn in_force(&self, line: ReportLine, year: i16, as_of: Moment, docs: &[(DocId, &Entry, &ReportRule)]) -> [Item; 3] {
        let [mut made, mut ended, mut valid] = [const { Vec::new() }; 3];
        for (id, doc, _) in docs {
            let from = formed(doc);
            // what will end later in the year has not ended yet
            let to = self.ended(doc).filter(|to| *to <= as_of);
            if from.year() == year {
                made.push(*id);
            }
            if to.is_some_and(|to| to.year() == year) {
                ended.push(*id);
            }
            // of what is void since nobody knows when, nothing is known but that it is
            let has_end = self.ended(doc).is_some();
            let is_void = !has_end && matches!(doc.validity, Some(Validity::Repealed | Validity::Expired));
            if from.day() <= as_of && to.is_none() && !is_void {
                valid.push(*id);
            }
        }
        let item = |what: &str, docs: Vec<DocId>| {
            self.item(format!("{}：{what}", line.label()), Decimal::new(docs.len() as i128, 0), "件", docs)
        };
        [item("制发件数", made), item("废止件数", ended), item("现行有效件数", valid)]
    }

    /// The day from which a document is no longer in force.
    fn ended(&self, doc: &Entry) -> Option<Moment> {
        let is_end = |kind: RelationKind| matches!(kind, RelationKind::Repeals | RelationKind::Replaces);
        let ends = doc.relations.iter().filter(|end| end.inverse && is_end(end.kind));
        let by_others = ends.filter_map(|end| works_from(&self.doc(end.other).front));
        let repealed = doc.front.moment(Field::Repealed).map(Moment::day);
        // the day of expiry is the last in force
        let expired = doc.front.moment(Field::Expires).and_then(|day| day.day().next());
        by_others.chain(repealed).chain(expired).min()
    }

    /// Decisions, or money: the rows of a table, a figure that the document states, or one for each document.
    fn decided(&self, line: ReportLine, year: i16, docs: &[(DocId, &Entry, &ReportRule)]) -> Item {
        let of_year: Vec<_> = docs.iter().filter(|(_, doc, _)| formed(doc).year() == year).collect();
        let is_money = line == ReportLine::Fees;
        let values = of_year.iter().filter_map(|(_, doc, rule)| self.decisions(doc, rule, is_money));
        let sum = values.clone().try_fold(Decimal::ZERO, |sum, value| sum.plus(value));
        // no kind of the site says anything of money unless it states it
        let sum = sum.filter(|_| !is_money || values.count() > 0);
        let docs = of_year.iter().map(|(id, ..)| *id).collect();
        let (what, unit) =
            if is_money { ("本年收费金额", "万元") } else { ("本年处理决定数量", "件") };
        self.item(format!("{}：{what}", line.label()), sum, unit, docs)
    }

    fn decisions(&self, doc: &Entry, rule: &ReportRule, is_money: bool) -> Option<Decimal> {
        let kind = self.kinds.get(doc.kind?);
        let fact = |name: &str| {
            let (at, _) = kind.field(name)?;
            doc.facts.iter().find(|fact| usize::from(fact.field) == at).map(|fact| &fact.value)
        };
        let rows = rule.rows.as_ref().and_then(|name| match fact(name)? {
            FactValue::Table(rows) => Decimal::new(rows.len() as i128, 0),
            _ => None,
        });
        let stated = rule.count.as_ref().and_then(|name| match fact(name)? {
            FactValue::Number(figure) => Some(figure.value),
            _ => None,
        });
        // what is stated may be more than the table shows
        stated.or(rows).or_else(|| Decimal::new(1, 0).filter(|_| !is_money))
    }
}

/// All months of a year up to a day.
fn every_month(mut groups: Vec<Group>, year: i16, to: Moment) -> Vec<Group> {
    let last = if to.year() == year { to.month() } else { 12 };
    let month = |month: i8| {
        let label = format!("{year}年{month}月");
        let found = groups.iter().position(|group| *group.label == *label);
        found.map_or(Group { label: label.into(), docs: Vec::new() }, |at| groups.swap_remove(at))
    };
    (1..=last).map(month).collect()
}

/// When a document was written, or made public if it does not say.
fn formed(doc: &Entry) -> Moment {
    doc.front.moment(Field::Written).unwrap_or(doc.published)
}
