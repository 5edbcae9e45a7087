//! The repository on this machine: whatever becomes of it, it is noticed and made anew, and nobody is told a tale.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{Publishing, command, git_in};
use crate::site_test::{assert_same, doc};

impl Publishing {
    pub(super) fn cache(&self) -> PathBuf {
        let entries = fs::read_dir(self.site.path(".gongkai")).unwrap().map(|entry| entry.unwrap().path());
        let is_cache = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with("git-") && !name.contains('.')
        };
        entries.into_iter().find(is_cache).unwrap()
    }

    /// What lies in the state folder beside the cache and is of it.
    fn beside(&self) -> Vec<String> {
        let names = super::super::names(&self.site.path(".gongkai")).into_iter();
        names.filter(|name| name.starts_with("git-") && name.contains('.') && !name.ends_with(".lock")).collect()
    }

    /// So that there is something to publish.
    fn edit_a(&self, text: &str) {
        self.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
    }
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    entries.filter(|entry| entry.file_type().is_file()).map(|entry| entry.into_path()).collect()
}

/// Writes over a file that git made read-only.
fn overwrite(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn remove(path: &Path) {
    match path.is_dir() {
        true => fs::remove_dir_all(path).unwrap(),
        false => _ = fs::remove_file(path),
    }
}

/// All that can still be packed: damage that nobody had to read may be left.
fn pack(cache: &Path) {
    let _ = command(cache).args(["repack", "-adq"]).stderr(Stdio::null()).status().unwrap();
    assert!(packed(cache, "pack").exists());
}

fn packed(cache: &Path, ending: &str) -> PathBuf {
    let of_pack = |path: &PathBuf| path.extension().is_some_and(|found| found == ending);
    below(&cache.join("objects/pack")).into_iter().find(of_pack).unwrap()
}

fn cut(path: &Path) {
    let bytes = fs::read(path).unwrap();
    overwrite(path, &bytes[..bytes.len() / 2]);
}

/// A file of the site that no edit of these tests touches, as it lies in the cache.
fn blob(cache: &Path) -> PathBuf {
    loose(cache, "b.txt")
}

/// The object of a file, by itself: what was fetched may lie in packs.
fn loose(cache: &Path, path: &str) -> PathBuf {
    let id = git_in(cache, &["rev-parse", &format!("refs/gongkai/site:{path}")]);
    let of_pack = |path: &PathBuf| path.extension().is_some_and(|found| found == "pack");
    for pack in below(&cache.join("objects/pack")).into_iter().filter(of_pack) {
        let aside = cache.join("aside");
        fs::rename(&pack, &aside).unwrap();
        let input = fs::File::open(&aside).unwrap();
        assert!(command(cache).args(["unpack-objects", "-q", "-r"]).stdin(input).status().unwrap().success());
    }
    cache.join("objects").join(&id[..2]).join(id[2..].trim())
}

type Damage = (&'static str, fn(&Path));

const DAMAGES: &[Damage] = &[
    ("nothing but a folder", |cache| {
        remove(cache);
        fs::create_dir(cache).unwrap();
    }),
    ("a file", |cache| {
        remove(cache);
        fs::write(cache, "x").unwrap();
    }),
    ("objects gone", |cache| remove(&cache.join("objects"))),
    ("every second object gone", |cache| below(&cache.join("objects")).iter().step_by(2).for_each(|path| remove(path))),
    ("every third object emptied", |cache| {
        below(&cache.join("objects")).iter().step_by(3).for_each(|path| overwrite(path, b""));
    }),
    ("no object left", |cache| below(&cache.join("objects")).iter().for_each(|path| remove(path))),
    ("a blob gone", |cache| remove(&blob(cache))),
    ("a blob emptied", |cache| overwrite(&blob(cache), b"")),
    ("a blob emptied that has to be read", |cache| {
        overwrite(&blob(cache), b"");
        remove(&cache.join("gongkai-blobs"));
    }),
    ("a blob of garbage that has to be read", |cache| {
        overwrite(&blob(cache), b"garbage");
        remove(&cache.join("gongkai-blobs"));
    }),
    ("a blob with the bytes of another", |cache| {
        let bytes = fs::read(loose(cache, "index.html")).unwrap();
        overwrite(&blob(cache), &bytes);
        remove(&cache.join("gongkai-blobs"));
    }),
    ("a pack cut off", |cache| {
        pack(cache);
        cut(&packed(cache, "pack"));
    }),
    ("a pack damaged within", |cache| {
        pack(cache);
        let path = packed(cache, "pack");
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 40].fill(0);
        overwrite(&path, &bytes);
        remove(&cache.join("gongkai-blobs"));
    }),
    ("a pack gone", |cache| {
        pack(cache);
        remove(&packed(cache, "pack"));
    }),
    ("the index of a pack cut off", |cache| {
        pack(cache);
        cut(&packed(cache, "idx"));
    }),
    ("refs gone", |cache| remove(&cache.join("refs"))),
    ("no ref left", |cache| remove(&cache.join("refs/gongkai"))),
    ("one ref gone", |cache| remove(&cache.join("refs/gongkai/state"))),
    ("a ref emptied", |cache| overwrite(&cache.join("refs/gongkai/site"), b"")),
    ("a ref to nothing", |cache| overwrite(&cache.join("refs/gongkai/site"), "1".repeat(40).as_bytes())),
    ("a ref of garbage", |cache| overwrite(&cache.join("refs/gongkai/state"), b"\xff\xfe\n")),
    ("another ref to nothing", |cache| overwrite(&cache.join("refs/gongkai/next-site"), "1".repeat(40).as_bytes())),
    ("packed refs of garbage", |cache| overwrite(&cache.join("packed-refs"), b"garbage\n")),
    ("both tips are one", |cache| {
        let site = fs::read(cache.join("refs/gongkai/site")).unwrap();
        overwrite(&cache.join("refs/gongkai/state"), &site);
    }),
    ("config gone", |cache| remove(&cache.join("config"))),
    ("config emptied", |cache| overwrite(&cache.join("config"), b"")),
    ("config of garbage", |cache| overwrite(&cache.join("config"), b"[core\n\xff")),
    ("config of the future", |cache| overwrite(&cache.join("config"), b"[core]\nrepositoryformatversion = 99\n")),
    ("HEAD gone", |cache| remove(&cache.join("HEAD"))),
    ("HEAD emptied", |cache| overwrite(&cache.join("HEAD"), b"")),
    ("HEAD of garbage", |cache| overwrite(&cache.join("HEAD"), b"garbage")),
    ("shallow gone", |cache| remove(&cache.join("shallow"))),
    ("shallow of garbage", |cache| overwrite(&cache.join("shallow"), b"garbage\n")),
];

const LOCKS: [&str; 12] = [
    "shallow.lock",
    "HEAD.lock",
    "config.lock",
    "packed-refs.lock",
    "index.lock",
    "refs/gongkai/site.lock",
    "refs/gongkai/state.lock",
    "refs/gongkai/next-site.lock",
    "refs/gongkai/next-state.lock",
    "objects/maintenance.lock",
    "objects/info/commit-graph.lock",
    "objects/pack/multi-pack-index.lock",
];

/// A site on a branch whose cache was fetched and written to.
fn published() -> Publishing {
    let publishing = Publishing::to_branch();
    publishing.site.put("static/b.txt", "一直不变的\n");
    publishing.publish();
    fs::remove_dir_all(publishing.site.path(".gongkai")).unwrap();
    publishing.edit_a("甲〇");
    publishing.publish();
    publishing
}

fn is_well(publishing: &Publishing, what: &str) {
    assert_same(&publishing.served(), &publishing.built());
    let said = publishing.run(&["verify", "web"]);
    assert!(said.code == 0, "{what}: {said:?}");
    assert!(publishing.beside().is_empty(), "{what}: {:?}", publishing.beside());
}

#[test]
fn a_damaged_cache_is_made_anew_whatever_is_wrong_with_it() {
    let publishing = published();
    for (n, (what, damage)) in DAMAGES.iter().enumerate() {
        // by one who has nothing to publish, by one who only reads, and by one who has something
        for command in ["publish", "verify", "publish"] {
            damage(&publishing.cache());
            let said = publishing.run(&[command, "web"]);
            assert!(said.code == 0, "{what}: {command}: {said:?}");
            if command == "publish" {
                assert_same(&publishing.served(), &publishing.built());
            }
            assert!(publishing.beside().is_empty(), "{what}: {:?}", publishing.beside());
            publishing.edit_a(&format!("甲{n}"));
        }
    }
    publishing.publish();
    is_well(&publishing, "all");
}

#[test]
fn a_damaged_cache_keeps_nobody_from_going_back() {
    let publishing = published();
    publishing.site.edit("site.toml", "type = \"git\"", "type = \"git\"\nkeep = 99");
    // an earlier release is read from objects
    let of_objects = |what: &str| ["object", "blob", "pack", "shallow"].iter().any(|word| what.contains(word));
    for (n, (what, damage)) in DAMAGES.iter().filter(|(what, _)| of_objects(what)).enumerate() {
        publishing.edit_a(&format!("甲{n}"));
        let before = publishing.served();
        publishing.publish();
        damage(&publishing.cache());
        let said = publishing.run(&["rollback", "web"]);
        assert!(said.code == 0, "{what}: {said:?}");
        assert_same(&publishing.served(), &before);
    }
    publishing.run(&["verify", "web"]).is(0);
}

#[test]
fn locks_that_a_killed_git_left_are_removed() {
    let publishing = published();
    let put = |name: &str| overwrite(&publishing.cache().join(name), b"");
    for (n, name) in LOCKS.iter().enumerate() {
        put(name);
        publishing.edit_a(&format!("甲{n}"));
        // so that it fetches, too
        publishing.somebody_pushes("pages", &[]);
        let said = publishing.run(&["publish", "web"]);
        assert!(said.code == 0, "{name}: {said:?}");
        assert!(!publishing.cache().join(name).exists(), "{name}");
        is_well(&publishing, name);
    }
    LOCKS.iter().for_each(|name| put(name));
    publishing.somebody_pushes("pages", &[]);
    is_well(&publishing, "all");
    let left = below(&publishing.cache()).into_iter().filter(|path| path.extension().is_some_and(|e| e == "lock"));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_sound_cache_stays_and_so_does_one_that_cannot_be_made_anew() {
    let publishing = published();
    let marker = publishing.cache().join("marker");
    fs::write(&marker, "").unwrap();
    publishing.edit_a("甲一");
    publishing.publish();
    publishing.run(&["rollback", "web"]).is(0);
    publishing.run(&["verify", "web"]).is(0);
    publishing.somebody_pushes("pages", &[("x.html", "100644", Some("x"))]);
    publishing.run(&["publish", "web"]).is(3);
    publishing.publish_with(&["--accept-changes"]);
    let elsewhere = publishing.folder.path().join("elsewhere");
    fs::rename(publishing.repository(), &elsewhere).unwrap();
    publishing.run(&["publish", "web"]).is(2).says("git ls-remote 没有成功");
    remove(&blob(&publishing.cache()));
    publishing.run(&["publish", "web"]).is(2).says("git ls-remote 没有成功");
    assert!(marker.exists());
    fs::rename(&elsewhere, publishing.repository()).unwrap();
    publishing.publish();
    assert!(!marker.exists());
    is_well(&publishing, "fetched anew");
}

#[test]
fn what_a_run_that_was_killed_left_beside_the_cache_is_swept() {
    let publishing = published();
    for ending in ["old", "new", "verify"] {
        let left = publishing.cache().with_extension(ending);
        fs::create_dir_all(left.join("objects")).unwrap();
        fs::write(left.join("objects/x"), "秘密某某").unwrap();
    }
    publishing.run(&["releases", "web"]).is(0);
    assert!(publishing.beside().is_empty(), "{:?}", publishing.beside());
    // the cache was set aside and no other one made yet
    fs::rename(publishing.cache(), publishing.site.path(".gongkai/aside")).unwrap();
    publishing.publish().says("没有变化");
    is_well(&publishing, "set aside");
}

/// A server took one branch alone, and the cache of whoever pushed is damaged: what can still be pushed is.
#[test]
fn what_waits_to_be_pushed_outlives_a_damage_elsewhere() {
    for (what, damage, is_lost) in [
        ("config", (|cache| overwrite(&cache.join("config"), b"[[[")) as fn(&Path), false),
        ("HEAD", |cache| overwrite(&cache.join("HEAD"), b""), false),
        ("lock", |cache| overwrite(&cache.join("refs/gongkai/state.lock"), b""), false),
        ("refs", |cache| remove(&cache.join("refs")), false),
        ("objects", |cache| remove(&cache.join("objects")), true),
    ] {
        let publishing = published();
        let old = publishing.tips();
        publishing.edit_a("甲一");
        publishing.publish();
        let new = publishing.tips();
        publishing.git(&["update-ref", "refs/heads/pages-gongkai", &old[1]]);
        let pending = serde_json::json!({ "from": old, "to": new });
        fs::write(publishing.cache().join("gongkai-pending"), pending.to_string()).unwrap();
        damage(&publishing.cache());
        match is_lost {
            // whoever reads pushes nothing, and throws nothing away either
            true => _ = publishing.run(&["releases", "web"]).is(2).says("运行一次 gongkai publish web"),
            false => _ = publishing.run(&["releases", "web"]).is(0),
        }
        let said = publishing.run(&["publish", "web"]);
        match is_lost {
            true => _ = said.is(3).says("被别人改动过"),
            false => assert!(said.code == 0 && publishing.tips() == new, "{what}: {said:?}"),
        }
        publishing.publish_with(&["--accept-changes"]);
        is_well(&publishing, what);
    }
}
