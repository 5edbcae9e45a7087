//! Lines that are cut, servers that fail or lie, publishers that are killed or come at once: no page is ever half a page,
//! none is lost, no failure is called a success, and the next run finishes the work.
//!
//! 40 cuts in the normal run; `GONGKAI_CUTS=200` for more.

use std::fs;
use std::process::Stdio;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::proxy::{Line, Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::publish::ended;
use crate::site_test::{Tree, doc};

fn cuts() -> u64 {
    std::env::var("GONGKAI_CUTS").ok().and_then(|cuts| cuts.parse().ok()).unwrap_or(40)
}

struct Random(u64);

impl Random {
    fn next(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Another version of some files; one comes, one goes.
fn become_generation(remote: &Remote, number: u64) {
    for n in 0..8_u64 {
        let text = format!("第 {n} 份，第 {} 版，{}\n", (n * 7 + number) % 5, "字".repeat(n as usize * 300));
        remote.site.put(&format!("static/f/{n}/{n}.txt"), text);
    }
    remote.site.put("content/z/a.md", doc(&format!("甲{}", number % 7), "2014-12-04", ""));
    let (comes, goes) = (number % 2, (number + 1) % 2);
    remote.site.put(&format!("static/g/{comes}.txt"), "来来去去");
    let _ = fs::remove_file(remote.site.path(&format!("static/g/{goes}.txt")));
}

/// Every live file is one of the old release or of the new one, whole, and none that both have is missing.
#[track_caller]
fn no_page_is_torn(live: &Tree, old: &Tree, new: &Tree) {
    for (path, bytes) in live {
        let is_whole = old.get(path) == Some(bytes) || new.get(path) == Some(bytes);
        // FTP servers keep what was cut off under the name that it was sent under
        let is_on_its_way = path.rsplit_once('.').is_some_and(|(_, ending)| ending.len() == 8);
        // what is new and was cut off no page leads to
        let is_new = !old.contains_key(path) && new.contains_key(path);
        assert!(is_whole || is_on_its_way || is_new, "{path} is half a file");
    }
    for path in old.keys().filter(|path| new.contains_key(*path)) {
        assert!(live.contains_key(path), "{path} is lost");
    }
}

/// Four at once, for they wait more than they work.
fn at_once(work: fn(u64)) {
    std::thread::scope(|scope| (0..4).for_each(|number| drop(scope.spawn(move || work(number)))));
}

fn lines_are_cut(sort: Sort, cuts: u64, most: u64, seed: u64) {
    let Some(server) = Server::start(sort) else { return };
    let remote = Remote::new(server, 60);
    become_generation(&remote, 0);
    remote.run(&["publish", "web"]).is(0);
    let mut random = Random(20261126 + seed);
    let (mut cut, mut old) = (0, remote.built());
    for number in 1..=cuts {
        become_generation(&remote, number);
        let line = Line::new(remote.server.port, 2000 + random.next(most) as i64, Duration::ZERO);
        remote.reach(line.port);
        remote.wait_for(1);
        let ended = remote.run(&["publish", "web", "--allow-deletes", "9"]);
        let new = remote.built();
        let live = remote.live();
        no_page_is_torn(&live, &old, &new);
        match ended.code {
            0 => assert!(live == new, "called a success, and is not: {}\n{}", ended.out, ended.err),
            2 => cut += 1,
            _ => panic!("{}\n{}", ended.out, ended.err),
        }
        remote.reach(remote.server.port);
        // one time in three somebody writes on before he tries again
        if random.next(3) == 0 {
            become_generation(&remote, number + 3);
        }
        remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
        remote.is_whole();
        no_rest(&remote);
        old = remote.built();
    }
    remote.run(&["verify", "web"]).is(0);
    println!("{sort:?}: {cut} of {cuts} runs were cut off");
    assert!(cuts < 10 || cut * 3 > cuts, "only {cut} of {cuts} runs were cut off");
}

#[test]
fn a_line_to_an_object_store_is_cut_at_any_point_and_nothing_is_torn_or_lost() {
    at_once(|number| lines_are_cut(Sort::S3, cuts() / 4, 700_000, number));
}

#[test]
fn a_line_to_a_webdav_server_is_cut_at_any_point_and_nothing_is_torn_or_lost() {
    lines_are_cut(Sort::Webdav, cuts() / 4, 900_000, 0);
}

#[test]
fn a_publisher_that_is_killed_leaves_nothing_torn_and_the_next_finishes() {
    at_once(|number| publishers_are_killed(cuts() / 8, number));
}

fn publishers_are_killed(times: u64, seed: u64) {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 60);
    remote.wait_for(1);
    become_generation(&remote, 0);
    remote.run(&["publish", "web"]).is(0);
    let (mut random, mut old) = (Random(7 + seed), remote.built());
    for number in 1..=times {
        become_generation(&remote, number);
        remote.site.build();
        let mut command = remote.command(&["publish", "web", "--allow-deletes", "9"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100 + random.next(400)));
        child.kill().unwrap();
        child.wait().unwrap();
        no_page_is_torn(&remote.live(), &old, &remote.built());
        // nobody waits for the claim of a dead one of the same machine
        remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
        remote.is_whole();
        no_rest(&remote);
        old = remote.built();
    }
}

#[test]
fn a_server_that_answers_with_errors_for_a_while_is_asked_again() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 40);
    let busy = Trickster::new(remote.server.port, Trick::Refuse(503), |_, _, count| count % 5 == 3);
    remote.reach(busy.port);
    remote.wait_for(1);
    let toml = remote.site.read("site.toml").replace("retries = 1", "retries = 6");
    remote.site.put("site.toml", toml);
    remote.run(&["publish", "web"]).is(0);
    assert!(busy.tricks.load(Ordering::SeqCst) > 10);
    remote.is_whole();
}

