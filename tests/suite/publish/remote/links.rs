//! Links that somebody put at a server of SFTP: nothing is written through them. And what such a server, if it moves no file
//! over another one, has out of the way.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::Remote;
use super::servers::{Server, Sort};
use crate::site_test::{doc, tree};

const THEIRS: &str = "别人的";

/// A site that was published once, and a folder of somebody else beside it.
fn published(sort: Sort) -> Option<(Remote, PathBuf)> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.run(&["publish", "web"]).is(0);
    let outside = remote.server.site().parent().unwrap().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("theirs.txt"), THEIRS).unwrap();
    Some((remote, outside))
}

#[test]
fn nothing_is_written_where_a_link_is() {
    let Some((remote, outside)) = published(Sort::Sftp) else { return };
    let site = remote.server.site();
    symlink(outside.join("theirs.txt"), site.join("z/c.html")).unwrap();
    symlink(outside.join("nothing"), site.join("z/d.html")).unwrap();
    remote.run(&["verify", "web"]).is(1).says("/z/c.html：不是发布的").says("2 个路径是符号链接");
    for name in ["c", "d"] {
        remote.site.put(&format!("content/z/{name}.md"), doc(name, "2014-12-06", ""));
    }
    remote.run(&["publish", "web"]).is(3).says("/z/d.html：不是发布的");
    remote.run(&["publish", "web", "--accept-changes"]).is(2).says("/z/d.html").says("把链接删去");
    assert_eq!(tree(&outside).into_iter().collect::<Vec<_>>(), [("theirs.txt".into(), THEIRS.into())]);
    fs::remove_file(site.join("z/c.html")).unwrap();
    fs::remove_file(site.join("z/d.html")).unwrap();
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    // one that took the place of a live page is replaced itself at most
    fs::rename(site.join("z/c.html"), outside.join("c.html")).unwrap();
    symlink(outside.join("c.html"), site.join("z/c.html")).unwrap();
    remote.run(&["verify", "web"]).is(1).says("/z/c.html：内容不对");
    remote.site.put("content/z/c.md", doc("丙二", "2014-12-06", ""));
    let before = fs::read(outside.join("c.html")).unwrap();
    remote.run(&["publish", "web"]).is(3);
    remote.run(&["publish", "web", "--accept-changes"]).is(2).says("把链接删去");
    assert_eq!(fs::read(outside.join("c.html")).unwrap(), before);
}

#[test]
fn what_publishing_keeps_is_not_written_through_a_link() {
    let Some((remote, outside)) = published(Sort::Sftp) else { return };
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    let own = remote.server.site().join(".gongkai");
    for name in ["kept", "staged", "manifests", "claims", "aside", ""] {
        let (path, away) = (own.join(name), outside.parent().unwrap().join("away"));
        let path = if name.is_empty() { own.clone() } else { path };
        let was_there = fs::rename(&path, &away).is_ok();
        symlink(&outside, &path).unwrap();
        remote.run(&["verify", "web"]);
        remote.run(&["publish", "web"]).is(2).says("符号链接").says("把链接删去");
        remote.run(&["publish", "web", "--accept-changes"]).is(2);
        assert_eq!(tree(&outside).into_iter().collect::<Vec<_>>(), [("theirs.txt".into(), THEIRS.into())], "{name}");
        fs::remove_file(&path).unwrap();
        if was_there {
            fs::rename(&away, &path).unwrap();
        }
    }
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
}

#[test]
fn what_was_begun_and_became_a_link_is_not_written_to() {
    let Some((remote, outside)) = published(Sort::Sftp) else { return };
    let site = remote.server.site();
    remote.site.put("static/g/new.txt", "新的");
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    // the run comes to an end where it keeps what was live: a file is where the folder should be
    fs::write(site.join(".gongkai/kept"), "挡路").unwrap();
    remote.run(&["publish", "web"]).is(2);
    fs::remove_file(site.join(".gongkai/kept")).unwrap();
    remote.run(&["verify", "web"]).is(1).says("没有完成");
    let _ = fs::remove_dir_all(site.join("g"));
    fs::create_dir(site.join("g")).unwrap();
    symlink(outside.join("theirs.txt"), site.join("g/new.txt")).unwrap();
    remote.run(&["publish", "web"]).is(3).says("/g/new.txt：不是发布的");
    remote.run(&["publish", "web", "--accept-changes"]).is(2).says("把链接删去");
    assert_eq!(fs::read_to_string(outside.join("theirs.txt")).unwrap(), THEIRS);
}

#[test]
fn what_was_withdrawn_for_privacy_does_not_stay_out_of_the_way() {
    let Some((remote, _)) = published(Sort::OldSftp) else { return };
    remote.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    remote.run(&["publish", "web"]).is(0);
    remote.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    let own = remote.server.site().join(".gongkai");
    let mut child = remote.command(&["publish", "web", "--allow-deletes", "9"]).spawn().unwrap();
    // what the server had out of the way and could not remove, while it is at work
    while fs::read_dir(own.join("manifests")).unwrap().count() < 3 {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    fs::create_dir_all(own.join("aside/z")).unwrap();
    fs::write(own.join("aside/z/p.html"), "丙丁戊").unwrap();
    assert!(child.wait().unwrap().success());
    for (path, bytes) in tree(&remote.server.site()) {
        assert!(!bytes.windows(9).any(|window| window == "丙丁戊".as_bytes()), "{path}");
    }
    remote.run(&["verify", "web"]).is(0);
}
