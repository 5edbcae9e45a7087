//! What documents and channels may say, and what of it reaches the site.

use std::panic::AssertUnwindSafe;

use crate::site_test::{Built, PDF, PNG, SiteTest, channel, doc, doc_with};

/// Every field at once, under its canonical key.
const ALL: &str = "\
---
title: 郯城县公共租赁住房管理办法
index_no: tcxzfb/2014-1204001
doc_no: 郯政办发〔2014〕31号
issuer: 郯城县人民政府办公室
co_issuers: [郯城县住房和城乡建设局, 郯城县财政局]
written: 2014-12-03
published: 2014-12-04 09:30
updated: 2015-02-03
change_note: 改正了附件里的电话。
effective: 2015-01-01
expires: 2029-12-31
validity: 有效
disclosure: 主动公开
subject: 综合政务/政务公开
genre: 办法
category: 规范性文件
audience: 公民
place: 马头镇
summary: 规定公共租赁住房的申请和分配。
keywords: [公租房, 住房保障]
source: 郯城县人民政府公报
author: 张编辑
kind: policy
series: 郯城县人民政府公报
issue: 第12期
slug: gzf-2014
aliases: /art/2014/12/4/art_1_2.html
also_in: tzgg
attachments:
  - file: 申请表.pdf
    title: 公共租赁住房申请表
  - 说明.txt
interprets: 甲.md
amends: 乙.md
repeals: 丙.md
replaces: 丁.md
review: 保密审查人：李某，2014-12-02
draft: false
pinned: true
---

## 总则

正文。
";

/// The Chinese label of each key above.
const LABELS: &[(&str, &str)] = &[
    ("title", "标题"),
    ("index_no", "索引号"),
    ("doc_no", "文号"),
    ("issuer", "发布机构"),
    ("co_issuers", "联合发文机关"),
    ("written", "成文日期"),
    ("published", "公开日期"),
    ("updated", "更新日期"),
    ("change_note", "更新说明"),
    ("effective", "生效日期"),
    ("expires", "有效期至"),
    ("validity", "有效性"),
    ("disclosure", "公开方式"),
    ("subject", "主题分类"),
    ("genre", "体裁分类"),
    ("category", "组配分类"),
    ("audience", "服务对象"),
    ("place", "地域"),
    ("summary", "内容概述"),
    ("keywords", "关键词"),
    ("source", "来源"),
    ("author", "作者"),
    ("kind", "信息类型"),
    ("series", "期刊"),
    ("issue", "期号"),
    ("slug", "网址名"),
    ("aliases", "旧网址"),
    ("also_in", "同时列入"),
    ("attachments", "附件"),
    ("interprets", "解读文件"),
    ("amends", "修改文件"),
    ("repeals", "废止文件"),
    ("replaces", "替代文件"),
    ("review", "保密审查"),
    ("draft", "草稿"),
    ("pinned", "置顶"),
];

fn with(text: &str) -> SiteTest {
    let site = SiteTest::new()
        .file("content/zwgk/_index.md", channel("政府信息公开", ""))
        .file("content/tzgg/_index.md", channel("通知公告", ""))
        .file("content/zwgk/gzf.md", text)
        .file("content/zwgk/申请表.pdf", PDF)
        .file("content/zwgk/说明.txt", "填写说明");
    ["甲", "乙", "丙", "丁"].iter().fold(site, |site, name| {
        site.file(&format!("content/zwgk/{name}.md"), doc(&format!("旧文件{name}"), "2010-01-01", ""))
    })
}

