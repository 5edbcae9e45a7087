//! 政府信息公开平台 in four parts, and what answers to each item of arts. 20 and 21.

use std::collections::BTreeSet;

use gongkai::model::statute::{Item, Scope};
use gongkai::pipeline;

use crate::site_test::{SiteTest, assert_same, channel, doc};

const BLOCK: &str = "blocks: [{type: platform, guide: g, rules: r, content: c, reports: n, request: y}]";

fn site() -> SiteTest {
    SiteTest::new()
        .file(
            "content/_data/organizations.yaml",
            "- {name: 县政府办, slug: zfb, short: 政府办}\n- {name: 县财政局, slug: czj}\n",
        )
        .file("content/p/_index.md", channel("政府信息公开", BLOCK))
        .file("content/g/_index.md", channel("指南", ""))
        .file("content/r/_index.md", channel("制度", ""))
        .file("content/c/_index.md", channel("内容", ""))
        .file("content/c/cz/_index.md", channel("财政", "articles: [20.7, 第二十条第（八）项]"))
        .file("content/c/cz/sf/_index.md", channel("收费", ""))
        .file("content/c/gh/_index.md", channel("规划", "articles: 第二十条第（三）项 规划及相关政策"))
        .file("content/n/_index.md", channel("年报", ""))
        .file("content/y/_index.md", channel("依申请公开", ""))
        .file("content/g/a.md", doc("公开指南", "2014-01-01", ""))
        .file("content/r/a.md", doc("公开制度", "2014-01-02", ""))
        .file("content/c/cz/sf/a.md", doc("收费目录", "2014-01-03", ""))
        .file("content/g/b.md", doc("征地公告", "2014-01-04", "kind: land-notice"))
        .file("content/n/a.md", doc("办公室年报", "2015-01-20", "kind: annual-report\nyear: 2014"))
        .file("content/n/b.md", doc("上年年报", "2014-01-20", "kind: annual-report\nyear: 2013年"))
        .file(
            "content/n/c.md",
            doc("财政局年报", "2015-01-10", "kind: annual-report\nyear: 2014").replace("县政府办", "县财政局"),
        )
}

#[test]
fn the_four_parts_have_their_names_and_their_order() {
    let site = site();
    let built = site.build().clean();
    built.page("p/index.html").has_in_order(&[
        "<h2>政府信息公开指南</h2><a href=\"../g/index.html\">",
        "<a href=\"../y/index.html\">依申请公开</a>",
        "href=\"../g/a.html\">公开指南</a>",
        "<h2>政府信息公开制度</h2>",
        "href=\"../r/a.html\">公开制度</a>",
        "<h2>法定主动公开内容</h2>",
        "第二十条 各行政机关",
        "（一）行政法规、规章和规范性文件",
        "暂无",
        "（三）规划及相关政策",
        "href=\"../c/gh/index.html\">规划</a>",
        "栏目里暂无文件",
        "（七）财政预算、决算",
        "href=\"../c/cz/index.html\">财政</a>",
        "1 件",
        "第二十一条 县级人民政府及其部门",
        "土地征收",
        "href=\"../g/b.html\">征地公告</a>",
        "第二十一条 乡镇人民政府",
        "农业农村政策",
        "<h2>政府信息公开年报</h2>",
        "<dt>2014年</dt>",
        "href=\"../n/a.html\">政府办<span class=\"vh\"> 2014年 政府信息公开年报</span></a>",
        "href=\"../n/c.html\">县财政局<",
        "<dt>2013年</dt>",
        "href=\"../n/b.html\">政府办<",
    ]);
    // two of one body in a year are told apart by their titles
    site.put("content/n/d.md", doc("办公室年报（更正）", "2015-02-20", "kind: annual-report\nyear: 2014"));
    site.build().clean().page("p/index.html").has(">办公室年报</a>").has(">办公室年报（更正）</a>");
}

