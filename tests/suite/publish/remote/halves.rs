//! What is half-done when a server or a line fails in the middle: it is ours, it is finished or swept, and it is no alarm.

use std::fs;

use super::proxy::{Line, Trick, Trickster};
use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::{Tree, assert_same, doc, tree};

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
    let only_ours = [
        format!("{sha256}.AbCdEf12"),
        // of which a person might choose the ending, but not the name
        format!("{sha256}.Ztspfmmt"),
        format!("{sha256}.20261126"),
        format!("{claim}.AbCdEf12"),
        "20260101T000000-01234567.json.AbCdEf12".to_owned(),
    ];
    let own = [
        "seal.AbCdEf12".into(),
        "begun.AbCdEf12".into(),
        "record.json.AbCdEf12".into(),
        "releases.jsonl.AbCdEf12".into(),
        "index.html.AbCdEf12".into(),
        "a.html.AbCdEf12".into(),
    ];
    // before anything is live, and beside what is
    for _ in 0..2 {
        only_ours.iter().for_each(|name| put(name));
        std::thread::sleep(std::time::Duration::from_millis(1500));
        remote
            .run(&["publish", "web"])
            .is(0)
            .says("5 个没有传完的文件")
            .says("/20260101T000000-01234567.json.AbCdEf12");
        remote.is_whole();
    }
    // the others where a run was interrupted, and there alone
    let backups = ["index.html.20261126", "index.html.original", "index.html.Original", "sitemap.xml.BACKUPED"];
    own.iter().map(String::as_str).chain(backups).for_each(put);
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.run(&["publish", "web"]).is(3).says("10 个文件可能是中断的那一次没有传完的，也可能是别人的备份");
    remote.run(&["verify", "web"]).is(1).says("可能是中断的那一次没有传完的");
    fs::write(remote.server.site().join("_gongkai/begun"), "x").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.run(&["publish", "web"]).is(3).says("6 个没有传完的文件").says("4 个文件可能是");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    for name in backups {
        fs::remove_file(remote.server.site().join(name)).expect(name);
    }
    remote.is_whole();
    let others = [
        "report.AbCdEf12".to_owned(),
        "seal.AbCdEf1".to_owned(),
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

#[test]
fn what_was_sent_and_could_not_be_given_its_name_is_swept_by_the_same_run() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    let line = Line::cut_once_at(remote.server.port, "RNTO f/");
    remote.reach(line.port);
    remote.run(&["publish", "web"]).is(0);
    assert!(line.was_met());
    // of a hundred endings that are drawn one might be a word or a date, and such a file stays
    let has_capitals = |path: &&String| path.rsplit_once('.').unwrap().1.contains(|c: char| c.is_ascii_uppercase());
    assert_eq!(halves(&remote).iter().filter(has_capitals).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_run_that_ends_while_its_claim_is_being_renewed_leaves_nothing_of_it() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    /// Where it is to be given its name.
    fn is_claim(line: &str) -> bool {
        line.strip_prefix("RNFR ").and_then(|rest| rest.split_once('.')).is_some_and(|(name, _)| name.len() == 49)
    }
    // the claim is renewed ten seconds after it was written, and the run ends while that is held back
    let line = Line::holding(
        remote.server.port,
        &[(is_claim, 6_000), (|line| line.starts_with("DELE _gongkai/begun"), 12_500)],
    );
    remote.reach(line.port);
    remote.wait_for(30);
    remote.run(&["publish", "web"]).is(0);
    let left: Vec<String> = halves(&remote);
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(fs::read_dir(remote.server.site().join("_gongkai/claims")).unwrap().count(), 0);
    remote.is_whole();
}

#[test]
fn they_are_known_for_ours_even_when_the_run_was_cut_off_after_its_release_was_live() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    remote.run(&["publish", "web"]).is(0);
    fs::remove_file(remote.site.path("static/f/0/0.txt")).unwrap();
    let line = Line::cut_at(remote.server.port, "DELE f/0/0.txt");
    remote.reach(line.port);
    remote.run(&["publish", "web", "--allow-deletes", "1"]).is(2).says("新的网站已经切换");
    fs::write(remote.server.site().join("index.html.AbCdEf12"), "半").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.reach(remote.server.port);
    remote.run(&["publish", "web"]).is(0).says("1 个没有传完的文件");
    remote.is_whole();
    no_rest(&remote);
    // that run is done, and with it what was known of its files
    fs::write(remote.server.site().join("index.html.AbCdEf12"), "半").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.run(&["publish", "web"]).is(3).says("/index.html.AbCdEf12：不是发布的");
}

/// Publishing keeps its own beside the site, not in it, and the server is reached at this port.
fn beside(remote: &Remote, port: u16) {
    remote.reach(port);
    let toml = remote.site.read("site.toml");
    remote.site.put("site.toml", format!("{toml}state = \"gongkai\"\n"));
}

