//! Judges the raw HTML of a body: only elements and attributes of the table family, properly nested. One stack serves the
//! whole body, because a blank line inside a table begins Markdown again.

use std::ops::Range;

use crate::diag::{Code, suggest};

use super::element::{self, Element, Fault, Kept, MOST_COLUMNS, MOST_ROWS};
use super::html::{Attribute, Fragment, Token};
use super::report::Report;
use super::typed;

/// Where in the Markdown a piece of HTML stands.
#[derive(Clone, Copy, Debug)]
pub struct Around {
    /// A block of its own, or a part of a line of text.
    pub is_block: bool,
    /// How many Markdown constructs are open.
    pub depth: usize,
    /// How many elements may be open here.
    pub room: usize,
}

/// The open elements of a body.
#[derive(Default)]
pub struct Family {
    open: Vec<Open>,
    /// Names that were refused where they opened: their end tags go without saying.
    refused: Vec<String>,
}

struct Open {
    element: Element,
    /// How many Markdown constructs were open around it.
    depth: usize,
    at: Range<usize>,
    /// Of a table.
    rows: u32,
    /// Of a table: columns of the present row.
    columns: u32,
}

/// Elements remembered at most: far beyond what `scan` reports as too deep, and few enough to be searched every time.
const DEEPEST: usize = 200;
const ALLOWED: &str = "正文只许用表格的标签：table caption colgroup col thead tbody tfoot tr th td br sub sup u";

impl Family {
    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Judges a block of HTML, or the HTML in a line of text.
    pub fn html(&mut self, fragment: &Fragment, around: Around, report: &mut Report) {
        let mut script_until = 0;
        for (token, range) in fragment.tokens() {
            if range.start < script_until {
                continue;
            }
            let at = fragment.place(range.clone());
            match token {
                Token::Open { name, .. } if Element::named(name).is_none() => {
                    script_until = end_of_script(fragment.text(), name, range.end);
                    self.refuse(name, at, report);
                }
                Token::Open { name, attributes, closes_itself } => {
                    let Some(element) = Element::named(name) else { continue };
                    let columns = judge_attributes(element, &attributes, fragment, report);
                    let closed = if closes_itself && !element.is_void() { Some(at.clone()) } else { None };
                    self.open(element, columns, at, around, report);
                    if let Some(at) = closed {
                        let help = format!("写作 <{0}>…</{0}>", element.name());
                        report.add(Code::G030, at, format!("<{}/> 不能这样结束", element.name()), help);
                        self.open.pop_if(|open| open.element == element);
                    }
                }
                Token::Close { name } => self.close(name, at, around.depth, report),
                Token::Comment { closed: false } => report.add(
                    Code::G037,
                    at.start..at.start + 4,
                    "注释没有结束",
                    "在注释末尾写 -->；表格里的注释中间不能空行",
                ),
                Token::Comment { closed: true } => {}
                Token::Declaration => {
                    report.add(
                        Code::G030,
                        at,
                        "不允许的 HTML 声明（<!…>、<?…> 或 CDATA）",
                        "删去它；注释写作 <!-- … -->",
                    );
                }
                Token::Broken { name } => {
                    let help = "在标签末尾补上 >，并检查引号是否成对；标签中间不能空行";
                    report.add(Code::G030, at, format!("标签 <{}> 没有写完", shown(name)), help);
                }
                Token::Text(text) => {
                    self.text(text, at, around.depth, report);
                    self.markup(fragment, range, report);
                }
            }
        }
    }

    /// A Markdown block begins: it may stand in a cell, not between the rows.
    pub fn markdown_block(&mut self, at: Range<usize>, depth: usize, report: &mut Report) {
        let inside = self.parent(depth).filter(|parent| !parent.is_cell());
        if let Some(element) = inside {
            let message = format!("空行之后又是 Markdown，却还在 <{}> 里", element.name());
            report.add(Code::G030, at, message, "表格的标签之间不空行；要在单元格里写 Markdown，就在 <td> 之后空一行");
        }
    }

    /// A Markdown construct ends, and everything opened in it must have ended.
    pub fn markdown_end(&mut self, depth: usize, report: &mut Report) {
        while let Some(open) = self.open.pop_if(|open| open.depth >= depth) {
            unclosed(&open, report);
        }
    }

