//! Addresses that may have been meant where there is no page: the same in other letters or another form, a slip of the hand,
//! a page of the same folder or of the same name, the title of what stands there.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::diag::suggest::Meter;
use crate::pipeline::Site;
use crate::plan::{Maker, Page};

/// Addresses that are offered.
const MOST: usize = 8;
/// Pages of the same folder that come before all others.
const BESIDE: usize = 4;
/// Edits between what was meant and what was typed.
const SLIPS: usize = 3;

/// Why an address is offered; what comes first is likelier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// In other letters, with or without `.html`, or by its title.
    Same,
    Beside,
    /// The folder's own page.
    Folder,
    /// The same name in another folder.
    Moved,
    /// A slip anywhere, in a folder's name too.
    Slip,
    Begins,
    Titled,
}

/// What is offered, why, and how far it is.
type Offer<'s> = (Reason, usize, Cow<'s, str>);

/// Addresses of outputs, the likeliest first.
pub fn near(site: &Site, wanted: &str) -> Vec<String> {
    let mut offers = addresses(site, wanted);
    offers.extend(titles(site, wanted));
    offers.sort_unstable();
    let mut beside = 0;
    let is_first = |(reason, ..): &Offer| {
        beside += usize::from(*reason == Reason::Beside);
        *reason != Reason::Beside || beside <= BESIDE
    };
    let (first, last): (Vec<Offer>, Vec<Offer>) = offers.into_iter().partition(is_first);
    let mut seen = HashSet::new();
    let outs = first.into_iter().chain(last).map(|(_, _, out)| out.into_owned());
    outs.filter(|out| seen.insert(out.clone())).take(MOST).collect()
}

fn addresses<'s>(site: &'s Site, wanted: &str) -> Vec<Offer<'s>> {
    let wanted = lower(wanted);
    let wanted = Shape::of(&wanted);
    let (mut name, mut whole) = (Slip::new(wanted.name), Slip::new(wanted.whole));
    let outs = site.plan.pages.iter().filter(|page| is_offered(page)).map(|page| page.out.as_str());
    let offer = |out: &'s str| {
        let folded = lower(out);
        let own = Shape::of(&folded);
        let (reason, edits) = match () {
            () if own.bare() == wanted.bare() => (Reason::Same, 0),
            () if own.whole == wanted.folder && !own.whole.is_empty() => (Reason::Folder, 0),
            () if own.folder == wanted.folder => (Reason::Beside, name.edits(own.name)?),
            () if own.name == wanted.name => (Reason::Moved, 0),
            () => match whole.edits(own.whole) {
                Some(edits) => (Reason::Slip, edits),
                None if own.whole.starts_with(wanted.whole) => (Reason::Begins, 0),
                None => return None,
            },
        };
        Some((reason, edits, Cow::Borrowed(out)))
    };
    outs.filter_map(offer).collect()
}

/// Pages that a person reads, and feeds.
fn is_offered(page: &Page) -> bool {
    match page.maker {
        Maker::Template(_) => page.out.as_str() != "404.html",
        Maker::Rss => true,
        _ => false,
    }
}

/// By the titles of channels, terms and documents.
fn titles<'s>(site: &'s Site, wanted: &str) -> Vec<Offer<'s>> {
    let catalogue = &site.world.catalogue;
    let whole = wanted.trim_end_matches('/');
    let name = whole.rsplit('/').next().unwrap_or(whole);
    let stem = name.split('.').next().unwrap_or(name);
    if stem.chars().count() < 2 {
        return Vec::new();
    }
    let mut slip = Slip::new(stem);
    let mut of = |title: &str| match () {
        () if title.eq_ignore_ascii_case(stem) || title == whole => Some((Reason::Same, 0)),
        () if title.contains(stem) => Some((Reason::Titled, 0)),
        () => slip.edits(title).map(|edits| (Reason::Slip, edits)),
    };
    let channels = catalogue.channels.iter().map(|channel| (channel.title(), &*channel.out));
    let terms = catalogue.axes.iter().flat_map(|axis| &axis.terms).filter(|term| !term.docs.is_empty());
    let terms = terms.flat_map(|term| [&term.name, &term.full, &term.label].map(|name| (&**name, &*term.out)));
    let folders: Vec<Offer> = channels
        .chain(terms)
        .filter_map(|(title, folder)| {
            of(title).map(|(reason, edits)| (reason, edits, format!("{folder}index.html").into()))
        })
        .collect();
    let documents = catalogue.docs.iter().filter(|doc| doc.title().contains(stem)).take(MOST);
    let documents = documents.map(|doc| (Reason::Titled, 1, Cow::Borrowed(doc.out.as_str())));
    folders.into_iter().chain(documents).collect()
}

fn lower(address: &str) -> Cow<'_, str> {
    match address.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => address.to_ascii_lowercase().into(),
        false => address.into(),
    }
}

/// An address without the name that a folder's own page has.
struct Shape<'a> {
    whole: &'a str,
    folder: &'a str,
    name: &'a str,
}

impl<'a> Shape<'a> {
    fn of(address: &'a str) -> Self {
        let whole = match address.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
            _ => address,
        };
        let whole = whole.trim_end_matches('/');
        let (folder, name) = whole.rsplit_once('/').unwrap_or(("", whole));
        Self { whole, folder, name }
    }

    /// Without the ending that tells what kind of file it is.
    fn bare(&self) -> &'a str {
        match self.name.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => &self.whole[..self.whole.len() - ending.len() - 1],
            _ => self.whole,
        }
    }
}

/// Tells slips of one word.
struct Slip {
    meter: Meter,
    most: usize,
}

impl Slip {
    fn new(word: &str) -> Self {
        let most = (word.chars().count() / 3).clamp(1, SLIPS);
        Self { meter: Meter::new(word), most }
    }

    fn edits(&mut self, other: &str) -> Option<usize> {
        self.meter.edits(other, self.most)
    }
}
