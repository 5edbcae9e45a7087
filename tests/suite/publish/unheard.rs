//! What somebody withdrew and nobody else has heard of: a colleague, who knows the document under another name, must not
//! make it public again, whatever became of the runs and of the repository in between.

use std::fs;

use super::faults::on_a_full_disk;
use super::{Publishing, names};
use crate::site_test::doc;

const WORDS: &str = "可能在别的名称下又要公开";

/// A document is withdrawn for privacy, and that is published without a commit. With the commit of a colleague, made from
/// the same one, in which it has another name.
fn withdrawn() -> (Publishing, String) {
    let publishing = Publishing::with_history();
    publishing.site.put("content/z/p.md", doc("丙丁戊", "2014-12-06", ""));
    publishing.commit();
    publishing.publish();
    publishing.site.rename("content/z/p.md", "content/z/q.md");
    let colleague = publishing.commit();
    publishing.in_git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    publishing.run(&["withdraw", "z/p.md", "--reason", "privacy", "--date", "2026-01-01"]).is(0);
    publishing.publish();
    (publishing, colleague)
}

/// The colleague is stopped, for this reason.
#[track_caller]
fn is_stopped(publishing: &Publishing, colleague: &str) {
    publishing.in_git(&["stash", "--quiet", "--include-untracked"]);
    publishing.in_git(&["checkout", "--quiet", colleague]);
    publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(3).says(WORDS);
}

#[test]
fn a_run_that_failed_makes_nothing_known() {
    let (publishing, colleague) = withdrawn();
    publishing.commit();
    publishing.site.put("static/big.txt", "大".repeat(700_000));
    publishing.commit();
    publishing.site.build();
    on_a_full_disk(&publishing, 1000).is(2);
    is_stopped(&publishing, &colleague);
}

#[test]
fn a_copy_without_its_repository_makes_nothing_known() {
    let (publishing, colleague) = withdrawn();
    fs::rename(publishing.site.path(".git"), publishing.site.path("../git-aside")).unwrap();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    fs::rename(publishing.site.path("../git-aside"), publishing.site.path(".git")).unwrap();
    is_stopped(&publishing, &colleague);
}

#[test]
fn a_damaged_repository_makes_nothing_known() {
    let (publishing, colleague) = withdrawn();
    for path in [".git/HEAD", ".git/refs/heads/main"] {
        let text = publishing.site.read(path);
        publishing.site.put(path, "");
        publishing.publish().says("按有改动记");
        publishing.site.put(path, text);
    }
    is_stopped(&publishing, &colleague);
}

#[test]
fn whoever_goes_back_to_what_was_published_without_a_commit_forgets_nothing() {
    let (publishing, colleague) = withdrawn();
    let dirty = publishing.release();
    publishing.commit();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.commit();
    publishing.publish();
    publishing.run(&["rollback", "web"]).is(0);
    let _ = publishing.run(&["rollback", "web", &dirty]);
    is_stopped(&publishing, &colleague);
}

/// Whoever has the commit of the withdrawal knows of it, and whoever cannot have it says once that it is over.
#[test]
fn whoever_has_heard_of_it_goes_on_as_ever() {
    let (publishing, colleague) = withdrawn();
    publishing.commit();
    publishing.publish();
    publishing.site.remove("content/z/p.md");
    publishing.commit();
    publishing.publish();
    // with a file of his own that is never committed
    publishing.site.put("static/own.txt", "x");
    publishing.publish();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    publishing.site.remove("static/own.txt");
    publishing.commit();
    publishing.publish_with(&["--allow-deletes", "9"]);
    is_stopped(&publishing, &colleague);
    publishing.in_git(&["checkout", "--quiet", "main"]);
    publishing.in_git(&["checkout", "--quiet", "--orphan", "anew"]);
    publishing.commit();
    publishing.run(&["publish", "web"]).is(3).says(WORDS);
    publishing.publish_with(&["--allow-earlier"]);
    publishing.site.edit("content/z/a.md", "甲的新正文", "甲的又一正文");
    publishing.publish();
}

#[test]
fn where_the_manifest_is_lost_the_chain_says_that_there_were_changes_without_a_commit() {
    let publishing = Publishing::with_history();
    publishing.publish();
    publishing.run(&["withdraw", "z/b.md", "--reason", "error", "--date", "2026-01-01"]).is(0);
    publishing.publish();
    publishing.in_git(&["checkout", "--quiet", "--", "content"]);
    fs::remove_file(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap();
    publishing.run(&["publish", "web", "--accept-changes"]).is(3).says("还有没提交的改动");
    publishing.publish_with(&["--accept-changes", "--allow-earlier"]);
}

#[test]
fn what_is_published_again_because_it_was_committed_is_no_release_to_go_back_from() {
    let publishing = Publishing::with_history();
    publishing.publish();
    let right = publishing.live();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的错误正文");
    publishing.publish();
    publishing.commit();
    publishing.publish();
    publishing.run(&["rollback", "web"]).is(0);
    crate::site_test::assert_same(&publishing.live(), &right);
    assert_eq!(names(&publishing.path("releases")).len(), 3);
}
