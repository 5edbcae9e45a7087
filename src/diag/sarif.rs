//! Findings as a SARIF 2.1.0 document, which code hosts show beside the files.

use std::sync::Arc;

use serde::Serialize;

use super::position::position;
use super::{Code, Diagnostic, Lookup, Severity};
use crate::model::{json, path};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// How SARIF calls the folder that paths count from.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'a str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
struct Driver<'a> {
    name: &'a str,
    version: &'a str,
    language: &'a str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    name: &'a str,
    short_description: Text<'a>,
    help: Help<'a>,
    default_configuration: Level<'a>,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Help<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
struct Level<'a> {
    level: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'a str,
    message: Message,
    locations: [Location<'a>; 1],
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    physical_location: Place<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    artifact_location: Artifact<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact<'a> {
    uri: String,
    uri_base_id: &'a str,
}

/// Lines and columns from 1, in characters; the end column is the first one behind the place.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

/// The whole document, indented.
pub fn to_document(findings: &[Diagnostic], lookup: Lookup) -> String {
    let mut texts = Texts { lookup, last: None };
    let results = findings.iter().map(|finding| result(finding, &mut texts)).collect();
    let driver = Driver {
        name: "gongkai",
        version: env!("CARGO_PKG_VERSION"),
        language: "zh-CN",
        rules: Code::ALL.iter().copied().map(rule).collect(),
    };
    let run = Run { tool: Tool { driver }, column_kind: "unicodeCodePoints", results };
    json::to_pretty(&Document { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn rule(code: Code) -> Rule<'static> {
    Rule {
        id: code.as_str(),
        name: code.title(),
        short_description: Text { text: code.title() },
        help: Help { text: code.manual(), markdown: code.manual() },
        default_configuration: Level { level: level(code.severity()) },
    }
}

fn result<'a>(finding: &'a Diagnostic, texts: &mut Texts) -> Finding<'a> {
    let advice = finding.help.as_ref().map(|help| format!("\n建议: {help}")).unwrap_or_default();
    let region = finding.span.and_then(|span| {
        let text = texts.get(&finding.path)?;
        let (start, end) = (position(text, span.start as usize), position(text, span.end as usize));
        Some(Region { start_line: start.line, start_column: start.column, end_line: end.line, end_column: end.column })
    });
    let artifact_location = Artifact { uri: path::encode(&finding.path), uri_base_id: ROOT };
    Finding {
        rule_id: finding.code.as_str(),
        rule_index: finding.code as usize,
        level: level(finding.severity),
        message: Message { text: format!("{}{advice}", finding.message) },
        locations: [Location { physical_location: Place { artifact_location, region } }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    }
}

/// The file looked at last: findings come sorted by path.
struct Texts<'l> {
    lookup: Lookup<'l>,
    last: Option<(Arc<str>, Option<String>)>,
}

impl Texts<'_> {
    fn get(&mut self, path: &Arc<str>) -> Option<&str> {
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            self.last = Some((path.clone(), (self.lookup)(path)));
        }
        self.last.as_ref()?.1.as_deref()
    }
}
