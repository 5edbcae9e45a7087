//! 记录: a channel shows the rows of a spreadsheet, each as a row and, on request, on a page of its own.

use encoding_rs::GB18030;
use gongkai::pipeline::{self, Touched};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use crate::html;
use crate::sheet::make::{Book, rows};
use crate::site_test::{Built, SiteTest, assert_same, channel, doc};

const CSV: &str = "\
编号,类型,事项名称,机构,金额,备注
XK-1,许可,取水许可,县水利局,\"1,200.50\",
XK-2,许可,施工许可,县住建局,300,甲<b>
CF-1,处罚,对无照经营的处罚,县市场监管局,0,=1+1
XK-3,许可,排污许可,县环保局,40,
";
const PAGES: &str = "records:
  file: 清单.csv
  caption: 权责清单
  unit: 元
  title: 事项名称
  key: 编号
  pages: true
  group: 类型
";

fn site(more: &str, csv: impl AsRef<[u8]>) -> SiteTest {
    SiteTest::new().file("content/z/_index.md", channel("清单", more)).file("content/z/清单.csv", csv)
}

/// A spreadsheet of so many records.
fn many(count: usize) -> String {
    (1..=count).fold("编号,名称\n".to_owned(), |csv, row| csv + &format!("{row:05},记录{row}\n"))
}

#[test]
fn a_channel_shows_the_rows_of_a_spreadsheet() {
    let built = site("records: 清单.csv", CSV).file("content/z/a.md", doc("甲", "2014-12-04", "")).build().clean();
    built.page("z/index.html").has_in_order(&[
        "<h1>清单</h1>",
        "共 4 条记录",
        "<a href=\"#own\">到本栏目文件</a>",
        "data-filter=\"在本页的记录里查找（多个词用空格分开）\" data-hits=\"找到 # 条\">",
        "<table class=\"records\">",
        "<caption>清单</caption>",
        "<th scope=\"col\" class=\"code\">编号</th><th scope=\"col\">类型</th>",
        "<th scope=\"col\" class=\"ta-r\">金额</th>",
        "<tr><th scope=\"row\" data-label=\"编号\" class=\"code\">XK-1</th><td data-label=\"类型\">许可</td>",
        "<td data-label=\"金额\" class=\"ta-r\">1,200.50</td><td data-label=\"备注\"></td></tr>",
        "甲&lt;b&gt;",
        "<th scope=\"row\" data-label=\"编号\" class=\"code\">CF-1</th>",
        "<a href=\"../z/%E6%B8%85%E5%8D%95.csv\">清单.csv（CSV，",
        "<a href=\"../z/records.json\">",
        "<a href=\"../z/records.csv\">",
        "<h2 class=\"own\" id=\"own\">",
        "甲",
    ]);
    assert!(html::check(&built.tree, "https://www.example.gov.cn") > 0);
    assert!(built.tree.contains_key("z/清单.csv") && !built.tree.keys().any(|path| path.contains("/record/")));
    // what a site without records has is as it was
    let without = SiteTest::new().file("content/z/_index.md", channel("清单", "")).build().clean();
    without.page("z/index.html").lacks("records");
}

#[test]
fn each_record_has_a_page_on_request() {
    let built = site(PAGES, CSV).build().clean();
    assert_eq!(built.files("z/record/"), ["CF-1.html", "XK-1.html", "XK-2.html", "XK-3.html"]);
    // under headings, in the order in which these are met
    built.page("z/index.html").has_in_order(&[
        "<caption>权责清单（单位：元）</caption>",
        "<tr><th scope=\"rowgroup\" colspan=\"5\">许可</th></tr>",
        "<td data-label=\"事项名称\"><a href=\"../z/record/XK-1.html\">取水许可</a></td>",
        "record/XK-2.html",
        "record/XK-3.html",
        "<tr><th scope=\"rowgroup\" colspan=\"5\">处罚</th></tr>",
        "record/CF-1.html",
    ]);
    built.page("z/record/XK-3.html").has_in_order(&[
        "<title>排污许可_示例县人民政府</title>",
        "<meta name=\"SiteName\"",
        "<meta name=\"ColumnName\" content=\"清单\">",
        "href=\"https://www.example.gov.cn/z/record/XK-3.html\"",
        "<a href=\"../../z/index.html\">清单</a>",
        "<span aria-current=\"page\">排污许可</span>",
        "<h1>排污许可</h1>",
        "<a href=\"../../z/index.html\">权责清单</a>",
        "<div><dt>编号</dt><dd>XK-3</dd></div>",
        "<div><dt>金额</dt><dd>40</dd></div>",
        "上一条：</span><a rel=\"prev\" href=\"../../z/record/XK-2.html\">施工许可</a>",
        "下一条：</span><a rel=\"next\" href=\"../../z/record/CF-1.html\">对无照经营的处罚</a>",
    ]);
    built.page("z/record/XK-3.html").lacks("备注");
    built.page("z/record/XK-1.html").lacks("rel=\"prev\"").page("z/record/CF-1.html").lacks("rel=\"next\"");
    built.page("sitemap-pages.xml").has("https://www.example.gov.cn/z/record/XK-1.html");
    assert!(html::check(&built.tree, "https://www.example.gov.cn") > 0);
}

