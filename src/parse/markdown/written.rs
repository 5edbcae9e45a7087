//! A body that was written before all of it was known.

use super::raw::{self, Frame};
use crate::model::Heading;

/// Something that is known only at the end: of a heading when all headings are, of a table when all tables are.
pub enum Late {
    Level,
    Id,
    Label,
}

/// A body, complete but for the levels and ids of its headings and the labels of its tables.
pub struct Written {
    pub out: String,
    /// Where in `out`, and of which heading or table.
    pub late: Vec<(usize, Late, usize)>,
    pub frames: Vec<Frame>,
}

impl Written {
    /// Puts in what is known of the headings.
    pub fn finish(self, headings: &[Heading]) -> String {
        let Self { out, late, frames } = self;
        if late.is_empty() {
            return out;
        }
        let labels = raw::labels(&frames);
        let mut whole = String::with_capacity(out.len() + late.len() * 16);
        let mut done = 0;
        for (at, late, number) in late {
            whole.push_str(&out[done..at]);
            done = at;
            let heading = headings.get(number);
            match late {
                Late::Level => whole.push(char::from(b'0' + heading.map_or(6, |heading| heading.level))),
                // Letters, digits and hyphens: nothing to escape.
                Late::Id => whole.push_str(heading.map_or("", |heading| &heading.id)),
                // Escaped where it was made.
                Late::Label => whole.push_str(&labels[number]),
            }
        }
        whole.push_str(&out[done..]);
        whole
    }
}
