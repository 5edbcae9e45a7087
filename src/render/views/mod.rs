//! What templates see. Each input becomes named values here and nowhere else; the shapes are described for theme authors
//! in `themes/README.md`.

mod body;
mod catalogue;
mod channel;
mod data;
mod document;
mod entry;
mod frame;
mod kind;
mod leaves;
mod list;
mod matrix;
mod notice;
mod page;
mod record;
mod places;
mod platform;
mod series;
mod site_map;
mod term;
mod withdrawn;

pub use document::{feed as feed_document, feed_link};
pub use entry::Entries;
pub use frame::{Frame, depth, feed as feed_frame};
pub use page::OfChannel;

use super::{Handed, World};
use crate::model::path;
use crate::plan::{Input, List, Page};

/// Hands every value of an input to `hand`, under its name.
pub fn each(input: &Input, page: &Page, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    match input {
        Input::Frame => frame::hand(page, world, hand),
        Input::Document(id) => document::hand(*id, world, hand),
        Input::Body(id) => hand("content", &body::of_document(*id, page, world)),
        Input::Intro(id) => hand("intro", &body::of_channel(*id, page, world)),
        Input::Related(id) => hand("relations", &document::relations(*id, world)),
        Input::Neighbours(newer, older) => {
            hand("newer", &document::link(*newer, world));
            hand("older", &document::link(*older, world));
        }
        Input::Home => channel::hand_home(world, hand),
        Input::Channel(id, number) => channel::hand(*id, *number, world, hand),
        Input::Tree(id) => hand("tree", &channel::tree(*id, world)),
        Input::Blocks(id) => hand("blocks", &channel::blocks(*id, world)),
        Input::Records(id, number) => record::hand_list(*id, *number, world, hand),
        Input::Record(id, row) => record::hand(*id, *row, world, hand),
        Input::Town(id, at) => places::hand(*id, *at, world, hand),
        Input::Pinned(id) => {
            hand("pinned", &list::Cards { docs: world.catalogue.listing(*id).pinned.as_slice().into(), world })
        }
        Input::Cards(list, number) => {
            let docs: Vec<_> = world.catalogue.list(list).page(*number).collect();
            hand("cards", &list::Cards { docs: docs.as_slice().into(), world });
            if !matches!(list, List::Channel(_)) {
                entry::hand(docs, path::depth(page.out.as_str()), world, hand);
            }
        }
        Input::Pager(list, number) => hand("pager", &list::pager(list, *number, world)),
        Input::Feeds(list) => hand("feeds", &list::feeds(list, world)),
        Input::CatalogueHome => catalogue::hand_home(world, hand),
        Input::Index(index, number) => catalogue::hand_page(*index, *number, world, hand),
        Input::Term(list, number) => term::hand(list, *number, world, hand),
        Input::InSeries(id) => hand("in_series", &series::place(*id, world)),
        Input::AllSeries => series::hand_all(world, hand),
        Input::Series(id) => series::hand(*id, world, hand),
        Input::Request => hand("request", &frame::request(page, world)),
        Input::NotFound => page::hand_plain("404.html", "找不到这个网页", 0, "noindex", world, hand),
        Input::Redirect(id) => document::hand_redirect(*id, world, hand),
        Input::Tombstone(id) => withdrawn::hand(*id, world, hand),
        Input::Moved(id) => withdrawn::hand_moved(*id, world, hand),
        Input::Rows(..)
        | Input::AllRecords(_)
        | Input::Recent(_)
        | Input::Addresses(_)
        | Input::Parts
        | Input::File(_)
        | Input::Asset(_) => {}
    }
}
