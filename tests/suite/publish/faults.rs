//! Machines that fail, and two who publish at once.

use std::fs;

use super::{Publishing, ended, names};
use crate::site_test::{assert_same, doc, tree};

/// The program with files that may not grow beyond so many KiB: what a full disk does to it, without a disk.
pub fn on_a_full_disk(publishing: &Publishing, kibibytes: u32) -> super::Ended {
    let program = publishing.command(&["publish", "web"]);
    let mut shell = std::process::Command::new("bash");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"")]).arg(program.get_program());
    shell.args(program.get_args()).current_dir(publishing.site.root());
    ended(shell.output().unwrap())
}

#[test]
fn a_disk_that_is_full_leaves_the_old_release_live_and_the_next_run_goes_on() {
    let publishing = Publishing::new();
    publishing.publish();
    let (before, release) = (publishing.all(), publishing.release());
    // it lies in the output already, and does not fit into the target
    publishing.site.put("static/big.txt", "大".repeat(700_000));
    publishing.site.put("content/z/a.md", doc("甲", "2014-12-04", "").replace("正文", "[大](/big.txt)"));
    publishing.site.build().clean();
    on_a_full_disk(&publishing, 1000).is(2).says("big.txt");
    assert_eq!(publishing.release(), release);
    assert_same(&publishing.all(), &before);
    publishing.publish();
    assert_same(&publishing.live(), &tree(&publishing.site.path("public")));
}

#[test]
fn two_publishers_come_one_after_the_other() {
    let publishing = Publishing::large();
    let second = Publishing::large();
    // the same target from another copy of the site
    let toml = publishing.site.read("site.toml");
    second.site.put("site.toml", toml);
    for round in 0..6 {
        publishing.site.put("content/z/a.md", doc(&format!("甲{round}"), "2014-12-04", ""));
        second.site.put("content/z/b.md", doc(&format!("乙{round}"), "2014-12-05", ""));
        let start = |of: &Publishing| {
            let mut command = of.command(&["publish", "web"]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        };
        let (one, other) = (start(&publishing), start(&second));
        for child in [one, other] {
            // both find an empty folder the first time
            ended(child.wait_with_output().unwrap()).is(0);
        }
        publishing.run(&["verify", "web"]).is(0);
    }
    assert_eq!(names(&publishing.path("releases")).len(), 5);
    let live = publishing.live();
    let built = [&publishing, &second].map(|of| tree(&of.site.path("public")));
    assert!(built.contains(&live), "the live site is one of the two, whole");
}

#[test]
fn a_clock_that_went_back_still_makes_the_later_release_the_last() {
    let publishing = Publishing::new();
    publishing.publish();
    // what was live was published in a far future, by its name
    let (old, future) = (publishing.release(), format!("29991231T235959{}", &publishing.release()[15..]));
    fs::rename(publishing.path(&format!("releases/{old}")), publishing.path(&format!("releases/{future}"))).unwrap();
    fs::rename(publishing.path(&format!("manifests/{old}.json")), publishing.path(&format!("manifests/{future}.json")))
        .unwrap();
    fs::remove_file(publishing.path("current")).unwrap();
    std::os::unix::fs::symlink(format!("releases/{future}"), publishing.path("current")).unwrap();
    let chain = fs::read_to_string(publishing.path("releases.jsonl")).unwrap();
    let chain = chain.replace(&old, &future);
    fs::write(publishing.path("releases.jsonl"), &chain).unwrap();
    fs::write(publishing.path(".gongkai-seal"), gongkai::source::Digest::of(chain.trim_end().as_bytes()).sha256 + "\n")
        .unwrap();
    publishing.run(&["verify", "web"]).is(0);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    assert!(publishing.release() > future);
    // though what is told of it is when it was
    let rows = publishing.json(&["releases", "web", "--format", "json"]);
    assert!(rows[1]["time"].as_str().unwrap() < "2999", "{rows}");
    publishing.run(&["rollback", "web"]).is(0).says(&future);
}

#[test]
fn what_an_interrupted_run_left_is_swept_and_what_others_put_there_is_not() {
    let publishing = Publishing::new();
    publishing.publish();
    let before = publishing.all();
    let id = "20200101T000000-0123abcd";
    fs::create_dir_all(publishing.path(&format!("releases/.{id}.gongkai-tmp/z"))).unwrap();
    fs::create_dir_all(publishing.path(&format!("releases/{id}/z"))).unwrap();
    fs::write(publishing.path(&format!("releases/{id}/z/a.html")), "半").unwrap();
    fs::write(publishing.path(&format!("manifests/.{id}.json.gongkai-tmp")), "{").unwrap();
    std::os::unix::fs::symlink("nowhere", publishing.path(".current.gongkai-tmp")).unwrap();
    fs::create_dir(publishing.path("releases/mine")).unwrap();
    fs::write(publishing.path("releases/mine/a.txt"), "我的").unwrap();
    publishing.publish().says("没有变化");
    let mut now = publishing.all();
    assert_eq!(now.remove("releases/mine/a.txt").unwrap(), "我的".as_bytes());
    assert_same(&now, &before);
    assert_eq!(names(&publishing.path("releases")).len(), 2);
    assert!(!publishing.path(".current.gongkai-tmp").is_symlink());
}
