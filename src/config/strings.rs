//! The words of a theme: a flat table of texts, in TOML.

use std::sync::Arc;

use super::{span, toml_text};
use crate::diag::{Code, Diagnostic};
use crate::model::Span;

/// Key, text, and where the key stands. What is no text is a finding and left out.
pub fn strings(text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Vec<(String, String, Span)> {
    let (table, _) = toml_text::parse(text, Code::G073, path, findings);
    let mut strings = Vec::new();
    for (key, value) in table.get_ref().iter() {
        let name = key.get_ref().to_string();
        match value.get_ref().as_str() {
            Some(text) => strings.push((name, text.to_owned(), span(key))),
            None => {
                let message = format!("“{name}”应当是文字");
                let finding = Diagnostic::new(Code::G073, path.clone(), span(key), message);
                findings.push(finding.help("每行写 键 = \"文字\"，不分表"));
            }
        }
    }
    strings
}
