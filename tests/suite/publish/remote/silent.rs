//! Servers that take what they are asked and say nothing, for longer than anybody waits; and slow ones, that are waited for.

use super::Remote;
use super::proxy::{Line, Trick, Trickster};
use super::servers::{Server, Sort};

fn published(sort: Sort) -> Option<Remote> {
    let remote = Remote::new(Server::start(sort)?, 5);
    remote.run(&["publish", "web"]).is(0);
    Some(remote)
}

fn is_listing(method: &str, path: &str, _: i64) -> bool {
    method == "PROPFIND" || path.contains("list-type") || path.contains("prefix=")
}

fn is_text(method: &str, path: &str, _: i64) -> bool {
    method == "GET" && path.contains("releases.jsonl")
}

#[test]
fn a_silent_answer_is_not_waited_for_longer_than_it_is_allowed() {
    for (sort, which) in
        [(Sort::S3, is_listing as fn(&str, &str, i64) -> bool), (Sort::S3, is_text), (Sort::Webdav, is_text)]
    {
        let Some(remote) = published(sort) else { return };
        // whoever waited longer would be answered
        let silent = Trickster::new(remote.server.port, Trick::Delay(15_000), which);
        remote.reach(silent.port);
        remote.run(&["verify", "web"]).is(2).says("超时：服务器 2 秒没有回音");
    }
}

#[test]
fn an_ftp_server_that_is_silent_over_data_is_not_waited_for_either() {
    const LIST: super::proxy::Held = (|line| line.starts_with("LIST"), 20_000);
    const RETR: super::proxy::Held = (|line| line.starts_with("RETR"), 20_000);
    for held in [&[LIST], &[RETR]] {
        let Some(remote) = published(Sort::Ftp) else { return };
        let silent = Line::holding(remote.server.port, held);
        remote.reach(silent.port);
        remote.run(&["verify", "web"]).is(2).says("超时");
    }
}

#[test]
fn a_listing_that_comes_slowly_is_waited_for() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some(remote) = published(sort) else { return };
        // of WebDAV a folder after the other is asked for, and whether it is there is to be told within the time
        let times = if sort == Sort::S3 { i64::MAX } else { 4 };
        let slow = Trickster::some(remote.server.port, Trick::Dribble(700), times, is_listing);
        remote.reach(slow.port);
        remote.wait_for(if sort == Sort::S3 { 5 } else { 12 });
        remote.run(&["verify", "web"]).is(0).says("没有问题");
    }
}
