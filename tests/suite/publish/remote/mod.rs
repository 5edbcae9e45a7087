//! Publishing to real servers on loopback: S3, WebDAV, FTP, SFTP; and to what stands in for the clouds' object stores.

mod case;
mod earlier;
mod faults;
mod halves;
mod honest;
mod hostile;
mod large;
mod late;
mod links;
mod private;
mod proxy;
mod secrets;
pub mod servers;
mod silent;
mod theirs;
mod unfinished;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use super::{Ended, ended};
use crate::serve::process::program;
use crate::site_test::{SiteTest, Tree, assert_same, channel, doc, tree};
use servers::{Server, Sort};

/// A site and the server that it is published to.
pub struct Remote {
    pub site: SiteTest,
    pub server: Server,
}

impl Remote {
    /// `files`: how many the site has beside its pages.
    pub fn new(server: Server, files: usize) -> Self {
        let site = SiteTest::new()
            .file("content/z/_index.md", channel("栏目", ""))
            .file("content/z/a.md", doc("甲", "2014-12-04", ""))
            .file("content/z/b.md", doc("乙", "2014-12-05", ""));
        for n in 0..files {
            site.put(&format!("static/f/{}/{n}.txt", n % 50), format!("第 {n} 份，第 1 版\n"));
        }
        let config = server.config(server.port);
        Self { site: site.config(&config), server }
    }

    /// From now on the server is reached at another port.
    pub fn reach(&self, port: u16) {
        let text = self.site.read("site.toml");
        let (before, _) = text.split_once("\n[publish.web]").unwrap();
        self.site.put("site.toml", format!("{before}{}", self.server.config(port)));
    }

    /// From now on each request is waited for so many seconds, and what was given up a little more than twice as long.
    pub fn wait_for(&self, seconds: u64) {
        let text = self.site.read("site.toml");
        let (before, after) = text.split_once("\ntimeout = ").unwrap();
        let (_, after) = after.split_once('\n').unwrap();
        self.site.put("site.toml", format!("{before}\ntimeout = {seconds}\n{after}"));
    }

    pub fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = program();
        command.args(arguments).args(["--as-of", "2026-01-01"]).current_dir(self.site.root()).env("NO_COLOR", "1");
        command.envs(self.server.environment());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments).output().unwrap())
    }

    /// What readers are served.
    pub fn live(&self) -> Tree {
        let mut live = tree(&self.server.site());
        live.retain(|path, _| {
            !path.starts_with(".gongkai/") && !path.starts_with("_gongkai/") && !path.contains(".DAV/")
        });
        live
    }

    pub fn built(&self) -> Tree {
        let mut built = tree(&self.site.path("public"));
        built.remove(".gongkai-files");
        built
    }

    #[track_caller]
    pub fn is_whole(&self) {
        assert_same(&self.live(), &self.built());
    }

    /// When each live file was last written.
    fn times(&self) -> BTreeMap<String, SystemTime> {
        let time = |path: &String| fs::metadata(self.server.site().join(path)).unwrap().modified().unwrap();
        self.live().keys().map(|path| (path.clone(), time(path))).collect()
    }
}

/// Files of which the bytes or the time of change are not what they were.
fn moved(before: &BTreeMap<String, SystemTime>, after: &BTreeMap<String, SystemTime>) -> Vec<String> {
    let paths = before.keys().chain(after.keys());
    let mut moved: Vec<String> = paths.filter(|path| before.get(*path) != after.get(*path)).cloned().collect();
    moved.sort();
    moved.dedup();
    moved
}

