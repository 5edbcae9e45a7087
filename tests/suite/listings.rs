//! Lists of channels and terms: their order, their pages, their open data.

use crate::site_test::{Built, SiteTest, Tree, channel, doc};

const SMALL_PAGES: &str = "page_size: 5";

/// A channel `z` with documents `d001.md` … of consecutive days from 2014-01-01.
fn with(channel_more: &str, documents: usize) -> SiteTest {
    let site = SiteTest::new().file("content/z/_index.md", channel("栏目", channel_more));
    (1..=documents).for_each(|number| put(&site, number));
    site
}

fn put(site: &SiteTest, number: usize) {
    site.put(&format!("content/z/d{number:03}.md"), doc(&format!("文件{number}"), &day(number), ""));
}

/// The n-th day from 2014-01-01 on (28 days a month will do).
fn day(number: usize) -> String {
    let at = number - 1;
    format!("{}-{:02}-{:02}", 2014 + at / 336, at / 28 % 12 + 1, at % 28 + 1)
}

/// Numbers of the documents that a page lists, in order.
fn listed(built: &Built, page: &str) -> Vec<usize> {
    let number = |href: &str| href.rsplit("/d").next().unwrap().trim_end_matches(".html").parse().expect("a document");
    built.page(page).cards().into_iter().map(number).collect()
}

fn down(from: usize, to: usize) -> Vec<usize> {
    (to..=from).rev().collect()
}

fn pages(built: &Built, folder: &str) -> Vec<String> {
    let mut pages: Vec<String> =
        built.files(folder).into_iter().filter(|name| name.starts_with("list_")).map(str::to_owned).collect();
    pages.sort_by_key(|name| (name.len(), name.clone()));
    pages
}

#[test]
fn pages_are_numbered_from_the_oldest_and_exist_once_full() {
    for (documents, archive) in [(0, 0), (1, 0), (19, 0), (20, 1), (21, 1), (40, 2), (41, 2)] {
        let built = with("", documents).build().clean();
        let names: Vec<String> = (1..=archive).map(|number| format!("list_{number}.html")).collect();
        assert_eq!(pages(&built, "z/"), names, "{documents} documents");
        assert_eq!(
            listed(&built, "z/index.html"),
            down(documents, documents.saturating_sub(19).max(1)),
            "{documents} documents"
        );
        for number in 1..=archive {
            assert_eq!(listed(&built, &format!("z/list_{number}.html")), down(number * 20, number * 20 - 19));
        }
        crate::html::check(&built.tree, "https://www.example.gov.cn");
    }
}

#[test]
fn the_pager_walks_through_every_document() {
    for documents in [4, 5, 6, 9, 10, 11, 14, 15, 16, 17] {
        let built = with(SMALL_PAGES, documents).build().clean();
        let mut seen = Vec::new();
        let mut page = "z/index.html".to_owned();
        loop {
            seen.extend(listed(&built, &page));
            let text = built.page(&page).text;
            let Some(next) = text.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
                break;
            };
            page = next.trim_start_matches("../").to_owned();
        }
        seen.dedup();
        // the index page and the newest archive page may overlap
        let mut sorted = seen.clone();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        sorted.dedup();
        assert_eq!(sorted, down(documents, 1), "{documents} documents by {seen:?}");
    }
}

#[test]
fn an_archive_page_never_changes_when_documents_are_added() {
    let mut before: Tree = with(SMALL_PAGES, 10).build().clean().tree;
    for documents in 11..=21 {
        let after = with(SMALL_PAGES, documents).build().clean().tree;
        let full = |path: &&String| path.starts_with("z/list_") || path.contains("/list_");
        // the newest archive page's link to what is newer moves from the index to the next archive page, once
        let newest = format!("list_{}.html", (documents - 1) / 5);
        for path in before.keys().filter(full).filter(|path| !path.ends_with(&newest)) {
            assert_eq!(before[path], after[path], "{path} with {documents} documents");
        }
        let cards = |tree: &Tree, path: &str| {
            let text = String::from_utf8(tree[path].clone()).unwrap();
            text.split("<ul class=\"list\">").nth(1).map(|list| list.split("</ul>").next().unwrap().to_owned())
        };
        for path in before.keys().filter(full) {
            assert_eq!(cards(&before, path), cards(&after, path), "{path} with {documents} documents");
        }
        before = after;
    }
}

