//! 征地: documents by town, village and project, on pages that need no script.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use snapbox::{assert_data_eq, str};

use crate::site_test::{SiteTest, assert_same, channel, doc};

const PLACES: &str = "\
- name: 马头镇
  slug: mt
  children: [{name: 东村, slug: dong}, {name: 西村, slug: xi}]
- name: 李庄镇
  slug: lz
  children: [{name: 东村, slug: dong}]
- {name: 花园镇, slug: hy}
";

const BLOCK: &str =
    "blocks: [{type: places, title: 按村查, kinds: [land-pre-notice, land-compensation, land-notice], project: batch}]";

fn notice(kind: &str, title: &str, day: &str, place: &str, batch: &str) -> String {
    let place = if place.is_empty() { String::new() } else { format!("place: {place}\n") };
    let batch = if batch.is_empty() { String::new() } else { format!("batch: {batch}\n") };
    doc(title, day, &format!("kind: {kind}\n{place}{batch}"))
}

fn site() -> SiteTest {
    SiteTest::new()
        .file("content/_data/places.yaml", PLACES)
        .file("content/z/_index.md", channel("征地信息", BLOCK))
        .file("content/z/a.md", notice("land-pre-notice", "甲预公告", "2014-03-04", "马头镇/东村", "第8批次"))
        .file(
            "content/z/b.md",
            notice("land-notice", "乙公告", "2014-06-04", "[马头镇/东村, 马头镇/西村]", "第 8 批次"),
        )
        .file("content/z/c.md", notice("land-notice", "丙公告", "2014-07-04", "李庄镇", ""))
        .file("content/z/d.md", notice("land-notice", "丁公告", "2014-08-04", "", "第9批次"))
        .file("content/z/e.md", doc("不相干", "2014-09-04", "place: 花园镇"))
}

#[test]
fn the_index_lists_every_village_with_its_numbers_and_every_town_has_a_page() {
    let built = site().build().clean();
    assert_eq!(built.files("z/place/"), ["lz.html", "mt.html"]);
    built.page("z/index.html").has_in_order(&[
        "<h2>按村查</h2>",
        "data-filter=\"输入镇名、村名查找\"",
        "<h3><a href=\"../z/place/mt.html\">马头镇</a> <span class=\"n\">2 件</span></h3>",
        "<li><a href=\"../z/place/mt.html#v-dong\"><span class=\"vh\">马头镇 </span>东村</a> <span class=\"n\">2 件</span></li>",
        "<li><a href=\"../z/place/mt.html#v-xi\"><span class=\"vh\">马头镇 </span>西村</a> <span class=\"n\">1 件</span></li>",
        "<h3><a href=\"../z/place/lz.html\">李庄镇</a>",
        "<li><span class=\"vh\">李庄镇 </span>东村 <span class=\"n\">暂无</span></li>",
        "<h3>花园镇 <span class=\"n\">暂无</span></h3>",
        "没有写明地域的",
        "href=\"../z/d.html\"",
        "本栏目文件",
    ]);
    built.page("sitemap-pages.xml").has("https://www.example.gov.cn/z/place/mt.html").lacks("hy.html");
}

#[test]
fn the_page_of_a_town_has_a_table_of_projects_for_every_village() {
    let built = site().build().clean();
    built
        .page("z/place/mt.html")
        .has("<title>马头镇：征地信息_示例县人民政府</title>")
        .has("<a href=\"../../z/index.html\">征地信息</a></li>")
        .has("<span aria-current=\"page\">马头镇</span>")
        .has_in_order(&[
            "<h1>马头镇：征地信息</h1>",
            "data-filter=\"输入村名、项目名查找\"",
            "id=\"v-dong\"",
            "<h2>东村</h2>",
            "<th scope=\"col\">项目</th><th scope=\"col\">征收土地预公告</th><th scope=\"col\">征收土地公告</th>",
            "<th scope=\"row\"><span class=\"vh\">马头镇 东村 </span>第 8 批次</th>",
            "href=\"../../z/a.html\"><time datetime=\"2014-03-04\">2014-03-04</time><span class=\"vh\"> 甲预公告</span>",
            "href=\"../../z/b.html\"><time datetime=\"2014-06-04\">",
            "id=\"v-xi\"",
            "<h2>西村</h2>",
            "<span class=\"none\">—</span></td><td><a href=\"../../z/b.html\">",
        ])
        .lacks("征地补偿安置公告");
    built.page("z/place/lz.html").has_in_order(&[
        "<h2>没有写到村的</h2>",
        "</span>丙公告</th>",
        "href=\"../../z/c.html\"",
        "<h2>东村</h2>",
        "暂无",
    ]);
}

#[test]
fn an_axis_without_a_table_has_the_towns_that_occur() {
    let site = site();
    site.remove("content/_data/places.yaml");
    let built = site.build().clean();
    built.page("z/index.html").has("马头镇</a>").has("李庄镇</a>").lacks("<h3>花园镇");
    assert_eq!(built.files("z/place/").len(), 2);
}