/// The whole story, at one sort of server.
fn story(sort: Sort, files: usize) {
    let Some(server) = Server::start(sort) else { return };
    let remote = Remote::new(server, files);
    remote.run(&["publish", "web", "--dry-run"]).is(0);
    assert!(remote.live().is_empty(), "a dry run leaves nothing");
    remote.run(&["publish", "web"]).is(0).says("已发布");
    remote.is_whole();
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    // change 10, delete 5: only those move, and what follows from them
    let before = remote.times();
    for n in 0..10 {
        remote.site.put(&format!("static/f/{}/{n}.txt", n % 50), format!("第 {n} 份，第 2 版\n"));
    }
    for n in 20..25 {
        fs::remove_file(remote.site.path(&format!("static/f/{}/{n}.txt", n % 50))).unwrap();
    }
    let first = remote.built();
    std::thread::sleep(std::time::Duration::from_millis(20));
    remote.run(&["publish", "web", "--allow-deletes", "5"]).is(0).says("新增 0，修改 10，撤下 5");
    remote.is_whole();
    let wanted: Vec<String> = (0..10).chain(20..25).map(|n| format!("f/{}/{n}.txt", n % 50)).collect();
    let mut wanted: Vec<&String> = wanted.iter().collect();
    wanted.sort();
    assert_eq!(moved(&before, &remote.times()).iter().collect::<Vec<_>>(), wanted);
    remote.run(&["verify", "web"]).is(0).says("没有问题");
    // back, and forth
    remote.run(&["rollback", "web"]).is(0);
    assert_same(&remote.live(), &first);
    remote.run(&["verify", "web"]).is(0);
    let releases = remote.run(&["releases", "web"]).is(0);
    let later = releases.out.lines().rfind(|line| line.contains("可以回退")).expect("a release to go to").to_owned();
    remote.run(&["rollback", "web", later.split(' ').next().unwrap()]).is(0);
    remote.is_whole();
    // another's hand; tags tell of a file that is as long as before
    if sort.is_object_store() {
        fs::write(remote.server.site().join("f/1/1.txt"), "第 1 份，第 9 版\n").unwrap();
    }
    fs::write(remote.server.site().join("index.html"), "别人的").unwrap();
    fs::write(remote.server.site().join("f/0/strange.txt"), "别人的").unwrap();
    // servers believe what they saw of a folder a second ago
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let stopped = remote.run(&["publish", "web"]).is(3);
    let stopped = stopped.says("/index.html：内容不对").says("/f/0/strange.txt：不是发布的");
    assert_eq!(stopped.err.contains("/f/1/1.txt：内容不对"), sort.is_object_store(), "{}", stopped.err);
    remote.run(&["verify", "web"]).is(1).says("/index.html：内容不对");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    let mut live = remote.live();
    // nothing that we did not publish is ever deleted
    assert_eq!(live.remove("f/0/strange.txt").as_deref(), Some("别人的".as_bytes()));
    assert_same(&live, &remote.built());
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    remote.run(&["verify", "web"]).is(0);
    no_rest(&remote);
}

/// Nothing half-done lies at the target.
fn no_rest(remote: &Remote) {
    let all = tree(&remote.server.site());
    let rest =
        |path: &&String| ["/staged/", "/claims/", "/begun", "/aside/", ".tmp"].iter().any(|part| path.contains(part));
    let rest: Vec<&String> = all.keys().filter(rest).collect();
    assert!(rest.is_empty(), "{rest:?}");
}

/// Files of a story: 5,000 with `GONGKAI_FILES=5000`.
fn files() -> usize {
    std::env::var("GONGKAI_FILES").ok().and_then(|files| files.parse().ok()).unwrap_or(600)
}

#[test]
fn a_site_is_published_to_an_s3_server_changed_and_taken_back() {
    story(Sort::S3, std::env::var("GONGKAI_FILES").map_or(5000, |_| files()));
}

#[test]
fn a_site_is_published_to_oss_changed_and_taken_back() {
    story(Sort::Oss, files());
}

#[test]
fn a_site_is_published_to_obs_changed_and_taken_back() {
    story(Sort::Obs, files());
}

#[test]
fn a_site_is_published_to_cos_changed_and_taken_back() {
    story(Sort::Cos, files());
}

