//! Checks that hold for every page of every site: links that lead somewhere, nothing inline, headings, ids.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::model::path::{decode, join};

use crate::site_test::Tree;

/// A start tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }
}

/// The start tags of a page, in order. What is no well-formed tag is an error of ours.
pub fn tags(page: &str) -> Result<Vec<Tag>, String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let around = || rest[at..].chars().take(80).collect::<String>();
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").ok_or("a comment without end")?.1;
            continue;
        }
        let (mut tag, after) =
            read_tag(rest).ok_or_else(|| format!("no tag: {}", rest.chars().take(80).collect::<String>()))?;
        rest = after;
        if tag.name.starts_with(['/', '!']) {
            continue;
        }
        tag.name.make_ascii_lowercase();
        let mut names = BTreeSet::new();
        if let Some((twice, _)) = tag.attributes.iter().find(|(name, _)| !names.insert(name.clone())) {
            return Err(format!("{twice} twice: {}", around()));
        }
        tags.push(tag);
    }
    Ok(tags)
}

fn read_tag(text: &str) -> Option<(Tag, &str)> {
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    let mut tag = Tag { name: text[..end].to_owned(), attributes: Vec::new() };
    let mut rest = text[end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>') {
            return Some((tag, after));
        }
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((tag, after));
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>'))?;
        let name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"')?;
                rest = after;
                unescape(value)
            }
            // an attribute without quotes is not what we write
            None if rest.starts_with('=') => return None,
            None => String::new(),
        };
        tag.attributes.push((name, value));
        rest = rest.trim_start();
    }
}

/// The character references that we write.
pub fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, tail) = after.split_once(';').unwrap_or(("", after));
        let number =
            name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16)).or(name.strip_prefix('#').map(str::parse));
        match (name, number) {
            ("amp", _) => out.push('&'),
            ("lt", _) => out.push('<'),
            ("gt", _) => out.push('>'),
            ("quot", _) => out.push('"'),
            ("apos", _) => out.push('\''),
            (_, Some(Ok(number))) => out.push(char::from_u32(number).unwrap_or('\u{fffd}')),
            _ => out.push_str(&format!("&{name};")),
        }
        rest = tail;
    }
    out + rest
}

/// Everything that is wrong with the pages of a site whose address is `base_url`. Returns how many addresses it looked
/// at, so that a caller can tell that there were any.
#[track_caller]
pub fn check(tree: &Tree, base_url: &str) -> usize {
    let mut problems = Vec::new();
    let mut pages: BTreeMap<&str, Vec<Tag>> = BTreeMap::new();
    for (path, bytes) in tree.iter().filter(|(path, _)| path.ends_with(".html") || path.ends_with(".htm")) {
        let text = std::str::from_utf8(bytes).expect("UTF-8");
        match tags(text) {
            Ok(found) => _ = pages.insert(path, found),
            Err(problem) => problems.push(format!("{path}: {problem}")),
        }
        shape(path, text, &mut problems);
    }
    let ids: BTreeMap<&str, Vec<&str>> =
        pages.iter().map(|(path, tags)| (*path, tags.iter().filter_map(|tag| tag.get("id")).collect())).collect();
    let mut seen = 0;
    for (path, tags) in &pages {
        own(path, tags, &ids[path], &mut problems);
        for (tag, address) in tags.iter().flat_map(|tag| addresses(tag).into_iter().map(move |address| (tag, address)))
        {
            seen += 1;
            if let Err(problem) = resolve(path, tag, &address, base_url, tree, &ids) {
                problems.push(format!("{path}: <{}> {address:?} {problem}", tag.name));
            }
        }
    }
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems[..problems.len().min(40)].join("\n"));
    seen
}

fn addresses(tag: &Tag) -> Vec<String> {
    let refresh = tag
        .get("http-equiv")
        .and(tag.get("content"))
        .and_then(|content| content.split_once("url="))
        .map(|(_, url)| url);
    ["href", "src", "action", "poster", "data", "srcset"]
        .iter()
        .filter_map(|name| tag.get(name))
        .chain(refresh)
        .map(str::to_owned)
        .collect()
}

/// Where an address leads; `Err` if nowhere.
fn resolve(
    page: &str,
    tag: &Tag,
    address: &str,
    base_url: &str,
    tree: &Tree,
    ids: &BTreeMap<&str, Vec<&str>>,
) -> Result<(), &'static str> {
    let is_canonical = tag.get("rel") == Some("canonical");
    let of_site = address.strip_prefix(base_url).map(|below| below.trim_start_matches('/'));
    let has_scheme = ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| address.to_ascii_lowercase().starts_with(scheme));
    let (folder, address) = match of_site {
        Some(below) if page == "404.html" || is_canonical => ("", if below.is_empty() { "index.html" } else { below }),
        Some(_) => return Err("should be relative"),
        None if has_scheme && !is_canonical => return Ok(()),
        None if is_canonical => return Err("is not of this site"),
        None => (page.rsplit_once('/').map_or("", |(folder, _)| folder), address),
    };
    if address.starts_with('/') || address.contains("//") || address.contains(['\\', '?', ' ']) || !address.is_ascii() {
        return Err("is no encoded, relative address");
    }
    // no icon at all, so that browsers do not ask for one
    if address == "data:," {
        return Ok(());
    }
    if address.split(['/', '#']).next().is_some_and(|first| first.contains(':')) {
        return Err("has a scheme");
    }
    let (file, fragment) = address.split_once('#').unwrap_or((address, ""));
    let target = match file {
        "" => page.to_owned(),
        _ => join(folder, &decode(file).ok_or("is badly encoded")?).ok_or("leaves the site")?,
    };
    if !tree.contains_key(&target) {
        return Err("leads to no file");
    }
    match (decode(fragment).ok_or("is badly encoded")?.as_str(), ids.get(target.as_str())) {
        ("", _) => Ok(()),
        (fragment, Some(ids)) if ids.contains(&fragment) => Ok(()),
        _ => Err("leads to no heading"),
    }
}

