//! Servers that lead elsewhere, say more than anybody can keep, or never come to an end; links that lead out of the site; and
//! texts of publishing's own that somebody forged, emptied or put back.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::Remote;
use super::proxy::{Trick, Trickster};
use super::servers::{Server, Sort};
use crate::site_test::doc;

/// A site of two releases.
fn published(sort: Sort) -> Option<Remote> {
    let remote = Remote::new(Server::start(sort)?, 3);
    remote.run(&["publish", "web"]).is(0);
    remote.site.put("content/z/a.md", doc("甲二", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    Some(remote)
}

/// Until servers that believe what they saw of a folder look again.
fn wait() {
    std::thread::sleep(Duration::from_millis(1500));
}

fn is_listing(method: &str, path: &str, _: i64) -> bool {
    method == "PROPFIND" || method == "GET" && path.contains("list-type")
}

#[test]
fn no_request_is_led_to_another_server() {
    for sort in [Sort::S3, Sort::Webdav] {
        let Some(remote) = published(sort) else { return };
        let elsewhere = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let port = elsewhere.local_addr().unwrap().port();
        for status in [301, 302, 307, 308] {
            let leader =
                Trickster::new(remote.server.port, Trick::Lead(status, port), |_, path, _| !path.contains("/claims/"));
            remote.reach(leader.port);
            let words = format!("http://localhost:{port}：口令、密钥不给别处");
            remote.run(&["verify", "web"]).is(2).says(&words);
            assert!(elsewhere.accept().is_err(), "somebody else was asked");
        }
    }
}

#[test]
fn what_is_larger_than_it_can_be_is_not_read_to_its_end() {
    type Which = fn(&str, &str, i64) -> bool;
    let is_manifest: Which = |method, path, _| method == "GET" && path.contains("/manifests/");
    let is_page: Which = |method, path, _| method == "GET" && path.ends_with("/z/a.html");
    let is_put: Which = |method, _, _| method == "PUT";
    for (sort, which, status, code, words) in [
        (Sort::Webdav, is_manifest, 200, 2, "没有读完"),
        (Sort::S3, is_listing as Which, 200, 2, "没有读完"),
        (Sort::Webdav, is_listing as Which, 207, 2, "没有读完"),
        (Sort::S3, is_page, 200, 1, "内容不对"),
        (Sort::S3, is_put, 400, 2, "没有读完"),
    ] {
        let Some(remote) = published(sort) else { return };
        let flood = Trickster::new(remote.server.port, Trick::Flood(status, 1 << 20), which);
        remote.reach(flood.port);
        let begun = Instant::now();
        let command = if code == 1 || words == "没有读完" && status != 400 { "verify" } else { "publish" };
        let ended = remote.run(&[command, "web"]).is(code);
        ended.says(words);
        assert!(begun.elapsed() < Duration::from_secs(40));
    }
}

#[test]
fn a_listing_of_empty_pages_comes_to_an_end() {
    let Some(remote) = published(Sort::S3) else { return };
    let page = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
    let endless = Trickster::new(remote.server.port, Trick::Say(200, "", page), is_listing);
    remote.reach(endless.port);
    remote.run(&["verify", "web"]).is(2).says("没完没了");
    assert!(endless.tricks.load(Ordering::SeqCst) < 5000);
}

#[test]
fn the_status_of_an_answer_tells_what_is_wrong_and_not_a_path_with_the_same_number() {
    let Some(remote) = published(Sort::Webdav) else { return };
    remote.site.put("static/gg-401.bin", "x".repeat(50));
    let full = Trickster::new(remote.server.port, Trick::Refuse(507), |method, path, _| {
        method == "PUT" && path.contains("401.bin")
    });
    remote.reach(full.port);
    let ended = remote.run(&["publish", "web"]).is(2).says("gg-401.bin");
    assert!(!ended.err.contains("检查用户名"), "{}", ended.err);
    let stranger = Trickster::new(remote.server.port, Trick::Refuse(401), |_, _, _| true);
    remote.reach(stranger.port);
    remote.run(&["publish", "web"]).is(2).says("检查用户名和口令");
}

#[test]
fn the_code_of_an_object_store_tells_what_is_wrong() {
    const NONE: &str = "<?xml version=\"1.0\"?><Error><Code>NoSuchBucket</Code><Message>No</Message></Error>";
    const LATE: &str = "<?xml version=\"1.0\"?><Error><Code>RequestTimeTooSkewed</Code><Message>The difference between the request time and the current time is too large.</Message></Error>";
    const NO: &str =
        "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>RequestTimeTooSkewed</Message></Error>";
    for (status, answer, words) in
        [(403, LATE, "本机的时钟不对"), (404, NONE, "没有这个桶：检查 bucket"), (403, NO, "没有权限：检查用户名")]
    {
        let Some(remote) = published(Sort::S3) else { return };
        let store = Trickster::new(remote.server.port, Trick::Say(status, "", answer), |_, _, _| true);
        remote.reach(store.port);
        for arguments in [&["publish", "web"][..], &["verify", "web"], &["releases", "web"]] {
            remote.run(arguments).is(2).says(words);
        }
    }
}

#[test]
fn nothing_is_written_through_a_link_that_leads_out_of_the_site() {
    for sort in [Sort::Sftp, Sort::Apache] {
        let Some(remote) = published(sort) else { return };
        let outside = remote.server.site().parent().unwrap().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("0.txt"), "别人的").unwrap();
        std::process::Command::new("chmod").arg("-R").arg("777").arg(&outside).status().unwrap();
        symlink(&outside, remote.server.site().join("h")).unwrap();
        if sort == Sort::Sftp {
            remote.run(&["verify", "web"]).is(1).says("/h：不是发布的");
        }
        remote.site.put("static/h/0.txt", "网站的");
        for arguments in [&["publish", "web"][..], &["publish", "web", "--accept-changes"]] {
            let ended = remote.run(arguments);
            assert!(ended.code == 2 || ended.code == 3, "{}{}", ended.out, ended.err);
            assert_eq!(fs::read_to_string(outside.join("0.txt")).unwrap(), "别人的");
        }
        remote.run(&["publish", "web", "--accept-changes"]).is(2).says("h/0.txt").says("符号链接");
        // a file that is a link is replaced, and what it leads to is left alone
        fs::remove_file(remote.server.site().join("h")).unwrap();
        remote.run(&["publish", "web", "--accept-changes"]).is(0);
        assert_eq!(remote.live()["h/0.txt"], "网站的".as_bytes());
    }
}

#[test]
fn other_bytes_than_were_sent_are_found_out_though_the_answer_says_that_all_is_well() {
    for which in [
        (|method: &str, path: &str, _: i64| method == "PUT" && path.contains("/g/new.txt"))
            as fn(&str, &str, i64) -> bool,
        |method, path, _| method == "PUT" && path.contains("/staged/"),
    ] {
        let Some(remote) = published(Sort::S3) else { return };
        let old = remote.live();
        remote.site.put("static/g/new.txt", "新的文件，几个字\n".repeat(9));
        remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
        let liar = Trickster::some(remote.server.port, Trick::Replace, 1, which);
        remote.reach(liar.port);
        remote.run(&["publish", "web"]).is(2).says("不一样");
        assert_eq!(liar.tricks.load(Ordering::SeqCst), 1);
        let live = remote.live();
        let was = |path: &&String| old.contains_key(*path);
        for path in live.keys().filter(was) {
            assert!(live[path] == old[path] || live[path] == remote.built()[path], "{path}");
        }
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
    }
}

#[test]
fn what_a_forged_record_says_is_to_go_stays() {
    let Some(remote) = published(Sort::S3) else { return };
    let own = remote.server.site().join(".gongkai");
    fs::write(remote.server.site().join("theirs.txt"), "别人的").unwrap();
    let record = fs::read_to_string(own.join("record.json")).unwrap();
    let forged = record.replace("\"undone\":[]", "\"undone\":[[\"theirs.txt\",9]]");
    assert_ne!(forged, record);
    fs::write(own.join("record.json"), forged).unwrap();
    wait();
    remote.run(&["publish", "web"]).is(3).says("/theirs.txt：不是发布的");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    assert!(remote.live().contains_key("theirs.txt"));
}

#[test]
fn what_was_withdrawn_and_has_come_back_by_others_hands_stays() {
    let Some(remote) = published(Sort::S3) else { return };
    remote.site.put("static/g/old.txt", "旧的");
    remote.run(&["publish", "web"]).is(0);
    fs::remove_file(remote.site.path("static/g/old.txt")).unwrap();
    remote.run(&["publish", "web", "--allow-deletes", "1"]).is(0);
    fs::create_dir_all(remote.server.site().join("g")).unwrap();
    fs::write(remote.server.site().join("g/old.txt"), "别人的，长一些").unwrap();
    wait();
    remote.run(&["publish", "web"]).is(3).says("/g/old.txt：不是发布的");
}

#[test]
fn a_seal_that_is_gone_and_a_target_that_was_put_back_are_told() {
    let Some(remote) = published(Sort::S3) else { return };
    let own = remote.server.site().join(".gongkai");
    let backup = crate::site_test::temporary();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        let done = std::process::Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
        assert!(done.success());
    };
    copy(&remote.server.site(), &backup.path().join("www"));
    remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
    remote.run(&["publish", "web"]).is(0);
    for text in ["", "\n"] {
        let seal = fs::read(own.join("seal")).unwrap();
        fs::write(own.join("seal"), text).unwrap();
        wait();
        remote.run(&["verify", "web"]).is(1).says("封条");
        remote.run(&["publish", "web"]).is(3).says("封条");
        fs::write(own.join("seal"), seal).unwrap();
        wait();
        remote.run(&["verify", "web"]).is(0);
    }
    fs::remove_dir_all(remote.server.site()).unwrap();
    copy(&backup.path().join("www"), &remote.server.site());
    wait();
    remote.run(&["verify", "web"]).is(1).says("较早的备份");
    remote.run(&["publish", "web"]).is(3).says("较早的备份");
    remote.run(&["publish", "web", "--accept-changes"]).is(0);
    remote.run(&["verify", "web"]).is(0);
    // but one that is empty is a new one
    fs::remove_dir_all(remote.server.site()).unwrap();
    fs::create_dir_all(remote.server.site()).unwrap();
    wait();
    remote.run(&["publish", "web"]).is(0).says("现在是空的，按第一次发布");
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0);
}

