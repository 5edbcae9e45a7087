//! Tables of spreadsheets in a body: ` ```table `.

use crate::site_test::{Built, SiteTest, assert_same, channel, doc, doc_with};

const CSV: &str = "项目,预算数,决算数\n教育,\"1,200.50\",1180\n卫生,300,310.5\n合计,1500.5,1490.5\n";

fn site(block: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/收支.csv", CSV)
        .file("content/z/a.md", doc_with("甲", "2014-12-04", "", &format!("前文。\n\n{block}\n\n后文。")))
}

fn table(keys: &str) -> SiteTest {
    site(&format!("```table\n{keys}\n```"))
}

#[track_caller]
fn refused(site: &SiteTest, finding: &str) -> Built {
    let built = site.build().refused();
    assert!(built.findings.contains(&finding.to_owned()), "{finding}\namong {:#?}", built.findings);
    built
}

#[test]
fn a_spreadsheet_is_a_table_and_a_download() {
    let built = table("file: 收支.csv\ncaption: 2014年收支表\nunit: 万元\ntotal: 合计").build().clean();
    built.page("z/a.html").has_in_order(&[
        "<p>前文。</p>",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"2014年收支表\">",
        "<caption>2014年收支表（单位：万元）</caption>",
        "<thead>\n<tr><th scope=\"col\">项目</th><th scope=\"col\">预算数</th>",
        "<tr><th scope=\"row\">教育</th><td class=\"ta-r\">1,200.50</td><td class=\"ta-r\">1180</td></tr>",
        "</tbody>",
        "数据文件：<a href=\"../z/%E6%94%B6%E6%94%AF.csv\">收支.csv</a>（CSV，",
        "<p>后文。</p>",
    ]);
    assert!(built.tree.contains_key("z/收支.csv"));
    // without any wish it is the whole sheet, called as the file is
    table("文件: 收支.csv").build().clean().page("z/a.html").has("<caption>收支.csv</caption>");
    table("file: 收支.csv\nrange: A1:B2\nhead: 0")
        .build()
        .clean()
        .page("z/a.html")
        .has("<tr><th scope=\"row\">项目</th>")
        .lacks("卫生");
}

#[test]
fn links_around_a_table_lead_where_they_should() {
    let site = site("[乙](b.md)\n\n```table\nfile: 收支.csv\n```\n\n[丙](c.md)")
        .file("content/z/b.md", doc("乙", "2014-12-04", ""))
        .file("content/z/c.md", doc("丙", "2014-12-04", ""));
    site.build().clean().page("z/a.html").has_in_order(&["href=\"../z/b.html\"", "<table>", "href=\"../z/c.html\""]);
}

#[test]
fn what_is_wrong_with_the_block_is_told_with_its_place() {
    for (keys, finding) in [
        ("files: 收支.csv", "G011 content/z/a.md:9:1 未知字段“files”"),
        ("caption: 甲", "G047 content/z/a.md:8:1 没有写数据从哪里来（file、rows、where 或 of）"),
        ("file: 收支.docx", "G047 content/z/a.md:9:7 “收支.docx”不是电子表格"),
        ("file: 支出.csv", "G034 content/z/a.md:9:7 文件“支出.csv”不存在"),
        ("file: 收支.csv\nhead: 一", "G047 content/z/a.md:10:7 表头行数应当是 0 到 10 的整数，这里是“一”"),
        ("file: 收支.csv\nfile: 收支.csv", "G012 content/z/a.md:10:1 字段“file”写了两次"),
        ("file: [收支.csv]", "G047 content/z/a.md:9:7 这里应当是文字，却是列表"),
        ("file: &a 收支.csv", "G016 content/z/a.md:9:7 这里用了 YAML 的锚点（&）、别名（*）、标签（!）或合并键（<<）"),
        ("file: 收支.csv\ntotal: 总计", "G047 content/z/a.md:10:8 收支.csv：没有第一格是“总计”的行"),
    ] {
        refused(&table(keys), finding);
    }
    refused(
        &site("- 甲\n\n  ```table\n  file: 收支.csv\n  ```"),
        "G047 content/z/a.md:10:3 表格和图不能写在列表、引用里",
    );
    refused(&site("```table\nfile: 收支.csv"), "G047 content/z/a.md:8:1 表格或图没有结束");
    // other words make it code
    site("```tables\nfile: x\n```").build().built().page("z/a.html").has("<code class=\"language-tables\">");
}

