//! SHA-256 of many files. What was found is remembered in the site's state folder, with a stamp of each file: one that
//! looks as it did is not read again. Without the store all are read.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Failure, at, refused};
use crate::memory::{pack, unpack};
use crate::model::Hash128;
use crate::source::{Digest, Instant, Stamp, digest};

/// What is kept of a file.
#[derive(Serialize, Deserialize)]
struct Known {
    path: String,
    stamp: Stamp,
    sha256: String,
}

/// The digests of files below a folder, in their order.
pub fn remembered(folder: &Path, paths: &[&str], state: &Path) -> Result<Vec<Digest>, Failure> {
    let name = Hash128::of_bytes(folder.as_os_str().as_encoded_bytes()).to_string();
    let store = state.join(format!("cache-publish-{}", &name[..16]));
    let known = load(&store);
    let by_path: HashMap<&str, &Known> = known.iter().map(|known| (known.path.as_str(), known)).collect();
    let aside = store.with_extension("tmp");
    // its time is where the file system's clock stands before the first file is read
    let file = File::create(&aside).map_err(at(&aside))?;
    let began = Instant::of(&file).map_err(at(&aside))?;
    let found: Vec<(Digest, Stamp, bool)> = paths
        .par_iter()
        .with_max_len(64)
        .map(|path| of_file(&folder.join(path), by_path.get(path).copied()))
        .collect::<Result<_, _>>()?;
    let is_as_known = found.iter().all(|(_, _, was_known)| *was_known) && known.len() == found.len();
    if is_as_known {
        let _ = fs::remove_file(&aside);
    } else {
        keep(file, &aside, &store, began, paths, &found);
    }
    Ok(found.into_iter().map(|(digest, ..)| digest).collect())
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

fn of_file(path: &Path, known: Option<&Known>) -> Result<(Digest, Stamp, bool), Failure> {
    let meta = fs::symlink_metadata(path).map_err(at(path))?;
    let stamp = Stamp::of(&meta);
    match known.filter(|known| known.stamp == stamp) {
        Some(known) => Ok((Digest { size: meta.len(), sha256: known.sha256.clone() }, stamp, true)),
        None => Ok((of(path)?, stamp, false)),
    }
}

fn load(store: &Path) -> Vec<Known> {
    let text = fs::read(store).unwrap_or_default();
    let (sum, body) = text.split_at_checked(32).unwrap_or_default();
    match Hash128::of_bytes(body).to_string().as_bytes() == sum {
        true => unpack(body).unwrap_or_default(),
        false => Vec::new(),
    }
}

/// What cannot be remembered is read again the next time; nobody need hear of it.
fn keep(mut file: File, aside: &Path, store: &Path, began: Instant, paths: &[&str], found: &[(Digest, Stamp, bool)]) {
    let settled = paths.iter().zip(found).filter(|(_, (_, stamp, was_known))| *was_known || began.is_settled(stamp));
    let known: Vec<Known> = settled
        .map(|(path, (digest, stamp, _))| Known {
            path: (*path).to_owned(),
            stamp: *stamp,
            sha256: digest.sha256.clone(),
        })
        .collect();
    let body = pack(&known);
    let sum = Hash128::of_bytes(&body).to_string();
    let written = file.write_all(sum.as_bytes()).and_then(|()| file.write_all(&body));
    let _ = written.and_then(|()| fs::rename(aside, store)).or_else(|_| fs::remove_file(aside));
}
