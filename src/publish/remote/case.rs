//! Names that differ in capitals alone. On some disks (Windows, its shares) they are one file: to delete the old name would be
//! to delete the new file. Which disk is behind a server no server says, but one that has a file under a name that it does
//! not list is found out.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::listing::Listed;
use super::transfer::{Put, Transfer};
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::{listing, refused};

impl Transfer<'_> {
    /// Whether the server tells apart what differs in capitals alone, where something is to come beside or instead of such a
    /// name. Asked before anything is sent.
    pub(super) fn tells_capitals(&self, puts: &[&Put]) -> Result<(), Failure> {
        let store = &self.remote.store;
        // to ask such a server for what is not there takes until the time is up; the last listing tells (`became_another`)
        if store.talents().hangs_on_nothing {
            return Ok(());
        }
        let there: HashSet<String> = self.seen.files.keys().map(|path| self.remote.live(path)).collect();
        let small: HashMap<String, &String> = there.iter().map(|path| (path.to_lowercase(), path)).collect();
        let is_twin = |path: &&str| !there.contains(*path) && small.contains_key(&path.to_lowercase());
        let asked = puts.iter().map(|put| put.to.as_str()).filter(is_twin).map(str::to_owned).collect();
        // FTP servers are asked for the names in a folder, and not for a name: it is read
        let read = |store: Arc<Inner>, path: String| async move { Ok(store.digest(&path, 0).await?.map(|_| path)) };
        let same: Vec<String> = store.each(asked, read, &|_| ())?.into_iter().flatten().collect();
        let Some(first) = same.first() else { return Ok(()) };
        let not = if self.files.is_some() { "没有发布" } else { "没有回退" };
        let was = small.get(&first.to_lowercase()).map_or("", |path| path.as_str());
        let reason = format!(
            "它和已有的 {was} 只有大小写不同，这个服务器不分大小写，是同一个文件，删去旧的会连新的一起删去，{not}，现在的网站保持原样：{}。\
             请分两次：先发布两个都没有的网站，再发布有新名称的；或改回原来的大小写",
            listing(&same)
        );
        Err(refused(Path::new(&format!("{}/{first}", store.place())), reason))
    }

    /// Whether what is to go has become a file of this release, on a server that could not be asked: by the last listing it
    /// has another name now, which differs in capitals alone.
    pub(super) fn became_another(&self, path: &str, listed: &HashMap<String, Listed>, small: &HashSet<String>) -> bool {
        self.remote.store.talents().hangs_on_nothing
            && !listed.contains_key(&self.remote.live(path))
            && small.contains(&path.to_lowercase())
    }

    /// All paths of the release in small letters.
    pub(super) fn small(&self) -> HashSet<String> {
        self.next.files.iter().map(|entry| entry.path.to_lowercase()).collect()
    }
}