    /// The body ends.
    pub fn finish(self, report: &mut Report) {
        self.open.iter().for_each(|open| unclosed(open, report));
    }

    /// The element directly around, if no Markdown construct lies between.
    fn parent(&self, depth: usize) -> Option<Element> {
        self.open.last().filter(|open| open.depth == depth).map(|open| open.element)
    }

    fn open(&mut self, element: Element, columns: u32, at: Range<usize>, around: Around, report: &mut Report) {
        let Around { is_block, depth, room } = around;
        if !is_block && !element.is_inline() {
            let message = format!("<{}> 不能放在一行文字中间", element.name());
            report.add(
                Code::G030,
                at.clone(),
                message,
                "表格从行首写起，前面空一行；单元格里有空行时，</td> 也从行首写起",
            );
        } else if !element.may_stand_in(self.parent(depth)) {
            let message = format!("<{}> 放错了地方", element.name());
            report.add(Code::G030, at.clone(), message, element.place());
        }
        self.count(element, columns, &at, report);
        if !element.is_void() && self.open.len() < DEEPEST {
            if self.open.len() == room {
                report.too_deep(at.clone());
            }
            self.open.push(Open { element, depth, at, rows: 0, columns: 0 });
        }
    }

    /// Counts rows and columns of the innermost table.
    fn count(&mut self, element: Element, columns: u32, at: &Range<usize>, report: &mut Report) {
        let Some(table) = self.open.iter_mut().rfind(|open| open.element == Element::Table) else { return };
        if element == Element::Tr {
            table.rows += 1;
            table.columns = 0;
            if table.rows == MOST_ROWS + 1 {
                report.add(Code::G036, at.clone(), format!("表格超过 {MOST_ROWS} 行"), "把表格分成几份，或列为附件");
            }
        } else if element.is_cell() {
            let before = table.columns;
            table.columns = before.saturating_add(columns);
            if before <= MOST_COLUMNS && table.columns > MOST_COLUMNS {
                report.add(Code::G036, at.clone(), format!("表格超过 {MOST_COLUMNS} 列"), "把表格分成几份，或列为附件");
            }
        }
    }

    fn close(&mut self, name: &str, at: Range<usize>, depth: usize, report: &mut Report) {
        let Some(element) = Element::named(name) else {
            if !self.refused.iter().any(|refused| refused.eq_ignore_ascii_case(name)) {
                self.refuse(name, at, report);
            }
            return;
        };
        let here = self.open.iter().rev().take_while(|open| open.depth == depth);
        match here.into_iter().position(|open| open.element == element) {
            Some(above) if !element.is_void() => {
                let kept = self.open.len() - above;
                self.open.drain(kept..).rev().for_each(|open| unclosed(&open, report));
                self.open.pop();
            }
            _ if element.is_void() => {
                report.add(
                    Code::G030,
                    at,
                    format!("没有 </{0}> 这样的标签", element.name()),
                    format!("写作 <{}>", element.name()),
                );
            }
            _ => {
                let help = "删去它，或补上开头的标签；开头和结尾的标签要在同一个单元格、列表项或段落里";
                report.add(Code::G030, at, format!("</{}> 没有对应的开头", element.name()), help);
            }
        }
    }

    fn text(&self, text: &str, at: Range<usize>, depth: usize, report: &mut Report) {
        let Some(parent) = self.parent(depth).filter(|parent| !parent.holds_text()) else { return };
        let seen = text.trim_matches(|c: char| c.is_ascii_whitespace());
        if !seen.is_empty() {
            let from = at.start + text.find(seen).unwrap_or(0);
            let message = format!("文字直接放在 <{}> 里，不在单元格里", parent.name());
            report.add(Code::G030, from..at.end.max(from), message, "把文字放进 <td>、<th> 或 <caption>");
        }
    }

