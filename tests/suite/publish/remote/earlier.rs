//! Earlier releases whose manifests are damaged, gone, or said to be gone: what they need is not deleted.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use super::Remote;
use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use crate::site_test::doc;

fn wait() {
    std::thread::sleep(Duration::from_millis(1500));
}

/// The next version of the site.
fn change(remote: &Remote, title: &str) {
    remote.site.put("content/z/a.md", doc(title, "2014-12-04", ""));
}

/// A site of three releases, with the manifest of the first.
fn published(sort: Sort) -> Option<(Remote, PathBuf)> {
    let remote = Remote::new(Server::start(sort)?, 3);
    for title in ["甲一", "甲二", "甲三"] {
        change(&remote, title);
        remote.run(&["publish", "web"]).is(0);
    }
    change(&remote, "甲四");
    let own = remote.server.site().join(".gongkai");
    let chain = fs::read_to_string(own.join("releases.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(chain.lines().next().unwrap()).unwrap();
    let manifest = own.join(format!("manifests/{}.json", first["release"].as_str().unwrap()));
    Some((remote, manifest))
}

fn kept(remote: &Remote) -> Vec<String> {
    let kept = fs::read_dir(remote.server.site().join(".gongkai/kept")).unwrap();
    let mut names: Vec<String> = kept.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The first release can be gone back to.
fn is_there(remote: &Remote, manifest: &std::path::Path) {
    wait();
    remote.run(&["verify", "web"]).is(0).says("没有问题");
    remote.run(&["rollback", "web", manifest.file_stem().unwrap().to_str().unwrap()]).is(0);
    remote.run(&["verify", "web"]).is(0);
}

#[test]
fn a_manifest_of_an_earlier_release_that_was_changed_or_taken_stops_the_next_one() {
    for (sort, words) in [(Sort::S3, "的清单被改动了"), (Sort::Webdav, "的清单不见了")] {
        let Some((remote, manifest)) = published(sort) else { return };
        let (text, before) = (fs::read_to_string(&manifest).unwrap(), kept(&remote));
        match sort {
            Sort::S3 => fs::write(&manifest, format!("{text} ")).unwrap(),
            _ => fs::remove_file(&manifest).unwrap(),
        }
        wait();
        remote.run(&["publish", "web"]).is(3).says(words);
        assert_eq!(kept(&remote), before);
        fs::write(&manifest, &text).unwrap();
        wait();
        remote.run(&["publish", "web"]).is(0);
        is_there(&remote, &manifest);
    }
}

#[test]
fn whoever_accepts_it_gives_that_release_up() {
    let Some((remote, manifest)) = published(Sort::S3) else { return };
    fs::remove_file(&manifest).unwrap();
    wait();
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    remote.is_whole();
    remote.run(&["publish", "web"]).is(0).says("没有变化");
    remote.run(&["verify", "web"]).is(0);
}

#[test]
fn a_manifest_that_is_said_to_be_gone_once_costs_no_way_back() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some((remote, manifest)) = published(sort) else { return };
        let before = kept(&remote);
        *FIRST.lock().unwrap() = "none of them".into();
        let liar = Trickster::new(remote.server.port, Trick::Refuse(404), |method, path, _| {
            method == "GET" && path.contains(FIRST.lock().unwrap().as_str())
        });
        remote.reach(liar.port);
        // this machine has read it before, so that it is asked for when the next release is live
        change(&remote, "甲三");
        remote.run(&["publish", "web"]).is(0).says("没有变化");
        *FIRST.lock().unwrap() = manifest.file_name().unwrap().to_str().unwrap().to_owned();
        change(&remote, "甲四");
        remote.run(&["publish", "web"]).is(2).says("一个也没有删").says("新的网站已经切换");
        remote.is_whole();
        assert!(before.iter().all(|name| kept(&remote).contains(name)), "{sort:?}");
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0).says("没有变化");
        is_there(&remote, &manifest);
    }
}

/// The manifest that is asked for.
static FIRST: Mutex<String> = Mutex::new(String::new());

/// The chain tells whose site it is, and what was live.
#[test]
fn where_no_manifest_is_left_other_guards_hold() {
    let Some((remote, manifest)) = published(Sort::S3) else { return };
    fs::remove_dir_all(manifest.parent().unwrap()).unwrap();
    wait();
    let other = remote.run(&["publish", "web", "--accept-changes", "-u", "https://www.other.gov.cn"]).is(3);
    assert!(!other.says("发布目标里是另一个网站").out.contains("还没有发布过"));
    remote.run(&["publish", "web"]).is(3).says("清单");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    remote.is_whole();
    wait();
    remote.run(&["verify", "web"]).is(0);
}
