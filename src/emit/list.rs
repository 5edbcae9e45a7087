//! `.gongkai-files` in the output folder: the paths that gongkai put there. Only what it names may be changed or removed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::failure::{Failure, at};
use crate::model::Hash128;

pub const NAME: &str = ".gongkai-files";
/// While a file is written beside the one it will replace, it is called `.NAME.gongkai-tmp`.
pub const TEMPORARY: &str = ".gongkai-tmp";

/// With more bytes than this a name has no room for the suffix: file systems end at 255.
const LONGEST_NAME: usize = 240;
/// How the first line begins; the rest is for people.
const MARK: &str = "# gongkai 文件清单";
const HEADER: &str = "# gongkai 文件清单：下列文件由 gongkai 生成，下次生成时会被改写或删除；不在清单里的文件它从不改动。请勿修改或删除本清单。";

/// The name under which a file is written before it replaces the one called `name`.
pub fn temporary(name: &str) -> String {
    match name.len() > LONGEST_NAME {
        true => format!(".{}{TEMPORARY}", Hash128::of_bytes(name.as_bytes())),
        false => format!(".{name}{TEMPORARY}"),
    }
}

/// Whether the name is one that only an interrupted build leaves behind.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(TEMPORARY)
}

/// The list's text; `None` if the folder has no list.
pub fn read(output: &Path) -> Result<Option<String>, Failure> {
    let path = output.join(NAME);
    match fs::symlink_metadata(&path) {
        Ok(meta) if meta.is_file() => {}
        Ok(_) => {
            return Err(Failure::refused(path, "文件清单是一个链接或文件夹，不能相信。请把它移走，或另选输出目录"));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(&path)(error)),
    }
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(damaged(&path)),
        Err(error) => Err(at(&path)(error)),
    }
}

/// The paths in a list, sorted. A path that would leave the folder makes the whole list doubtful.
pub fn parse<'a>(text: &'a str, output: &Path) -> Result<Vec<&'a str>, Failure> {
    let mut lines = text.lines();
    let marked = lines.next().is_some_and(|header| header.starts_with(MARK));
    let mut paths: Vec<&str> = lines.collect();
    if !marked || !paths.iter().all(|path| is_inside(path)) {
        return Err(damaged(&output.join(NAME)));
    }
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// The list's text for sorted paths.
pub fn compose<'a>(paths: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from(HEADER);
    text.push('\n');
    for path in paths {
        text.push_str(path);
        text.push('\n');
    }
    text
}

/// Replaces the list at once: at no moment is there half a list.
pub fn write(output: &Path, text: &str) -> Result<(), Failure> {
    replace(&output.join(NAME), |out| out.write_all(text.as_bytes()))
}

/// Removes the list, if there is one.
pub fn remove(output: &Path) -> Result<(), Failure> {
    let path = output.join(NAME);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(&path)(error)),
        _ => Ok(()),
    }
}

/// Writes a file beside its place, then renames it.
pub fn replace(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(temporary(&name));
    let write = || {
        let mut out = BufWriter::new(File::create(&aside)?);
        fill(&mut out)?;
        out.flush()
    };
    let written = write().map_err(at(&aside));
    let result = written.and_then(|()| fs::rename(&aside, path).map_err(at(path)));
    if result.is_err() {
        // What stopped us is told; that a leftover may stay is not worth a second message.
        let _ = fs::remove_file(&aside);
    }
    result
}

/// Whether joining the path to a folder stays below that folder, on every system.
fn is_inside(path: &str) -> bool {
    let plain = !path.bytes().any(|b| b < b' ' || b == b'\\' || b == b':');
    plain && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

fn damaged(path: &Path) -> Failure {
    let reason =
        "文件清单已损坏，无法知道哪些文件是 gongkai 生成的。请确认输出目录里没有要留的文件，删除整个输出目录后再生成";
    Failure::refused(path, reason)
}
