//! A TOML file as a table that knows its places, with everything that is wrong with its writing: characters that nobody
//! sees, and lines that are no TOML.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::span;
use crate::diag::{self, Code, Diagnostic};
use crate::model::{Span, hidden};

/// What could be read of the text, with the findings; `code` is that of lines that are no TOML. A mark at the beginning is
/// read over by the parser, so that places are of the file. With the table comes what the lines begin with that are no TOML:
/// the keys there are not missing.
pub fn parse<'t>(
    text: &'t str,
    code: Code,
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) -> (Spanned<DeTable<'t>>, Vec<&'t str>) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let before = findings.len();
    diag::hidden::characters(&text[start..], start, path, findings);
    let line = |at: u32| text[..at as usize].bytes().filter(|byte| *byte == b'\n').count();
    let mut told: Vec<usize> =
        findings[before..].iter().filter_map(|finding| Some(line(finding.span?.start))).collect();
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let at = Span::new(range.start.min(text.len()), range.end.min(text.len()));
        // one slip makes the parser stumble several times over the same line
        if told.contains(&line(at.start)) {
            continue;
        }
        told.push(line(at.start));
        let (message, help) = match error.message() {
            "duplicate key" => ("同一个键写了两次", "只保留一行"),
            _ => ("这里不是合法的 TOML", "写成 键 = \"值\"，文字用半角双引号括起来"),
        };
        findings.push(Diagnostic::new(code, path.clone(), at, message).help(help));
    }
    escapes(table.get_ref(), text, path, findings);
    let begins = told.into_iter().filter_map(|line| text.lines().nth(line)?.split('=').next()).map(str::trim);
    (table, begins.collect())
}

/// Characters that nobody sees, written as escapes.
fn escapes(table: &DeTable, text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    for (key, value) in table.iter() {
        escape(key.get_ref(), span(key), text, path, findings);
        in_value(value, text, path, findings);
    }
}

fn in_value(value: &Spanned<DeValue>, text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    match value.get_ref() {
        DeValue::String(string) => escape(string, span(value), text, path, findings),
        DeValue::Array(items) => items.iter().for_each(|item| in_value(item, text, path, findings)),
        DeValue::Table(table) => escapes(table, text, path, findings),
        _ => {}
    }
}

fn escape(string: &str, at: Span, text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) {
    let Some((_, first)) = hidden::places(string).next() else { return };
    let is_told = text.get(at.range()).is_some_and(|written| hidden::places(written).next().is_some());
    if !is_told {
        findings.push(diag::hidden::finding(first, at, path));
    }
}
