//! Stage 5: Page → content. What a page is given is decided here alone (`views`), from the inputs that the plan
//! declared; what it looks like is the theme's. Pure but for re-reading the text of the body that is rendered.
//!
//! | module | makes |
//! |---|---|
//! | `views` | the values of an input: what templates see, and what the fingerprint holds |
//! | `open_data` | `index.json`, `index.csv` and their shards |
//! | `chart` | charts as SVG |
//! | `feed` | RSS |
//! | `sitemap` | sitemap and robots.txt |
//! | `xml` | XML, escaped by construction |
//! | `memo` | what is worked out once for each document, when it is first needed |

pub mod chart;
mod feed;
mod memo;
mod open_data;
mod sitemap;
mod views;
pub mod xml;

pub use open_data::table as csv_table;

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::config::Config;
use crate::diag::Diagnostic;
use crate::model::Hash128;
use crate::model::hash::Hasher128;
use crate::plan::{Input, Maker, Page, Part};
use crate::source::{Aside, Place};
use crate::theme::{Context, Theme, Value};

use memo::Memo;

/// Bytes of rows that wait in memory: each of them is wanted in some eight listings, and to read it from the disk every time
/// takes longer than to make it.
const ROOM: usize = 40 * 1024 * 1024;

/// What pages are made from. Only `views` and the makers below look into it, and only at a page's inputs.
pub struct World {
    pub catalogue: Catalogue,
    pub config: Arc<Config>,
    pub theme: Arc<Theme>,
    /// The site's root, to re-read bodies.
    pub root: PathBuf,
    aside: Option<Aside>,
    /// Where bodies were put aside that were written when they were parsed, by the hash of the file. A body that leads
    /// nowhere in the site depends on no more than its text.
    written: HashMap<Hash128, Place>,
    /// Parts of the sitemap, as planned.
    pub parts: Arc<[Part]>,
    frame: Arc<views::Frame>,
    /// What the pages of each channel share, by channel.
    of_channels: Arc<[views::OfChannel]>,
    /// Each document as a row of open data: it stands in many listings.
    rows: Memo<open_data::Written>,
    /// Each document as a row of the catalogue's listings.
    entries: views::Entries,
}

impl World {
    /// A finding if a part that many pages share cannot be rendered.
    pub fn new(
        catalogue: Catalogue,
        config: Arc<Config>,
        theme: Arc<Theme>,
        root: &Path,
        (aside, written): (Option<Aside>, HashMap<Hash128, Place>),
        parts: &[Part],
    ) -> Result<Self, Diagnostic> {
        let frame = views::Frame::new(&catalogue, &config, &theme)?;
        let deepest = views::depth(&catalogue);
        let channels = 0..catalogue.channels.len() as u32;
        let of_channel = |id| views::OfChannel::new(id, &catalogue, &config, &theme, deepest);
        let of_channels = channels.map(of_channel).collect::<Result<_, _>>()?;
        let rows = Memo::new(catalogue.docs.len());
        let entries = views::Entries::new();
        aside.iter().for_each(|aside| aside.make_room(ROOM));
        let (root, parts, frame) = (root.into(), parts.into(), frame.into());
        Ok(Self { catalogue, config, theme, root, aside, written, parts, frame, of_channels, rows, entries })
    }

    /// The same with a catalogue that `renewed` this one's. What was put aside stays behind: few pages will be made.
    pub fn renewed(&self, catalogue: Catalogue) -> Self {
        let rows = Memo::new(catalogue.docs.len());
        Self {
            catalogue,
            rows,
            entries: views::Entries::new(),
            config: self.config.clone(),
            theme: self.theme.clone(),
            root: self.root.clone(),
            aside: None,
            written: HashMap::new(),
            parts: self.parts.clone(),
            frame: self.frame.clone(),
            of_channels: self.of_channels.clone(),
        }
    }
}

/// A value handed to a page under a name: what the fingerprint holds of it, and what a template sees.
trait Handed {
    fn feed(&self, hasher: &mut Hasher128);
    fn value(&self) -> Result<Value, Diagnostic>;

    /// The same for values of which several things may be wrong.
    fn checked(&self) -> Result<Value, Vec<Diagnostic>> {
        self.value().map_err(|finding| vec![finding])
    }
}

impl<T: Hash + serde::Serialize> Handed for T {
    fn feed(&self, hasher: &mut Hasher128) {
        self.hash(hasher);
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        Ok(crate::theme::value(self))
    }
}

