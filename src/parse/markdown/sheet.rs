//! Data as HTML: tables with the same frame and cells as those of a body, and charts with their tables.

use std::borrow::Cow;

use super::write::Html;
use crate::model::Grid;
use crate::model::document::DataBlock;
use crate::model::grid::{Cell, Value};

/// The file that a table comes from, as readers see it.
pub struct Source<'a> {
    /// Address from the page, percent-encoded.
    pub href: &'a str,
    pub name: &'a str,
    /// `XLSX，12 KB`
    pub about: &'a str,
}

/// A document that was counted.
pub struct Listed<'a> {
    /// Address from the page, percent-encoded.
    pub href: String,
    pub title: Cow<'a, str>,
    /// `2014-12-04`
    pub day: String,
}

/// A number of documents, with what they are.
pub fn count(caption: &str, total: usize, unit: &str) -> String {
    let mut html = Html::with_capacity(128);
    html.raw("<p class=\"count\">").text(caption);
    html.raw(if caption.is_empty() { "共 <strong>" } else { "：<strong>" }).text(&total.to_string());
    html.raw("</strong> ").text(if unit.is_empty() { "件" } else { unit }).raw("</p>\n");
    html.into_string()
}

/// The documents that were counted, to be unfolded.
pub fn list(docs: &[Listed]) -> String {
    let mut html = Html::with_capacity(docs.len() * 128 + 128);
    html.raw("<details class=\"counted\"><summary>列出 ").text(&docs.len().to_string()).raw(" 件</summary>\n<ul>\n");
    for doc in docs {
        html.raw("<li><a").attribute("href", &doc.href).raw(">").text(&doc.title).raw("</a> <time>").text(&doc.day);
        html.raw("</time></li>\n");
    }
    html.raw("</ul>\n</details>\n");
    html.into_string()
}

/// The table with its caption, and the file below it if it is of one.
pub fn table(grid: &Grid, look: &DataBlock, source: Option<&Source>) -> String {
    let mut html = Html::with_capacity(grid.cells.len() * 24 + 256);
    frame(grid, look, caption(look, source), &mut html);
    file(source, &mut html);
    html.into_string()
}

/// A chart in its two formats, with its caption, the file, and the table of its data, which can be unfolded.
pub fn figure(pictures: &[String], grid: &Grid, look: &DataBlock, source: Option<&Source>) -> String {
    let mut html = Html::with_capacity(grid.cells.len() * 24 + pictures.iter().map(String::len).sum::<usize>() + 512);
    let caption = caption(look, source);
    html.raw("<figure class=\"chart-figure\">\n<figcaption>").text(caption).raw("</figcaption>\n");
    pictures.iter().for_each(|picture| _ = html.drawn(picture).raw("\n"));
    html.raw("<details open><summary>数据表：").text(caption).raw("</summary>\n");
    frame(grid, look, caption, &mut html);
    html.raw("</details>\n");
    file(source, &mut html);
    html.raw("</figure>\n");
    html.into_string()
}

fn caption<'a>(look: &'a DataBlock, source: Option<&Source<'a>>) -> &'a str {
    match (&*look.caption, source) {
        ("", Some(source)) => source.name,
        ("", None) => "数据表",
        (caption, _) => caption,
    }
}

fn file(source: Option<&Source>, html: &mut Html) {
    let Some(source) = source else { return };
    html.raw("<p class=\"data-source\">数据文件：<a").attribute("href", source.href).raw(">").text(source.name);
    html.raw("</a>（").text(source.about).raw("）</p>\n");
}

fn frame(grid: &Grid, look: &DataBlock, caption: &str, html: &mut Html) {
    html.raw("<div class=\"table-scroll\" role=\"region\" tabindex=\"0\"").attribute("aria-label", caption);
    html.raw(">\n<table>\n<caption>").text(caption);
    if !look.unit.is_empty() {
        html.raw("（单位：").text(&look.unit).raw("）");
    }
    html.raw("</caption>\n");
    let head = usize::from(look.head).min(grid.height());
    for (row, cells) in grid.rows().enumerate() {
        if row == 0 {
            html.raw(if head > 0 { "<thead>\n" } else { "<tbody>\n" });
        } else if row == head {
            html.raw("</thead>\n<tbody>\n");
        }
        html.raw("<tr>");
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_covered()) {
            self::cell(cell, row < head, column == 0, html);
        }
        html.raw("</tr>\n");
    }
    html.raw(if head == grid.height() { "</thead>\n" } else { "</tbody>\n" });
    html.raw("</table>\n</div>\n");
}

fn cell(cell: &Cell, in_head: bool, is_first: bool, html: &mut Html) {
    let is_label = is_first && !in_head && !cell.text.is_empty();
    html.raw(if in_head || is_label { "<th" } else { "<td" });
    let (rows, columns) = (cell.rowspan(), cell.colspan());
    if rows > 1 {
        html.number("rowspan", rows.into());
    }
    if columns > 1 {
        html.number("colspan", columns.into());
    }
    match (in_head, is_label) {
        (true, _) => html.raw(if columns > 1 { " scope=\"colgroup\"" } else { " scope=\"col\"" }),
        (_, true) => html.raw(if rows > 1 { " scope=\"rowgroup\"" } else { " scope=\"row\"" }),
        _ if is_figure(cell) => html.raw(" class=\"ta-r\""),
        _ => html,
    };
    html.raw(">");
    for (at, line) in cell.text.lines().enumerate() {
        if at > 0 {
            html.raw("<br>");
        }
        html.text(line);
    }
    html.raw(if in_head || is_label { "</th>" } else { "</td>" });
}

/// Whether a cell stands at the right, as figures do; offices often store figures as texts.
fn is_figure(cell: &Cell) -> bool {
    matches!(cell.value, Value::Number(_)) || crate::model::Decimal::of_shown(&cell.text).is_some()
}
