//! 期刊: issues follow one another, gaps and repetitions are told, figures become trends.

use crate::site_test::{SiteTest, channel, doc};
use gongkai::model::Issue;

fn issue(first: u32, last: u32, year: Option<i16>) -> Option<Issue> {
    Some(Issue { year, first, last })
}

#[test]
fn issues_are_read_as_they_are_written() {
    for (written, expected) in [
        ("46", issue(46, 46, None)),
        ("第46期", issue(46, 46, None)),
        (" 第 ４６ 期 ", issue(46, 46, None)),
        ("2014年第46期", issue(46, 46, Some(2014))),
        ("2014年第46期（总第103期）", issue(46, 46, Some(2014))),
        ("总第103期", issue(103, 103, None)),
        ("第46-47期", issue(46, 47, None)),
        ("第46期—第47期", issue(46, 47, None)),
        ("第46至48期", issue(46, 48, None)),
        ("第5号", issue(5, 5, None)),
        ("第三十七期", issue(37, 37, None)),
        ("第十期", issue(10, 10, None)),
        ("二〇一四年第一百零五期", None),
        ("2014年第一百零五期", issue(105, 105, Some(2014))),
        ("第二十三至二十四期", issue(23, 24, None)),
        ("第一期", issue(1, 1, None)),
        ("第二〇期", issue(20, 20, None)),
        ("第百期", None),
        ("第十十期", None),
        ("第一百二期", issue(102, 102, None)),
        ("", None),
        ("第期", None),
        ("第零期", None),
        ("第0期", None),
        ("十一月上旬", None),
        ("2014-11-25", None),
        ("47-46", None),
        ("1-99999", None),
        ("99999999999999999999", None),
        ("-3", None),
        ("1年第2期", None),
    ] {
        assert_eq!(Issue::parse(written), expected, "{written}");
    }
}

const WEEKLY: &str = "\
label: 周报
series: {yearly: true, trend: [good, peak]}
fields:
  - {name: good, label: 优良天数, type: number, unit: 天}
  - {name: peak, label: 最高值, type: number}
";

#[test]
fn names_that_only_differ_in_case_are_told_with_both() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", "series: A"))
        .file("content/b.md", doc("乙", "2014-12-05", "series: a"))
        .build()
        .refused();
    built.finds(&["G051 content/b.md:5:9 期刊“a”与“A”只差大小写或符号，网址相同"]);
}

/// Issues 44, 45 and 48 of 2014, and 1 of 2015.
fn site() -> SiteTest {
    let weekly = |issue: &str, day: &str, good: u32| {
        doc(
            &format!("周报{issue}"),
            day,
            &format!("kind: weekly\nseries: 环境质量周报\nissue: {issue}\ngood: {good}\npeak: {}", good * 10),
        )
    };
    SiteTest::new()
        .file("content/_kinds/weekly.yaml", WEEKLY)
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/44.md", weekly("44", "2014-11-18", 7))
        .file("content/z/45.md", weekly("45", "2014-11-25", 2))
        .file("content/z/48.md", weekly("第48期", "2014-12-16", 1))
        .file("content/z/1.md", weekly("1", "2015-01-06", 5))
}

/// The folder of the series' page.
const FOLDER: &str = "catalogue/series/huanjingzhiliangzhoubao-";

#[test]
fn a_series_has_a_page_with_all_issues_their_gaps_and_trends() {
    let built = site().build().built().finds(&["G083"]);
    let files = built.files("catalogue/series/");
    let page = files.iter().find(|file| file.starts_with("huanjing")).expect("a page of the series");
    built.page(&format!("catalogue/series/{page}")).has_in_order(&[
        "<h1>环境质量周报</h1>",
        "各期优良天数",
        "各期最高值",
        "<h2>2015年</h2>",
        "<th scope=\"row\">第1期</th>",
        "<h2>2014年</h2>",
        "第46、47期没有公开。",
        "<th scope=\"row\">第48期</th>",
        "<th scope=\"row\">第46、47期</th><td class=\"missing\">缺</td>",
        "<th scope=\"row\">第45期</th>",
        "<td class=\"ta-r\">2</td><td class=\"ta-r\">20</td>",
        "<th scope=\"row\">第44期</th>",
    ]);
    built.page("catalogue/series/index.html").has_in_order(&["环境质量周报</a>", "共 4 期", "缺 2 期", "2015-01-06"]);
    built.page("catalogue/index.html").has("catalogue/series/index.html\">期刊</a>");
    built.page("sitemap-pages.xml").has(FOLDER);
}

