//! Keys of maps: those that are known, by whatever name, each once.

use std::sync::Arc;

use super::yaml::{Key, Node};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic};
use crate::model::Span;

/// A canonical key with its Chinese labels.
pub type Names<'k> = (&'k str, &'k [&'k str]);

/// Pairs by their canonical keys; an unknown one, or one that is there under another name, is a finding.
pub fn entries<'k, 'n>(
    pairs: Vec<(Key<'n>, Node<'n>)>,
    keys: &[Names<'k>],
    path: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) -> Vec<(&'k str, Key<'n>, Node<'n>)> {
    let mut entries: Vec<(&str, Key, Node)> = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let found = keys.iter().find(|(name, labels)| *name == key.name || labels.contains(&&*key.name));
        match found {
            None => {
                let names = keys.iter().flat_map(|(name, labels)| std::iter::once(*name).chain(labels.iter().copied()));
                findings.push(unknown_key(&key.name, key.span, path, names));
            }
            Some((name, _)) => match entries.iter().find(|(other, ..)| other == name) {
                // that one name is there twice was told where the map was read
                Some((_, first, _)) if first.name == key.name => {}
                Some((_, first, _)) => findings.push(twice(&key, &first.name, path)),
                None => entries.push((*name, key, value)),
            },
        }
    }
    entries
}

/// So many keys are named in an advice.
const FEW: usize = 16;

/// `G011` with advice.
pub fn unknown_key<'a>(key: &str, span: Span, path: &Arc<str>, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let known: Vec<&str> = known.into_iter().collect();
    let keys: Vec<&str> = known.iter().copied().filter(|name| name.is_ascii()).collect();
    let help = did_you_mean(key, known).unwrap_or_else(|| match keys.len() {
        ..=FEW => format!("这里可以写：{}", keys.join("、")),
        _ => "删去这个字段，或改用已有的字段，见 gongkai explain G011".into(),
    });
    Diagnostic::new(Code::G011, path.clone(), span, format!("未知字段“{key}”")).help(help)
}

/// `G012` for a key that is there under another name.
pub fn twice(key: &Key, first: &str, path: &Arc<str>) -> Diagnostic {
    let message = format!("字段“{}”与前面的“{first}”是同一个字段，写了两次", key.name);
    Diagnostic::new(Code::G012, path.clone(), key.span, message).help("只保留一行")
}
