//! What a template consists of: itself and all that it extends or includes, however deep.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::model::Hash128;

/// A template with all that it extends or includes.
#[derive(Default)]
pub struct Closure {
    pub hash: Hash128,
    words: HashSet<String>,
    reads_all: bool,
}

/// With this name a template reads whatever there is.
const ALL: &str = "__tera_context";

impl Closure {
    /// Whether a value of this name may be read. Every word of the texts counts, so a name that is none of them is not.
    pub fn may_read(&self, name: &str) -> bool {
        self.reads_all || self.words.contains(name)
    }
}

/// Every template's closure. Components are visible everywhere, so a file that defines any is part of all.
pub fn closures(sources: &[(String, String)]) -> HashMap<String, Closure> {
    let texts: HashMap<&str, &str> = sources.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let everywhere: Vec<&str> =
        sources.iter().filter(|(_, text)| defines_component(text)).map(|(name, _)| name.as_str()).collect();
    let of = |name: &str| {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = everywhere.clone();
        open.extend(texts.get_key_value(name).map(|(name, _)| *name));
        while let Some(name) = open.pop() {
            if let Some((name, text)) = texts.get_key_value(name)
                && seen.insert(name)
            {
                open.extend(references(text));
            }
        }
        let words: HashSet<String> = seen.iter().flat_map(|name| words(texts[name])).map(str::to_owned).collect();
        let hash = Hash128::of(&seen.iter().map(|name| (*name, texts[name])).collect::<Vec<_>>());
        Closure { hash, reads_all: words.contains(ALL), words }
    };
    sources.iter().map(|(name, _)| (name.clone(), of(name))).collect()
}

/// All templates that those with such names extend or include, however deep, and those that define components.
pub fn reached<'s>(sources: &'s [(String, String)], is_entry: &dyn Fn(&str) -> bool) -> BTreeSet<&'s str> {
    let is_root = |name: &str, text: &str| is_entry(name) || defines_component(text);
    let mut open: Vec<&str> =
        sources.iter().filter(|(name, text)| is_root(name, text)).map(|(name, _)| name.as_str()).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some((name, text)) = sources.iter().find(|(other, _)| other == name)
            && reached.insert(name.as_str())
        {
            open.extend(references(text));
        }
    }
    reached
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

/// The names in `{% extends "x" %}` and `{% include "x" %}`.
fn references(text: &str) -> Vec<&str> {
    tags(text)
        .filter_map(|tag| tag.strip_prefix("extends").or_else(|| tag.strip_prefix("include")))
        .filter_map(|rest| {
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
            rest[1..].split(quote).next()
        })
        .collect()
}

/// Whether every block that a template fills is there in the one that it extends.
pub fn stands_on(text: &str, base: &str) -> bool {
    let there: HashSet<&str> = blocks(base).collect();
    blocks(text).all(|name| there.contains(name))
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    tags(text).filter_map(|tag| tag.strip_prefix("block")?.split_whitespace().next())
}

fn defines_component(text: &str) -> bool {
    tags(text).any(|tag| tag.starts_with("component"))
}

/// The insides of `{% … %}`.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).map(|tag| tag.trim_start_matches('-').trim_start())
}
