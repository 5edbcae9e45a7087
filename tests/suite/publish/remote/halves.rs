//! What is half-done when a server or a line fails in the middle: it is ours, it is finished or swept, and it is no alarm.

use std::fs;

use super::proxy::Line;
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::doc;

/// A try of a file ends in the middle, under the name that it has meanwhile.
fn halves(remote: &Remote) -> Vec<String> {
    let is_half = |path: &String| path.rsplit_once('.').is_some_and(|(_, ending)| ending.len() == 8);
    remote.live().into_keys().filter(is_half).collect()
}

#[test]
fn half_sent_files_of_ours_are_swept_and_those_of_others_told() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    let put = |name: &str| fs::write(remote.server.site().join(name), "半").unwrap();
    let sha256 = "0123456789abcdef".repeat(4);
    let claim = format!("{}-0123456789abcdef", "0f".repeat(16));
    let own = [
        format!("{sha256}.AbCdEf12"),
        format!("{claim}.AbCdEf12"),
        "20260101T000000-01234567.json.AbCdEf12".into(),
        "seal.AbCdEf12".into(),
        "begun.AbCdEf12".into(),
        "record.json.AbCdEf12".into(),
        "releases.jsonl.AbCdEf12".into(),
    ];
    // before anything is live, and beside what is
    for more in [&[][..], &["index.html.AbCdEf12".into(), "a.html.AbCdEf12".into()]] {
        own.iter().chain(more).for_each(|name| put(name));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
    }
    let others = [
        "report.AbCdEf12".to_owned(),
        "seal.AbCdEf1".into(),
        "z/seal.AbCdEf12".into(),
        format!("{}.AbCdEf12", &sha256[1..]),
        format!("{sha256}.AbCdEf-2"),
        "notes.json.AbCdEf12".into(),
    ];
    others.iter().for_each(|name| put(name));
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let told = remote.run(&["publish", "web"]).is(3);
    others.iter().fold(told, |told, name| told.says(&format!("/{name}：不是发布的")));
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    let live = remote.live();
    others.iter().for_each(|name| assert!(live.contains_key(name), "{name}"));
}

#[test]
fn what_a_line_to_an_ftp_server_left_half_sent_is_swept_by_the_run_that_succeeds() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 20);
    remote.run(&["publish", "web"]).is(0);
    for round in 1..=5 {
        for n in 0..8 {
            remote.site.put(&format!("static/f/{n}/{n}.txt"), format!("{round} {}\n", "字".repeat(20_000)));
        }
        remote.site.put("content/z/a.md", doc(&format!("甲{round}"), "2014-12-04", ""));
        let line = Line::cut_once(remote.server.port, 1000 + round * 1900);
        remote.reach(line.port);
        if remote.run(&["publish", "web"]).code != 0 {
            remote.run(&["publish", "web"]).is(0);
        }
        assert_eq!(halves(&remote), Vec::<String>::new(), "round {round}");
        remote.is_whole();
        no_rest(&remote);
    }
}
