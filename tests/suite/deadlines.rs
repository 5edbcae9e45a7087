//! 公开期限: documents that became public too late are told, with the article.

use crate::site_test::{SiteTest, channel, doc};

const KIND: &str = "\
label: 某类
fields:
  - {name: decided, label: 决定日期, type: date}
  - {name: year, label: 年度}
  - {name: class, label: 类别, type: enum, values: [甲, 乙]}
deadlines:
";

fn site(deadline: &str, day: &str, more: &str) -> SiteTest {
    SiteTest::new()
        .file("content/_kinds/some.yaml", format!("{KIND}  - {deadline}\n"))
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/1.md", doc("一", day, &format!("kind: some\n{more}")))
        .as_of("2030-01-01")
}

#[test]
fn the_last_day_is_in_time_and_the_next_is_late() {
    let working = "{from: decided, within: 20, unit: 工作日, basis: 某条例第一条}";
    let written = "{from: written, within: 20, unit: 工作日}";
    let calendar = "{from: decided, within: 20, unit: 日}";
    let yearly = "{by: 03-31, year: year}";
    for (rule, more, last, next) in [
        // the vector of the brief: a Sunday that is worked is the last day
        (working, "decided: 2014-12-04", "2015-01-04", "2015-01-05"),
        (written, "written: 2014-12-04", "2015-01-04", "2015-01-05"),
        (working, "decided: 2024-09-14", "2024-10-18", "2024-10-19"),
        (calendar, "decided: 2014-02-20", "2014-03-12", "2014-03-13"),
        (yearly, "year: 2014年", "2015-03-31", "2015-04-01"),
    ] {
        site(rule, last, more).build().clean();
        site(rule, next, more).build().built().finds(&["G082 content/z/1.md:4:"]);
    }
}

#[test]
fn a_rule_holds_from_its_day_for_its_documents_and_where_the_dates_are_known() {
    let since = "{from: decided, within: 20, unit: 日, since: 2015-01-01}";
    site(since, "2015-02-20", "decided: 2014-12-31").build().clean();
    site(since, "2015-02-20", "decided: 2015-01-01").build().finds(&["G082"]);
    let only = "{from: decided, within: 20, unit: 日, only: {class: 甲}}";
    site(only, "2015-02-20", "decided: 2015-01-01\nclass: 乙").build().clean();
    site(only, "2015-02-20", "decided: 2015-01-01\nclass: 甲").build().finds(&["G082"]);
    site(since, "2015-02-20", "year: 2014").build().clean();
    site("{by: 01-31, year: year}", "2015-02-20", "year: 近年").build().clean();
    // a year whose holidays nobody knows yet
    let built = site("{from: decided, within: 5, unit: 工作日}", "2029-06-01", "decided: 2029-04-02").build();
    assert!(built.findings[0].contains("估计"), "{:?}", built.findings);
}

#[test]
fn a_rule_that_cannot_be_meant_is_told() {
    for (rule, expected) in [
        ("{from: decided, within: 20}", "没有写全"),
        ("{from: decided, within: 20, unit: 周}", "单位“周”不在允许范围"),
        ("{from: decided, within: 0, unit: 日}", "应当是天数"),
        ("{from: year, within: 5, unit: 日}", "不是这种信息的日期"),
        ("{from: title, within: 5, unit: 日}", "不是这种信息的日期"),
        ("{by: 02-30, year: year}", "没有“02-30”这一天"),
        ("{by: 03-31, year: yaer}", "没有字段“yaer”"),
        ("{by: 03-31, year: year, within: 5}", "混用"),
        ("{from: decided, within: 20, unit: 日, since: 2015-13-01}", "日期“2015-13-01”无法识别"),
        ("{from: decided, within: 20, unit: 日, only: {klass: 甲}}", "没有字段“klass”"),
        ("{from: decided, within: 20, unit: 日, only: {class: 丙}}", "没有“丙”这个值"),
    ] {
        let built = site(rule, "2015-01-01", "").build();
        assert!(built.findings.concat().contains(expected), "{rule}: {:?}", built.findings);
    }
}
