//! What stops a release: each by its exit code and its words, and nothing that is live is touched.

use std::fs;

use super::Publishing;
use crate::site_test::{assert_same, doc};

/// The run is stopped, says so, and leaves the target as it was.
#[track_caller]
fn stopped(publishing: &Publishing, arguments: &[&str], words: &[&str]) {
    let before = publishing.all();
    let mut said = publishing.run(&[&["publish", "web"], arguments].concat()).is(3);
    for word in words {
        said = said.says(word);
    }
    assert_same(&publishing.all(), &before);
}

#[test]
fn an_empty_build() {
    let publishing = Publishing::new();
    publishing.publish();
    for name in ["a", "b"] {
        publishing.site.edit(&format!("content/z/{name}.md"), "published", "draft: true\npublished");
    }
    // all that apply are told at once
    stopped(&publishing, &[], &["没有一份公开的文件", "要撤下", "--allow-deletes"]);
}

#[test]
fn another_site_in_the_same_folder() {
    let publishing = Publishing::new();
    publishing.publish();
    publishing.site.edit("site.toml", "3713220000", "3713230000");
    stopped(&publishing, &[], &["另一个网站", "标识码 3713230000", "path 是否写错"]);
    publishing.site.edit("site.toml", "3713230000", "3713220000");
    stopped(&publishing, &["-u", "https://www.other.gov.cn"], &["另一个网站", "www.other.gov.cn"]);
}

#[test]
fn an_earlier_day_than_the_live_one() {
    let publishing = Publishing::new();
    publishing.publish();
    stopped(&publishing, &["--as-of", "2025-12-31"], &["更早的 2025-12-31", "--as-of"]);
}

/// The first release was made by a machine whose clock stood wrong: there is a way on.
#[test]
fn an_earlier_day_that_is_the_right_one() {
    let publishing = Publishing::new();
    publishing.run(&["publish", "web", "--as-of", "2036-01-01"]).is(0);
    stopped(&publishing, &[], &["现在的网站按 2036-01-01 生成", "--allow-earlier"]);
    publishing.publish_with(&["--allow-earlier"]);
    publishing.publish().says("没有变化");
}

/// Two sites of a county may share a host.
#[test]
fn another_site_of_the_same_host() {
    let publishing = Publishing::new();
    publishing.publish_with(&["--base-url", "https://www.example.gov.cn/jyj/"]);
    stopped(&publishing, &["--base-url", "https://www.example.gov.cn/czj"], &["是另一个网站"]);
    publishing.publish_with(&["--base-url", "https://WWW.example.gov.cn/jyj"]);
}

#[test]
fn a_commit_that_was_live_before_the_live_one() {
    let publishing = Publishing::new();
    let commit = |letter: &str| {
        publishing.site.put(".git/HEAD", "ref: refs/heads/main\n");
        publishing.site.put(".git/refs/heads/main", format!("{}\n", letter.repeat(40)));
    };
    commit("a");
    publishing.publish();
    commit("b");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    commit("a");
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的正文");
    stopped(&publishing, &[], &["这个提交 aaaaaaaaaaaa 以前发布过", "gongkai rollback"]);
    commit("c");
    publishing.publish();
}

#[test]
fn the_address_of_a_document_that_vanishes_without_a_word() {
    let publishing = Publishing::large();
    publishing.publish();
    fs::remove_file(publishing.site.path("content/z/a.md")).unwrap();
    stopped(
        &publishing,
        &["--allow-deletes", "9"],
        &["/z/a.html：源文件 content/z/a.md 已删除", "draft: true", "aliases"],
    );
    // whoever leaves a redirect may go on
    publishing.site.put("content/z/c.md", doc("甲", "2014-12-04", "aliases: [/z/a.html]"));
    publishing.publish().says("移到了 /z/c.html");
    // and the redirect must stay
    publishing.site.put("content/z/c.md", doc("甲", "2014-12-04", ""));
    stopped(&publishing, &[], &["/z/a.html：content/z/c.md 不再写这个旧网址"]);
}

#[test]
fn a_document_that_was_withdrawn_may_be_removed_afterwards() {
    let publishing = Publishing::large();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "published", "draft: true\npublished");
    publishing.publish();
    fs::remove_file(publishing.site.path("content/z/a.md")).unwrap();
    publishing.publish();
}

