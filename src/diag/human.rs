//! A finding for people: the message, the place, the line itself with the spot underlined, and advice. The home of
//! `annotate-snippets`, whose look changes from version to version.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::position::{BOM, floor, line_end, line_start, position};
use super::{Diagnostic, Lookup, Severity};
use crate::model::Span;
use crate::model::hidden::is_invisible;

/// A place that runs over more lines than this is shown by its first line.
const LINES: usize = 6;
/// Widest excerpt of a line, in columns of a terminal; what is longer is cut around the place.
const WIDTH: usize = 110;
/// Of a cut line, so much stays before the place.
const BEFORE: usize = 36;

/// The finding as text of several lines, with a line break at the end.
pub fn render(finding: &Diagnostic, lookup: Lookup, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() }.term_width(10 * WIDTH);
    let message = printable(&finding.message);
    let help = finding.help.as_deref().map(printable);
    // a name can hold what would colour a terminal or forge a line of the report
    let path = printable(&finding.path).replace('\n', "�");
    let title = level(finding.severity).primary_title(message).id(finding.code.as_str());
    let excerpt = finding.span.and_then(|span| Some(Excerpt::new(&lookup(&finding.path)?, span)));
    let group = match &excerpt {
        None => title.element(Origin::path(&*path)),
        Some(excerpt) => title.element(
            Snippet::<Annotation>::source(&*excerpt.text)
                .path(&*path)
                .line_start(excerpt.line)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone())),
        ),
    };
    let group: Group = match help {
        None => group,
        Some(help) => group.element(Level::HELP.with_name("建议").message(help)),
    };
    let text = renderer.render(&[group]);
    match excerpt {
        // Without line numbers the renderer leaves no margin.
        None => text.replacen('\n', "\n ", 2) + "\n",
        Some(excerpt) => excerpt.true_column(text, &path) + "\n",
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    }
}

/// The lines to be shown, in a form that a terminal can take.
pub(super) struct Excerpt {
    text: String,
    /// Number of the first line.
    pub line: usize,
    /// The place in `text`.
    span: Range<usize>,
    /// Column of the place in the file, and in `text`.
    pub column: usize,
    shown_column: usize,
}

impl Excerpt {
    pub fn new(text: &str, span: Span) -> Self {
        let start = floor(text, span.start as usize);
        let end = floor(text, span.end as usize).max(start);
        let (from, first_end) = (line_start(text, start), line_end(text, start));
        // A line break at the end of the place does not make it run into the next line.
        let last = if text[start..end].ends_with('\n') { end - 1 } else { end };
        let to = line_end(text, last.max(start));
        let start = start.min(first_end).max(from);
        let end = end.clamp(start, to);

        let lines = 1 + text[from..to].matches('\n').count();
        let widest = text[from..to].lines().map(width).max().unwrap_or(0);
        let (shown, span) = match lines {
            1 => window(&text[from..to], start - from..end - from),
            _ if lines <= LINES && widest <= WIDTH => whole(&text[from..to], start - from..end - from),
            _ => window(&text[from..first_end], start - from..first_end - from),
        };
        let place = position(text, start);
        let before = &shown[..span.start];
        let shown_column = 1 + before.chars().count();
        Self { text: shown, line: place.line, span, column: place.column, shown_column }
    }

    /// What comes before the place, the place, and what comes after it.
    pub fn parts(self) -> [String; 3] {
        let Range { start, end } = self.span;
        [&self.text[..start], &self.text[start..end], &self.text[end..]].map(str::to_owned)
    }

    /// A cut line has another column than the file: puts the file's into the rendered text.
    fn true_column(&self, rendered: String, path: &str) -> String {
        let shown = format!("{path}:{}:{}\n", self.line, self.shown_column);
        match self.column == self.shown_column {
            true => rendered,
            false => rendered.replacen(&shown, &format!("{path}:{}:{}\n", self.line, self.column), 1),
        }
    }
}

/// The lines as they are.
fn whole(text: &str, span: Range<usize>) -> (String, Range<usize>) {
    let before = visible(&text[..span.start]);
    let inside = visible(&text[span.clone()]);
    let after = visible(&text[span.end..]);
    let span = before.len()..before.len() + inside.len();
    (before + &inside + &after, span)
}

/// One line, or the part of it around the place.
fn window(line: &str, span: Range<usize>) -> (String, Range<usize>) {
    if width(line) <= WIDTH {
        return whole(line, span);
    }
    let from = cut_front(&line[..span.start], BEFORE);
    let room = WIDTH - width(&line[from..span.start]);
    let to = from.max(span.start) + cut_back(&line[span.start..], room);
    let span = span.start - from..span.end.min(to) - from;
    let (shown, span) = whole(&line[from..to], span);
    let lead = if from > 0 { "…" } else { "" };
    let tail = if to < line.len() { "…" } else { "" };
    (format!("{lead}{shown}{tail}"), span.start + lead.len()..span.end + lead.len())
}

/// Where the last `room` columns of a text begin.
fn cut_front(text: &str, room: usize) -> usize {
    let mut used = 0;
    let fits = |(_, c): &(usize, char)| {
        used += columns(*c);
        used <= room
    };
    text.char_indices().rev().take_while(fits).last().map_or(text.len(), |(at, _)| at)
}

/// Where the first `room` columns of a text end.
fn cut_back(text: &str, room: usize) -> usize {
    let mut used = 0;
    let over = |(_, c): &(usize, char)| {
        used += columns(*c);
        used > room
    };
    text.char_indices().find(over).map_or(text.len(), |(at, _)| at)
}

/// Columns that a text takes on a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Columns of a terminal, generously: enough to decide where to cut.
fn columns(c: char) -> usize {
    match c {
        '\t' => 4,
        _ if c.is_ascii() => 1,
        _ => 2,
    }
}

/// Without CRs at line ends, and with a sign in place of what nobody could see. A byte order mark goes.
fn visible(text: &str) -> String {
    let sign = |c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c };
    text.replace("\r\n", "\n").chars().filter(|c| *c != BOM).map(sign).collect()
}

/// Names of files that somebody else chose, on one line, and without anything that steers a terminal or cannot be seen.
pub fn plain(text: &str) -> Cow<'_, str> {
    let bad = |c: char| c.is_control() || is_invisible(c);
    match text.contains(bad) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.replace(bad, "�")),
    }
}

/// Messages quote content, which must not steer the terminal.
pub fn printable(text: &str) -> Cow<'_, str> {
    let bad = |c: char| (c.is_control() && c != '\n') || is_invisible(c);
    match text.contains(bad) {
        false => Cow::Borrowed(text),
        true => Cow::Owned(text.replace(bad, "�")),
    }
}
