//! Outputs to disk: only what changed is written, only what is ours is touched, and what was interrupted is repaired.

mod kill;
mod refuse;
mod undo;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use gongkai::diag::Diagnostic;
use gongkai::emit::{self, Content, Failure, Planned, Summary, Target};
use gongkai::model::{Hash128, OutPath};
use tempfile::TempDir;

const ENGINE: &str = "gongkai test";

/// A site's root with the output folder `public`.
pub struct Site {
    root: TempDir,
}

/// What a build did: the summary, and which files it rendered.
#[derive(Debug)]
struct Built {
    summary: Summary,
    rendered: Vec<String>,
}

impl Site {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("content")).unwrap();
        Self { root }
    }

    fn target(&self) -> Target {
        Target::new(self.root.path(), Path::new("public")).unwrap()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Files as (path, content); the content is its own fingerprint.
    fn build(&self, files: &[(&str, &str)]) -> Result<Built, Failure> {
        self.build_by(ENGINE, files, |text| Ok(Content::Bytes(text.into())))
    }

    fn build_by(
        &self,
        engine: &str,
        files: &[(&str, &str)],
        render: impl Fn(&str) -> Result<Content, Vec<Diagnostic>> + Sync,
    ) -> Result<Built, Failure> {
        let planned = planned(files);
        let rendered = Mutex::new(Vec::new());
        let render = |index: usize| {
            rendered.lock().unwrap().push(files[index].0.to_string());
            render(files[index].1)
        };
        let summary = emit::write(&self.target(), engine, &planned, &render, &|| {}, &mut None)?;
        let mut rendered = rendered.into_inner().unwrap();
        rendered.sort();
        Ok(Built { summary, rendered })
    }

    /// Everything in the output folder: files with their text, empty folders with a closing slash.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut tree = BTreeMap::new();
        collect(&self.path("public"), "", &mut tree);
        tree
    }

    fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.path(path)).unwrap().modified().unwrap()
    }

    fn ledger(&self) -> PathBuf {
        let is_ledger = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("ledger-");
        fs::read_dir(self.path(".gongkai")).unwrap().map(|entry| entry.unwrap().path()).find(is_ledger).unwrap()
    }

    /// Asserts that the output folder holds these files, their list, and nothing else.
    #[track_caller]
    fn assert_holds(&self, files: &[(&str, &str)]) {
        let mut tree = self.tree();
        let list = tree.remove(".gongkai-files").expect("the list is there");
        let expected: BTreeMap<String, String> = files.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect();
        assert_eq!(tree, expected);
        let listed: Vec<&str> = list.lines().skip(1).collect();
        assert_eq!(listed, expected.keys().map(String::as_str).collect::<Vec<_>>());
    }
}

fn planned(files: &[(&str, &str)]) -> Vec<Planned> {
    let one = |(path, text): &(&str, &str)| Planned {
        out: OutPath::new(*path).unwrap(),
        fingerprint: Hash128::of_bytes(text.as_bytes()),
    };
    files.iter().map(one).collect()
}

fn collect(folder: &Path, prefix: &str, tree: &mut BTreeMap<String, String>) {
    let mut empty = true;
    for entry in fs::read_dir(folder).unwrap() {
        empty = false;
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type().unwrap().is_dir() {
            true => collect(&entry.path(), &format!("{path}/"), tree),
            false => _ = tree.insert(path, fs::read_to_string(entry.path()).unwrap_or_default()),
        }
    }
    if empty && !prefix.is_empty() {
        tree.insert(prefix.to_string(), String::new());
    }
}

fn summary(outputs: usize, written: usize, removed: usize) -> Summary {
    Summary { outputs, written, removed }
}

const SMALL: &[(&str, &str)] = &[
    ("zwgk/tdzs/a.html", "征地"),
    ("index.html", "首页"),
    ("zwgk/index.html", "政府信息公开"),
    ("附件/预算.txt", "表"),
];

#[test]
fn a_first_build_writes_everything_and_a_second_nothing() {
    let site = Site::new();
    assert_eq!(site.build(SMALL).unwrap().summary, summary(4, 4, 0));
    site.assert_holds(SMALL);
    let before: Vec<_> = SMALL.iter().map(|(path, _)| site.modified(&format!("public/{path}"))).collect();
    let again = site.build(SMALL).unwrap();
    assert_eq!((again.summary, again.rendered), (summary(4, 0, 0), vec![]));
    let after: Vec<_> = SMALL.iter().map(|(path, _)| site.modified(&format!("public/{path}"))).collect();
    assert_eq!(before, after);
    assert_eq!(fs::read_to_string(site.path(".gongkai/.gitignore")).unwrap(), "*\n");
}