#[test]
fn a_document_that_moved_without_a_redirect() {
    let publishing = Publishing::large();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "published", "slug: neu\npublished");
    stopped(&publishing, &[], &["/z/a.html：移到了 /z/neu.html，没有跳转"]);
}

#[test]
fn more_deletions_than_one_looks_over() {
    let publishing = Publishing::large();
    publishing.publish();
    let files = publishing.live().len();
    for n in 0..10 {
        publishing.site.edit(&format!("content/z/f{n}.md"), "published", "draft: true\npublished");
    }
    let limit = format!("不经确认可以撤下的 {} 个", files * 5 / 100);
    stopped(&publishing, &[], &["要撤下 10 个文件", &limit, "--allow-deletes 10", "/z/f3.html：草稿"]);
    stopped(&publishing, &["--allow-deletes", "9"], &["--allow-deletes 10"]);
    publishing.publish_with(&["--allow-deletes", "10"]).says("撤下 10");
}

#[test]
fn files_that_somebody_else_changed() {
    let publishing = Publishing::new();
    publishing.publish();
    let current = fs::canonicalize(publishing.path("current")).unwrap();
    fs::write(current.join("z/a.html"), "黑").unwrap();
    fs::remove_file(current.join("z/b.html")).unwrap();
    fs::create_dir(current.join("shell")).unwrap();
    fs::write(current.join("shell/x.php"), "坏").unwrap();
    let words =
        ["被别人改动过（3 处）", "/z/a.html：内容不对", "/z/b.html：不见了", "/shell：不是发布的", "--accept-changes"];
    stopped(&publishing, &[], &words);
    publishing.publish_with(&["--accept-changes"]);
    let live = publishing.live();
    assert_same(&live, &crate::site_test::tree(&publishing.site.path("public")));
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
}

#[test]
fn a_file_that_was_changed_and_given_back_its_time_is_noticed_though_it_was_read_before() {
    let publishing = Publishing::new();
    publishing.publish();
    // what was written a moment ago is read once more, and remembered from then on
    for _ in 0..2 {
        std::thread::sleep(std::time::Duration::from_millis(60));
        publishing.publish().says("没有变化");
    }
    let path = publishing.path("current/z/a.html");
    let (mut bytes, time) = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
    bytes[20] ^= 1;
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    stopped(&publishing, &[], &["/z/a.html：内容不对"]);
}

#[test]
fn the_link_turned_to_another_release() {
    let publishing = Publishing::new();
    publishing.publish();
    let first = publishing.release();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    fs::remove_file(publishing.path("current")).unwrap();
    std::os::unix::fs::symlink(format!("releases/{first}"), publishing.path("current")).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("current 指向");
    stopped(&publishing, &[], &["current 指向"]);
    publishing.publish_with(&["--accept-changes"]);
    // to a folder elsewhere: nothing of it is read, and a rollback puts it right
    fs::remove_file(publishing.path("current")).unwrap();
    std::os::unix::fs::symlink("/tmp", publishing.path("current")).unwrap();
    publishing.run(&["publish", "web"]).is(2).says("被别人改为指向 /tmp");
    publishing.run(&["verify", "web"]).is(2);
    publishing.run(&["rollback", "web"]).is(0);
    publishing.run(&["verify", "web"]).is(0);
}

/// To many servers the two are one address, so that no redirect leads from one to the other.
#[test]
fn an_address_that_only_goes_from_capitals_to_small_letters() {
    let publishing = Publishing::large();
    publishing.site.put("content/z/Gg.md", doc("庚", "2014-12-04", ""));
    publishing.publish();
    publishing.site.rename("content/z/Gg.md", "content/z/gg.md");
    stopped(&publishing, &[], &["/z/Gg.html：网址的大小写改成了 /z/gg.html；改回原来的大小写（文件名，或 slug）"]);
    publishing.site.put("content/z/gg.md", doc("庚", "2014-12-04", "slug: Gg\n"));
    publishing.publish();
}