/// Keys renamed to their Chinese labels.
fn in_chinese() -> String {
    let line = |line: &str| {
        let label =
            line.split_once(':').and_then(|(key, rest)| Some((LABELS.iter().find(|(own, _)| *own == key)?.1, rest)));
        label.map_or_else(|| line.to_owned(), |(label, rest)| format!("{label}:{rest}"))
    };
    ALL.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn every_core_field_reaches_the_page() {
    assert_eq!(
        ALL.lines()
            .filter(|line| line.split(':').next().is_some_and(|key| LABELS.iter().any(|(own, _)| *own == key)))
            .count(),
        LABELS.len()
    );
    let built = with(ALL).build().clean();
    let page = built.page("zwgk/gzf-2014.html");
    page.clone()
        .has("<h1>郯城县公共租赁住房管理办法</h1>")
        .has_in_order(&[
            "索引号",
            "tcxzfb/2014-1204001",
            "文号",
            "郯政办发〔2014〕31号",
            "发布机构",
            "郯城县人民政府办公室",
            "郯城县住房和城乡建设局",
            "郯城县财政局",
            "成文日期",
            "2014-12-03",
            "公开日期",
            "2014-12-04 09:30",
            "有效性",
            "有效",
            "生效日期",
            "2015-01-01",
            "有效期至",
            "2029-12-31",
            "主题分类",
            "综合政务/政务公开",
            "体裁分类",
            "办法",
            "组配分类",
            "规范性文件",
            "服务对象",
            "公民",
            "地域",
            "马头镇",
        ])
        .has_in_order(&["2015-02-03", "改正了附件里的电话。"])
        .has("<time datetime=\"2014-12-04T09:30+08:00\">2014-12-04 09:30</time>")
        .has("<meta name=\"Keywords\" content=\"公租房,住房保障\">")
        .has("<meta name=\"ContentSource\" content=\"郯城县人民政府公报\">")
        .has("<meta name=\"Author\" content=\"张编辑\">")
        .has("<meta name=\"Description\" content=\"规定公共租赁住房的申请和分配。\">")
        .has_in_order(&["公共租赁住房申请表", "PDF", "15 B", "说明", "TXT", "12 B"])
        .has_in_order(&[
            "解读的文件",
            "旧文件甲",
            "修改的文件",
            "旧文件乙",
            "废止的文件",
            "旧文件丙",
            "替代的文件",
            "旧文件丁",
        ]);
    page.page("art/2014/12/4/art_1_2.html").has("url=../../../../zwgk/gzf-2014.html");
    built.page("tzgg/index.html").has("../zwgk/gzf-2014.html");
    built.page("zwgk/index.html").has("<ul class=\"list pinned\">");
    let row = &built.page("zwgk/index.json").json()["rows"][0];
    assert_eq!(row["kind"], "policy");
    assert_eq!((&row["series"], &row["issue"]), (&"郯城县人民政府公报".into(), &"第12期".into()));
    built.lacks_everywhere("李某");
}

#[test]
fn chinese_labels_mean_the_same_as_the_keys() {
    let english = with(ALL).build().clean();
    let chinese = with(&in_chinese()).build().clean();
    assert!(chinese.report.findings.is_empty(), "{:?}", chinese.report.findings);
    crate::site_test::assert_same(&english.tree, &chinese.tree);
}

#[test]
fn windows_line_ends_a_byte_order_mark_and_full_width_colons_mean_the_same() {
    let plain = with(ALL).build().clean();
    let windows = with(&format!("\u{feff}{}", ALL.replace('\n', "\r\n"))).build().clean();
    crate::site_test::assert_same(&plain.tree, &windows.tree);

    let wide = in_chinese().replace("标题: ", "标题：").replace("索引号: ", "索引号：").replace("置顶: ", "置顶： ");
    let built = with(&wide).build().clean().names("G017 content/zwgk/gzf.md 字段“标题”后面是全角冒号");
    assert_eq!(built.report.findings.len(), 3, "{:?}", built.report.findings);
    crate::site_test::assert_same(&plain.tree, &built.tree);
}

#[test]
fn labels_may_have_spaces_and_brackets_as_on_old_pages() {
    let text = "---\n标题: 甲\n\"[ 索 引 号 ]\": a/2014-001\n发 布 机 构: 县政府办\n公开日期: 2014-12-04\n---\n";
    let built = SiteTest::new().file("content/a.md", text).build().clean();
    built.page("a.html").has("a/2014-001").has("县政府办");
}

#[test]
fn dates_are_read_in_every_usual_writing() {
    for written in
        ["2014-12-04", "2014-12-4", "2014/12/4", "2014.12.04", "2014年12月4日", "\"2014-12-04\"", "2014年12月04日"]
    {
        let built = SiteTest::new().file("content/a.md", doc("甲", written, "")).build().clean();
        built
            .page("a.html")
            .has("<time datetime=\"2014-12-04\">2014-12-04</time>")
            .has("<meta name=\"PubDate\" content=\"2014-12-04\">");
    }
    for written in
        ["2014-12-04 09:30", "2014-12-04T09:30", "2014-12-04 09:30:59", "2014年12月4日 9:30", "2014/12/4 9：30"]
    {
        let built = SiteTest::new().file("content/a.md", doc("甲", written, "")).build().clean();
        built.page("a.html").has("<time datetime=\"2014-12-04T09:30+08:00\">2014-12-04 09:30</time>");
    }
}

#[test]
fn codes_stay_text() {
    let codes = [
        "0010",
        "1e5",
        "2014E12",
        "371322",
        "0x1F",
        "1_000",
        "yes",
        "on",
        "1:30",
        "2014-12-04",
        "+86",
        ".5",
        "TRUE1",
        "007/2014",
    ];
    for code in codes {
        let text = doc("甲", "2014-12-04", &format!("index_no: {code}\nissue: {code}\nkeywords: [{code}, 乙]"));
        let built = SiteTest::new().file("content/a.md", text).build();
        assert!(built.report.done.is_some(), "{code}: {:?}", built.findings);
        let json = built.page("index.json").json();
        assert_eq!(json["rows"][0]["index_no"], code);
        assert_eq!(json["rows"][0]["issue"], code);
        assert_eq!(json["rows"][0]["keywords"][0], code);
    }
}

#[test]
fn document_numbers_keep_their_authors_writing_and_odd_ones_are_named() {
    for good in ["郯政办发〔2014〕31号", "国务院令第711号", "2014年第3号", "主席令第三十号", "郯政发〔2014〕10号"]
    {
        SiteTest::new()
            .file("content/a.md", doc("甲", "2014-12-04", &format!("doc_no: {good}")))
            .build()
            .clean()
            .page("a.html")
            .has(good);
    }
    for (odd, why) in [
        ("郯政办发〔14〕31号", "不合"),
        ("郯国土资发〔2014〕第031号", "的序号前多了“第”字"),
        ("郯政发〔2014〕031号", "的序号编了虚位"),
        ("郯政发[2014]31号", "的年份没有用六角括号"),
        ("郯政发（2014）第003号", "的年份没有用六角括号"),
        ("乱写一通", "不合"),
        ("郯政发第号", "不合"),
    ] {
        let built = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", &format!("doc_no: {odd}"))).build();
        built.finds(&[&format!("G024 content/a.md:5:9 文号“{odd}”{why}")]).built().page("a.html").has(odd);
    }
}

#[test]
fn a_bundle_is_one_page_with_its_files_in_a_folder_of_its_name() {
    let built = SiteTest::new()
        .file("content/zwgk/_index.md", channel("政府信息公开", ""))
        .file(
            "content/zwgk/tdzs/dk-31/index.md",
            doc_with("征地公告", "2014-12-04", "attachments: [红线图.pdf, sub/清单.csv]", "![红线图](a.png)"),
        )
        .file("content/zwgk/tdzs/dk-31/红线图.pdf", PDF)
        .file("content/zwgk/tdzs/dk-31/sub/清单.csv", "a,b\n")
        .file("content/zwgk/tdzs/dk-31/a.png", PNG)
        .build()
        .clean();
    built
        .page("zwgk/tdzs/dk-31.html")
        .has("href=\"../../zwgk/tdzs/dk-31/%E7%BA%A2%E7%BA%BF%E5%9B%BE.pdf\"")
        .has("href=\"../../zwgk/tdzs/dk-31/sub/%E6%B8%85%E5%8D%95.csv\"")
        .has_in_order(&["<img", "../../zwgk/tdzs/dk-31/a.png", "alt=\"红线图\"", "width=\"2\"", "height=\"3\""]);
    assert_eq!(built.tree["zwgk/tdzs/dk-31/红线图.pdf"], PDF);
    built.lacks_file("zwgk/tdzs/dk-31/index.html");
}

#[test]
fn attachments_are_listed_with_type_size_and_checksum() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", "attachments: [{file: 大.csv, title: 收支表}, /files/共用.pdf]"))
        .file("content/大.csv", "1,2\n".repeat(1000))
        .file("static/files/共用.pdf", PDF)
        .build()
        .clean();
    built
        .page("a.html")
        .has_in_order(&["收支表", "CSV", "4 KB", "大.csv", "d58dba9d1ad6"])
        .has_in_order(&["共用", "PDF", "15 B"]);
    assert!(built.tree.contains_key("files/共用.pdf"));
}

