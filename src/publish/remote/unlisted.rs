//! Files that a server has and does not list: behind a symbolic link to a folder, or hidden. Whatever a server says it does not
//! have is asked for before a file is written to its place, because it may be somebody's, far outside the site.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::look::is_hidden;
use super::transfer::{Put, Transfer};
use super::wire::Inner;
use crate::pipeline::Failure;
use crate::publish::{listing, refused};

impl Transfer<'_> {
    /// Whether nothing is there where files are to come that no listing told of.
    pub(super) fn is_free(&self, puts: &[&Put]) -> Result<(), Failure> {
        let store = &self.remote.store;
        // what is in a bucket is listed
        if store.talents().is_object_store {
            return Ok(());
        }
        // FTP servers hide what begins with a dot: it is read. All else they list, and a link is replaced there
        let by_ftp = self.remote.sends_under_other_names;
        let (hidden, plain): (Vec<&str>, Vec<&str>) =
            puts.iter().map(|put| put.to.as_str()).partition(|path| by_ftp && is_hidden(path));
        let there: HashSet<String> = self.seen.files.keys().map(|path| self.remote.live(path)).collect();
        let folders: HashSet<&str> = there.iter().flat_map(|path| above(path)).collect();
        let unlisted = plain.into_iter().filter(|path| !there.contains(*path));
        // by the uppermost folder that no listing told of; most are not there, and nothing is below them
        let mut by_folder: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for path in unlisted {
            let unknown = above(path).filter(|folder| !folders.contains(folder)).last();
            by_folder.entry(unknown).or_default().push(path);
        }
        let known = by_folder.remove(&None).filter(|_| !by_ftp).unwrap_or_default();
        let is_there =
            |store: Arc<Inner>, path: String| async move { Ok(store.is_there(&path).await?.then_some(path)) };
        let asked = by_folder.keys().flatten().map(|folder| format!("{folder}/")).collect();
        let found: HashSet<String> = store.each(asked, is_there, &|_| ())?.into_iter().flatten().collect();
        let below = by_folder
            .into_iter()
            .filter(|(folder, _)| folder.is_some_and(|folder| found.contains(&format!("{folder}/"))));
        let asked = below.flat_map(|(_, paths)| paths).chain(known).map(str::to_owned).collect();
        let is_readable =
            |store: Arc<Inner>, path: String| async move { Ok(store.digest(&path, 0).await?.map(|_| path)) };
        let read = hidden.into_iter().filter(|path| !there.contains(*path)).map(str::to_owned).collect();
        let taken = store.each(asked, is_there, &|_| ())?.into_iter();
        let taken = taken.chain(store.each(read, is_readable, &|_| ())?);
        let taken: Vec<String> = taken.flatten().collect();
        let Some(first) = taken.first() else { return Ok(()) };
        if store.run(store.inner().operator.stat(first)).is_ok_and(|meta| meta.is_dir()) {
            let words = "那里是文件夹，不能换成文件，没有发布。请查明里面还有没有别人的文件；空的，在服务器上删去它，再运行一次";
            return Err(refused(Path::new(&format!("{}/{first}", self.remote.store.place())), words));
        }
        let reason = format!(
            "那里已经有文件，服务器却没有列出来（多半在一个符号链接的文件夹里，属于别人，或是隐藏的），没有覆盖，没有发布：{}。请查明；是链接的，把链接删去，或在网站里换一个路径",
            listing(&taken)
        );
        Err(refused(Path::new(&format!("{}/{first}", self.remote.store.place())), reason))
    }
}

/// The folders that a path lies in, the innermost first.
pub fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| Some(folder.rsplit_once('/')?.0))
}