#[test]
fn a_server_that_refuses_one_file_makes_the_run_a_failure_that_deletes_nothing() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 40);
    become_generation(&remote, 0);
    remote.run(&["publish", "web"]).is(0);
    let old = remote.built();
    become_generation(&remote, 1);
    for status in [500, 403, 507] {
        let trick = match status {
            500 => Trick::Refuse(500),
            403 => Trick::Refuse(403),
            _ => Trick::Refuse(507),
        };
        let refuser =
            Trickster::new(remote.server.port, trick, |method, path, _| method == "PUT" && path.contains("g/1.txt"));
        remote.reach(refuser.port);
        remote.wait_for(1);
        remote.run(&["publish", "web"]).is(2).says("g/1.txt");
        let live = remote.live();
        assert!(live.contains_key("g/0.txt"), "a failed upload leads to no deletion");
        no_page_is_torn(&live, &old, &remote.built());
        assert!(refuser.tricks.load(Ordering::SeqCst) > 0);
    }
    remote.reach(remote.server.port);
    remote.run(&["verify", "web"]).is(1).says("有一次发布没有完成");
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
}

#[test]
fn what_arrives_without_its_last_bytes_is_found_out() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 40);
        // files of more than the 40 bytes that are lost
        become_generation(&remote, 0);
        let liar = Trickster::new(remote.server.port, Trick::Truncate, |method, path, _| {
            method == "PUT" && (path.contains("/5.txt") || path.contains("index.html"))
        });
        remote.reach(liar.port);
        remote.run(&["publish", "web"]).is(2);
        assert!(liar.tricks.load(Ordering::SeqCst) > 0);
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
    }
}

#[test]
fn a_slow_line_takes_its_time_and_loses_nothing() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 40);
    let line = Line::new(remote.server.port, i64::MAX / 2, Duration::from_millis(15));
    remote.reach(line.port);
    remote.wait_for(10);
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    assert!(!line.was_cut());
}

#[test]
fn a_server_whose_disk_is_full_keeps_the_old_site() {
    let Some(server) = Server::start_with(Sort::Webdav, Some(300)) else { return };
    let remote = Remote::new(server, 40);
    remote.wait_for(2);
    become_generation(&remote, 0);
    remote.run(&["publish", "web"]).is(0);
    let old = remote.built();
    remote.site.put("static/big.bin", vec![7; 2_000_000]);
    become_generation(&remote, 1);
    remote.run(&["publish", "web"]).is(2).says("big.bin");
    let live = remote.live();
    no_page_is_torn(&live, &old, &remote.built());
    assert!(live.contains_key("g/0.txt"));
    fs::remove_file(remote.site.path("static/big.bin")).unwrap();
    remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
    remote.is_whole();
}

#[test]
fn two_publishers_come_one_after_the_other_to_a_service_too() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 20);
    remote.run(&["publish", "web"]).is(0);
    let second = crate::site_test::temporary();
    let copied =
        std::process::Command::new("cp").arg("-r").arg(remote.site.root()).arg(second.path().join("site")).status();
    assert!(copied.unwrap().success());
    for round in 0..4 {
        remote.site.put("content/z/a.md", doc(&format!("甲{round}"), "2014-12-04", ""));
        fs::write(second.path().join("site/content/z/b.md"), doc(&format!("乙{round}"), "2014-12-05", "")).unwrap();
        let mut one = remote.command(&["publish", "web"]);
        let mut other = remote.command(&["publish", "web"]);
        other.current_dir(second.path().join("site"));
        let start = |command: &mut std::process::Command| {
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let (one, other) = (start(&mut one), start(&mut other));
        for child in [one, other] {
            ended(child.wait_with_output().unwrap()).is(0);
        }
        let built = [remote.built(), {
            let mut tree = crate::site_test::tree(&second.path().join("site/public"));
            tree.remove(".gongkai-files");
            tree
        }];
        assert!(built.contains(&remote.live()), "what is live is one of the two, whole");
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_clock_that_went_back_makes_no_release_the_older_one() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 5);
    remote.run(&["publish", "web"]).is(0);
    let own = remote.server.site().join(".gongkai");
    let text = fs::read_to_string(own.join("releases.jsonl")).unwrap();
    let id = serde_json::from_str::<serde_json::Value>(&text).unwrap()["release"].as_str().unwrap().to_owned();
    let future = format!("29991231T235959{}", &id[15..]);
    fs::write(own.join("releases.jsonl"), text.replace(&id, &future)).unwrap();
    fs::rename(own.join(format!("manifests/{id}.json")), own.join(format!("manifests/{future}.json"))).unwrap();
    // as a machine that made it would have left it, and another one sees it for the first time
    let last = text.replace(&id, &future);
    fs::write(own.join("seal"), gongkai::source::Digest::of(last.trim_end().as_bytes()).sha256 + "\n").unwrap();
    for entry in fs::read_dir(remote.site.path(".gongkai")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().ends_with(".last") {
            fs::remove_file(entry.path()).unwrap();
        }
    }
    remote.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    // the server believes what it saw of a folder a second ago
    std::thread::sleep(Duration::from_millis(1500));
    remote.run(&["publish", "web"]).is(0).says("30000101T");
    remote.run(&["rollback", "web"]).is(0).says(&future);
}
