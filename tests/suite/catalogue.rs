//! The catalogue: axes, terms, crossings; closed and open tables.

use crate::site_test::{Built, SiteTest, channel, doc};

const AXES: [&str; 8] = ["issuer", "subject", "genre", "category", "audience", "place", "year", "validity"];

/// Three documents on every axis.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-01-01", "subject: 综合政务/政务公开\ngenre: 通知\ncategory: 财政预决算/部门预算\naudience: 公民\nplace: 马头镇/东村\nvalidity: 有效"))
        .file("content/z/b.md", doc("乙", "2014-02-01", "subject: [综合政务/文秘工作, 国土资源、能源/土地]\ngenre: 公告\ncategory: 财政预决算\naudience: 企业\nplace: [马头镇, 李庄镇]\nvalidity: 失效").replace("县政府办", "县财政局"))
        .file("content/z/c.md", doc("丙", "2015-01-01", "subject: 综合政务\ngenre: 通知\nco_issuers: 县政府办").replace("issuer: 县政府办", "issuer: 县财政局"))
}

/// (title, count) of the terms of an index page, in order; below each other with their children.
fn terms(built: &Built, page: &str) -> Vec<(String, String)> {
    let text = built.page(page).text;
    let list = text
        .split("<ul class=\"index\">")
        .nth(1)
        .unwrap_or_else(|| panic!("no index in {page}"))
        .split("</main>")
        .next()
        .unwrap();
    let one = |item: &str| {
        let link = item.split("</a>").next()?.split('>').nth(2)?;
        let count = item.split("class=\"n\">").nth(1)?.split('<').next()?;
        Some((link.trim_end_matches("<span class=\"n\"").trim().to_owned(), count.to_owned()))
    };
    list.split("<li").skip(1).filter_map(one).collect()
}

fn pairs(expected: &[(&str, usize)]) -> Vec<(String, String)> {
    expected.iter().map(|(title, count)| ((*title).to_owned(), count.to_string())).collect()
}

