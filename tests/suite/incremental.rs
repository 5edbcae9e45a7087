//! A build after an edit rewrites what the edit touches, and comes to what a clean build comes to.

use std::fs;
use std::time::SystemTime;

use gongkai::pipeline::{self, Touched};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::site_test::{Built, PDF, SiteTest, Tree, assert_same, channel, doc, doc_with};

/// Three documents in a channel of two, and one in a channel of its own.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/_data/organizations.yaml", "- {name: 县政府办, slug: zfb}\n- {name: 县财政局, slug: czj}\n")
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/y/_index.md", channel("别的栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-01-01", ""))
        .file("content/z/b.md", doc("乙", "2014-02-01", "attachments: f.pdf"))
        .file("content/z/c.md", doc("丙", "2014-03-01", ""))
        .file("content/z/f.pdf", PDF)
        .file("content/y/d.md", doc_with("丁", "2013-01-01", "", "[甲](../z/a.md)").replace("县政府办", "县财政局"))
}

/// Builds twice (the second build writes nothing), edits, builds again, compares with a clean build.
#[track_caller]
fn after(site: &SiteTest, edit: impl FnOnce(&SiteTest)) -> Built {
    site.build().built();
    site.build().built().written(&[]).removed(&[]);
    edit(site);
    let built = site.build().built();
    assert_same(&built.tree, &site.clean_tree());
    site.build().built().written(&[]).removed(&[]);
    built
}

/// `+ written` and `- removed`, a line each.
fn changes(built: &Built) -> String {
    let written = built.written.iter().map(|path| format!("+ {path}\n"));
    let removed = built.removed.iter().map(|path| format!("- {path}\n"));
    let done = built.report.done.expect("built");
    assert_eq!((done.written, done.removed), (built.written.len(), built.removed.len()), "the summary's counts");
    written.chain(removed).collect()
}

#[test]
fn an_edit_of_a_text_rewrites_one_page() {
    let site = site();
    after(&site, |site| site.edit("content/z/a.md", "甲的正文。", "甲的新正文。")).written(&["z/a.html"]);
    // a heading that nobody links to, too
    after(&site, |site| site.edit("content/z/a.md", "甲的新正文。", "# 新标题\n\n甲的正文。")).written(&["z/a.html"]);
    // a comment in the front matter moves every place in the file, and changes nothing
    after(&site, |site| site.edit("content/z/a.md", "---\ntitle", "---\n# 说明\ntitle")).written(&[]);
}

#[test]
fn an_edit_of_a_title_rewrites_what_names_the_document() {
    let built = after(&site(), |site| site.edit("content/z/a.md", "title: 甲", "title: 新甲"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ index.html
+ rss.xml
+ z/a.html
+ z/b.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml

"#]]
    );
}

#[test]
fn a_new_document_rewrites_its_lists_and_its_neighbour() {
    let built = after(&site(), |site| site.put("content/z/e.md", doc("戊", "2014-04-01", "")));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer/index.html
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ catalogue/year/index.html
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ sitemap-pages.xml
+ sitemap.xml
+ z/c.html
+ z/e.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml

"#]]
    );
}

