//! A body as HTML. Everything passes through `write::Html`; raw HTML is written anew from its tokens.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::Target;
use super::address::{self, Destination};
use super::data;
use super::emphasis::Prepared;
use super::figure;
use super::heading::Outline;
use super::html::{Fragment, is_break};
use super::precheck::too_deep;
use super::punct::is_cjk;
use super::raw::Raw;
use super::sign::is_signature;
use super::tags::{closing, opening};
use super::write::Html;
use super::written::{Late, Written};

/// What a writer reads.
trait Events<'e>: Iterator<Item = (Event<'e>, Range<usize>)> {}

impl<'e, T: Iterator<Item = (Event<'e>, Range<usize>)>> Events<'e> for T {}

/// Writes a body that has no link into the site from the events of `text`. Gives up at the first such link: its target
/// is not known yet.
pub fn write_unlinked<'e>(text: &str, events: &mut impl Iterator<Item = (Event<'e>, Range<usize>)>) -> Option<Written> {
    let mut render = Render::new(text, room(text), &|_| None, &|_| String::new(), &|_| None);
    while let Some((event, range)) = events.next() {
        render.event(event, range, events);
        if render.links > 0 {
            return None;
        }
    }
    Some(render.written())
}

fn room(text: &str) -> Html {
    Html::with_capacity(text.len() * 5 / 4 + 64)
}

/// Writes a body.
pub fn render(
    text: &str,
    target: &dyn Fn(usize) -> Option<Target>,
    drawn: &dyn Fn(usize) -> String,
    counted: &dyn Fn(&str) -> Option<usize>,
) -> String {
    let mut html = room(text);
    if too_deep(text).is_some() {
        // Refused by `scan`; here only so that nothing depends on it.
        html.raw("<p>").text(text).raw("</p>\n");
        return html.into_string();
    }
    let prepared = Prepared::new(text);
    let mut render = Render::new(text, html, target, drawn, counted);
    let mut events = prepared.events();
    while let Some((event, range)) = events.next() {
        render.event(event, range, &mut events);
    }
    let headings = std::mem::take(&mut render.outline).finish();
    render.written().finish(&headings)
}

struct Render<'t> {
    text: &'t str,
    html: Html,
    target: &'t dyn Fn(usize) -> Option<Target>,
    /// The n-th table or chart as HTML.
    drawn: &'t dyn Fn(usize) -> String,
    /// What stands for a name in `{count: …}`.
    counted: &'t dyn Fn(&str) -> Option<usize>,
    has_figures: bool,
    blocks: usize,
    /// Internal links so far.
    links: usize,
    /// For each open link, whether it has a tag.
    open_links: Vec<bool>,
    outline: Outline,
    heading: Option<(u8, String)>,
    /// Where levels and ids of headings go, with the heading's number.
    late: Vec<(usize, Late, usize)>,
    headings: usize,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    in_code: bool,
    /// Whether a line of a paragraph begins here, or one that is joined to the line before.
    at_line: bool,
    raw: Raw,
    /// The HTML block that is being read.
    block: Option<Fragment<'static>>,
}

impl<'t> Render<'t> {
    fn new(
        text: &'t str,
        html: Html,
        target: &'t dyn Fn(usize) -> Option<Target>,
        drawn: &'t dyn Fn(usize) -> String,
        counted: &'t dyn Fn(&str) -> Option<usize>,
    ) -> Self {
        Self {
            text,
            html,
            target,
            drawn,
            counted,
            has_figures: figure::may_be_in(text),
            blocks: 0,
            links: 0,
            open_links: Vec::new(),
            outline: Outline::default(),
            heading: None,
            late: Vec::new(),
            headings: 0,
            alignments: Vec::new(),
            column: 0,
            in_head: false,
            in_code: false,
            at_line: false,
            raw: Raw::default(),
            block: None,
        }
    }

