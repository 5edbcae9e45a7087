//! Markdown with emphasis that works beside Chinese punctuation (`runs` says where it does not).
//!
//! The repair is made in the text: an invisible marker beside a run makes pulldown-cmark judge it as wanted. Markers are
//! characters that do not occur in the text; they are taken out of every event, and ranges are those of the text as
//! the author wrote it.

use std::iter::FusedIterator;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use super::precheck::has;
use super::punct::is_cjk;
use super::runs::{Verdict, any_suspect, judge};

/// Rare characters that pulldown-cmark takes for punctuation: beside a run they let it open and close.
pub const PUNCTUATION_MARKERS: [char; 6] = ['\u{a8ce}', '\u{a8cf}', '\u{aaf0}', '\u{abeb}', '\u{a95f}', '\u{1c7e}'];
/// Rare characters that pulldown-cmark takes for white space in emphasis and nowhere else: between two of them a run is text.
pub const SPACE_MARKERS: [char; 5] = ['\u{205f}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2008}'];
/// Every marker has as many bytes.
const MARKER_BYTES: usize = 3;

/// A text made ready for the parser.
pub struct Prepared<'a> {
    original: &'a str,
    repaired: Option<Repaired>,
    /// `3~5天`: in a text with Chinese a single `~` is no strikethrough.
    literal_tilde: bool,
}

struct Repaired {
    text: String,
    markers: [char; 2],
    /// Where the markers stand in `text`, ascending.
    places: Vec<usize>,
}

impl<'a> Prepared<'a> {
    pub fn new(original: &'a str) -> Self {
        let has_tilde = has(original, b'~');
        let has_cjk = (has_tilde || has(original, b'*')) && original.chars().any(is_cjk);
        let repaired = if has_cjk && any_suspect(original) { Repaired::new(original) } else { None };
        Self { original, repaired, literal_tilde: has_cjk && has_tilde }
    }

    /// The events of the text, with their ranges in the text as the author wrote it.
    pub fn events(&self) -> Events<'_> {
        let text = self.repaired.as_ref().map_or(self.original, |repaired| &repaired.text);
        Events { inner: Parser::new_ext(text, options()).into_offset_iter(), prepared: self }
    }
}

/// What we read beyond CommonMark. Footnotes are off: their parsing takes more than linear time upstream (#1076).
fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

