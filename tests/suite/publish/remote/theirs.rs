//! Somebody else puts a file where one of ours was to go, while new files are being sent: it stays, and is told.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Remote;
use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use crate::site_test::doc;

const THEIRS: &str = "别人在这期间放在这里的唯一一份\n";

/// What is put where, as soon as the request comes.
static HAND: Mutex<Option<PathBuf>> = Mutex::new(None);

fn put() {
    if let Some(path) = HAND.lock().unwrap().take() {
        fs::write(path, THEIRS).unwrap();
        // the server believes what it saw of a folder a second ago
        std::thread::sleep(Duration::from_millis(1500));
    }
}

/// While changed files are sent: long before the last listing.
fn early(method: &str, path: &str, _: i64) -> bool {
    if method == "PUT" && path.contains("/staged/") {
        put();
    }
    false
}

/// When the record is written: after it.
fn late(method: &str, path: &str, _: i64) -> bool {
    if method == "PUT" && path.contains("/record.json") {
        put();
    }
    false
}

/// Tests share the hand, so this is one.
#[test]
fn what_was_to_go_and_is_another_hands_by_now_stays_and_is_told() {
    type When = fn(&str, &str, i64) -> bool;
    for (sort, when) in [
        (Sort::S3, early as When),
        (Sort::S3, late),
        (Sort::Webdav, early),
        (Sort::Webdav, late),
        (Sort::Apache, early),
        (Sort::Apache, late),
    ] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 3);
        remote.site.put("static/gone.txt", "撤下的\n");
        remote.run(&["publish", "web"]).is(0);
        fs::remove_file(remote.site.path("static/gone.txt")).unwrap();
        remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
        let path = remote.server.site().join("gone.txt");
        let between = Trickster::new(remote.server.port, Trick::Refuse(500), when);
        remote.reach(between.port);
        remote.wait_for(10);
        *HAND.lock().unwrap() = Some(path.clone());
        let told = remote.run(&["publish", "web", "--allow-deletes", "1"]).is(2);
        assert!(HAND.lock().unwrap().is_none(), "{sort:?}");
        assert_eq!(between.tricks.load(Ordering::SeqCst), 0);
        told.says("/gone.txt").says("别人在这期间换了那里的文件").says("新的网站已经切换");
        assert_eq!(fs::read_to_string(&path).unwrap(), THEIRS, "{sort:?}");
        // it is a stranger's from now on, and may stay
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(3).says("/gone.txt：不是发布的");
        remote.run(&["publish", "web", "--accept-changes"]).is(0);
        assert_eq!(fs::read_to_string(&path).unwrap(), THEIRS, "{sort:?}");
        let mut live = remote.live();
        live.remove("gone.txt");
        assert_eq!(live, remote.built());
    }
}

/// Where something of the site was, or will be.
#[test]
fn a_file_of_others_is_not_replaced_by_what_comes_back_or_comes_anew() {
    for sort in [Sort::S3, Sort::Apache] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 3);
        remote.site.put("static/notice.txt", "原来的\n");
        remote.run(&["publish", "web"]).is(0);
        fs::remove_file(remote.site.path("static/notice.txt")).unwrap();
        remote.run(&["publish", "web", "--allow-deletes", "1"]).is(0);
        let path = remote.server.site().join("notice.txt");
        fs::write(&path, THEIRS).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        // whether or not somebody has accepted it
        for accept in [false, true] {
            if accept {
                remote.run(&["publish", "web", "--accept-changes"]).is(0);
            }
            remote.run(&["rollback", "web"]).is(2).says("/notice.txt").says("没有回退");
            assert_eq!(fs::read_to_string(&path).unwrap(), THEIRS, "{sort:?}");
        }
        remote.site.put("static/notice.txt", "又一次\n");
        remote.run(&["publish", "web"]).is(3).says("/notice.txt：不是发布的（以前接受过），会换成网站的");
        assert_eq!(fs::read_to_string(&path).unwrap(), THEIRS, "{sort:?}");
        remote.run(&["publish", "web", "--accept-changes"]).is(0);
        remote.is_whole();
    }
}

fn is_first(method: &str, path: &str, _: i64) -> bool {
    method == "PUT" && path.contains("/first.txt")
}

/// A run was cut off before it sent a new page; meanwhile somebody has put his own there by hand.
#[test]
fn what_a_run_was_about_to_add_and_somebody_else_put_there_is_his() {
    for sort in [Sort::S3, Sort::Apache, Sort::Webdav] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 3);
        remote.run(&["publish", "web"]).is(0);
        remote.site.put("static/first.txt", "附件先传\n");
        remote.site.put("content/z/e.md", doc("戊", "2014-12-08", ""));
        let path = remote.server.site().join("z/e.html");
        let between = Trickster::new(remote.server.port, Trick::Refuse(403), is_first);
        remote.reach(between.port);
        remote.run(&["publish", "web"]).is(2);
        assert!(between.tricks.load(Ordering::SeqCst) > 0, "{sort:?}");
        remote.reach(remote.server.port);
        assert!(!path.exists(), "{sort:?}");
        // larger than ours: where files are written in their place a smaller one may be the half of it
        let theirs = THEIRS.repeat(1000);
        fs::write(&path, &theirs).unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        remote.run(&["publish", "web"]).is(3).says("/z/e.html");
        fs::remove_file(remote.site.path("content/z/e.md")).unwrap();
        fs::remove_file(remote.site.path("static/first.txt")).unwrap();
        remote.run(&["publish", "web", "--accept-changes"]).is(0);
        assert_eq!(fs::read_to_string(&path).unwrap(), theirs, "{sort:?}");
    }
}
