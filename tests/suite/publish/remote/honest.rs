//! Servers that fail at the worst moment or say what is not so: no page and no record is lost for it, nothing is called done
//! that is not, and what was changed behind our back is found and put right.

use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::{assert_same, doc};

/// A site that was published, at a server of this sort.
fn published(sort: Sort) -> Option<Remote> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.run(&["publish", "web"]).is(0);
    Some(remote)
}

/// Until servers that believe what they saw of a folder look again.
fn wait() {
    std::thread::sleep(Duration::from_millis(1500));
}

#[test]
fn no_page_is_deleted_because_a_server_cannot_move_another_to_its_place() {
    for (sort, status) in [(Sort::Webdav, 503), (Sort::Webdav, 507), (Sort::Apache, 500), (Sort::Webdav, 423)] {
        let Some(remote) = published(sort) else { return };
        let old = remote.live();
        remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
        let refuser = Trickster::new(remote.server.port, Trick::Refuse(status), |method, path, _| {
            method == "MOVE" && path.contains("/staged/")
        });
        remote.reach(refuser.port);
        remote.wait_for(1);
        remote.run(&["publish", "web"]).is(2);
        assert_same(&remote.live(), &old);
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
        no_rest(&remote);
    }
}

#[test]
fn the_chain_is_not_deleted_because_a_server_cannot_move_another_to_its_place() {
    let Some(remote) = published(Sort::Webdav) else { return };
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    let chain = remote.server.site().join(".gongkai/releases.jsonl");
    let before = fs::read(&chain).unwrap();
    remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
    let refuser = Trickster::new(remote.server.port, Trick::Refuse(503), |method, path, _| {
        method == "MOVE" && path.contains("/releases.jsonl.")
    });
    remote.reach(refuser.port);
    remote.wait_for(1);
    remote.run(&["publish", "web"]).is(2);
    assert_eq!(fs::read(&chain).unwrap(), before);
    remote.reach(remote.server.port);
    remote.run(&["publish", "web"]).is(0);
    assert!(fs::read(&chain).unwrap().starts_with(&before));
    remote.run(&["verify", "web"]).is(0);
    // a server that removes what is there before it moves was stopped in between
    fs::rename(&chain, chain.with_file_name("releases.jsonl.tmp")).unwrap();
    wait();
    remote.run(&["verify", "web"]).is(0);
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    remote.run(&["verify", "web"]).is(0);
    assert!(fs::read(&chain).unwrap().starts_with(&before));
    no_rest(&remote);
}

#[test]
fn a_chain_that_is_gone_is_no_target_where_nothing_was_published() {
    for sort in [Sort::S3, Sort::Webdav] {
        for names in [&["releases.jsonl"][..], &["releases.jsonl", "seal"]] {
            let Some(remote) = published(sort) else { return };
            for name in names {
                fs::remove_file(remote.server.site().join(".gongkai").join(name)).unwrap();
            }
            wait();
            remote.run(&["verify", "web"]).is(1).says("发布记录 releases.jsonl 不见了");
            remote.run(&["publish", "web"]).is(3).says("发布记录 releases.jsonl 不见了");
            remote.run(&["publish", "web", "--accept-changes"]).is(0);
            remote.run(&["verify", "web"]).is(0);
        }
    }
}