#[test]
fn defaults_of_a_channel_and_of_those_above_fill_what_a_document_leaves_out() {
    let built = SiteTest::new()
        .file(
            "content/zwgk/_index.md",
            channel("政府信息公开", "defaults:\n  issuer: 县政府办\n  genre: 通知\n  category: [其他]"),
        )
        .file("content/zwgk/czxx/_index.md", channel("财政信息", "defaults:\n  发布机构: 县财政局"))
        .file("content/zwgk/czxx/a.md", "---\ntitle: 甲\npublished: 2014-12-04\n---\n")
        .file("content/zwgk/czxx/b.md", "---\ntitle: 乙\npublished: 2014-12-04\ngenre: 公告\nissuer: 县审计局\n---\n")
        .build()
        .clean();
    let json = built.page("zwgk/czxx/index.json").json();
    let row = |title: &str| json["rows"].as_array().unwrap().iter().find(|row| row["title"] == title).unwrap().clone();
    assert_eq!(
        (row("甲")["issuer"].as_str(), row("甲")["genre"][0].as_str(), row("甲")["category"][0].as_str()),
        (Some("县财政局"), Some("通知"), Some("其他"))
    );
    assert_eq!((row("乙")["issuer"].as_str(), row("乙")["genre"][0].as_str()), (Some("县审计局"), Some("公告")));
}

