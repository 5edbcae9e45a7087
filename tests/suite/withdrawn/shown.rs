//! What readers, lists, feeds, data and search engines are given.

use super::{SECRET, linking, plain, site, withdrawn};
use crate::serve::client::Preview;
use crate::site_test::{Built, PDF, SiteTest, channel, doc, doc_with};

const WORDS: [(&str, &str); 4] =
    [("内容有误", "error"), ("已被替代", "superseded"), ("公示期满", "period"), ("涉及个人信息", "privacy")];

/// How a page stands at its address.
fn way(built: &Built) -> &'static str {
    match built.tree.get("z/a.html").map(|bytes| std::str::from_utf8(bytes).unwrap()) {
        None => "nothing",
        Some(page) if page.contains("这份信息已经撤下") => "tombstone",
        Some(page) if page.contains("本文件已于2015年1月10日撤下") => "banner",
        Some(_) => "whole",
    }
}

#[test]
fn each_reason_and_each_way_shows_what_it_should() {
    for (reason, english) in WORDS {
        let usual = if english == "superseded" { "banner" } else { "tombstone" };
        for word in [reason, english] {
            assert_eq!(way(&site(&withdrawn(word, "")).build().built()), usual, "{word}");
        }
        for (label, key) in [("保留并提示", "banner"), ("只留说明", "tombstone"), ("不再显示", "nothing")]
        {
            for word in [label, key] {
                let built = site(&withdrawn(reason, &format!("withdrawn_show: {word}"))).build();
                match (english, key) {
                    ("privacy", "banner") => _ = built.refused().finds(&["G086 content/z/a.md:16:17 因涉及个人信息"]),
                    _ => assert_eq!(way(&built.built()), key, "{reason} {word}"),
                }
            }
        }
    }
}

#[test]
fn a_banner_keeps_the_document_in_its_lists_and_out_of_what_is_new() {
    let lines = withdrawn("已被替代", "redirect: b.md\nwithdrawn_note: 以新的为准。");
    let built = site(&lines).build().clean();
    built
        .page("z/a.html")
        .has_in_order(&[
            "<meta name=\"robots\" content=\"noindex\">",
            "<div class=\"notice v-repealed\" role=\"note\" aria-label=\"撤下提示\">",
            "<p>本文件已于2015年1月10日撤下，原因：已被替代。以新的为准。请看：</p>",
            "<a href=\"../z/b.html\">《乙》（2014年12月5日）</a>",
            "正文",
        ])
        .lacks("rel=\"canonical\"");
    let mark = "<span class=\"badge v-repealed\">已撤下</span>";
    for list in ["z/index.html", "y/index.html", "catalogue/year/2014/index.html", "z/c.html"] {
        built.page(list).has(mark);
    }
    // no news, and nothing that is put forward
    for place in ["rss.xml", "z/rss.xml", "index.html", "sitemap-2014.xml"] {
        built.page(place).lacks(SECRET).lacks("z/a.html");
    }
    built.page("z/index.html").lacks("<span class=\"tag\">置顶</span>");
    let rows = &built.page("z/index.json").json()["rows"];
    let row = rows.as_array().unwrap().iter().find(|row| row["url"] == "/z/a.html").unwrap();
    assert_eq!((&row["withdrawn"], &row["withdrawn_reason"]), (&"2015-01-10".into(), &"已被替代".into()));
    assert!(rows.as_array().unwrap().iter().filter(|row| row.get("withdrawn").is_some()).count() == 1);
    built
        .page("z/index.csv")
        .has("网址,撤下日期,撤下原因\n")
        .has("/z/a.html,2015-01-10,已被替代\n")
        .has("/z/b.html,,\n");
    assert!(built.tree.contains_key("z/fu.pdf"));
    built.page("old/a.html").has("url=../z/a.html").has(SECRET);
    assert!(crate::html::check(&built.tree, "https://www.example.gov.cn") > 100);
}