#[test]
fn what_is_wrong_with_the_file_is_told_at_the_block() {
    let site = table("file: 收支.csv\nrange: A9:B12");
    let found = site.build().refused().findings;
    assert!(found[0].starts_with("G047 content/z/a.md:8:1 收支.csv："), "{found:?}");
    // both columns, and nothing on disk is changed
    let site = table("file: 收支.csv\ntotal: last");
    let before = site.build().clean().tree;
    site.put("content/z/收支.csv", CSV.replace("1500.5,1490.5", "1501.5,1490.4"));
    let built = refused(&site, "G026 content/z/a.md:10:8 收支.csv：B4 的合计是 1501.5，各行之和是 1500.5，相差 1");
    assert_eq!(built.findings.len(), 1, "the last digit of the other column may be rounded: {:?}", built.findings);
    assert_same(&built.tree, &before);
    site.put("content/z/收支.csv", CSV);
    assert_same(&site.build().clean().tree, &site.clean_tree());
}

#[test]
fn a_changed_spreadsheet_rewrites_itself_and_its_page() {
    let site = table("file: 收支.csv");
    site.build().clean();
    site.put("content/z/收支.csv", CSV.replace("教育", "教育支出"));
    let built = site.build().clean().written(&["z/a.html", "z/收支.csv"]);
    built.page("z/a.html").has("教育支出");
    assert_same(&built.tree, &site.clean_tree());
    // a channel's introduction may show one, too
    site.put("content/z/_index.md", format!("{}\n```table\nfile: 收支.csv\n```\n", channel("栏目", "")));
    site.build().clean().page("z/index.html").has("教育支出");
    site.put("content/z/收支.csv", CSV);
    let built = site.build().clean().written(&["z/a.html", "z/index.html", "z/收支.csv"]);
    assert_same(&built.tree, &site.clean_tree());
}

#[test]
fn a_table_of_a_draft_stays_at_home() {
    let site = table("file: 收支.csv");
    site.edit("content/z/a.md", "issuer", "draft: true\nissuer");
    site.build().clean().lacks_file("z/收支.csv").lacks_everywhere("教育");
}

