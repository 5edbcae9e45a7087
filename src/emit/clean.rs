//! Takes back what `write` made.

use std::fs;
use std::io;
use std::path::Path;

use super::disk::{self, Disk, Kind};
use super::failure::Failure;
use super::list;
use super::lock::Lock;
use super::target::Target;
use super::{remove_if_empty, remove_if_there, stranger};

/// Removes the files that the output folder's list names, the folders that are empty then, and what gongkai keeps in
/// the state folder. Returns how many outputs went. Files of others stay, and so do the folders they lie in.
pub fn clean(target: &Target) -> Result<usize, Failure> {
    let had_state = fs::symlink_metadata(target.state()).is_ok();
    let has_output = match fs::symlink_metadata(target.output()) {
        Ok(_) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(super::at(target.output())(error)),
    };
    if !had_state && !has_output {
        return Ok(0);
    }
    target.create_state()?;
    let lock = Lock::take(&target.lock(), &|| {})?;
    let removed = if has_output { clean_output(target) } else { Ok(0) }?;
    target.remove_state()?;
    drop(lock);
    Ok(removed)
}

fn clean_output(target: &Target) -> Result<usize, Failure> {
    let output = target.output();
    let Some(text) = list::read(output)? else {
        return refuse_unlisted(output).map(|()| 0);
    };
    let listed = list::parse(&text, output)?;
    let folders = disk::folders(listed.iter().copied());
    let disk = Disk::look(output, &folders)?;
    let there: Vec<&str> = listed.into_iter().filter(|path| matches!(disk.get(path), Some(Kind::File(_)))).collect();
    let is_left = |entry: &disk::Entry| matches!(entry.kind, Kind::File(_)) && list::is_temporary(&entry.name);
    let leftovers = disk.all().filter(|(_, entry)| is_left(entry));

    there.iter().try_for_each(|path| remove_if_there(&output.join(path)))?;
    leftovers
        .map(|(folder, entry)| output.join(folder).join(&*entry.name))
        .try_for_each(|path| remove_if_there(&path))?;
    let mut ours = folders.iter().rev().filter(|folder| !folder.is_empty() && disk.entries(folder).is_some());
    ours.try_for_each(|folder| remove_if_empty(&output.join(folder)))?;
    list::remove(output)?;
    remove_if_empty(output)?;
    Ok(there.len())
}

/// Without a list nobody knows what is ours.
fn refuse_unlisted(output: &Path) -> Result<(), Failure> {
    let Some(name) = stranger(output)? else { return Ok(()) };
    let reason = format!(
        "没有文件清单 {}，不知道里面的文件（例如 {name}）是不是 gongkai 生成的，为免误删，什么也没有删除。请核对以后自己删除这个文件夹",
        list::NAME
    );
    Err(Failure::refused(output, reason))
}
