//! What every page is given: the site, its strings, assets, navigation, and the way to the root.

use std::collections::HashMap;
use std::hash::Hash;

use serde::Serialize;

use super::super::{Handed, World};
use super::document::{Part, Row, Text, term_url, validity};
use crate::catalogue::{AxisIndex, Catalogue, FileEntry, Term, TermId};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::hash::Hasher128;
use crate::model::{Axis, Hash128, Located, Validity, path};
use crate::plan::{Input, Page};
use crate::theme::{self, Context, Theme, Value};

/// The same for all pages, made once.
pub struct Frame {
    site: Shared,
    strings: Shared,
    assets: Shared,
    nav: Shared,
    /// Masthead and facts of the site, by what they depend on: thousands of pages share a few dozen of them.
    shells: HashMap<ShellKey, Shell>,
    /// Every state of validity as a value, and that of none.
    validity: Vec<(Option<Validity>, Value)>,
    /// Every term in a header row, by axis and term.
    terms: Vec<Vec<TermValues>>,
}

/// What the masthead of a page depends on: the way to the root, the top-level channel it lies in, and whether it is that
/// channel's own page.
type ShellKey = (String, String, bool);

/// A term as a part of a header row, and as the only one of a row.
pub struct TermValues {
    /// Of what they show.
    pub hash: Hash128,
    pub part: Value,
    pub row: Value,
}

impl TermValues {
    fn new(label: &'static str, term: &Term) -> Self {
        let url = term_url(&term.out);
        let part = theme::value(&Part { text: &term.full, url: &url });
        let row =
            theme::value(&Row { label, text: Text::Plain(&term.full), url: &url, more: Vec::new(), validity: "" });
        Self { hash: Hash128::of(&(&term.full, &term.out)), part, row }
    }
}

struct Shell {
    top: Shared,
    facts: Shared,
}

const TOP: &str = "partials/top.html";
const FACTS: &str = "partials/facts.html";

/// A value made once and handed to many pages.
pub struct Shared {
    hash: Hash128,
    value: Value,
}

impl Shared {
    pub fn new<T: Hash + Serialize>(view: &T) -> Self {
        Self { hash: Hash128::of(view), value: theme::value(view) }
    }

    /// HTML that a partial makes.
    pub fn part(template: &str, context: &Context, theme: &Theme) -> Result<Self, Diagnostic> {
        let html = String::from_utf8_lossy(&theme.render(template, context)?).into_owned();
        Ok(Self { hash: Hash128::of_bytes(html.as_bytes()), value: theme::safe_html(&html) })
    }

    pub fn to_value(&self) -> Value {
        self.value.clone()
    }
}

impl Handed for &Shared {
    fn feed(&self, hasher: &mut Hasher128) {
        self.hash.hash(hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        Ok(self.value.clone())
    }
}

#[derive(Hash, Serialize)]
struct Site<'a> {
    name: &'a str,
    base_url: &'a str,
    domain: &'a str,
    id_code: &'a str,
    organizer: &'a str,
    undertaker: &'a str,
    contact: &'a str,
    address: &'a str,
    icp: &'a str,
    police: &'a str,
    palette: &'static str,
    logo: String,
    favicon: String,
    emblem: String,
}

/// A title and where it leads, from the site's root.
#[derive(Clone, Default, Hash, Serialize)]
pub struct Link {
    pub title: String,
    pub url: String,
}

impl Frame {
    /// A finding if the theme's masthead cannot be rendered.
    pub fn new(catalogue: &Catalogue, config: &Config, theme: &Theme) -> Result<Self, Diagnostic> {
        let site = &config.site;
        let file = |name: &Option<Located<std::sync::Arc<str>>>| {
            let is_it = |entry: &&FileEntry| {
                name.as_ref().is_some_and(|name| entry.source.as_str() == format!("static{}", name.value))
            };
            let out = catalogue.files.iter().find(is_it).and_then(|entry| entry.out.as_ref());
            out.map(|out| out.encoded()).unwrap_or_default()
        };
        let view = Site {
            name: &site.name,
            base_url: &site.base_url,
            domain: &site.domain,
            id_code: &site.id_code,
            organizer: &site.organizer,
            undertaker: &site.undertaker,
            contact: &site.contact,
            address: &site.address,
            icp: &site.icp,
            police: &site.police,
            palette: site.palette.key(),
            logo: file(&site.logo),
            favicon: file(&site.favicon),
            emblem: file(&site.emblem),
        };
        let nav: Vec<Link> = catalogue.nav.iter().map(|id| super::channel::link(*id, catalogue)).collect();
        let mut frame = Self {
            site: Shared::new(&view),
            strings: Shared::new(&theme.strings),
            assets: Shared::new(&theme.asset_urls()),
            nav: Shared::new(&nav),
            shells: HashMap::new(),
            terms: catalogue.axes.iter().map(terms).collect(),
            validity: Validity::ALL
                .map(Some)
                .into_iter()
                .chain([None])
                .map(|state| (state, theme::value(&validity(state))))
                .collect(),
        };
        let absolute = format!("{}/", site.base_url);
        let roots = (0..=depth(catalogue)).map(|depth| "../".repeat(depth)).chain([absolute]);
        let sections: Vec<&str> = nav.iter().map(|link| link.url.as_str()).chain(["", "index.html"]).collect();
        for root in roots {
            for (section, current) in sections.iter().flat_map(|section| [(*section, false), (*section, true)]) {
                let shell = frame.shell(&root, section, current, theme)?;
                frame.shells.insert((root.clone(), section.to_owned(), current), shell);
            }
        }
        Ok(frame)
    }

