//! Charts: pictures that a reader of SVG can follow, what must hold of any picture, and odd data.

mod samples;

use gongkai::render::chart::{Format, draw};

use samples::all;

/// Writes a page with all samples, to be looked at: `GONGKAI_GALLERY=page.html cargo test --test suite chart::gallery`.
#[test]
fn gallery() {
    let Some(path) = std::env::var_os("GONGKAI_GALLERY") else { return };
    let css = include_str!("../../themes/default/assets/site.css");
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{css}</style><div class=wrap><div class=doc><div class=content>"
    );
    for (id, chart) in all() {
        let chart = gongkai::render::chart::Chart { id: id.into(), ..chart };
        page += &format!("<figure style='margin:1em 0'><figcaption>{} ({id})</figcaption>", chart.title);
        for format in [Format::Wide, Format::Narrow] {
            page += &draw(&chart, format).unwrap_or_else(|refusal| refusal.to_string());
        }
        page += "</figure>";
    }
    std::fs::write(path, page).unwrap();
}