#[test]
fn a_chart_is_drawn_from_a_file_or_from_rows() {
    let block =
        "```chart\ntype: bar\nfile: 收支.csv\ncaption: 收支对照\nunit: 万元\nsource: 县财政局\nrange: A1:C3\n```";
    let built = site(block).build().clean();
    built.page("z/a.html").has_in_order(&[
        "<figure class=\"chart-figure\">",
        "<figcaption>收支对照</figcaption>",
        "<svg",
        "<title",
        "收支对照",
        "<desc",
        "教育",
        "资料来源：县财政局",
        "<svg",
        "<summary>数据表：收支对照</summary>",
        "<td class=\"ta-r\">1,200.50</td>",
        "数据文件：",
        "</figure>",
    ]);
    crate::html::tags(built.page("z/a.html").text).expect("HTML");
    // the columns that are wished for, from rows in the text
    let block = "```chart\ntype: 折线图\nlabels: 月份\nseries: PM10\nrows:\n  - [月份, PM2.5, PM10]\n  - [1月, 75, 150.5]\n  - [2月, ~, 120]\n```";
    let built =
        site(block).file("content/z/b.md", doc_with("乙", "2014-12-04", "attachments: 收支.csv", "文")).build().clean();
    built.page("z/a.html").has("<td class=\"ta-r\">150.5</td>").lacks("~").has("<figcaption>数据表</figcaption>");
    // two pictures of a page have their own names
    let two = format!("{block}\n\n{block}");
    let built = site(&two).build().built();
    let ids: Vec<&str> =
        built.page("z/a.html").text.split(" id=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]).collect();
    assert_eq!(ids.len(), ids.iter().collect::<std::collections::HashSet<_>>().len(), "{ids:?}");
}

#[test]
fn what_cannot_be_drawn_is_told_at_the_block() {
    let rows = "rows:\n  - [月份, 数]\n  - [1月, 3]";
    for (keys, finding) in [
        (format!("type: 饼\n{rows}"), "G047 content/z/a.md:9:7 没有图的类型“饼”"),
        (format!("series: 数量\n{rows}"), "G047 content/z/a.md:9:9 表里没有“数量”这一列"),
        (format!("colours: red\n{rows}"), "G047 content/z/a.md:9:10 没有颜色“red”"),
        ("rows:\n  - [月份, 数]\n  - [1月]".into(), "G047 content/z/a.md:11:5 这一行有 1 格，第一行有 2 格"),
        (format!("type: pie\ncolours: aqi\n{rows}"), "G047 content/z/a.md:8:1 空气质量指数的颜色只用于柱状图"),
        (
            "rows:\n  - [月份, 数]\n  - [1月, 1.2万]".into(),
            "G047 content/z/a.md:8:1 “1月”的“数”是“1.2万”，不是数，画不出来",
        ),
        ("rows: 3".into(), "G047 content/z/a.md:9:7 数据应当是列表，这里却是文字"),
        (format!("file: 收支.csv\n{rows}"), "G047 content/z/a.md:9:7 文件（file）和数据（rows）只能写一个"),
        ("total: 合计\nfile: 收支.csv".into(), "G011 content/z/a.md:9:1 未知字段“total”"),
    ] {
        refused(&site(&format!("```chart\n{keys}\n```")), finding);
    }
    let many: String = (1..=7).map(|n| format!("  - [甲{n}, {n}]\n")).collect();
    let found = site(&format!("```chart\ntype: pie\nrows:\n  - [项, 数]\n{many}```")).build().refused().findings;
    assert!(found.iter().any(|finding| finding.starts_with("G047 content/z/a.md:8:1 ")), "{found:?}");
}

#[test]
fn totals_of_rows_in_the_text_are_checked_too() {
    let rows = "rows:\n  - [项, 数]\n  - [甲, 1]\n  - [乙, 2]\n";
    table(&format!("{rows}  - [合　计, 3]\ntotal: 合计")).build().built();
    refused(
        &table(&format!("{rows}  - [合计, 4]\ntotal: 合计")),
        "G026 content/z/a.md:14:8 B4 的合计是 4，各行之和是 3，相差 1",
    );
    refused(&table(&format!("{rows}total: 总计")), "G047 content/z/a.md:13:8 没有第一格是“总计”的行");
}

#[test]
fn a_block_that_stands_in_a_quote_is_one_fault() {
    let found = site("> ```table\n> file: 收支.csv\n> caption: 甲\n> ```").build().refused().findings;
    let errors: Vec<&String> = found.iter().filter(|finding| !finding.starts_with("G006")).collect();
    assert_eq!(errors, ["G047 content/z/a.md:8:3 表格和图不能写在列表、引用里"], "{found:?}");
}

#[test]
fn rates_and_subtotals_are_no_parts_of_a_total() {
    let block = |rows: &str, more: &str| {
        let built = site(&format!("```table\nrows:\n{rows}\ntotal: 合计\n{more}```\n\n[表](收支.csv)")).build();
        built.findings
    };
    let rates = "  - [项目, 完成%, 件数, 增长率]\n  - [甲, 95, 1, 3]\n  - [乙, 102, 2, 4]\n  - [合计, 98.5, 3, 3.6]";
    assert!(block(rates, "").is_empty());
    let subtotals = "  - [项目, 件数]\n  - [甲, 1]\n  - [乙, 2]\n  - [小计, 3]\n  - [丙, 4]\n  - [合计, 7]";
    assert!(block(subtotals, "").is_empty());
    assert!(block(&subtotals.replace("合计, 7", "合计, 8"), "")[0].starts_with("G026"));
    // amounts are rounded, counts are not
    let rounded = "  - [项目, 数]\n  - [甲, 100]\n  - [乙, 100]\n  - [合计, 201]";
    assert!(block(rounded, "")[0].starts_with("G026"));
    assert!(block(rounded, "unit: 万元\n").is_empty());
}

#[test]
fn a_range_or_a_head_beyond_the_sheet_is_told() {
    refused(
        &table("file: 收支.csv\nrange: A1:F9"),
        "G047 content/z/a.md:8:1 收支.csv：D1 列以后都是空的，range 写得过宽",
    );
    refused(&table("file: 收支.csv\nhead: 9"), "G047 content/z/a.md:8:1 收支.csv：表头写了 9 行，这里一共只有 4 行");
}
