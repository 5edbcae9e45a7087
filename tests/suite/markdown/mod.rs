//! The body of a document: `gongkai::parse::markdown`.

mod body;
mod emphasis;
mod hostile;
mod property;
mod suites;

use std::sync::Arc;

use gongkai::diag::Diagnostic;
use gongkai::model::Body;
use gongkai::parse::markdown::{Target, scan, to_html};

/// Scans a body that begins where its file does.
fn scanned(text: &str) -> (Body, Vec<Diagnostic>) {
    let mut findings = Vec::new();
    let body = scan(text, 0, &Arc::from("content/a.md"), &mut findings);
    (body, findings)
}

/// `G031 "javascript:a"`: the codes and what they underline.
fn shown(text: &str, findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().map(|d| format!("{} {:?}", d.code.as_str(), &text[d.span.expect("a place").range()])).collect()
}

/// The page, each internal link leading to `#n`.
fn page(text: &str) -> String {
    to_html(text, &|n| Some(Target { href: format!("#{n}"), size: None }))
}