#[test]
fn addresses_of_towns_are_nobody_elses() {
    for (path, text) in [
        ("content/z/place/x.md", doc("占用", "2014-01-01", "")),
        ("content/z/x.md", doc("占用", "2014-01-01", "aliases: /z/place/mt.html")),
        ("content/z/place/_index.md", channel("占用", "")),
        ("static/z/place/mt.html", "x".into()),
    ] {
        let site = site();
        site.put(path, text);
        let built = site.build().refused();
        assert!(
            built.findings.iter().any(|finding| finding.contains("place") && !finding.starts_with("G061")),
            "{path}: {:#?}",
            built.findings
        );
    }
    // without the block the name is free
    let site = site();
    site.put("content/z/_index.md", channel("征地信息", ""));
    site.put("content/z/place/x.md", doc("自由", "2014-01-01", ""));
    site.build().clean().page("z/place/x.html").has("自由");
}

#[test]
fn the_home_page_may_have_the_block_too() {
    let site = site();
    site.put("content/_index.md", channel("首页", BLOCK));
    let built = site.build().clean();
    built.page("index.html").has("place/mt.html");
    built.page("place/mt.html").has("href=\"../z/a.html\"");
}

#[test]
fn wrong_declarations_are_told_where_they_stand() {
    for (block, expected) in [
        ("{type: places}", "G061 content/z/_index.md:3:10 places 区块没有写 kinds"),
        ("{type: places, kinds: [land-notic]}", "G061 content/z/_index.md:3:33 没有信息类型“land-notic”"),
        (
            "{type: places, kinds: [land-notice], project: bacth}",
            "G061 content/z/_index.md:3:56 征收土地公告都没有字段“bacth”",
        ),
        (
            "{type: places, kinds: [land-notice], year: batch}",
            "G061 content/z/_index.md:3:47 “year”在 places 区块里没有用",
        ),
        (
            "{type: places, kinds: [land-notice]}, {type: places, kinds: [land-pre-notice]}",
            "G061 content/z/_index.md:3:48 一个栏目只能有一个 places 区块",
        ),
    ] {
        let site = site();
        site.put("content/z/_index.md", channel("征地信息", &format!("blocks: [{block}]")));
        let built = site.build().refused();
        assert!(
            built.findings.iter().any(|finding| finding.starts_with(expected)),
            "{block}\nexpected {expected}\nfound {:#?}",
            built.findings
        );
    }
}

#[test]
fn one_more_notice_rewrites_the_page_of_its_town_alone() {
    let site = site();
    site.build().clean();
    site.put("content/z/f.md", notice("land-notice", "戊公告", "2014-08-14", "马头镇/西村", "第10批次"));
    let built = site.build().clean();
    let written: Vec<String> = built.written.iter().map(|path| format!("{path}\n")).collect();
    assert_data_eq!(
        written.concat(),
        str![[r#"
catalogue/genre/gg/index.csv
catalogue/genre/gg/index.html
catalogue/genre/gg/index.json
catalogue/genre/index.html
catalogue/index.html
catalogue/issuer/index.html
catalogue/issuer/xianzhengfuban-7eb8b8/index.csv
catalogue/issuer/xianzhengfuban-7eb8b8/index.html
catalogue/issuer/xianzhengfuban-7eb8b8/index.json
catalogue/place/index.html
catalogue/place/mt/index.csv
catalogue/place/mt/index.html
catalogue/place/mt/index.json
catalogue/place/mt/xi/index.csv
catalogue/place/mt/xi/index.html
catalogue/place/mt/xi/index.json
catalogue/subject/gtzyny/index.csv
catalogue/subject/gtzyny/index.html
catalogue/subject/gtzyny/index.json
catalogue/subject/gtzyny/td/index.csv
catalogue/subject/gtzyny/td/index.html
catalogue/subject/gtzyny/td/index.json
catalogue/subject/index.html
catalogue/year/2014/index.csv
catalogue/year/2014/index.html
catalogue/year/2014/index.json
catalogue/year/index.html
index.html
rss.xml
sitemap-2014.xml
sitemap-pages.xml
z/d.html
z/e.html
z/f.html
z/index.csv
z/index.html
z/index.json
z/place/mt.html
z/rss.xml

"#]]
    );
    assert_same(&built.tree, &site.clean_tree());
    // a text is on no page of a town, a title is
    site.edit("content/z/a.md", "甲预公告的正文。", "新的正文。");
    site.build().clean().written(&["z/a.html"]);
    site.edit("content/z/a.md", "title: 甲预公告", "title: 新预公告");
    let built = site.build().clean();
    assert!(built.written.contains(&"z/place/mt.html".to_owned()), "{:#?}", built.written);
    assert_same(&built.tree, &site.clean_tree());
}

/// Documents whose places, kinds, projects and titles change at random.
#[test]
fn random_edits_come_to_what_a_clean_build_comes_to() {
    let names = ["a", "b", "c", "d", "e"];
    let edit = (
        0..names.len(),
        prop::sample::select(vec!["land-pre-notice", "land-notice", "land-compensation", "notice"]),
        prop::sample::select(vec!["", "马头镇", "马头镇/东村", "[马头镇/西村, 李庄镇/东村]", "花园镇"]),
        prop::sample::select(vec!["", "第8批次", "第9批次"]),
        1u8..9,
    );
    let seed = [7; 32];
    let config = Config { cases: 6, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&prop::collection::vec(edit, 1..6), |edits| {
        let site = site();
        site.build().clean();
        for (at, kind, place, batch, month) in edits {
            // other kinds have no batches
            let batch = if kind == "notice" { "" } else { batch };
            let title = format!("文件{at}{month}");
            site.put(
                &format!("content/z/{}.md", names[at]),
                notice(kind, &title, &format!("2014-0{month}-11"), place, batch),
            );
            let built = site.build().built();
            assert_same(&built.tree, &site.clean_tree());
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
