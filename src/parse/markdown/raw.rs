//! Raw HTML that `family` let pass, written anew from its tokens: nothing of it reaches the page as it was typed.

use super::element::{self, Element, Kept};
use super::html::{Attribute, Fragment, Token};
use super::write::Html;

/// Wide tables scroll in a frame of their own, which the keyboard can reach.
pub const FRAME: &str = "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"表格\">";

/// What is open of the raw HTML of a body.
#[derive(Default)]
pub struct Raw {
    tables: usize,
    open: usize,
}

impl Raw {
    /// Whether what is written now stands in a raw table, and so in its frame.
    pub fn in_table(&self) -> bool {
        self.tables > 0
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
        if element == Element::Table {
            let frame = if self.tables == 0 { FRAME } else { "" };
            html.raw(frame);
            self.tables += 1;
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
        if element == Element::Table && self.tables > 0 {
            self.tables -= 1;
            html.raw(if self.tables == 0 { "</div>" } else { "" });
        }
    }
}
