//! Releases that are carried on a disk.

use std::fs;
use std::path::PathBuf;

use super::{Ended, Publishing, ended};
use crate::serve::process::program;
use crate::site_test::{assert_same, doc, temporary, tree};

/// The side that no network reaches: a folder, and bundles that arrive.
struct Far {
    folder: tempfile::TempDir,
}

impl Far {
    fn new() -> Self {
        Self { folder: temporary() }
    }

    fn disk(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("www")
    }

    fn apply(&self, name: &str, more: &[&str]) -> Ended {
        let mut command = program();
        command.args(["apply"]).arg(self.disk(name)).arg(self.target()).args(more);
        command.current_dir(self.folder.path()).env("NO_COLOR", "1").env("TMPDIR", self.folder.path());
        ended(command.output().unwrap())
    }

    #[track_caller]
    fn is(&self, publishing: &Publishing) {
        let live = tree(&fs::canonicalize(self.target().join("current")).unwrap());
        let mut built = tree(&publishing.site.path("public"));
        built.remove(".gongkai-files");
        assert_same(&live, &built);
    }
}

fn bundle(publishing: &Publishing, far: &Far, name: &str, more: &[&str]) -> Ended {
    let file = far.disk(name).display().to_string();
    publishing.run(&[&["publish", "web", "--bundle", &file], more].concat())
}

#[test]
fn a_release_is_carried_on_a_disk_and_the_next_one_holds_only_what_changed() {
    let (publishing, far) = (Publishing::large(), Far::new());
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0).says("已写入离线包").says("gongkai apply");
    assert!(!publishing.target().exists(), "the target is not touched");
    far.apply("1.tar.zst", &["--dry-run"]).is(0).says("以上只是计划");
    far.apply("1.tar.zst", &[]).is(0).says("已发布");
    far.is(&publishing);
    bundle(&publishing, &far, "none.tar.zst", &[]).is(0).says("没有变化").says("--full");
    assert!(!far.disk("none.tar.zst").exists());
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.site.put("content/z/b.md", doc("乙", "2014-12-05", "draft: true\n"));
    bundle(&publishing, &far, "2.tar.zst", &["--allow-deletes", "9"]).is(0);
    let size = |name: &str| fs::metadata(far.disk(name)).unwrap().len();
    assert!(size("2.tar.zst") * 2 < size("1.tar.zst"));
    far.apply("2.tar.zst", &["--allow-deletes", "9"]).is(0).says("/z/b.html（草稿");
    far.is(&publishing);
    // and once more is nothing
    far.apply("2.tar.zst", &[]).is(0).says("没有变化");
    // there is a way back, and the chain holds
    let chain = fs::read_to_string(far.target().join("releases.jsonl")).unwrap();
    assert_eq!(chain.lines().count(), 2);
    assert!(
        fs::read_dir(far.folder.path())
            .unwrap()
            .flatten()
            .all(|entry| { !entry.file_name().to_string_lossy().starts_with("gongkai-apply") })
    );
}

#[test]
fn a_bundle_without_the_one_before_is_refused_and_a_full_one_is_not() {
    let (publishing, far) = (Publishing::large(), Far::new());
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    bundle(&publishing, &far, "2.tar.zst", &[]).is(0);
    far.apply("2.tar.zst", &[]).is(3).says("之前的离线包还没有执行").says("--full");
    assert!(!far.target().join("current").exists());
    bundle(&publishing, &far, "3.tar.zst", &["--full"]).is(0);
    far.apply("3.tar.zst", &[]).is(0);
    far.is(&publishing);
}