#[test]
fn a_site_is_published_to_a_webdav_server_changed_and_taken_back() {
    story(Sort::Webdav, files());
}

#[test]
fn a_site_is_published_to_apache_changed_and_taken_back() {
    story(Sort::Apache, files());
}

#[test]
fn a_site_is_published_to_an_ftp_server_changed_and_taken_back() {
    story(Sort::Ftp, files());
}

#[test]
fn a_site_is_published_to_an_ftp_server_with_tls() {
    story(Sort::Ftps, files().min(100));
}

#[test]
fn a_site_is_published_to_an_sftp_server_changed_and_taken_back() {
    story(Sort::Sftp, files());
}

#[test]
fn a_site_is_published_to_an_sftp_server_that_moves_nothing_over_another_file() {
    story(Sort::OldSftp, files().min(100));
}

#[test]
fn whatever_lies_at_the_target_before_the_first_release_is_told_and_stays() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    fs::write(remote.server.site().join("a.html"), "旧").unwrap();
    fs::write(remote.server.site().join("index.html"), "旧").unwrap();
    remote
        .run(&["publish", "web"])
        .is(3)
        .says("已经有 2 个不是 gongkai 发布的文件")
        .says("前 1 个与网站的路径相同，换成网站的；其余 1 个留在那里");
    let stopped = remote.run(&["publish", "web"]).is(3);
    let at = |words: &str| stopped.err.find(words).unwrap_or_else(|| panic!("{words}: {}", stopped.err));
    assert!(at("/index.html：会换成网站的") < at("/a.html：会留着"), "what is replaced comes first");
    assert_eq!(remote.live().len(), 2);
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    let mut live = remote.live();
    assert_eq!(live.remove("a.html").as_deref(), Some("旧".as_bytes()));
    assert_same(&live, &remote.built());
}

#[test]
fn strangers_that_were_accepted_stay_and_are_named_ever_after() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    remote.run(&["publish", "web"]).is(0);
    let clean = remote.run(&["verify", "web", "--format", "json"]).is(0);
    assert!(!clean.out.contains("accepted"), "{}", clean.out);
    fs::write(remote.server.site().join("evil.php"), "坏").unwrap();
    // the server believes what it saw of a folder a second ago
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.run(&["publish", "web"]).is(3).says("/evil.php：不是发布的").says("多出来的留在那里，不要的请自己删去");
    remote.run(&["verify", "web"]).is(1).says("不要的请自己删去");
    let accepted = remote.run(&["publish", "web", "--accept-changes"]).is(0);
    accepted.says("注意：1 个不是 gongkai 发布的文件照样留在那里").says("/evil.php");
    remote.run(&["verify", "web"]).is(0).says("没有问题").says("另有 1 个不是发布的文件，已经接受：/evil.php");
    let told = remote.run(&["verify", "web", "--format", "json"]).is(0);
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!(told["accepted"], serde_json::json!(["evil.php"]));
    fs::write(remote.server.site().join("evil.php"), "更坏").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    remote.run(&["verify", "web"]).is(1).says("/evil.php：不是发布的");
}

