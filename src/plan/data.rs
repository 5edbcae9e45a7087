//! Outputs that no template makes: open data, feeds, sitemap, files.

use std::collections::BTreeMap;

use super::{Input, List, Maker, PART, Page, Part, SHARD};
use crate::catalogue::{Catalogue, ChannelId, FileId};
use crate::model::OutPath;
use crate::theme::Theme;

fn page(out: String, maker: Maker, input: Input) -> Page {
    Page { out: OutPath::of_checked(out), maker, inputs: vec![input] }
}

/// How many full shards a listing of so many rows has beside the newest.
pub fn shards(rows: usize) -> usize {
    rows.saturating_sub(1) / SHARD
}

/// `index.json`, `index.csv` with the newest rows, `data_K.*` with the older ones, counted from the oldest.
pub fn listing(folder: &str, list: &List, rows: usize, pages: &mut Vec<Page>) {
    if rows == 0 {
        return;
    }
    for (extension, maker) in [("json", Maker::Json), ("csv", Maker::Csv)] {
        pages.push(page(format!("{folder}index.{extension}"), maker.clone(), Input::Rows(list.clone(), None)));
        for number in 1..=shards(rows) {
            let out = format!("{folder}data_{number}.{extension}");
            pages.push(page(out, maker.clone(), Input::Rows(list.clone(), Some(number))));
        }
    }
}

pub fn rss(id: ChannelId, folder: &str, pages: &mut Vec<Page>) {
    pages.push(page(format!("{folder}rss.xml"), Maker::Rss, Input::Recent(id)));
}

/// Parts of the sitemap: the pages of channels and catalogue, then the documents of each year.
pub fn parts(catalogue: &Catalogue) -> Vec<Part> {
    if catalogue.channels.is_empty() {
        return Vec::new();
    }
    let mut years: BTreeMap<i16, usize> = BTreeMap::new();
    // search engines are told not to keep what was withdrawn
    let docs = catalogue.docs.iter().filter(|doc| doc.withdrawn.is_none());
    docs.for_each(|doc| *years.entry(doc.published.year()).or_default() += 1);
    let runs = |count: usize| 0..count.div_ceil(PART).max(1);
    let years = years.into_iter().flat_map(|(year, count)| runs(count).map(move |run| Part::Year(year, run)));
    runs(catalogue.index_pages() + catalogue.record_pages()).map(Part::Pages).chain(years).collect()
}

pub fn sitemap(parts: &[Part], pages: &mut Vec<Page>) {
    if parts.is_empty() {
        return;
    }
    for part in parts {
        pages.push(Page { out: part.out(), maker: Maker::SitemapPart, inputs: vec![Input::Addresses(*part)] });
    }
    pages.push(page("sitemap.xml".into(), Maker::SitemapIndex, Input::Parts));
    pages.push(page("robots.txt".into(), Maker::Robots, Input::Frame));
}

/// Attachments, `static/`, assets of the theme.
pub fn files(catalogue: &Catalogue, theme: &Theme, pages: &mut Vec<Page>) {
    let published = catalogue.files.iter().enumerate().filter_map(|(id, file)| Some((id, file.out.clone()?)));
    pages.extend(published.map(|(id, out)| Page { out, maker: Maker::Copy, inputs: vec![Input::File(id as FileId)] }));
    let assets = theme.assets.iter().enumerate();
    pages.extend(assets.map(|(at, asset)| Page {
        out: asset.out.clone(),
        maker: Maker::Copy,
        inputs: vec![Input::Asset(at)],
    }));
}

impl Catalogue {
    /// How many index pages of channels, axes, terms and crossings there are.
    pub fn index_pages(&self) -> usize {
        let used = self.axes.iter().filter(|index| index.is_used());
        let terms: usize = used.map(|index| 1 + index.terms.iter().filter(|term| !term.docs.is_empty()).count()).sum();
        let cells: usize =
            self.crossings.iter().map(|crossing| crossing.cells.len() + usize::from(!crossing.cells.is_empty())).sum();
        let towns = (0..self.channels.len() as ChannelId).map(|id| self.towns(id).count()).sum::<usize>();
        let series = self.series.len() + usize::from(!self.series.is_empty());
        self.channels.len() + towns + terms + cells + series + 1
    }
}