    fn event<'e>(&mut self, event: Event<'e>, range: Range<usize>, rest: &mut impl Events<'e>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.block = Some(Fragment::default()),
            Event::Html(html) => self.block.get_or_insert_default().push(&html, range.start),
            Event::End(TagEnd::HtmlBlock) => {
                let block = self.block.take().unwrap_or_default();
                self.raw.write(&block, true, &mut self.html);
            }
            Event::InlineHtml(html) => {
                if is_break(&html) {
                    self.words(" ");
                }
                self.raw.write(&Fragment::new(html.as_ref().into(), range.start), false, &mut self.html);
            }
            Event::Start(Tag::Image { link_type: _, dest_url, title, .. }) => self.image(&dest_url, &title, rest),
            Event::Start(Tag::Paragraph) if is_signature(self.text, &range) => {
                self.at_line = true;
                self.html.line().raw("<p class=\"sign\">");
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if data::word(&info).is_some() => self.data(rest),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            // White space that begins a line of HTML.
            Event::Text(text) if self.block.is_some() => self.block.get_or_insert_default().push(&text, range.start),
            Event::Text(text) => {
                self.words(&text);
                // the page indents paragraphs by itself
                let at_line = std::mem::take(&mut self.at_line);
                let shown = if at_line { text.trim_start_matches('\u{3000}') } else { &text };
                match (self.in_code, self.has_figures) {
                    (true, _) => _ = self.html.text(&text),
                    (_, true) => _ = self.html.prose(&figure::counted(self.counted, shown)),
                    _ => _ = self.html.prose(shown),
                }
            }
            Event::Code(text) => {
                self.words(&text);
                self.html.raw("<code>").prose(&text).raw("</code>");
            }
            Event::SoftBreak => {
                self.words(" ");
                self.at_line = true;
                if !is_between_cjk(self.text, range) {
                    self.html.raw("\n");
                }
            }
            Event::HardBreak => {
                self.words(" ");
                self.html.raw("<br>\n");
            }
            Event::Rule => {
                self.html.line();
                self.html.raw("<hr>\n");
            }
            // Not enabled.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn words(&mut self, text: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        }
    }

    fn start(&mut self, tag: Tag) {
        if let Some((begins_line, markup)) = opening(&tag) {
            let html = if begins_line { self.html.line() } else { &mut self.html };
            html.raw(markup);
        }
        match tag {
            Tag::Heading { level, .. } => self.heading_start(level as u8),
            Tag::CodeBlock(kind) => self.code_block(&kind),
            Tag::List(Some(first)) if first != 1 => self.list_start(first),
            Tag::Table(alignments) => self.table_start(alignments),
            Tag::Paragraph => self.at_line = true,
            Tag::TableHead => {
                self.in_head = true;
                self.column = 0;
            }
            Tag::TableRow => self.column = 0,
            Tag::TableCell => self.cell_start(),
            Tag::Link { link_type, dest_url, title, .. } => self.link_start(link_type, &dest_url, &title),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.at_line &= tag != TagEnd::Paragraph;
        if tag == TagEnd::BlockQuote(None) {
            self.html.line();
        }
        if let Some(markup) = closing(tag) {
            self.html.raw(markup);
        }
        match tag {
            TagEnd::Heading(_) => self.heading_end(),
            TagEnd::Table => self.raw.end_frame("</div>\n", &mut self.html),
            TagEnd::TableHead => self.in_head = false,
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::TableCell => {
                self.column += 1;
                self.html.raw(if self.in_head { "</th>" } else { "</td>" });
            }
            TagEnd::Link if self.open_links.pop() == Some(true) => {
                self.html.raw("</a>");
            }
            _ => {}
        }
    }

    fn list_start(&mut self, first: u64) {
        self.html.line().raw("<ol").number("start", first).raw(">\n");
    }

    fn heading_start(&mut self, level: u8) {
        self.heading = Some((level, String::new()));
        self.html.line().raw("<h");
        self.late.push((self.html.len(), Late::Level, self.headings));
        self.html.raw(" id=\"");
        self.late.push((self.html.len(), Late::Id, self.headings));
        self.html.raw("\">");
    }

    fn heading_end(&mut self) {
        self.html.raw("</h");
        self.late.push((self.html.len(), Late::Level, self.headings));
        self.html.raw(">\n");
        self.headings += 1;
        if let Some((level, text)) = self.heading.take() {
            self.outline.push(level, text);
        }
    }

    fn code_block(&mut self, kind: &CodeBlockKind) {
        self.in_code = true;
        self.html.line().raw("<pre tabindex=\"0\"><code");
        if let CodeBlockKind::Fenced(info) = kind
            && let Some(class) = language_class(info)
        {
            self.html.attribute("class", &class);
        }
        self.html.raw(">");
    }

    fn table_start(&mut self, alignments: Vec<Alignment>) {
        self.alignments = alignments;
        self.html.line();
        self.raw.begin_frame(&mut self.html);
        self.html.raw("<table>\n");
    }

    fn cell_start(&mut self) {
        self.html.raw(if self.in_head { "<th scope=\"col\"" } else { "<td" });
        match self.alignments.get(self.column) {
            Some(Alignment::Left) => self.html.raw(" class=\"ta-l\""),
            Some(Alignment::Center) => self.html.raw(" class=\"ta-c\""),
            Some(Alignment::Right) => self.html.raw(" class=\"ta-r\""),
            Some(Alignment::None) | None => &mut self.html,
        };
        self.html.raw(">");
    }

    /// A table or chart in place of the block that states it.
    fn data<'e>(&mut self, rest: &mut impl Events<'e>) {
        rest.by_ref().find(|(event, _)| *event == Event::End(TagEnd::CodeBlock));
        // its file counts as a link, like in `scan`
        self.links += 1;
        let drawn = (self.drawn)(self.blocks);
        self.blocks += 1;
        self.html.line().drawn(&drawn);
    }