#[test]
fn archive_pages_say_their_number_and_link_newer_older_oldest() {
    let built = with(SMALL_PAGES, 17).build().clean();
    built
        .page("z/list_2.html")
        .has("<h1>栏目 <span class=\"page-no\">第 2 页</span></h1>")
        .has("<title>栏目 第2页_示例县人民政府</title>")
        .has_in_order(&[
            "href=\"../z/index.html\">",
            "rel=\"prev\" href=\"../z/list_3.html\"",
            "rel=\"next\" href=\"../z/list_1.html\"",
        ])
        .lacks("共 17");
    built.page("z/list_3.html").has_in_order(&[
        "rel=\"prev\" href=\"../z/index.html\"",
        "rel=\"next\" href=\"../z/list_2.html\"",
        "href=\"../z/list_1.html\"",
    ]);
    built.page("z/list_1.html").lacks("rel=\"next\"").has("rel=\"prev\" href=\"../z/list_2.html\"");
    // totals on the index page alone
    built.page("z/index.html").has("共 17 条");
}

#[test]
fn the_newest_comes_first_and_of_one_day_the_later_name() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/b.md", doc("乙", "2014-12-04", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .file("content/z/c.md", doc("丙", "2014-12-04 09:00", ""))
        .file("content/z/d.md", doc("丁", "2014-12-03 23:00", ""))
        .file("content/z/e.md", doc("戊", "2015-01-01", ""));
    let built = site.build().clean();
    assert_eq!(
        built.page("z/index.html").cards(),
        ["../z/e.html", "../z/c.html", "../z/b.html", "../z/a.html", "../z/d.html"]
    );
    built.page("z/c.html").has_in_order(&["rel=\"prev\" href=\"../z/e.html\"", "rel=\"next\" href=\"../z/b.html\""]);
    built.page("z/e.html").lacks("rel=\"prev\"");
    built.page("z/d.html").lacks("rel=\"next\"");
}

#[test]
fn a_channel_sorts_by_what_it_says() {
    let site = |more: &str| {
        SiteTest::new()
            .file("content/z/_index.md", channel("栏目", more))
            .file("content/z/d1.md", doc("b", "2014-01-03", "issue: 第9期\nindex_no: k-3\nwritten: 2013-01-02"))
            .file("content/z/d2.md", doc("c", "2014-01-01", "issue: 第10期\nindex_no: k-1\nwritten: 2013-01-03"))
            .file("content/z/d3.md", doc("a", "2014-01-02", "issue: 第8期\nindex_no: k-2\nwritten: 2013-01-01"))
    };
    for (more, order) in [
        ("", [1, 3, 2]),
        ("order: asc", [2, 3, 1]),
        ("顺序: 升序", [2, 3, 1]),
        ("sort: written", [2, 1, 3]),
        ("sort: title", [2, 1, 3]),
        ("sort: title\norder: asc", [3, 1, 2]),
        ("排序: 索引号", [1, 3, 2]),
        ("sort: index_no\norder: asc", [2, 3, 1]),
        ("sort: issue", [2, 1, 3]),
        ("排序: 期号\n顺序: 升序", [3, 1, 2]),
    ] {
        assert_eq!(listed(&site(more).build().clean(), "z/index.html"), order, "{more}");
    }
}

#[test]
fn pinned_documents_stand_above_the_list_of_the_index_page_only() {
    let site = with(SMALL_PAGES, 12);
    site.edit("content/z/d003.md", "published: 2014-01-03\n", "published: 2014-01-03\npinned: true\n");
    let built = site.build().clean();
    let index = built.page("z/index.html");
    index.clone().has_in_order(&["<ul class=\"list pinned\">", "文件3</a>", "<ul class=\"list\">", "文件12</a>"]);
    built.page("z/list_1.html").lacks("pinned");
    assert_eq!(listed(&built, "z/list_1.html"), [5, 4, 3, 2, 1]);
}

#[test]
fn page_size_is_the_sites_or_the_channels() {
    let site = with("", 13).config("page_size = 6\n");
    assert_eq!(pages(&site.build().clean(), "z/").len(), 2);
    site.put("content/z/_index.md", channel("栏目", "每页条数: 12"));
    assert_eq!(pages(&site.build().clean(), "z/").len(), 1);
}

