//! Stage 2: `SourceFile` → `Document` or `ChannelFile`, with findings. Sees one file and nothing else.
//!
//! | module | does |
//! |---|---|
//! | `yaml` | YAML → nodes that know their place |
//! | `fold` | lines that YAML folds, joined as Chinese text is |
//! | `front` | the `---` block and its fields, typed |
//! | `edit` | fields added to a file's front matter, all else as it was |
//! | `keys` | keys of maps: known ones, each once |
//! | `counts` | which documents are counted under which name |
//! | `channel`, `blocks` | `_index.md` and the blocks of its page |
//! | `records` | the spreadsheet whose rows a channel shows |
//! | `statute` | `articles:`, which items of the law a channel or kind answers to |
//! | `tables` | `_data/*.yaml` and the tables embedded in the binary |
//! | `calendar` | `_data/calendar/*.yaml`: days off |
//! | `organizations` | what the organizations of a table say of one another |
//! | `kinds`, `kind_rules` | `_kinds/*.yaml` and the kinds embedded in the binary |
//! | `markdown` | the body: emphasis repaired, dangers refused, links and headings listed; HTML for stage 5 |

mod blocks;
pub mod calendar;
mod channel;
mod counts;
pub mod edit;
mod fold;
mod front;
mod keys;
mod kind_rules;
pub mod kinds;
pub mod markdown;
mod organizations;
mod records;
mod statute;
pub mod tables;
mod yaml;

use std::sync::Arc;

use crate::diag::{Diagnostic, Severity};
use crate::model::{Body, ChannelFile, Document, Hash128, SourcePath};

/// A document; `None` if the file has no front matter that can be read.
/// `put` takes the body's HTML, which is written at once then, as far as that is possible.
pub fn document(
    source: &SourcePath,
    text: &str,
    hash: Hash128,
    put: Option<markdown::Put>,
    findings: &mut Vec<Diagnostic>,
) -> Option<Document> {
    let path: Arc<str> = source.as_str().into();
    let parts = split(text, &path, findings)?;
    let front = fold::front(front::read(text, parts, &path, findings), text);
    let body = match put {
        Some(put) => markdown::scan_and_write(&text[parts.body..], parts.body, &path, put, findings),
        None => markdown::scan(&text[parts.body..], parts.body, &path, findings),
    };
    Some(Document { source: source.clone(), hash, front: front.into(), body: body.into() })
}

/// A channel; one whose front matter cannot be read has nothing but its place.
pub fn channel(source: &SourcePath, text: &str, hash: Hash128, findings: &mut Vec<Diagnostic>) -> ChannelFile {
    let path: Arc<str> = source.as_str().into();
    let before = findings.len();
    let Some(parts) = split(text, &path, findings) else {
        return channel::unread(source.clone(), hash, Body::default());
    };
    let node = fold::node(yaml::read(text, parts.front.0, parts.front.1, &path, findings), text);
    let body = markdown::scan(&text[parts.body..], parts.body, &path, findings);
    let is_faulty = |findings: &[Diagnostic]| findings.iter().any(|finding| finding.severity == Severity::Error);
    let is_faulty = is_faulty(&findings[before..]);
    let channel = channel::read(source.clone(), hash, node, body, &path, findings);
    ChannelFile { is_whole: channel.is_whole && !is_faulty, ..channel }
}

fn split(text: &str, path: &Arc<str>, findings: &mut Vec<Diagnostic>) -> Option<front::Parts> {
    front::split(text, path).map_err(|finding| findings.push(finding)).ok()
}