#[test]
fn records_are_open_data() {
    let built = site(PAGES, CSV).build().clean();
    let json = built.page("z/records.json").json();
    assert_data_eq!(
        serde_json::to_string_pretty(&serde_json::json!([
            json["title"],
            json["total"],
            json["columns"],
            json["rows"][1]
        ]))
        .unwrap(),
        str![[r#"
[
  "权责清单",
  4,
  [
    "编号",
    "类型",
    "事项名称",
    "机构",
    "金额",
    "备注"
  ],
  {
    "url": "/z/record/XK-2.html",
    "values": {
      "事项名称": "施工许可",
      "备注": "甲<b>",
      "机构": "县住建局",
      "类型": "许可",
      "编号": "XK-2",
      "金额": "300"
    }
  }
]
"#]]
    );
    let csv = built.page("z/records.csv").text;
    assert!(csv.starts_with("\u{feff}编号,类型,事项名称,机构,金额,备注"), "{csv}");
    assert!(csv.contains(",'=1+1"), "what a program would take for a formula: {csv}");
    // of too many there is the spreadsheet alone
    let built = site("records: 清单.csv", many(5001)).build().clean();
    assert!(!built.tree.contains_key("z/records.json") && !built.tree.contains_key("z/records.csv"));
    built.page("z/index.html").lacks("records.json").has("清单.csv（CSV，");
    assert!(site("records: 清单.csv", many(5000)).build().clean().tree.contains_key("z/records.json"));
}

#[test]
fn many_records_come_in_pages() {
    let built = site("records: 清单.csv", many(401)).build().clean();
    let pages: Vec<&str> = built.files("z/").into_iter().filter(|path| path.starts_with("records_")).collect();
    assert_eq!(pages, ["records_2.html", "records_3.html"]);
    built.page("z/index.html").has("记录200<").lacks("记录201<").has("z/records_2.html\">");
    let page = built.page("z/records_2.html").has("记录201<").has("记录400<").lacks("记录200<");
    page.has("第 2 页").has("rel=\"prev\"").has("rel=\"next\"").has("清单 第2页_").lacks("共 401");
    built.page("z/records_3.html").has("记录401<").lacks("rel=\"next\"");
    built.page("sitemap-pages.xml").has("/z/records_3.html");
    html::check(&built.tree, "https://www.example.gov.cn");
    // a heading goes on on the next page, and a record knows its page of the list
    let csv = (0..300).fold("编号,名称,组\n".to_owned(), |csv, row| csv + &format!("{row},第{row}条,甲\n"));
    let spec = "records: {file: 清单.csv, key: 编号, title: 名称, group: 组, pages: true}";
    let built = site(spec, csv).build().clean();
    built.page("z/records_2.html").has("<th scope=\"rowgroup\" colspan=\"2\">甲</th>");
    built.page("z/record/250.html").has("<a href=\"../../z/records_2.html\">清单</a>");
}

#[test]
fn sheets_in_every_format_are_read_as_tables_are() {
    let (bytes, ..) = GB18030.encode(CSV);
    let built = site(PAGES, bytes).build().clean();
    built.page("z/record/XK-1.html").has("取水许可");
    // an xlsx: another sheet, two rows of head, a merged cell that several records share
    let head = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>甲</t></is></c></row>";
    let book = Book::of(head).sheet("清单", &rows(&[&["编号", "事 项", "组"], &["1", "一", "子"], &["2", "二", "丑"]]));
    let spec = "记录: {文件: 表.xlsx, 工作表: 清单, 编号列: 编号, 名称列: 事项, 每条成页: 是, 列: [编号, 组]}";
    let built =
        SiteTest::new().file("content/z/_index.md", channel("表", spec)).file("content/z/表.xlsx", book.bytes());
    let built = built.build().clean();
    built.page("z/record/2.html").has("<h1>二</h1>").has("<dd>丑</dd>");
    // the column that leads to the pages is always there
    built.page("z/index.html").has_in_order(&["record/1.html\">一</a>", "data-label=\"编号\"", "data-label=\"组\""]);
}

/// With what is wrong with a declaration: its place and what is said.
#[track_caller]
fn finds(more: &str, csv: &str, expected: &[&str]) {
    site(more, csv).build().refused().finds(expected);
}

#[test]
fn what_is_wrong_with_the_declaration_is_told_with_its_place() {
    for (more, finding) in [
        ("records: 清单.docx", "G064 content/z/_index.md:3:10 “清单.docx”不是电子表格"),
        ("records: 单清.csv", "G034 content/z/_index.md:3:10 文件“单清.csv”不存在"),
        ("records: ../清单.csv", "G034 content/z/_index.md:3:10 "),
        ("records: {pages: true, key: 编号}", "G064 content/z/_index.md:3:1 记录表没有写文件（file）"),
        (
            "records: {file: 清单.csv, pages: true}",
            "G064 content/z/_index.md:3:1 每条记录成一页（pages）要有编号列（key）",
        ),
        ("records: {file: 清单.csv, pages: 也许}", "G064 content/z/_index.md:3:32 pages 的值“也许”不在允许范围"),
        ("records: {file: 清单.csv, haed: 1}", "G011 content/z/_index.md:3:25 未知字段“haed”"),
        (
            "records: {file: 清单.csv, head: 0}",
            "G064 content/z/_index.md:3:31 表头行数应当是 1 到 10 的整数，这里是“0”",
        ),
        ("records: {file: 清单.csv, head: 9}", "G064 content/z/_index.md:3:1 清单.csv：只有 5 行，表头却有 9 行"),
        ("records: {file: 清单.csv, key: 号码}", "G064 content/z/_index.md:3:30 清单.csv里没有“号码”这一列"),
        ("records: {file: 清单.csv, title: 事项}", "G064 content/z/_index.md:3:32 清单.csv里没有“事项”这一列"),
        ("records: {file: 清单.csv, columns: [机构, 机构]}", "G064 content/z/_index.md:3:39 列“机构”写了两次"),
        ("records: {file: 清单.csv, group: [类型]}", "G064 content/z/_index.md:3:32 这里应当是文字，却是列表"),
        ("records: {file: 清单.csv, range: A9:B12}", "G047 content/z/_index.md:3:1 清单.csv："),
        ("records: {file: 清单.csv, sheet: 二}", "G047 content/z/_index.md:3:1 清单.csv："),
        ("records: [清单.csv]", "G064 content/z/_index.md:3:10 这里应当是文字，却是列表"),
    ] {
        let mut found = site(more, CSV).build().refused().findings;
        // the file that was meant is used by nobody then
        found.retain(|found| !found.starts_with("G006"));
        assert!(found.len() == 1 && found[0].starts_with(finding), "{more}: {found:#?}");
    }
    // a slip has its advice, and the home page has no records
    let found = site("records: {file: 清单.csv, key: 编码}", CSV).try_build().unwrap().findings;
    assert!(found.iter().any(|finding| finding.help.as_deref().is_some_and(|help| help.contains("编号"))), "{found:?}");
    let home = SiteTest::new().file("content/_index.md", channel("首页", "records: a.csv")).file("content/a.csv", CSV);
    home.build().refused().finds(&["G064 content/_index.md:3:1 首页不能有记录表"]);
}

#[test]
fn what_is_wrong_with_the_rows_is_told_with_their_cells() {
    let spec = "records: {file: 清单.csv, key: 编号, title: 名称, pages: true}";
    let at = "G064 content/z/_index.md:3:30";
    for (csv, findings) in [
        ("编号,名称\n1,甲\n,乙\n", vec![format!("{at} 清单.csv：A3 是空的，这条记录没有编号")]),
        ("编号,名称\n1,甲\n2,乙\n 1 ,丙\n", vec![format!("{at} 清单.csv：A2 与 A4 的编号都是“1”")]),
        ("编号,名称\na,甲\nA,乙\n", vec![format!("{at} 清单.csv：A2（a）与 A3（A）的网址都是 /z/record/A.html")]),
        ("编号,名称\n1,\n", vec!["G064 content/z/_index.md:3:41 清单.csv：B2 是空的，这条记录没有名称".to_owned()]),
        (
            "编号,名称,编号,\n1,甲,2,3\n",
            vec![
                "G064 content/z/_index.md:3:1 清单.csv：表头 A1 与 C1 都是“编号”".to_owned(),
                "G064 content/z/_index.md:3:1 清单.csv：表头 D1 是空的".to_owned(),
            ],
        ),
    ] {
        let findings: Vec<&str> = findings.iter().map(String::as_str).collect();
        finds(spec, csv, &findings);
    }
    // a thousand of them are not told one by one
    let csv = (0..1000).fold("编号,名称\n".to_owned(), |csv, _| csv + "1,甲\n");
    let found = site(spec, csv).build().refused().findings;
    assert_eq!(found.len(), 21, "{found:#?}");
    assert!(found[20].ends_with("清单.csv：同样的问题还有 979 处"), "{}", found[20]);
    // no key, no page: all of that may be
    site("records: 清单.csv", "编号,名称\n1,\n1,乙\n,丙\n,\n").build().clean().page("z/index.html").has("共 3 条记录");
    site("records: 清单.csv", "编号,名称\n").build().clean().page("z/index.html").lacks("<table");
}

#[test]
fn what_is_wrong_inside_the_file_is_told_as_of_tables() {
    let build = |bytes: Vec<u8>| {
        let site = SiteTest::new().file("content/z/_index.md", channel("表", "records: 表.xlsx"));
        site.file("content/z/表.xlsx", bytes).build().refused().findings
    };
    let hidden = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>甲</t></is></c></row>\
        <row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"inlineStr\"><is><t>乙</t></is></c></row>";
    let error = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>甲</t></is></c></row>\
        <row r=\"2\"><c r=\"A2\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>";
    for bytes in [Book::of(hidden).bytes(), Book::of(error).bytes()] {
        let found = build(bytes);
        assert!(found.iter().all(|found| found.starts_with("G047 content/z/_index.md:3:1 表.xlsx：")), "{found:#?}");
        assert!(!found.is_empty());
    }
    let found = build(Book::of(error).bytes());
    assert!(found[0].ends_with("表.xlsx：收支表!A2：公式出错（#DIV/0!）"), "{found:?}");
}

#[test]
fn the_addresses_of_records_are_the_channels_own() {
    for path in ["records.json", "records_9.html", "record/x.html", "record/a/b.html"] {
        let file = format!("static/z/{path}");
        let free = SiteTest::new().file("content/z/_index.md", channel("清单", "")).file(&file, "x");
        free.build().built();
        let found = site("records: 清单.csv", CSV).file(&file, "x").build().refused().findings;
        assert!(found.iter().any(|found| found.starts_with("G051")), "{path}: {found:?}");
    }
    let named = SiteTest::new().file("content/z/_index.md", channel("清单", "records: records.csv"));
    let found = named.file("content/z/records.csv", CSV).build().refused().findings;
    assert!(found[0].starts_with("G051 content/z/records.csv"), "{found:?}");
    // a channel below of the same name, which might have an index of its own
    let below = site(PAGES, CSV.replace("XK-1", "index")).file("content/z/record/_index.md", channel("下", ""));
    let found = below.build().refused().findings;
    assert!(found[0].starts_with("G051 content/z/record/_index.md"), "{found:?}");
}

#[test]
fn only_what_shows_a_cell_is_made_anew() {
    let csv = (0..450).fold("编号,名称,备注\n".to_owned(), |csv, row| csv + &format!("k{row},第{row}条,无\n"));
    let spec = "records: {file: 清单.csv, key: 编号, title: 名称, pages: true, columns: [名称]}";
    let site = site(spec, &csv).file("content/z/a.md", doc("甲", "2014-12-04", ""));
    site.build().clean();
    site.build().clean().written(&[]);
    let data = ["z/records.csv", "z/records.json", "z/清单.csv"];
    let same = |pages: &[&str]| {
        let mut expected: Vec<&str> = pages.iter().chain(&data).copied().collect();
        expected.sort_unstable();
        let built = site.build().clean().written(&expected);
        assert_same(&built.tree, &site.clean_tree());
    };
    // the size of the file stands on the first page of the list, so the edits keep it
    site.put("content/z/清单.csv", csv.replace("第7条,无", "第7条,有"));
    same(&["z/record/k7.html"]);
    site.put("content/z/清单.csv", csv.replace("第7条,无", "第七条,无"));
    same(&["z/index.html", "z/record/k6.html", "z/record/k7.html", "z/record/k8.html"]);
    site.put("content/z/清单.csv", &csv);
    same(&["z/index.html", "z/record/k6.html", "z/record/k7.html", "z/record/k8.html"]);
    // a new record at the end: the last page of the list, the record before it, the number of all
    site.put("content/z/清单.csv", format!("{csv}k450,第450条,无\n"));
    same(&["sitemap-pages.xml", "z/index.html", "z/record/k449.html", "z/record/k450.html", "z/records_3.html"]);
    // a document's text is none of the records' business
    site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    site.build().clean().written(&["z/a.html"]);
}

#[test]
fn an_edit_of_a_document_keeps_the_last_site_and_one_of_a_record_does_not() {
    let site = site(PAGES, CSV).file("content/z/a.md", doc("甲", "2014-12-04", ""));
    let mut memory = pipeline::remembered(site.root()).fixed();
    let mut plan = |touched: &Touched| pipeline::plan(&site.options, &mut memory, touched).unwrap().site.unwrap();
    let first = plan(&Touched::Anything);
    site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let second = plan(&Touched::These(vec![site.path("content/z/a.md")]));
    assert!(std::sync::Arc::ptr_eq(&first.plan, &second.plan));
    site.put("content/z/清单.csv", CSV.replace("XK-3", "XK-4"));
    let third = plan(&Touched::These(vec![site.path("content/z/清单.csv")]));
    let has = |out: &str| third.plan.pages.iter().any(|page| page.out.as_str() == out);
    assert!(has("z/record/XK-4.html") && !has("z/record/XK-3.html"));
}

/// Texts as they stand in spreadsheets, and worse.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof!["[一-龥]{1,4}", "[a-zA-Z0-9._-]{1,6}", "[\"<>&'=+@/\\\\ ,]{0,4}", Just(String::new()), "[^\\pC{}]{0,6}"]
}

/// Links of a page's list that lead to records.
fn linked(built: &Built) -> Vec<String> {
    let lists = built.tree.keys().filter(|path| *path == "z/index.html" || path.starts_with("z/records_"));
    let links = lists.flat_map(|path| html::tags(built.page(path).text).unwrap());
    let records = links.filter(|tag| tag.name == "a").filter_map(|tag| tag.get("href").map(str::to_owned));
    records.filter_map(|href| href.strip_prefix("../z/record/").map(str::to_owned)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// As many pages as records, every one of them linked from the list, whatever stands in the cells.
    #[test]
    fn every_record_has_its_page_and_every_page_its_link(cells in prop::collection::vec((cell(), cell()), 0..40)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["编号", "名称", "备注"]).unwrap();
        for (row, (name, note)) in cells.iter().enumerate() {
            writer.write_record([&format!("{row}号"), &format!("{name}{row}"), note]).unwrap();
        }
        let spec = "records: {file: 清单.csv, key: 编号, title: 名称, pages: true}";
        let site = site(spec, writer.into_inner().unwrap());
        let report = site.build();
        // what no text should hold is refused
        if report.findings.is_empty() {
            let built = report.clean();
            let mut links = linked(&built);
            links.sort_unstable();
            prop_assert_eq!(links.len(), cells.len());
            let pages: Vec<String> =
                built.files("z/record/").into_iter().map(gongkai::model::path::encode).collect();
            prop_assert_eq!(links, pages);
            html::check(&built.tree, "https://www.example.gov.cn");
        }
    }
}
