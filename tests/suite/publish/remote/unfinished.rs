//! Releases and rollbacks that were interrupted, and what somebody does next: nothing is called done that is not there, and
//! no way back is lost. And what cannot be done at once is refused before anything is sent.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::proxy::{Line, Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::{Tree, assert_same, doc};

/// A site of two releases, the second with another text, a file more and a file less; and what was live at each.
fn published(sort: Sort) -> Option<(Remote, [Tree; 2])> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.site.put("static/g/old.txt", "旧的");
    remote.run(&["publish", "web"]).is(0);
    let first = remote.live();
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.site.put("static/g/new.txt", "新的");
    fs::remove_file(remote.site.path("static/g/old.txt")).unwrap();
    remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
    let second = remote.live();
    Some((remote, [first, second]))
}

/// The releases of the chain, the live one last.
fn chain(remote: &Remote) -> Vec<String> {
    let text = fs::read_to_string(remote.server.site().join(".gongkai/releases.jsonl")).unwrap();
    let id = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["release"].as_str().unwrap().into();
    text.lines().map(id).collect()
}

/// The home page cannot be put in its place; documents were before it.
fn is_home(method: &str, path: &str, _: i64) -> bool {
    method == "PUT" && path.ends_with("/index.html") && !path.contains("/z/") && !path.contains(".gongkai")
}

/// Runs until the server refuses the home page, and is begun then.
fn interrupted(remote: &Remote, command: &[&str]) {
    let refuser = Trickster::new(remote.server.port, Trick::Refuse(403), is_home);
    remote.reach(refuser.port);
    let before = remote.live();
    remote.run(command).is(2);
    assert!(refuser.tricks.load(Ordering::SeqCst) > 0);
    assert!(remote.live() != before, "nothing was begun");
    remote.reach(remote.server.port);
    // the server believes what it saw of a folder a second ago
    std::thread::sleep(Duration::from_millis(1200));
}

#[test]
fn whoever_stays_at_the_live_release_gets_it_whole_whatever_was_begun() {
    let Some((remote, [_, second])) = published(Sort::S3) else { return };
    let live = chain(&remote).pop().unwrap();
    for command in [&["rollback", "web"][..], &["publish", "web", "--allow-deletes", "9"]] {
        remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
        remote.site.put("content/z/e.md", doc("戊", "2014-12-08", ""));
        interrupted(&remote, command);
        remote.run(&["verify", "web"]).is(1).says("没有完成");
        remote.run(&["rollback", "web", &live]).is(0).says(&format!("已回退到 {live}"));
        assert_same(&remote.live(), &second);
        no_rest(&remote);
        remote.run(&["verify", "web"]).is(0);
        remote.run(&["rollback", "web", &live]).is(2).says("就是现在的网站");
    }
}

#[test]
fn what_is_begun_and_cannot_be_put_right_is_not_called_done() {
    let Some((remote, _)) = published(Sort::S3) else { return };
    let ids = chain(&remote);
    interrupted(&remote, &["rollback", "web"]);
    let kept = remote.server.site().join(".gongkai/kept");
    for file in fs::read_dir(&kept).unwrap().flatten() {
        fs::remove_file(file.path()).unwrap();
    }
    std::thread::sleep(Duration::from_millis(1200));
    let stopped = remote.run(&["rollback", "web", &ids[1]]).is(3);
    let again = format!("gongkai rollback web {}", ids[0]);
    stopped.says("/z/a.html：不见了").says(&again).says("gongkai publish web");
    remote.run(&["verify", "web"]).is(1).says(&again);
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    no_rest(&remote);
}

