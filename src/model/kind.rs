//! 信息类型: what is declared once for a class of documents. A kind is data (one YAML file); nothing here knows any of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::annual::Part;
use super::front::Front;
use super::hash::Hash128;
use super::moment::Moment;
use super::span::Text;
use super::statute;

/// A kind as its file declares it.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub struct Kind {
    /// What documents write in `kind:`: the name of the file.
    pub name: Text,
    /// What readers see; documents may write it, too.
    pub label: Text,
    /// Other names that documents may use.
    pub aliases: Vec<Text>,
    /// Fields that documents of the kind need not state: the lowest word, below the channel's.
    pub defaults: Front,
    pub fields: Vec<KindField>,
    /// Sums that must add up.
    pub sums: Vec<Sum>,
    /// How long something must be shown.
    pub notices: Vec<Notice>,
    /// By when a document must be public.
    pub deadlines: Vec<Deadline>,
    /// The table field whose rows are daily reports of air.
    pub air: Option<Text>,
    /// 法定依据: the items of arts. 20 and 21 that documents of the kind answer to.
    pub articles: Vec<statute::Item>,
    /// Where the annual report counts them.
    pub report: Option<ReportRule>,
    /// The table field whose rows are sections of surface water.
    pub water: Option<Text>,
    /// The official form that its documents fill in.
    pub form: Option<Form>,
    /// How its documents are numbered where they come out in series.
    pub series: SeriesRule,
    /// Fields that stand above the text; all that readers see, if none are named.
    pub header: Vec<Text>,
    /// Fields that catalogues show beside the four statutory columns.
    pub columns: Vec<Text>,
    /// Fields that open data holds; all that readers see but tables, if none are named.
    pub data: Vec<Text>,
    /// The template of its pages, `kinds/NAME.html`; its own name if left out.
    pub template: Option<Text>,
    /// The file it stands in, from the site's root; a bare name if it is embedded.
    pub source: Arc<str>,
}

/// An official form: it brings the fields for its tables with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Form {
    /// 政府信息公开工作年度报告
    AnnualReport,
}

impl Form {
    /// As kinds name it.
    pub const ANNUAL_REPORT: &str = "annual-report";

    /// The field that says which year is reported: an older report has another form, or none.
    pub const YEAR: &str = "year";
}

/// A field that documents of a kind may state besides the common ones.
#[derive(Clone, Debug, Hash, Serialize, Deserialize)]
pub struct KindField {
    /// Key in front matter and open data.
    pub name: Text,
    /// What readers see; clerks may write it as the key.
    pub label: Text,
    pub aliases: Vec<Text>,
    pub shape: Shape,
    pub required: bool,
    /// Whether readers see it at all.
    pub public: bool,
    pub help: Text,
}

/// What a field's value is read as.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Shape {
    Text,
    /// A day, with an optional time.
    Date,
    /// An amount in this unit: 元, 万元, 亿元.
    Money(Text),
    /// A number; the unit may be empty.
    Number(Text),
    /// One of these.
    Enum(Vec<Text>),
    /// Texts, one or several.
    List,
    /// Rows of these columns.
    Table(Vec<Column>),
    /// Another document, by path or 索引号.
    Reference,
    /// A file beside the document, or in `static/`.
    File,
    /// A table of the annual report; no kind declares it, its `form` brings it.
    Annual(Part),
}

/// A column of a table field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Column {
    pub name: Text,
    pub label: Text,
    pub shape: Shape,
}

/// One field is the sum of others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sum {
    pub total: Text,
    pub parts: Vec<Text>,
}

/// 公示期: from one field to another, at least and at most so many days.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Notice {
    pub from: Text,
    pub to: Text,
    pub least: Option<u32>,
    pub most: Option<u32>,
    /// 工作日, else calendar days.
    pub in_workdays: bool,
    /// From when on the rule is law; `None`: always.
    pub since: Option<Moment>,
    /// The article that says so.
    pub basis: Text,
    /// Only if another field has this value.
    pub only: Option<(Text, Text)>,
}

/// 公开期限: a document must be public by a day.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Deadline {
    pub due: Due,
    /// From when on the rule is law; `None`: always.
    pub since: Option<Moment>,
    /// The article that says so.
    pub basis: Text,
    /// Only if a field has this value.
    pub only: Option<(Text, Text)>,
}

