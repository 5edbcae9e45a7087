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
    remote.wait_for(1);
}

/// A publisher is killed while a request of his is on its way.
fn is_killed_at(remote: &Remote, slow: &Trickster) {
    let mut child = remote.command(&["publish", "web"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while slow.tricks.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
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
fn a_copy_that_comes_a_second_time_is_not_kept_for_what_was_live() {
    let Some(remote) = published(Sort::S3) else { return };
    let again = Trickster::new(remote.server.port, Trick::Again("/releases.jsonl"), |method, path, _| {
        method == "PUT" && path.contains("/kept/")
    });
    remote.reach(again.port);
    remote.run(&["publish", "web"]).is(2).says("为回退保留的").says("新的网站已经切换");
    again.is_over();
    for (path, bytes) in tree(&remote.server.site().join(".gongkai/kept")) {
        assert_eq!(gongkai::source::Digest::of(&bytes).sha256, path);
    }
    remote.is_whole();
}

#[test]
fn what_a_publisher_that_was_killed_was_moving_is_waited_for_by_the_next() {
    let Some(remote) = published(Sort::Webdav) else { return };
    let slow = Trickster::some(remote.server.port, Trick::Delay(1600), 1, is_move);
    reach(&remote, slow.port);
    let first = remote.live();
    is_killed_at(&remote, &slow);
    remote.run(&["publish", "web"]).is(0);
    std::thread::sleep(Duration::from_millis(1700));
    assert_eq!(remote.live().len(), first.len());
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0);
}

type Which = fn(&str, &str, i64) -> bool;

fn is_put_of_new(method: &str, path: &str, _: i64) -> bool {
    method == "PUT" && path.ends_with("/g/new.txt")
}

fn is_put_aside(method: &str, path: &str, _: i64) -> bool {
    method == "PUT" && path.contains("/staged/")
}

fn is_deletion(method: &str, path: &str, _: i64) -> bool {
    (method == "DELETE" || method == "POST" && path.contains("delete")) && !path.contains("/claims/")
}

fn is_put_of_the_chain(method: &str, path: &str, _: i64) -> bool {
    method == "PUT" && path.contains("/releases.jsonl")
}

fn is_new_folder(method: &str, path: &str, _: i64) -> bool {
    method == "MKCOL" && path.trim_end_matches('/').ends_with("/g")
}

/// Whatever is held back, and however the run ends: when it has ended, nothing of it is still to be done.
fn ends_with_all_that_it_began(sort: Sort, trick: Trick, times: i64, which: Which, command: &[&str]) -> Option<Remote> {
    let remote = published(sort)?;
    remote.site.put("static/g/new.txt", "新的");
    fs::remove_file(remote.site.path("static/f/1/1.txt")).unwrap();
    let slow = Trickster::some(remote.server.port, trick, times, which);
    reach(&remote, slow.port);
    remote.run(command);
    slow.is_over();
    reach(&remote, remote.server.port);
    Some(remote)
}

const PUBLISH: &[&str] = &["publish", "web", "--allow-deletes", "9"];

/// All at once, for they wait more than they work.
fn each<T: Send>(cases: impl IntoIterator<Item = T>, test: impl Fn(T) -> Option<()> + Sync) {
    std::thread::scope(|scope| {
        for case in cases {
            let test = &test;
            scope.spawn(move || test(case));
        }
    });
}

#[test]
fn no_run_ends_before_what_it_gave_up_is_over() {
    let cases = [
        (Sort::S3, 9, is_put_of_new as Which),
        (Sort::Webdav, 1, is_new_folder),
        (Sort::S3, 1, is_deletion),
        (Sort::Webdav, 1, is_deletion),
        (Sort::S3, 9, is_put_of_the_chain),
        (Sort::Webdav, 1, is_put_of_the_chain),
    ];
    each(cases, |(sort, times, which)| {
        let remote = ends_with_all_that_it_began(sort, Trick::Delay(2600), times, which, PUBLISH)?;
        remote.run(PUBLISH).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
        Some(())
    });
}

#[test]
fn a_gateway_that_answers_with_any_error_may_have_passed_the_request_on() {
    let is_copy: Which = |method, path, _| method == "COPY" || method == "PUT" && path.contains("/kept/");
    let cases = [
        (Sort::Webdav, 524, is_move as Which),
        (Sort::Webdav, 500, is_move),
        (Sort::S3, 520, is_copy),
        (Sort::Webdav, 503, is_copy),
    ];
    each(cases, |(sort, status, which)| {
        let remote = ends_with_all_that_it_began(sort, Trick::Late(status, 1800), 2, which, PUBLISH)?;
        remote.is_whole();
        for (path, bytes) in tree(&remote.server.site().join(".gongkai/kept")) {
            assert_eq!(gongkai::source::Digest::of(&bytes).sha256, path);
        }
        remote.run(&["verify", "web"]).is(0);
        remote.run(&["rollback", "web"]).is(0);
        Some(())
    });
}

#[test]
fn nothing_private_comes_back_after_a_clearing() {
    for (sort, which) in [
        (Sort::S3, is_put_aside as Which),
        (Sort::Webdav, |method, path, _| method == "MOVE" && path.contains("/cleared.json.")),
    ] {
        let Some(remote) = published(sort) else { return };
        remote.run(&["publish", "web"]).is(0);
        let withdraw = ["withdraw", "z/a.md", "--reason", "privacy", "--show", "nothing", "--date", "2026-01-01"];
        remote.site.put("content/z/a.md", doc("甲四", "2014-12-04", ""));
        if sort == Sort::Webdav {
            remote.run(&withdraw).is(0);
        }
        let slow =
            Trickster::some(remote.server.port, Trick::Delay(2600), if sort == Sort::S3 { 99 } else { 1 }, which);
        reach(&remote, slow.port);
        let ended = remote.run(PUBLISH);
        slow.is_over();
        if sort == Sort::S3 {
            ended.is(2);
            remote.run(&withdraw).is(0);
            reach(&remote, remote.server.port);
            remote.run(PUBLISH).is(0);
        }
        for (path, bytes) in tree(&remote.server.site()) {
            let is_private =
                bytes.windows(6).any(|window| ["甲三", "甲四"].iter().any(|word| window == word.as_bytes()));
            assert!(!is_private, "{path}");
        }
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
    }
}

#[test]
fn what_a_publisher_that_was_killed_was_sending_is_waited_for_by_the_next() {
    let Some(remote) = published(Sort::S3) else { return };
    let slow = Trickster::some(remote.server.port, Trick::Delay(2000), 1, is_put_aside);
    reach(&remote, slow.port);
    is_killed_at(&remote, &slow);
    remote.run(&["publish", "web"]).is(0);
    slow.is_over();
    remote.is_whole();
    no_rest(&remote);
}

#[test]
fn what_never_left_this_machine_is_not_waited_for() {
    for sort in [Sort::S3, Sort::Ftp] {
        let Some(remote) = published(sort) else { return };
        // nobody listens there; one that was free a moment ago another test may have taken
        remote.reach(1);
        remote.wait_for(60);
        let begun = std::time::Instant::now();
        remote.run(&["publish", "web"]).is(2);
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}

/// With a code of its own it is the bucket that speaks, and no gateway before it.
#[test]
fn what_a_bucket_itself_could_not_do_is_not_waited_for() {
    const BUSY: &str = "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>x</Message></Error>";
    let Some(remote) = published(Sort::S3) else { return };
    let busy = Trickster::some(remote.server.port, Trick::Say(503, "", BUSY), 1, is_put_aside);
    remote.reach(busy.port);
    remote.wait_for(60);
    let begun = std::time::Instant::now();
    remote.run(&["publish", "web"]).is(0);
    assert!(busy.tricks.load(Ordering::SeqCst) > 0 && begun.elapsed() < Duration::from_secs(60));
    remote.is_whole();
}

#[test]
fn what_was_left_on_its_way_is_told_unless_somebody_is_at_work() {
    let Some(remote) = published(Sort::S3) else { return };
    remote.run(&["publish", "web"]).is(0);
    let own = remote.server.site().join(".gongkai");
    let claim = own.join(format!("claims/{}-{}", "0f".repeat(16), "0f".repeat(8)));
    let wait = || std::thread::sleep(Duration::from_millis(1500));
    for (name, words) in [("staged/left", "staged/… 还有 1 个文件"), ("seal.0f.tmp", "….tmp 还有 1 个文件")]
    {
        let left = own.join(name);
        fs::create_dir_all(left.parent().unwrap()).unwrap();
        fs::create_dir_all(claim.parent().unwrap()).unwrap();
        fs::write(&left, "留下的").unwrap();
        wait();
        remote.run(&["verify", "web"]).is(1).says(words);
        fs::write(&claim, "1\n").unwrap();
        wait();
        remote.run(&["verify", "web"]).is(0);
        fs::remove_file(&claim).unwrap();
        wait();
        remote.run(&["publish", "web"]).is(0).says("没有变化");
        remote.run(&["verify", "web"]).is(0);
    }
}
