//! Gives the program a name for itself that changes with its code, so that what another build of it remembered or wrote
//! is never taken for its own.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    let mut files = Vec::new();
    for top in ["src", "themes", "Cargo.lock", "Cargo.toml"] {
        println!("cargo:rerun-if-changed={top}");
        collect(Path::new(top), &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for path in files {
        hasher.write(path.to_string_lossy().as_bytes());
        hasher.write(&fs::read(&path).unwrap_or_default());
    }
    println!("cargo:rustc-env=GONGKAI_SOURCES={:016x}", hasher.finish());
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
