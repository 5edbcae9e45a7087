//! What every page is given: the site, its strings, assets, navigation, and the way to the root.

use serde::Serialize;

use super::super::{Handed, World};
use crate::catalogue::{Catalogue, FileEntry};
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::Hash128;
use crate::model::hash::Hasher128;
use crate::plan::Page;
use crate::theme::{self, Theme, Value};

/// The same for all pages, made once.
pub struct Frame {
    site: Shared,
    strings: Shared,
    assets: Shared,
    nav: Shared,
}

/// A value made once and handed to every page.
struct Shared {
    hash: Hash128,
    value: Value,
}

impl Shared {
    fn new<T: std::hash::Hash + Serialize>(view: &T) -> Self {
        Self { hash: Hash128::of(view), value: theme::value(view) }
    }
}

impl Handed for &Shared {
    fn feed(&self, hasher: &mut Hasher128) {
        std::hash::Hash::hash(&self.hash, hasher);
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
    pub fn new(catalogue: &Catalogue, config: &Config, theme: &Theme) -> Self {
        let site = &config.site;
        let file = |name: &Option<std::sync::Arc<str>>| {
            let is_it = |entry: &&FileEntry| name.as_deref().is_some_and(|name| entry.source.as_str() == format!("static{name}"));
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
        Self {
            site: Shared::new(&view),
            strings: Shared::new(&theme.strings),
            assets: Shared::new(&theme.asset_urls()),
            nav: Shared::new(&nav),
        }
    }
}

pub fn hand(page: &Page, world: &World, hand: &mut dyn FnMut(&'static str, &dyn Handed)) {
    let root = match page.out.as_str() {
        // the host shows it at whatever address was asked for
        "404.html" => format!("{}/", world.config.site.base_url),
        _ => page.out.to_root(),
    };
    hand("root", &root);
    hand("site", &&world.frame.site);
    hand("t", &&world.frame.strings);
    hand("assets", &&world.frame.assets);
    hand("nav", &&world.frame.nav);
}