#[test]
fn what_is_half_sent_above_site_and_state_is_swept_too() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    let top = remote.server.site().parent().unwrap().to_owned();
    let holding = || -> Vec<String> {
        let has = |bytes: &[u8]| bytes.windows("丙丁戊".len()).any(|window| window == "丙丁戊".as_bytes());
        tree(&top).into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
    };
    beside(&remote, remote.server.port);
    remote.run(&["publish", "web"]).is(0);
    fs::write(top.join("index.html.20261126"), "别人的").unwrap();
    fs::write(top.join("notes.AbCdEf12"), "别人的").unwrap();
    remote.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    let line = Line::cut_at(remote.server.port, "RNTO www/z/p.html");
    beside(&remote, line.port);
    remote.run(&["publish", "web"]).is(2);
    let half = holding().into_iter().find(|path| path.starts_with("p.html.")).expect("a half-sent file");
    // of a hundred endings that are drawn one might be a word or a date
    fs::rename(top.join(half), top.join("p.html.AbCdEf12")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    beside(&remote, remote.server.port);
    remote.run(&["verify", "web"]).is(1).says("网站以外").says("/p.html.AbCdEf12");
    let told = remote.run(&["publish", "web"]).is(0).says("1 个没有传完的文件").says("/p.html.AbCdEf12");
    // others' files there are told if they may be ours, and stay
    assert!(told.says("/index.html.20261126").err.contains("不能确定，不删"));
    assert!(!top.join("p.html.AbCdEf12").exists());
    remote.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
    assert_eq!(holding(), Vec::<String>::new());
    for name in ["index.html.20261126", "notes.AbCdEf12"] {
        assert!(top.join(name).exists(), "{name}");
    }
    // and what the run itself could not give its name
    fs::remove_file(top.join("index.html.20261126")).unwrap();
    let line = Line::cut_once_at(remote.server.port, "RNTO www/f/");
    beside(&remote, line.port);
    remote.site.put("static/f/0/0.txt", "又一版\n");
    remote.run(&["publish", "web"]).is(0);
    assert!(line.was_met());
    let has_capitals =
        |path: &String| path.rsplit_once('.').is_some_and(|(_, end)| end.contains(|c: char| c.is_ascii_uppercase()));
    let left: Vec<String> =
        tree(&top).into_keys().filter(|path| path.starts_with("0.txt.") && has_capitals(path)).collect();
    assert_eq!(left, Vec::<String>::new());
    beside(&remote, remote.server.port);
    remote.run(&["verify", "web"]).is(0);
}

/// What is live after two releases and a third that was begun: the server was stopped when it had removed a page and not yet
/// moved the next one to its place. With it what was live first.
fn begun(sort: Sort) -> Option<(Remote, Tree)> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.run(&["publish", "web"]).is(0);
    let first = remote.built();
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
    let refuser = Trickster::new(remote.server.port, Trick::Refuse(500), |method, path, _| {
        method == "MOVE" && path.contains("/staged/")
    });
    remote.reach(refuser.port);
    remote.wait_for(1);
    let old = remote.live();
    remote.run(&["publish", "web"]).is(2);
    assert_same(&remote.live(), &old);
    remote.reach(remote.server.port);
    fs::remove_file(remote.server.site().join("z/a.html")).unwrap();
    // the server believes what it saw of a folder a second ago
    std::thread::sleep(std::time::Duration::from_millis(1500));
    Some((remote, first))
}

#[test]
fn a_page_that_is_away_because_a_server_was_stopped_is_put_there_by_the_next_run() {
    for sort in [Sort::Webdav, Sort::Apache] {
        let Some((remote, _)) = begun(sort) else { return };
        let told = remote.run(&["verify", "web"]).is(1).says("有一次发布没有完成");
        assert!(!told.out.contains("不见了"), "{}", told.out);
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
    }
}

#[test]
fn it_is_put_there_whatever_that_run_publishes() {
    for title in ["甲二", "甲四"] {
        let Some((remote, _)) = begun(Sort::Webdav) else { return };
        remote.site.put("content/z/a.md", doc(title, "2014-12-04", ""));
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn it_is_put_there_by_a_rollback_too() {
    let Some((remote, first)) = begun(Sort::Webdav) else { return };
    remote.run(&["rollback", "web"]).is(0);
    assert_same(&remote.live(), &first);
    remote.run(&["verify", "web"]).is(0);
}

#[test]
fn what_else_is_missing_meanwhile_was_taken_by_others() {
    let Some((remote, _)) = begun(Sort::Webdav) else { return };
    fs::remove_file(remote.server.site().join("f/0/0.txt")).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let told = remote.run(&["publish", "web"]).is(3).says("/f/0/0.txt：不见了");
    assert!(!told.err.contains("/z/a.html"), "{}", told.err);
}