#[test]
fn a_successor_is_named_once_though_two_fields_say_it() {
    let site = site(&withdrawn("已被替代", "redirect: b.md"));
    site.put("content/z/b.md", doc("乙", "2014-12-05", "replaces: a.md"));
    let built = site.build().clean();
    let page = built.page("z/a.html").has("已撤下，原因：已被替代。".replace("已撤下", "撤下").as_str());
    let page = page.has("本文件已被下列文件替代，自2014年12月5日起不再有效，仅供查阅。</p>").lacks("请看：");
    let notice = page.text.split("role=\"note\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert_eq!(notice.matches("b.html").count(), 1, "{notice}");
}

#[test]
fn a_tombstone_says_what_was_withdrawn_and_nothing_more() {
    let lines = withdrawn("内容有误", "redirect: b.md\nwithdrawn_note: 第3行的金额写错。");
    let built = site(&lines).build().built();
    built
        .page("z/a.html")
        .has_in_order(&[
            &format!("<title>已撤下：{SECRET}的公示_示例县人民政府</title>"),
            "<meta name=\"robots\" content=\"noindex\">",
            "<li><a href=\"../z/index.html\">栏目</a></li>",
            &format!("<dd>{SECRET}的公示</dd>"),
            &format!("<dd>{SECRET}/2014-001</dd>"),
            "<dd>2015年1月10日</dd>",
            "<dd>内容有误</dd>",
            "<dd>第3行的金额写错。</dd>",
            "请看：<a href=\"../z/b.html\">《乙》（2014年12月5日）</a>",
        ])
        .lacks("县政府办")
        .lacks("摘要")
        .lacks("字样正文");
    built.page("old/a.html").has("url=../z/a.html").has("noindex");
    for (path, bytes) in built.tree.iter().filter(|(path, _)| !["z/a.html", "old/a.html"].contains(&path.as_str())) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains(SECRET) && !text.contains("z/a.html"), "{path}: {text}");
    }
    assert!(!built.tree.contains_key("z/fu.pdf") && !built.tree.contains_key("sitemap-a.xml"));
    assert!(crate::html::check(&built.tree, "https://www.example.gov.cn") > 100);
}

#[test]
fn of_what_was_withdrawn_for_privacy_no_byte_is_left_anywhere() {
    for show in ["", "withdrawn_show: 只留说明", "withdrawn_show: 不再显示", "withdrawn_show: 不再显示\nredirect: b.md"]
    {
        let site = site(&withdrawn("涉及个人信息", show));
        site.put("content/z/d.md", linking("见[那份公示](a.md)。"));
        let built = site.build().built().lacks_everywhere(SECRET).lacks_file("z/fu.pdf");
        assert!(built.findings.iter().any(|found| found.starts_with("G039 content/z/d.md")), "{:?}", built.findings);
        // the same when the document is one of a preview
        let preview = Preview::of(site);
        for path in ["/", "/z/", "/z/index.json", "/z/a.html", "/old/a.html", "/z/c.html", "/catalogue/"] {
            assert!(!preview.get(path).text().contains(&format!("{SECRET}的公示")), "{path}");
        }
    }
}

#[test]
fn files_of_a_folder_go_with_their_document_and_shared_ones_stay() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/z/a/index.md",
            doc_with("甲", "2014-12-04", &withdrawn("privacy", ""), "![图](t.png) [表](/g.pdf)"),
        )
        .file("content/z/a/t.png", [crate::site_test::PNG, SECRET.as_bytes()].concat())
        .file("content/z/b.md", doc_with("乙", "2014-12-05", "", "[表](/g.pdf) ![图](a/t.png) [图](a/t.png)"))
        .file("static/g.pdf", PDF);
    let built = site.build().built().lacks_everywhere(SECRET);
    assert!(built.tree.contains_key("g.pdf") && !built.tree.contains_key("z/a/t.png"));
    // that others show what went is told, and stops nothing
    built.finds(&["G039 content/z/b.md", "G039 content/z/b.md"]);
}

