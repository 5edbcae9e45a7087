//! Files of a site's theme that nothing uses: mostly slips in their names, and the page looks as if they were not there.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::closure;
use crate::diag::{Code, Diagnostic, suggest};

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

/// `kinds/budget.html`: which kinds there are, the documents say.
fn is_of_kind(name: &str) -> bool {
    name.strip_prefix("kinds/").is_some_and(|name| name.ends_with(".html"))
}