    /// The target of an internal link, or `None`; counts like `scan`.
    fn next_target(&mut self) -> Option<Target> {
        self.links += 1;
        (self.target)(self.links - 1)
    }

    fn link_start(&mut self, link_type: LinkType, destination: &str, title: &str) {
        let is_email = link_type == LinkType::Email;
        let judged = address::of_link(destination, is_email, false).ok();
        let target = if judged == Some(Destination::Internal) { self.next_target() } else { None };
        let has_tag = matches!(judged, Some(Destination::Web | Destination::Contact)) || target.is_some();
        self.open_links.push(has_tag);
        if !has_tag {
            return;
        }
        self.html.raw("<a");
        match (target, judged) {
            (Some(target), _) => self.html.attribute("href", &target.href),
            (None, _) if is_email => self.html.mail_address(destination),
            (None, _) => self.html.address("href", destination),
        };
        if judged == Some(Destination::Web) {
            self.html.raw(" rel=\"external\"");
        }
        self.title(title);
        self.html.raw(">");
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.html.attribute("title", title);
        }
    }

    /// Writes an image and uses up the events of its text.
    fn image<'e>(&mut self, destination: &str, title: &CowStr, rest: &mut impl Events<'e>) {
        let judged = address::of_link(destination, false, true).ok();
        let target = if judged == Some(Destination::Internal) { self.next_target() } else { None };
        let text = self.image_text(rest);
        self.words(&text);
        let Some(target) = target else {
            self.html.text(&text);
            return;
        };
        self.html.raw("<img");
        self.html.attribute("src", &target.href);
        self.html.attribute("alt", text.trim());
        if let Some((width, height)) = target.size {
            self.html.number("width", width.into()).number("height", height.into());
        }
        self.html.raw(" loading=\"lazy\"");
        self.title(title);
        self.html.raw(">");
    }

    /// The text of an image, up to its end. Links in it count, though nobody sees them.
    fn image_text<'e>(&mut self, rest: &mut impl Events<'e>) -> String {
        let mut text = String::new();
        let mut open = 1;
        for (event, _) in rest.by_ref() {
            match event {
                Event::Start(tag) => {
                    open += 1;
                    self.count_link(&tag);
                }
                Event::End(_) => open -= 1,
                Event::Text(part) | Event::Code(part) => text.push_str(&part),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                Event::InlineHtml(html) if is_break(&html) => text.push(' '),
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        text
    }

    fn count_link(&mut self, tag: &Tag) {
        let judged = match tag {
            Tag::Link { link_type, dest_url, .. } => address::of_link(dest_url, *link_type == LinkType::Email, false),
            Tag::Image { dest_url, .. } => address::of_link(dest_url, false, true),
            _ => return,
        };
        self.links += usize::from(judged == Ok(Destination::Internal));
    }

    fn written(self) -> Written {
        let Self { html, mut late, raw: Raw { frames, .. }, .. } = self;
        if !frames.is_empty() {
            late.extend(frames.iter().enumerate().map(|(number, frame)| (frame.at, Late::Label, number)));
            late.sort_by_key(|(at, ..)| *at);
        }
        Written { out: html.into_string(), late, frames }
    }
}

/// `language-rust`, if the info string begins with a plain name.
fn language_class(info: &str) -> Option<String> {
    let name = info.split_ascii_whitespace().next()?;
    let plain = name.len() <= 20 && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'));
    plain.then(|| ["language-", name].concat())
}

/// Whether a line break stands between two Chinese characters, where a browser would show a space.
fn is_between_cjk(text: &str, line_break: Range<usize>) -> bool {
    let before = text[..line_break.start].chars().next_back();
    let after = text[line_break.end..].trim_start_matches([' ', '\t', '>']).chars().next();
    let (Some(before), Some(after)) = (before, after) else { return false };
    // Punctuation that other languages use too goes with its neighbour.
    let shared = |c: char| matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·');
    (is_cjk(before) && (is_cjk(after) || shared(after))) || (shared(before) && is_cjk(after))
}