#[test]
fn every_axis_has_an_index_and_every_term_in_use_a_page() {
    let built = site().build().clean();
    for (axis, expected) in [
        ("issuer", vec![("县财政局", 2), ("县政府办", 2)]),
        ("subject", vec![("综合政务", 3), ("政务公开", 1), ("文秘工作", 1), ("国土资源、能源", 1), ("土地", 1)]),
        ("genre", vec![("公告", 1), ("通知", 2)]),
        ("category", vec![("财政预决算", 2), ("部门预算", 1)]),
        ("audience", vec![("公民", 1), ("企业", 1)]),
        ("place", vec![("李庄镇", 1), ("马头镇", 2), ("东村", 1)]),
        ("year", vec![("2015年", 1), ("2014年", 2)]),
        ("validity", vec![("有效", 1), ("失效", 1)]),
    ] {
        assert_eq!(terms(&built, &format!("catalogue/{axis}/index.html")), pairs(&expected), "{axis}");
    }
    let home = built.page("catalogue/index.html");
    AXES.iter().for_each(|axis| assert!(home.text.contains(&format!("../catalogue/{axis}/index.html")), "{axis}"));
    assert_eq!(built.page("catalogue/year/2014/index.html").cards(), ["../../../z/b.html", "../../../z/a.html"]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn a_theme_that_reads_cards_is_given_them() {
    let site = site().file(
        "templates/term.html",
        "{% extends \"base.html\" %}{% block main %}{% for card in cards %}<a href=\"{{ root }}{{ card.url }}\">{{ card.title }}</a>\
         {% endfor %}{% endblock main %}",
    );
    let built = site.build().built();
    assert!(built.page("catalogue/year/2014/index.html").text.contains("<a href=\"../../../z/b.html\">"));
}

#[test]
fn a_term_page_shows_the_four_statutory_columns_and_open_data() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-02", "index_no: a/2014-001\nwritten: 2014-01-01\nsummary: 概述。"))
        .build()
        .clean();
    built
        .page("catalogue/year/2014/index.html")
        .has_in_order(&["索引号", "名称", "内容概述", "生成日期", "a/2014-001", ">甲</a>", "概述。", "2014-01-01"])
        .has("../../../catalogue/year/2014/index.json")
        .has("../../../catalogue/year/2014/index.csv");
    assert_eq!(built.page("catalogue/year/2014/index.json").json()["url"], "/catalogue/year/2014/");
}

#[test]
fn the_page_of_an_organization_says_how_to_reach_it() {
    let table = "- name: 县政府办\n  slug: zfb\n  contact: {address: <甲路>1号, phone: 0539-1, 值班: 全天}\n- name: 县财政局\n  slug: czj\n";
    let built = SiteTest::new()
        .file("content/_data/organizations.yaml", table)
        .file("content/a.md", doc("甲", "2014-01-02", "co_issuers: [县财政局]"))
        .build()
        .clean();
    built.page("catalogue/issuer/zfb/index.html").has_in_order(&[
        "机构信息",
        "地址",
        "&lt;甲路&gt;1号",
        "电话",
        "0539-1",
        "值班",
        "全天",
        "索引号",
    ]);
    built.page("catalogue/issuer/czj/index.html").lacks("机构信息");
}

#[test]
fn nested_subjects_nest_folders_and_a_class_counts_what_is_below() {
    let built = site().build().clean();
    let of = |title: &str| {
        let page = built.page("catalogue/subject/index.html").text;
        let at = page.find(&format!(">{title}")).unwrap_or_else(|| panic!("{title}"));
        page[..at].rsplit("href=\"../../").next().unwrap().split('"').next().unwrap().to_owned()
    };
    let (class, child) = (of("综合政务"), of("政务公开"));
    assert!(child.starts_with(class.trim_end_matches("index.html")), "{class} {child}");
    assert_eq!(built.page(&class).cards().len(), 3);
    assert_eq!(built.page(&child).cards(), ["../../../../z/a.html"]);
    built.page(&child).has("综合政务").has("<title>政务公开_示例县人民政府</title>");
    built.page("z/a.html").has(&format!("href=\"../{child}\">综合政务/政务公开</a>"));
}

#[test]
fn the_same_name_under_two_classes_is_two_terms() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-01", "subject: 综合政务/其他"))
        .file("content/b.md", doc("乙", "2014-01-01", "subject: 国土资源、能源/其他"))
        .build()
        .clean();
    let others: Vec<&String> = built
        .tree
        .keys()
        .filter(|path| {
            path.starts_with("catalogue/subject/") && path.matches('/').count() == 4 && path.ends_with("index.html")
        })
        .collect();
    assert_eq!(others.len(), 2, "{others:?}");
    others.iter().for_each(|page| assert_eq!(built.page(page).cards().len(), 1));
}

#[test]
fn an_axis_without_documents_has_no_page_and_no_tab() {
    let built = SiteTest::new().file("content/a.md", doc("甲", "2014-01-01", "")).build().clean();
    for axis in ["subject", "genre", "category", "audience", "place", "validity"] {
        assert!(!built.tree.keys().any(|path| path.starts_with(&format!("catalogue/{axis}/"))), "{axis}");
        built.page("catalogue/index.html").lacks(&format!("catalogue/{axis}/"));
    }
    built.page("catalogue/index.html").has("catalogue/issuer/index.html").has("catalogue/year/index.html");
}