/// Which day that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Due {
    /// So many days after the day in a field (`written` is the common one).
    Within { from: Text, days: u32, in_workdays: bool },
    /// A day (month, day) of the year after the one that a field names.
    Yearly { of: Text, month: i8, day: i8 },
}

/// 年报表二: where the documents of a kind are counted, and how many decisions each of them holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReportRule {
    pub line: ReportLine,
    /// A table field with a row for each decision.
    pub rows: Option<Text>,
    /// A field with their number, or with the sum of money.
    pub count: Option<Text>,
}

/// The lines of the second table of the annual report (国办公开办函〔2021〕30号).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReportLine {
    Rules,
    Normative,
    Permits,
    Penalties,
    Coercion,
    Fees,
}

impl ReportLine {
    /// In the order of the table.
    pub const ALL: [Self; 6] =
        [Self::Rules, Self::Normative, Self::Permits, Self::Penalties, Self::Coercion, Self::Fees];

    pub fn label(self) -> &'static str {
        match self {
            Self::Rules => "规章",
            Self::Normative => "行政规范性文件",
            Self::Permits => "行政许可",
            Self::Penalties => "行政处罚",
            Self::Coercion => "行政强制",
            Self::Fees => "行政事业性收费",
        }
    }
}

/// 期刊: how the documents of a kind are numbered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SeriesRule {
    /// Whether every year begins with issue 1.
    pub is_yearly: bool,
    /// Fields with figures that are followed from issue to issue.
    pub trend: Vec<Text>,
}

impl Kind {
    pub fn hash(&self) -> Hash128 {
        Hash128::of(self)
    }

    /// Whether documents may call it so.
    pub fn is_called(&self, name: &str) -> bool {
        *self.name == *name || *self.label == *name || self.aliases.iter().any(|alias| **alias == *name)
    }

    /// The field of a key or label, and its place.
    pub fn field(&self, key: &str) -> Option<(usize, &KindField)> {
        let bare: String = key.chars().filter(|c| !c.is_whitespace()).collect();
        self.fields.iter().enumerate().find(|(_, field)| field.is_called(&bare))
    }

    /// The fields that open data holds: those that the kind names, else all that readers see in one cell.
    pub fn data_fields(&self) -> impl Iterator<Item = &KindField> {
        let is_cell = |field: &KindField| {
            field.public && !matches!(field.shape, Shape::Table(_) | Shape::Reference | Shape::File | Shape::Annual(_))
        };
        let named = self.data.iter().filter_map(|name| self.field(name)).map(|(_, field)| field);
        named.chain(self.fields.iter().filter(move |field| self.data.is_empty() && is_cell(field)))
    }

    /// Every name that a key may have, for "did you mean".
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().flat_map(|field| [&*field.name, &*field.label])
    }
}

impl KindField {
    fn is_called(&self, key: &str) -> bool {
        *self.name == *key || *self.label == *key || self.aliases.iter().any(|alias| **alias == *key)
    }
}

impl Shape {
    /// What a value of it is, for messages and help.
    pub fn describe(&self) -> String {
        match self {
            Shape::Text => "文字".into(),
            Shape::Date => "日期，如 2014-12-04".into(),
            Shape::Money(unit) => format!("金额（{unit}），如 1234.56"),
            Shape::Number(unit) if unit.is_empty() => "数".into(),
            Shape::Number(unit) => format!("数（{unit}）"),
            Shape::Enum(values) => format!("其中之一：{}", values.join("、")),
            Shape::List => "文字或列表".into(),
            Shape::Table(columns) => {
                let labels: Vec<&str> = columns.iter().map(|column| &*column.label).collect();
                format!("表，每行写 {}", labels.join("、"))
            }
            Shape::Reference => "另一份文件的路径（.md）或索引号".into(),
            Shape::File => "放在旁边的文件的名称，如 平面图.pdf".into(),
            Shape::Annual(_) => "表，每行写“行名: [数, 数, …]”".into(),
        }
    }

    /// The unit of a number; empty if there is none.
    pub fn unit(&self) -> &str {
        match self {
            Shape::Money(unit) | Shape::Number(unit) => unit,
            _ => "",
        }
    }
}