#[test]
fn a_release_that_somebody_was_going_back_to_stays_one_when_another_is_published() {
    let Some((remote, [first, _])) = published(Sort::S3) else { return };
    interrupted(&remote, &["rollback", "web"]);
    remote.site.put("content/z/b.md", doc("乙二", "2014-12-05", ""));
    // and that one is interrupted, too
    interrupted(&remote, &["publish", "web"]);
    remote.site.put("content/z/b.md", doc("乙三", "2014-12-05", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0).says("没有问题");
    no_rest(&remote);
    remote.run(&["rollback", "web", &chain(&remote)[0]]).is(0);
    assert_same(&remote.live(), &first);
}

#[test]
fn what_a_rollback_withdrew_goes_though_the_seal_was_damaged() {
    static SEALS: AtomicUsize = AtomicUsize::new(0);
    let Some((remote, [first, _])) = published(Sort::S3) else { return };
    let id = chain(&remote).remove(0);
    // what stands behind the chain, when that is written
    let liar = Trickster::some(remote.server.port, Trick::Replace, 1, |method, path, _| {
        method == "PUT" && path.ends_with("/seal") && SEALS.fetch_add(1, Ordering::SeqCst) == 1
    });
    remote.reach(liar.port);
    remote.run(&["rollback", "web"]).is(2).says("seal");
    remote.reach(remote.server.port);
    std::thread::sleep(Duration::from_millis(1200));
    remote.run(&["verify", "web"]).is(1).says("/g/new.txt：撤下的文件还在");
    remote.run(&["rollback", "web", &id]).is(0).says("已经做完");
    assert_same(&remote.live(), &first);
    remote.run(&["verify", "web"]).is(0);
    no_rest(&remote);
}

#[test]
fn a_file_becomes_a_folder_in_two_releases() {
    for sort in [Sort::S3, Sort::Webdav, Sort::Sftp] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 0);
        remote.site.put("static/data", "一个文件");
        remote.run(&["publish", "web"]).is(0);
        let first = (chain(&remote).remove(0), remote.live());
        fs::remove_file(remote.site.path("static/data")).unwrap();
        remote.site.put("static/data/a.txt", "在文件夹里");
        let publish = ["publish", "web", "--allow-deletes", "9"];
        remote.run(&publish).is(2).says("data 那里是文件，要变成文件夹").says("先发布没有 data/a.txt 的网站");
        assert_same(&remote.live(), &first.1);
        remote.run(&["verify", "web"]).is(0);
        fs::remove_file(remote.site.path("static/data/a.txt")).unwrap();
        remote.run(&publish).is(0);
        remote.site.put("static/data/a.txt", "在文件夹里");
        remote.run(&publish).is(0);
        remote.is_whole();
        // and back: over the one in between
        remote.run(&["rollback", "web", &first.0]).is(2).says("那里是文件夹，要变成文件").says("没有回退");
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_note_of_the_live_files_that_is_gone_is_told() {
    let Some((remote, _)) = published(Sort::S3) else { return };
    fs::remove_file(remote.server.site().join(".gongkai/record.json")).unwrap();
    std::thread::sleep(Duration::from_millis(1200));
    remote.run(&["verify", "web"]).is(1).says("record.json 不见了");
    remote.run(&["publish", "web"]).is(3).says("record.json 不见了");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    remote.run(&["verify", "web"]).is(0);
}

/// A listing tells of a file of the same size and minute what it told of the one before.
#[test]
fn what_an_interrupted_run_put_there_is_not_taken_for_what_was_there_before() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    remote.site.put("static/sum.txt", "金额 100 元\n");
    remote.run(&["publish", "web"]).is(0);
    let live = remote.server.site().join("sum.txt");
    let written = fs::metadata(&live).unwrap().modified().unwrap();
    remote.site.put("static/sum.txt", "金额 200 元\n");
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    let line = Line::cut_at(remote.server.port, "APPE a.html.");
    remote.reach(line.port);
    remote.run(&["publish", "web"]).is(2);
    assert_eq!(fs::read_to_string(&live).unwrap(), "金额 200 元\n");
    fs::File::options().write(true).open(&live).unwrap().set_modified(written).unwrap();
    // the server believes what it saw of a folder a second ago
    std::thread::sleep(Duration::from_millis(1500));
    remote.reach(remote.server.port);
    remote.site.put("static/sum.txt", "金额 100 元\n");
    remote.site.put("content/z/b.md", doc("乙二", "2014-12-05", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0);
}
