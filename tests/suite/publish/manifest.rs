//! The manifest: what is in it, and that it is the same bytes wherever the same site is built.

use std::fs;

use super::Publishing;
use crate::site_test::{PDF, tree};

fn text(publishing: &Publishing) -> String {
    fs::read_to_string(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap()
}

#[test]
fn it_is_the_same_bytes_on_other_threads_in_another_folder_and_another_time_zone() {
    let one = Publishing::large();
    one.run(&["publish", "web", "--jobs", "1"]).is(0);
    let other = Publishing::large();
    let mut command = other.command(&["publish", "web", "--jobs", "7", "-o", "sub/out"]);
    command.env("TZ", "America/New_York").env("LANG", "C").env("LC_ALL", "tr_TR.UTF-8");
    super::ended(command.output().unwrap()).is(0);
    // the path of the target differs, and is no part of it
    assert_eq!(text(&one), text(&other));
    // from what an earlier build left, too
    let third = Publishing::large();
    third.site.build().clean();
    third.site.edit("content/z/a.md", "甲的正文", "甲的别的正文");
    third.site.build().clean();
    third.site.edit("content/z/a.md", "甲的别的正文", "甲的正文");
    third.publish();
    assert_eq!(text(&one), text(&third));
}

#[test]
fn it_holds_every_file_with_what_anyone_can_check() {
    let publishing = Publishing::new();
    publishing.site.put("content/z/a.pdf", PDF);
    publishing.site.edit("content/z/a.md", "---\n\n", "---\n\n[附件](a.pdf)\n\n");
    publishing.publish();
    let manifest: serde_json::Value = serde_json::from_str(&text(&publishing)).unwrap();
    assert_eq!(manifest["format"], 1);
    assert_eq!(manifest["as_of"], "2026-01-01");
    assert_eq!(manifest["site"]["id_code"], "3713220000");
    assert_eq!(manifest["documents"], 2);
    let files = manifest["files"].as_array().unwrap();
    let live = publishing.live();
    assert_eq!(
        files.iter().map(|file| file["path"].as_str().unwrap()).collect::<Vec<_>>(),
        live.keys().collect::<Vec<_>>()
    );
    let of = |path: &str| files.iter().find(|file| file["path"] == path).unwrap();
    let page = of("z/a.html");
    assert_eq!(page["kind"], "document");
    assert_eq!(page["type"], "text/html; charset=utf-8");
    assert_eq!(page["channel"], "z");
    assert_eq!(page["sources"][0], "content/z/a.md");
    assert_eq!(page["size"], live["z/a.html"].len());
    let pdf = of("z/a.pdf");
    assert_eq!((&pdf["kind"], &pdf["type"]), (&"file".into(), &"application/pdf".into()));
    // sha256sum of these bytes
    assert_eq!(pdf["sha256"], "14bcd090baf31edba64e9cbd8cdfc15f943344aa72cb3675ad8e91bfcbce03ad");
    let total = manifest["totals"].as_array().unwrap().iter().find(|total| total["channel"] == "z").unwrap();
    assert_eq!(total["documents"], 2);
    let root = publishing.site.root().to_str().unwrap();
    assert!(!text(&publishing).contains(root));
}

#[test]
fn the_commit_is_read_from_gits_own_files() {
    let publishing = Publishing::new();
    let commit = || {
        let plan = publishing.run(&["publish", "web"]);
        plan.is(0);
        serde_json::from_str::<serde_json::Value>(&text(&publishing)).unwrap()["commit"].as_str().unwrap().to_owned()
    };
    let mut n = 0;
    let mut change = || {
        n += 1;
        publishing.site.put("content/z/a.md", crate::site_test::doc(&format!("甲{n}"), "2014-12-04", ""));
    };
    assert_eq!(commit(), "");
    publishing.site.put(".git/HEAD", "ref: refs/heads/主线\n");
    publishing
        .site
        .put(".git/packed-refs", format!("# pack-refs\n{} refs/heads/主线\n^{}\n", "1".repeat(40), "9".repeat(40)));
    change();
    assert_eq!(commit(), "1".repeat(40));
    publishing.site.put(".git/refs/heads/主线", "2".repeat(40));
    change();
    assert_eq!(commit(), "2".repeat(40));
    publishing.site.put(".git/HEAD", "3".repeat(40));
    change();
    assert_eq!(commit(), "3".repeat(40));
    // a further work tree: its HEAD is its own, the branches are shared
    fs::rename(publishing.site.path(".git"), publishing.site.path("shared")).unwrap();
    publishing.site.put("shared/worktrees/w/HEAD", "ref: refs/heads/主线\n");
    publishing.site.put("shared/worktrees/w/commondir", "../..\n");
    publishing.site.put(".git", "gitdir: shared/worktrees/w\n");
    publishing.site.put("shared/refs/heads/主线", "4".repeat(40));
    change();
    assert_eq!(commit(), "4".repeat(40));
    publishing.site.put("shared/worktrees/w/HEAD", "ref: ../../../etc/passwd\n");
    change();
    assert_eq!(commit(), "");
    assert!(!tree(&publishing.path("current")).keys().any(|path| path.contains("git")));
}
