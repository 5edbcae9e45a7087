//! File systems that tell nobody what another machine changed: files on a file server, folders that a virtual machine or
//! WSL shares with its host. There a preview has to look by itself.

use std::path::Path;

/// Types in which changes may come from elsewhere. `fuse.…` besides, but not `fuseblk`, which is a local disk.
const SILENT: [&str; 18] = [
    "9p",
    "acfs",
    "afs",
    "ceph",
    "cifs",
    "coda",
    "drvfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// The type of the file system that a folder lies on, if it is such a one. Without a mount table: no.
pub fn silent(folder: &Path) -> Option<String> {
    let table = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    of_table(&table, folder)
}

/// The same with the table of mounts.
pub fn of_table(table: &str, folder: &Path) -> Option<String> {
    let mounts = table.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        Some((unescape(before.split(' ').nth(4)?), after.split(' ').next()?))
    });
    // of two mounts on one folder the later one is seen
    let holds = mounts.filter(|(point, _)| folder.starts_with(point));
    let (_, kind) = holds.max_by_key(|(point, _)| Path::new(point).components().count())?;
    (SILENT.contains(&kind) || kind.starts_with("fuse.")).then(|| kind.to_owned())
}

/// Spaces and the like are written as three octal digits.
fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut out = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let code = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code {
            Some(code) => out.push(code),
            None => out.push(b'\\'),
        }
        out.extend_from_slice(part.as_bytes().get(if code.is_some() { 3 } else { 0 }..).unwrap_or_default());
    }
    String::from_utf8_lossy(&out).into_owned()
}