#[test]
fn a_deleted_document_leaves_nothing() {
    let built = after(&site(), |site| site.remove("content/z/c.md"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer/index.html
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ catalogue/year/index.html
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ sitemap-pages.xml
+ sitemap.xml
+ z/b.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml
- z/c.html

"#]]
    );
    built.lacks_everywhere("丙");
}

#[test]
fn the_last_document_of_a_term_takes_its_pages_along() {
    let built = after(&site(), |site| site.remove("content/y/d.md"));
    let removed: Vec<&str> = built.removed.iter().map(String::as_str).filter(|path| path.ends_with(".html")).collect();
    assert_eq!(removed, ["catalogue/issuer/czj/index.html", "catalogue/year/2013/index.html", "y/d.html"]);
    assert!(built.removed.contains(&"sitemap-2013.xml".to_owned()));
}

#[test]
fn a_renamed_document_moves_and_what_links_to_it_follows() {
    let site = site();
    let built = after(&site, |site| {
        site.rename("content/z/a.md", "content/z/a2.md");
        site.edit("content/y/d.md", "a.md", "a2.md");
    });
    assert!(built.written.contains(&"y/d.html".to_owned()) && built.written.contains(&"z/b.html".to_owned()));
    assert_eq!(built.removed, ["z/a.html"]);
    built.page("y/d.html").has("../z/a2.html");
    // into a bundle of the same name: the page stays as it is
    let built = after(&site, |site| {
        site.rename("content/z/a2.md", "content/z/a2/index.md");
        site.edit("content/y/d.md", "a2.md", "a2/index.md");
    });
    assert_eq!(changes(&built), "");
}

#[test]
fn a_document_that_moves_to_another_channel_leaves_the_first() {
    let built = after(&site(), |site| {
        site.rename("content/z/c.md", "content/y/c.md");
    });
    assert_eq!(built.removed, ["z/c.html"]);
    assert!(built.written.contains(&"z/index.html".to_owned()) && built.written.contains(&"y/index.html".to_owned()));
}

#[test]
fn a_renamed_channel_is_renamed_in_the_feeds_above_it() {
    let site = SiteTest::new()
        .file("content/p/_index.md", channel("父", ""))
        .file("content/p/q/_index.md", channel("子", ""))
        .file("content/p/q/a.md", doc("甲", "2014-01-01", ""));
    site.build().clean();
    let built = after(&site, |site| site.edit("content/p/q/_index.md", "子", "新子"));
    built.page("rss.xml").has("<category>新子</category>");
}

#[test]
fn a_changed_attachment_rewrites_itself_and_its_page() {
    let built = after(&site(), |site| site.put("content/z/f.pdf", b"%PDF-1.7\n%%EOF\n"));
    built.written(&["z/b.html", "z/f.pdf"]);
}

#[test]
fn a_template_of_the_site_rewrites_the_pages_that_use_it() {
    let site = site();
    let built = after(&site, |site| {
        site.put(
            "templates/document.html",
            "{% extends \"base.html\" %}{% block main %}<h1>{{ page.heading }}</h1>{% endblock main %}",
        )
    });
    built.written(&["y/d.html", "z/a.html", "z/b.html", "z/c.html"]);
    // a partial that lists use
    let cards = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/partials/cards.html")).unwrap();
    let built = after(&site, |site| site.put("templates/partials/cards.html", format!("<p>新</p>{cards}")));
    assert_eq!(built.written, ["y/index.html", "z/index.html"]);
    let built = after(&site, |site| site.put("templates/partials/entry.html", "<tr><td>{{ card.title }}</td></tr>\n"));
    assert!(!built.written.is_empty());
    assert!(built.written.iter().all(|path| path.starts_with("catalogue/")), "{:?}", built.written);
    site.remove("templates/partials/entry.html");
    site.build().clean();
    // and back
    let built = after(&site, |site| site.remove("templates"));
    assert_eq!(built.written, ["y/d.html", "y/index.html", "z/a.html", "z/b.html", "z/c.html", "z/index.html"]);
}

#[test]
fn a_string_an_asset_and_the_sites_name_rewrite_every_page_but_no_data() {
    let site = site();
    let pages = |built: &Built| built.tree.keys().filter(|path| path.ends_with(".html")).cloned().collect::<Vec<_>>();
    let built = after(&site, |site| site.put("templates/strings/zh-CN.toml", "home = \"主页\"\n"));
    assert_eq!(built.written, pages(&built));
    let built = after(&site, |site| site.put("templates/assets/site.css", "body{}"));
    assert_eq!(built.written.iter().filter(|path| path.ends_with(".html")).cloned().collect::<Vec<_>>(), pages(&built));
    assert_eq!((built.written.len(), built.removed.len()), (pages(&built).len() + 1, 1));
    // what is written into feeds and titles of data, too
    let built = after(&site, |site| site.edit("site.toml", "name = \"示例县人民政府\"", "name = \"某县人民政府\""));
    assert!(pages(&built).iter().all(|page| built.written.contains(page)));
    assert!(
        built.written.contains(&"z/rss.xml".to_owned())
            && !built.written.contains(&"z/index.json".to_owned())
            && !built.written.contains(&"sitemap.xml".to_owned())
    );
}

#[test]
fn another_base_url_rewrites_what_holds_absolute_addresses() {
    let built = after(&site(), |site| site.edit("site.toml", "www.example.gov.cn", "www.other.gov.cn"));
    for path in ["robots.txt", "sitemap.xml", "z/rss.xml", "404.html", "z/a.html"] {
        assert!(built.written.contains(&path.to_owned()), "{path}");
    }
    let built = built.lacks_everywhere("example.gov.cn");
    assert!(
        !built.written.iter().any(|path| path.ends_with(".json") || path.ends_with(".csv") || path.ends_with(".pdf"))
    );
}

#[test]
fn another_day_rewrites_only_what_the_day_changes() {
    let mut site = site();
    site.edit("content/z/a.md", "issuer", "expires: 2026-01-01\nissuer");
    site.build().clean();
    for (day, changed) in [("2026-01-01", false), ("2026-01-02", true), ("2026-06-01", false)] {
        site = site.as_of(day);
        let built = site.build().clean();
        assert_eq!(built.written.contains(&"z/a.html".to_owned()), changed, "{day}: {:?}", built.written);
        assert_eq!(built.written.is_empty(), !changed, "{day}: {:?}", built.written);
        assert!(!built.written.contains(&"z/c.html".to_owned()));
        assert_same(&built.tree, &site.clean_tree());
    }
}

/// The files that an edit rewrites and removes are written down for every kind of edit, so that a reader sees what it costs.
#[test]
fn an_edit_of_a_date_moves_the_document_in_its_lists() {
    // within the year: past another one
    let built = after(&site(), |site| site.edit("content/z/a.md", "2014-01-01", "2014-02-15"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ z/a.html
+ z/b.html
+ z/c.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml

"#]]
    );
    // into a year of its own
    let built = after(&site(), |site| site.edit("content/z/c.md", "2014-03-01", "2015-03-01"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2013/index.html
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ catalogue/year/2015/index.csv
+ catalogue/year/2015/index.html
+ catalogue/year/2015/index.json
+ catalogue/year/index.html
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ sitemap-2015.xml
+ sitemap-pages.xml
+ sitemap.xml
+ z/c.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml

"#]]
    );
}

#[test]
fn a_document_that_changes_its_channel_changes_both() {
    let built = after(&site(), |site| site.rename("content/z/c.md", "content/y/c.md"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ sitemap-pages.xml
+ y/c.html
+ y/d.html
+ y/index.csv
+ y/index.html
+ y/index.json
+ y/rss.xml
+ z/b.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml
- z/c.html

"#]]
    );
}

#[test]
fn another_issuer_changes_the_terms_of_both() {
    let built = after(&site(), |site| site.edit("content/z/a.md", "县政府办", "县财政局"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer/czj/index.csv
+ catalogue/issuer/czj/index.html
+ catalogue/issuer/czj/index.json
+ catalogue/issuer/index.html
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ sitemap-pages.xml
+ z/a.html
+ z/index.csv
+ z/index.json

"#]]
    );
}

#[test]
fn a_renamed_document_is_a_new_address_in_whatever_names_it() {
    let built = after(&site(), |site| {
        site.rename("content/z/a.md", "content/z/a2.md");
        site.edit("content/y/d.md", "a.md", "a2.md");
    });
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ index.html
+ rss.xml
+ sitemap-2014.xml
+ y/d.html
+ z/a2.html
+ z/b.html
+ z/index.csv
+ z/index.html
+ z/index.json
+ z/rss.xml
- z/a.html

"#]]
    );
}

#[test]
fn an_alias_is_a_page_of_its_own() {
    let site = site();
    let built = after(&site, |site| site.edit("content/z/a.md", "issuer", "aliases: /old.html\nissuer"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ old.html

"#]]
    );
    let built = after(&site, |site| site.edit("content/z/a.md", "/old.html", "/older.html"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ older.html
- old.html

"#]]
    );
}

#[test]
fn a_relation_shows_on_both_ends_and_in_the_lists_of_what_it_ends() {
    let site = site();
    let built = after(&site, |site| site.edit("content/z/c.md", "issuer", "interprets: a.md\nissuer"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ sitemap-2014.xml
+ z/a.html
+ z/c.html

"#]]
    );
    let built = after(&site, |site| site.edit("content/z/c.md", "interprets: a.md", "repeals: a.md"));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer/index.html
+ catalogue/issuer/zfb/index.csv
+ catalogue/issuer/zfb/index.html
+ catalogue/issuer/zfb/index.json
+ catalogue/validity/index.html
+ catalogue/validity/repealed/index.csv
+ catalogue/validity/repealed/index.html
+ catalogue/validity/repealed/index.json
+ catalogue/year/2014/index.csv
+ catalogue/year/2014/index.html
+ catalogue/year/2014/index.json
+ catalogue/year/index.html
+ index.html
+ sitemap-pages.xml
+ sitemap.html
+ z/a.html
+ z/c.html
+ z/index.csv
+ z/index.html
+ z/index.json

"#]]
    );
}

#[test]
fn a_select_rule_lists_documents_in_its_channel() {
    let built = after(&site(), |site| site.put("content/y/_index.md", channel("别的栏目", "select: {year: 2014}")));
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ index.html
+ sitemap-pages.xml
+ y/index.csv
+ y/index.html
+ y/index.json
+ y/rss.xml

"#]]
    );
}

#[test]
fn a_setting_rewrites_what_it_is_for() {
    let site = site();
    let built =
        after(&site, |site| site.edit("site.toml", "organizer = \"示例县人民政府办公室\"", "organizer = \"县政府办\""));
    let pages: Vec<String> = built.tree.keys().filter(|path| path.ends_with(".html")).cloned().collect();
    assert_eq!((built.written.clone(), built.removed.len()), (pages, 0));
    let built = after(&site, |site| {
        site.put("site.toml", site.read("site.toml") + "[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n");
    });
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ catalogue/index.html
+ catalogue/issuer-year/czj/2013/index.csv
+ catalogue/issuer-year/czj/2013/index.html
+ catalogue/issuer-year/czj/2013/index.json
+ catalogue/issuer-year/index.html
+ catalogue/issuer-year/zfb/2014/index.csv
+ catalogue/issuer-year/zfb/2014/index.html
+ catalogue/issuer-year/zfb/2014/index.json
+ catalogue/issuer/index.html
+ catalogue/year/index.html
+ sitemap-pages.xml

"#]]
    );
}

#[test]
fn a_string_rewrites_what_shows_it() {
    let built = after(&site(), |site| site.put("templates/strings/zh-CN.toml", "newer = \"前一篇\"\n"));
    assert_data_eq!(changes(&built), str![[r#""#]]);
}

#[test]
fn an_attachment_that_comes_rewrites_its_page_alone() {
    let built = after(&site(), |site| {
        site.put("content/z/g.pdf", PDF);
        site.edit("content/z/b.md", "attachments: f.pdf", "attachments: [f.pdf, g.pdf]");
    });
    assert_data_eq!(
        changes(&built),
        str![[r#"
+ z/b.html
+ z/g.pdf

"#]]
    );
}

#[test]
fn what_an_office_calls_itself_rewrites_its_documents() {
    let built = after(&site(), |site| {
        site.edit("content/_data/organizations.yaml", "县财政局, slug: czj", "县财政局, slug: caizheng")
    });
    assert!(
        built.written.contains(&"y/d.html".to_owned()) && !built.written.contains(&"z/a.html".to_owned()),
        "{:?}",
        built.written
    );
    assert!(built.removed.contains(&"catalogue/issuer/czj/index.html".to_owned()));
}

#[test]
fn in_a_long_list_a_new_document_leaves_the_archive_alone() {
    let site = SiteTest::new().config("page_size = 5\n").file("content/z/_index.md", channel("栏目", ""));
    (1..=23).for_each(|number| {
        site.put(
            &format!("content/z/d{number:02}.md"),
            doc(&format!("文件{number}"), &format!("2014-01-{number:02}"), ""),
        )
    });
    let built = after(&site, |site| site.put("content/z/d24.md", doc("文件24", "2014-01-24", "")));
    assert!(!built.written.iter().any(|path| path.contains("list_")), "{:?}", built.written);
    // the 25th fills a page: it is made, and the one before gets a newer neighbour
    let built = after(&site, |site| site.put("content/z/d25.md", doc("文件25", "2014-01-25", "")));
    let lists: Vec<&String> = built.written.iter().filter(|path| path.starts_with("z/list_")).collect();
    assert_eq!(lists, ["z/list_4.html", "z/list_5.html"]);
    let documents: Vec<&String> = built.written.iter().filter(|path| path.starts_with("z/d")).collect();
    assert_eq!(documents, ["z/d24.html", "z/d25.html"]);
}

#[test]
fn an_error_leaves_the_previous_output_as_it_was() {
    let site = site();
    let before = site.build().clean().tree;
    let stamps = |site: &SiteTest| -> Vec<SystemTime> {
        before
            .keys()
            .map(|path| fs::metadata(site.path(&format!("public/{path}"))).unwrap().modified().unwrap())
            .collect()
    };
    let times = stamps(&site);
    let list = fs::read(site.path("public/.gongkai-files")).unwrap();
    site.edit("content/z/a.md", "title: 甲", "titel: 甲");
    site.put("content/z/e.md", doc("戊", "2014-04-01", ""));
    site.remove("content/z/c.md");
    for _ in 0..2 {
        let built = site.build().refused();
        assert_same(&built.tree, &before);
        assert_eq!(
            (stamps(&site), fs::read(site.path("public/.gongkai-files")).unwrap()),
            (times.clone(), list.clone())
        );
    }
    site.edit("content/z/a.md", "titel: 甲", "title: 甲");
    let built = site.build().clean();
    assert_same(&built.tree, &site.clean_tree());
}

#[test]
fn a_template_that_fails_leaves_the_previous_output_as_it_was() {
    let site = site();
    let before = site.build().clean().tree;
    site.put("templates/document.html", "{{ nobody.knows.this }}");
    let built = site.build().refused();
    assert!(
        built.findings.iter().all(|finding| finding.starts_with("G072 templates/document.html"))
            && !built.findings.is_empty(),
        "{:?}",
        built.findings
    );
    assert_same(&built.tree, &before);
}

#[test]
fn without_cache_or_list_of_what_was_written_the_tree_is_the_same() {
    let site = site();
    let before = site.build().clean().tree;
    site.remove(".gongkai");
    let built = site.build().clean().written(&[]);
    assert_same(&built.tree, &before);
    site.remove("public/z");
    site.put("public/index.html", "被人改了");
    let built = site.build().clean();
    assert_same(&built.tree, &before);
}

/// An edit of a site, as a random test chooses it.
#[derive(Clone, Debug)]
enum Edit {
    Document { at: usize, title: usize, day: usize, fields: usize, body: usize },
    Remove(usize),
    Move { from: usize, to: usize },
    Bundle(usize),
    Attachment(usize),
    Template(usize),
    Strings(usize),
    Config(usize),
    Channel { at: usize, more: usize },
    Organizations(usize),
    Records { more: usize, rows: usize },
    Kind(usize),
    Day(usize),
    Amnesia,
    DeleteOutput(usize),
}

const PLACES: [&str; 8] = ["z/a", "z/b", "z/c", "z/2014/d", "y/e", "y/f", "g", "z/中文"];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let at = 0..PLACES.len();
    let edit = prop_oneof![
        6 => (at.clone(), 0..4_usize, 0..6_usize, 0..27_usize, 0..8_usize)
            .prop_map(|(at, title, day, fields, body)| Edit::Document { at, title, day, fields, body }),
        2 => at.clone().prop_map(Edit::Remove),
        2 => (at.clone(), at.clone()).prop_map(|(from, to)| Edit::Move { from, to }),
        1 => at.clone().prop_map(Edit::Bundle),
        1 => (0..3_usize).prop_map(Edit::Attachment),
        1 => (0..5_usize).prop_map(Edit::Template),
        1 => (0..2_usize).prop_map(Edit::Strings),
        1 => (0..5_usize).prop_map(Edit::Config),
        2 => (0..3_usize, 0..9_usize).prop_map(|(at, more)| Edit::Channel { at, more }),
        1 => (0..3_usize).prop_map(Edit::Organizations),
        2 => (0..5_usize, 0..6_usize).prop_map(|(more, rows)| Edit::Records { more, rows }),
        2 => (0..6_usize).prop_map(Edit::Kind),
        1 => (0..4_usize).prop_map(Edit::Day),
        1 => Just(Edit::Amnesia),
        1 => (0..50_usize).prop_map(Edit::DeleteOutput),
    ];
    prop::collection::vec(edit, 1..9)
}

fn apply(site: &mut SiteTest, edit: &Edit) {
    let path = |at: usize| format!("content/{}.md", PLACES[at]);
    let bundle = |at: usize| format!("content/{}/index.md", PLACES[at]);
    let drop = |site: &SiteTest, at: usize| {
        [path(at), bundle(at)].iter().for_each(|path| {
            let _ = fs::remove_file(site.path(path));
        });
    };
    match *edit {
        Edit::Document { at, title, day, fields, body } => {
            let fields = [
                "",
                "kind: budget",
                "place: 马头镇",
                "place: [马头镇/东村, 李庄镇]\ngenre: 通知",
                "draft: true",
                "disclosure: 不予公开",
                "expires: 2015-06-01",
                "effective: 2015-06-01",
                "repeals: /g.md",
                "also_in: y",
                "pinned: true\nsummary: 摘要",
                "attachments: /f.pdf",
                "aliases: /old.html",
                "subject: 综合政务/政务公开\nvalidity: 有效",
                "kind: own\nbefore: /z/a.md\narea: 3.5",
                "kind: own\nbefore: ../y/e.md\nseries: 周报\nissue: 3\narea: 4",
                "kind: own\nseries: 周报\nissue: 5\narea: 7",
                "series: 周报\nissue: 第六期",
                "counts: {件: {channel: z}}",
                "counts: {件: {kind: own}}\nkind: own\nplan: /f.pdf",
                "withdrawn: 2015-06-01\nwithdrawn_reason: error\nredirect: /g.md\naliases: /old.html",
                "withdrawn: 2015-06-01\nwithdrawn_reason: superseded\nredirect: /z/a.md\npinned: true",
                "withdrawn: 2015-06-02\nwithdrawn_reason: period\nwithdrawn_show: nothing\nredirect: /y/\naliases: /old.html",
                "withdrawn: 2015-06-01\nwithdrawn_reason: period\nwithdrawn_show: nothing",
                "withdrawn: 2015-06-01\nwithdrawn_reason: privacy\nattachments: /f.pdf",
                "withdrawn: 2015-06-01\nwithdrawn_reason: privacy\nwithdrawn_show: nothing\nredirect: /g.md",
                "withdrawn: 2015-06-01\nwithdrawn_reason: error\nwithdrawn_show: banner\nkind: own\nseries: 周报\nissue: 7",
            ][fields];
            let body = [
                "文字",
                "# 标题\n\n文字",
                "[甲](/z/a.md)",
                "![图](/p.png)",
                "[标题](/g.md#标题)",
                "共 {count: 件} 件",
                "```count\nby: year\nlist: true\n```",
                "```table\nof: 周报\nfields: area\n```",
            ][body];
            let days = ["2013-01-01", "2014-01-01", "2014-06-01 09:00", "2014-12-31", "2015-05-31", "2016-01-01"];
            drop(site, at);
            site.put(&path(at), doc_with(["甲", "乙", "丙", "丁"][title], days[day], fields, body));
        }
        Edit::Remove(at) => drop(site, at),
        Edit::Move { from, to } => {
            if from != to && site.path(&path(from)).exists() {
                drop(site, to);
                site.rename(&path(from), &path(to));
            }
        }
        Edit::Bundle(at) => {
            if site.path(&path(at)).exists() {
                site.rename(&path(at), &bundle(at));
            }
        }
        Edit::Attachment(n) => site.put("static/f.pdf", format!("%PDF-1.{n}\n")),
        Edit::Template(0) => _ = fs::remove_dir_all(site.path("templates")),
        Edit::Template(1) => site.put(
            "templates/kinds/budget.html",
            "{% extends \"document.html\" %}{% block main %}<h1>预算</h1>{% endblock main %}",
        ),
        Edit::Template(2) => site.put("templates/partials/feeds.html", "<p>无</p>"),
        Edit::Template(3) => site.put(
            "templates/document.html",
            "{% extends \"base.html\" %}{% block main %}{{ content }}{% endblock main %}",
        ),
        Edit::Template(_) => site.put("templates/assets/site.css", "p{}"),
        Edit::Strings(n) => site.put("templates/strings/zh-CN.toml", format!("home = \"首页{n}\"\n")),
        Edit::Config(n) => {
            let more = [
                "",
                "page_size = 5\n",
                "palette = \"blue\"\n",
                "nav = [\"y\"]\n",
                "[[catalogue.crossing]]\naxes = [\"place\", \"year\"]\n",
            ][n];
            site.put("site.toml", format!("{}{more}", crate::site_test::SITE_TOML));
        }
        Edit::Channel { at, more } => {
            let folder = ["", "z/", "y/"][at];
            let more = [
                "",
                "sort: title",
                "order: asc",
                "select: {place: 马头镇}",
                "defaults: {genre: 公告}",
                "blocks: [{type: terms, axis: year}]",
                "page_size: 5",
                "description: 说明",
                "order: 1",
            ][more];
            site.put(&format!("content/{folder}_index.md"), channel(["首页", "栏目", "别的"][at], more));
        }
        Edit::Organizations(n) => {
            let table = [
                "open: true\nterms: []\n",
                "- {name: 县政府办, slug: zfb}\n",
                "- {name: 县政府办公室, slug: zfb, aliases: [县政府办]}\n",
            ][n];
            site.put("content/_data/organizations.yaml", table);
        }
        Edit::Records { more, rows } => {
            let more = [
                "",
                "records: r.csv",
                "records: {file: r.csv, key: 编号, title: 名称, pages: true}",
                "records: {file: r.csv, key: 编号, title: 名称, pages: true, group: 组, columns: [组]}",
                "records: {file: r.csv, key: 名称, pages: true}\nselect: {place: 马头镇}",
            ][more];
            site.put("content/y/_index.md", channel("别的", more));
            let csv =
                ["", "1,甲,子\n", "1,乙,子\n2,甲,丑\n", "2,甲,丑\n1,乙,\n", "1,甲,子\n1,乙,丑\n", "1,甲,子\n3,丙\n"];
            site.put("content/y/r.csv", format!("编号,名称,组\n{}", csv[rows]));
        }
        Edit::Kind(n) => {
            let fields = "label: 类\nfields:\n  - {name: area, label: 面积, type: number}\n  - {name: before, label: 前, type: reference}\n  - {name: plan, label: 图, type: file}\n";
            let more = [
                "",
                "columns: [area]\n",
                "data: [area]\n",
                "header: [before]\nseries: {yearly: true, trend: [area]}\n",
                "deadlines: [{from: written, within: 20, unit: 工作日}]\nreport: {line: 行政许可, count: area}\n",
            ];
            match more.get(n) {
                Some(more) => site.put("content/_kinds/own.yaml", format!("{fields}{more}")),
                None => _ = fs::remove_file(site.path("content/_kinds/own.yaml")),
            }
        }
        Edit::Day(n) => {
            let days = ["2014-12-31", "2015-06-01", "2015-06-02", "2026-01-01"];
            site.options.as_of = gongkai::model::Moment::parse(days[n]).unwrap();
        }
        Edit::Amnesia => _ = fs::remove_dir_all(site.path(".gongkai")),
        Edit::DeleteOutput(n) => {
            let tree = crate::site_test::tree(&site.path("public"));
            if let Some(path) = tree.keys().nth(n) {
                site.remove(&format!("public/{path}"));
            }
        }
    }
}

/// After every edit the output is what a clean build makes; if that is refused, so is this, and nothing changes.
fn run(edits: &[Edit]) {
    let mut site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/y/_index.md", channel("别的", ""))
        .file("content/g.md", doc_with("庚", "2012-01-01", "", "# 标题"))
        .file("content/z/a.md", doc("甲", "2012-02-01", ""))
        .file("content/_kinds/own.yaml", "label: 类\nfields: [{name: area, label: 面积, type: number}, {name: before, label: 前, type: reference}]\n")
        .file("static/f.pdf", PDF)
        .file("static/p.png", crate::site_test::PNG);
    let mut last: Tree = site.build().built().tree;
    let mut preview = Preview::new(&site);
    for edit in edits {
        apply(&mut site, edit);
        let before = crate::site_test::tree(&site.path("public"));
        let built = site.build();
        let clean = clean(&site);
        assert_eq!(built.findings, clean.findings);
        preview.same_as(&site, &clean);
        match clean.report.done {
            Some(_) => assert_same(&built.clone_tree(), &clean.tree),
            None => assert_same(&built.clone_tree(), &before),
        }
        last = built.tree;
    }
    assert!(!last.is_empty());
}

/// What a build of the same files in a new folder comes to, with what it finds.
#[track_caller]
pub fn clean(site: &SiteTest) -> Built {
    let mut other = SiteTest::empty();
    other.options = gongkai::pipeline::Options { root: other.options.root, ..site.options.clone() };
    sources(site).into_iter().for_each(|(path, bytes)| other.put(&path, bytes));
    other.build()
}

/// A process that goes on: it is told where files changed, and renders when it is asked to.
pub struct Preview {
    memory: pipeline::Memory,
    sources: Tree,
}

impl Preview {
    pub fn new(site: &SiteTest) -> Self {
        let mut memory = pipeline::remembered(site.root()).fixed();
        pipeline::plan(&site.options, &mut memory, &Touched::Anything).unwrap();
        Self { memory, sources: sources(site) }
    }

    /// Looks where files changed since the last time; all findings and all pages are those of a clean build.
    #[track_caller]
    pub fn same_as(&mut self, site: &SiteTest, clean: &Built) {
        let now = sources(site);
        let differs = |path: &&String| self.sources.get(*path) != now.get(*path);
        let all: std::collections::BTreeSet<&String> = self.sources.keys().chain(now.keys()).collect();
        let touched = all.into_iter().filter(differs).map(|path| site.path(path)).collect();
        let report = pipeline::plan(&site.options, &mut self.memory, &Touched::These(touched)).unwrap();
        self.sources = now;
        assert_eq!(crate::site_test::shown(&report.findings, site.root()), clean.findings, "findings of the preview");
        assert_eq!(report.site.is_some(), clean.report.done.is_some());
        let (Some(site), Some(_)) = (report.site, clean.report.done) else { return };
        let bytes = |page: &gongkai::plan::Page| match site.render(page).unwrap() {
            gongkai::emit::Content::Bytes(bytes) => bytes,
            gongkai::emit::Content::Copy(path) => fs::read(path).unwrap(),
        };
        let tree: Tree = site.plan.pages.iter().map(|page| (page.out.to_string(), bytes(page))).collect();
        assert_same(&tree, &clean.tree);
    }
}

/// What the site is made from.
fn sources(site: &SiteTest) -> Tree {
    let mut tree = crate::site_test::tree(site.root());
    tree.retain(|path, _| !path.starts_with("public/") && !path.starts_with(".gongkai/"));
    tree
}

impl Built {
    fn clone_tree(&self) -> Tree {
        self.tree.clone()
    }
}

/// 300 sequences of edits, each of a seed of its own; `GONGKAI_SEQUENCES=10000` for the night, `GONGKAI_SEED=17` for one.
#[test]
fn random_edits_come_to_what_a_clean_build_comes_to() {
    let number = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<u64>().ok());
    let seeds = match number("GONGKAI_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("GONGKAI_SEQUENCES").unwrap_or(300),
    };
    seeds.into_par_iter().for_each(|seed| {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let config = ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let sequence = edits().new_tree(&mut runner).expect("edits");
        let result = runner.run_one(sequence, |edits| {
            run(&edits);
            Ok(())
        });
        if let Err(failure) = result {
            panic!("GONGKAI_SEED={seed}: {failure}");
        }
    });
}

/// In a process that goes on, an edit of a text or a title costs no new plan; what moves documents does.
#[test]
fn texts_and_titles_are_put_into_the_last_site() {
    let site = site();
    let mut memory = pipeline::remembered(site.root()).fixed();
    let mut plan =
        |touched: &Touched| pipeline::plan(&site.options, &mut memory, touched).unwrap().site.unwrap().plan.clone();
    let first = plan(&Touched::Anything);
    let mut same = |path: &str, from: &str, to: &str| {
        site.edit(path, from, to);
        let next = plan(&Touched::These(vec![site.path(path)]));
        std::sync::Arc::ptr_eq(&first, &next)
    };
    assert!(same("content/z/a.md", "甲的正文。", "甲的新正文。"));
    assert!(same("content/z/a.md", "title: 甲", "title: 新甲"));
    assert!(!same("content/z/a.md", "2014-01-01", "2014-01-02"));
    assert!(!same("content/z/a.md", "2014-01-02", "2014-01-01"), "another plan, though an equal one");
}
