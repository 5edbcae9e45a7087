//! What a kind says of its documents beyond their fields: how long something must be shown, what must follow from what.

use super::keys::Names;
use super::kinds::Reader;
use super::yaml::{Key, Kind as Is, Node};
use crate::diag::suggest::did_you_mean;
use crate::model::annual::Part;
use crate::model::water;
use crate::model::{
    Column, Deadline, Due, Field, FieldType, Form, Kind, KindField, Located, Moment, Notice, ReportLine, ReportRule,
    SeriesRule, Shape, Text, slug,
};

const NOTICE_KEYS: [Names; 8] = [
    ("from", &["起"]),
    ("to", &["止"]),
    ("least", &["不少于"]),
    ("most", &["不超过"]),
    ("unit", &["单位"]),
    ("since", &["自"]),
    ("basis", &["依据"]),
    ("only", &["仅当"]),
];

const DEADLINE_KEYS: [Names; 8] = [
    ("from", &["起"]),
    ("within", &["期限"]),
    ("unit", &["单位"]),
    ("by", &["每年"]),
    ("year", &["年度"]),
    ("since", &["自"]),
    ("basis", &["依据"]),
    ("only", &["仅当"]),
];
const REPORT_KEYS: [Names; 3] = [("line", &["行"]), ("rows", &["表"]), ("count", &["件数"])];
/// What the choice of fields above the text is called.
const HEADER: &str = "表头行";
const SERIES_KEYS: [Names; 2] = [("yearly", &["每年重新编号"]), ("trend", &["走势"])];

/// What stands in a kind's file beside its fields, before the fields are known.
#[derive(Default)]
pub(super) struct Rules<'n> {
    pub sums: Vec<Node<'n>>,
    pub notices: Vec<Node<'n>>,
    pub deadlines: Vec<Node<'n>>,
    pub series: Option<Node<'n>>,
    pub report: Option<Node<'n>>,
    pub air: Option<Located<Text>>,
    pub water: Option<Located<Text>>,
    pub form: Option<Located<Text>>,
    pub header: Vec<Located<Text>>,
    pub columns: Vec<Located<Text>>,
    pub data: Vec<Located<Text>>,
}

impl<'n> Reader<'_> {
    /// Reads the rules of a kind whose fields are known.
    pub(super) fn rules(&mut self, rules: Rules<'n>, kind: &mut Kind) {
        let fields = &kind.fields;
        kind.notices = rules.notices.into_iter().filter_map(|notice| self.notice(notice, fields)).collect();
        kind.deadlines = rules.deadlines.into_iter().filter_map(|deadline| self.deadline(deadline, fields)).collect();
        kind.sums = rules.sums.into_iter().filter_map(|sum| self.sum(sum, fields)).collect();
        kind.air = rules.air.and_then(|air| self.air(air, fields));
        kind.water = rules.water.and_then(|water| self.water(water, fields));
        kind.series = rules.series.map(|series| self.series(series, fields)).unwrap_or_default();
        kind.report = rules.report.and_then(|report| self.report(report, fields));
        kind.header = self.fields_named(rules.header, fields, HEADER);
        kind.columns = self.fields_named(rules.columns, fields, "目录列");
        kind.data = self.fields_named(rules.data, fields, "数据列");
        kind.form = rules.form.and_then(|form| self.form(&form, &mut kind.fields));
    }

    /// Fields that readers see, each in one cell.
    fn fields_named(&mut self, names: Vec<Located<Text>>, fields: &[KindField], what: &str) -> Vec<Text> {
        // where a reference or a file leads is said on the document's own page
        let leads = |field: &KindField| matches!(field.shape, Shape::Reference | Shape::File) && what != HEADER;
        let is_cell = |field: &KindField| field.public && !matches!(field.shape, Shape::Table(_)) && !leads(field);
        self.some_fields(names, fields, is_cell, &format!("{what}只写 fields 里公开的、不是表、引用、文件的键"))
    }

    /// The names that are those of such fields.
    fn some_fields(
        &mut self,
        names: Vec<Located<Text>>,
        fields: &[KindField],
        may: impl Fn(&KindField) -> bool,
        help: &str,
    ) -> Vec<Text> {
        let mut found = Vec::new();
        for Located { value, span } in names {
            match fields.iter().find(|field| field.name == value) {
                Some(field) if may(field) => found.push(value),
                Some(_) => self.push(span, format!("字段“{value}”不能用在这里"), help),
                None => {
                    let advice = did_you_mean(&value, fields.iter().map(|field| &*field.name));
                    let advice = advice.unwrap_or_else(|| help.to_owned());
                    self.push(span, format!("没有字段“{value}”"), &advice);
                }
            }
        }
        found
    }