impl Repaired {
    /// `None` if nothing is to be repaired.
    fn new(original: &str) -> Option<Self> {
        let verdicts = judge(original);
        if verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Keep) {
            return None;
        }
        let unused = |candidates: &[char]| candidates.iter().copied().find(|c| !original.contains(*c));
        // A text that uses every candidate wants to be difficult; it keeps CommonMark's rules.
        let markers = [unused(&PUNCTUATION_MARKERS)?, unused(&SPACE_MARKERS)?];
        let mut repaired = Self { text: String::with_capacity(original.len() + 64), markers, places: Vec::new() };
        let mut done = 0;
        for (run, verdict) in verdicts {
            repaired.text.push_str(&original[done..run.start]);
            match verdict {
                Verdict::Open => repaired.mark(markers[0]),
                Verdict::Literal => {
                    repaired.mark_between_letters(markers[1], original[..run.start].chars().next_back())
                }
                Verdict::Keep | Verdict::Close => {}
            }
            repaired.text.push_str(&original[run.start..run.end]);
            match verdict {
                Verdict::Close => repaired.mark(markers[0]),
                Verdict::Literal => repaired.mark_between_letters(markers[1], original[run.end..].chars().next()),
                Verdict::Keep | Verdict::Open => {}
            }
            done = run.end;
        }
        repaired.text.push_str(&original[done..]);
        Some(repaired)
    }

    fn mark(&mut self, marker: char) {
        debug_assert_eq!(marker.len_utf8(), MARKER_BYTES);
        self.places.push(self.text.len());
        self.text.push(marker);
    }

    /// White space beside white space, or at the end of a line, could mean something else.
    fn mark_between_letters(&mut self, marker: char, neighbour: Option<char>) {
        if neighbour.is_some_and(|c| !c.is_whitespace() && c != '|') {
            self.mark(marker);
        }
    }

    /// A range of the repaired text, in the original.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let before = |at: usize| MARKER_BYTES * self.places.partition_point(|place| *place < at);
        range.start - before(range.start)..range.end - before(range.end)
    }

    /// An event without markers, and its range in the original.
    fn restore<'e>(&self, event: Event<'e>, range: Range<usize>) -> (Event<'e>, Range<usize>) {
        let restored = self.place(&range);
        // The address of `[a][b]` stands elsewhere.
        let may_have_marker =
            restored.len() < range.len() || matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
        (if may_have_marker { self.strip_event(event) } else { event }, restored)
    }

    fn strip<'e>(&self, text: CowStr<'e>) -> CowStr<'e> {
        if text.contains(self.markers) { CowStr::from(text.replace(self.markers, "")) } else { text }
    }

    fn strip_event<'e>(&self, event: Event<'e>) -> Event<'e> {
        match event {
            Event::Text(text) => Event::Text(self.strip(text)),
            Event::Code(text) => Event::Code(self.strip(text)),
            Event::Html(text) => Event::Html(self.strip(text)),
            Event::InlineHtml(text) => Event::InlineHtml(self.strip(text)),
            Event::Start(tag) => Event::Start(self.strip_tag(tag)),
            other => other,
        }
    }

    fn strip_tag<'e>(&self, tag: Tag<'e>) -> Tag<'e> {
        match tag {
            Tag::Link { link_type, dest_url, title, id } => {
                Tag::Link { link_type, dest_url: self.strip(dest_url), title: self.strip(title), id: self.strip(id) }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                Tag::Image { link_type, dest_url: self.strip(dest_url), title: self.strip(title), id: self.strip(id) }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(self.strip(info))),
            other => other,
        }
    }
}

/// Events of a prepared text.
pub struct Events<'p> {
    inner: OffsetIter<'p>,
    prepared: &'p Prepared<'p>,
}

impl<'p> Iterator for Events<'p> {
    type Item = (Event<'p>, Range<usize>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // Most texts need nothing, and an event is large: it is handed on without being moved.
        if self.prepared.repaired.is_none() && !self.prepared.literal_tilde {
            return self.inner.next();
        }
        self.restored()
    }
}

impl FusedIterator for Events<'_> {}

impl Events<'_> {
    /// The link definitions of the text (`[a]: b`), each with its label and its place.
    pub fn definitions(&self) -> Vec<(String, Range<usize>)> {
        let place = |range: &Range<usize>| match &self.prepared.repaired {
            None => range.clone(),
            Some(repaired) => repaired.place(range),
        };
        let label = |label: &str| match &self.prepared.repaired {
            None => label.to_owned(),
            Some(repaired) => label.replace(repaired.markers, ""),
        };
        let definitions = self.inner.reference_definitions().iter();
        definitions.map(|(written, definition)| (label(written), place(&definition.span))).collect()
    }
}

impl<'p> Events<'p> {
    #[inline(never)]
    fn restored(&mut self) -> Option<(Event<'p>, Range<usize>)> {
        let (event, range) = self.inner.next()?;
        let (event, range) = match &self.prepared.repaired {
            None => (event, range),
            Some(repaired) => repaired.restore(event, range),
        };
        Some(if self.prepared.literal_tilde { self.tilde(event, range) } else { (event, range) })
    }

    /// Gives a single `~` back that was taken for strikethrough.
    fn tilde<'e>(&self, event: Event<'e>, range: Range<usize>) -> (Event<'e>, Range<usize>) {
        let is_single = || !self.prepared.original[range.start..].starts_with("~~");
        let place = match &event {
            Event::Start(Tag::Strikethrough) if is_single() => range.start..range.start + 1,
            Event::End(TagEnd::Strikethrough) if is_single() => range.end - 1..range.end,
            _ => return (event, range),
        };
        (Event::Text(CowStr::Borrowed("~")), place)
    }
}
