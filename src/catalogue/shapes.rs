//! Texts as the shapes of a kind's fields have them.

use super::FactValue;
use crate::diag::suggest::did_you_mean;
use crate::model::{Figure, KindField, Moment, Shape};

/// What to write in a field.
pub fn advice(field: &KindField) -> String {
    match field.help.is_empty() {
        true => format!("写{}", field.shape.describe()),
        false => format!("{}；写{}", field.help, field.shape.describe()),
    }
}

/// The choice that a text is near to.
pub fn meant(shape: &Shape, text: &str) -> Option<String> {
    match shape {
        Shape::Enum(values) => did_you_mean(text, values.iter().map(|value| &**value)),
        _ => None,
    }
}

/// A text as a shape has it, or what is wrong, to follow the field's name.
pub fn typed(shape: &Shape, text: &str) -> Result<FactValue, String> {
    match shape {
        Shape::Date => {
            Moment::parse(text).map(FactValue::Day).ok_or_else(|| format!("的日期“{text}”无法识别，或没有这一天"))
        }
        Shape::Money(unit) | Shape::Number(unit) => number(text, unit),
        Shape::Enum(values) if !values.iter().any(|value| **value == *text) => Err(format!("的值“{text}”不在允许范围")),
        Shape::Reference | Shape::File => Ok(FactValue::Link(text.into())),
        _ => Ok(FactValue::Text(text.into())),
    }
}

/// What monitoring reports write where there is no valid figure (HJ 633).
const NO_FIGURE: &str = "NA";

/// A text as a column of a table has it.
pub fn typed_cell(shape: &Shape, text: &str) -> Result<FactValue, String> {
    match shape {
        Shape::Number(_) if text == NO_FIGURE => Ok(FactValue::Text(NO_FIGURE.into())),
        shape => typed(shape, text),
    }
}

/// A number that may carry its unit, which must be the declared one: `12.5`, `12.5万元`, `12.5 万元`.
fn number(text: &str, unit: &str) -> Result<FactValue, String> {
    // the micro sign and the Greek letter look alike
    let text = &*text.replace('µ', "μ");
    let bare = if unit.is_empty() { text } else { text.strip_suffix(unit).unwrap_or(text).trim_end() };
    if let Some(number) = Figure::parse(bare) {
        return Ok(FactValue::Number(number));
    }
    let digits_end = bare.find(|c: char| !(c.is_ascii_digit() || ".,-−".contains(c))).unwrap_or(bare.len());
    match Figure::parse(&bare[..digits_end]) {
        Some(_) if unit.is_empty() => Err(format!("的“{text}”不是数")),
        Some(_) => Err(format!("的单位是“{}”，应当是“{unit}”", bare[digits_end..].trim())),
        None => Err(format!("的“{text}”不是数")),
    }
}
