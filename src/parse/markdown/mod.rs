//! The body of a document. The home of `pulldown-cmark`.
//!
//! Two functions serve the stages: `scan` (stage 2) says what others must know of a body and what is wrong with it;
//! `to_html` (stage 5) writes it. They read the same events, so the n-th link of one is the n-th link of the other.
//! `scan_and_write` is both at once, for bodies that do not lead elsewhere in the site.
//!
//! | module | holds |
//! |---|---|
//! | `emphasis`, `runs`, `punct` | emphasis that works beside Chinese punctuation |
//! | `precheck`, `scan`, `report` | what is wrong with a body, and what is known of it |
//! | `missed` | what looks like a link or a footnote and came out as text |
//! | `shown` | what would come out otherwise than it was written |
//! | `html`, `family`, `element` | raw HTML: its tokens, what is allowed, the elements themselves |
//! | `address` | where a link may lead |
//! | `data`, `ask`, `sheet` | blocks that show tables, charts and counts, and these as HTML |
//! | `annual` | tables of the annual report as HTML |
//! | `figure` | numbers in a text that count themselves |
//! | `heading` | levels and ids of headings |
//! | `render`, `raw`, `sign`, `tags`, `write`, `written` | the body as HTML, and the one writer that escapes |

mod address;
pub mod annual;
mod ask;
mod data;
mod element;
mod emphasis;
mod family;
mod figure;
mod heading;
mod html;
mod missed;
mod precheck;
mod punct;
mod raw;
mod render;
mod report;
mod runs;
mod scan;
pub mod sheet;
mod shown;
mod sign;
mod tags;
mod typed;
mod write;
mod written;

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::Event;

use crate::diag::Diagnostic;
use crate::model::Body;

pub use address::{Refusal, judge};
pub use emphasis::{PUNCTUATION_MARKERS, SPACE_MARKERS};
pub use punct::{is_cjk, is_punctuation};
pub use report::DEEPEST;
pub use scan::MOST_LINKS;

/// Where an internal link or image leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The address for the page, percent-encoded.
    pub href: String,
    /// Width and height of an image, in pixels.
    pub size: Option<(u32, u32)>,
}

/// Stage 2: what later stages must know of a body, and what is wrong with it. `text` is the body alone, `start` where it
/// begins in the file (places are of the file), `path` the file's from the site's root.
pub fn scan(text: &str, start: usize, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Body {
    scan::scan(text, start, report::Report::new(path, start, findings), None)
}

/// Takes a body's HTML.
pub type Put<'a> = &'a dyn Fn(String);

/// Like `scan`; the body's HTML, the same as `to_html` makes, is given to `put` if it has no link into the site.
pub fn scan_and_write(text: &str, start: usize, path: &Arc<str>, put: Put, findings: &mut Vec<Diagnostic>) -> Body {
    scan::scan(text, start, report::Report::new(path, start, findings), Some(put))
}

/// Stage 5: the body as HTML. `target(n)` says where the n-th link of `Body::links` leads.
pub fn to_html(text: &str, target: &dyn Fn(usize) -> Option<Target>) -> String {
    render::render(text, target, &|_| String::new(), &|_| None)
}

/// The same for a body with tables, charts and counts: `drawn(n)` is the n-th of `Body::data` as HTML, by `sheet`;
/// `counted` says what stands for a name of `Body::figures`.
pub fn to_html_with(
    text: &str,
    target: &dyn Fn(usize) -> Option<Target>,
    drawn: &dyn Fn(usize) -> String,
    counted: &dyn Fn(&str) -> Option<usize>,
) -> String {
    render::render(text, target, drawn, counted)
}

/// CommonMark with tables and strikethrough, emphasis repaired, in ranges of `text`.
pub fn events(text: &str) -> impl Iterator<Item = (Event<'static>, Range<usize>)> {
    let prepared = emphasis::Prepared::new(text);
    let events: Vec<_> = prepared.events().map(|(event, range)| (event.into_static(), range)).collect();
    events.into_iter()
}

/// The Markdown as plain HTML, emphasis repaired, without any rule of this site: what the CommonMark and GFM suites test.
pub fn to_plain_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut out, emphasis::Prepared::new(text).events().map(|(event, _)| event));
    out
}
