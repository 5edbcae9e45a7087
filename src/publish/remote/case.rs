//! Names that differ in capitals alone. On some disks (Windows, its shares) they are one file: to delete the old name would be
//! to delete the new file. Which disk is behind a server no server says, but one that has a file under a name that it does
//! not list is found out.

use std::collections::{BTreeSet, HashMap, HashSet};
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
        let folders: HashMap<String, &str> = there
            .iter()
            .filter_map(|path| path.rsplit_once('/'))
            .map(|(above, _)| (above.to_lowercase(), above))
            .collect();
        let is_twin = |path: &&str| !there.contains(*path) && small.contains_key(&path.to_lowercase());
        let of_files = puts.iter().map(|put| put.to.as_str()).filter(is_twin).map(str::to_owned);
        let of_folders = puts.iter().filter_map(|put| beside(&put.to, &folders, &there));
        let asked: Vec<String> = of_files.chain(of_folders).collect::<BTreeSet<String>>().into_iter().collect();
        // FTP servers are asked for the names in a folder, and not for a name: it is read
        let read = |store: Arc<Inner>, path: String| async move { Ok(store.digest(&path, 0).await?.map(|_| path)) };
        let same: Vec<String> = store.each(asked, read, &|_| ())?.into_iter().flatten().collect();
        let Some(first) = same.first() else { return Ok(()) };
        let not = if self.files.is_some() { "没有发布" } else { "没有回退" };
        let was = small.get(&first.to_lowercase()).map_or("", |path| path.as_str());
        let reason = format!(
            "它和已有的 {was} 只有大小写不同，这个服务器不分大小写，是同一个文件，删去旧的会连新的一起删去，{not}，现在的网站保持原样：{}。\
             {}；或改回原来的大小写",
            listing(&same),
            match was.rsplit_once('/').map(|(above, _)| above) == first.rsplit_once('/').map(|(above, _)| above) {
                true => "请分两次：先发布两个都没有的网站，再发布有新名称的",
                // a folder that is empty stays there, and its name with it
                false => "文件夹的大小写要一样：先发布没有这些文件的网站，在服务器上删去旧的文件夹，再发布有新名称的",
            }
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

/// Of a file that comes into a folder whose name differs from that of one which is there in capitals alone: a file of that one,
/// under the new name.
fn beside(path: &str, folders: &HashMap<String, &str>, there: &HashSet<String>) -> Option<String> {
    let (above, _) = path.rsplit_once('/')?;
    let twin = folders.get(&above.to_lowercase()).filter(|twin| **twin != above)?;
    let is_in = |file: &&String| file.rsplit_once('/').is_some_and(|(folder, _)| folder == *twin);
    let (_, name) = there.iter().filter(is_in).min()?.rsplit_once('/')?;
    let asked = format!("{above}/{name}");
    (!there.contains(&asked)).then_some(asked)
}
