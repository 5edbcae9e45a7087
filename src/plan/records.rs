//! The records of channels: further pages of their lists, a page of each, and all of them as open data.

use super::pages::page;
use super::{Index, Input, Maker, Page};
use crate::catalogue::{Catalogue, ChannelId, Records};
use crate::model::OutPath;

/// Most records that there is a file of open data of: beyond them the spreadsheet itself is what readers download, so that no
/// file grows with the site.
const MOST: usize = 5000;

/// Whether there are files of open data of the records.
pub fn has_data(records: &Records) -> bool {
    (1..=MOST).contains(&records.rows.len())
}

pub fn all(catalogue: &Catalogue, pages: &mut Vec<Page>) {
    for (id, records) in catalogue.records.iter() {
        let index = Index::Records(*id);
        for number in 2..=catalogue.leaves(index) {
            let inputs = vec![Input::Frame, Input::Records(*id, number), Input::Tree(*id)];
            pages.push(page(index.out(number, catalogue), "records.html", inputs));
        }
        let outs = records.rows.iter().enumerate().filter_map(|(row, record)| Some((row, record.out.clone()?)));
        pages.extend(outs.map(|(row, out)| Page {
            out,
            maker: Maker::Template("record.html".into()),
            inputs: vec![Input::Frame, Input::Record(*id, row)],
        }));
        if has_data(records) {
            data(*id, catalogue, pages);
        }
    }
}

fn data(id: ChannelId, catalogue: &Catalogue, pages: &mut Vec<Page>) {
    for (extension, maker) in [("json", Maker::Json), ("csv", Maker::Csv)] {
        let out = OutPath::of_checked(format!("{}records.{extension}", catalogue.channel(id).out));
        pages.push(Page { out, maker, inputs: vec![Input::AllRecords(id)] });
    }
}

impl Catalogue {
    /// How many pages the records of all channels have beside the channels' own.
    pub fn record_pages(&self) -> usize {
        let pages = |(id, records): (&ChannelId, &Records)| {
            let own = records.rows.iter().filter(|record| record.out.is_some()).count();
            self.leaves(Index::Records(*id)) - 1 + own
        };
        self.records.iter().map(pages).sum()
    }
}
