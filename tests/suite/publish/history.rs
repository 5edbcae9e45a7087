//! What git tells of the site's own repository: which of two commits is the older, and whether files were changed since.

use std::fs;

use super::branch::{self, git_in};
use super::{Publishing, ended, names};
use crate::site_test::{doc, temporary};

impl Publishing {
    /// Its site in a repository, with a commit.
    pub fn with_history() -> Self {
        let publishing = Self::large();
        publishing.in_git(&["init", "--quiet", "-b", "main"]);
        fs::write(publishing.site.path(".gitignore"), "/public/\n").unwrap();
        publishing.commit();
        publishing
    }

    pub fn in_git(&self, arguments: &[&str]) -> String {
        git_in(self.site.root(), arguments)
    }

    /// Commits everything; returns the commit's name.
    pub fn commit(&self) -> String {
        self.in_git(&["add", "-A"]);
        self.in_git(&["commit", "--quiet", "--allow-empty", "-m", "x"]);
        self.in_git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn manifest(&self) -> serde_json::Value {
        let path = self.path(&format!("manifests/{}.json", self.release()));
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    }
}

#[test]
fn a_commit_from_which_the_live_one_was_made_is_an_older_one_though_it_was_never_live() {
    let publishing = Publishing::with_history();
    let first = publishing.commit();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let second = publishing.commit();
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", &first]);
    let stopped = publishing.run(&["publish", "web"]).is(3);
    stopped.says(&first[..12]).says(&second[..12]).says("比现在网站的提交").says("gongkai rollback");
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert_eq!(plan["stops"][0]["code"], "commit");
    // a branch of its own is no older one, nor is what follows
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    publishing.commit();
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", "main"]);
    // that one was live, and is not any more: as before
    publishing.run(&["publish", "web"]).is(3).says("以前发布过");
    publishing.in_git(&["merge", "--quiet", "-m", "x", "HEAD@{1}"]);
    publishing.publish();
    assert_eq!(publishing.manifest().get("dirty"), None);
}

#[test]
fn a_live_commit_that_is_not_here_is_told_and_stops_nothing() {
    let publishing = Publishing::with_history();
    publishing.publish();
    let live = publishing.manifest()["commit"].as_str().unwrap().to_owned();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    // a clone that has the newest commit alone
    let other = temporary();
    let clone = other.path().join("clone");
    let from = format!("file://{}", publishing.site.root().display());
    git_in(other.path(), &["clone", "--quiet", "--depth=1", &from, clone.to_str().unwrap()]);
    let mut command = publishing.command(&["publish", "web"]);
    let said = ended(command.current_dir(&clone).output().unwrap()).is(0).says("已发布");
    said.says(&format!("本地没有现在网站的提交 {} 的历史", &live[..12])).says("浅克隆");
}

/// Two people publish in turn, and the second has not got what the first did.
#[test]
fn a_commit_made_beside_the_live_one_and_before_it_went_live_would_take_back_what_another_did() {
    let publishing = Publishing::with_history();
    publishing.publish();
    let other = temporary();
    let clone = other.path().join("clone");
    git_in(other.path(), &["clone", "--quiet", publishing.site.root().to_str().unwrap(), clone.to_str().unwrap()]);
    let in_clone = |arguments: &[&str]| git_in(&clone, arguments);
    let publish = |more: &[&str]| {
        let mut command = publishing.command(&["publish", "web"]);
        ended(command.args(more).current_dir(&clone).output().unwrap())
    };
    let edit = |from: &str, to: &str| {
        let path = clone.join("content/z/b.md");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace(from, to)).unwrap();
    };
    // at the same time, one after the other
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let live = publishing.commit();
    publishing.publish();
    edit("乙的正文", "乙的新正文");
    let commit = |date: &str| {
        let mut command = branch::command(&clone);
        let done = command.args(["commit", "--quiet", "-am", "x"]).env("GIT_COMMITTER_DATE", date).status();
        assert!(done.unwrap().success());
    };
    commit("2026-01-01T00:00:00+08:00");
    let stopped = publish(&[]).is(3).says(&live[..12]).says("这里没有它的改动").says("合并");
    assert!(!stopped.err.contains("浅克隆"), "{}", stopped.err);
    // having it is not enough
    in_clone(&["fetch", "--quiet"]);
    publish(&[]).is(3).says("这里没有它的改动");
    in_clone(&["merge", "--quiet", "-m", "x", "origin/main"]);
    publish(&[]).is(0);
    for (page, words) in [("z/a.html", "甲的新正文"), ("z/b.html", "乙的新正文")] {
        assert!(String::from_utf8_lossy(&publishing.live()[page]).contains(words), "{page}");
    }
    // what is committed afterwards was meant to be so
    in_clone(&["reset", "--quiet", "--hard", "HEAD^"]);
    edit("乙的新正文", "乙的又一正文");
    commit("2099-01-01T00:00:00+08:00");
    publish(&["--dry-run"]).is(0).says("没有接着现在网站的提交");
}