#[test]
fn only_what_changed_is_rendered_and_what_vanished_is_removed() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    let next = [("index.html", "新首页"), ("zwgk/index.html", "政府信息公开"), ("zcjd/b.html", "解读")];
    let built = site.build(&next).unwrap();
    assert_eq!((built.summary, built.rendered), (summary(3, 2, 2), vec!["index.html".into(), "zcjd/b.html".into()]));
    site.assert_holds(&next);
}

#[test]
fn a_file_whose_bytes_come_out_the_same_keeps_its_time() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    let before = site.modified("public/index.html");
    let built = site.build_by("another engine", SMALL, |text| Ok(Content::Bytes(text.into()))).unwrap();
    assert_eq!((built.summary, built.rendered.len()), (summary(4, 0, 0), 4));
    assert_eq!(site.modified("public/index.html"), before);
    assert!(site.build_by("another engine", SMALL, |_| panic!("all is fresh")).is_ok());
}

#[test]
fn an_output_that_somebody_edited_or_deleted_is_written_again() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    site.put("public/index.html", "被人改过");
    fs::remove_dir_all(site.path("public/zwgk")).unwrap();
    let built = site.build(SMALL).unwrap();
    assert_eq!(built.summary, summary(4, 3, 0));
    site.assert_holds(SMALL);
    assert_eq!(site.build(SMALL).unwrap().summary, summary(4, 0, 0));
}

#[test]
fn without_cache_or_with_a_damaged_ledger_the_tree_is_the_same_and_nothing_is_rewritten() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    let before = site.modified("public/zwgk/tdzs/a.html");
    let ledger = fs::read_to_string(site.ledger()).unwrap();
    let half = &ledger[..ledger.len() / 2];
    let lines = ledger.lines().count();
    let cut: String = ledger.split_inclusive('\n').take(lines - 2).collect();
    let shuffled = ledger.replace("\tzwgk/index.html", "\taaa/index.html");
    for damaged in ["", half, &cut, &shuffled, "gongkai ledger 0.0\nend 0\n", "\u{feff}乱码", &"x\t".repeat(1000)] {
        fs::write(site.ledger(), damaged).unwrap();
        let built = site.build(SMALL).unwrap();
        assert_eq!((built.summary, built.rendered.len()), (summary(4, 0, 0), 4), "{damaged}");
        assert_eq!(fs::read_to_string(site.ledger()).unwrap(), ledger);
    }
    // whatever the bit, it is known to be damaged
    for at in 0..ledger.len() {
        let mut flipped = ledger.clone().into_bytes();
        flipped[at] ^= 1 << (at % 8);
        fs::write(site.ledger(), flipped).unwrap();
        assert_eq!(site.build(SMALL).unwrap().rendered.len(), 4, "{at}");
    }
    fs::write(site.ledger(), b"\xff\xfe").unwrap();
    assert_eq!(site.build(SMALL).unwrap().rendered.len(), 4);
    fs::remove_dir_all(site.path(".gongkai")).unwrap();
    assert_eq!(site.build(SMALL).unwrap().summary, summary(4, 0, 0));
    assert_eq!(site.modified("public/zwgk/tdzs/a.html"), before);
}

/// The hash of a ledger is made of pieces, the same in whatever portions it is written.
#[test]
fn a_ledger_of_any_length_is_believed() {
    let site = Site::new();
    for count in [0, 1, 700, 900, 1000, 2000] {
        let files: Vec<(String, String)> =
            (0..count).map(|n| (format!("{n}/{}", "a".repeat(n % 90 + 1)), n.to_string())).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        site.build(&files).unwrap();
        assert!(site.build(&files).unwrap().rendered.is_empty(), "{count} files");
    }
}

#[test]
fn a_deleted_output_folder_is_written_anew() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    fs::remove_dir_all(site.path("public")).unwrap();
    assert_eq!(site.build(SMALL).unwrap().summary, summary(4, 4, 0));
    site.assert_holds(SMALL);
}

#[test]
fn a_folder_becomes_a_file_and_a_file_a_folder() {
    let site = Site::new();
    let first = [("a", "一"), ("b/c/d.html", "二"), ("b/e.html", "三"), ("x.html", "四")];
    let second = [("a/b/c.html", "一"), ("a/f", "五"), ("b", "二"), ("x.html", "四")];
    site.build(&first).unwrap();
    assert_eq!(site.build(&second).unwrap().summary, summary(4, 3, 3));
    site.assert_holds(&second);
    assert_eq!(site.build(&second).unwrap().rendered, Vec::<String>::new());
    assert_eq!(site.build(&first).unwrap().summary, summary(4, 3, 3));
    site.assert_holds(&first);
}

