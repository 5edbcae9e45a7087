//! Links at a server of SFTP. What is written to a path that is a link, or that lies below one, lands where the link leads:
//! outside the site, in somebody else's file. So nothing is written there, and nothing is read for ours; whoever put the
//! link there is told of like anybody who changed something, and it is for a person to remove.

use std::collections::BTreeSet;
use std::path::Path;

use super::Remote;
use super::look::Seen;
use super::transfer::{Put, Transfer};
use super::unlisted::above;
use crate::pipeline::Failure;
use crate::publish::observe::State;
use crate::publish::{listing, refused};

impl Remote {
    /// Whether what publishing keeps is written where it belongs. Asked before anything is, the claim too.
    pub(super) fn has_own_place(&self) -> Result<(), Failure> {
        if !self.store.talents().tells_links {
            return Ok(());
        }
        let beside = self.state.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut links = self.store.links(beside)?;
        links.retain(|path| *path == self.state);
        if links.is_empty() {
            links = self.store.links(&self.state)?;
        }
        self.is_own(&links)
    }

    fn is_own(&self, links: &BTreeSet<String>) -> Result<(), Failure> {
        match links.iter().find(|path| self.is_of_state(path)) {
            None => Ok(()),
            Some(path) => {
                let reason =
                    "它是符号链接，写进去会写到它指向的地方，什么也没有写。请查明是谁放的，把链接删去，再运行一次";
                Err(refused(Path::new(&format!("{}/{path}", self.store.place())), reason))
            }
        }
    }

    fn is_of_state(&self, path: &str) -> bool {
        path == self.state || path.strip_prefix(&self.state).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Links among what publishing keeps, in Chinese.
    pub(super) fn own_links(&self, seen: &Seen) -> Vec<String> {
        let own = seen.links.iter().filter(|path| self.is_of_state(path));
        own.map(|path| format!("{path} 是符号链接，不是 gongkai 放的。请查明是谁放的，把链接删去")).collect()
    }

    /// Which of the differences are links, in Chinese.
    pub(super) fn told_links(&self, seen: &Seen, state: &State) -> Option<String> {
        let paths = state.differences.iter().map(|found| &found.path);
        let links: Vec<String> = paths.filter(|path| seen.links.contains(&self.live(path))).cloned().collect();
        let words = "个路径是符号链接，不往那里写；请查明是谁放的，把链接删去";
        (!links.is_empty()).then(|| format!("{} {words}：{}", links.len(), listing(&links)))
    }
}

impl Transfer<'_> {
    /// Whether nothing would be written through a link.
    pub(super) fn meets_no_link(&self, puts: &[&Put]) -> Result<(), Failure> {
        let links = &self.seen.links;
        self.remote.is_own(links)?;
        let is_met = |path: &&str| links.contains(*path) || above(path).any(|folder| links.contains(folder));
        let met: Vec<String> = puts.iter().map(|put| put.to.as_str()).filter(is_met).map(str::to_owned).collect();
        let Some(first) = met.first() else { return Ok(()) };
        let reason = format!(
            "那里是符号链接，或在符号链接的文件夹里，写进去会写到它指向的地方，什么也没有写：{}。请查明是谁放的，把链接删去，再运行一次",
            listing(&met)
        );
        Err(refused(Path::new(&format!("{}/{first}", self.remote.store.place())), reason))
    }
}
