//! Documents whose day will come: drafts, and those whose `published` lies ahead. They are checked like public ones as
//! of their day, so that none of them breaks a build when nobody looks; only findings come of it. What is not meant to be
//! public is not looked at.

use super::address::Later;
use super::channels::{self, Channel};
use super::gate::{Reason, Withheld};
use super::links::Resolver;
use super::terms::{self, Terms};
use crate::diag::{Diagnostic, Severity};

/// Checks what each of them says of itself, its attachments and links; tells where they will stand. Relations are
/// checked where all of them are (`relations`), the types of files likewise (`files`).
pub fn check<'a>(
    channels: &[Channel],
    axes: &[Terms],
    withheld: &'a [Withheld],
    resolver: &Resolver,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Later<'a>> {
    if channels.is_empty() {
        return Vec::new();
    }
    let pending = withheld.iter().filter_map(|held| Some((held, held.reason.opens()?)));
    let check = |(held, when): (&'a Withheld, _)| {
        let (doc, resolver) = (&held.doc, Resolver { when, ..*resolver });
        tell(held.reason, findings, |findings| {
            terms::check(axes, &doc.front, doc.source.as_str(), findings);
            resolver.files.attachments(doc, when, findings);
            resolver.all(&doc.source, &doc.body, doc.body.links.iter().chain(&doc.named), findings);
            channels::also_in(&doc.front, doc.source.as_str(), channels, resolver.folders, findings);
            Later::new(held, findings)
        })
    };
    pending.map(check).collect()
}

/// What is found out about a document that is held back. A draft may be unfinished: its errors stop no build, and are
/// told all the same.
pub fn tell<T>(reason: Reason, findings: &mut Vec<Diagnostic>, check: impl FnOnce(&mut Vec<Diagnostic>) -> T) -> T {
    let before = findings.len();
    let result = check(findings);
    if reason == Reason::Draft {
        for finding in findings[before..].iter_mut().filter(|finding| finding.severity == Severity::Error) {
            finding.severity = Severity::Warning;
        }
    }
    result
}