#[test]
fn what_falls_under_an_item_comes_from_its_kind_its_channel_and_those_above() {
    let site = site();
    let catalogue = pipeline::load(&site.options).expect("runs").expect("a site").catalogue;
    let coverage = catalogue.coverage();
    let titles = |key: &str| -> (Vec<&str>, Vec<&str>) {
        let of = coverage.iter().find(|of| of.item.key() == key).expect(key);
        let channels = of.channels.iter().map(|id| catalogue.channel(*id).title()).collect();
        (channels, of.docs.iter().map(|id| catalogue.doc(*id).title()).collect())
    };
    assert_eq!(coverage.len(), 30);
    assert_eq!(titles("20.7"), (vec!["财政"], vec!["收费目录"]));
    assert_eq!(titles("20.8"), (vec!["财政"], vec!["收费目录"]));
    assert_eq!(titles("20.3"), (vec!["规划"], vec![]));
    assert_eq!(titles("21.4"), (vec![], vec!["征地公告"]));
    assert_eq!(titles("20.1"), (vec![], vec![]));
}

#[test]
fn items_have_keys_labels_and_their_number() {
    let keys: BTreeSet<&str> = Item::all().map(Item::key).collect();
    assert_eq!(keys.len(), 30);
    let of = |scope| Item::all().filter(|item| item.scope() == scope).count();
    assert_eq!(Scope::ALL.map(of), [15, 7, 8]);
    for (written, key) in [
        ("20.7", Some("20.7")),
        (" 20.7 ", Some("20.7")),
        ("第二十条第（七）项", Some("20.7")),
        ("第二十条第（七）项 财政预算、决算", Some("20.7")),
        ("21.T2", Some("21.t2")),
        ("第二十一条", None),
        ("20.16", None),
        ("20", None),
        ("", None),
    ] {
        assert_eq!(Item::find(written).map(Item::key), key, "{written}");
    }
    assert_eq!(Item::find("20.7").unwrap().label(), "第二十条第（七）项 财政预算、决算");
}

#[test]
fn wrong_items_and_missing_parts_are_told_where_they_stand() {
    for (file, text, expected) in [
        ("content/c/_index.md", channel("内容", "articles: [20.7, 20.77]"), "G020 content/c/_index.md:3:18"),
        ("content/c/_index.md", channel("内容", "articles: [财政]"), "G020 content/c/_index.md:3:12"),
        ("content/c/_index.md", channel("内容", "articles: {a: b}"), "G"),
        ("content/_kinds/x.yaml", "label: 某\narticles: [22.1]\n".into(), "G063 content/_kinds/x.yaml:2:12"),
        (
            "content/p/_index.md",
            channel("平台", "blocks: [{type: platform, guide: g, rules: r}]"),
            "G061 content/p/_index.md:3:10 platform 区块缺少 content（法定主动公开内容）、reports（年报）",
        ),
        (
            "content/p/_index.md",
            channel("平台", "blocks: [{type: platform}]"),
            "G061 content/p/_index.md:3:10 platform 区块缺少 guide（指南）、rules（制度）、",
        ),
        (
            "content/p/_index.md",
            channel("平台", "blocks: [{type: platform, guide: gg, rules: r, content: c, reports: n}]"),
            "G054 content/p/_index.md:3:34",
        ),
        (
            "content/p/_index.md",
            channel("平台", "blocks: [{type: platform, guide: g, rules: r, content: c, reports: n, request: yy}]"),
            "G054 content/p/_index.md:3:80",
        ),
    ] {
        let site = site();
        site.put(file, &text);
        let built = site.build().refused();
        assert!(
            built.findings.iter().any(|finding| finding.starts_with(expected)),
            "{text}\nexpected {expected}\nfound {:#?}",
            built.findings
        );
    }
}

#[test]
fn edits_come_to_what_a_clean_build_comes_to() {
    let site = site();
    site.build().clean();
    for (file, from, to) in [
        ("content/g/a.md", "公开指南的正文。", "新的正文。"),
        ("content/g/a.md", "title: 公开指南", "title: 新指南"),
        ("content/n/a.md", "year: 2014", "year: 2013"),
        ("content/c/cz/_index.md", "20.7, ", ""),
        ("content/g/b.md", "kind: land-notice", "kind: penalty"),
        ("content/_data/organizations.yaml", "short: 政府办", "short: 办公室"),
        ("content/n/c.md", "---\n\n", "draft: true\n---\n\n"),
    ] {
        site.edit(file, from, to);
        let built = site.build().built();
        assert_same(&built.tree, &site.clean_tree());
    }
}