#[test]
fn an_older_bundle_does_not_bring_back_what_was() {
    let (publishing, far) = (Publishing::large(), Far::new());
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    bundle(&publishing, &far, "2.tar.zst", &[]).is(0);
    far.apply("2.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(3).says("以前发布过");
    far.is(&publishing);
}

#[test]
fn a_withdrawal_for_privacy_is_carried_along() {
    let (publishing, far) = (Publishing::large(), Far::new());
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    bundle(&publishing, &far, "2.tar.zst", &["--allow-deletes", "9"]).is(0);
    far.apply("2.tar.zst", &["--allow-deletes", "9"]).is(0).says("删去的旧批次");
    assert_eq!(holding(&far), Vec::<String>::new());
}

/// Files on the other side that hold what was withdrawn.
fn holding(far: &Far) -> Vec<String> {
    let text = "丙丁戊".as_bytes();
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    tree(&far.target()).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path).collect()
}

#[test]
fn a_lost_bundle_takes_no_withdrawal_for_privacy_with_it() {
    let (publishing, far) = (Publishing::large(), Far::new());
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    let withdraw = ["withdraw", "z/p.md", "--reason", "privacy", "--show", "nothing", "--date", "2026-01-01"];
    publishing.run(&withdraw).is(0);
    bundle(&publishing, &far, "lost.tar.zst", &["--allow-deletes", "9"]).is(0);
    publishing.site.remove("content/z/p.md");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    bundle(&publishing, &far, "3.tar.zst", &["--full"]).is(0);
    // which holds no name of it any more, and says all the same why it goes
    let carried = zstd::decode_all(&fs::read(far.disk("3.tar.zst")).unwrap()[..]).unwrap();
    assert!(!carried.windows(5).any(|window| window == b"z/p.h"));
    far.apply("3.tar.zst", &["--dry-run"])
        .is(0)
        .says("撤下 /z/p.html（已于2026年1月1日撤下（涉及个人信息），不再显示）");
    far.apply("3.tar.zst", &[]).is(0).says("删去的旧批次");
    assert_eq!(holding(&far), Vec::<String>::new());
}

#[test]
fn an_older_bundle_that_was_never_applied_brings_nothing_private_back() {
    // made in one place, and in two that do not know of each other
    for knows_of_it in [true, false] {
        let (publishing, far) = (Publishing::large(), Far::new());
        bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
        far.apply("1.tar.zst", &[]).is(0);
        publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
        if !knows_of_it {
            publishing.site.remove(".gongkai");
        }
        bundle(&publishing, &far, "2.tar.zst", &["--full"]).is(0);
        if !knows_of_it {
            publishing.site.remove(".gongkai");
            // then the clocks tell, and they count seconds
            std::thread::sleep(std::time::Duration::from_millis(1100));
        }
        publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
        bundle(&publishing, &far, "3.tar.zst", &["--full", "--allow-deletes", "9"]).is(0);
        far.apply("3.tar.zst", &[]).is(0);
        let refused =
            far.apply("2.tar.zst", &["--allow-deletes", "9"]).is(3).says("涉及个人信息撤下过").says("content/z/p.md");
        refused.says("这个离线包比已经执行过的旧");
        assert_eq!(holding(&far), Vec::<String>::new());
        // that it is public again is carried along, too, and needs no word on the other side
        publishing.site.put("content/z/p.md", doc("改过的丁", "2014-12-06", ""));
        bundle(&publishing, &far, "4.tar.zst", &[]).is(3).says("涉及个人信息撤下过");
        bundle(&publishing, &far, "4.tar.zst", &["--allow-earlier"]).is(0);
        far.apply("4.tar.zst", &[]).is(0);
        far.is(&publishing);
    }
}

/// What was private and came back redacted: whoever never heard of the withdrawal has the old text still.
#[test]
fn a_withdrawal_that_was_taken_back_clears_a_target_that_never_heard_of_it() {
    let (publishing, far) = (Publishing::large(), Far::new());
    let carry = |name: &str, arrives: bool| {
        bundle(&publishing, &far, name, &["--full", "--allow-deletes", "9", "--allow-earlier"]).is(0);
        if arrives {
            far.apply(name, &["--allow-deletes", "9"]).is(0);
        }
    };
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    carry("1.tar.zst", true);
    let withdraw = || {
        publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    };
    withdraw();
    carry("lost.tar.zst", false);
    publishing.site.put("content/z/p.md", doc("改过的", "2014-12-06", ""));
    carry("3.tar.zst", true);
    assert_eq!(holding(&far), Vec::<String>::new());
    far.is(&publishing);
    // and once more
    publishing.site.put("content/z/p.md", doc("还有丙丁戊", "2014-12-06", ""));
    carry("4.tar.zst", true);
    assert!(!holding(&far).is_empty());
    withdraw();
    carry("lost-too.tar.zst", false);
    publishing.site.put("content/z/p.md", doc("又改过的", "2014-12-06", ""));
    carry("6.tar.zst", true);
    assert_eq!(holding(&far), Vec::<String>::new());
    far.is(&publishing);
}

