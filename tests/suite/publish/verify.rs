//! What `verify` finds: every difference, each by its name.

use std::fs;

use super::Publishing;

fn published() -> Publishing {
    let publishing = Publishing::new();
    publishing.publish();
    publishing
}

#[test]
fn a_flipped_bit() {
    let publishing = published();
    let path = publishing.path("current/z/a.html");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    // of the same size, and with the time that it had
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("/z/a.html：内容不对").says("有 1 处问题").says("--accept-changes");
    let found = publishing.json(&["verify", "web", "--format", "json"]);
    assert_eq!(found["differences"][0]["path"], "z/a.html");
    assert_eq!(found["differences"][0]["way"], "changed");
}

#[test]
fn a_missing_a_strange_and_a_short_file_even_if_few_are_read() {
    let publishing = published();
    fs::remove_file(publishing.path("current/z/a.html")).unwrap();
    fs::write(publishing.path("current/z/strange.html"), "").unwrap();
    fs::write(publishing.path("current/z/b.html"), "短").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", publishing.path("current/passwd")).unwrap();
    for share in [&["--share", "1"][..], &[]] {
        let said = publishing.run(&[&["verify", "web"], share].concat()).is(1);
        said.says("/z/a.html：不见了")
            .says("/z/strange.html：不是发布的")
            .says("/z/b.html：内容不对")
            .says("/passwd：不是发布的")
            .says("有 4 处问题");
    }
}

#[test]
fn a_share_of_the_files_is_read_and_it_is_told_how_many() {
    let publishing = Publishing::large();
    publishing.publish();
    let read =
        |share: &[&str]| publishing.json(&[&["verify", "web", "--format", "json"], share].concat())["read"].as_u64();
    let all = read(&[]).unwrap();
    assert_eq!(all as usize, publishing.live().len());
    assert!(read(&["--share", "30"]).unwrap() < all);
    publishing.run(&["verify", "web", "--share", "0"]).is(2).says("写 1 到 100 的整数");
    // a small share of a small site is one file at least
    let small = published();
    for _ in 0..5 {
        assert!(small.json(&["verify", "web", "--format", "json", "--share", "1"])["read"].as_u64() >= Some(1));
    }
}

#[test]
fn a_changed_and_a_missing_manifest() {
    let publishing = published();
    let path = publishing.path(&format!("manifests/{}.json", publishing.release()));
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"size\":", "\"size\": ", 1)).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("的清单被改动了");
    publishing.run(&["publish", "web"]).is(3).says("的清单被改动了");
    fs::remove_file(&path).unwrap();
    let before = publishing.live();
    publishing.run(&["verify", "web"]).is(1).says("的清单不见了");
    // nothing that is live is swept, though it has no manifest
    publishing.run(&["publish", "web"]).is(3).says("的清单不见了");
    crate::site_test::assert_same(&publishing.live(), &before);
    publishing.publish_with(&["--accept-changes"]);
    publishing.run(&["verify", "web"]).is(0);
}

#[test]
fn a_chain_of_which_a_line_was_removed_put_in_or_cut_short() {
    let publishing = published();
    for n in 0..2 {
        publishing.site.put("content/z/a.md", crate::site_test::doc(&format!("甲{n}"), "2014-12-04", ""));
        publishing.publish();
    }
    let path = publishing.path("releases.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let broken = [
        [lines[0], lines[2]].join("\n") + "\n",
        [lines[1], lines[2]].join("\n") + "\n",
        [lines[0], lines[1], lines[1], lines[2]].join("\n") + "\n",
        [lines[1], lines[0], lines[2]].join("\n") + "\n",
        whole[..whole.len() - 9].to_owned(),
        [lines[0], lines[1]].join("\n") + "\n",
        whole.replacen("publish", "Publish", 1),
        String::new(),
    ];
    for text in broken {
        fs::write(&path, &text).unwrap();
        publishing.run(&["verify", "web"]).is(1);
        publishing.run(&["publish", "web"]).is(3);
    }
    fs::write(&path, whole).unwrap();
    publishing.run(&["verify", "web"]).is(0);
}

/// Nor is it forgotten by who goes back, which makes a line of its own.
#[test]
fn a_last_line_of_the_chain_that_was_changed_is_found_after_a_rollback_too() {
    for is_cut in [false, true] {
        let publishing = published();
        for title in ["又一", "再一"] {
            publishing.site.put("content/z/a.md", crate::site_test::doc(title, "2014-12-04", ""));
            publishing.publish();
        }
        let chain = fs::read_to_string(publishing.path("releases.jsonl")).unwrap();
        let last = chain.lines().last().unwrap();
        let changed = if is_cut { String::new() } else { last.replace("\"changed\":", "\"changed\":9") + "\n" };
        fs::write(publishing.path("releases.jsonl"), chain.replace(&format!("{last}\n"), &changed)).unwrap();
        publishing.run(&["verify", "web"]).is(1);
        let first = super::names(&publishing.path("releases")).remove(0);
        publishing.run(&["rollback", "web", &first]).is(0);
        publishing.run(&["verify", "web"]).is(1).says("与上一行对不上");
    }
}

#[test]
fn a_last_line_of_the_chain_that_was_changed_is_found() {
    let publishing = Publishing::new();
    publishing.publish();
    let chain = publishing.path("releases.jsonl");
    let text = fs::read_to_string(&chain).unwrap();
    fs::write(&chain, text.replace("\"changed\":0", "\"changed\":7")).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("最后一行被改动或删去");
    publishing.run(&["publish", "web"]).is(3).says("最后一行被改动或删去");
    publishing.publish_with(&["--accept-changes"]);
    publishing.run(&["verify", "web"]).is(0);
    // nor without the seal that would tell
    fs::remove_file(publishing.path(".gongkai-seal")).unwrap();
    publishing.run(&["verify", "web"]).is(1).says(".gongkai-seal 不见了");
    publishing.run(&["publish", "web"]).is(3).says(".gongkai-seal 不见了");
    publishing.publish_with(&["--accept-changes"]);
    publishing.run(&["verify", "web"]).is(0);
}
