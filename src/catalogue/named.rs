//! Kinds and fields that blocks name, and what documents say in them.

use super::Entry;
use super::facts::FactValue;
use super::kinds::{KindId, Kinds};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, KindField, Located, Shape, Text, years};

/// The kinds of these names, each once; `None` if one is unknown, which is told.
pub fn kinds(
    written: &[Located<Text>],
    file: &str,
    kinds: &Kinds,
    findings: &mut Vec<Diagnostic>,
) -> Option<Vec<KindId>> {
    let mut ids: Vec<KindId> = Vec::with_capacity(written.len());
    let mut are_known = true;
    for Located { value, span } in written {
        match kinds.find(value) {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => {
                let help = did_you_mean(value, kinds.all().flat_map(|kind| [&*kind.name, &*kind.label]))
                    .unwrap_or_else(|| {
                        "用 gongkai new 列出已有的类型；新的类型写在 content/_kinds/英文键.yaml 里".into()
                    });
                let message = format!("没有信息类型“{value}”");
                findings.push(Diagnostic::new(Code::G061, file, *span, message).help(help));
                are_known = false;
            }
        }
    }
    are_known.then_some(ids)
}

/// Whether any of the kinds has a field of this name that readers may see and that holds one value; if not, it is told.
pub fn has_field(
    named: &Located<Text>,
    of: &[KindId],
    kinds: &Kinds,
    file: &str,
    findings: &mut Vec<Diagnostic>,
) -> bool {
    let fields = || of.iter().filter_map(|id| Some(kinds.get(*id).field(&named.value)?.1));
    let is_fit =
        |field: &KindField| field.public && !matches!(field.shape, Shape::Table(_) | Shape::List | Shape::Annual(_));
    let mut tell = |message: String, help: String| {
        findings.push(Diagnostic::new(Code::G061, file, named.span, message).help(help));
        false
    };
    if fields().any(is_fit) {
        return true;
    }
    match fields().next() {
        Some(field) if !field.public => {
            tell(format!("字段“{}”不对外显示（public: false），不能用在网页上", field.label), "换一个公开的字段".into())
        }
        Some(field) => tell(
            format!("字段“{}”是{}，不能用来归并", field.label, field.shape.describe()),
            "换一个只有一个值的字段".into(),
        ),
        None => {
            let labels: Vec<&str> = of.iter().map(|id| &*kinds.get(*id).label).collect();
            let names: Vec<&str> = of.iter().flat_map(|id| kinds.get(*id).names()).collect();
            let help = did_you_mean(&named.value, names).unwrap_or_else(|| "写信息类型里声明的字段的键或名称".into());
            tell(format!("{}都没有字段“{}”", labels.join("、"), named.value), help)
        }
    }
}

/// What a document says in a field of its kind.
fn value<'d>(doc: &'d Entry, name: &str, kinds: &Kinds) -> Stated<'d> {
    let field = doc.kind.and_then(|kind| kinds.get(kind).field(name)).filter(|(_, field)| field.public);
    let Some((at, _)) = field else { return Stated::NoField };
    match doc.facts.iter().find(|fact| usize::from(fact.field) == at) {
        Some(fact) => Stated::Value(&fact.value),
        None => Stated::Nothing,
    }
}

enum Stated<'d> {
    Value(&'d FactValue),
    Nothing,
    /// Documents of its kind have no such field.
    NoField,
}

/// The text of a field; `None` if the document does not state it.
pub fn text(doc: &Entry, name: &str, kinds: &Kinds) -> Option<String> {
    match value(doc, name, kinds) {
        Stated::Value(FactValue::Text(text)) => Some(text.to_string()),
        Stated::Value(FactValue::Number(figure)) => Some(figure.to_string()),
        Stated::Value(FactValue::Day(day)) => Some(day.day().to_string()),
        _ => None,
    }
}

/// The field that says the year unless a block names another.
const YEAR: &str = "year";

/// The year that a document is about: what its kind's field says, or the year of publication if there is no such field.
/// `None` if there is one and it names no year: to guess would put the document where nobody looks for it.
pub fn year(doc: &Entry, field: Option<&str>, kinds: &Kinds) -> Option<i16> {
    let name = field.unwrap_or(YEAR);
    match (Field::from_key(name), value(doc, name, kinds)) {
        (Some(Field::Published), _) | (_, Stated::NoField) => Some(doc.published.year()),
        (_, Stated::Value(FactValue::Text(text))) => years::parse(text),
        (_, Stated::Value(FactValue::Number(figure))) => years::parse(&figure.to_string().replace(',', "")),
        (_, Stated::Value(FactValue::Day(day))) => Some(day.year()),
        _ => None,
    }
}

/// Whether a block may name the field for the year.
pub fn is_published(name: &str) -> bool {
    Field::from_key(name) == Some(Field::Published)
}