/// As with `sudo`, and in many a container.
#[test]
fn where_the_repository_is_another_users_git_tells_nothing_and_that_stops() {
    let publishing = Publishing::with_history();
    let run = |more: &[&str]| {
        let mut command = publishing.command(&["publish", "web"]);
        ended(command.args(more).env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().unwrap())
    };
    let first = publishing.commit();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    run(&[]).is(0).says("查不出有没有未提交的改动").says("safe.directory");
    publishing.in_git(&["checkout", "--quiet", &first]);
    run(&[]).is(3).says("git 不肯读这个仓库").says(&first[..12]).says("safe.directory");
    publishing.run(&["publish", "web"]).is(3).says("比现在网站的提交");
    run(&["--allow-earlier"]).is(0);
    run(&[]).is(0).says("没有变化");
}

#[test]
fn a_commit_is_known_whatever_form_git_keeps_its_references_in() {
    let publishing = Publishing::large();
    let mut init = branch::command(publishing.site.root());
    if !init.args(["init", "--quiet", "-b", "main", "--ref-format=reftable"]).status().unwrap().success() {
        eprintln!("skipped: this git knows no reftable");
        return;
    }
    let first = publishing.commit();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let second = publishing.commit();
    publishing.publish();
    assert_eq!(publishing.manifest()["commit"], second);
    publishing.in_git(&["checkout", "--quiet", &first]);
    publishing.run(&["publish", "web"]).is(3).says("比现在网站的提交");
}

#[test]
fn without_the_program_the_chain_alone_tells() {
    let publishing = Publishing::with_history();
    let first = publishing.commit();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", &first]);
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    let empty = temporary();
    let mut command = publishing.command(&["publish", "web"]);
    ended(command.env("PATH", empty.path()).output().unwrap())
        .is(0)
        .says("不能判断是不是更早的内容")
        .says("按有改动记");
    let manifest = publishing.manifest();
    assert_eq!((manifest["commit"].as_str(), &manifest["dirty"]), (Some(first.as_str()), &true.into()));
}

