//! Puts one rendered file on disk.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Content;
use super::disk::Stat;
use super::failure::{Failure, at};
use super::survey::{Job, Place};

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The file on disk has these bytes already.
    Kept(Stat),
    /// A new file under its final name.
    Created(Stat),
    /// A file under a temporary name, to be renamed when all went well.
    Staged(Stat),
    /// Not done, because something else failed.
    Skipped,
}

/// Writes the content to the job's first place, unless the file on disk is the same. Leaves nothing behind if it fails.
pub fn put(output: &Path, job: &Job, content: &Content) -> Result<Outcome, Failure> {
    if let Some(present) = job.present {
        let path = output.join(job.path);
        if same(&path, present, content)? {
            return Ok(Outcome::Kept(present));
        }
    }
    let path = job.first_path(output);
    let mut file = File::create_new(&path).map_err(at(&path))?;
    match fill(&mut file, &path, content, job.avoid) {
        Ok(stat) if job.place == Place::Direct => Ok(Outcome::Created(stat)),
        Ok(stat) => Ok(Outcome::Staged(stat)),
        Err(failure) => {
            // Half a file is worse than none; the first failure is the one to tell.
            let _ = fs::remove_file(&path);
            Err(failure)
        }
    }
}

fn fill(file: &mut File, path: &Path, content: &Content, avoid: Option<u64>) -> Result<Stat, Failure> {
    match content {
        Content::Bytes(bytes) => file.write_all(bytes).map_err(at(path))?,
        Content::Copy(source) => {
            // The system copies from file to file; which of the two failed it does not say, mostly it is the new one.
            io::copy(&mut open(source)?, file).map_err(at(path))?;
        }
    }
    let stat = Stat::of(&file.metadata().map_err(at(path))?);
    if avoid != Some(stat.mtime) {
        return Ok(stat);
    }
    // Two seconds, because some file systems count no finer.
    let meta = file.metadata().and_then(|meta| meta.modified());
    let later = meta.and_then(|time| file.set_modified(time + Duration::from_secs(2)));
    later.and_then(|()| file.metadata()).map(|meta| Stat::of(&meta)).map_err(at(path))
}

fn same(path: &Path, present: Stat, content: &Content) -> Result<bool, Failure> {
    match content {
        Content::Bytes(bytes) => {
            Ok(present.size == bytes.len() as u64 && fs::read(path).map_err(at(path))?.as_slice() == bytes.as_slice())
        }
        Content::Copy(source) => {
            let mut theirs = open(source)?;
            let size = theirs.metadata().map_err(at(source))?.len();
            if size != present.size {
                return Ok(false);
            }
            let mut ours = File::open(path).map_err(at(path))?;
            same_bytes(&mut theirs, &mut ours).map_err(at(path))
        }
    }
}

/// Compares in pieces: an attachment may be larger than memory should be.
fn same_bytes(a: &mut impl Read, b: &mut impl Read) -> io::Result<bool> {
    const PIECE: u64 = 256 * 1024;
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        left.clear();
        right.clear();
        a.by_ref().take(PIECE).read_to_end(&mut left)?;
        b.by_ref().take(PIECE).read_to_end(&mut right)?;
        match (left == right, left.is_empty()) {
            (false, _) => return Ok(false),
            (true, true) => return Ok(true),
            (true, false) => {}
        }
    }
}

/// Opens a file to be copied. What `source` found to be a regular file may have become a link meanwhile.
fn open(source: &PathBuf) -> Result<File, Failure> {
    match fs::symlink_metadata(source).map_err(at(source))?.is_file() {
        true => File::open(source).map_err(at(source)),
        false => Err(Failure::refused(source, "生成期间它变成了链接或文件夹。请再生成一次")),
    }
}
