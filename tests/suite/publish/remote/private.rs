//! What was withdrawn for privacy, at servers that say what is not so while it is removed; and rollbacks that were not
//! finished.

use std::fs;
use std::time::Duration;

use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::{assert_same, doc, tree};

const SECRET: &str = "丙丁戊";

/// A site with a private document of two versions, both published; a third was begun where `begun`.
fn published(sort: Sort, begun: bool) -> Option<Remote> {
    let remote = Remote::new(Server::start(sort)?, 3);
    for version in ["一", "二"] {
        remote.site.put("content/z/p.md", doc(&format!("{SECRET}{version}"), "2014-12-06", ""));
        remote.run(&["publish", "web"]).is(0);
    }
    if begun {
        remote.site.put("content/z/p.md", doc(&format!("{SECRET}三"), "2014-12-06", ""));
        let refuser = Trickster::new(remote.server.port, Trick::Refuse(500), |method, path, _| {
            method == "MOVE" && path.contains("/staged/")
                || method == "PUT" && path.ends_with("/z/p.html") && !path.contains(".gongkai")
        });
        remote.reach(refuser.port);
        remote.wait_for(1);
        remote.run(&["publish", "web"]).is(2);
        remote.reach(remote.server.port);
        assert!(holding(&remote).iter().any(|path| path.contains("/staged/")), "{:?}", holding(&remote));
    }
    let withdraw = ["withdraw", "z/p.md", "--reason", "privacy", "--show", "nothing", "--date", "2026-01-01"];
    remote.run(&withdraw).is(0);
    Some(remote)
}

/// Files at the target that hold the word.
fn holding(remote: &Remote) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    tree(&remote.server.site()).into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
}

const EMPTY: &str = "<?xml version=\"1.0\"?><D:multistatus xmlns:D=\"DAV:\"></D:multistatus>";

fn is_of_kept(method: &str, path: &str, _: i64) -> bool {
    method == "PROPFIND" && path.trim_end_matches('/').ends_with("/.gongkai/kept")
}

fn is_listing(method: &str, path: &str, _: i64) -> bool {
    method == "PROPFIND" && path.ends_with('/') || method == "GET" && path.contains("list-type")
}

#[test]
fn what_a_listing_leaves_out_is_removed_all_the_same() {
    type Case = (Sort, Trick, fn(&str, &str, i64) -> bool);
    let tricks: [Case; 6] = [
        (Sort::Webdav, Trick::Refuse(404), is_of_kept),
        (Sort::Webdav, Trick::Say(207, "Content-Type: text/xml\r\n", EMPTY), is_of_kept),
        (Sort::Webdav, Trick::Unlist("/kept/"), is_listing),
        (Sort::Webdav, Trick::Unlist("/staged/"), is_listing),
        (Sort::S3, Trick::Unlist("/kept/"), is_listing),
        (Sort::S3, Trick::Unlist("/staged/"), is_listing),
    ];
    for (sort, trick, which) in tricks {
        let Some(remote) = published(sort, true) else { return };
        let liar = Trickster::new(remote.server.port, trick, which);
        remote.reach(liar.port);
        remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
        assert_eq!(holding(&remote), Vec::<String>::new(), "{trick:?}");
        remote.reach(remote.server.port);
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_deletion_of_what_lies_aside_that_deletes_nothing_is_no_success() {
    for (sort, trick) in [(Sort::Webdav, Trick::Refuse(204)), (Sort::Webdav, Trick::Refuse(404))] {
        let Some(remote) = published(sort, true) else { return };
        let liar = Trickster::new(remote.server.port, trick, |method, path, _| {
            method == "DELETE" && path.contains("/staged/")
        });
        remote.reach(liar.port);
        remote.run(&["publish", "web", "--allow-deletes", "9"]).is(2).says("没有删掉");
        remote.run(&["verify", "web"]).is(1).says("旧批次还没有删完");
        remote.run(&["publish", "web"]).is(2).says("没有删掉");
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0);
        assert_eq!(holding(&remote), Vec::<String>::new());
        no_rest(&remote);
    }
}

#[test]
fn kept_bytes_that_no_release_needs_are_told_and_swept() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    for title in ["甲二", "甲三"] {
        remote.site.put("content/z/a.md", doc(title, "2014-12-04", ""));
        remote.run(&["publish", "web"]).is(0);
    }
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    let kept = remote.server.site().join(".gongkai/kept");
    let before = fs::read_dir(&kept).unwrap().count();
    fs::write(kept.join("0".repeat(64)), SECRET).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    remote.run(&["verify", "web"]).is(1).says("1 个保留的文件没有批次用到");
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    assert_eq!(holding(&remote), Vec::<String>::new());
    assert_eq!(fs::read_dir(&kept).unwrap().count(), before);
    remote.run(&["verify", "web"]).is(0);
    remote.run(&["rollback", "web"]).is(0);
}

#[test]
fn a_rollback_that_could_not_delete_is_finished_by_the_same_once_more() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 3);
        remote.run(&["publish", "web"]).is(0);
        let first = remote.built();
        remote.site.put("content/z/bad.md", doc("不该公开的", "2014-12-07", ""));
        remote.run(&["publish", "web"]).is(0);
        let refuser = Trickster::new(remote.server.port, Trick::Refuse(403), |method, path, _| {
            (method == "DELETE" || method == "POST") && !path.contains("/claims/")
        });
        remote.reach(refuser.port);
        let told = remote.run(&["rollback", "web"]).is(2).says("再运行一次 gongkai rollback web ");
        let id = told.err.split("gongkai rollback web ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
        remote.reach(remote.server.port);
        assert!(remote.live().contains_key("z/bad.html"));
        let words = format!("/z/bad.html：撤下的文件还在，运行 gongkai rollback web {id} 删去");
        remote.run(&["verify", "web"]).is(1).says(&words);
        remote.run(&["rollback", "web", &id]).is(0).says("已经做完");
        assert_same(&remote.live(), &first);
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
        remote.run(&["rollback", "web", &id]).is(2).says("就是现在的网站");
    }
}