#[test]
fn changes_that_were_not_committed_are_told_and_noted_and_only_those_of_the_site() {
    let publishing = Publishing::with_history();
    publishing.site.put("notes.txt", "不是网站的");
    publishing.site.put("scripts/x.sh", "不是网站的");
    let said = publishing.publish();
    assert!(!said.err.contains("未提交"), "{}", said.err);
    assert_eq!(publishing.manifest().get("dirty"), None);
    let changes: [(&str, &dyn Fn()); 4] = [
        ("content/z/a.md", &|| publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文")),
        ("content/z/", &|| publishing.site.put("content/z/新.md", crate::site_test::doc("新", "2014-12-04", ""))),
        ("static/", &|| publishing.site.put("static/a.txt", "x")),
        ("site.toml", &|| publishing.site.edit("site.toml", "type = \"folder\"", "type = \"folder\"\nkeep = 3")),
    ];
    for (path, change) in changes {
        change();
        publishing.run(&["publish", "web", "--dry-run"]).is(0).says(&format!("有未提交的改动（{path}"));
        publishing.commit();
        let said = publishing.run(&["publish", "web", "--dry-run"]).is(0);
        assert!(!said.err.contains("未提交"), "{path}: {}", said.err);
    }
    publishing.publish();
    assert_eq!(publishing.manifest().get("dirty"), None);
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的更新正文");
    publishing.site.put("static/b.txt", "y");
    let said = publishing.publish().says("注意：有未提交的改动").says("等 2 处").says("dirty");
    assert!(said.err.contains("content/z/a.md"), "{}", said.err);
    assert_eq!(publishing.manifest()["dirty"], true);
    let text = fs::read(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap();
    // a deletion, too
    fs::remove_file(publishing.site.path("static/b.txt")).unwrap();
    publishing.site.edit("content/z/a.md", "甲的更新正文", "甲的新正文");
    fs::remove_file(publishing.site.path("static/a.txt")).unwrap();
    publishing.run(&["publish", "web"]).is(3).says("还有没提交的改动");
    publishing.publish_with(&["--allow-earlier"]).says("static/a.txt");
    // back to what it was: the same bytes
    publishing.site.put("static/a.txt", "x");
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的更新正文");
    publishing.site.put("static/b.txt", "y");
    publishing.publish_with(&["--allow-earlier"]);
    let again = fs::read(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap();
    assert_eq!(text, again);
}

/// Whoever published a withdrawal before he committed it: a colleague's clone knows nothing of it.
#[test]
fn what_was_withdrawn_for_privacy_without_a_commit_is_not_public_again_by_the_next_clean_commit() {
    for has_commit in [false, true] {
        let publishing = Publishing::with_history();
        publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
        publishing.commit();
        publishing.publish();
        publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0).says("提交");
        publishing.publish_with(&["--allow-deletes", "9"]);
        publishing.in_git(&["checkout", "--quiet", "--", "content"]);
        if has_commit {
            publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
            publishing.commit();
        }
        publishing.run(&["publish", "web"]).is(3).says("因涉及个人信息撤下过").says("发布时还没有提交");
    }
}

/// Git that cannot tell is not git that says no.
#[test]
fn where_git_cannot_tell_whether_anything_was_changed_it_may_have_been() {
    type Before = fn(&Publishing);
    let table: [(&str, &str, Before); 3] = [
        ("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", |_| ()),
        ("PATH", "/nowhere", |_| ()),
        ("LANG", "C", |publishing| fs::write(publishing.site.path(".git/index"), "damaged").unwrap()),
    ];
    for (variable, value, before) in table {
        let publishing = Publishing::with_history();
        publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
        publishing.commit();
        publishing.publish();
        publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
        before(&publishing);
        let mut command = publishing.command(&["publish", "web"]);
        ended(command.env(variable, value).output().unwrap()).is(0).says("按有改动记");
        let _ = fs::remove_file(publishing.site.path(".git/index"));
        publishing.in_git(&["reset", "--quiet", "--hard"]);
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.commit();
        publishing.run(&["publish", "web"]).is(3).says("因涉及个人信息撤下过");
    }
}

/// With a colleague it has another name by now.
#[test]
fn what_was_withdrawn_for_privacy_without_a_commit_is_not_public_again_under_another_name() {
    let publishing = Publishing::with_history();
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    publishing.commit();
    publishing.publish();
    publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    publishing.publish();
    let withdrawn = publishing.site.read("content/z/p.md");
    // whoever goes on with it hears of nothing
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", "--", "content"]);
    publishing.site.rename("content/z/p.md", "content/z/q.md");
    let colleague = publishing.commit();
    let stopped = publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(3);
    stopped.says("可能在别的名称下又要公开").says("--allow-earlier");
    // nor does anybody once it was published from a commit
    publishing.in_git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    publishing.site.put("content/z/p.md", withdrawn);
    publishing.commit();
    publishing.publish();
    publishing.site.remove("content/z/p.md");
    publishing.commit();
    publishing.publish();
    // who said that it is over
    publishing.in_git(&["checkout", "--quiet", &colleague]);
    publishing.publish_with(&["--allow-deletes", "9", "--allow-earlier"]);
}

#[test]
fn what_was_withdrawn_without_a_commit_is_not_public_again_by_one_who_does_not_know_of_it() {
    let publishing = Publishing::with_history();
    publishing.publish();
    publishing.run(&["withdraw", "z/b.md", "--reason", "error", "--date", "2026-01-01"]).is(0);
    publishing.publish();
    let withdrawn = publishing.site.read("content/z/b.md");
    publishing.in_git(&["checkout", "--quiet", "--", "content"]);
    // a file of his own makes no difference, nor does a commit
    publishing.site.put("content/z/~notes.txt", "x");
    let words = "现在的网站撤下了 1 份文件，发布时还没有提交，这一次它们又要公开";
    publishing.run(&["publish", "web"]).is(3).says(words).says("/z/b.html").says("--allow-earlier");
    publishing.site.remove("content/z/~notes.txt");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    publishing.run(&["publish", "web"]).is(3).says(words);
    publishing.run(&["publish", "web", "--dry-run", "--allow-earlier"]).is(0).says("那些改动后来没有提交的");
    // once what is live was published from a commit, a later one may do what it wants
    publishing.in_git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    publishing.site.put("content/z/b.md", withdrawn);
    publishing.commit();
    publishing.publish().says("已发布");
    publishing.publish().says("没有变化");
    publishing.in_git(&["checkout", "--quiet", "HEAD~1", "--", "content"]);
    publishing.commit();
    publishing.publish();
}

/// What is damaged at the target is accepted, and nothing else is.
#[test]
fn whatever_is_lost_at_the_target_the_guards_hold() {
    type Damage = fn(&Publishing);
    let damages: [(&str, bool, Damage); 5] = [
        ("no manifest, and none before it", true, |publishing| {
            names(&publishing.path("manifests"))
                .iter()
                .for_each(|name| fs::remove_file(publishing.path("manifests").join(name)).unwrap());
        }),
        ("no manifest", false, |publishing| {
            fs::remove_file(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap()
        }),
        ("current is gone", false, |publishing| fs::remove_file(publishing.path("current")).unwrap()),
        ("current was turned", false, |publishing| {
            let first = names(&publishing.path("releases")).remove(0);
            fs::remove_file(publishing.path("current")).unwrap();
            std::os::unix::fs::symlink(format!("releases/{first}"), publishing.path("current")).unwrap();
        }),
        ("the release is gone", false, |publishing| {
            fs::remove_dir_all(publishing.path(&format!("releases/{}", publishing.release()))).unwrap()
        }),
    ];
    for (name, is_bare, damage) in damages {
        println!("{name}");
        let publishing = Publishing::with_history();
        let first = publishing.commit();
        publishing.publish();
        publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
        let second = publishing.commit();
        publishing.publish();
        damage(&publishing);
        let stops = |more: &[&str], codes: &[&str]| {
            let all = [&["publish", "web", "--dry-run", "--format", "json", "--accept-changes"], more].concat();
            let json = publishing.json(&all);
            let told: Vec<&str> =
                json["stops"].as_array().unwrap().iter().map(|stop| stop["code"].as_str().unwrap()).collect();
            assert!(codes.iter().any(|code| told.contains(code)), "{name} {more:?}: {told:?}");
            assert!(!json["plan"]["live"].is_null(), "{name}: something is live");
        };
        // an older commit, which has not got the last document
        publishing.in_git(&["checkout", "--quiet", &first]);
        stops(&[], &["commit"]);
        stops(&["--allow-earlier"], &["lost", "deletes"]);
        publishing.in_git(&["checkout", "--quiet", &second]);
        // a document that vanishes
        fs::remove_file(publishing.site.path("content/z/p.md")).unwrap();
        stops(&[], if is_bare { &["deletes"] } else { &["lost", "deletes"] });
        publishing.in_git(&["checkout", "--quiet", "--", "content"]);
        stops(&["-u", "https://www.other.gov.cn"], &["site"]);
        // and with nothing of that it goes on
        publishing.run(&["publish", "web"]).is(3);
        publishing.publish_with(&["--accept-changes"]);
        publishing.run(&["verify", "web"]).is(0);
    }
}

#[test]
fn a_clean_commit_takes_back_what_was_published_without_one_and_says_so() {
    let publishing = Publishing::with_history();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", "--", "content"]);
    publishing.run(&["publish", "web"]).is(3).says("还有没提交的改动，这里没有：发布会撤回它们");
    // changes of one's own make no difference, unless they are more of the same
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    publishing.run(&["publish", "web"]).is(3).says("还有没提交的改动，这里没有：发布会撤回它们");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的更新正文");
    publishing.run(&["publish", "web", "--dry-run"]).is(0);
    publishing.in_git(&["checkout", "--quiet", "--", "content"]);
    publishing.run(&["publish", "web", "--dry-run", "--allow-earlier"]).is(0);
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    publishing.commit();
    publishing.run(&["publish", "web", "--dry-run"]).is(0).says("那些改动后来没有提交的，这一次会撤回");
    // whoever commits what he published hears of nothing
    publishing.in_git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    let same = publishing.publish();
    assert!(!same.err.contains("撤回"), "{}", same.err);
}
