//! The CommonMark and GFM suites against the repaired Markdown: a text without Chinese is plain CommonMark.
//!
//! The suites lie beside the repository (`../shared/corpus/suites`: CommonMark 0.31.2, cmark-gfm @85d8952, CC BY-SA 4.0);
//! without them the test says so and passes.

use std::path::Path;
use std::sync::Arc;

use gongkai::diag::Code;
use gongkai::parse::markdown::{events, scan, to_html, to_plain_html};
use pulldown_cmark::Event;
use serde::Deserialize;

const SUITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/suites");

#[derive(Deserialize)]
struct Example {
    example: u32,
    section: String,
    markdown: String,
    html: String,
}

/// What became of a suite's examples.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    equal: usize,
    /// Examples with raw HTML: our documents may not hold it (`scan` refuses it), so what it becomes is not compared.
    raw_html: Vec<u32>,
    /// Those of them that come out otherwise than the suite wants.
    raw_different: Vec<u32>,
    /// Examples of extensions that our documents do not have.
    not_read: Vec<u32>,
    different: Vec<u32>,
}

#[test]
fn commonmark() {
    let Some(outcome) = run("commonmark/spec.json") else { return };
    let expected = Outcome {
        equal: 580,
        raw_html: vec![
            21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167,
            168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188,
            189, 190, 191, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617, 623, 625,
            626, 627, 628, 629, 630, 631, 642, 643,
        ],
        raw_different: vec![175],
        not_read: vec![],
        different: vec![],
    };
    assert_eq!(outcome, expected);
}

/// GFM is CommonMark 0.29 with extensions. 0.30 and 0.31 changed how HTML comments end (645, 646: raw HTML all the same).
#[test]
fn gfm() {
    let Some(outcome) = run("gfm/spec.json") else { return };
    let expected = Outcome {
        equal: 587,
        raw_html: vec![
            118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138,
            139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159,
            160, 170, 288, 289, 317, 327, 354, 484, 485, 486, 500, 503, 532, 544, 632, 633, 634, 635, 636, 642, 644,
            645, 646, 647, 648, 649, 650, 651, 653, 663, 664,
        ],
        raw_different: vec![144, 645, 646, 653],
        not_read: vec![279, 280, 621, 622, 623, 624, 625, 626, 627, 628, 629, 630, 631],
        different: vec![],
    };
    assert_eq!(outcome, expected);
}

#[test]
fn gfm_extensions() {
    let Some(outcome) = run("gfm/extensions.json") else { return };
    let expected = Outcome {
        equal: 18,
        raw_html: vec![12, 22],
        raw_different: vec![22],
        not_read: vec![19, 20, 23, 24, 25, 26, 27, 28],
        different: vec![],
    };
    assert_eq!(outcome, expected);
}

fn run(name: &str) -> Option<Outcome> {
    let Ok(text) = std::fs::read_to_string(Path::new(SUITES).join(name)) else {
        println!("skipped: {SUITES}/{name} is not there");
        return None;
    };
    let examples: Vec<Example> = serde_json::from_str(&text).expect("a suite");
    let mut outcome = Outcome::default();
    for example in &examples {
        let is_equal = normal(&to_plain_html(&example.markdown)) == normal(&example.html);
        if has_raw_html(&example.markdown) {
            check_raw(example);
            outcome.raw_html.push(example.example);
            outcome.raw_different.extend((!is_equal).then_some(example.example));
        } else if is_not_read(example) {
            outcome.not_read.push(example.example);
        } else if is_equal {
            outcome.equal += 1;
        } else {
            println!("{name} {}: {:?}\n{}", example.example, example.markdown, to_plain_html(&example.markdown));
            outcome.different.push(example.example);
        }
    }
    Some(outcome)
}

fn has_raw_html(markdown: &str) -> bool {
    events(markdown).any(|(event, _)| matches!(event, Event::Html(_) | Event::InlineHtml(_)))
}

/// Autolinks without `<>`, task lists, the tag filter and footnotes are not read.
fn is_not_read(example: &Example) -> bool {
    let sections = [
        "Autolinks (extension)",
        "Task list items (extension)",
        "Disallowed Raw HTML (extension)",
        "HTML tag filter",
        "Footnotes",
        "Task lists",
    ];
    let has_autolink = ["google.com", "github.com"].iter().any(|host| example.markdown.contains(host));
    sections.contains(&example.section.as_str()) || has_autolink || example.html == "<IGNORE>\n"
}

/// Raw HTML is refused, or consists of comments and the table family; and nothing else of it reaches a page.
fn check_raw(example: &Example) {
    let mut findings = Vec::new();
    scan(&example.markdown, 0, &Arc::from("content/a.md"), &mut findings);
    let refused = findings.iter().any(|finding| matches!(finding.code, Code::G030 | Code::G037));
    let page = to_html(&example.markdown, &|_| None).to_lowercase();
    for tag in ["<script", "<style", "<iframe", "<textarea", "<!--", "<?", "<![cdata", "<bab", "<b2", "onclick=\""] {
        assert!(!page.contains(tag), "{}: {page}", example.example);
    }
    let harmless = |c: &str| c.contains("<!--") || c.contains("<t") || c.contains("<br");
    assert!(refused || harmless(&example.markdown), "{}: {:?}", example.example, example.markdown);
}

/// Two writers of the same document differ in quotes, in white space between the parts of a table, in how they align,
/// and in whether a table without rows has a body.
fn normal(html: &str) -> String {
    let mut html = html.replace("&quot;", "\"");
    for side in ["left", "center", "right"] {
        html = html.replace(&format!(" style=\"text-align: {side}\""), &format!(" align=\"{side}\""));
    }
    for tag in ["table", "thead", "tbody", "tr", "th", "td"] {
        for whole in [format!("<{tag}>"), format!("</{tag}>")] {
            html = html.replace(&format!("{whole}\n"), &whole).replace(&format!("\n{whole}"), &whole);
        }
    }
    html.replace("<tbody></tbody>", "").trim().to_owned()
}