#[test]
fn attachments_are_copied_and_compared_by_bytes() {
    let site = Site::new();
    let large = "附件".repeat(200_000);
    site.put("content/a.pdf", &large);
    let copy = |_: &str| Ok(Content::Copy(site.path("content/a.pdf")));
    assert_eq!(site.build_by(ENGINE, &[("a.pdf", "1")], copy).unwrap().summary, summary(1, 1, 0));
    site.assert_holds(&[("a.pdf", &large)]);
    assert_eq!(site.build_by(ENGINE, &[("a.pdf", "2")], copy).unwrap().summary, summary(1, 0, 0));
    site.put("content/a.pdf", &large.replacen("附件", "阶段", 1));
    assert_eq!(site.build_by(ENGINE, &[("a.pdf", "3")], copy).unwrap().summary, summary(1, 1, 0));
    site.put("content/a.pdf", "短");
    assert_eq!(site.build_by(ENGINE, &[("a.pdf", "4")], copy).unwrap().summary, summary(1, 1, 0));
    site.assert_holds(&[("a.pdf", "短")]);
}

#[test]
fn names_as_long_as_a_file_system_takes_are_written_and_replaced() {
    let site = Site::new();
    let name = format!("{}.html", "长".repeat(83));
    site.build(&[(&name, "一")]).unwrap();
    site.build(&[(&name, "二")]).unwrap();
    site.assert_holds(&[(&name, "二")]);
}

#[test]
fn one_site_has_several_outputs() {
    let site = Site::new();
    let other = Target::new(site.root.path(), Path::new("other/deep")).unwrap();
    let files = [("index.html", "首页")];
    let render = |_: usize| Ok(Content::Bytes("首页".into()));
    site.build(SMALL).unwrap();
    emit::write(&other, ENGINE, &planned(&files), &render, &|| {}, &mut None).unwrap();
    assert!(site.build_by(ENGINE, SMALL, |_| panic!("all is fresh")).is_ok());
    assert!(emit::write(&other, ENGINE, &planned(&files), &|_| panic!("all is fresh"), &|| {}, &mut None).is_ok());
    assert_eq!(emit::clean(&other).unwrap(), 1);
    assert!(!site.path("other/deep").exists() && site.path("other").exists());
    site.assert_holds(SMALL);
}

#[test]
fn an_empty_plan_empties_the_folder() {
    let site = Site::new();
    assert_eq!(site.build(&[]).unwrap().summary, summary(0, 0, 0));
    site.build(SMALL).unwrap();
    assert_eq!(site.build(&[]).unwrap().summary, summary(0, 0, 4));
    site.assert_holds(&[]);
}

#[test]
fn clean_removes_what_was_made_and_nothing_else() {
    let site = Site::new();
    assert_eq!(emit::clean(&site.target()).unwrap(), 0);
    site.build(SMALL).unwrap();
    site.put("public/zwgk/mine.txt", "我的");
    site.put(".gongkai/cache-heads", "缓存");
    assert_eq!(emit::clean(&site.target()).unwrap(), 4);
    assert_eq!(site.tree(), BTreeMap::from([("zwgk/mine.txt".to_string(), "我的".to_string())]));
    assert!(!site.path(".gongkai").exists());

    fs::remove_dir_all(site.path("public")).unwrap();
    site.build(SMALL).unwrap();
    site.put(".gongkai/notes.txt", "我的");
    assert_eq!(emit::clean(&site.target()).unwrap(), 4);
    assert!(!site.path("public").exists());
    assert!(site.path(".gongkai/notes.txt").exists());
}

#[test]
fn a_second_build_says_that_it_waits_and_then_builds() {
    let site = Site::new();
    let waited = std::sync::atomic::AtomicUsize::new(0);
    let (inside, began) = std::sync::mpsc::channel();
    let (go, may_go) = std::sync::mpsc::channel::<()>();
    let (inside, may_go) = (Mutex::new(inside), Mutex::new(may_go));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            site.build_by(ENGINE, &[("index.html", "一")], |text| {
                inside.lock().unwrap().send(()).unwrap();
                may_go.lock().unwrap().recv().unwrap();
                Ok(Content::Bytes(text.into()))
            })
        });
        began.recv().unwrap();
        let waiting = || {
            waited.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            go.send(()).unwrap();
        };
        let files = [("index.html", "二")];
        let render = |_: usize| Ok(Content::Bytes("二".into()));
        emit::write(&site.target(), ENGINE, &planned(&files), &render, &waiting, &mut None).unwrap();
        assert_eq!(first.join().unwrap().unwrap().summary, summary(1, 1, 0));
    });
    assert_eq!(waited.into_inner(), 1);
    site.assert_holds(&[("index.html", "二")]);
}
