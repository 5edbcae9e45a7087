//! Builds after a withdrawal, and after it is taken back, come to what a build from nothing makes.

use super::{SECRET, site, withdrawn};
use crate::incremental::{Preview, clean};
use crate::site_test::{SiteTest, assert_same};

#[track_caller]
fn follows(site: &SiteTest, preview: &mut Preview) {
    let built = site.build();
    let clean = clean(site);
    assert_eq!(built.findings, clean.findings);
    assert_same(&built.tree, &clean.tree);
    preview.same_as(site, &clean);
    site.build().built().written(&[]).removed(&[]);
}

#[test]
fn every_way_there_and_back_is_what_a_clean_build_makes() {
    let site = site("");
    site.build().clean();
    let whole = site.read("content/z/a.md");
    let mut preview = Preview::new(&site);
    let ways = [
        ("内容有误", "redirect: b.md"),
        ("已被替代", "redirect: b.md"),
        ("已被替代", "withdrawn_note: 说明"),
        ("公示期满", "withdrawn_show: 不再显示"),
        ("公示期满", "withdrawn_show: 不再显示\nredirect: b.md"),
        ("涉及个人信息", ""),
        ("涉及个人信息", "withdrawn_show: 不再显示"),
    ];
    for (reason, more) in ways {
        let lines = withdrawn(reason, more);
        site.put("content/z/a.md", whole.replace("pinned: true\n", &format!("pinned: true\n{}\n", lines.trim_end())));
        follows(&site, &mut preview);
        // what it leads to is called something else
        site.edit("content/z/b.md", "title: 乙", "title: 新乙");
        follows(&site, &mut preview);
        site.edit("content/z/b.md", "title: 新乙", "title: 乙");
        site.edit("content/z/a.md", "字样正文", "字样新正文");
        follows(&site, &mut preview);
        site.put("content/z/a.md", &whole);
        follows(&site, &mut preview);
    }
}

#[test]
fn a_withdrawal_rewrites_what_named_the_document_and_no_more() {
    let site = site("");
    site.put("content/y/e.md", crate::site_test::doc("戊", "2013-01-01", ""));
    site.build().clean();
    let whole = site.read("content/z/a.md");
    let with = |more: &str| {
        whole.replace("pinned: true\n", &format!("pinned: true\n{}\n", withdrawn("privacy", more).trim_end()))
    };
    site.put("content/z/a.md", with(""));
    let built = site.build().built();
    for path in ["z/a.html", "old/a.html", "z/index.html", "z/index.json", "z/rss.xml", "rss.xml", "index.html"] {
        assert!(built.written.contains(&path.to_owned()), "{path} is not in {:?}", built.written);
    }
    assert_eq!(built.removed, ["z/fu.pdf"]);
    assert!(!built.written.contains(&"y/e.html".to_owned()), "{:?}", built.written);
    // the note is shown at its own address alone
    site.put("content/z/a.md", with("withdrawn_note: 说明"));
    site.build().built().written(&["z/a.html"]).lacks_everywhere(SECRET);
}
