//! Files of a site's theme that nothing uses: mostly slips in their names, and the page looks as if they were not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::closure;
use crate::diag::{Code, Diagnostic, Severity, suggest};

/// What themes hold for people, by how the names begin.
const FOR_PEOPLE: [&str; 3] = ["README", "LICENSE", "CHANGELOG"];
const HELP: &str = "改成 themes/README.md 里列出的名称，或在用到的模板里 include 它；不用就删去";

/// A warning for each unused file. `known` are the names of the default theme; assets and templates of kinds may have any.
pub fn files<'a>(
    files: impl Iterator<Item = (&'a str, &'a Arc<str>)>,
    sources: &[(String, String)],
    known: &[String],
) -> Vec<Diagnostic> {
    let is_entry = |name: &str| known.iter().any(|known| known == name) || is_of_kind(name);
    let used: BTreeSet<&str> = closure::reached(sources, &is_entry);
    let is_unknown = |name: &str| {
        let is_for_people = FOR_PEOPLE.iter().any(|beginning| name.to_ascii_uppercase().starts_with(beginning));
        !is_entry(name) && !used.contains(name) && !name.starts_with("assets/") && !is_for_people
    };
    files
        .filter(|(name, _)| is_unknown(name))
        .map(|(name, origin)| {
            let help = suggest::did_you_mean(name, known.iter().map(String::as_str)).unwrap_or_else(|| HELP.into());
            Diagnostic::new(Code::G074, origin.clone(), None, "主题里的这个文件没有用到，网页与没有它时一样").help(help)
        })
        .collect()
}

/// A warning for each template of a page that has no text: all pages made with it are empty. An empty part of pages
/// (`partials/…`) may be meant.
pub fn empty<'a>(sources: &'a [(String, String)], origin: impl Fn(&str) -> Arc<str> + 'a) -> Vec<Diagnostic> {
    let is_page = |name: &str| !name.contains('/') || is_of_kind(name);
    let empty = sources.iter().filter(|(name, text)| is_page(name) && text.trim().is_empty());
    empty
        .map(|(name, _)| {
            let finding = Diagnostic::new(Code::G072, origin(name), None, "模板是空的，用它的网页上什么也没有");
            let help = "写上模板的内容；要用自带的模板，就删去这个文件";
            Diagnostic { severity: Severity::Warning, ..finding.help(help) }
        })
        .collect()
}

/// `kinds/budget.html`: which kinds there are, the documents say.
fn is_of_kind(name: &str) -> bool {
    name.strip_prefix("kinds/").is_some_and(|name| name.ends_with(".html"))
}
