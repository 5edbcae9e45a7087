//! Hosts that let nobody rewrite a branch's history, which is what a withdrawal for privacy needs.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::Publishing;
use crate::site_test::{assert_same, doc};

const PRIVATE: &str = "withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\n";

impl Publishing {
    /// With a document on its branch that has to go.
    fn with_a_secret() -> Self {
        let publishing = Self::to_branch();
        publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", ""));
        publishing.publish();
        publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", PRIVATE));
        publishing
    }

    fn is_in_history(&self) -> bool {
        self.git(&["log", "--all", "-p"]).contains("秘密某某")
    }

    /// It is told what the host refuses, what is live, what is not done, who can help, and what to do then.
    #[track_caller]
    fn is_refused(&self, words_of_git: &str) {
        let said = self.run(&["publish", "web"]).is(2).says("不允许改写分支的历史").says("受保护").says(words_of_git);
        let said = said.says("网站已经更新").says("旧的历史还在").says("管理员").says("pages 和 pages-gongkai");
        said.says("再运行一次 gongkai publish web");
        assert!(!self.served().values().any(|bytes| String::from_utf8_lossy(bytes).contains("秘密某某")));
        assert_same(&self.served(), &self.built());
        assert!(self.is_in_history());
        self.run(&["verify", "web"]).is(1).says("旧批次还没有删完");
    }

    fn finishes(&self) {
        self.publish().says("删去的旧批次");
        assert!(!self.is_in_history());
        assert_eq!(self.git(&["rev-list", "--count", "--all"]).trim(), "2");
        assert_same(&self.served(), &self.built());
        self.run(&["verify", "web"]).is(0);
        self.publish().says("没有变化");
    }

    /// A rule of the host, in shell: of `update`, `$2` is what a branch was and `$3` what it shall be.
    fn hook(&self, name: &str, text: &str) {
        let path = self.repository().join("hooks").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_host_that_refuses_forced_pushes_is_told_of_and_asked_again() {
    let publishing = Publishing::with_a_secret();
    publishing.git(&["config", "receive.denyNonFastForwards", "true"]);
    // each run says it anew, with and without something to publish
    publishing.is_refused("(non-fast-forward)");
    publishing.is_refused("(non-fast-forward)");
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.is_refused("(non-fast-forward)");
    publishing.run(&["rollback", "web"]).is(2).says("先运行 gongkai publish 删完");
    publishing.git(&["config", "receive.denyNonFastForwards", "false"]);
    publishing.finishes();
}

#[test]
fn a_rule_of_the_host_that_protects_branches_is_told_of_in_its_own_words() {
    let publishing = Publishing::with_a_secret();
    publishing.hook(
        "update",
        "[ \"$2\" = 0000000000000000000000000000000000000000 ] || git merge-base --is-ancestor \"$2\" \"$3\" && exit 0\n\
         echo 'GH006: Protected branch update failed.' >&2\nexit 1",
    );
    publishing.is_refused("GH006: Protected branch update failed");
    fs::remove_file(publishing.repository().join("hooks/update")).unwrap();
    publishing.finishes();
}

/// Whoever may not push at all, or finds the host in trouble, hears what git says of it and nothing else.
#[test]
fn other_refusals_are_told_as_they_are() {
    let publishing = Publishing::with_a_secret();
    publishing.hook("pre-receive", "echo 'no pushes today' >&2\nexit 1");
    let said = publishing.run(&["publish", "web"]).is(2).says("no pushes today");
    assert!(!said.err.contains("不允许改写"), "{said:?}");
    // it dies on what has no history, and only on that
    publishing.hook("update", "git rev-list --count \"$3\" | grep -qx 1 && kill -9 $PPID\nexit 0");
    fs::remove_file(publishing.repository().join("hooks/pre-receive")).unwrap();
    let said = publishing.run(&["publish", "web"]).is(2).says("hung up unexpectedly");
    assert!(!said.err.contains("不允许改写"), "{said:?}");
    fs::remove_file(publishing.repository().join("hooks/update")).unwrap();
    publishing.finishes();
}