#[test]
fn tables_and_charts_of_files_that_went_are_left_out() {
    let body = "前\n\n```table\nfile: a/s.csv\n```\n\n```chart\nfile: a/s.csv\ntype: bar\n```\n\n后";
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a/index.md", doc("甲", "2014-12-04", "attachments: s.csv"))
        .file("content/z/a/s.csv", format!("{SECRET},件\n一,1\n二,2\n"))
        .file("content/z/b.md", doc_with("乙", "2014-12-05", "attachments: a/s.csv", body));
    site.build().clean().page("z/b.html").has(SECRET);
    site.put("content/z/a/index.md", doc("甲", "2014-12-04", &withdrawn("privacy", "attachments: s.csv")));
    let built = site.build().built().lacks_everywhere(SECRET);
    built.page("z/b.html").has_in_order(&["<p>前</p>", "<p>后</p>"]).lacks("<table").lacks("<svg");
    assert!(crate::html::check(&built.tree, "https://www.example.gov.cn") > 50);
    built.finds(&["G039 content/z/b.md"; 3]);
}

#[test]
fn nothing_leaves_no_page_and_no_old_address() {
    let built = site(&withdrawn("公示期满", "withdrawn_show: 不再显示")).build().built().lacks_everywhere(SECRET);
    built.lacks_file("z/a.html").lacks_file("old/a.html").lacks_file("z/fu.pdf");
    let built = site(&withdrawn("公示期满", "withdrawn_show: nothing\nredirect: /z/index.html")).build().built();
    for path in ["z/a.html", "old/a.html"] {
        built.page(path).has("url=../z/index.html").has("noindex").has(">栏目</a>");
    }
    built.lacks_everywhere(SECRET);
}

#[test]
fn a_withdrawal_works_from_its_day() {
    let lines = "withdrawn: 2026-01-02\nwithdrawn_reason: privacy";
    let site = site(lines);
    let before = site.build().clean();
    assert_eq!(way(&before), "whole");
    before.page("rss.xml").has(SECRET);
    let site = site.as_of("2026-01-02");
    let after = site.build().built().lacks_everywhere(SECRET);
    crate::site_test::assert_same(&after.tree, &site.clean_tree());
    let after = site.as_of("2026-01-01").build().clean();
    crate::site_test::assert_same(&after.tree, &before.tree);
}

#[test]
fn links_to_what_is_left_lead_there_and_stop_nothing() {
    let built_with = |show: &str| {
        let site = site(&withdrawn("error", show));
        site.put("content/z/d.md", linking("见[公示](a.md#标题)、[再看](索引号:秘密字样/2014-001)。"));
        site.put("content/_index.md", channel("首页", "blocks: [{type: links, links: [{title: 公示, to: /z/a.md}]}]"));
        site.build().built()
    };
    let built = built_with("");
    built.page("z/d.html").has("见<a href=\"../z/a.html\">公示</a>、<a href=\"../z/a.html\">再看</a>。");
    built.finds(&[
        "G061 content/_index.md:3:48 “/z/a.md”已撤下，不再列出",
        "G083 content/z/b.md",
        "G059 content/z/c.md",
        "G039 content/z/d.md:6:7 链接的“a.md#标题”已于2015年1月10日撤下（内容有误），读者会看到撤下的说明",
        "G039 content/z/d.md:6:21",
    ]);
    built_with("withdrawn_show: nothing").page("z/d.html").has("见公示、再看。");
    built_with("withdrawn_show: nothing\nredirect: b.md").page("z/d.html").has("<a href=\"../z/a.html\">公示</a>");
}

