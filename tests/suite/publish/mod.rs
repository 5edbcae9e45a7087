//! Publishing, through the program: what a clerk types and reads, and what lies at the target afterwards.

mod branch;
#[cfg(feature = "publish")]
mod bundle;
mod config;
mod faults;
mod guards;
mod host;
mod history;
mod kill;
mod manifest;
mod releases;
#[cfg(all(unix, feature = "publish"))]
mod remote;
mod unheard;
mod verify;
mod withdrawn;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::serve::process::program;
use crate::site_test::{SiteTest, Tree, channel, doc, temporary, tree};

/// A small site with a target `web` outside of it.
pub struct Publishing {
    pub site: SiteTest,
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Publishing {
    pub fn new() -> Self {
        Self::of(SiteTest::new().file("content/z/_index.md", channel("栏目", "")))
    }

    /// Enough documents that one of them is less than 5 % of the files.
    pub fn large() -> Self {
        let publishing = Self::new();
        for n in 0..30 {
            publishing.site.put(&format!("content/z/f{n}.md"), doc(&format!("文{n}"), "2014-05-01", ""));
        }
        publishing
    }

    fn of(site: SiteTest) -> Self {
        let folder = temporary();
        let target = folder.path().join("目标");
        let site = site.config(&format!("\n[publish.web]\ntype = \"folder\"\npath = \"{}\"\n", target.display()));
        let site = site
            .file("content/z/a.md", doc("甲", "2014-12-04", ""))
            .file("content/z/b.md", doc("乙", "2014-12-05", ""));
        Self { site, folder }
    }

    pub fn target(&self) -> PathBuf {
        self.folder.path().join("目标")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.target().join(path)
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().unwrap())
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = program();
        command.args(arguments).current_dir(self.site.root()).env("NO_COLOR", "1");
        if !arguments.contains(&"--as-of") {
            command.args(["--as-of", "2026-01-01"]);
        }
        command
    }

    /// Publishes; anything but success fails the test.
    #[track_caller]
    pub fn publish(&self) -> Ended {
        self.publish_with(&[])
    }

    #[track_caller]
    pub fn publish_with(&self, more: &[&str]) -> Ended {
        self.run(&[&["publish", "web"], more].concat()).is(0)
    }

    /// The files that are live.
    pub fn live(&self) -> Tree {
        tree(&fs::canonicalize(self.path("current")).unwrap())
    }

    /// The release that is live.
    pub fn release(&self) -> String {
        let link = fs::read_link(self.path("current")).unwrap();
        link.file_name().unwrap().to_str().unwrap().to_owned()
    }

    /// Everything at the target but who works there.
    pub fn all(&self) -> Tree {
        let mut all = tree(&self.target());
        all.remove(".gongkai-lock");
        all
    }

    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        serde_json::from_str(&self.run(arguments).out).expect("JSON")
    }
}

pub fn ended(output: Output) -> Ended {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Ended { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

impl Ended {
    #[track_caller]
    pub fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        self
    }

    /// It says this, on either stream.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text) || self.err.contains(text), "{text:?} is not in\n{}\n{}", self.out, self.err);
        self
    }
}

/// A `cleared.json` that was changed, with the seal that fits.
pub fn sealed(text: &str) -> String {
    let (before, _) = text.split_once(",\n  \"seal\"").unwrap();
    let (head, cleared) = before.split_once("\"cleared\": ").unwrap();
    let compact: String = cleared.split_whitespace().collect();
    assert_eq!(head.trim(), "{");
    let seal = Sha256::digest(compact.as_bytes());
    let seal: String = seal.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{before},\n  \"seal\": \"{seal}\"\n}}\n")
}

/// Which file it is: two names of one file have one number.
#[cfg(unix)]
pub fn inode(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).unwrap().ino()
}

/// Names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