/// Whoever can write at the target writes nothing into lists, pages and terminals.
#[test]
fn a_chain_in_which_somebody_wrote_more_than_a_chain_holds() {
    let publishing = Publishing::new();
    publishing.publish();
    let path = publishing.path("releases.jsonl");
    let chain = fs::read_to_string(&path).unwrap();
    let release = publishing.release();
    let evil = "x\\n\\n# 假公告\\u001b[2J";
    let time = chain.split("\"time\":\"").nth(1).unwrap().split('"').next().unwrap();
    for (from, to) in [(release.as_str(), evil), (time, evil), ("\"commit\":\"", &format!("\"commit\":\"{evil}"))] {
        fs::write(&path, chain.replace(from, to)).unwrap();
        publishing.run(&["verify", "web"]).is(1).says("这一行读不出来");
        for format in ["table", "csv", "json", "markdown"] {
            let told = publishing.run(&["releases", "web", "--format", format]);
            assert!(!told.out.contains("假公告") && !told.out.contains('\u{1b}'), "{format}: {}", told.out);
        }
    }
}

#[test]
fn a_chain_that_was_changed() {
    let publishing = Publishing::new();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let chain = fs::read_to_string(publishing.path("releases.jsonl")).unwrap();
    fs::write(publishing.path("releases.jsonl"), chain.replacen("\"changed\":0", "\"changed\":7", 1)).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("releases.jsonl 第 2 行：与上一行对不上");
    stopped(&publishing, &[], &["发布记录 releases.jsonl 被改动过"]);
    publishing.publish_with(&["--accept-changes"]);
    // it was accepted, but it is never forgotten
    publishing.publish().says("没有变化");
    publishing.run(&["verify", "web"]).is(1);
}

/// What was accepted is what was there then, and nothing that comes later.
#[test]
fn a_chain_that_is_changed_again_after_a_change_was_accepted() {
    let publishing = Publishing::new();
    let edit = |count: usize| {
        publishing.site.put("content/z/a.md", crate::site_test::doc(&format!("第{count}个甲"), "2014-12-04", ""));
    };
    let change = |number: usize| {
        let chain = fs::read_to_string(publishing.path("releases.jsonl")).unwrap();
        let lines = chain.lines().enumerate();
        let changed = lines.map(|(at, line)| match at + 1 == number {
            true => line.replacen("\"files\":", "\"files\":1", 1) + "\n",
            false => format!("{line}\n"),
        });
        fs::write(publishing.path("releases.jsonl"), changed.collect::<String>()).unwrap();
    };
    for count in 1..=4 {
        edit(count);
        publishing.publish();
    }
    // a file of somebody else's is no reason to trust the chain
    fs::write(fs::canonicalize(publishing.path("current")).unwrap().join("shell.php"), "x").unwrap();
    publishing.publish_with(&["--accept-changes"]);
    for number in [1, 2, 5] {
        change(number);
        edit(10 + number);
        stopped(&publishing, &[], &["发布记录 releases.jsonl 被改动过"]);
        publishing.publish_with(&["--accept-changes"]);
        edit(20 + number);
        publishing.publish();
    }
}

