//! What an interrupted run left on its way: a text of publishing's own that was about to take the place of the one before,
//! a live file that was out of the way for another one. Whoever works there next puts it where it belongs; whoever only
//! reads, reads it where it is.

use super::Remote;
use super::look::{CLEARED, Record, SEAL, Seen};
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
        for name in [SEAL, RECORD, CHAIN, CLEARED] {
            let path = self.own(name);
            if !self.store.run(inner.is_there(&path))? && self.on_its_way(name)?.is_some() {
                self.store.run(inner.put_back(&format!("{path}.tmp"), &path))?;
            }
        }
        if talents.replaces {
            return Ok(());
        }
        let folder = format!("{}/", inner.aside);
        for (aside, _) in self.store.list(&inner.aside)? {
            let Some(path) = aside.strip_prefix(&folder) else { continue };
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

    pub fn cleared(&self) -> Result<Cleared, Failure> {
        Ok(self.kept_text(CLEARED)?.and_then(|text| json::parse(&text)).unwrap_or_default())
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

    /// A text that is whole and that somebody was about to put in its place: of the chain, one that the seal vouches for.
    fn on_its_way(&self, name: &str) -> Result<Option<String>, Failure> {
        let Some(text) = self.text(&format!("{name}.tmp"))? else { return Ok(None) };
        let is_seal = |line: &str| line.is_empty() || line.len() == 64;
        let is_whole = match name {
            CHAIN => self.seals()?.lines().any(|seal| seal == Chain::of(text.clone()).seal()),
            RECORD => json::parse::<Record>(&text).is_some(),
            CLEARED => json::parse::<Cleared>(&text).is_some(),
            _ => text.ends_with('\n') && text.lines().all(is_seal),
        };
        Ok(is_whole.then_some(text))
    }
}