#[test]
fn a_document_leads_to_the_issues_before_and_after_and_to_all() {
    let built = site().build().built();
    built.page("z/48.html").has_in_order(&[
        FOLDER,
        "环境质量周报</a>",
        "上一期",
        "href=\"../z/45.html\">周报45</a>",
        "下一期",
        "href=\"../z/1.html\">周报1</a>",
    ]);
    built.page("z/44.html").lacks("上一期").has("下一期");
}

#[test]
fn gaps_repetitions_and_numbers_that_are_none_are_told() {
    let site = site();
    site.edit("content/z/45.md", "issue: 45", "issue: 44");
    site.edit("content/z/1.md", "issue: 1", "issue: 元旦特刊");
    let built = site.build().built();
    built.finds(&[
        "G083 content/z/1.md:7:8 期号“元旦特刊”看不出是第几期",
        "G083 content/z/45.md:7:8 期刊“环境质量周报”2014年第44期与 content/z/44.md 的期号重复",
        "G083 content/z/48.md:7:8 期刊“环境质量周报”2014年第45至47期缺",
    ]);
    let site = self::site();
    site.edit("content/z/48.md", "issue: 第48期", "issue: 第46-48期");
    site.build().clean();
}

#[test]
fn a_series_without_a_kind_goes_on_from_year_to_year() {
    let bulletin = |issue: u32, day: &str| doc("公报", day, &format!("series: 公报\nissue: {issue}"));
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", bulletin(12, "2014-12-01"))
        .file("content/z/b.md", bulletin(13, "2015-01-05"));
    let built = site.build().clean();
    built.page("z/b.html").has("上一期");
    site.put("content/z/b.md", bulletin(1, "2015-01-05"));
    site.build().built().finds(&["G083"]);
}

#[test]
fn edits_of_an_issue_come_to_what_a_clean_build_comes_to() {
    let site = site();
    site.build().built();
    for (file, from, to) in [
        ("content/z/45.md", "title: 周报45", "title: 周报四十五"),
        ("content/z/45.md", "good: 2", "good: 3"),
        ("content/z/48.md", "issue: 第48期", "issue: 47"),
        ("content/z/1.md", "series: 环境质量周报", "series: 水质周报"),
    ] {
        site.edit(file, from, to);
        let built = site.build().built();
        crate::site_test::assert_same(&built.tree, &site.clean_tree());
    }
    // a text rewrites its own page alone
    let text = site.read("content/z/45.md");
    site.put("content/z/45.md", format!("{text}\n补充。\n"));
    site.build().built().written(&["z/45.html"]);
}

#[test]
fn a_wrong_rule_of_a_series_is_told_at_its_place() {
    for (rule, expected) in [
        ("series: {yearly: 有时, trend: [good]}", "G063 content/_kinds/weekly.yaml:2:18"),
        ("series: {trend: [gold]}", "G063 content/_kinds/weekly.yaml:2:18"),
        ("series: {trend: [label]}", "G063 content/_kinds/weekly.yaml:2:18"),
        ("series: 每周", "G063 content/_kinds/weekly.yaml:2:9"),
        ("series: {weekly: true}", "G011 content/_kinds/weekly.yaml:2:10"),
    ] {
        let kind = WEEKLY.replace("series: {yearly: true, trend: [good, peak]}", rule);
        let built = site().file("content/_kinds/weekly.yaml", kind).build().refused();
        assert!(built.findings[0].starts_with(expected), "{:#?}", built.findings);
    }
}