#[test]
fn names_that_others_chose_do_not_steer_a_terminal() {
    let Some(server) = Server::start(Sort::Sftp) else { return };
    let remote = Remote::new(server, 1);
    remote.run(&["publish", "web"]).is(0);
    let names = ["evil\u{1b}[2J.txt", "x\nb：没有问题.txt", "\u{202e}gpj.exe", "bell\u{7}.txt", "c\u{9b}1.txt"];
    names.iter().for_each(|name| fs::write(remote.server.site().join(name), "别人的").unwrap());
    let bad = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    let is_plain = |printed: &str| assert!(!printed.contains(bad) && !printed.contains("x\n"), "{printed:?}");
    for (arguments, code) in [
        (&["publish", "web"][..], 3),
        (&["publish", "web", "--dry-run", "--accept-changes"], 0),
        (&["publish", "web", "--dry-run", "--accept-changes", "--format", "json"], 0),
        (&["publish", "web", "--accept-changes"], 0),
        (&["verify", "web"], 0),
        (&["verify", "web", "--format", "json"], 0),
    ] {
        let ended = remote.run(arguments).is(code);
        is_plain(&ended.out);
        is_plain(&ended.err);
    }
    remote.run(&["verify", "web"]).is(0).says("已经接受：").says("/x�b：没有问题.txt");
    // a program reads the names as they are
    let told = remote.run(&["verify", "web", "--format", "json"]).is(0);
    let told: serde_json::Value = serde_json::from_str(&told.out).unwrap();
    let mut told: Vec<&str> = told["accepted"].as_array().unwrap().iter().filter_map(|name| name.as_str()).collect();
    told.sort_unstable();
    let mut names = names.to_vec();
    names.sort_unstable();
    assert_eq!(told, names);
}

#[test]
fn files_that_are_others_business_are_left_alone() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    let toml = remote.site.read("site.toml");
    remote.site.put("site.toml", format!("{toml}ignore = [\".well-known/**\"]\n"));
    let known = remote.server.site().join(".well-known/acme");
    fs::create_dir_all(&known).unwrap();
    fs::write(known.join("token"), "别人的").unwrap();
    remote.run(&["publish", "web"]).is(0);
    fs::write(known.join("token"), "又一个").unwrap();
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    assert!(Path::new(&known.join("token")).is_file());
}

#[test]
fn lines_that_are_cut_off_the_chain_or_changed_in_it_are_no_unfinished_release() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    for round in 0..3 {
        remote.site.put("content/z/a.md", doc(&format!("甲{round}"), "2014-12-04", ""));
        remote.run(&["publish", "web"]).is(0);
    }
    let chain = remote.server.site().join(".gongkai/releases.jsonl");
    let text = fs::read_to_string(&chain).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let forged = [
        format!("{}\n{}\n", lines[0], lines[1]),
        String::new(),
        text.replace(lines[2], &lines[2].replace("\"changed\":", "\"changed\":9")),
    ];
    remote.site.put("content/z/a.md", doc("甲丁", "2014-12-04", ""));
    for forged in forged {
        fs::write(&chain, forged).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1200));
        remote.run(&["verify", "web"]).is(1).says("最后几行被改动或删去");
        remote.run(&["publish", "web"]).is(3).says("最后几行被改动或删去");
    }
}

#[test]
fn what_was_withdrawn_for_privacy_is_left_nowhere_at_a_service() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 3);
    remote.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    remote.run(&["publish", "web", "--allow-deletes", "9"]).is(0).says("删去的旧批次");
    for (path, bytes) in tree(&remote.server.site()) {
        let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!has("丙丁戊"), "{path}");
    }
    remote.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
}

#[test]
fn a_site_that_the_target_cannot_hold_is_refused_before_anything_is_sent() {
    let Some(server) = Server::start(Sort::Ftp) else { return };
    let remote = Remote::new(server, 3);
    remote.site.put("static/empty.txt", "");
    remote.run(&["publish", "web"]).is(2).says("empty.txt").says("FTP 传不了空文件");
    assert!(remote.live().is_empty());
    remote.site.put("static/empty.txt", "\n");
    let toml = remote.site.read("site.toml");
    for (line, words) in [("state = \"www/z\"", "它在 state 的文件夹里"), ("ignore = [\"z/**\"]", "算作别人的文件")]
    {
        remote.site.put("site.toml", format!("{toml}{line}\n"));
        remote.run(&["publish", "web"]).is(2).says(words);
        assert!(!remote.live().contains_key("index.html"));
    }
    remote.site.put("site.toml", toml);
    remote.run(&["publish", "web"]).is(0);
}
