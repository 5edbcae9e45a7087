//! Tables of the annual report as HTML, cell by cell as in the official form. They have heads in several rows, and groups of rows
//! in groups, so every figure names the cells that are its headings.

use std::collections::BTreeMap;

use super::write::Html;
use crate::model::Figure;
use crate::model::annual::{Filled, Head, Section, Sheet};

/// The table; its caption is only heard where a heading of the body says the same.
pub fn table(filled: &Filled, is_placed: bool) -> String {
    let sheet = filled.sheet();
    let mut html = Html::with_capacity(20_000);
    html.line().raw("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\"").attribute("aria-label", sheet.title);
    html.raw(">\n<table class=\"annual\">\n<caption").raw(if is_placed { " class=\"vh\">" } else { ">" });
    html.text(sheet.title).raw("</caption>\n");
    let prefix = format!("nb{}-", sheet.part as u8 + 2);
    let mut writer = Writer { sheet, prefix, ids: 0, html };
    let mut rows = filled.rows.iter();
    for (at, section) in sheet.sections.iter().enumerate() {
        writer.section(section, at == 0, &mut rows);
    }
    writer.html.raw("</table>\n</div>\n");
    writer.html.into_string()
}

/// Which headings are above a column, and left of a row.
type Heads = Vec<String>;

struct Writer {
    sheet: &'static Sheet,
    prefix: String,
    /// Headings so far.
    ids: usize,
    html: Html,
}

impl Writer {
    fn section<'f>(&mut self, section: &Section, is_first: bool, rows: &mut impl Iterator<Item = &'f Box<[Figure]>>) {
        self.html.raw(if is_first { "<thead>\n" } else { "<tbody>\n" });
        let above = self.head(section);
        if is_first {
            self.html.raw("</thead>\n<tbody>\n");
        }
        let labels = usize::from(self.sheet.labels);
        // headings that reach into the rows below, with the rows that they still take up
        let mut left: BTreeMap<usize, (String, u8)> = BTreeMap::new();
        let mut column = labels;
        for (number, (row, figures)) in section.rows.iter().zip(rows).enumerate() {
            if number == 0 || !self.sheet.in_line {
                self.html.raw("<tr>");
                column = labels;
            }
            let mut at = (0..labels).find(|at| !left.contains_key(at)).unwrap_or(labels);
            for head in row.heads {
                let id = self.heading(head, "row", row_class(head, labels));
                left.insert(at, (id, head.rows));
                at += usize::from(head.columns);
            }
            let beside: Heads = left.values().map(|(id, _)| id.clone()).collect();
            for figure in figures {
                let heads: Vec<&str> =
                    beside.iter().chain(above.get(column).into_iter().flatten()).map(String::as_str).collect();
                self.figure(figure, row.width, &heads);
                column += usize::from(row.width);
            }
            left.values_mut().for_each(|(_, rows)| *rows -= 1);
            left.retain(|_, (_, rows)| *rows > 0);
            if number + 1 == section.rows.len() || !self.sheet.in_line {
                self.html.raw("</tr>\n");
            }
        }
        self.html.raw("</tbody>\n");
    }

    /// The head of a section; for each column of the table the headings above it.
    fn head(&mut self, section: &Section) -> Vec<Heads> {
        let mut above: Vec<Heads> = Vec::new();
        let mut taken: Vec<u8> = Vec::new();
        for heads in section.head {
            self.html.raw("<tr>");
            let mut column = 0;
            for head in *heads {
                while taken.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let end = column + usize::from(head.columns);
                above.resize(above.len().max(end), Heads::new());
                taken.resize(taken.len().max(end), 0);
                if head.is_note {
                    self.open("<td class=\"ta-c\"", head).raw(">").text(head.text).raw("</td>");
                } else {
                    let id = self.heading(head, "col", "");
                    above[column..end].iter_mut().for_each(|heads| heads.push(id.clone()));
                }
                taken[column..end].fill(head.rows);
                column = end;
            }
            taken.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
            self.html.raw("</tr>\n");
        }
        above
    }

    /// A heading; its id.
    fn heading(&mut self, head: &Head, scope: &'static str, class: &'static str) -> String {
        self.ids += 1;
        let id = format!("{}{}", self.prefix, self.ids);
        let html = self.open("<th", head).attribute("id", &id).attribute("scope", scope);
        if !class.is_empty() {
            html.attribute("class", class);
        }
        html.raw(">").text(head.text).raw("</th>");
        id
    }

    fn open(&mut self, tag: &'static str, head: &Head) -> &mut Html {
        self.html.raw(tag);
        if head.rows > 1 {
            self.html.number("rowspan", head.rows.into());
        }
        if head.columns > 1 {
            self.html.number("colspan", head.columns.into());
        }
        &mut self.html
    }

    fn figure(&mut self, figure: &Figure, width: u8, heads: &[&str]) {
        self.html.raw("<td class=\"ta-c\"");
        if width > 1 {
            self.html.number("colspan", width.into());
        }
        self.html.attribute("headers", &heads.join(" ")).raw(">").text(&figure.plain()).raw("</td>");
    }
}

/// A group of rows stands in a narrow column, its letters one below the other.
fn row_class(head: &Head, labels: usize) -> &'static str {
    match usize::from(head.columns) {
        1 if labels > 1 && head.rows > 1 => "rows",
        _ => "ta-l",
    }
}
