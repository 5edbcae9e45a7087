//! 统计: the numbers of a year, and the documents behind each of them.

use gongkai::catalogue::stats::{Item, Statistics};
use gongkai::model::Moment;
use gongkai::pipeline;

use crate::site_test::{SiteTest, channel, doc};

fn site() -> SiteTest {
    let norm = |title: &str, day: &str, more: &str| doc(title, day, &format!("kind: 规范性文件\n{more}"));
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", norm("甲", "2013-05-01", "written: 2013-05-01"))
        .file("content/z/b.md", norm("乙", "2014-03-01", "written: 2014-02-20\nexpires: 2014-12-31"))
        .file("content/z/c.md", norm("丙", "2015-01-08", "written: 2014-12-30\nrepeals: a.md\neffective: 2014-12-31"))
        .file("content/z/d.md", norm("丁", "2014-06-01", "written: 2014-06-01\nvalidity: 废止"))
        .file("content/z/draft.md", norm("草稿", "2014-06-02", "draft: true"))
        .file("content/z/p1.md", doc("许可一", "2014-07-01", "kind: permit\ndecisions:\n  - [甲公司, 许可, 1, 2014-06-01, 长期]\n  - [乙公司, 许可, 2, 2014-06-02, 长期]"))
        .file("content/z/p2.md", doc("许可二", "2014-07-02", "kind: permit\ncount: 40 件"))
        .file("content/z/p3.md", doc("许可三", "2014-07-03", "kind: permit"))
        .file("content/z/p4.md", doc("许可四", "2013-07-03", "kind: permit"))
}

fn statistics(site: &SiteTest, year: i16) -> Statistics {
    let loaded = pipeline::load(&site.options).expect("runs").expect("a catalogue");
    loaded.catalogue.statistics(year, Moment::parse(&format!("{year}-12-31")).unwrap())
}

fn item<'s>(statistics: &'s Statistics, label: &str) -> &'s Item {
    let items = statistics.sections.iter().flat_map(|section| &section.items);
    items.into_iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no {label}"))
}

fn value(statistics: &Statistics, label: &str) -> String {
    item(statistics, label).value.map_or("—".into(), |value| value.to_string())
}

#[test]
fn the_second_table_is_counted_from_kinds_and_dates() {
    let site = site();
    let of = |year: i16| {
        let statistics = statistics(&site, year);
        let line = |what: &str| value(&statistics, &format!("行政规范性文件：{what}"));
        [line("制发件数"), line("废止件数"), line("现行有效件数")]
    };
    // what is void since nobody knows when is made, but neither ends nor is in force
    assert_eq!(of(2013), ["1", "0", "1"]);
    assert_eq!(of(2014), ["3", "1", "2"]);
    assert_eq!(of(2015), ["0", "1", "1"]);
    // before the year is over, what will expire in it is in force
    let Ok(Ok(loaded)) = pipeline::load(&site.options) else { panic!("no catalogue") };
    let early = loaded.catalogue.statistics(2014, Moment::parse("2014-12-30").unwrap());
    assert_eq!(value(&early, "行政规范性文件：废止件数"), "0");
    assert_eq!(value(&early, "行政规范性文件：现行有效件数"), "3");
    let statistics = statistics(&site, 2014);
    assert_eq!(value(&statistics, "行政许可：本年处理决定数量"), "43");
    assert_eq!(item(&statistics, "行政许可：本年处理决定数量").docs.len(), 3);
    assert_eq!(value(&statistics, "行政事业性收费：本年收费金额"), "—");
    assert_eq!(value(&statistics, "规章：制发件数"), "0");
}

#[test]
fn every_number_has_its_documents_newest_first() {
    let site = site();
    let loaded = pipeline::load(&site.options).expect("runs").expect("a catalogue");
    let statistics = loaded.catalogue.statistics(2014, Moment::parse("2014-12-31").unwrap());
    let titles = |label: &str| -> Vec<&str> {
        item(&statistics, label).docs.iter().map(|id| loaded.catalogue.doc(*id).title()).collect()
    };
    assert_eq!(titles("主动公开的文件"), ["许可三", "许可二", "许可一", "丁", "乙"]);
    assert_eq!(titles("2014年7月"), ["许可三", "许可二", "许可一"]);
    assert_eq!(titles("5 个工作日以内"), ["丁"]);
    assert_eq!(titles("6 至 20 个工作日"), ["乙"]);
    assert_eq!(titles("没有成文日期"), ["许可三", "许可二", "许可一"]);
}

#[test]
fn coverage_of_the_law_counts_what_kinds_and_channels_answer_to() {
    let site = site()
        .file("content/y/_index.md", channel("统计", "articles: [20.4]"))
        .file("content/y/a.md", doc("统计", "2015-03-01", ""));
    let of = |year: i16| {
        let statistics = statistics(&site, year);
        ["有文件的项", "第二十条第（四）项 统计信息", "第二十条第（一）项 行政法规、规章和规范性文件"]
            .map(|label| value(&statistics, label))
    };
    // permits and normative documents answer to an item by their kind
    assert_eq!(of(2014), ["2", "0", "3"]);
    assert_eq!(of(2015), ["3", "1", "4"]);
    assert_eq!(value(&statistics(&site, 2015), "应公开的项"), "22");
}

#[test]
fn money_is_summed_where_a_kind_states_it() {
    let kind = "label: 收费\nfields:\n  - {name: sum, label: 金额, type: money, unit: 万元}\nreport: {line: 行政事业性收费, count: sum}\n";
    let site = site()
        .file("content/_kinds/fee.yaml", kind)
        .file("content/z/f1.md", doc("收费一", "2014-07-01", "kind: fee\nsum: 12.50"))
        .file("content/z/f2.md", doc("收费二", "2014-07-01", "kind: fee\nsum: 0.75"));
    assert_eq!(value(&statistics(&site, 2014), "行政事业性收费：本年收费金额"), "13.25");
}

#[test]
fn a_rule_of_counting_that_cannot_be_meant_is_told() {
    for (rule, expected) in [
        ("{}", "没有写计入年报的哪一行"),
        ("{line: 行政许}", "年报表二没有“行政许”这一行"),
        ("{line: 行政许可, rows: sum}", "字段“sum”不能用在这里"),
        ("{line: 行政许可, count: som}", "没有字段“som”"),
        ("[行政许可]", "年报统计"),
    ] {
        let kind =
            format!("label: 收费\nfields:\n  - {{name: sum, label: 金额, type: money, unit: 万元}}\nreport: {rule}\n");
        let built = site().file("content/_kinds/fee.yaml", kind).build();
        assert!(built.findings.concat().contains(expected), "{rule}: {:?}", built.findings);
    }
}
