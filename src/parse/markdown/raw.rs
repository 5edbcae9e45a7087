//! Raw HTML that `family` let pass, written anew from its tokens: nothing of it reaches the page as it was typed.

use super::element::{self, Element, Kept};
use super::html::{Attribute, Fragment, Token};
use super::write::Html;

/// Wide tables scroll in a frame of their own, which the keyboard can reach. Its label follows.
const FRAME: &str = "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"";

/// The frame of a table.
#[derive(Default)]
pub struct Frame {
    /// Where its label goes.
    pub at: usize,
    /// HTML text, as its author wrote it.
    caption: String,
}

/// The labels of a body's tables, as values of attributes: their captions, else numbers if there are several.
pub fn labels(frames: &[Frame]) -> Vec<String> {
    let label = |(at, frame): (usize, &Frame)| {
        let caption: Vec<&str> = frame.caption.split_whitespace().collect();
        match (caption.is_empty(), frames.len()) {
            (true, 1) => "表格".to_owned(),
            (true, _) => format!("表格 {}", at + 1),
            (false, _) => {
                let mut html = Html::default();
                html.html_text_in_attribute(&caption.join(" "));
                html.into_string()
            }
        }
    };
    frames.iter().enumerate().map(label).collect()
}

/// What is open of the raw HTML of a body, and the frames of all its tables.
#[derive(Default)]
pub struct Raw {
    tables: usize,
    open: usize,
    /// Whether what is read now is the caption of a table with a frame.
    in_caption: bool,
    pub frames: Vec<Frame>,
}

impl Raw {
    /// Whether what is written now stands in a raw table, and so in its frame.
    pub fn in_table(&self) -> bool {
        self.tables > 0
    }

    /// Begins the frame of a table, unless the table stands in another.
    pub fn begin_frame(&mut self, html: &mut Html) {
        if !self.in_table() {
            self.frames.push(Frame { at: html.raw(FRAME).len(), ..Frame::default() });
            html.raw("\">");
        }
    }

    pub fn end_frame(&self, markup: &'static str, html: &mut Html) {
        if !self.in_table() {
            html.raw(markup);
        }
    }

    fn caption(&mut self, text: &str) {
        if let Some(frame) = self.frames.last_mut().filter(|_| self.in_caption) {
            frame.caption.push_str(text);
        }
    }

    /// Writes a block of HTML, or the HTML in a line of text.
    pub fn write(&mut self, fragment: &Fragment, is_block: bool, html: &mut Html) {
        // Text of a block outside of all elements wants a paragraph.
        let mut in_paragraph = false;
        let before = html.len();
        for (token, range) in fragment.tokens() {
            let element = match &token {
                Token::Open { name, .. } | Token::Close { name } => Element::named(name),
                _ => None,
            };
            let is_text = match &token {
                Token::Text(text) => !text.trim().is_empty(),
                Token::Comment { .. } => false,
                _ => element.is_none_or(Element::is_inline),
            };
            if is_block && self.open == 0 && is_text != in_paragraph && (is_text || element == Some(Element::Table)) {
                in_paragraph = is_text;
                html.line().raw(if is_text { "<p>" } else { "</p>\n" });
            }
            match (token, element) {
                (Token::Comment { .. }, _) => {}
                (Token::Text(_), _) if is_block && self.open == 0 && !in_paragraph => {}
                (Token::Text(text), _) => {
                    self.caption(text);
                    html.html_text(text);
                }
                (Token::Open { attributes, .. }, Some(element)) => self.begin(element, &attributes, html),
                (Token::Close { .. }, Some(element)) => self.end(element, html),
                // Refused by `scan`; here only text.
                _ => {
                    html.text(&fragment.text()[range]);
                }
            }
        }
        if in_paragraph {
            html.raw("</p>");
        }
        if is_block && html.len() > before {
            html.line();
        }
    }

    fn begin(&mut self, element: Element, attributes: &[Attribute], html: &mut Html) {
        match element {
            Element::Table => {
                self.begin_frame(html);
                self.tables += 1;
            }
            Element::Caption => self.in_caption = self.tables == 1,
            Element::Br => self.caption(" "),
            _ => {}
        }
        self.open += usize::from(!element.is_void());
        html.raw(element.opening());
        for attribute in attributes {
            match element::attribute(element, attribute) {
                Ok(Kept::Colspan(span)) => html.number("colspan", span.into()),
                Ok(Kept::Rowspan(span)) => html.number("rowspan", span.into()),
                Ok(Kept::Span(span)) => html.number("span", span.into()),
                Ok(Kept::Scope(word)) => html.attribute("scope", word),
                // How a table as a whole stands is the theme's affair.
                Ok(Kept::Align(class)) if element != Element::Table => html.attribute("class", class),
                _ => continue,
            };
        }
        html.raw(">");
    }

    fn end(&mut self, element: Element, html: &mut Html) {
        self.open = self.open.saturating_sub(usize::from(!element.is_void()));
        html.raw(element.closing());
        if matches!(element, Element::Caption | Element::Table) {
            self.in_caption = false;
        }
        if element == Element::Table && self.tables > 0 {
            self.tables -= 1;
            self.end_frame("</div>", html);
        }
    }
}
