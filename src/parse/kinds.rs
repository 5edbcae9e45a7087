//! 信息类型: one YAML file each, in `content/_kinds/` or embedded in the binary.

use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::front;
use super::keys::{self, Names};
use super::kind_rules::Rules;
use super::statute;
use super::yaml::{self, Key, Kind as Is, Node};
use crate::diag::{Code, Diagnostic};
use crate::model::{Column, Field, Front, Kind, KindField, Located, SeriesRule, Shape, Span, Sum, Text, slug};

/// The kinds that every site knows, by their names.
static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/src/parse/embedded/kinds");

const KEYS: [Names; 17] = [
    ("label", &["名称", "标签"]),
    ("aliases", &["别名"]),
    ("defaults", &["缺省值", "默认值"]),
    ("fields", &["字段"]),
    ("sums", &["合计"]),
    ("notices", &["公示期"]),
    ("deadlines", &["公开期限"]),
    ("air", &["空气质量表"]),
    ("articles", &["法定依据"]),
    ("water", &["水质表"]),
    ("form", &["格式"]),
    ("series", &["期刊"]),
    ("report", &["年报统计"]),
    ("header", &["表头行"]),
    ("columns", &["目录列"]),
    ("data", &["数据列"]),
    ("template", &["模板"]),
];
const FIELD_KEYS: [Names; 10] = [
    ("name", &["键"]),
    ("label", &["名称", "标签"]),
    ("aliases", &["别名"]),
    ("type", &["类型"]),
    ("unit", &["单位"]),
    ("values", &["取值"]),
    ("columns", &["列"]),
    ("required", &["必填"]),
    ("public", &["公开"]),
    ("help", &["说明"]),
];
const SUM_KEYS: [Names; 2] = [("total", &["合计"]), ("parts", &["各项"])];
/// Types of fields with their Chinese names.
const TYPES: [(&str, &str); 9] = [
    ("text", "文字"),
    ("date", "日期"),
    ("money", "金额"),
    ("number", "数"),
    ("enum", "选项"),
    ("list", "列表"),
    ("table", "表"),
    ("reference", "引用"),
    ("file", "文件"),
];
/// Most fields of a kind and columns of a table.
const MOST: usize = 100;

/// The embedded kinds, but for those of these names.
pub fn embedded(but_for: &[&str]) -> Vec<Kind> {
    let wanted = texts().filter(|(name, _)| !but_for.contains(name));
    let read = |(name, text): (&str, &str)| {
        let mut findings = Vec::new();
        let kind = read(name, text, &Arc::from(format!("{name}.yaml")), &mut findings);
        debug_assert!(findings.is_empty(), "embedded {name}: {findings:?}");
        kind
    };
    wanted.filter_map(read).collect()
}

/// The text of an embedded kind.
pub fn embedded_text(name: &str) -> Option<&'static str> {
    texts().find(|(known, _)| *known == name).map(|(_, text)| text)
}

fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    EMBEDDED.files().filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?)))
}

/// The name that a file of `_kinds/` declares: the file's own, without `.yaml`.
pub fn name_of(file: &str) -> Option<&str> {
    let stem = file.strip_suffix(".yaml")?;
    (!stem.contains('/') && slug::is_plain(stem) && !stem.starts_with('.')).then_some(stem)
}

