//! The pages of an index, and how far a list beside a page reaches.

use std::ops::Range;

use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::model::path;
use crate::plan::Index;

/// Ways from a page of an index to the others.
#[derive(Default, Hash, Serialize)]
pub struct Leaves {
    label: String,
    total: usize,
    first: String,
    previous: String,
    next: String,
    parts: Vec<Part>,
}

/// A page, or a run of them, by the first and the last of its entries.
#[derive(Hash, Serialize)]
struct Part {
    from: String,
    to: String,
    url: String,
    current: bool,
}

/// Most parts that the first page leads to.
const PARTS: usize = 100;

/// What page K of an index says of the others. Totals and what stands on other pages are told on the first page only.
pub fn view(index: Index, number: usize, catalogue: &Catalogue) -> Leaves {
    let pages = catalogue.leaves(index);
    let url = |number: usize| path::encode(&index.out(number, catalogue));
    let next = if number < pages { url(number + 1) } else { String::new() };
    match number {
        1 if pages == 1 => Leaves::default(),
        1 => {
            Leaves { total: catalogue.entries(index), next, parts: parts(index, pages, catalogue), ..Leaves::default() }
        }
        _ => Leaves {
            label: format!("第 {number} 页"),
            first: url(1),
            previous: url(number - 1),
            next,
            ..Leaves::default()
        },
    }
}

/// The number that a page's title states: the first needs none.
pub fn stated(number: usize) -> usize {
    if number == 1 { 0 } else { number }
}

fn parts(index: Index, pages: usize, catalogue: &Catalogue) -> Vec<Part> {
    let step = pages.div_ceil(PARTS);
    let part = |number: usize| {
        let last = (number + step - 1).min(pages);
        Part {
            from: title(index, catalogue.leaf(index, number).start, catalogue),
            to: title(index, catalogue.leaf(index, last).end - 1, catalogue),
            url: path::encode(&index.out(number, catalogue)),
            current: number == 1,
        }
    };
    (1..=pages).step_by(step).map(part).collect()
}

/// The name of an entry.
fn title(index: Index, at: usize, catalogue: &Catalogue) -> String {
    let term = |axis, id| catalogue.axis(axis).term(id).label.to_string();
    match index {
        Index::Axis(axis) => term(axis, catalogue.axis(axis).children(None)[at]),
        Index::Below(axis, parent) => term(axis, catalogue.axis(axis).children(Some(parent))[at]),
        Index::Crossing(crossing) => {
            let crossing = &catalogue.crossings[crossing];
            let id = if crossing.is_matrix() { crossing.terms[0][at] } else { crossing.order[at][0] };
            term(crossing.axes[0], id)
        }
        Index::Records(id) => catalogue.records[&id].name(at).to_owned(),
        Index::Channels => catalogue.channel(at as u32 + 1).title().to_owned(),
    }
}

/// The longest list beside a page.
const LONGEST: usize = 60;
/// How far it reaches to both sides of what the page is about, if there is more.
const REACH: usize = 20;

/// Which of so many neighbours stand beside the one at a place: all if they are few, else the nearest.
pub fn around(count: usize, at: usize) -> Range<usize> {
    if count <= LONGEST {
        return 0..count;
    }
    let from = at.saturating_sub(REACH).min(count - 2 * REACH - 1);
    from..from + 2 * REACH + 1
}