    /// Markdown in the lines of a tag, where it is text like any other.
    fn markup(&self, fragment: &Fragment, range: Range<usize>, report: &mut Report) {
        let in_cell = self.open.iter().any(|open| open.element.is_cell());
        let help = match self.open.is_empty() {
            _ if in_cell => "在 <td> 之后和 </td> 之前各空一行，里面的 Markdown 才有效，或改写成 Markdown 表格",
            true => "与前面的表格之间空一行，另起一段",
            false => "这里不能用 Markdown，删去这些符号",
        };
        for (at, what) in typed::markup(&fragment.text()[range.clone()]) {
            let at = fragment.place(range.start + at.start..range.start + at.end);
            let help = format!("{help}；若就是这些符号，写作 &#42;（*）、&#91;（[）");
            report.add(Code::G043, at, format!("HTML 标签的行里，{what}的写法无效，会照原样显示"), help);
        }
    }

    fn refuse(&mut self, name: &str, at: Range<usize>, report: &mut Report) {
        let lower = name.to_ascii_lowercase();
        let help = element::instead(&lower).map(str::to_owned);
        let help =
            help.or_else(|| suggest::did_you_mean(&lower, Element::NAMES.iter().copied().filter(|n| n.len() > 2)));
        report.add(Code::G030, at, format!("不允许的 HTML 标签 <{}>", shown(name)), help.unwrap_or(ALLOWED.to_owned()));
        if self.refused.len() < 100 {
            self.refused.push(lower);
        }
    }
}

/// Judges a tag's attributes; gives the columns it spans.
fn judge_attributes(element: Element, attributes: &[Attribute], fragment: &Fragment, report: &mut Report) -> u32 {
    let mut columns = 1;
    let mut seen = [false; element::ATTRIBUTES.len()];
    for attribute in attributes {
        let at = fragment.place(attribute.range.clone());
        let name = attribute.name;
        if let Some(known) = element::ATTRIBUTES.iter().position(|known| known.eq_ignore_ascii_case(name))
            && std::mem::replace(&mut seen[known], true)
        {
            report.add(
                Code::G030,
                at.clone(),
                format!("<{}> 的属性 {} 写了两次", element.name(), shown(name)),
                "只留一个",
            );
        }
        match element::attribute(element, attribute) {
            Ok(Kept::Colspan(span)) => columns = span,
            Ok(_) => {}
            Err(Fault::Value(wanted)) => {
                let message = format!("<{}> 的属性 {} 的值有误", element.name(), shown(name));
                report.add(Code::G030, at, message, format!("应为{wanted}"));
            }
            Err(Fault::Unknown) => {
                let message = format!("<{}> 不允许有属性 {}", element.name(), shown(name));
                report.add(Code::G030, at, message, advice(element, name));
            }
        }
    }
    columns
}

fn advice(element: Element, name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("on") {
        return "正文里不能有程序，删去它".to_owned();
    }
    match lower.as_str() {
        "style" => "对齐写 align=\"right\"，其余版式由主题决定".to_owned(),
        "align" => "在每个单元格上写 align".to_owned(),
        "class" | "id" | "width" | "height" | "border" | "bgcolor" | "valign" | "cellspacing" | "cellpadding"
        | "nowrap" => "删去它，版式由主题决定".to_owned(),
        _ if element.is_inline() => format!("<{}> 没有属性", element.name()),
        _ => suggest::did_you_mean(&lower, ["colspan", "rowspan", "scope", "align"])
            .unwrap_or("只许有 colspan、rowspan、scope、align".to_owned()),
    }
}

fn unclosed(open: &Open, report: &mut Report) {
    let name = open.element.name();
    report.add(Code::G030, open.at.clone(), format!("<{name}> 没有结束"), format!("补上 </{name}>，与开头在同一层"));
}

/// Where the content of a program or style sheet ends: its `<` begin no tags.
fn end_of_script(text: &str, name: &str, from: usize) -> usize {
    let Some(end) = ["</script", "</style"].into_iter().find(|end| end[2..].eq_ignore_ascii_case(name)) else {
        return from;
    };
    let rest = text.as_bytes()[from..].windows(end.len());
    rest.into_iter().position(|window| window.eq_ignore_ascii_case(end.as_bytes())).map_or(text.len(), |at| from + at)
}

/// At most twenty characters of a name that an author wrote.
fn shown(name: &str) -> String {
    name.chars().take(20).collect()
}