/// A second maker of bundles, or a copy of the first, has not heard of the last withdrawal: what he says of earlier ones counts
/// for nothing.
#[test]
fn a_bundle_of_one_who_did_not_hear_of_the_last_withdrawal_brings_nothing_private_back() {
    for is_copy in [false, true] {
        let (publishing, other, far) = (Publishing::large(), Publishing::large(), Far::new());
        let carry = |maker: &Publishing, name: &str| {
            bundle(maker, &far, name, &["--full", "--allow-deletes", "9", "--allow-earlier"]).is(0);
        };
        let (shown, private) = (doc("丙丁戊", "2014-12-06", ""), ["withdraw", "z/p.md", "--reason", "privacy"]);
        publishing.site.put("content/z/p.md", &shown);
        carry(&publishing, "1.tar.zst");
        far.apply("1.tar.zst", &[]).is(0);
        publishing.run(&[&private[..], &["--date", "2026-01-01"]].concat()).is(0);
        carry(&publishing, "2.tar.zst");
        far.apply("2.tar.zst", &[]).is(0);
        // with the memory of the first, or having seen the same
        if is_copy {
            let memory = tree(&publishing.site.path(".gongkai"));
            memory.into_iter().for_each(|(path, bytes)| other.site.put(&format!(".gongkai/{path}"), bytes));
        } else {
            other.site.put("content/z/p.md", fs::read(publishing.site.path("content/z/p.md")).unwrap());
            carry(&other, "other.tar.zst");
        }
        for maker in [&publishing, &other] {
            maker.site.put("content/z/p.md", &shown);
        }
        carry(&publishing, "3.tar.zst");
        far.apply("3.tar.zst", &[]).is(0);
        publishing.run(&[&private[..], &["--date", "2026-01-01"]].concat()).is(0);
        carry(&publishing, "4.tar.zst");
        far.apply("4.tar.zst", &[]).is(0);
        assert_eq!(holding(&far), Vec::<String>::new());
        // the other one takes the first withdrawal back, and says so in as many bundles as he likes
        for (name, text) in [("5.tar.zst", "五"), ("6.tar.zst", "六"), ("7.tar.zst", "七")] {
            std::thread::sleep(std::time::Duration::from_millis(1100));
            other.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
            carry(&other, name);
            far.apply(name, &[]).is(3).says("涉及个人信息撤下过");
            assert_eq!(holding(&far), Vec::<String>::new(), "{is_copy} {name}");
        }
    }
}

#[test]
fn a_bundle_asks_the_other_side_to_remove_its_earlier_releases() {
    let (publishing, far) = (Publishing::large(), Far::new());
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    publishing.site.put("content/z/p.md", doc("某某", "2014-12-06", ""));
    bundle(&publishing, &far, "2.tar.zst", &[]).is(0);
    far.apply("2.tar.zst", &[]).is(0);
    assert!(!holding(&far).is_empty(), "an earlier release has it");
    bundle(&publishing, &far, "3.tar.zst", &["--clear-earlier"])
        .is(0)
        .says("那一边的旧批次全部删去：按 --clear-earlier");
    far.apply("3.tar.zst", &[]).is(0).says("删去的旧批次（按 --clear-earlier");
    assert_eq!(holding(&far), Vec::<String>::new());
    far.is(&publishing);
    // once, though the bundle that asks for it is lost
    publishing.site.put("content/z/p.md", doc("某", "2014-12-06", ""));
    bundle(&publishing, &far, "lost.tar.zst", &["--clear-earlier"]).is(0);
    bundle(&publishing, &far, "full.tar.zst", &["--full"]).is(0);
    far.apply("full.tar.zst", &[]).is(0).says("删去的旧批次（按 --clear-earlier");
    publishing.site.put("content/z/a.md", doc("新甲", "2014-12-04", ""));
    bundle(&publishing, &far, "4.tar.zst", &[]).is(0);
    let applied = far.apply("4.tar.zst", &[]).is(0);
    assert!(!applied.out.contains("删去的旧批次"), "{}", applied.out);
}