/// A kind; `None` if it has no label.
pub fn read(name: &str, text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Option<Kind> {
    let start = super::tables::start_of(text);
    let node = yaml::read(text, start, text.len(), path, findings);
    let mut reader = Reader { path, findings };
    let mut kind = Kind {
        name: name.into(),
        label: Text::default(),
        aliases: Vec::new(),
        defaults: Front::default(),
        fields: Vec::new(),
        sums: Vec::new(),
        notices: Vec::new(),
        deadlines: Vec::new(),
        air: None,
        articles: Vec::new(),
        report: None,
        water: None,
        form: None,
        series: SeriesRule::default(),
        header: Vec::new(),
        columns: Vec::new(),
        data: Vec::new(),
        template: None,
        source: path.clone(),
    };
    let mut rules = Rules::default();
    for (canonical, key, value) in reader.entries(node, "信息类型", &KEYS) {
        match canonical {
            "label" => kind.label = reader.text(&key, value).map(|text| text.value).unwrap_or_default(),
            "aliases" => kind.aliases = reader.texts(&key, value),
            "defaults" => kind.defaults = reader.defaults(value),
            "fields" => kind.fields = reader.fields(value),
            "sums" => rules.sums = reader.items(value, "合计"),
            "notices" => rules.notices = reader.items(value, "公示期"),
            "deadlines" => rules.deadlines = reader.items(value, "公开期限"),
            "series" => rules.series = Some(value),
            "report" => rules.report = Some(value),
            "header" => rules.header = reader.placed_texts(&key, value),
            "columns" => rules.columns = reader.placed_texts(&key, value),
            "data" => rules.data = reader.placed_texts(&key, value),
            "template" => kind.template = reader.template(&key, value),
            "articles" => {
                kind.articles = statute::items(reader.placed_texts(&key, value), Code::G063, path, reader.findings);
            }
            "air" => rules.air = reader.text(&key, value),
            "water" => rules.water = reader.text(&key, value),
            _ => rules.form = reader.text(&key, value),
        }
    }
    // they speak of the fields, wherever in the file these stand
    reader.rules(rules, &mut kind);
    if kind.label.is_empty() {
        reader.push(Span::new(0, 1), "信息类型没有名称（label）".into(), "写上 label: 部门预算");
        return None;
    }
    Some(kind)
}

pub(super) struct Reader<'a> {
    path: &'a Arc<str>,
    findings: &'a mut Vec<Diagnostic>,
}

impl<'n> Reader<'_> {
    pub(super) fn push(&mut self, span: Span, message: String, help: &str) {
        self.findings.push(Diagnostic::new(Code::G063, self.path.clone(), span, message).help(help));
    }

    /// How many findings there are.
    pub(super) fn count(&self) -> usize {
        self.findings.len()
    }

    pub(super) fn entries<'k>(
        &mut self,
        node: Node<'n>,
        what: &str,
        keys: &[Names<'k>],
    ) -> Vec<(&'k str, Key<'n>, Node<'n>)> {
        match node.kind {
            Is::Map(pairs) => keys::entries(pairs, keys, self.path, self.findings),
            Is::Null | Is::Broken => Vec::new(),
            _ => {
                let message = format!("{what}应当是“字段: 值”，这里却是{}", node.what());
                self.push(node.span, message, "每行写一个“字段: 值”，见 gongkai explain G063");
                Vec::new()
            }
        }
    }