/// What can be told by the text alone.
fn shape(path: &str, text: &str, problems: &mut Vec<String>) {
    let mut wrong = |problem: &str| problems.push(format!("{path}: {problem}"));
    if !text.starts_with("<!doctype html>\n<html lang=\"zh-CN\"") {
        wrong("begins otherwise");
    }
    for (tag, times) in
        [("<title>", 1), ("<h1", 1), ("<main", 1), ("</html>", 1), ("<body", 1), ("<meta charset=\"utf-8\">", 1)]
    {
        if text.matches(tag).count() != times {
            wrong(&format!("{} times {tag}", text.matches(tag).count()));
        }
    }
    if text.contains("<style") || text.contains("{{") || text.contains("{%") {
        wrong("has an inline style or a bit of template");
    }
    let inline =
        text.split("<script").skip(1).any(|script| !script.starts_with(" src=\"") || !script.contains("></script>"));
    if inline {
        wrong("has an inline script");
    }
}

/// What can be told by the page's own tags.
fn own(path: &str, tags: &[Tag], ids: &[&str], problems: &mut Vec<String>) {
    let mut wrong = |problem: String| problems.push(format!("{path}: {problem}"));
    let mut above = 0;
    for level in tags.iter().filter_map(|tag| tag.name.strip_prefix('h')?.parse::<u8>().ok()) {
        if level > above + 1 {
            wrong(format!("<h{level}> follows <h{above}>"));
        }
        above = level;
    }
    let mut once = BTreeSet::new();
    ids.iter().filter(|id| !once.insert(**id)).for_each(|id| wrong(format!("id {id:?} twice")));
    for tag in tags {
        if tag.attributes.iter().any(|(name, _)| name.starts_with("on") || name == "style") {
            wrong(format!("inline: {tag:?}"));
        }
        if tag.name == "img" && tag.get("alt").is_none() {
            wrong(format!("without alt: {tag:?}"));
        }
        // of SVG only what charts are made of, which can neither run nor load anything
        let foreign = ["foreignobject", "use", "image", "animate", "animatetransform", "set"];
        let others = ["iframe", "object", "embed", "form", "base", "frame", "applet"];
        let is_chart = tag.name != "svg" || tag.get("role") == Some("img") && tag.get("aria-labelledby").is_some();
        let is_foreign = foreign.contains(&tag.name.as_str());
        if others.contains(&tag.name.as_str()) || !is_chart || is_foreign {
            wrong(format!("<{}>", tag.name));
        }
        // no third-party request
        let loads = matches!(tag.name.as_str(), "script" | "img" | "source" | "audio" | "video")
            || (tag.name == "link" && tag.get("rel") == Some("stylesheet"));
        if path != "404.html"
            && loads
            && tag.get("src").or(tag.get("href")).is_some_and(|src| src.contains("//"))
            && tag.name != "img"
        {
            wrong(format!("third party: {tag:?}"));
        }
        let depth = tag.name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok());
        if depth.is_some_and(|level| level > 6) {
            wrong(format!("<{}>", tag.name));
        }
    }
}

mod tests {
    use super::*;

    const BASE: &str = "https://www.example.gov.cn";

    fn page(body: &str) -> Vec<u8> {
        format!("<!doctype html>\n<html lang=\"zh-CN\">\n<head><meta charset=\"utf-8\"><title>甲</title></head><body><main><h1>甲</h1>{body}</main></body></html>").into_bytes()
    }

    fn site(body: &str) -> Tree {
        Tree::from([
            ("a/b.html".into(), page(body)),
            ("c.html".into(), page("<h2 id=\"s-总则\">总则</h2>")),
            ("甲.pdf".into(), vec![]),
        ])
    }

    /// The checker itself must be able to fail.
    #[test]
    fn the_checker_of_pages_sees_what_is_wrong() {
        let good = "<a href=\"../c.html#s-%E6%80%BB%E5%88%99\">丙</a><a href=\"../%E7%94%B2.pdf\">附件</a><a href=\"https://www.gov.cn/\">外</a><a href=\"#\">顶</a>";
        assert_eq!(check(&site(good), BASE), 4);
        for bad in [
            "<a href=\"c.html\">x</a>",
            "<a href=\"/c.html\">x</a>",
            "<a href=\"../../c.html\">x</a>",
            "<a href=\"../c.html#s-无\">x</a>",
            "<a href=\"../c.html#s-%E6%97%A0\">x</a>",
            "<a href=\"../甲.pdf\">x</a>",
            "<a href=\"https://www.example.gov.cn/c.html\">x</a>",
            "<a href=\"javascript:a\">x</a>",
            "<a href=\"../c.html?a\">x</a>",
            "<a href=c.html>x</a>",
            "<a href=\"\" href=\"../c.html\">x</a>",
            "<p id=\"a\"></p><p id=\"a\"></p>",
            "<p onclick=\"a\"></p>",
            "<p style=\"a\"></p>",
            "<script>a</script>",
            "<style>a</style>",
            "<img src=\"../%E7%94%B2.pdf\">",
            "<iframe></iframe>",
            "<h1>乙</h1>",
            "<h3>乙</h3>",
            "<h2>乙</h2><h4>丙</h4>",
            "<!-- 甲",
            "{{ page }}",
            "<script src=\"https://a.cn/x.js\"></script>",
        ] {
            assert!(std::panic::catch_unwind(|| check(&site(bad), BASE)).is_err(), "{bad} passes");
        }
    }
}