    fn series(&mut self, node: Node<'n>, fields: &[KindField]) -> SeriesRule {
        let (mut is_yearly, mut trend) = (false, Vec::new());
        for (canonical, key, value) in self.entries(node, "期刊", &SERIES_KEYS) {
            match canonical {
                "yearly" => is_yearly = self.flag(&key, value, false),
                _ => trend = self.placed_texts(&key, value),
            }
        }
        let is_figure = |field: &KindField| field.public && matches!(field.shape, Shape::Money(_) | Shape::Number(_));
        SeriesRule {
            is_yearly, trend: self.some_fields(trend, fields, is_figure, "走势只写公开的数或金额的键")
        }
    }

    fn report(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<ReportRule> {
        let span = node.span;
        let (mut line, mut rows, mut count) = (None, None, None);
        let before = self.count();
        for (canonical, key, value) in self.entries(node, "年报统计", &REPORT_KEYS) {
            match canonical {
                "line" => line = self.report_line(&key, value),
                "rows" => rows = self.text(&key, value),
                _ => count = self.text(&key, value),
            }
        }
        let is_table = |field: &KindField| matches!(field.shape, Shape::Table(_));
        let is_figure = |field: &KindField| matches!(field.shape, Shape::Money(_) | Shape::Number(_));
        let rows = rows.and_then(|name| self.some_fields(vec![name], fields, is_table, "写是表的字段的键").pop());
        let count =
            count.and_then(|name| self.some_fields(vec![name], fields, is_figure, "写是数或金额的字段的键").pop());
        if line.is_none() && self.count() == before {
            self.push(span, "没有写计入年报的哪一行（line）".into(), "写上 line: 行政许可");
        }
        Some(ReportRule { line: line?, rows, count })
    }

    fn report_line(&mut self, key: &Key, node: Node) -> Option<ReportLine> {
        let Located { value, span } = self.text(key, node)?;
        let line = ReportLine::ALL.into_iter().find(|line| line.label() == &*value);
        if line.is_none() {
            let labels = ReportLine::ALL.map(ReportLine::label);
            let help = did_you_mean(&value, labels).unwrap_or_else(|| format!("可以写：{}", labels.join("、")));
            self.push(span, format!("年报表二没有“{value}”这一行"), &help);
        }
        line
    }

    /// The name of a template of the theme: other kinds may share it.
    pub(super) fn template(&mut self, key: &Key, node: Node) -> Option<Text> {
        let Located { value, span } = self.text(key, node)?;
        let is_name = slug::is_plain(&value) && !value.starts_with('.') && !value.contains('/');
        if !is_name {
            let help = "写 templates/kinds/ 里模板的名称，不带 .html，如 budget";
            self.push(span, format!("模板名称“{value}”不能用"), help);
        }
        is_name.then_some(value)
    }

    fn deadline(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<Deadline> {
        let span = node.span;
        let before = self.count();
        let (mut from, mut within, mut unit, mut by, mut year) = (None, None, None, None, None);
        let (mut since, mut basis, mut only) = (None, Text::default(), None);
        for (canonical, key, value) in self.entries(node, "公开期限", &DEADLINE_KEYS) {
            match canonical {
                "from" => from = self.day_field(&key, value, fields),
                "within" => within = self.whole(&key, value),
                "unit" => unit = self.unit(&key, value),
                "by" => by = self.month_and_day(&key, value),
                "year" => year = self.text(&key, value),
                "since" => since = self.since(&key, value),
                "basis" => basis = self.text(&key, value).map(|text| text.value).unwrap_or_default(),
                _ => only = self.condition(value, fields),
            }
        }
        let due = match (from, within, unit, by, year) {
            (Some(from), Some(days), Some(in_workdays), None, None) => Due::Within { from, days, in_workdays },
            (None, None, None, Some((month, day)), Some(year)) => {
                let of = self.some_fields(vec![year], fields, |_| true, "写说明年度的字段的键").pop()?;
                Due::Yearly { of, month, day }
            }
            _ => {
                let help = "写成 {from: 起算日期的键, within: 20, unit: 工作日, basis: 依据}，或 {by: 03-31, year: 年度的键, basis: 依据}（次年的这一天）";
                if self.count() == before {
                    self.push(span, "公开期限没有写全，或两种写法混用".into(), help);
                }
                return None;
            }
        };
        Some(Deadline { due, since, basis, only })
    }

    /// A date of the kind, or `written`, which all documents may have.
    fn day_field(&mut self, key: &Key, value: Node, fields: &[KindField]) -> Option<Text> {
        let is_core = |text: &str| {
            Field::from_key(text)
                .is_some_and(|field| field.spec().key == text && field.spec().kind == FieldType::Moment)
        };
        match &value.kind {
            Is::Scalar(text) if is_core(text.trim()) => Some(text.trim().into()),
            _ => self.date_field(key, value, fields),
        }
    }

    fn whole(&mut self, key: &Key, node: Node) -> Option<u32> {
        let Located { value, span } = self.text(key, node)?;
        let number = value.parse().ok().filter(|number| (1..=3660).contains(number));
        if number.is_none() {
            self.push(span, format!("“{}”应当是天数，这里是“{value}”", key.name), "写一个整数");
        }
        number
    }

    /// Whether days are working days.
    fn unit(&mut self, key: &Key, node: Node) -> Option<bool> {
        let Located { value, span } = self.text(key, node)?;
        let unit = in_workdays(&value);
        if unit.is_none() {
            self.push(span, format!("单位“{value}”不在允许范围"), "可以写：工作日、日");
        }
        unit
    }

    /// `03-31`
    fn month_and_day(&mut self, key: &Key, node: Node) -> Option<(i8, i8)> {
        let Located { value, span } = self.text(key, node)?;
        // a leap year: any day that there can be
        let day = Moment::parse(&format!("2024-{value}"));
        if day.is_none() {
            self.push(span, format!("没有“{value}”这一天"), "写成 03-31");
        }
        day.map(|day| (day.month(), day.day_of_month()))
    }

    pub(super) fn notice(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<Notice> {
        let span = node.span;
        let (mut from, mut to, mut least, mut most, mut unit) = (None, None, None, None, None);
        let before = self.count();
        let (mut since, mut basis, mut only) = (None, Text::default(), None);
        for (canonical, key, value) in self.entries(node, "公示期", &NOTICE_KEYS) {
            match canonical {
                "from" => from = self.date_field(&key, value, fields),
                "to" => to = self.date_field(&key, value, fields),
                "least" => least = self.whole(&key, value),
                "most" => most = self.whole(&key, value),
                "unit" => unit = self.text(&key, value),
                "since" => since = self.since(&key, value),
                "basis" => basis = self.text(&key, value).map(|text| text.value).unwrap_or_default(),
                _ => only = self.condition(value, fields),
            }
        }
        let in_workdays = unit.as_ref().and_then(|unit: &Located<Text>| in_workdays(&unit.value));
        let is_backwards = least.zip(most).is_some_and(|(least, most)| most < least);
        let has_length = (least.is_some() || most.is_some()) && !is_backwards;
        let (Some(from), Some(to), Some(in_workdays), true) = (from, to, in_workdays, has_length) else {
            let help = "写成 {from: 开始日期的键, to: 截止日期的键, least: 10, unit: 工作日, basis: 依据}，least 是不少于几日，most 是不超过几日";
            if self.count() == before {
                self.push(span, "公示期没有写全，或写得不对".into(), help);
            }
            return None;
        };
        Some(Notice { from, to, least, most, in_workdays, since, basis, only })
    }

    /// A table with the columns that make the index.
    pub(super) fn air(&mut self, name: Located<Text>, fields: &[KindField]) -> Option<Text> {
        let has = |columns: &[Column], name: &str| columns.iter().any(|column| *column.name == *name);
        let is_air = |field: &KindField| match &field.shape {
            Shape::Table(columns) => field.name == name.value && has(columns, "day") && has(columns, "aqi"),
            _ => false,
        };
        if !fields.iter().any(is_air) {
            let help =
                "写 fields 里 type 为 table 的键，列的键是 day so2 no2 pm10 pm25 co o3_8h aqi grade class primary";
            self.push(name.span, format!("“{}”不是空气质量的表", name.value), help);
            return None;
        }
        Some(name.value)
    }

    /// A table with a class and what it follows from.
    pub(super) fn water(&mut self, name: Located<Text>, fields: &[KindField]) -> Option<Text> {
        let has = |columns: &[Column], name: &str| columns.iter().any(|column| *column.name == *name);
        let is_water = |field: &KindField| match &field.shape {
            Shape::Table(columns) => {
                field.name == name.value
                    && has(columns, "class")
                    && water::FACTORS.iter().any(|(factor, _)| has(columns, factor))
            }
            _ => false,
        };
        if !fields.iter().any(is_water) {
            let help = "写 fields 里 type 为 table 的键，列的键是 do codmn cod bod5 nh3n tp（湖库 tp_lake）class target verdict";
            self.push(name.span, format!("“{}”不是水质的表", name.value), help);
            return None;
        }
        Some(name.value)
    }

    /// The form of the documents, whose fields it adds.
    pub(super) fn form(&mut self, name: &Located<Text>, fields: &mut Vec<KindField>) -> Option<Form> {
        if !matches!(&*name.value, Form::ANNUAL_REPORT | "年度报告") {
            let help = did_you_mean(&name.value, [Form::ANNUAL_REPORT, "年度报告"])
                .unwrap_or_else(|| format!("可以写：{}（年度报告）", Form::ANNUAL_REPORT));
            self.push(name.span, format!("没有格式“{}”", name.value), &help);
            return None;
        }
        if !fields.iter().any(|field| *field.name == *Form::YEAR) {
            let help = "在 fields 里写上 {name: year, label: 报告年度}：表的格式随年度而不同";
            self.push(name.span, "年度报告没有报告年度（year）".into(), help);
            return None;
        }
        let is_taken =
            |part: &Part| fields.iter().any(|field| *field.name == *part.key() || *field.label == *part.label());
        if let Some(part) = Part::ALL.iter().find(|part| is_taken(part)) {
            let message = format!("字段“{}”由格式给出", part.key());
            self.push(name.span, message, "从 fields 里删去它，或换一个名称");
            return None;
        }
        fields.extend(Part::ALL.map(|part| KindField {
            name: part.key().into(),
            label: part.label().into(),
            aliases: Vec::new(),
            shape: Shape::Annual(part),
            required: false,
            public: true,
            help: "年度报告的官方表格，2021年度起".into(),
        }));
        Some(Form::AnnualReport)
    }

    fn date_field(&mut self, key: &Key, node: Node, fields: &[KindField]) -> Option<Text> {
        let Located { value, span } = self.text(key, node)?;
        let is_date = fields.iter().any(|field| field.name == value && field.shape == Shape::Date);
        if !is_date {
            self.push(span, format!("“{value}”不是这种信息的日期"), "写 fields 里 type 为 date 的键");
        }
        is_date.then_some(value)
    }

    /// The day from which on a rule is law.
    fn since(&mut self, key: &Key, node: Node) -> Option<Moment> {
        let Located { value, span } = self.text(key, node)?;
        let day = Moment::parse(&value);
        if day.is_none() {
            self.push(span, format!("日期“{value}”无法识别，或没有这一天"), "写规定施行的日期，如 2021-09-01");
        }
        day
    }

    /// `{type: 报告书}`
    fn condition(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<(Text, Text)> {
        match node.kind {
            Is::Map(pairs) if pairs.len() == 1 => {
                let (key, node) = pairs.into_iter().next()?;
                let name = Located::new((&*key.name).into(), key.span);
                let name = self.some_fields(vec![name], fields, |_| true, "写 fields 里的键").pop()?;
                let Located { value, span } = self.text(&key, node)?;
                let shape = fields.iter().find(|field| field.name == name).map(|field| &field.shape);
                if let Some(Shape::Enum(values)) =
                    shape.filter(|shape| !matches!(shape, Shape::Enum(values) if values.contains(&value)))
                {
                    self.push(span, format!("“{name}”没有“{value}”这个值"), &format!("可以写：{}", values.join("、")));
                }
                Some((name, value))
            }
            _ => {
                self.push(node.span, "条件应当是一个“键: 值”".into(), "写成 only: {type: 报告书}");
                None
            }
        }
    }
}

/// What a unit of days says: whether working days are meant.
fn in_workdays(unit: &str) -> Option<bool> {
    match unit {
        "working" | "工作日" => Some(true),
        "calendar" | "日" => Some(false),
        _ => None,
    }
}