#[test]
fn crossings_make_non_empty_cells_only() {
    let site = site().config("\n[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n\n[[catalogue.crossing]]\naxes = [\"place\", \"category\", \"year\"]\n");
    site.put(
        "content/_data/organizations.yaml",
        "- {name: 县政府办, slug: zfb}\n- {name: 县财政局, slug: czj}\n- {name: 县教育局, slug: jyj}\n",
    );
    site.put(
        "content/_data/places.yaml",
        "open: true\nterms:\n  - {name: 马头镇, slug: matou}\n  - {name: 李庄镇, slug: lizhuang}\n",
    );
    let built = site.build().clean();
    let cells: Vec<&str> =
        built.files("catalogue/issuer-year/").into_iter().filter(|name| name.ends_with("index.html")).collect();
    assert_eq!(
        cells,
        ["czj/2014/index.html", "czj/2015/index.html", "index.html", "zfb/2014/index.html", "zfb/2015/index.html"]
    );
    assert_eq!(built.page("catalogue/issuer-year/zfb/2014/index.html").cards(), ["../../../../z/a.html"]);
    // 丙 is issued by both
    assert_eq!(built.page("catalogue/issuer-year/zfb/2015/index.html").cards(), ["../../../../z/c.html"]);
    let matrix = built.page("catalogue/issuer-year/index.html");
    matrix
        .clone()
        .has_in_order(&["发布机构", "2015年", "2014年", "县政府办", ">1</a>", ">1</a>", "县财政局", ">1</a>", ">1</a>"])
        .lacks("县教育局");
    // a village counts with its town
    let three: Vec<&str> =
        built.files("catalogue/place-category-year/").into_iter().filter(|name| name.ends_with("index.html")).collect();
    assert_eq!(three.len(), 3, "{three:?}");
    assert_eq!(built.page("catalogue/issuer-year/zfb/2014/index.json").json()["title"], "县政府办 · 2014年");
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn an_empty_cell_of_a_matrix_is_no_link() {
    let site = SiteTest::new()
        .config("\n[[catalogue.crossing]]\naxes = [\"genre\", \"year\"]\n")
        .file("content/a.md", doc("甲", "2014-01-01", "genre: 通知"))
        .file("content/b.md", doc("乙", "2015-01-01", "genre: 公告"));
    let matrix = site.build().clean();
    let text = matrix.page("catalogue/genre-year/index.html").text;
    assert_eq!((text.matches("<td>0</td>").count(), text.matches("<td><a ").count()), (2, 2));
}

#[test]
fn an_unknown_term_of_a_closed_table_is_an_error_with_advice() {
    let built = SiteTest::new()
        .file("content/_data/organizations.yaml", "- 县国土资源局\n- 县财政局\n")
        .file("content/a.md", doc("甲", "2014-01-01", "").replace("县政府办", "县国土局"))
        .file("content/b.md", doc("乙", "2014-01-01", "subject: 综合政务/政务公升").replace("县政府办", "县财政局"))
        .file(
            "content/c.md",
            doc("丙", "2014-01-01", "subject: 政务公开\nco_issuers: [县财政局, 外星人]")
                .replace("县政府办", "县财政局"),
        )
        .build()
        .refused()
        .finds(&[
            "G021 content/a.md:3:9 发布机构里没有“县国土局”",
            "G021 content/b.md:5:10 主题分类里没有“综合政务/政务公升”",
            "G021 content/c.md:5:10 主题分类里没有“政务公开”",
            "G021 content/c.md:6:20 发布机构里没有“外星人”",
        ]);
    let help: Vec<&str> = built.report.findings.iter().map(|finding| finding.help.as_deref().unwrap_or("")).collect();
    assert_eq!(help[0], "你是不是想写“县国土资源局”？");
    assert_eq!(help[1], "你是不是想写“综合政务/政务公开”？");
    assert_eq!(help[2], "你是不是想写“综合政务/政务公开”？");
    assert!(help[3].contains("content/_data/organizations.yaml"), "{}", help[3]);
}

#[test]
fn an_open_table_takes_new_terms_and_keeps_the_slugs_of_its_own() {
    let site = |table: &str| {
        SiteTest::new()
            .file("content/_data/places.yaml", table)
            .file("content/a.md", doc("甲", "2014-01-01", "place: [马头镇, 新镇]"))
    };
    site("- {name: 马头镇, slug: matou}\n").build().refused().finds(&["G021 content/a.md:5:14 地域里没有“新镇”"]);
    let built = site("open: true\nterms:\n  - {name: 马头镇, slug: matou}\n").build().clean();
    assert!(built.tree.contains_key("catalogue/place/matou/index.html"));
    assert_eq!(terms(&built, "catalogue/place/index.html"), pairs(&[("马头镇", 1), ("新镇", 1)]));
}

#[test]
fn a_term_that_would_hide_another_or_a_page_gets_a_name_of_its_own() {
    let built = SiteTest::new()
        .file("content/_data/places.yaml", "open: true\nterms:\n  - {name: 马头镇, slug: matou}\n")
        .file("content/a.md", doc("甲", "2014-01-01", "place: [马头镇, matou, index, list_1, rss]"))
        .build()
        .clean();
    assert_eq!(terms(&built, "catalogue/place/index.html").len(), 5);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn aliases_of_organizations_lead_to_one_name() {
    let built = SiteTest::new()
        .file(
            "content/_data/organizations.yaml",
            "- name: 郯城县财政局\n  slug: czj\n  short: 县财政局\n  aliases: [县财政局, 财政局]\n",
        )
        .file("content/a.md", doc("甲", "2014-01-01", "").replace("县政府办", "财政局"))
        .file("content/b.md", doc("乙", "2014-01-02", "").replace("县政府办", "郯城县财政局"))
        .build()
        .clean();
    assert_eq!(terms(&built, "catalogue/issuer/index.html"), pairs(&[("郯城县财政局", 2)]));
    built
        .page("a.html")
        .has("catalogue/issuer/czj/index.html\">财政局</a>")
        .has("<meta name=\"ContentSource\" content=\"郯城县财政局\">");
    assert_eq!(built.page("index.json").json()["rows"][1]["issuer"], "郯城县财政局");
    built.page("catalogue/issuer/czj/index.html").has("县财政局");
}

/// Each fault once, at its own line, and none hides another.
#[test]
fn what_organizations_say_of_each_other_is_checked_once_and_at_its_line() {
    let table = "\
- {name: 甲, slug: a, parent: 乙, from: 2014-01-01}
- name: 乙
  slug: b
  parent: 丙
- {name: 丙, slug: c, parent: 甲, successor: 丁}
- name: 戊
  slug: B
  parent: 甲
- {name: 己, slug: f, parent: 己乙, from: 2015-01-01, to: 2014-01-01}
- {name: 县政府办, slug: g, parent: 甲}
";
    let built = SiteTest::new().file("content/_data/organizations.yaml", table).build().refused();
    let expected = [
        "1:30 上级（parent）绕成了一圈：甲 → 乙 → 丙 → 甲",
        "5:44 承接机构“丁”不在这张表里",
        "6:9 类目“戊”与“乙”重名或网址名相同",
        "9:30 上级“己乙”不在这张表里",
        "9:56 撤销日期 2014-01-01 早于成立日期 2015-01-01",
    ];
    built.finds(
        &expected.map(|place| format!("G062 content/_data/organizations.yaml:{place}")).each_ref().map(|s| &**s),
    );
}

#[test]
fn a_crossing_declared_twice_is_one_finding_in_site_toml() {
    let crossing = "\n[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n";
    let built = site().config(&format!("{crossing}{crossing}")).build().refused();
    built.finds(&["G070 site.toml:11:8 交叉目录“发布机构 × 年份”写了两次"]);
}

#[test]
fn terms_of_a_table_keep_its_order() {
    let built = SiteTest::new()
        .file("content/_data/places.yaml", "- 丙镇\n- 甲镇\n- name: 乙镇\n  children: [西村, 东村]\n")
        .file("content/a.md", doc("甲", "2014-01-01", "place: [乙镇/东村, 甲镇, 乙镇/西村, 丙镇]"))
        .build()
        .clean();
    assert_eq!(
        terms(&built, "catalogue/place/index.html"),
        pairs(&[("丙镇", 1), ("甲镇", 1), ("乙镇", 1), ("西村", 1), ("东村", 1)])
    );
}

#[test]
fn terms_are_paged_like_channels() {
    let site = (1..=12).fold(SiteTest::new().config("page_size = 5\n"), |site, number| {
        site.file(
            &format!("content/d{number:02}.md"),
            doc(&format!("文件{number}"), &format!("2014-01-{number:02}"), ""),
        )
    });
    let built = site.build().clean();
    assert_eq!(built.page("catalogue/year/2014/index.html").cards().len(), 5);
    assert_eq!(built.page("catalogue/year/2014/list_1.html").cards().last(), Some(&"../../../d01.html"));
    built.page("catalogue/year/2014/list_2.html").has("第 2 页");
    built.lacks_file("catalogue/year/2014/list_3.html");
}

#[test]
fn every_document_is_on_the_pages_of_all_its_terms() {
    let built = site().build().clean();
    // what `header` on the page links to lists the page
    for page in ["z/a.html", "z/b.html", "z/c.html"] {
        let text = built.page(page).text;
        let facts = text.split("<dl class=\"facts\">").nth(1).unwrap().split("</dl>").next().unwrap();
        let links: Vec<&str> = facts.split("href=\"../").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(links.len() >= 4, "{links:?}");
        for link in links {
            let listed = built.page(link).cards().iter().any(|card| card.ends_with(page));
            assert!(listed, "{link} does not list {page}");
        }
    }
}