    /// A state of validity as templates see it.
    pub fn validity(&self, wanted: Option<Validity>) -> &Value {
        let known = self.validity.iter().find(|(state, _)| *state == wanted);
        &known.expect("every state is there").1
    }

    /// The strings of the theme, `t`.
    pub fn strings(&self) -> Value {
        self.strings.to_value()
    }

    /// A term in a header row.
    pub fn term(&self, axis: Axis, id: TermId) -> &TermValues {
        &self.terms[axis.index()][id as usize]
    }

    fn shell(&self, root: &str, section: &str, current: bool, theme: &Theme) -> Result<Shell, Diagnostic> {
        let mut context = Context::new();
        context.insert_value("root", Value::from(root));
        context.insert_value("section", Value::from(section));
        context.insert_value("current", Value::from(current));
        for (name, shared) in [("site", &self.site), ("t", &self.strings), ("assets", &self.assets), ("nav", &self.nav)]
        {
            context.insert_value(name, shared.value.clone());
        }
        Ok(Shell { top: Shared::part(TOP, &context, theme)?, facts: Shared::part(FACTS, &context, theme)? })
    }
}

fn terms(index: &AxisIndex) -> Vec<TermValues> {
    index.terms.iter().map(|term| TermValues::new(index.axis.label(), term)).collect()
}

/// How deep the deepest page lies.
pub fn depth(catalogue: &Catalogue) -> usize {
    // the pages of towns lie one folder below their channel
    let has_towns = |id: usize| usize::from(catalogue.places(id as u32).is_some());
    let channels = catalogue.channels.iter().enumerate();
    let channels = channels.map(|(id, channel)| path::depth(&channel.out) + has_towns(id));
    let terms = catalogue.axes.iter().flat_map(|index| &index.terms).map(|term| path::depth(&term.out));
    let deepest_term = terms.max().unwrap_or(0).max(5);
    channels.max().unwrap_or(0).max(catalogue.deepest).max(deepest_term)
}

/// What `hand` gives depends on no more than this; cheaper than handing it, which thousands of pages do.
pub fn feed(page: &Page, world: &World, hasher: &mut Hasher128) {
    let frame = &world.frame;
    let key = shell_key(page, world);
    if let Some(shell) = frame.shells.get(&key) {
        (shell.top.hash, shell.facts.hash).hash(hasher);
    }
    (key.0, frame.site.hash, frame.strings.hash, frame.assets.hash, frame.nav.hash).hash(hasher);
}

fn shell_key(page: &Page, world: &World) -> ShellKey {
    let root = match page.out.as_str() {
        // the host shows it at whatever address was asked for
        "404.html" => format!("{}/", world.config.site.base_url),
        _ => page.out.to_root(),
    };
    let (section, current) = section(page, world);
    (root, section.to_owned(), current)
}

pub fn hand(page: &Page, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let key = shell_key(page, world);
    if let Some(shell) = world.frame.shells.get(&key) {
        hand("top", &&shell.top);
        hand("facts", &&shell.facts);
    }
    hand("root", &key.0);
    hand("site", &&world.frame.site);
    hand("t", &&world.frame.strings);
    hand("assets", &&world.frame.assets);
    hand("nav", &&world.frame.nav);
}

/// The top-level channel that a page lies in, if it is one of the menu, and whether the page is its index.
fn section<'a>(page: &Page, world: &'a World) -> (&'a str, bool) {
    let channel = page.inputs.iter().find_map(|input| match input {
        Input::Home => Some(0),
        Input::Document(id) => Some(world.catalogue.doc(*id).channel),
        Input::Tombstone(id) => Some(world.catalogue.tombstones[*id as usize].channel),
        Input::Channel(id, _) | Input::Town(id, _) | Input::Records(id, _) | Input::Record(id, _) => Some(*id),
        _ => None,
    });
    let Some(channel) = channel else { return ("", false) };
    if matches!(page.inputs.get(1), Some(Input::Home)) {
        return ("index.html", true);
    }
    let section = world.of_channels[channel as usize].section.as_str();
    let is_in_menu = world.catalogue.nav.iter().any(|id| world.of_channels[*id as usize].section == section);
    let current = world.catalogue.channel(channel).out.len() + "index.html".len() == page.out.as_str().len()
        && page.out.as_str().ends_with("/index.html")
        && world.catalogue.nav.contains(&channel);
    if is_in_menu { (section, current) } else { ("", false) }
}

/// Where applications are made, ready to be linked from a page; empty where the site names none.
#[derive(Hash, Serialize)]
pub struct RequestView {
    url: String,
    action: String,
}

pub fn request(page: &Page, world: &World) -> RequestView {
    let root = page.out.to_root();
    // what stands in the site is found from its root; `./` so that nothing in a path is taken for a scheme
    let from_page = |written: &str| match written.strip_prefix('/') {
        Some(path) => [if root.is_empty() { "./" } else { &root }, path].concat(),
        None => written.to_owned(),
    };
    let crate::config::Request { url, action } = &world.config.request;
    RequestView { url: from_page(url), action: from_page(action) }
}