#[test]
fn the_address_of_a_tombstone_stays_taken() {
    let site = site(&withdrawn("error", ""));
    for (path, more) in [
        ("content/z/d.md", "aliases: /z/a.html"),
        ("content/z/d.md", "slug: a"),
        ("content/z/d.md", "aliases: /old/a.html"),
    ] {
        site.put(path, doc("丁", "2014-12-06", more));
        let built = site.build().refused();
        assert!(built.findings.iter().any(|found| found.starts_with("G051 content/z/")), "{:?}", built.findings);
    }
    // where nothing is left, another may come
    let site = self::site(&withdrawn("error", "withdrawn_show: 不再显示"));
    site.put("content/z/d.md", doc("丁", "2014-12-06", "aliases: /z/a.html"));
    site.build().built().page("z/a.html").has("url=../z/d.html");
}

#[test]
fn what_is_withdrawn_may_be_emptied() {
    let site = site("");
    site.put("content/z/a.md", "---\nwithdrawn: 2015-01-10\nwithdrawn_reason: privacy\n---\n");
    assert_eq!(way(&site.build().built()), "tombstone");
    // and what is kept to be read may not
    site.put("content/z/a.md", "---\nwithdrawn: 2015-01-10\nwithdrawn_reason: superseded\n---\n");
    let built = site.build().refused();
    assert_eq!(built.findings.iter().filter(|found| found.starts_with("G014 content/z/a.md")).count(), 3);
}