    fn items(&mut self, node: Node<'n>, what: &str) -> Vec<Node<'n>> {
        match node.kind {
            Is::List(items) if items.len() > MOST => {
                self.push(items[MOST].span, format!("{what}超过 {MOST} 项"), "把这种信息分成几个类型");
                Vec::new()
            }
            Is::List(items) => items,
            Is::Null | Is::Broken => Vec::new(),
            _ => {
                let message = format!("{what}应当是列表，这里却是{}", node.what());
                self.push(node.span, message, "每一项以“- ”开头");
                Vec::new()
            }
        }
    }

    pub(super) fn text(&mut self, key: &Key, node: Node) -> Option<Located<Text>> {
        match &node.kind {
            Is::Scalar(text) if !text.trim().is_empty() => Some(Located::new(text.trim().into(), node.span)),
            Is::Null | Is::Broken | Is::Scalar(_) => None,
            _ => {
                let message = format!("“{}”应当是文字，这里却是{}", key.name, node.what());
                self.push(node.span, message, "写成一行文字");
                None
            }
        }
    }

    fn texts(&mut self, key: &Key, node: Node) -> Vec<Text> {
        self.placed_texts(key, node).into_iter().map(|text| text.value).collect()
    }

    pub(super) fn placed_texts(&mut self, key: &Key, node: Node) -> Vec<Located<Text>> {
        match node.kind {
            Is::List(items) => items.into_iter().filter_map(|item| self.text(key, item)).collect(),
            _ => self.text(key, node).into_iter().collect(),
        }
    }

    pub(super) fn flag(&mut self, key: &Key, node: Node, otherwise: bool) -> bool {
        let Some(Located { value, span }) = self.text(key, node) else { return otherwise };
        match &*value {
            "true" | "是" | "yes" => true,
            "false" | "否" | "no" => false,
            _ => {
                let message = format!("“{}”的值“{value}”不在允许范围", key.name);
                self.push(span, message, "写 true 或 false");
                otherwise
            }
        }
    }

    /// What all documents of the kind share: only what a channel may give its documents, too.
    fn defaults(&mut self, node: Node) -> Front {
        let span = node.span;
        let front = front::defaults(node, self.path, self.findings);
        if front.get(Field::Kind).is_some() {
            self.push(span, "信息类型的 defaults 里不能再写 kind".into(), "删去这一行");
        }
        for extra in front.extras() {
            self.findings.push(keys::unknown_key(&extra.key.value, extra.key.span, self.path, Field::all_names()));
        }
        front
    }

    fn fields(&mut self, node: Node<'n>) -> Vec<KindField> {
        let mut fields: Vec<KindField> = Vec::new();
        for item in self.items(node, "字段") {
            let span = item.span;
            let Some(field) = self.field(item) else { continue };
            let names = [&*field.name, &*field.label];
            let other = fields.iter().find(|other| names.contains(&&*other.name) || names.contains(&&*other.label));
            if let Some(other) = other {
                let message = format!("字段“{}”与“{}”重名", field.name, other.name);
                self.push(span, message, "一种信息里的键和名称都不能重复");
                continue;
            }
            if let Some(core) = names.iter().find_map(|name| Field::from_key(name)) {
                let message = format!("字段“{}”是所有文件都有的字段（{}）", field.label, core.spec().key);
                self.push(span, message, "不用再声明，直接在文件里写；确是另一件事的，换一个名称");
                continue;
            }
            fields.push(field);
        }
        fields
    }

    fn field(&mut self, node: Node<'n>) -> Option<KindField> {
        let span = node.span;
        let (mut name, mut label, mut aliases, mut help) = (None, None, Vec::new(), Text::default());
        let (mut required, mut public) = (false, true);
        let mut shape = Stated::default();
        for (canonical, key, value) in self.entries(node, "字段", &FIELD_KEYS) {
            match canonical {
                "name" => name = self.name(&key, value),
                "label" => label = self.text(&key, value).map(|text| text.value),
                "aliases" => aliases = self.texts(&key, value),
                "required" => required = self.flag(&key, value, false),
                "public" => public = self.flag(&key, value, true),
                "help" => help = self.text(&key, value).map(|text| text.value).unwrap_or_default(),
                _ => self.stated(canonical, &key, value, &mut shape),
            }
        }
        let name = name.or_else(|| {
            self.push(span, "字段没有键（name），或键不能用".into(), "写上 name: total（英文字母、数字、_）");
            None
        })?;
        let label = label.unwrap_or_else(|| name.clone());
        let shape = self.shape(shape, span, true)?;
        if shape == Shape::File && !public {
            let message = format!("字段“{label}”是文件，不能不对外：放在 content/ 里的文件都会公开");
            self.push(span, message, "不公开的文件放到仓库以外，或改成 type: text 写明存放在哪里");
        }
        Some(KindField { shape, name, label, aliases, required, public, help })
    }

    fn name(&mut self, key: &Key, node: Node) -> Option<Text> {
        let Located { value, span } = self.text(key, node)?;
        let is_name = value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && value.starts_with(|c: char| c.is_ascii_lowercase());
        if !is_name {
            self.push(span, format!("键“{value}”不能用"), "只用小写英文字母、数字和 _，以字母开头");
        }
        is_name.then_some(value)
    }

    fn stated(&mut self, canonical: &str, key: &Key, value: Node<'n>, shape: &mut Stated) {
        match canonical {
            "type" => shape.name = self.text(key, value),
            "unit" => shape.unit = self.text(key, value),
            "values" => shape.values = self.texts(key, value),
            _ => shape.columns = self.items(value, "列").into_iter().filter_map(|column| self.column(column)).collect(),
        }
    }

    /// A column: a name, or like a field.
    fn column(&mut self, node: Node<'n>) -> Option<Column> {
        if let Is::Scalar(label) = &node.kind {
            let label: Text = label.trim().into();
            return Some(Column { name: label.clone(), label, shape: Shape::Text });
        }
        let span = node.span;
        let (mut name, mut label) = (None, None);
        let mut shape = Stated::default();
        for (canonical, key, value) in self.entries(node, "列", &FIELD_KEYS) {
            match canonical {
                "name" => name = self.name(&key, value),
                "label" => label = self.text(&key, value).map(|text| text.value),
                "type" | "unit" | "values" => self.stated(canonical, &key, value, &mut shape),
                other => self.push(span, format!("列不能有“{other}”"), "列只写 name、label、type、unit、values"),
            }
        }
        let label = label.or(name.clone()).or_else(|| {
            self.push(span, "列没有名称".into(), "写上 label: 名称");
            None
        })?;
        Some(Column { shape: self.shape(shape, span, false)?, name: name.unwrap_or_else(|| label.clone()), label })
    }

    /// The shape that was stated; text if none was.
    fn shape(&mut self, stated: Stated, span: Span, may_be_table: bool) -> Option<Shape> {
        let Stated { name, unit, values, columns } = stated;
        let written = name.as_ref().map_or("text", |name| &*name.value);
        let at = name.as_ref().map_or(span, |name| name.span);
        let Some((kind, _)) = TYPES.iter().find(|(key, label)| *key == written || *label == written) else {
            let known: Vec<&str> = TYPES.iter().map(|(key, _)| *key).collect();
            self.push(at, format!("没有类型“{written}”"), &format!("可以写：{}", known.join("、")));
            return None;
        };
        let takes_unit = matches!(*kind, "money" | "number");
        if let Some(unit) = unit.as_ref().filter(|_| !takes_unit) {
            self.push(unit.span, format!("类型 {kind} 没有单位"), "删去 unit，或改成 type: number");
        }
        let unit: Text = unit.map(|unit| unit.value).unwrap_or_default();
        Some(match *kind {
            "date" => Shape::Date,
            "money" => Shape::Money(if unit.is_empty() { "元".into() } else { unit }),
            "number" => Shape::Number(unit),
            "list" => Shape::List,
            "reference" | "file" if !may_be_table => {
                self.push(at, format!("表里的列不能是 {kind}"), "写成单独的字段，或在正文里链接");
                return None;
            }
            "reference" => Shape::Reference,
            "file" => Shape::File,
            "enum" if values.is_empty() => {
                self.push(at, "选项没有取值（values）".into(), "写上 values: [甲, 乙]");
                return None;
            }
            "enum" => Shape::Enum(values),
            "table" if !may_be_table => {
                self.push(at, "表里的列不能又是表".into(), "分成几个字段");
                return None;
            }
            "table" if columns.is_empty() => {
                self.push(
                    at,
                    "表没有列（columns）".into(),
                    "写上 columns: [项目, {label: 金额, type: money, unit: 万元}]",
                );
                return None;
            }
            "table" => Shape::Table(columns),
            _ => Shape::Text,
        })
    }

    pub(super) fn sum(&mut self, node: Node<'n>, fields: &[KindField]) -> Option<Sum> {
        let span = node.span;
        let (mut total, mut parts) = (None, Vec::new());
        for (canonical, key, value) in self.entries(node, "合计", &SUM_KEYS) {
            match canonical {
                "total" => total = self.text(&key, value).map(|text| text.value),
                _ => parts = self.texts(&key, value),
            }
        }
        let Some(total) = total.filter(|_| !parts.is_empty()) else {
            self.push(span, "合计要写 total 和 parts".into(), "写成 {total: 总计的键, parts: [各项的键]}");
            return None;
        };
        let shape = |name: &Text| fields.iter().find(|field| field.name == *name).map(|field| &field.shape);
        let is_number = |name: &&Text| matches!(shape(name), Some(Shape::Money(_) | Shape::Number(_)));
        if let Some(wrong) = std::iter::once(&total).chain(&parts).find(|name| !is_number(name)) {
            self.push(
                span,
                format!("合计里的“{wrong}”不是这种信息的数或金额"),
                "写 fields 里 type 为 money 或 number 的键",
            );
            return None;
        }
        let units: Vec<&str> = std::iter::once(&total).chain(&parts).filter_map(shape).map(Shape::unit).collect();
        if units.iter().any(|unit| *unit != units[0]) {
            self.push(span, "合计各项的单位不同".into(), "单位相同的才能相加");
            return None;
        }
        if parts.contains(&total) {
            self.push(span, format!("“{total}”不能是自己的一部分"), "从 parts 里删去它");
            return None;
        }
        Some(Sum { total, parts })
    }
}

/// What is stated of a shape.
#[derive(Default)]
struct Stated {
    name: Option<Located<Text>>,
    unit: Option<Located<Text>>,
    values: Vec<Text>,
    columns: Vec<Column>,
}