#[test]
fn an_earlier_release_that_somebody_changed_is_told() {
    let Some(remote) = published(Sort::S3) else { return };
    let own = remote.server.site().join(".gongkai");
    let chain = fs::read_to_string(own.join("releases.jsonl")).unwrap();
    let first: serde_json::Value = serde_json::from_str(chain.lines().next().unwrap()).unwrap();
    let first = first["release"].as_str().unwrap().to_owned();
    let manifest = own.join(format!("manifests/{first}.json"));
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("z/a.html", "z/x.html")).unwrap();
    wait();
    remote.run(&["verify", "web"]).is(1).says(&format!("发布批次 {first} 的清单被改动了"));
    fs::remove_file(&manifest).unwrap();
    wait();
    remote.run(&["verify", "web"]).is(1).says(&format!("发布批次 {first} 的清单不见了"));
    fs::write(&manifest, text).unwrap();
    wait();
    remote.run(&["verify", "web"]).is(0);
    // a kept file that holds other bytes than its name says
    let kept = fs::read_dir(own.join("kept")).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&kept).unwrap();
    fs::write(&kept, [&bytes[1..], &bytes[..1]].concat()).unwrap();
    wait();
    remote.run(&["verify", "web"]).is(1).says("被改动了。请删去它").says(&format!("不能再回退到批次 {first}"));
}

