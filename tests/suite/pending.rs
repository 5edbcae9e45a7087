//! Drafts and scheduled documents: what is wrong with them is told before their day, and nothing of them is seen.

use gongkai::diag::Severity;

use crate::site_test::{Built, PNG, SiteTest, doc, doc_with};

/// A document that is wrong in everything that can be known before it is public.
fn faulty(more: &str, day: &str) -> SiteTest {
    let front = format!(
        "{more}\nsubject: 没有的主题\nrepeals: 没有.md\nalso_in: meiyou\nattachments: [没有.pdf, z.pdf]\naliases: [/list_1.html, /old]\nslug: b"
    );
    SiteTest::new()
        .file("content/z.md", doc_with("甲", day, &front, "[乙](没有.md)、[丙](b.md#没有)"))
        .file("content/z.pdf", "<html>")
        .file("content/b.md", doc("乙", "2014-12-04", ""))
}

/// What is wrong with it.
const FAULTS: [&str; 10] = [
    "G021 content/z.md",
    "G032 content/z.md",
    "G033 content/z.md",
    "G034 content/z.md",
    "G041 content/z.pdf",
    "G051 content/z.md:10:",
    "G051 content/z.md:11:7 网址 /b.html 与 content/b.md 冲突",
    "G052 content/z.md",
    "G054 content/z.md",
    "G057 content/z.md",
];

#[test]
fn what_is_scheduled_is_checked_before_its_day() {
    let today = faulty("", "2014-12-05").build().refused();
    let ahead = faulty("", "2026-12-05").build().refused();
    for fault in FAULTS {
        assert!(today.findings.iter().any(|found| found.starts_with(fault)), "{fault} in {:#?}", today.findings);
        assert!(ahead.findings.iter().any(|found| found.starts_with(fault)), "{fault} in {:#?}", ahead.findings);
    }
    let count = |built: &Built| built.findings.iter().filter(|found| !found.starts_with("G006")).count();
    assert_eq!(count(&today), count(&ahead), "{:#?} {:#?}", today.findings, ahead.findings);
}

#[test]
fn a_draft_is_checked_too_but_stops_nothing() {
    let built = faulty("draft: true", "2014-12-05").build().built();
    for fault in FAULTS {
        assert!(built.findings.iter().any(|found| found.starts_with(fault)), "{fault} in {:#?}", built.findings);
    }
    assert!(built.report.findings.iter().all(|finding| finding.severity != Severity::Error));
    faulty("draft: true", "2014-12-05").strict().build().refused();
    // what is not meant for the public is nobody's business
    faulty("disclosure: 不予公开", "2014-12-05").build().clean();
}

#[test]
fn documents_that_open_together_may_refer_to_each_other() {
    let site = |day: &str, more: &str| {
        SiteTest::new()
            .file("content/a.md", doc_with("甲", "2026-12-04", "interprets: b.md", "[乙](b.md#附则)、[图](b/图.png)"))
            .file("content/b/index.md", doc_with("乙", day, &format!("attachments: 图.png\n{more}"), "# 附则"))
            .file("content/b/图.png", PNG)
    };
    let relative = |site: SiteTest| {
        site.edit("content/a.md", "b.md\n", "b/index.md\n");
        site.edit("content/a.md", "b.md#", "b/index.md#");
        site
    };
    relative(site("2026-12-04", "")).build().clean();
    relative(site("2026-12-01", "")).build().clean();
    relative(site("2026-12-04", "")).as_of("2026-12-04").build().clean();
    let late = ["G059 content/a.md:5:", "G039 content/a.md:7:5", "G039 content/a.md:7:24"];
    relative(site("2026-12-05", "")).build().refused().finds(&late);
    relative(site("2026-12-04", "draft: true")).build().refused().finds(&late);
    // and none of them, over whatever detours, repeals itself
    SiteTest::new()
        .file("content/a.md", doc("甲", "2026-12-04", "repeals: b.md"))
        .file("content/b.md", doc("乙", "2026-12-04", "repeals: a.md"))
        .build()
        .refused()
        .finds(&["G053 content/a.md"]);
}

#[test]
fn a_scheduled_document_leaves_no_term_and_takes_no_address() {
    let site = |more: &str| {
        SiteTest::new()
            .file("content/a.md", doc("甲", "2026-12-04", "slug: x\nplace: 码头镇"))
            .file("content/b.md", doc("乙", "2014-12-04", more))
    };
    // of two places with one spelling the public one has the plain address, as if it were alone
    let with = site("place: 马头镇").build().clean();
    let alone = SiteTest::new().file("content/b.md", doc("乙", "2014-12-04", "place: 马头镇")).build().clean();
    assert_eq!(with.tree, alone.tree);
    // blamed is what is not public yet
    site("slug: x").build().refused().finds(&["G051 content/a.md:5:7 网址 /x.html 与 content/b.md 冲突"]);
}