/// What a page's bytes depend on: its address, its maker with the closure of its template, and every input's name and
/// value. Equal fingerprints mean equal bytes.
pub fn fingerprint(page: &Page, world: &World) -> Hash128 {
    let mut hasher = Hasher128::default();
    page.out.hash(&mut hasher);
    page.maker.hash(&mut hasher);
    if let Maker::Template(template) = &page.maker {
        world.theme.closure(template).hash.hash(&mut hasher);
    }
    for input in &page.inputs {
        feed(input, page, world, &mut hasher);
    }
    hasher.finish128()
}

fn feed(input: &Input, page: &Page, world: &World, hasher: &mut Hasher128) {
    match (&page.maker, input) {
        (Maker::Template(_), Input::Frame) => views::feed_frame(page, world, hasher),
        (Maker::Template(_), Input::Document(id)) => views::feed_document(*id, world, hasher),
        (Maker::Template(_), Input::Neighbours(newer, older)) => {
            views::feed_link(*newer, world, hasher);
            views::feed_link(*older, world, hasher);
        }
        (Maker::Template(_), _) => views::each(input, page, world, &mut |name, handed| {
            name.hash(hasher);
            handed.feed(hasher);
        }),
        (Maker::Copy, Input::File(id)) => world.catalogue.file(*id).facts.hash.hash(hasher),
        (Maker::Copy, Input::Asset(at)) => world.theme.assets[*at].out.hash(hasher),
        (Maker::Json | Maker::Csv, Input::Rows(list, shard)) => open_data::feed(list, *shard, world, hasher),
        (Maker::Json | Maker::Csv, Input::AllRecords(id)) => open_data::feed_records(*id, world, hasher),
        (Maker::Rss, Input::Recent(channel)) => feed::feed(*channel, world, hasher),
        (Maker::SitemapPart, Input::Addresses(part)) => sitemap::feed(*part, world, hasher),
        (Maker::SitemapIndex, _) => world.parts.iter().for_each(|part| sitemap::feed(*part, world, hasher)),
        (Maker::Robots, _) => world.config.site.base_url.hash(hasher),
        (maker, input) => unreachable!("{maker:?} takes no {input:?}"),
    }
    hasher.write_u8(0xff);
}

/// What an output holds.
pub enum Content {
    Bytes(Vec<u8>),
    /// A file that is copied as it is.
    Copy(PathBuf),
}

/// Makes an output of its inputs. Findings: a template that fails, or a source that changed since it was read.
pub fn render(page: &Page, world: &World) -> Result<Content, Vec<Diagnostic>> {
    let first = &page.inputs[0];
    let bytes = match (&page.maker, first) {
        (Maker::Template(template), _) => template_page(template, page, world)?,
        (Maker::Copy, Input::File(id)) => {
            return Ok(Content::Copy(world.root.join(world.catalogue.file(*id).source.as_str())));
        }
        (Maker::Copy, Input::Asset(at)) => world.theme.assets[*at].bytes.clone(),
        (Maker::Json, Input::Rows(list, shard)) => open_data::json(list, *shard, world),
        (Maker::Csv, Input::Rows(list, shard)) => open_data::csv(list, *shard, world),
        (Maker::Json, Input::AllRecords(id)) => open_data::records_json(*id, world),
        (Maker::Csv, Input::AllRecords(id)) => open_data::records_csv(*id, world),
        (Maker::Rss, Input::Recent(channel)) => feed::rss(*channel, world),
        (Maker::SitemapPart, Input::Addresses(part)) => sitemap::part(*part, world),
        (Maker::SitemapIndex, _) => sitemap::index(world),
        (Maker::Robots, _) => sitemap::robots(world),
        (maker, input) => unreachable!("{maker:?} takes no {input:?}"),
    };
    Ok(Content::Bytes(bytes))
}

fn template_page(template: &str, page: &Page, world: &World) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let closure = world.theme.closure(template);
    let mut context = Context::new();
    let mut findings = Vec::new();
    for input in &page.inputs {
        views::each(input, page, world, &mut |name, handed| {
            if !closure.may_read(name) {
                return;
            }
            match handed.checked() {
                Ok(value) => context.insert_value(name, value),
                Err(more) => findings.extend(more),
            }
        });
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    world.theme.render(template, &context).map_err(|finding| vec![finding])
}