#[test]
fn what_a_listing_tells_of_another_folder_deletes_nothing() {
    fn is_of(folder: &str, method: &str, path: &str) -> bool {
        let asked = path.replace("%2F", "/");
        let asked = asked.trim_end_matches('/');
        match method {
            "PROPFIND" => asked.ends_with(&format!(".gongkai/{folder}")),
            _ => method == "GET" && asked.contains("list-type") && asked.contains(&format!(".gongkai/{folder}")),
        }
    }
    type Which = fn(&str, &str, i64) -> bool;
    let of_claims: Which = |method, path, _| is_of("claims", method, path);
    let of_all: Which = is_listing;
    for (sort, which, foreign) in [
        (Sort::S3, of_claims, "index.html"),
        (Sort::Webdav, of_claims, "/www/index.html"),
        (Sort::S3, of_all, ".gongkai/staged/../../index.html"),
        (Sort::Webdav, of_all, "/www/.gongkai/staged/%2e%2e/%2e%2e/index.html"),
        (Sort::Webdav, of_all, "/www/.gongkai/staged/../../../other.txt"),
        (Sort::S3, of_all, ".gongkai/kept//x"),
    ] {
        let Some(remote) = published(sort) else { return };
        let old = remote.live();
        remote.site.put("content/z/a.md", doc("甲三", "2014-12-04", ""));
        let liar = Trickster::new(remote.server.port, Trick::AlsoTell(foreign), which);
        remote.reach(liar.port);
        let begun = Instant::now();
        remote.run(&["publish", "web", "--accept-changes"]).is(2).says("回答里却有");
        assert!(begun.elapsed() < Duration::from_secs(8), "{foreign}: asked again and again");
        assert!(liar.tricks.load(Ordering::SeqCst) > 0);
        assert!(remote.live() == old, "{foreign}");
        remote.reach(remote.server.port);
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
    }
}

#[test]
fn a_name_that_is_not_utf_8_is_told_where_it_cannot_be_read() {
    use std::os::unix::ffi::OsStrExt;
    let Some(remote) = published(Sort::Sftp) else { return };
    let old = remote.server.site().join("old/2009");
    fs::create_dir_all(&old).unwrap();
    // 公开指南.doc as Windows writes it
    let name = std::ffi::OsStr::from_bytes(b"\xb9\xab\xbf\xaa\xd6\xb8\xc4\xcf.doc");
    fs::write(old.join(name), "别人的").unwrap();
    for arguments in [&["publish", "web"][..], &["publish", "web", "--dry-run"], &["verify", "web"]] {
        let ended = remote.run(arguments).is(2).says("文件夹 old/2009/ 的内容 SFTP 的程序读不出来").says("不是 UTF-8");
        assert!(!ended.err.contains("网络"), "{}", ended.err);
    }
    fs::rename(old.join(name), old.join("公开指南.doc")).unwrap();
    remote.run(&["verify", "web"]).is(1).says("/old/2009/公开指南.doc：不是发布的");
    fs::write(remote.server.site().join(name), "别人的").unwrap();
    remote.run(&["verify", "web"]).is(2).says("最上面的文件夹的内容").says("不是 UTF-8");
}