#[test]
fn nested_channels_know_their_place_and_folders_without_index_belong_to_the_channel_above() {
    let built = SiteTest::new()
        .file("content/zwgk/_index.md", channel("政府信息公开", ""))
        .file("content/zwgk/czxx/_index.md", channel("财政信息", ""))
        .file("content/zwgk/czxx/2014/12/a.md", doc("甲", "2014-12-04", ""))
        .build()
        .clean();
    built
        .page("zwgk/czxx/2014/12/a.html")
        .has_in_order(&[
            "../../../../index.html",
            "../../../../zwgk/index.html",
            "政府信息公开",
            "../../../../zwgk/czxx/index.html",
            "财政信息",
        ])
        .has("<meta name=\"ColumnName\" content=\"财政信息\">");
    assert_eq!(built.page("zwgk/czxx/index.html").cards(), ["../../zwgk/czxx/2014/12/a.html"]);
    // the channel above shows what its child lists, in the child's block
    built.page("zwgk/index.html").has_in_order(&["财政信息", "../zwgk/czxx/2014/12/a.html"]);
    built.page("sitemap.html").has_in_order(&["政府信息公开", "财政信息"]);
    built.lacks_file("zwgk/czxx/2014/index.html");
}

#[test]
fn siblings_stand_in_their_order_then_by_folder() {
    let built = SiteTest::new()
        .file("content/a/_index.md", channel("甲栏目", ""))
        .file("content/b/_index.md", channel("乙栏目", "order: 2"))
        .file("content/c/_index.md", channel("丙栏目", "顺序: 1"))
        .file("content/d/_index.md", channel("丁栏目", ""))
        .build()
        .clean();
    built.page("sitemap.html").has_in_order(&["丙栏目", "乙栏目", "甲栏目", "丁栏目"]);
}