#[test]
fn wrong_words_are_told_where_they_stand() {
    let of = |lines: &str| {
        let site = SiteTest::new().file("content/z/_index.md", channel("栏目", "")).file("content/z/b.md", plain("乙"));
        site.put("content/z/a.md", doc("甲", "2014-12-04", lines));
        site.build().refused().findings
    };
    let table = [
        ("withdrawn: 2015-01-10", "G086 content/z/a.md:5:12 写了撤下日期（withdrawn），没有写撤下原因"),
        ("withdrawn_reason: 内容有误", "G086 content/z/a.md:5:19 写了撤下原因（withdrawn_reason），没有写撤下日期"),
        (
            "withdrawn_show: 只留说明",
            "G086 content/z/a.md:5:17 写了撤下方式（withdrawn_show），没有写撤下日期和撤下原因",
        ),
        ("withdrawn_note: 说明", "G086 content/z/a.md:5:17 写了撤下说明"),
        ("redirect: b.md", "G086 content/z/a.md:5:11 写了跳转"),
        (
            "withdrawn: 2015-01-10\nwithdrawn_reason: 写错了",
            "G020 content/z/a.md:6:19 字段“withdrawn_reason”的值“写错了”",
        ),
        ("withdrawn: 2015-01-10\nwithdrawn_reason: error\nwithdrawn_show: 隐藏", "G020 content/z/a.md:7:17"),
        ("withdrawn: 昨天\nwithdrawn_reason: error", "G015 content/z/a.md:5:12"),
        ("withdrawn: 1015-01-10\nwithdrawn_reason: error", "G015 content/z/a.md:5:12"),
        ("withdrawn: 2014-12-03\nwithdrawn_reason: error", "G022 content/z/a.md:5:12 撤下日期早于公开日期"),
        ("withdrawn: [2015-01-10]\nwithdrawn_reason: error", "G013 content/z/a.md:5:12"),
        ("withdrawn: 2015-01-10\n撤下日期: 2015-01-10\nwithdrawn_reason: error", "G012 content/z/a.md:6:1"),
    ];
    for (lines, expected) in table {
        let found = of(lines);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{lines}: {found:#?}");
    }
    let help = |lines: &str| {
        let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", lines));
        site.try_build().unwrap().findings.into_iter().find_map(|finding| finding.help).unwrap()
    };
    // what may be written is listed even where a word is near
    assert_eq!(
        help("withdrawn: 2015-01-10\nwithdrawn_reason: 内容有错"),
        "可以写：内容有误、已被替代、公示期满、涉及个人信息"
    );
    assert_eq!(
        help("withdrawn: 2015-01-10\nwithdrawn_reason: error\nwithdrawn_show: banners"),
        "可以写：保留并提示、只留说明、不再显示"
    );
}

#[test]
fn a_channel_cannot_withdraw_for_its_documents() {
    let lines = "defaults: {withdrawn: 2015-01-10, withdrawn_reason: error, redirect: /index.html}";
    let site = SiteTest::new().file("content/z/_index.md", channel("栏目", lines)).file("content/z/a.md", plain("甲"));
    let built = site.build().refused();
    assert!(
        built.findings.len() == 3 && built.findings.iter().all(|found| found.starts_with("G013")),
        "{:?}",
        built.findings
    );
}

#[test]
fn a_draft_and_what_is_not_meant_for_the_public_stay_what_they_are() {
    for more in ["draft: true", "disclosure: 依申请公开"] {
        site(&withdrawn("error", more)).build().built().lacks_everywhere(SECRET).lacks_file("z/a.html");
    }
}

#[test]
fn a_theme_that_is_whole_without_the_template_stays_whole() {
    let base = "<title>{{ page.title }}</title>{% block main %}{% endblock main %}{% block crumb_tail %}{% endblock crumb_tail %}";
    let whole = format!(
        "{base}{{% block head %}}{{% endblock head %}}{{% block description %}}{{% endblock description %}}{{% block body %}}{{% endblock body %}}{{% block foot_links %}}{{% endblock foot_links %}}"
    );
    let site = SiteTest::new().file("templates/base.html", &whole).file("content/a.md", plain("甲"));
    site.build().built();
    // a frame without room for it is no fault until it is needed
    let pages = [
        "document",
        "home",
        "channel",
        "list",
        "records",
        "record",
        "place",
        "catalogue",
        "term",
        "series",
        "sitemap",
        "404",
    ];
    pages.iter().for_each(|page| site.put(&format!("templates/{page}.html"), "<p>{{ page.title }}</p>"));
    site.put("templates/base.html", "<p></p>");
    site.build().built();
    site.put("content/a.md", doc("甲", "2014-12-05", &withdrawn("error", "")));
    let built = site.build().refused();
    assert!(
        built.findings.iter().any(|found| found.starts_with("G072 content/a.md 主题没有模板 withdrawn.html")),
        "{:?}",
        built.findings
    );
    site.put("templates/withdrawn.html", "<h1>{{ page.heading }}</h1><p>{{ gone.reason }}</p>");
    site.build().built().page("a.html").has("<h1>已撤下：甲</h1><p>内容有误</p>");
}

#[test]
fn the_preview_shows_what_is_left_and_says_why() {
    let preview = Preview::of(site(&withdrawn("内容有误", "")));
    assert!(preview.page("/z/a.html").contains("已于2015年1月10日撤下（内容有误），只留说明"));
    let panel = preview.page("/.gongkai/panel?page=z/a.html");
    assert!(panel.contains("<dt>状态</dt><dd>已于2015年1月10日撤下（内容有误），只留说明</dd>"), "{panel}");
    assert!(panel.contains("content/z/a.md"), "{panel}");
    assert!(preview.page("/old/a.html").contains("href=\"/z/a.html\""));
    let preview = Preview::of(site(&withdrawn("已被替代", "")));
    let panel = preview.page("/.gongkai/panel?page=z/a.html");
    assert!(
        panel.contains("已于2015年1月10日撤下（已被替代），保留并提示") && !panel.contains("最新 20 条"),
        "{panel}"
    );
    let preview = Preview::of(site("withdrawn: 2026-02-01\nwithdrawn_reason: error"));
    let panel = preview.page("/.gongkai/panel?page=z/a.html");
    assert!(panel.contains("公开，将于2026年2月1日撤下（内容有误），只留说明"), "{panel}");
    let preview = Preview::of(site(&withdrawn("已被替代", "withdrawn_show: 不再显示")));
    let absent = preview.get("/z/a.html").text();
    assert!(absent.contains("没有公开：已于2015年1月10日撤下（已被替代），不再显示"), "{absent}");
}
