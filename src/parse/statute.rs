//! `articles:` of channels and kinds: which items of the law their documents answer to.

use std::sync::Arc;

use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic};
use crate::model::statute::Item;
use crate::model::{Located, Text};

/// The items written, each once; what is none is told under `code`.
pub fn items(written: Vec<Located<Text>>, code: Code, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for Located { value, span } in written {
        match Item::find(&value) {
            Some(item) if items.contains(&item) => {}
            Some(item) => items.push(item),
            None => {
                // words tell more than how far the letters of a number are apart
                let near = value.is_ascii().then(|| did_you_mean(&value, Item::all().map(Item::key))).flatten();
                let help = near.unwrap_or_else(|| Item::advice(&value));
                let message = format!("条例第二十条、第二十一条里没有“{value}”这一项");
                findings.push(Diagnostic::new(code, path.clone(), span, message).help(help));
            }
        }
    }
    items.sort_unstable();
    items
}
