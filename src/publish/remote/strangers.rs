//! What lies at a service and no live manifest names: ours from before, or somebody else's.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::Remote;
use super::half::Names;
use super::listing::Listed;
use super::look::{Record, Seen};
use crate::publish::listing;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::{Difference, State, Way};

impl Remote {
    /// Files that the live manifest does not name: ours from before, or somebody else's.
    pub(super) fn sort_strangers(&self, seen: &mut Seen, live: Option<&Manifest>, record: &Record, state: &mut State) {
        let is_undone = |path: &str, size: u64| record.undone.iter().any(|(gone, was)| gone == path && *was == size);
        let undone: HashSet<&str> = record.undone.iter().map(|(path, _)| path.as_str()).collect();
        // what has come to its place since is others'
        let is_undone = |path: &str, listed: &Listed| undone.contains(path) && is_undone(path, listed.size);
        let accepted: HashMap<&str, (u64, &str)> =
            record.others.iter().map(|(path, size, stamp)| (path.as_str(), (*size, stamp.as_str()))).collect();
        let mut rest: Vec<(&String, &Listed)> =
            seen.files.iter().filter(|(path, _)| live.is_none_or(|live| live.entry(path).is_none())).collect();
        rest.sort_by(|a, b| a.0.cmp(b.0));
        let manifests = live.into_iter().chain(seen.begun.iter().map(|(_, begun)| begun));
        let names = self.sends_under_other_names.then(|| Names::of(manifests));
        let journal = self.journal();
        let interrupted = !seen.goes_back.is_empty() || !seen.begun.is_empty() || journal.is_open();
        let is_half_sent = |path: &str| names.as_ref().is_some_and(|names| names.is_half_sent(path, interrupted));
        let (mut leftovers, mut strangers) = (Vec::new(), Vec::new());
        for (path, listed) in rest {
            let is_ours = !listed.is_link
                && (is_undone(path, listed)
                    || seen.begun.iter().any(|(_, begun)| {
                        // of what was sent a server may have kept less, or other bytes; more is somebody else's
                        let was_sent = journal.has_begun(&self.live(path));
                        begun.entry(path).is_some_and(|entry| {
                            was_sent && listed.size <= entry.size || self.may_be_of(entry, listed, seen.holds.get(path))
                        })
                    })
                    || is_half_sent(path));
            match is_ours {
                true => leftovers.push(path.clone()),
                false => {
                    let is_accepted = accepted.get(path.as_str()) == Some(&(listed.size, listed.stamp.as_str()));
                    match is_accepted {
                        true => state.accepted.push(path.clone()),
                        false => state.differences.push(Difference { path: path.clone(), way: Way::Strange }),
                    }
                    strangers.push(path.clone());
                }
            }
        }
        let may_be = |path: &&String| names.as_ref().is_some_and(|names| names.may_be_half_sent(path));
        let halves: Vec<String> = leftovers.iter().filter(|path| is_half_sent(path)).cloned().collect();
        let doubtful: Vec<String> = strangers.iter().filter(may_be).cloned().collect();
        state.notes.extend(told("", &halves, &doubtful));
        let (halves, others): (Vec<String>, Vec<String>) =
            seen.outside.iter().cloned().partition(|path| is_half_sent(path));
        let doubtful: Vec<String> = others.iter().filter(may_be).cloned().collect();
        state.notes.extend(told(&format!("网站以外的 {} 里，", self.store.place()), &halves, &doubtful));
        seen.scraps.extend(halves);
        // what a release that was begun puts there again is not left over from an earlier one
        let is_left = |path: &&String| {
            undone.contains(path.as_str()) && !seen.begun.iter().any(|(_, begun)| begun.entry(path).is_some())
        };
        state.left = leftovers.iter().filter(is_left).cloned().collect();
        (seen.leftovers, seen.strangers) = (leftovers, strangers);
    }
}

impl Remote {
    /// Whether another machine that began a release may have put this there: a file of its size, with its bytes if they were read
    /// (`holds`). Where new files are written in their place, it may be the half of one.
    fn may_be_of(&self, entry: &Entry, listed: &Listed, holds: Option<&String>) -> bool {
        let comes_whole = self.store.talents().is_object_store || self.sends_under_other_names;
        match listed.size.cmp(&entry.size) {
            Ordering::Less => !comes_whole,
            Ordering::Equal => holds.is_none_or(|sha256| *sha256 == entry.sha256),
            Ordering::Greater => false,
        }
    }
}

/// What is half-sent, and what may be, in Chinese. `place`: where they lie, with what joins it to the words.
fn told(place: &str, halves: &[String], doubtful: &[String]) -> Vec<String> {
    let mut notes = Vec::new();
    if !halves.is_empty() {
        let list = listing(halves);
        notes.push(format!("{place}{} 个没有传完的文件，是中断的那一次留下的，发布时删去：{list}", halves.len()));
    }
    if !doubtful.is_empty() {
        let words = "可能是中断的那一次没有传完的，也可能是别人的备份，不能确定，不删；不要的请自己删去";
        notes.push(format!("{place}{} 个文件{words}：{}", doubtful.len(), listing(doubtful)));
    }
    notes
}
