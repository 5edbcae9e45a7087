//! A file where a folder is to be, or a folder where a file is to be. Where folders are real neither can be put there while
//! the other is: it would have to be removed before, and readers would find neither. So that is told before anything is sent.

use std::collections::HashSet;
use std::path::Path;

use super::transfer::{Put, Transfer};
use super::unlisted::above;
use crate::pipeline::Failure;
use crate::publish::refused;

impl Transfer<'_> {
    /// Whether no file is to become a folder, and no folder a file.
    pub(super) fn keeps_shape(&self, puts: &[&Put]) -> Result<(), Failure> {
        // buckets hold both, but what stands behind one may be a disk: of what is ours there, one rule for all
        let is_bucket = self.remote.store.talents().is_object_store;
        let there = self.seen.files.keys().filter(|path| !is_bucket || self.is_ours(path));
        let there: HashSet<String> = there.map(|path| self.remote.live(path)).collect();
        let folders: HashSet<&str> = there.iter().flat_map(|path| above(path)).collect();
        for put in puts.iter().map(|put| put.to.as_str()) {
            if let Some(file) = above(put).find(|folder| there.contains(*folder)) {
                let first = match self.is_ours(self.remote.below(file)) {
                    true => format!("先发布没有 {put} 的网站，再发布有它的"),
                    false => format!("{file} 不是网站的文件，请查明是谁的，把它移走"),
                };
                return Err(self.cannot_become(put, &format!("{file} 那里是文件，要变成文件夹，一次做不到"), &first));
            }
            if folders.contains(put) {
                let words = format!("先发布没有 {put} 的网站，在服务器上删去空文件夹 {put}，再发布有它的");
                return Err(self.cannot_become(put, "那里是文件夹，要变成文件，一次做不到", &words));
            }
        }
        Ok(())
    }

    fn cannot_become(&self, path: &str, words: &str, way: &str) -> Failure {
        let not = match self.files {
            Some(_) => "没有发布",
            None => "没有回退",
        };
        let reason = format!("{words}，{not}，现在的网站保持原样。请分两次：{way}");
        refused(Path::new(&format!("{}/{path}", self.remote.store.place())), reason)
    }

    fn is_ours(&self, path: &str) -> bool {
        self.live.is_some_and(|live| live.entry(path).is_some()) || self.seen.leftovers.iter().any(|left| left == path)
    }
}