/// Whoever lost `.gongkai`, which is no more than memory, begins a new row of bundles.
#[test]
fn a_bundle_of_an_earlier_row_is_old_too() {
    let (publishing, far) = (Publishing::large(), Far::new());
    let write = |text: &str, name: &str| {
        publishing.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
        bundle(&publishing, &far, name, &["--full"]).is(0);
    };
    write("一", "1.tar.zst");
    write("二", "mislaid.tar.zst");
    write("三", "3.tar.zst");
    far.apply("1.tar.zst", &[]).is(0);
    far.apply("3.tar.zst", &[]).is(0);
    publishing.site.remove(".gongkai");
    // of three that are made within a second each is called a second later than the one before
    std::thread::sleep(std::time::Duration::from_millis(3100));
    write("四", "4.tar.zst");
    far.apply("4.tar.zst", &[]).is(0);
    far.apply("mislaid.tar.zst", &[]).is(3).says("这个离线包比已经执行过的旧").says("--allow-earlier");
    far.is(&publishing);
    // whoever insists
    far.apply("mislaid.tar.zst", &["--allow-earlier"]).is(0);
    far.apply("4.tar.zst", &["--allow-earlier"]).is(0);
    far.is(&publishing);
}

#[test]
fn the_next_bundle_is_no_old_one_though_it_holds_what_was_live_before() {
    let (publishing, far) = (Publishing::large(), Far::new());
    for (name, text) in [("1.tar.zst", "一"), ("2.tar.zst", "二"), ("3.tar.zst", "一")] {
        publishing.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
        bundle(&publishing, &far, name, &[]).is(0);
        far.apply(name, &[]).is(0).says("已发布");
        far.is(&publishing);
    }
    far.apply("2.tar.zst", &[]).is(3).says("以前发布过");
}

#[test]
fn a_bundle_is_written_where_only_the_reason_has_become_privacy() {
    let (publishing, far) = (Publishing::large(), Far::new());
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    let withdraw = ["withdraw", "z/p.md", "--reason", "error", "--show", "nothing", "--date", "2026-01-01"];
    publishing.run(&withdraw).is(0);
    bundle(&publishing, &far, "2.tar.zst", &["--allow-deletes", "9"]).is(0);
    far.apply("2.tar.zst", &["--allow-deletes", "9"]).is(0);
    assert!(!holding(&far).is_empty(), "an earlier release has it");
    publishing.site.edit("content/z/p.md", "内容有误", "涉及个人信息");
    bundle(&publishing, &far, "3.tar.zst", &["--dry-run"]).is(0).says("那一边的旧批次全部删去");
    bundle(&publishing, &far, "3.tar.zst", &[]).is(0).says("已写入离线包").says("那一边的旧批次全部删去");
    far.apply("3.tar.zst", &[]).is(0).says("删去的旧批次");
    assert_eq!(holding(&far), Vec::<String>::new());
    bundle(&publishing, &far, "4.tar.zst", &[]).is(0).says("没有变化");
}

