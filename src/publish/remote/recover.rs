//! What an interrupted run left on its way: a text of publishing's own that was about to take the place of the one before,
//! a live file that was out of the way for another one. Whoever works there next puts it where it belongs; whoever only
//! reads, reads it where it is.

use super::Remote;
use super::look::{CLEARED, Record, SEAL, Seen};
use super::unlisted::above;
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::chain::Chain;
use crate::publish::cleared::Cleared;

const CHAIN: &str = "releases.jsonl";
const RECORD: &str = "record.json";

impl Remote {
    /// The claim is held.
    pub(super) fn recover(&self) -> Result<(), Failure> {
        let talents = self.store.talents();
        if !talents.renames {
            return Ok(());
        }
        let inner = self.store.inner();
        let there = self.store.beside_each_other(&self.state)?;
        for name in [SEAL, RECORD, CHAIN, CLEARED] {
            // what is on its way stays there: a server may still be told to move it
            if !there.contains(&self.own(name))
                && let Some(text) = self.on_its_way(name)?
            {
                self.put(name, &text)?;
            }
        }
        if talents.replaces {
            return Ok(());
        }
        let folder = format!("{}/", inner.aside);
        let aside = self.store.list(&inner.aside)?;
        let links = if aside.is_empty() { Default::default() } else { self.listed()?.links };
        for (aside, _) in aside {
            let Some(path) = aside.strip_prefix(&folder) else { continue };
            // somebody has put a link in its way since: it stays aside, and the link is told
            if above(path).any(|folder| links.contains(folder)) {
                continue;
            }
            match self.store.run(inner.is_there(path))? {
                true => self.store.delete(vec![aside.clone()], &|_| ())?,
                false => self.store.run(inner.put_back(&aside, path))?,
            }
        }
        Ok(())
    }

    /// Whether anything was ever published here, or begun.
    pub fn is_ours(&self) -> Result<bool, Failure> {
        for name in [CHAIN, SEAL, RECORD] {
            if self.kept_text(name)?.is_some() {
                return Ok(true);
            }
        }
        Ok(!self.listed()?.manifests.is_empty())
    }

    pub fn chain(&self) -> Result<Chain, Failure> {
        Ok(Chain::of(self.kept_text(CHAIN)?.unwrap_or_default()))
    }

    pub fn seals(&self) -> Result<String, Failure> {
        Ok(self.kept_text(SEAL)?.unwrap_or_default())
    }

    pub fn record(&self) -> Result<Option<Record>, Failure> {
        Ok(self.kept_text(RECORD)?.and_then(|text| json::parse(&text)))
    }

    /// With what is wrong with it, in Chinese.
    pub fn cleared(&self, chain: &Chain) -> Result<(Cleared, Option<String>), Failure> {
        Ok(Cleared::read(self.kept_text(CLEARED)?.as_deref(), chain))
    }

    /// Whether there was a chain, though there is none now. `seals` and `record` are written before the first one is.
    pub fn chain_is_lost(&self, seen: &Seen, seals: &str, record: Option<&Record>) -> Result<bool, Failure> {
        let may_be_the_first = seals.lines().any(str::is_empty);
        let is_lost = match seals.is_empty() {
            true => record.is_some() || !seen.kept.is_empty(),
            false => !may_be_the_first,
        };
        Ok(is_lost && self.kept_text(CHAIN)?.is_none())
    }

    /// A text that publishing keeps there under this name, or is about to.
    fn kept_text(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.text(name)? {
            None if self.store.talents().renames => self.on_its_way(name),
            found => Ok(found),
        }
    }

    /// A text that is whole and that somebody was about to put in its place: of the chain, one that the seal vouches for. Of
    /// several the one that belongs to the chain that is there.
    fn on_its_way(&self, name: &str) -> Result<Option<String>, Failure> {
        let (start, own) = (format!("{name}."), format!("{}/", self.state));
        let there = self.store.beside_each_other(&self.state)?;
        let names = there.iter().filter_map(|path| path.strip_prefix(&own));
        let names = names.filter(|file| file.starts_with(&start) && file.ends_with(".tmp"));
        let is_seal = |line: &str| line.is_empty() || line.len() == 64;
        let (mut whole, mut fitting) = (None, None);
        for file in names {
            let Some(text) = self.text(file)? else { continue };
            let (is_whole, fits) = match name {
                CHAIN => (self.seals()?.lines().any(|seal| seal == Chain::of(text.clone()).seal()), true),
                RECORD => {
                    let record = json::parse::<Record>(&text);
                    let last = self.text(CHAIN)?.map(Chain::of).and_then(|chain| Some(chain.last()?.release.clone()));
                    (record.is_some(), record.is_some_and(|record| Some(record.release) == last))
                }
                CLEARED => {
                    let cleared = json::parse::<Cleared>(&text);
                    (cleared.is_some(), cleared.is_some_and(|cleared| cleared.due))
                }
                _ => {
                    let last = self.text(CHAIN)?.map(|text| Chain::of(text).seal()).unwrap_or_default();
                    (text.ends_with('\n') && text.lines().all(is_seal), text.lines().any(|seal| seal == last))
                }
            };
            match (is_whole, fits) {
                (true, true) => fitting = Some(text),
                (true, false) => whole = Some(text),
                _ => {}
            }
        }
        Ok(fitting.or(whole))
    }
}