/// A channel of its own documents, one of `also_in` and one of a rule, a document that stands in all three.
fn shared() -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("本栏目", ""))
        .file("content/also/_index.md", channel("同时列入", ""))
        .file("content/rule/_index.md", channel("组配栏目", "select: {genre: 公示, from: 2014-01-01, to: 2014-12-31}"))
        .file("content/z/d1.md", doc("一", "2014-06-01", "also_in: [also, /rule/, content/also]\ngenre: 公示"))
        .file("content/z/d2.md", doc("二", "2015-06-01", "genre: 公示"))
        .file("content/z/d3.md", doc("三", "2014-05-01", "genre: 公告"))
        .file("content/rule/d4.md", doc("四", "2014-07-01", "genre: 公示"))
}

#[test]
fn a_document_in_several_channels_has_one_address_and_counts_once() {
    let built = shared().build().clean();
    assert_eq!(listed(&built, "also/index.html"), [1]);
    assert_eq!(listed(&built, "rule/index.html"), [4, 1]);
    assert_eq!(listed(&built, "z/index.html"), [2, 1, 3]);
    assert_eq!(built.tree.keys().filter(|path| path.ends_with("d1.html")).collect::<Vec<_>>(), ["z/d1.html"]);
    built.page("z/d1.html").has("<link rel=\"canonical\" href=\"https://www.example.gov.cn/z/d1.html\">").has("本栏目");
    let sitemap = built.page("sitemap-2014.xml").text;
    assert_eq!(sitemap.matches("/z/d1.html").count(), 1);
    for (page, count) in [("rule/index.json", 2), ("also/index.json", 1), ("z/index.json", 3)] {
        assert_eq!(built.page(page).json()["total"], count, "{page}");
    }
    let genre = built.page("catalogue/genre/index.html");
    genre.has("公示 <span class=\"n\">3</span>").has("公告 <span class=\"n\">1</span>");
    // neighbours are those of its own channel
    built.page("z/d1.html").has("rel=\"prev\" href=\"../z/d2.html\"").has("rel=\"next\" href=\"../z/d3.html\"");
    assert_eq!(built.page("index.html").text.matches("d1.html").count(), 3, "once in each child's block");
}

#[test]
fn a_rule_takes_any_of_its_values_and_all_of_its_conditions() {
    let site = |rule: &str| {
        let file = |site: SiteTest, (name, more): (&str, &str)| {
            site.file(&format!("content/z/{name}.md"), doc(name, "2014-06-01", more))
        };
        let documents = [
            ("d1", "place: 马头镇/东村\nkind: land-notice\ncategory: 征地"),
            ("d2", "place: 马头镇\nkind: budget\nkeywords: [预算, 公开]"),
            ("d3", "place: 李庄镇\nkind: land-notice\nseries: 周报"),
        ];
        let site = SiteTest::new()
            .file("content/z/_index.md", channel("栏目", ""))
            .file("content/r/_index.md", channel("组配", &format!("select:\n{rule}")));
        documents.into_iter().fold(site, file)
    };
    for (rule, expected) in [
        ("  place: 马头镇", vec![2, 1]),
        ("  place: 马头镇/东村", vec![1]),
        ("  place: [李庄镇, 马头镇/东村]", vec![3, 1]),
        ("  kind: land-notice", vec![3, 1]),
        ("  kind: land-notice\n  place: 马头镇", vec![1]),
        ("  - place: 李庄镇\n  - kind: budget", vec![3, 2]),
        ("  series: 周报", vec![3]),
        ("  关键词: 预算", vec![2]),
        ("  组配分类: 征地", vec![1]),
        ("  channel: z", vec![3, 2, 1]),
        ("  栏目: z\n  信息类型: budget", vec![2]),
        ("  from: 2014-06-01\n  to: 2014-06-01", vec![3, 2, 1]),
        ("  from: 2014-06-02", vec![]),
        ("  至: 2014-05-31", vec![]),
        ("  year: 2014", vec![3, 2, 1]),
        ("  issuer: 县政府办", vec![3, 2, 1]),
    ] {
        assert_eq!(listed(&site(rule).build().clean(), "r/index.html"), expected, "{rule}");
    }
}