#[test]
fn a_server_that_says_it_moved_or_copied_a_file_and_did_not_is_found_out() {
    for sort in [Sort::Webdav, Sort::S3] {
        let Some(remote) = published(sort) else { return };
        // the same size: nothing but its bytes tells
        remote.site.put("content/z/a.md", doc("乙", "2014-12-04", ""));
        let liar = match sort {
            Sort::Webdav => Trickster::new(remote.server.port, Trick::Refuse(204), |method, path, _| {
                method == "MOVE" && path.contains("/staged/")
            }),
            _ => Trickster::new(remote.server.port, Trick::Copied, |method, path, _| {
                method == "PUT" && path.contains("/z/a.html") && !path.contains(".gongkai")
            }),
        };
        remote.reach(liar.port);
        remote.run(&["publish", "web"]).is(2).says("不一样");
        assert!(liar.tricks.load(Ordering::SeqCst) > 0);
        remote.reach(remote.server.port);
        remote.run(&["verify", "web"]).is(1).says("有一次发布没有完成");
        remote.run(&["publish", "web"]).is(0).says("已发布");
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_staged_file_that_somebody_took_is_not_taken_for_one_that_was_moved() {
    let Some(remote) = published(Sort::Webdav) else { return };
    remote.site.put("content/z/a.md", doc("乙", "2014-12-04", ""));
    let taken = Trickster::new(remote.server.port, Trick::Refuse(404), |method, path, _| {
        method == "MOVE" && path.contains("/staged/")
    });
    remote.reach(taken.port);
    remote.run(&["publish", "web"]).is(2).says("找不到");
    remote.reach(remote.server.port);
    remote.run(&["publish", "web"]).is(0).says("已发布");
    remote.is_whole();
}

#[test]
fn what_verify_finds_is_put_right_though_the_file_looks_as_it_did() {
    for command in [&["publish", "web", "--accept-changes"][..], &["rollback", "web"]] {
        let Some(remote) = published(Sort::Sftp) else { return };
        remote.site.put("static/f/0/0.txt", "第 0 份，第 2 版\n");
        remote.run(&["publish", "web"]).is(0);
        let path = remote.server.site().join("z/a.html");
        let (mut bytes, time) = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
        bytes[20] ^= 1;
        fs::write(&path, bytes).unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        remote.run(&["verify", "web"]).is(1).says("/z/a.html：内容不对");
        if command[0] == "rollback" {
            // what it was is nowhere else
            remote.run(command).is(3).says("/z/a.html");
            continue;
        }
        remote.run(command).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_deletion_that_deletes_nothing_is_told_and_done_later() {
    let Some(remote) = published(Sort::Webdav) else { return };
    remote.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.run(&["withdraw", "z/p.md", "--reason", "privacy", "--show", "nothing", "--date", "2026-01-01"]).is(0);
    let liar = Trickster::new(remote.server.port, Trick::Refuse(404), |method, path, _| {
        method == "DELETE" && !path.contains("/claims/")
    });
    remote.reach(liar.port);
    remote.run(&["publish", "web", "--allow-deletes", "9"]).is(2).says("没有删掉");
    remote.run(&["publish", "web"]).is(2).says("没有删掉");
    remote.reach(remote.server.port);
    assert!(remote.live().contains_key("z/p.html"));
    remote.run(&["verify", "web"]).is(1).says("/z/p.html：撤下的文件还在");
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0);
    for (path, bytes) in crate::site_test::tree(&remote.server.site()) {
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!has("丙丁戊"), "{path}");
    }
}

#[test]
fn a_rollback_accepts_nothing_of_what_somebody_changed() {
    let Some(remote) = published(Sort::S3) else { return };
    for title in ["甲二", "甲三"] {
        remote.site.put("content/z/a.md", doc(title, "2014-12-04", ""));
        remote.run(&["publish", "web"]).is(0);
    }
    fs::write(remote.server.site().join("evil.php"), "坏").unwrap();
    wait();
    remote.run(&["rollback", "web"]).is(0);
    remote.run(&["verify", "web"]).is(1).says("/evil.php：不是发布的");
    remote.run(&["publish", "web"]).is(3).says("/evil.php：不是发布的");
    fs::remove_file(remote.server.site().join("evil.php")).unwrap();
    // nor the last line of the chain
    let chain = remote.server.site().join(".gongkai/releases.jsonl");
    let text = fs::read_to_string(&chain).unwrap();
    let last = text.lines().next_back().unwrap();
    fs::write(&chain, text.replace(last, &last.replace("\"files\":", "\"files\":1"))).unwrap();
    wait();
    remote.run(&["rollback", "web"]).is(0);
    remote.run(&["verify", "web"]).is(1).says("最后几行被改动或删去");
    remote.run(&["publish", "web"]).is(3).says("最后几行被改动或删去");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    let told = remote.run(&["publish", "web"]).is(0);
    told.says("没有变化");
}

#[test]
fn whoever_was_taken_for_dead_goes_no_further() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    let other = Trickster::new(remote.server.port, Trick::Refuse(404), |method, path, _| {
        method == "GET" && path.contains("/claims/")
    });
    remote.reach(other.port);
    remote.run(&["publish", "web"]).is(2).says("可能已经接着工作");
    assert!(remote.live().is_empty(), "not one file is sent");
}

/// As `guards::a_damaged_manifest_drops_no_other_guard`.
#[test]
fn a_damaged_manifest_drops_no_other_guard() {
    for (sort, damage) in [(Sort::S3, "other"), (Sort::Webdav, "gone")] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 30);
        remote.run(&["publish", "web"]).is(0);
        remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
        remote.run(&["publish", "web"]).is(0);
        let own = remote.server.site().join(".gongkai");
        let chain = fs::read_to_string(own.join("releases.jsonl")).unwrap();
        let last: serde_json::Value = serde_json::from_str(chain.lines().next_back().unwrap()).unwrap();
        let manifest = own.join(format!("manifests/{}.json", last["release"].as_str().unwrap()));
        match damage {
            "other" => fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + " ").unwrap(),
            _ => fs::remove_file(&manifest).unwrap(),
        }
        wait();
        remote.site.remove("content/z/b.md");
        let before = remote.live();
        let stopped = |more: &[&str], words: &[&str]| {
            let said = remote.run(&[&["publish", "web"], more].concat()).is(3);
            assert!(!said.err.contains("不是发布的"), "{}", said.err);
            words.iter().fold(said, |said, word| said.says(word));
            assert_same(&remote.live(), &before);
        };
        let words = ["清单", "会打不开", "/z/b.html"];
        stopped(&[], &words);
        stopped(&["--accept-changes"], &words[1..]);
        stopped(&["--accept-changes", "--base-url", "https://www.other.gov.cn"], &["是另一个网站"]);
        remote.site.put("content/z/b.md", doc("乙", "2014-12-05", ""));
        remote.run(&["publish", "web", "--accept-changes"]).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}
