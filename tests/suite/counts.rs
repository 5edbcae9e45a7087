//! 自动计数: numbers in texts, tables and charts come from the documents, and change with them.

use crate::site_test::{SiteTest, channel, doc, doc_with};

/// A document of an office.
fn of(issuer: &str, title: &str, day: &str, more: &str) -> String {
    doc(title, day, more).replace("县政府办", issuer)
}

/// Two notices of 2014, one of 2015, a draft, and a page that counts them.
fn site(head: &str, body: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a/_index.md", channel("征地", ""))
        .file("content/z/b/_index.md", channel("其他", ""))
        .file("content/z/a/1.md", of("县国土局", "公告一", "2014-11-03", "kind: land-notice\nwritten: 2014-11-03"))
        .file("content/z/a/2.md", of("县国土局", "公告二", "2014-12-30", "kind: land-notice\nwritten: 2014-12-04"))
        .file("content/z/b/3.md", of("县环保局", "通知三", "2015-01-05", "written: 2014-12-04"))
        .file("content/z/b/4.md", of("县环保局", "草稿", "2015-01-06", "draft: true"))
        .file("content/z/统计.md", doc_with("统计", "2015-02-01", head, body))
}

fn page(site: &SiteTest) -> String {
    let built = site.build().built();
    let name = built.files("z/").into_iter().find(|file| file.starts_with("tongji")).expect("the page");
    built.page(&format!("z/{name}")).text.to_owned()
}

/// What a text on the page says, without tags.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    // cells stand apart
    for c in html.replace("<t", " <t").chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_number_in_a_text_is_that_of_the_public_documents() {
    let head = "counts:\n  征地: {kind: land-notice}\n  去年: {from: 2014-01-01, to: 2014-12-31}\n  全部: [{channel: z/a}, {channel: z/b}]\n  一切: {}";
    let body = "征地公告 {count: 征地} 条，2014年 **{计数：去年}** 件。\n\n| 项 | 数 |\n|---|---|\n| 全部 | {count:全部} |\n\n`{count: 征地}`，一切 {count: 一切} 件\n";
    let text = plain(&page(&site(head, body)));
    assert!(text.contains("征地公告 2 条，2014年 2 件。"), "{text}");
    assert!(text.contains("全部 3"), "{text}");
    assert!(text.contains("一切 4 件"), "{text}");
    assert!(text.contains("{count: 征地}"), "code stays as it is written: {text}");
}

#[test]
fn numbers_follow_what_is_published() {
    let head = "counts:\n  征地: {kind: land-notice}";
    let site = site(head, "共 {count: 征地} 条。");
    assert!(plain(&page(&site)).contains("共 2 条。"));
    let more = site.file("content/z/b/5.md", doc("公告五", "2015-01-08", "kind: 征收土地公告"));
    assert!(plain(&page(&more)).contains("共 3 条。"));
}

