//! Requests that are done later than anybody waits for them, or twice: no page is lost for it, and none is another one.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::{assert_same, doc, tree};

/// A site of two releases at such a server; requests are waited for a second, and tried twice.
fn published(sort: Sort) -> Option<Remote> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
    Some(remote)
}

fn reach(remote: &Remote, port: u16) {
    remote.reach(port);
    let toml = remote.site.read("site.toml").replace("timeout = 10", "timeout = 1");
    remote.site.put("site.toml", toml);
}

fn is_move(method: &str, path: &str, _: i64) -> bool {
    method == "MOVE" && path.contains("/staged/")
}

#[test]
fn a_move_that_is_done_after_it_was_given_up_takes_no_page_away() {
    for sort in [Sort::Webdav, Sort::Apache] {
        for command in [&["publish", "web"][..], &["rollback", "web"]] {
            let Some(remote) = published(sort) else { return };
            let slow = Trickster::some(remote.server.port, Trick::Delay(1400), 2, is_move);
            reach(&remote, slow.port);
            let first = remote.live();
            let ended = remote.run(command).is(0);
            assert!(slow.tricks.load(Ordering::SeqCst) > 0, "{}", ended.out);
            std::thread::sleep(Duration::from_millis(1500));
            assert_eq!(remote.live().len(), first.len(), "{:?}", remote.live().keys());
            if command[0] == "publish" {
                remote.is_whole();
            }
            remote.run(&["verify", "web"]).is(0);
            no_rest(&remote);
        }
    }
}

#[test]
fn a_move_that_comes_twice_takes_no_page_away() {
    for command in [&["publish", "web"][..], &["rollback", "web"]] {
        let Some(remote) = published(Sort::Webdav) else { return };
        let twice = Trickster::some(remote.server.port, Trick::Twice, 2, is_move);
        remote.reach(twice.port);
        let first = remote.live();
        remote.run(command).is(0);
        assert!(twice.tricks.load(Ordering::SeqCst) > 0);
        assert_eq!(remote.live().len(), first.len());
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
    }
}

#[test]
fn no_record_is_lost_by_a_move_that_is_done_late_or_twice() {
    fn is_text(method: &str, path: &str, _: i64) -> bool {
        method == "MOVE" && path.ends_with(".tmp")
    }
    for trick in [Trick::Delay(1400), Trick::Twice] {
        let Some(remote) = published(Sort::Webdav) else { return };
        let own = remote.server.site().join(".gongkai");
        let before = fs::read_to_string(own.join("releases.jsonl")).unwrap();
        // not every one: a try that is not held back has to come
        let proxy = match trick {
            Trick::Twice => Trickster::some(remote.server.port, trick, 3, is_text),
            _ => Trickster::new(remote.server.port, trick, |method, path, count| {
                is_text(method, path, count) && count % 3 == 0
            }),
        };
        reach(&remote, proxy.port);
        remote.run(&["publish", "web"]).is(0);
        std::thread::sleep(Duration::from_millis(1500));
        let after = fs::read_to_string(own.join("releases.jsonl")).unwrap();
        assert!(after.starts_with(&before) && after.lines().count() == before.lines().count() + 1);
        reach(&remote, remote.server.port);
        remote.run(&["verify", "web"]).is(0);
        remote.run(&["publish", "web"]).is(0).says("没有变化");
        no_rest(&remote);
    }
}

#[test]
fn a_copy_that_is_done_late_keeps_what_was_live() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some(remote) = published(sort) else { return };
        let first = remote.live();
        let slow = Trickster::some(remote.server.port, Trick::Delay(2600), 1, |method, path, _| {
            method == "COPY" || method == "PUT" && path.contains("/kept/")
        });
        reach(&remote, slow.port);
        remote.run(&["publish", "web"]).is(0);
        assert_eq!(slow.tricks.load(Ordering::SeqCst), 1);
        std::thread::sleep(Duration::from_millis(2000));
        for (path, bytes) in tree(&remote.server.site().join(".gongkai/kept")) {
            assert_eq!(gongkai::source::Digest::of(&bytes).sha256, path);
        }
        remote.reach(remote.server.port);
        remote.run(&["rollback", "web"]).is(0);
        assert_same(&remote.live(), &first);
    }
}

#[test]
fn what_a_publisher_that_was_killed_was_moving_is_waited_for_by_the_next() {
    let Some(remote) = published(Sort::Webdav) else { return };
    let slow = Trickster::some(remote.server.port, Trick::Delay(1600), 1, is_move);
    reach(&remote, slow.port);
    let first = remote.live();
    let mut child = remote.command(&["publish", "web"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while slow.tricks.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    remote.run(&["publish", "web"]).is(0);
    std::thread::sleep(Duration::from_millis(1700));
    assert_eq!(remote.live().len(), first.len());
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0);
}
