//! What a block asks the whole site instead of naming a file: how many documents there are, or the figures of a series.

use super::super::channel;
use super::super::yaml::{Key, Node};
use super::data::Reader;
use crate::diag::suggest::did_you_mean;
use crate::model::{Ask, Axis, Division, Located, Select, Span, Text};

/// Issues of a series that are shown unless the block says otherwise, and at most.
const LAST: usize = 12;
const MOST: usize = 366;

/// The keys of all that can be asked, with their Chinese names.
pub const KEYS: [(&str, &[&str]); 6] = [
    ("where", &["条件"]),
    ("by", &["分列"]),
    ("list", &["列出文件"]),
    ("of", &["期刊"]),
    ("fields", &["字段"]),
    ("last", &["期数"]),
];

/// What of a question was read.
#[derive(Default)]
pub struct Asked {
    select: Option<Vec<Select>>,
    by: Option<Located<Division>>,
    lists: Option<bool>,
    series: Option<Located<Text>>,
    fields: Option<Vec<Located<Text>>>,
    last: Option<usize>,
    /// Where the first key of it stands.
    span: Option<Span>,
}

impl Asked {
    /// Takes a key of `KEYS`.
    pub fn take(&mut self, name: &str, key: &Key, node: Node, reader: &mut Reader) {
        self.span = self.span.or(Some(key.span));
        match name {
            "where" => self.select = Some(reader.selects(node)),
            "by" => self.by = reader.division(node),
            "list" => self.lists = reader.flag(node),
            "of" => self.series = reader.scalar(node).map(|name| reader.placed(name)),
            "fields" => {
                let fields = reader.texts(node);
                self.fields = Some(fields.into_iter().map(|field| reader.placed(field)).collect());
            }
            _ => self.last = reader.whole(node),
        }
    }

    /// The question, if there is one. A block of the word `count` always asks for documents.
    pub fn ask(self, is_count: bool, reader: &mut Reader) -> Option<Ask> {
        let Self { select, by, lists, series, fields, last, span } = self;
        let of_documents = select.is_some() || by.is_some() || lists.is_some();
        let of_series = series.is_some() || fields.is_some() || last.is_some();
        let at = span.unwrap_or_default().range();
        if of_series && (of_documents || is_count) {
            reader.push(
                at,
                "文件的件数和期刊的数字不能写在一起",
                "where、by、list 数文件，of、fields、last 取期刊各期的数字，分成两块",
            );
            return None;
        }
        match series {
            Some(name) => Some(Ask::Series { name, fields: fields.unwrap_or_default(), last: last.unwrap_or(LAST) }),
            None if of_series => {
                reader.push(at, "没有写哪一种期刊（of）", "写上 of: 郯城县环境质量周报");
                None
            }
            None if of_documents && !is_count && by.is_none() => {
                reader.push(at, "表和图要写按什么分列（by）", "写上 by: month 等；只要总数的，用 ```count");
                None
            }
            None => (of_documents || is_count).then(|| Ask::Documents {
                select: select.unwrap_or_default(),
                by: by.map(|by| by.value),
                lists: lists.unwrap_or(false),
            }),
        }
    }
}

/// Other divisions than by axis.
const DIVISIONS: [(&str, &str, Division); 4] = [
    ("month", "月份", Division::Month),
    ("kind", "信息类型", Division::Kind),
    ("channel", "栏目", Division::Channel),
    ("timeliness", "公开及时性", Division::Timeliness),
];

impl Reader<'_, '_> {
    fn selects(&mut self, node: Node) -> Vec<Select> {
        let mut rules = self.report().nested(|path, findings| channel::selects(node, path, findings));
        // places are of the file from here on
        for rule in &mut rules {
            rule.span = self.report().span(rule.span.range());
            for value in rule.conditions.iter_mut().flat_map(|(_, values)| values) {
                value.span = self.report().span(value.span.range());
            }
        }
        rules
    }

    fn division(&mut self, node: Node) -> Option<Located<Division>> {
        let Located { value, span } = self.scalar(node)?;
        let other = DIVISIONS.iter().find(|(key, label, _)| *key == &*value || *label == &*value);
        let division = other.map(|(.., division)| *division).or_else(|| Axis::from_key(&value).map(Division::Axis));
        if division.is_none() {
            let axes = Axis::ALL.into_iter().flat_map(|axis| [axis.key(), axis.label()]);
            let known: Vec<&str> = axes.chain(DIVISIONS.iter().flat_map(|(key, label, _)| [*key, *label])).collect();
            let keys: Vec<&str> = known.iter().step_by(2).copied().collect();
            let help = did_you_mean(&value, known).unwrap_or_else(|| format!("可以写：{}", keys.join("、")));
            self.push(span.range(), format!("不能按“{value}”分列"), &help);
        }
        division.map(|division| Located::new(division, span))
    }

    fn flag(&mut self, node: Node) -> Option<bool> {
        let Located { value, span } = self.scalar(node)?;
        let flag = match &*value {
            "true" | "是" => Some(true),
            "false" | "否" => Some(false),
            _ => None,
        };
        if flag.is_none() {
            self.push(span.range(), format!("这里应当是 true 或 false，却是“{value}”"), "写 true 或 false");
        }
        flag
    }

    fn whole(&mut self, node: Node) -> Option<usize> {
        let Located { value, span } = self.scalar(node)?;
        let number = value.parse().ok().filter(|number| (1..=MOST).contains(number));
        if number.is_none() {
            self.push(span.range(), format!("期数应当是 1 到 {MOST} 的整数，这里是“{value}”"), "写要显示最近几期");
        }
        number
    }
}
