//! The files of a site's own theme, as they lie on disk. Links are never followed: what is published comes from the
//! site's folder and nowhere else.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::File;
use crate::diag::{self, Code, Diagnostic};
use crate::model::slug;

/// Files of a folder of the site replace those of the same name. Dotfiles are left out; whatever else cannot be used is a
/// finding. `io::Error`: a folder cannot be listed.
pub fn add(
    root: &Path,
    folder: &str,
    files: &mut BTreeMap<String, File>,
    findings: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    if let Some(finding) = links_on_the_way(root, folder) {
        findings.push(finding);
        return Ok(());
    }
    let mut open: Vec<PathBuf> = vec![root.join(folder)];
    if !open[0].is_dir() {
        if open[0].symlink_metadata().is_ok() {
            let message = format!("“{folder}”应当是文件夹，这里却是文件");
            let finding = Diagnostic::new(Code::G003, folder, None, message);
            findings.push(finding.help("改名或移走这个文件，新建同名的文件夹"));
        }
        return Ok(());
    }
    let top = open[0].clone();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir)? {
            let entry = entry?;
            let (kind, path, name) = (entry.file_type()?, entry.path(), entry.file_name());
            if name.to_string_lossy().starts_with('.') {
                continue;
            }
            let below = path.strip_prefix(&top).expect("below the top").to_string_lossy().replace('\\', "/");
            let origin: Arc<str> = format!("{folder}/{below}").into();
            let problem = match name.to_str() {
                None => Some("文件名不是 UTF-8 编码"),
                Some(name) => slug::name_problem(name),
            };
            if kind.is_symlink() || !(kind.is_dir() || kind.is_file()) {
                findings.push(odd(kind.is_symlink(), origin));
            } else if let Some(problem) = problem {
                let message = format!("“{}”：{problem}", below.escape_debug());
                findings.push(Diagnostic::new(Code::G004, origin, None, message).help("重新命名"));
            } else if kind.is_dir() {
                open.push(path);
            } else {
                match std::fs::read(&path) {
                    Ok(bytes) => _ = files.insert(below, File { bytes, origin }),
                    Err(error) => findings.push(
                        Diagnostic::new(
                            Code::G003,
                            origin,
                            None,
                            format!("文件无法读取：{}", diag::io::reason(&error)),
                        )
                        .help("检查文件权限和磁盘"),
                    ),
                }
            }
        }
    }
    Ok(())
}

/// `G002` if the folder, or one above it, is a link.
fn links_on_the_way(root: &Path, folder: &str) -> Option<Diagnostic> {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    let is_link = |path: &&str| root.join(path).symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    ends.map(|end| &folder[..end]).find(is_link).map(|path| odd(true, path.into()))
}

fn odd(is_link: bool, origin: Arc<str>) -> Diagnostic {
    let what = if is_link { "这是符号链接" } else { "这是设备、管道等特殊文件" };
    Diagnostic::new(Code::G002, origin, None, what).help("换成文件本身；主题里不允许链接到别处")
}