#[test]
fn names_become_addresses_that_no_later_document_changes() {
    let built = SiteTest::new()
        .file("content/gg-2014_1.md", doc("甲", "2014-12-04", ""))
        .file("content/关于征收土地的公告.md", doc("乙", "2014-12-04", ""))
        .file("content/政务 公开/_index.md", channel("丙", ""))
        .file("content/政务 公开/2014年.md", doc("丁", "2014-12-04", ""))
        .build()
        .clean();
    let documents: Vec<&str> = built
        .tree
        .keys()
        .map(String::as_str)
        .filter(|path| path.contains("guanyu") || path.contains("nian") || path.contains("gg-"))
        .collect();
    snapbox::assert_data_eq!(
        documents.join("\n"),
        snapbox::str![[r#"
gg-2014_1.html
guanyuzhengshoutudidegonggao-0ac698.html
zhengwugongkai-60b039/2014nian-8ff2be.html
"#]]
    );
    built.page("gg-2014_1.html");
}

/// Documents that are kept back, with traces that a careless output would carry.
fn withheld(more: &str, day: &str) -> String {
    let front = format!(
        "{more}\nindex_no: geheim/7777777\nsummary: 机密摘要\nkeywords: 机密词\nplace: 机密镇\ncategory: 机密类\nkind: jimi\nseries: 机密刊\nattachments: 机密附件.pdf\naliases: /old/jimi.html\nalso_in: tzgg\nslug: jimi-slug\naudience: 公民"
    );
    doc_with("机密标题", day, &front, "机密正文\n\n![机密图](机密图.png)")
}

fn site_with(withheld: String) -> SiteTest {
    SiteTest::new()
        .config("\n[[catalogue.crossing]]\naxes = [\"place\", \"year\"]\n")
        .file("content/tzgg/_index.md", channel("通知公告", "select: {place: 马头镇}"))
        .file("content/zwgk/_index.md", channel("政务公开", ""))
        .file("content/zwgk/a.md", doc("公开的文件", "2014-12-04", "place: 马头镇"))
        .file("content/zwgk/x.md", withheld)
        .file("content/zwgk/机密附件.pdf", PDF)
        .file("content/zwgk/机密图.png", PNG)
}

fn is_nowhere(built: Built) {
    let traces = ["机密", "geheim", "jimi", "7777777"];
    traces.into_iter().fold(built, |built, trace| built.lacks_everywhere(trace));
}

#[test]
fn a_draft_is_in_no_output_and_in_the_report() {
    let site = site_with(withheld("draft: true", "2014-12-04"));
    let built = site
        .build()
        .clean()
        .names("G090 content/zwgk/x.md 未公开：草稿")
        .names("G090 content/zwgk/机密附件.pdf")
        .names("G090 content/zwgk/机密图.png");
    assert_eq!((built.report.documents, built.report.withheld), (2, 1));
    is_nowhere(built);
    // with --drafts it is there, which also shows that the traces are found where they are
    let built = site_with(withheld("draft: true", "2014-12-04")).drafts().build().clean();
    built.page("zwgk/jimi-slug.html").has("机密正文");
    assert!(std::panic::catch_unwind(AssertUnwindSafe(|| is_nowhere(built))).is_err());
}

#[test]
fn what_is_not_proactively_disclosed_is_in_no_output() {
    for (disclosure, shown) in [("依申请公开", "依申请公开"), ("不予公开", "不予公开"), ("不公开", "不予公开")]
    {
        let built = site_with(withheld(&format!("公开方式: {disclosure}"), "2014-12-04")).build().clean();
        is_nowhere(built.names(&format!("G090 content/zwgk/x.md 未公开：公开方式是{shown}")));
        // not for a preview either
        is_nowhere(site_with(withheld(&format!("disclosure: {disclosure}"), "2014-12-04")).drafts().build().clean());
    }
    site_with(withheld("disclosure: 主动公开", "2014-12-04")).build().clean().page("zwgk/jimi-slug.html");
}

#[test]
fn what_will_be_published_tomorrow_is_in_no_output_today() {
    let text = || withheld("", "2026-01-02 08:00");
    let built = site_with(text()).as_of("2026-01-01").build().clean();
    is_nowhere(built.names("G090 content/zwgk/x.md 未公开：公开日期 2026-01-02 08:00 还没有到"));
    site_with(text()).as_of("2026-01-02").build().clean().page("zwgk/jimi-slug.html").page("old/jimi.html");
}

#[test]
fn a_bundle_that_is_kept_back_keeps_all_its_files() {
    let built = SiteTest::new()
        .file("content/x/index.md", doc("机密标题", "2014-12-04", "draft: true"))
        .file("content/x/机密图.png", PNG)
        .file("content/x/sub/机密附件.pdf", PDF)
        .build()
        .clean()
        .names("G090 content/x/sub/机密附件.pdf");
    is_nowhere(built);
}

#[test]
fn a_file_is_kept_back_however_its_withheld_document_writes_its_name() {
    let built = SiteTest::new()
        .file(
            "content/x.md",
            doc("草稿", "2014-12-04", "draft: true\nattachments: [/secret.pdf, case.pdf, '密%20件.pdf']"),
        )
        .file("content/Case.PDF", PDF)
        .file("content/密 件.pdf", PDF)
        .file("static/secret.pdf", PDF)
        .build()
        .finds(&["G034 content/x.md:6:28 附件“case.pdf”不存在", "G034 content/x.md:6:39 附件“密%20件.pdf”不存在"])
        .built();
    for name in ["secret.pdf", "Case.PDF", "密 件.pdf"] {
        assert!(!built.tree.contains_key(name), "{name}");
    }
}

#[test]
fn an_attachment_that_is_named_twice_is_a_warning() {
    let site = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", "attachments: [a.pdf, ./a.pdf]"))
        .file("content/a.pdf", PDF);
    site.build().built().finds(&["G012 content/a.md:5:22 附件“./a.pdf”写了两次"]);
}

/// However many documents inherit it: once, where it is written.
#[test]
fn a_fault_of_a_channels_defaults_is_told_once_at_its_place() {
    let bare = |number: usize| format!("---\ntitle: 甲{number}\npublished: 2014-12-04\n---\n\n文。\n");
    let front = "defaults:\n  issuer: 县财证局\n  place: [一/二/三/四/五/六/七]\n  also_in: zz\n  effective: 2015-01-01\n  \
                 expires: 2014-01-01\n  validity: 有效\n  title: 甲";
    let site =
        (0..3).fold(SiteTest::new(), |site, number| site.file(&format!("content/z/y/{number}.md"), bare(number)));
    let site = site
        .file("content/_data/organizations.yaml", "- {name: 县财政局}\n")
        .file("content/z/_index.md", channel("栏目", front))
        .file("content/z/y/_index.md", channel("下级", "defaults: {expires: 2014-06-01, genre: 通知}"))
        .file("content/z/y/draft.md", bare(9).replace("---\n\n", "draft: true\n---\n\n"));
    site.build().refused().finds(&[
        "G021 content/z/_index.md:4:11 发布机构里没有“县财证局”",
        "G021 content/z/_index.md:5:11 地域超过 6 层",
        "G054 content/z/_index.md:6:12 没有栏目“zz”",
        "G022 content/z/_index.md:8:12 有效期至早于生效日期",
        "G013 content/z/_index.md:10:3 字段“title”各个文件不同",
        "G022 content/z/y/_index.md:3:21 有效期至早于生效日期",
    ]);
}

/// A default is what holds where nothing else is known: it contradicts nothing.
#[test]
fn a_default_validity_gives_way_without_a_word() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", "defaults: {validity: 有效}"))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .file("content/z/b.md", doc("乙", "2015-12-04", "repeals: a.md"));
    site.build().clean().page("z/a.html").has("废止");
}

#[test]
fn an_attachment_that_is_kept_back_with_another_document_is_an_error() {
    SiteTest::new()
        .file("content/dk/index.md", doc("草稿", "2014-12-04", "draft: true"))
        .file("content/dk/a.pdf", PDF)
        .file("content/a.md", doc("公开的文件", "2014-12-04", "attachments: dk/a.pdf"))
        .build()
        .refused()
        .names("G039 content/a.md");
}

#[test]
fn a_file_that_a_public_document_names_too_is_public() {
    let built = SiteTest::new()
        .file("content/x.md", doc("草稿", "2014-12-04", "draft: true\nattachments: 共用.pdf"))
        .file("content/a.md", doc("公开的文件", "2014-12-04", "attachments: 共用.pdf"))
        .file("content/共用.pdf", PDF)
        .build()
        .clean();
    assert!(built.tree.contains_key("共用.pdf"));
}

#[test]
fn a_draft_may_be_incomplete_but_a_document_may_not() {
    SiteTest::new().file("content/a.md", "---\ndraft: true\n---\n").build().clean();
    SiteTest::new().file("content/a.md", "---\ntitle: 甲\n---\n").build().refused().finds(&[
        "G014 content/a.md:1:1 缺少必填字段：公开日期（published）",
        "G014 content/a.md:1:1 缺少必填字段：发布机构（issuer）",
    ]);
}

#[test]
fn a_link_to_what_is_not_public_is_an_error_and_a_relation_is_left_out() {
    let draft = || doc("草稿", "2014-12-04", "draft: true\nindex_no: a/2014-1");
    SiteTest::new()
        .file("content/x.md", draft())
        .file("content/a.md", doc_with("甲", "2014-12-04", "", "[乙](x.md)、[丙](索引号:a/2014-1)"))
        .build()
        .refused()
        .finds(&["G039 content/a.md:6:5", "G039 content/a.md:6:15"]);
    let built = SiteTest::new()
        .file("content/x.md", draft())
        .file("content/a.md", doc("甲", "2014-12-04", "repeals: x.md"))
        .build()
        .finds(&["G059 content/a.md:5:10 repeals 指向的“x.md”没有公开，不列出"])
        .built();
    built.page("a.html").lacks("草稿").lacks("废止的文件");
}

#[test]
fn editors_leavings_are_ignored_and_counted() {
    let built = SiteTest::new()
        .file("content/.DS_Store", "x")
        .file("content/.git/config", "x")
        .file("content/~$办法.docx", "x")
        .file("content/a.md~", "x")
        .file("content/a.md.bak", "x")
        .file("content/#a.md#", "x")
        .file("content/Thumbs.db", "x")
        .build()
        .clean();
    assert_eq!((built.report.ignored, built.report.documents), (7, 0));
    assert!(built.report.findings.is_empty());
}

#[test]
fn a_file_that_nothing_names_is_copied_with_a_warning_and_static_without() {
    let built = SiteTest::new()
        .file("content/图.pdf", PDF)
        .file("static/favicon.png", PNG)
        .file("static/a/b.html", "<p>自己的网页</p>")
        .build()
        .finds(&["G006 content/图.pdf 没有文件引用它，仍会公开"])
        .built();
    assert_eq!(built.tree["图.pdf"], PDF);
    assert_eq!(built.tree["a/b.html"], "<p>自己的网页</p>".as_bytes());
}

#[test]
fn strict_makes_a_warning_stop_the_build_but_not_a_hint() {
    SiteTest::new().file("content/图.pdf", PDF).strict().build().refused().finds(&["G006"]);
    SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", "draft: true")).strict().build().clean();
}

#[test]
fn links_lead_by_source_path_by_heading_and_by_index_number() {
    let built = SiteTest::new()
        .file("content/a/_index.md", channel("甲栏目", ""))
        .file("content/b/c/_index.md", channel("乙栏目", ""))
        .file("content/a/a.md", doc_with("甲", "2014-12-04", "index_no: a/2014-1", "## 第一条 总则\n\n[乙](../b/c/b.md) [条](../b/c/b.md#第一条-总则) [号](索引号:b/2014-2) [目](../b/c/) [此](#第一条总则) [绝](/b/c/b.md) [图](/f.pdf)"))
        .file("content/b/c/b.md", doc_with("乙", "2014-12-04", "index_no: b/2014-2", "# 第一条 总则"))
        .file("static/f.pdf", PDF)
        .build()
        .clean();
    let heading = "#s-%E7%AC%AC%E4%B8%80%E6%9D%A1-%E6%80%BB%E5%88%99";
    built.page("a/a.html").has_in_order(&[
        "<a href=\"../b/c/b.html\">乙</a>",
        &format!("<a href=\"../b/c/b.html{heading}\">条</a>"),
        "<a href=\"../b/c/b.html\">号</a>",
        "<a href=\"../b/c/index.html\">目</a>",
        &format!("<a href=\"{heading}\">此</a>"),
        "<a href=\"../b/c/b.html\">绝</a>",
        "<a href=\"../f.pdf\">图</a>",
    ]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn folded_and_block_texts_become_one_paragraph() {
    let text = doc(
        "甲",
        "2014-12-04",
        "summary: |\n  第一行，\n  第二行。\n  A\n  B\nchange_note: >-\n  折叠\n  的文字\nkeywords:\n- 一\n- \"二: 三\"\n-   四  # 注",
    );
    let built = SiteTest::new().file("content/a.md", text).build().clean();
    built.page("a.html").has("content=\"第一行，第二行。A B\"").has("折叠的文字").has("content=\"一,二: 三,四\"");
}

/// A line break in YAML is a space, and no Chinese author means one. What he writes himself stays.
#[test]
fn folded_lines_are_joined_as_chinese_text_is() {
    for (written, joined) in [
        (">\n  征收土地，\n  面积 3 公顷。", "征收土地，面积 3 公顷。"),
        (">-\n  甲乙 丙丁\n  戊己\n\n  庚", "甲乙 丙丁戊己庚"),
        (">\n  World Health\n  Organization\n  的\n  2014\n  年", "World Health Organization的2014年"),
        ("征收土地，\n  面积三公顷。", "征收土地，面积三公顷。"),
        ("\"征收土地，\n  面积：三公顷。\"", "征收土地，面积：三公顷。"),
        (">\n  甲\n  甲\n  甲", "甲甲甲"),
        ("甲 乙", "甲 乙"),
    ] {
        let text = doc("甲", "2014-12-04", &format!("summary: {written}"));
        let channel = format!("---\ntitle: 栏目\ndescription: {written}\n---\n");
        let built = SiteTest::new().file("content/z/_index.md", channel).file("content/z/a.md", text).build().clean();
        built.page("z/a.html").has(&format!("<meta name=\"Description\" content=\"{joined}\">"));
        if !written.contains("\n\n") {
            built.page("z/index.html").has(&format!("<meta name=\"ColumnDescription\" content=\"{joined}\">"));
        }
    }
}

/// (bytes after `title: `, what the finding says)
const NOT_UTF8: &[(&[u8], &str)] = &[
    (b"\xb9\xab\xb8\xe6", "文件不是 UTF-8 编码，看来是 GB18030"),
    // 郯城, of which the first is a rare character
    (b"\xdb\xb0\xb3\xc7", "文件不是 UTF-8 编码，看来是 GB18030"),
    // 《公告》——2014 年；€ is of one byte, 㐂 of four
    (b"\xa1\xb6\xb9\xab\xb8\xe6\xa1\xb7\xa1\xaa\xa1\xaa2014 \xc4\xea", "文件不是 UTF-8 编码，看来是 GB18030"),
    (b"\x81\x39\xef\x30\xb9\xab\xb8\xe6", "文件不是 UTF-8 编码，看来是 GB18030"),
    // Größe, Straße in Latin-1
    (b"Gr\xf6\xdfe, Stra\xdfe", "文件不是 UTF-8 编码，看来是别的编码，或已损坏"),
    (b"\x9d\xe2\x85\x41\xfe\x90\xc1\xe0", "文件不是 UTF-8 编码，看来是别的编码，或已损坏"),
    (b"\xb9\xab\xb8\xe6\0", "文件不是文本"),
    (b"\xb9\xab\x02\xb8\xe6", "文件不是文本"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "文件不是文本"),
];

#[test]
fn what_a_file_that_is_not_utf8_may_be_is_guessed_with_care() {
    for (bytes, expected) in NOT_UTF8 {
        let text = [b"---\ntitle: ", *bytes, b"\n---\n"].concat();
        let built = SiteTest::new().file("content/a.md", text).build().refused();
        assert!(built.findings[0].starts_with("G001 content/a.md:2:"), "{:?}", built.findings);
        let finding = built.report.findings.iter().find(|finding| finding.code.as_str() == "G001").unwrap();
        assert!(finding.message.starts_with(expected), "{bytes:x?}: {}", finding.message);
        let advises = finding.help.as_deref().unwrap_or("").contains("GB18030");
        assert_eq!(advises, expected.contains("GB18030"), "{bytes:x?}: {:?}", finding.help);
    }
}

#[test]
fn a_file_of_a_byte_too_many_is_told_its_size_in_bytes() {
    let text = doc("甲", "2014-12-04", "");
    let built = |bytes: usize| {
        let text = text.clone() + &"x".repeat(bytes - text.len());
        SiteTest::new().file("content/a.md", text).build()
    };
    built(4 * 1024 * 1024).clean();
    built(4 * 1024 * 1024 + 1).refused().finds(&["G005 content/a.md 文件有 4194305 字节，超过 4 MiB（4194304 字节）"]);
}

/// One slip is told, and nothing that only follows from it.
#[test]
fn what_follows_from_a_slip_is_not_told_as_well() {
    let table = "- {name: 县政府办}\n- {name: \"县财政局}\n- {name: 县教育局, parent: 县财政局}\n";
    let site = SiteTest::new()
        .file("content/_data/organizations.yaml", table)
        .file("content/z/_index.md", channel("栏目", "defaults: {issuer: 县财政局}"))
        .file("content/z/a.md", "---\ntitle: 甲\npublished: 2014-12-04\n---\n")
        .file("content/z/b.md", doc("乙", "2014-12-04", ""));
    let found = site.build().refused().findings;
    assert!(found.iter().all(|finding| finding.contains("content/_data/organizations.yaml:2")), "{found:#?}");
    // a channel whose title is misspelt still is one, with what it gives its documents
    let site = SiteTest::new()
        .file("content/z/_index.md", "---\ntile: 栏目\ndefaults: {issuer: 县政府办}\n---\n")
        .file("content/z/a.md", "---\ntitle: 甲\npublished: 2014-12-04\nalso_in: z/y\n---\n")
        .file("content/z/y/_index.md", channel("下级", ""));
    site.build()
        .refused()
        .finds(&["G014 content/z/_index.md:1:1 栏目缺少标题（title）", "G011 content/z/_index.md:2:1 未知字段“tile”"]);
    // one that cannot be read may give them anything
    site.put("content/z/_index.md", "title: 栏目\n");
    let found = site.build().refused().findings;
    assert!(found.iter().all(|finding| finding.starts_with("G010 content/z/_index.md")), "{found:#?}");
}

#[test]
fn a_name_with_an_underscore_is_no_public_document() {
    for path in ["content/_drafts/a.md", "content/_note.md", "content/z/_d/b.md"] {
        let site =
            SiteTest::new().file("content/z/_index.md", channel("栏目", "")).file(path, doc("甲", "2014-12-04", ""));
        let built = site.build().refused();
        assert!(built.findings[0].starts_with(&format!("G004 {path} ")), "{:?}", built.findings);
    }
}

#[test]
fn why_a_file_is_no_attachment_is_told() {
    let site = SiteTest::new().file("content/b.md", doc("乙", "2014-12-04", "")).file("content/.a.txt", "x");
    for (name, message) in [
        ("b.md", "附件“b.md”是另一份公开信息，会成为网页"),
        (".a.txt", "附件“.a.txt”以点或 ~ 开头，当作临时文件没有读入"),
        ("nul.txt", "附件“nul.txt”没有读入：这是 Windows 的保留名称"),
        ("http://a.cn/b.pdf", "附件“http://a.cn/b.pdf”是站外的网址"),
        ("c.pdf", "附件“c.pdf”不存在"),
    ] {
        site.put("content/a.md", doc("甲", "2014-12-04", &format!("attachments: [\"{name}\"]")));
        let found = site.build().refused().findings;
        assert_eq!(found, [format!("G034 content/a.md:5:16 {message}")]);
    }
    // a picture that is none is told of where it stands, and not again where it is shown
    let site = SiteTest::new()
        .file("content/p.png", "<html></html>")
        .file("content/a.md", doc_with("甲", "2014-12-04", "", "![图](p.png)"));
    let found = site.build().refused().findings;
    assert!(found.len() == 1 && found[0].starts_with("G041 content/p.png"), "{found:?}");
}

#[test]
fn of_two_documents_at_one_address_the_one_that_chose_it_is_told() {
    let site = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", "slug: b"))
        .file("content/b.md", doc("乙", "2014-12-04", ""));
    site.build().refused().finds(&["G051 content/a.md:5:7 网址 /b.html 与 content/b.md 冲突"]);
}

#[test]
fn a_broken_table_head_of_the_configuration_is_one_fault() {
    let site = SiteTest::new();
    site.edit("site.toml", "[site]", "[site");
    let found = site.build().refused().findings;
    assert_eq!(found.len(), 1, "{found:#?}");
}
