//! SHA-256 of many files. What was found is remembered in the site's state folder, with a stamp of each file: one that
//! looks as it did is not read again. Without the store all are read.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Failure, at, refused};
use crate::memory::{pack, unpack};
use crate::model::Hash128;
use crate::source::{Digest, Instant, Stamp, digest};

/// What is kept of a file, by its path from the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub stamp: Stamp,
    pub sha256: String,
}

/// What earlier runs found out about the files of one folder.
#[derive(Debug, Default)]
pub struct Memory {
    store: PathBuf,
    known: HashMap<String, Known>,
    /// Where the clock of the folder's file system stood before the first file was read; `None`: nothing will be kept.
    began: Option<Instant>,
}

impl Memory {
    /// `state`: the site's state folder; `folder`: whose files they are.
    pub fn load(state: &Path, folder: &Path) -> Self {
        let name = Hash128::of_bytes(folder.as_os_str().as_encoded_bytes()).to_string();
        let store = state.join(format!("cache-publish-{}", &name[..16]));
        let text = fs::read(&store).unwrap_or_default();
        let (sum, body) = text.split_at_checked(32).unwrap_or_default();
        let is_whole = Hash128::of_bytes(body).to_string().as_bytes() == sum;
        let known: Vec<(String, Known)> = is_whole.then(|| unpack(body)).flatten().unwrap_or_default();
        Self { store, known: known.into_iter().collect(), began: None }
    }

    /// The same for one who will keep what is found from now on. `probe`: a name beside the files that nobody uses.
    pub fn starting_now(self, probe: &Path) -> Result<Self, Failure> {
        // new, so that nothing is written through a link
        let _ = fs::remove_file(probe);
        let file = File::create_new(probe).map_err(at(probe))?;
        let began = Instant::of(&file).map_err(at(probe))?;
        fs::remove_file(probe).map_err(at(probe))?;
        Ok(Self { began: Some(began), ..self })
    }

    /// The digest of a file, with its stamp if a later change of it will show in that.
    pub fn digest(&self, path: &str, file: &Path) -> Result<(Digest, Option<Stamp>), Failure> {
        let meta = fs::symlink_metadata(file).map_err(at(file))?;
        let stamp = Stamp::of(&meta);
        match self.known.get(path).filter(|known| known.stamp == stamp) {
            Some(known) => Ok((Digest { size: meta.len(), sha256: known.sha256.clone() }, Some(stamp))),
            None => {
                let digest = of(file)?;
                Ok((digest, self.began.filter(|began| began.is_settled(&stamp)).map(|_| stamp)))
            }
        }
    }

    /// Keeps this and nothing else. What cannot be kept is read again the next time; nobody need hear of it.
    pub fn keep(&self, known: Vec<(String, Known)>) {
        let is_as_it_was = known.len() == self.known.len()
            && known.iter().all(|(path, known)| self.known.get(path).is_some_and(|before| before == known));
        if is_as_it_was {
            return;
        }
        let body = pack(&known);
        let sum = Hash128::of_bytes(&body).to_string();
        let aside = self.store.with_extension("tmp");
        let written = fs::write(&aside, [sum.as_bytes(), &body].concat());
        let _ = written.and_then(|()| fs::rename(&aside, &self.store)).or_else(|_| fs::remove_file(&aside));
    }
}

/// The digests of the files of an output, in their order.
pub fn of_output(output: &Path, paths: &[&str], state: &Path) -> Result<Vec<Digest>, Failure> {
    let memory = Memory::load(state, output).starting_now(&state.join("cache-probe"))?;
    let digests = paths.par_iter().with_max_len(64).map(|path| memory.digest(path, &output.join(path)));
    let found: Vec<(Digest, Option<Stamp>)> = digests.collect::<Result<_, _>>()?;
    let known = paths.iter().zip(&found).filter_map(|(path, (digest, stamp))| {
        Some(((*path).to_owned(), Known { stamp: (*stamp)?, sha256: digest.sha256.clone() }))
    });
    memory.keep(known.collect());
    Ok(found.into_iter().map(|(digest, _)| digest).collect())
}

/// The digest of one file, always read. What is no file any more is refused.
pub fn of(path: &Path) -> Result<Digest, Failure> {
    let mut file = open(path)?;
    digest(&mut file, &mut io::sink()).map_err(at(path))
}

/// Opens a file that is no link.
pub fn open(path: &Path) -> Result<File, Failure> {
    match fs::symlink_metadata(path).map_err(at(path))?.is_file() {
        true => File::open(path).map_err(at(path)),
        false => Err(refused(path, "它变成了链接或文件夹。请再运行一次")),
    }
}