/// Somebody puts a release of his own beside ours, with a manifest that fits it.
#[test]
fn a_release_that_the_chain_does_not_name_is_none() {
    let publishing = Publishing::new();
    publishing.publish();
    let first = publishing.release();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let live = publishing.release();
    let forge = |time: &str| {
        let text = fs::read_to_string(publishing.path(&format!("manifests/{first}.json"))).unwrap() + " ";
        let hash = gongkai::source::Digest::of(text.as_bytes()).sha256;
        let id = format!("{time}-{}", &hash[..8]);
        fs::write(publishing.path(&format!("manifests/{id}.json")), text).unwrap();
        for (path, bytes) in crate::site_test::tree(&publishing.path("releases").join(&first)) {
            let path = publishing.path("releases").join(&id).join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        id
    };
    let before_the_live_one = forge(live.split('-').next().unwrap());
    let future: Vec<String> = (1..=6).map(|n| forge(&format!("2099010{n}T000000"))).collect();
    publishing.run(&["verify", "web"]).is(1).says(&format!("{} 不在发布记录里", future[0]));
    publishing.run(&["rollback", "web", &before_the_live_one]).is(2).says("没有发布批次");
    publishing.run(&["rollback", "web"]).is(0);
    assert_eq!(publishing.release(), first);
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的又一正文");
    publishing.publish();
    assert!(publishing.path("releases").join(&live).is_dir(), "ours are not pushed out by them");
}

/// Who copies a target with `cp -r old/* new` leaves out what begins with a dot.
#[test]
fn a_target_that_was_copied_without_what_begins_with_a_dot_can_be_gone_on_with() {
    let publishing = Publishing::large();
    publishing.publish();
    let names = super::names(&publishing.target());
    names.iter().filter(|name| name.starts_with('.')).for_each(|name| fs::remove_file(publishing.path(name)).unwrap());
    publishing.run(&["verify", "web"]).is(1).says(".gongkai-seal 不见了");
    publishing.run(&["releases", "web"]).is(0).says(&publishing.release());
    publishing.run(&["publish", "web"]).is(3).says(".gongkai-seal 不见了");
    publishing.publish_with(&["--accept-changes"]);
    publishing.run(&["verify", "web"]).is(0);
    assert_eq!(super::names(&publishing.target()).iter().filter(|name| name.starts_with('.')).count(), 3);
}

/// A copy that has only come half, say: whoever is stopped has removed nothing.
#[test]
fn where_the_chain_is_lost_nothing_is_swept() {
    let publishing = Publishing::large();
    for text in ["一", "二", "三"] {
        publishing.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
        publishing.publish();
    }
    let releases = super::names(&publishing.path("releases"));
    fs::remove_dir_all(publishing.path("manifests")).unwrap();
    fs::remove_file(publishing.path("releases.jsonl")).unwrap();
    fs::remove_file(publishing.path("current")).unwrap();
    publishing.run(&["publish", "web"]).is(3);
    assert_eq!(super::names(&publishing.path("releases")), releases);
}

#[test]
fn where_the_chain_and_the_link_are_lost_the_newest_release_is_what_is_live() {
    let publishing = Publishing::large();
    publishing.publish();
    fs::remove_file(publishing.path("releases.jsonl")).unwrap();
    fs::remove_file(publishing.path("current")).unwrap();
    fs::remove_file(publishing.site.path("content/z/a.md")).unwrap();
    publishing.run(&["publish", "web", "--accept-changes"]).is(3).says("/z/a.html");
}

#[test]
fn links_and_pipes_in_place_of_what_is_ours() {
    use std::os::unix::fs::symlink;
    let others = crate::site_test::temporary();
    let outside = others.path().join("outside.txt");
    fs::write(&outside, "别人的").unwrap();
    let to_file = |publishing: &Publishing, name: &str| {
        let _ = fs::remove_file(publishing.path(name));
        symlink(&outside, publishing.path(name)).unwrap();
    };
    // under temporary names: swept, and nothing is written through them
    for name in [
        ".releases.jsonl.gongkai-tmp",
        ".gongkai-seal.gongkai-tmp",
        ".gongkai-pending.gongkai-tmp",
        ".probe.gongkai-tmp",
    ] {
        let publishing = Publishing::new();
        publishing.publish();
        to_file(&publishing, name);
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.publish();
        assert_eq!(fs::read_to_string(&outside).unwrap(), "别人的", "{name}");
    }
    let first = Publishing::new();
    fs::create_dir_all(first.target()).unwrap();
    to_file(&first, ".gongkai-publish.gongkai-tmp");
    first.publish();
    assert_eq!(fs::read_to_string(&outside).unwrap(), "别人的");
    // under their own names: told
    for name in [".gongkai-lock", ".gongkai-seal", "releases.jsonl", "releases", "manifests"] {
        let publishing = Publishing::new();
        publishing.publish();
        let elsewhere = others.path().join(format!("elsewhere-{name}"));
        fs::rename(publishing.path(name), &elsewhere).unwrap();
        symlink(&elsewhere, publishing.path(name)).unwrap();
        for command in ["publish", "verify"] {
            publishing.run(&[command, "web"]).is(2).says(name).says("查明原因");
        }
        fs::remove_file(publishing.path(name)).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(publishing.path(name)).status().unwrap().success());
        publishing.run(&["verify", "web"]).is(2).says(name);
    }
    // the live release itself
    let publishing = Publishing::new();
    publishing.publish();
    let folder = publishing.path("releases").join(publishing.release());
    let elsewhere = others.path().join("release");
    fs::rename(&folder, &elsewhere).unwrap();
    symlink(&elsewhere, &folder).unwrap();
    publishing.run(&["verify", "web"]).is(1).says("被换成了链接");
    stopped(&publishing, &[], &["被换成了链接"]);
}

