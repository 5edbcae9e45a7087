//! What a kind says of its documents beyond their fields: how long something must be shown, what must follow from what.

use super::keys::Names;
use super::kinds::Reader;
use super::yaml::{Key, Kind as Is, Node};
use crate::diag::suggest::did_you_mean;
use crate::model::annual::Part;
use crate::model::water;
use crate::model::{Column, Form, KindField, Located, Moment, Notice, Shape, Text};

const NOTICE_KEYS: [Names; 7] = [
    ("from", &["起"]),
    ("to", &["止"]),
    ("least", &["不少于"]),
    ("unit", &["单位"]),
    ("since", &["自"]),
    ("basis", &["依据"]),
    ("only", &["仅当"]),
];

impl<'n> Reader<'_> {
    pub(super) fn notice(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<Notice> {
        let span = node.span;
        let (mut from, mut to, mut least, mut unit) = (None, None, None, None);
        let (mut since, mut basis, mut only) = (None, Text::default(), None);
        for (canonical, key, value) in self.entries(node, "公示期", &NOTICE_KEYS) {
            match canonical {
                "from" => from = self.date_field(&key, value, fields),
                "to" => to = self.date_field(&key, value, fields),
                "least" => least = self.text(&key, value).and_then(|text| text.value.parse::<u32>().ok()),
                "unit" => unit = self.text(&key, value),
                "since" => since = self.text(&key, value).and_then(|text| Moment::parse(&text.value)),
                "basis" => basis = self.text(&key, value).map(|text| text.value).unwrap_or_default(),
                _ => only = self.condition(value),
            }
        }
        let in_workdays = match unit.as_ref().map(|unit| &*unit.value) {
            Some("working" | "工作日") => Some(true),
            Some("calendar" | "日") => Some(false),
            _ => None,
        };
        let (Some(from), Some(to), Some(least), Some(in_workdays)) = (from, to, least, in_workdays) else {
            let help = "写成 {from: 开始日期的键, to: 截止日期的键, least: 10, unit: 工作日, basis: 依据}";
            self.push(span, "公示期没有写全，或写得不对".into(), help);
            return None;
        };
        Some(Notice { from, to, least, in_workdays, since, basis, only })
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
        let is_taken = |part: &Part| fields.iter().any(|field| *field.name == *part.key() || *field.label == *part.label());
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

    /// `{type: 报告书}`
    fn condition(&mut self, node: Node<'n>) -> Option<(Text, Text)> {
        match node.kind {
            Is::Map(pairs) if pairs.len() == 1 => {
                let (key, value) = pairs.into_iter().next()?;
                let name: Text = (&*key.name).into();
                Some((name, self.text(&key, value)?.value))
            }
            _ => {
                self.push(node.span, "条件应当是一个“键: 值”".into(), "写成 only: {type: 报告书}");
                None
            }
        }
    }
}
