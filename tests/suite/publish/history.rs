//! What git tells of the site's own repository: which of two commits is the older, and whether files were changed since.

use std::fs;

use super::branch::git_in;
use super::{Publishing, ended};
use crate::site_test::temporary;

impl Publishing {
    /// Its site in a repository, with a commit.
    fn with_history() -> Self {
        let publishing = Self::large();
        publishing.in_git(&["init", "--quiet", "-b", "main"]);
        fs::write(publishing.site.path(".gitignore"), "/public/\n").unwrap();
        publishing.commit();
        publishing
    }

    fn in_git(&self, arguments: &[&str]) -> String {
        git_in(self.site.root(), arguments)
    }

    /// Commits everything; returns the commit's name.
    fn commit(&self) -> String {
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
    said.says(&format!("本地没有现在网站的提交 {}", &live[..12])).says("浅克隆");
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
    let said = ended(command.env("PATH", empty.path()).output().unwrap()).is(0);
    assert!(!said.err.contains("注意"), "{}", said.err);
    let manifest = publishing.manifest();
    assert_eq!((manifest["commit"].as_str(), manifest.get("dirty")), (Some(first.as_str()), None));
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
    publishing.publish().says("static/a.txt");
    // back to what it was: the same bytes
    publishing.site.put("static/a.txt", "x");
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的更新正文");
    publishing.site.put("static/b.txt", "y");
    publishing.publish();
    let again = fs::read(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap();
    assert_eq!(text, again);
}
