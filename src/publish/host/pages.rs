//! `_headers` and `_redirects`, which hosts of static pages read (Netlify, Cloudflare Pages and others). Such hosts join the
//! values of all rules that match, so that each file is of one rule: rules are worked out from the files there are.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Given, Made, cache, line};
use crate::model::file::{extension, media_type};
use crate::publish::manifest::Entry;

/// What Cloudflare Pages takes; Netlify takes more.
const MOST_RULES: usize = 100;
const LONGEST_HEADER: usize = 2000;
const MOST_REDIRECTS: usize = 2000;
const LONGEST_REDIRECT: usize = 1000;

/// The files, what is to be known, and what stops the release.
pub fn make(given: &Given) -> (Vec<Made>, Vec<String>, Vec<String>) {
    let (headers, mut notes, faults) = headers(given);
    let (redirects, more) = redirects(given);
    notes.extend(more);
    (vec![Made::text("_headers", headers), Made::text("_redirects", redirects)], notes, faults)
}

fn headers(given: &Given) -> (String, Vec<String>, Vec<String>) {
    let mut out = String::new();
    line!(out, "# {}：由 gongkai publish 生成，请不要改动。", given.site);
    if !given.headers.is_empty() {
        line!(out, "{}", given.base.encoded("*"));
        for (name, value) in &given.headers {
            line!(out, "  {name}: {value}");
        }
    }
    let entries: Vec<&Entry> = given.manifest.files.iter().collect();
    let rules = sorted(&entries);
    let room = MOST_RULES - usize::from(!given.headers.is_empty());
    for (pattern, (cache, media)) in rules.iter().take(room) {
        line!(out, "{}", given.base.encoded(pattern));
        if !cache.is_empty() {
            line!(out, "  Cache-Control: {cache}");
        }
        if let Some(media) = media {
            line!(out, "  Content-Type: {media}");
        }
    }
    let left = rules.len().saturating_sub(room);
    let notes = (left > 0).then(|| {
        format!("_headers 最多 {MOST_RULES} 条规则（Cloudflare Pages），缓存和类型的规则有 {left} 条没有写入，那些文件按主机的缺省办；减少 rules 或让规则按整个文件夹写")
    });
    let longest = out.lines().filter(|line| line.len() > LONGEST_HEADER).map(str::to_owned).collect();
    (out, notes.into_iter().collect(), longest)
}

/// What is said of a file: `Cache-Control`, and its type if that is not what its name says.
type Said = (String, Option<String>);

fn said(entry: &Entry) -> Said {
    (entry.cache.clone(), (entry.media != media_type(&entry.path)).then(|| entry.media.clone()))
}

/// Patterns, each with what is said of all that it matches. No file is of two of them. What such hosts do anyway is left out.
fn sorted(entries: &[&Entry]) -> Vec<(String, Said)> {
    let mut by_end: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        let end = entry.path.rsplit('.').next().filter(|_| !extension(&entry.path).is_empty()).unwrap_or_default();
        by_end.entry(end.to_owned()).or_default().push(entry);
    }
    let mut rules = Vec::new();
    for (end, entries) in by_end {
        divide("", &end, &entries, &mut rules);
    }
    rules.retain(|(_, said): &(String, Said)| *said != (cache::PAGE.to_owned(), None));
    rules
}

/// Files below a folder whose names end alike: one pattern if one thing is said of all of them, else folder by folder.
fn divide(folder: &str, end: &str, entries: &[&Entry], rules: &mut Vec<(String, Said)>) {
    let first = said(entries[0]);
    let is_plain = !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_plain && entries.iter().all(|entry| said(entry) == first) {
        rules.push((format!("{folder}*.{end}"), first));
        return;
    }
    let mut below: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        match entry.path[folder.len()..].find('/') {
            Some(at) => below.entry(&entry.path[..folder.len() + at + 1]).or_default().push(entry),
            None => rules.push((entry.path.clone(), said(entry))),
        }
    }
    for (folder, entries) in below {
        divide(folder, end, &entries, rules);
    }
}

fn redirects(given: &Given) -> (String, Vec<String>) {
    let mut out = String::new();
    line!(out, "# {}：旧网址，由 gongkai publish 生成，请不要改动。", given.site);
    if !given.state.is_empty() {
        // though there is a file; hosts that know no such rule pass it over
        let (state, lost) = (given.base.encoded(given.state), given.base.encoded("404.html"));
        line!(out, "{state}/* {lost} 404!");
    }
    let lines: Vec<String> = given
        .redirects
        .iter()
        .map(|redirect| format!("{} {} 301", given.base.encoded(&redirect.from), given.base.encoded(&redirect.to)))
        .collect();
    let (short, long): (Vec<&String>, Vec<&String>) = lines.iter().partition(|line| line.len() <= LONGEST_REDIRECT);
    short.iter().take(MOST_REDIRECTS).for_each(|line| line!(out, "{line}"));
    let left = short.len().saturating_sub(MOST_REDIRECTS);
    let by_pages = "由网页跳转，照样打得开";
    let many = (left > 0).then(|| {
        format!("_redirects 最多 {MOST_REDIRECTS} 条（Cloudflare Pages），另有 {left} 个旧网址没有写入，{by_pages}")
    });
    let is_long = (!long.is_empty())
        .then(|| format!("{} 个旧网址的一行超过 {LONGEST_REDIRECT} 字节，_redirects 写不下，{by_pages}", long.len()));
    (out, many.into_iter().chain(is_long).collect())
}
