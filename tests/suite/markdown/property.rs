//! What holds of every text.

use gongkai::parse::markdown::{PUNCTUATION_MARKERS, SPACE_MARKERS, events, scan_and_write, to_html, to_plain_html};
use proptest::prelude::*;
use pulldown_cmark::{Options, Parser, html};

use super::hostile::assert_harmless;
use super::{page, scanned};

/// Pieces that mean something to a parser, to a browser, or to the repair.
const NASTY: &[&str] = &[
    "*",
    "**",
    "***",
    "~",
    "~~",
    "_",
    "`",
    "```\n",
    "[",
    "](",
    ")",
    "![",
    "](a.md)",
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "<td>",
    "</td>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<u>",
    "</u>",
    "<br>",
    "<b",
    "<script>",
    "=\"",
    "'",
    "\"",
    "&",
    "&#x41;",
    "&amp;",
    "\\",
    "|",
    "|-|-|\n",
    "|甲|乙|\n",
    "# ",
    "> ",
    "- ",
    "1. ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "：",
    "（",
    "）",
    "“",
    "”",
    "，",
    "甲",
    "乙",
    "王",
    "a",
    "B",
    "1",
    "0",
    "javascript:",
    "https://a.cn",
    "//",
    "%3A",
    "索引号:",
    "#s-甲",
    "\u{3000}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{0}",
    "\u{a8ce}",
    "\u{205f}",
    "é",
    "😀",
    "[a]: b\n",
    "[a]",
    "===\n",
    "---\n",
];

fn nasty() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(NASTY), 0..40).prop_map(|pieces| pieces.concat())
}

/// Texts of markup and Latin letters alone.
fn latin() -> impl Strategy<Value = String> {
    let ascii: Vec<&str> =
        NASTY.iter().copied().filter(|piece| piece.is_ascii()).chain(["é", "“", "”", "—", "…"]).collect();
    prop::collection::vec(prop::sample::select(ascii), 0..40).prop_map(|pieces| pieces.concat())
}

/// Emphasis, Chinese and nothing that could hide a marker in a link or tag.
fn chinese() -> impl Strategy<Value = String> {
    let pieces =
        ["*", "**", "~~", "甲", "乙", "王", "：", "（", "）", "“", "”", "，", "1", "a", " ", "\n", "`", "[", "](x)"];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

fn markers() -> Vec<char> {
    PUNCTUATION_MARKERS.iter().chain(&SPACE_MARKERS).copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_without_chinese_is_plain_commonmark(text in latin()) {
        let mut plain = String::new();
        html::push_html(&mut plain, Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH));
        prop_assert_eq!(to_plain_html(&text), plain);
    }

    #[test]
    fn no_marker_reaches_a_page(text in chinese()) {
        prop_assert!(!to_plain_html(&text).contains(markers().as_slice()));
        prop_assert!(!page(&text).contains(markers().as_slice()));
    }

    /// What is written while a text is checked is what is written later.
    #[test]
    fn written_early_or_late_it_is_the_same(text in chinese()) {
        let late = page(&text);
        let early = std::cell::RefCell::new(None);
        let put = |html: String| _ = early.replace(Some(html));
        let body = scan_and_write(&text, 0, &"content/a.md".into(), &put, &mut Vec::new());
        match early.take() {
            Some(early) => prop_assert_eq!(early, late),
            // only a text that leads elsewhere in the site, or is no text to publish, waits
            None => prop_assert!(!body.links.is_empty() || !scanned(&text).1.is_empty(), "{}", text),
        }
    }

    /// The repair takes asterisks away and adds nothing.
    #[test]
    fn the_words_stay(text in chinese()) {
        // The info string of a code block is no text.
        if text.contains("~~~") || text.contains("```") {
            return Ok(());
        }
        let words = |s: &str| s.chars().filter(|c| "甲乙王：（），1a".contains(*c)).collect::<String>();
        let mut seen = String::new();
        for (event, _) in events(&text) {
            if let pulldown_cmark::Event::Text(text) | pulldown_cmark::Event::Code(text) = event {
                seen.push_str(&text);
            }
        }
        prop_assert_eq!(words(&seen), words(&text));
    }

    #[test]
    fn ranges_are_of_the_text(text in nasty()) {
        for (event, range) in events(&text) {
            let place = text.get(range.clone());
            prop_assert!(place.is_some(), "{:?} {:?}", event, range);
            if let pulldown_cmark::Event::Text(t) = &event && !text.contains(['&', '\0', '\\', '\r', '\t']) {
                // White space before raw HTML has no place of its own.
                prop_assert!(place == Some(&**t) || t.trim().is_empty(), "{:?} {:?}", event, place);
            }
        }
    }

    #[test]
    fn scan_and_page_see_the_same_links(text in nasty()) {
        let (body, findings) = scanned(&text);
        for finding in &findings {
            prop_assert!(text.get(finding.span.expect("a place").range()).is_some(), "{:?}", finding);
        }
        for link in &body.links {
            prop_assert!(text.get(link.target.span.range()).is_some(), "{:?}", link);
        }
        let asked = std::cell::RefCell::new(Vec::new());
        let html = to_html(&text, &|n| {
            asked.borrow_mut().push(n);
            None
        });
        // Links in the text of an image are counted and not asked for.
        let asked = asked.into_inner();
        prop_assert!(asked.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(asked.last().is_none_or(|last| *last < body.links.len()));
        if !text.contains('!') {
            prop_assert_eq!(asked.len(), body.links.len());
        }
        let ids = html.matches(" id=\"").count();
        prop_assert_eq!(ids, body.headings.len());
        for heading in &body.headings {
            let id = format!(" id=\"{}\"", heading.id);
            prop_assert_eq!(html.matches(&id).count(), 1);
        }
    }

    #[test]
    fn a_page_is_harmless(text in nasty()) {
        assert_harmless(&page(&text));
    }
}