#[test]
fn a_bundle_that_was_cut_off_or_changed_is_refused() {
    let (publishing, far) = (Publishing::new(), Far::new());
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    let whole = fs::read(far.disk("1.tar.zst")).unwrap();
    let tar = zstd::decode_all(&whole[..]).unwrap();
    let pack = |tar: &[u8]| zstd::encode_all(tar, 3).unwrap();
    let find = |needle: &[u8]| tar.windows(needle.len()).position(|window| window == needle).unwrap();
    let changed = |at: usize| {
        let mut tar = tar.clone();
        tar[at] ^= 1;
        pack(&tar)
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("cut off", whole[..whole.len() - 20].to_vec()),
        ("half", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("no pack", b"hello".to_vec()),
        ("a tar that ends early", pack(&tar[..tar.len() / 2 / 512 * 512])),
        ("a text was changed", changed(find("甲的正文".as_bytes()))),
        ("the manifest was changed", changed(find(b"\"documents\":") + 12)),
        ("more behind the archive", pack(&[&tar[..], b"more"].concat())),
        ("more behind the pack", [&whole[..], &pack(b"more")[..]].concat()),
        ("no pack behind the pack", [&whole[..], b"more"].concat()),
        ("a name leads out", {
            let mut tar = tar.clone();
            let at = find(b"files/404.html\0");
            tar[at..at + 14].copy_from_slice(b"files/../x.htm");
            pack(&tar)
        }),
    ];
    for (name, bytes) in cases {
        fs::write(far.disk("bad.tar.zst"), bytes).unwrap();
        let ended = far.apply("bad.tar.zst", &[]);
        assert_eq!(ended.code, 2, "{name}: {}{}", ended.out, ended.err);
        assert!(!far.target().join("current").exists(), "{name}");
        assert!(!far.folder.path().join("x.htm").exists(), "{name}");
    }
    far.apply("1.tar.zst", &[]).is(0);
}

#[test]
fn guards_hold_on_both_sides() {
    let (publishing, far) = (Publishing::large(), Far::new());
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    fs::write(fs::canonicalize(far.target().join("current")).unwrap().join("index.html"), "别人的").unwrap();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    bundle(&publishing, &far, "2.tar.zst", &[]).is(0);
    far.apply("2.tar.zst", &[]).is(3).says("/index.html：内容不对");
    // a document that is just gone
    fs::remove_file(publishing.site.path("content/z/f3.md")).unwrap();
    bundle(&publishing, &far, "3.tar.zst", &[]).is(3).says("已经公开的网址会打不开");
    assert!(!far.disk("3.tar.zst").exists());
}

#[test]
fn the_same_site_is_the_same_bundle() {
    let far = Far::new();
    let (one, other) = (Publishing::new(), Publishing::new());
    let read = |publishing: &Publishing, name: &str| {
        bundle(publishing, &far, name, &[]).is(0);
        zstd::decode_all(&fs::read(far.disk(name)).unwrap()[..]).unwrap()
    };
    let (one, other) = (read(&one, "1.tar.zst"), read(&other, "2.tar.zst"));
    // but for the name of the release, which holds the time
    assert_eq!(one.len(), other.len());
}

/// What was left in its place is gone again by the time that a disk arrives.
#[test]
fn a_withdrawal_arrives_though_what_it_left_was_only_on_a_disk_that_was_lost() {
    for reason in ["error", "privacy"] {
        for is_deleted in [true, false] {
            let (publishing, far) = (Publishing::large(), Far::new());
            publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
            bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
            far.apply("1.tar.zst", &[]).is(0);
            publishing.run(&["withdraw", "z/p.md", "--reason", reason, "--date", "2026-01-01"]).is(0);
            bundle(&publishing, &far, "lost.tar.zst", &[]).is(0);
            match is_deleted {
                true => publishing.site.remove("content/z/p.md"),
                false => publishing.site.edit("content/z/p.md", "withdrawn:", "withdrawn_show: 不再显示\nwithdrawn:"),
            }
            bundle(&publishing, &far, "3.tar.zst", &["--allow-deletes", "9"]).is(0);
            bundle(&publishing, &far, "4.tar.zst", &["--full"]).is(0);
            far.apply("4.tar.zst", &["--dry-run"]).is(0).says("/z/p.html（已于2026年1月1日撤下");
            far.apply("4.tar.zst", &[]).is(0);
            far.is(&publishing);
            if reason == "privacy" {
                assert_eq!(holding(&far), Vec::<String>::new());
            }
        }
    }
}

/// Why addresses go is said again by every later bundle: the disk that said it first may be lost.
#[test]
fn a_withdrawal_arrives_though_the_disk_that_brought_it_was_lost() {
    let (publishing, far) = (Publishing::large(), Far::new());
    for (name, day) in [("p", 5), ("q", 6), ("r", 7)] {
        let day = format!("2014-12-0{day}");
        publishing.site.put(&format!("content/z/{name}.md"), doc("秘密某某", &day, ""));
    }
    bundle(&publishing, &far, "1.tar.zst", &[]).is(0);
    far.apply("1.tar.zst", &[]).is(0);
    let withdraw = |name: &str, reason: &str, show: &str| {
        let document = format!("z/{name}.md");
        let words = ["withdraw", &document, "--reason", reason, "--show", show, "--date", "2026-01-01"];
        publishing.run(&words).is(0);
    };
    withdraw("p", "error", "nothing");
    withdraw("q", "privacy", "nothing");
    publishing.site.rename("content/z/r.md", "content/z/s.md");
    publishing.site.edit("content/z/s.md", "issuer", "aliases: /z/r.html\nissuer");
    bundle(&publishing, &far, "lost.tar.zst", &["--allow-deletes", "9"]).is(0);
    publishing.site.remove("content/z/p.md");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    bundle(&publishing, &far, "3.tar.zst", &[]).is(0);
    far.apply("3.tar.zst", &[]).is(3).says("--full");
    bundle(&publishing, &far, "full.tar.zst", &["--full"]).is(0);
    let plan = far.apply("full.tar.zst", &["--dry-run", "--allow-deletes", "9"]).is(0);
    plan.says("/z/p.html（已于2026年1月1日撤下（内容有误），不再显示）").says("/z/r.html（移到了 /z/s.html");
    far.apply("full.tar.zst", &["--allow-deletes", "9"]).is(0);
    far.is(&publishing);
    let secret = "秘密某某".as_bytes();
    let releases = tree(&far.target().join("releases"));
    let left: Vec<&String> = releases
        .iter()
        .filter(|(path, bytes)| !path.contains("z/") && bytes.windows(secret.len()).any(|part| part == secret))
        .map(|(path, _)| path)
        .collect();
    // the third one is public, and so are the lists that it is in; no release from before is left
    assert!(left.iter().all(|path| path.starts_with(left[0].split('/').next().unwrap())), "{left:?}");
}

#[test]
fn no_file_is_overwritten_and_none_is_written_into_the_site() {
    let (publishing, far) = (Publishing::large(), Far::new());
    fs::write(far.disk("old.tar.zst"), "还没有带走").unwrap();
    bundle(&publishing, &far, "old.tar.zst", &[]).is(2).says("没有覆盖");
    assert_eq!(fs::read_to_string(far.disk("old.tar.zst")).unwrap(), "还没有带走");
    publishing.site.put("static/a.txt", "x");
    for place in
        ["content/z/a.md", "site.toml", "static/网站.tar.zst", "content/z/网站.tar.zst", ".gongkai/网站.tar.zst"]
    {
        let before = tree(publishing.site.root());
        publishing.run(&["publish", "web", "--bundle", place]).is(2);
        let after = tree(publishing.site.root());
        let is_source = |path: &&String| !path.starts_with(".gongkai/") && !path.starts_with("public/");
        assert!(before.keys().filter(is_source).eq(after.keys().filter(is_source)), "{place}");
        assert_eq!(before.get(place), after.get(place), "{place}");
    }
    publishing.site.build().clean();
    publishing.run(&["publish", "web", "--bundle", "public/网站.tar.zst"]).is(2).says("自己的文件夹");
    publishing.run(&["publish", "web", "--bundle", "网站.tar.zst"]).is(0);
}