/// What cannot be believed of the live release is judged by the one before; nothing slips through together with it.
#[test]
fn a_damaged_manifest_drops_no_other_guard() {
    for damage in ["other", "gone", "all"] {
        let publishing = Publishing::large();
        publishing.publish();
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.publish();
        let manifest = publishing.path(&format!("manifests/{}.json", publishing.release()));
        match damage {
            "other" => fs::write(&manifest, fs::read_to_string(&manifest).unwrap() + " ").unwrap(),
            "all" => {
                for name in crate::publish::names(&publishing.path("manifests")) {
                    let path = publishing.path("manifests").join(name);
                    fs::write(&path, fs::read_to_string(&path).unwrap() + " ").unwrap();
                }
            }
            _ => fs::remove_file(&manifest).unwrap(),
        }
        publishing.site.remove("content/z/b.md");
        let words = ["被别人改动过", "会打不开", "/z/b.html"];
        stopped(&publishing, &[], &words);
        stopped(&publishing, &["--accept-changes"], &words[1..]);
        stopped(&publishing, &["--accept-changes", "--base-url", "https://www.other.gov.cn"], &["是另一个网站"]);
        publishing.site.put("content/z/b.md", crate::site_test::doc("乙", "2014-12-04", ""));
        publishing.publish_with(&["--accept-changes"]);
        publishing.run(&["verify", "web"]).is(0);
    }
}

#[cfg(unix)]
#[test]
fn whatever_the_umask_is_everybody_can_read_what_is_published() {
    use std::os::unix::fs::PermissionsExt;
    let publishing = Publishing::new();
    let program = publishing.command(&[]).get_program().to_owned();
    let line = format!("umask 077 && exec '{}' publish web", program.to_string_lossy());
    let mut command = std::process::Command::new("sh");
    let ended =
        command.args(["-c", &(line + " --as-of 2026-01-01")]).current_dir(publishing.site.root()).output().unwrap();
    assert!(ended.status.success(), "{ended:?}");
    for entry in walkdir::WalkDir::new(publishing.path("releases")).into_iter().map(Result::unwrap) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if entry.file_type().is_dir() { 0o755 } else { 0o644 }, "{}", entry.path().display());
    }
    assert_eq!(fs::metadata(publishing.target()).unwrap().permissions().mode() & 0o777, 0o755);
}

/// What the plan says to run is what carries out that plan.
#[test]
fn a_plan_that_was_shown_is_carried_out_by_the_words_that_it_gives() {
    let publishing = Publishing::large();
    publishing.publish();
    let live = fs::canonicalize(publishing.path("current")).unwrap();
    fs::create_dir(live.join("foo")).unwrap();
    fs::write(live.join("foo/s.html"), "x").unwrap();
    publishing.site.put("content/z/a.md", crate::site_test::doc("甲", "2014-12-04", "draft: true\n"));
    let options = ["--accept-changes", "--allow-deletes", "9", "--base-url", "https://www.example.gov.cn"];
    let plan =
        publishing.run(&[&["publish", "web", "--dry-run", "--format", "table"][..], &options[..]].concat()).is(0);
    let plan = plan.says("别人的改动 /foo：不是发布的");
    let line = plan.out.lines().find_map(|line| line.split_once("执行：")).unwrap().1.to_owned();
    assert!(line.starts_with("gongkai publish web --accept-changes --allow-deletes 9 --base-url "), "{line}");
    assert!(line.contains("--as-of 2026-01-01 --plan ") && !line.contains("--dry-run"), "{line}");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    // something else has come since
    fs::write(live.join("another.php"), "x").unwrap();
    publishing.run(&words).is(3).says("不是 --plan 写的");
    fs::remove_file(live.join("another.php")).unwrap();
    publishing.run(&words).is(0).says("别人的改动 /foo：不是发布的");
    // a name that steers a terminal is told in plain letters
    let live = fs::canonicalize(publishing.path("current")).unwrap();
    fs::write(live.join("a\u{1b}[2J\nb\u{202e}.html"), "x").unwrap();
    for command in [&["verify", "web"][..], &["publish", "web"]] {
        let said = publishing.run(command);
        let all = format!("{}{}", said.out, said.err);
        assert!(all.contains("/a�[2J�b�.html：不是发布的"), "{all}");
        assert!(!all.contains(['\u{1b}', '\u{202e}']), "{all}");
    }
}