#[test]
fn the_home_page_shows_the_blocks_it_declares() {
    let built = shared()
        .file("content/_index.md", channel("首页", "blocks:\n  - {type: list, title: 最新公开, limit: 2}\n  - {channel: rule, limit: 1}\n  - {type: terms, axis: genre, title: 按体裁查}\n  - type: links\n    title: 我要查\n    links:\n      - {title: 查公示, to: rule/, note: 组配}\n      - {title: 查一, to: z/d1.md}\n      - {title: 查年份, to: catalogue/year/}\n      - {title: 国务院, to: https://www.gov.cn/}\n  - {type: channels, title: 全部栏目}\n  - {type: list, title: 公告, select: {genre: 公告}}"))
        .build()
        .clean();
    built.page("index.html").has_in_order(&[
        "最新公开",
        "z/d2.html",
        "rule/d4.html",
        "组配栏目",
        "rule/index.html",
        "rule/d4.html",
        "按体裁查",
        "公示",
        "我要查",
        "rule/index.html",
        "查公示",
        "组配",
        "z/d1.html",
        "catalogue/year/index.html",
        "https://www.gov.cn/",
        "全部栏目",
        "本栏目",
        "公告",
        "z/d3.html",
    ]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn open_data_comes_in_shards_counted_from_the_oldest() {
    for (documents, shards) in [(1, 0), (199, 0), (200, 0), (201, 1), (400, 1), (401, 2)] {
        let built = with("page_size: 100", documents).build().clean();
        let index = built.page("z/index.json").json();
        assert_eq!(index["total"], documents);
        let names: Vec<String> = (1..=shards).rev().map(|number| format!("data_{number}.json")).collect();
        assert_eq!(index["shards"], serde_json::json!(names), "{documents}");
        let numbers = |json: &serde_json::Value| -> Vec<usize> {
            json["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["url"].as_str().unwrap()[4..7].parse().unwrap())
                .collect()
        };
        assert_eq!(numbers(&index), down(documents, shards * 200 + 1), "{documents}");
        for number in 1..=shards {
            let shard = built.page(&format!("z/data_{number}.json")).json();
            assert_eq!(numbers(&shard), down(number * 200, number * 200 - 199));
            assert_eq!(shard["number"], number);
            let csv = built.page(&format!("z/data_{number}.csv")).text;
            assert_eq!(csv.lines().count(), 201);
        }
        assert_eq!(built.files("z/data_").len(), 2 * shards);
        assert_eq!(built.page("z/index.csv").text.lines().count(), documents - shards * 200 + 1);
    }
}

#[test]
fn the_shape_of_open_data_is_stable() {
    let built = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/z/a.md",
            doc("甲“文件”", "2014-12-04 09:30", "index_no: a/2014-001\ndoc_no: 郯政发〔2014〕1号\nwritten: 2014-12-03\neffective: 2015-01-01\nexpires: 2019-12-31\nsubject: 综合政务/政务公开\ngenre: 通知\nplace: [马头镇, 李庄镇]\nkeywords: [一, 二]\nsummary: 摘要，有逗号\nkind: policy\nseries: 公报\nissue: 第1期"),
        )
        .build()
        .clean();
    snapbox::assert_data_eq!(
        built.page("z/index.json").text,
        snapbox::str![[r#"
{"title":"栏目","url":"/z/","total":1,"rows":[{"index_no":"a/2014-001","title":"甲“文件”","summary":"摘要，有逗号","formed":"2014-12-03","url":"/z/a.html","doc_no":"郯政发〔2014〕1号","issuer":"县政府办","written":"2014-12-03","published":"2014-12-04 09:30","effective":"2015-01-01","expires":"2019-12-31","validity":"失效","subject":["综合政务/政务公开"],"genre":["通知"],"place":["马头镇","李庄镇"],"kind":"policy","series":"公报","issue":"第1期","keywords":["一","二"]}],"shards":[]}

"#]]
    );
    snapbox::assert_data_eq!(
        built.page("z/index.csv").text,
        snapbox::str![[r#"
﻿索引号,名称,内容概述,生成日期,文号,发布机构,公开日期,生效日期,有效期至,有效性,主题分类,体裁分类,组配分类,服务对象,地域,信息类型,关键词,网址
a/2014-001,甲“文件”,摘要，有逗号,2014-12-03,郯政发〔2014〕1号,县政府办,2014-12-04 09:30,2015-01-01,2019-12-31,失效,综合政务/政务公开,通知,,,马头镇；李庄镇,政策文件,一；二,/z/a.html

"#]]
    );
}

#[test]
fn csv_has_a_byte_order_mark_and_no_cell_that_a_spreadsheet_would_run() {
    let titles = [
        "=1+1",
        "+86",
        "-1",
        "@a",
        "=HYPERLINK(\"http://a.cn\",\"x\")",
        "'=a",
        "甲,乙\"丙",
        "＝1＋1",
        "＋86",
        "－1",
        "＠a",
    ];
    let site = titles.iter().enumerate().fold(SiteTest::new(), |site, (at, title)| {
        site.file(
            &format!("content/d{at:02}.md"),
            doc(&format!("'{}'", title.replace('\'', "''")), &day(titles.len() - at), ""),
        )
    });
    let built = site.build().clean();
    let text = built.page("index.csv").text;
    assert!(text.starts_with("\u{feff}索引号,名称,内容概述,生成日期,"), "{text}");
    let cells: Vec<&str> = text.lines().skip(1).collect();
    let begins = [
        ",'=1+1,",
        ",'+86,",
        ",'-1,",
        ",'@a,",
        ",\"'=HYPERLINK(\"\"http://a.cn\"\",\"\"x\"\")\",",
        ",'=a,",
        ",\"甲,乙\"\"丙\",",
        ",'＝1＋1,",
        ",'＋86,",
        ",'－1,",
        ",'＠a,",
    ];
    for (cell, begin) in cells.iter().zip(begins) {
        assert!(cell.starts_with(begin), "{cell} does not begin with {begin}");
    }
    // JSON needs no guard
    assert_eq!(built.page("index.json").json()["rows"][0]["title"], "=1+1");
}

/// What `list` prints is opened by the same programs.
#[test]
fn a_table_of_the_command_line_is_guarded_too() {
    let rows = ["=1+1", "＠a", "\ta", "\ra", "\na", "甲"].map(|cell| vec![cell, "b"]);
    let table = gongkai::render::csv_table(&["a", "b"], rows.into_iter());
    assert_eq!(table, "a,b\n'=1+1,b\n'＠a,b\n'\ta,b\n\"'\ra\",b\n\"'\na\",b\n甲,b\n");
}

/// Nothing is left blank: a citizen must not take an empty page for a broken one.
#[test]
fn a_site_without_documents_says_so_on_every_page() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/p/_index.md", channel("上级", ""))
        .file("content/p/c/_index.md", channel("下级", ""));
    let built = site.build().clean();
    for page in ["index.html", "z/index.html", "p/index.html", "p/c/index.html", "catalogue/index.html"] {
        built.page(page).has("<p class=\"empty\">暂无公开内容。</p>");
    }
    built.page("index.html").has_in_order(&["<h2>上级</h2>", "暂无", "<h2>栏目</h2>", "暂无"]);
    built.page("sitemap.html").has_in_order(&["上级", "下级", "栏目", "catalogue/index.html"]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
    let alone = SiteTest::new().build().clean();
    alone.page("index.html").has("暂无公开内容。");
    alone.page("catalogue/index.html").has("暂无公开内容。");
    let declared = channel(
        "首页",
        "blocks:\n  - {type: list, title: 最新公开}\n  - {type: terms, axis: place, title: 按地域查}\n  - {type: channels, title: 全部栏目}",
    );
    let built = SiteTest::new().file("content/_index.md", declared).build().clean();
    built.page("index.html").has_in_order(&["最新公开", "暂无", "按地域查", "暂无", "全部栏目", "暂无"]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn a_channel_without_documents_says_so_and_offers_no_data() {
    let built = with("", 0).build().clean();
    built.page("z/index.html").has("class=\"empty\"").lacks("index.json");
    let built = built.lacks_file("z/index.json").lacks_file("z/index.csv");
    built.page("z/rss.xml").lacks("<item>");
}

#[test]
fn a_rule_whose_kind_series_or_keyword_no_document_has_is_named() {
    let front = "kind: budget\nseries: 环境质量周报\nkeywords: [空气质量]";
    for (rule, meant) in [
        ("kind: budgte", "信息类型“budgte”在全站没有 你是不是想写“budget”？"),
        ("series: 环境质量月报", "期刊“环境质量月报”在全站没有 你是不是想写“环境质量周报”？"),
        ("keyword: 空气质亮", "关键词“空气质亮”在全站没有 你是不是想写“空气质量”？"),
    ] {
        let site = |select: &str| {
            let lists = format!("select: {{{select}}}\nblocks: [{{type: list, select: {{{select}}}}}]");
            SiteTest::new()
                .file("content/a.md", doc("甲", "2014-12-04", front))
                .file("content/yjs/_index.md", channel("预决算", &lists))
                .build()
        };
        let report = site(rule).built().report;
        let said: Vec<String> = report
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.message, finding.help.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(said, [format!("组配规则里的{meant}"), format!("组配规则里的{meant}")]);
    }
    let right = "select: {kind: budget, series: 环境质量周报, keyword: 空气质量}";
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", front))
        .file("content/yjs/_index.md", channel("预决算", right))
        .build()
        .clean();
}