#[test]
fn a_block_counts_divides_and_lists() {
    let body = "\
```count
caption: 征地公告
where: {kind: land-notice}
list: true
```

```table
caption: 各机构
by: issuer
```

```table
caption: 各月
by: month
where: {channel: z}
to: x
```
";
    site("", body).build().refused().finds(&["G011"]);
    let html = page(&site("", &body.replace("to: x\n", "")));
    let text = plain(&html);
    assert!(text.contains("征地公告：2 件"), "{text}");
    assert!(html.contains("<a href=\"../z/a/2.html\">公告二</a> <time>2014-12-30</time>"), "{html}");
    for row in ["县国土局 2", "县环保局 1", "合计 4", "2014年11月 1", "2014年12月 1", "2015年1月 1", "2015年2月 1"]
    {
        assert!(text.contains(row), "{row}: {text}");
    }
}

#[test]
fn divisions_are_read_in_order_and_add_up() {
    for (by, rows) in [
        ("year", "2014年 2 2015年 2 合计 4"),
        ("kind", "征收土地公告 2 未注明 2 合计 4"),
        ("channel", "征地 2 其他 1 栏目 1 合计 4"),
        ("timeliness", "5 个工作日以内 1 6 至 20 个工作日 1 超过 20 个工作日 1 没有成文日期 1 合计 4"),
        ("公开及时性", "5 个工作日以内 1 6 至 20 个工作日 1 超过 20 个工作日 1 没有成文日期 1 合计 4"),
    ] {
        let text = plain(&page(&site("", &format!("```count\nby: {by}\n```\n"))));
        assert!(text.contains(rows), "{by}: {text}");
    }
}

#[test]
fn a_chart_draws_what_is_counted_without_its_sum() {
    let html = page(&site("", "```chart\ntype: bar\ncaption: 各机构公开的文件\nby: issuer\nunit: 件\n```\n"));
    assert!(html.contains("<svg"), "{html}");
    assert!(!plain(&html).contains("合计"), "{html}");
}

#[test]
fn a_chart_follows_a_field_through_the_issues_of_a_series() {
    let weekly = "label: 周报\nfields:\n  - {name: good, label: 优良天数, type: number, unit: 天}\n  - {name: note, label: 说明}\n";
    let issue = |n: u32, day: &str| {
        doc(&format!("周报{n}"), day, &format!("kind: weekly\nseries: 周报\nissue: {n}\ngood: {n}"))
    };
    let with = |body: &str| {
        site("", body)
            .file("content/_kinds/weekly.yaml", weekly)
            .file("content/z/w1.md", issue(1, "2015-01-01"))
            .file("content/z/w2.md", issue(2, "2015-01-08"))
            .file("content/z/w3.md", issue(3, "2015-01-15"))
    };
    let text = plain(&page(&with("```table\nof: 周报\nfields: [优良天数]\nlast: 2\ncaption: 优良\n```\n")));
    assert!(text.contains("优良（单位：天） 期号 优良天数 第2期 2 第3期 3"), "{text}");
    assert!(page(&with("```chart\ntype: line\nof: 周报\nfields: good\n```\n")).contains("<svg"));
    for (body, expected) in [
        ("of: 周刊", "没有期刊“周刊”"),
        ("of: 周报", "不知道取期刊“周报”的哪些字段"),
        ("of: 周报\nfields: 优良天", "没有数字字段“优良天”"),
        ("of: 周报\nfields: 说明", "没有数字字段“说明”"),
        ("of: 周报\nfields: good\nlast: 0", "期数应当是"),
        ("of: 周报\nwhere: {kind: weekly}", "不能写在一起"),
        ("fields: good", "没有写哪一种期刊"),
    ] {
        let built = with(&format!("```table\n{body}\n```\n")).build().refused();
        assert!(built.findings.concat().contains(expected), "{body}: {:?}", built.findings);
    }
}

#[test]
fn what_cannot_be_counted_is_told_at_its_place() {
    for (head, body, expected) in [
        ("", "共 {count: 征地} 条", "自动计数“征地”没有声明"),
        ("counts: {征地公告: {kind: land-notice}}", "共 {count: 征地公} 条", "“征地公”没有声明"),
        ("counts: {征地: {kind: land-notice}}", "# 共 {count: 征地} 条", "标题和图片的说明里不能用自动计数"),
        ("counts: {征地: {kind: land-notice}}", "共 {count: 征地 条", "自动计数没有写完"),
        ("counts: {征地: {kind: land-notice}}", "共 {count: } 条", "自动计数没有写完"),
        ("counts: {征地: ~}", "x", "没有条件"),
        ("counts: {征地: {issuer: 没有的机构}}", "{count: 征地}", "没有的机构"),
        ("counts: {征地: {colour: 红}}", "x", "colour"),
        ("counts: {“征地”: {kind: land-notice}}", "x", "不能用"),
        ("counts: 三", "x", "自动计数应当是"),
        ("", "```table\nwhere: {kind: land-notice}\n```", "要写按什么分列"),
        ("", "```count\nby: 颜色\n```", "不能按“颜色”分列"),
        ("", "```count\nlist: maybe\n```", "应当是 true 或 false"),
        ("", "```count\nfile: a.csv\n```", "file"),
        ("", "```table\nby: month\nrows: [[a, b], [c, 1]]\n```", "写在了一起"),
        ("counts: {征地: {kind: land-notice}}", "<table><tr><td>{count: 征地}</td></tr></table>", "不能用自动计数"),
    ] {
        let built = site(head, body).build();
        assert!(built.findings.concat().contains(expected), "{head} / {body}: {:?}", built.findings);
    }
}

#[test]
fn an_introduction_counts_too() {
    let built = SiteTest::new()
        .file("content/z/_index.md", "---\ntitle: 栏目\ncounts: {件: {channel: z}}\n---\n本栏目 {count: 件} 件。\n")
        .file("content/z/1.md", doc("一", "2014-11-03", ""))
        .build()
        .built();
    assert!(plain(built.page("z/index.html").text).contains("本栏目 1 件。"));
}
