//! 年度报告: the official tables are filled in as data, must add up, follow from the year before, and look as the form does.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::incremental::{Preview, clean};
use crate::site_test::{Built, SiteTest, assert_same, channel, doc, doc_with};

/// 行名 of 表三, in the order of the form.
const ROWS: [&str; 25] = [
    "新收",
    "上年结转",
    "予以公开",
    "部分公开",
    "国家秘密",
    "法规禁止公开",
    "三安全一稳定",
    "第三方权益",
    "内部事务信息",
    "过程性信息",
    "执法案卷",
    "行政查询",
    "不掌握",
    "需要另行制作",
    "内容仍不明确",
    "信访举报投诉",
    "重复申请",
    "公开出版物",
    "大量反复申请",
    "确认或重新出具",
    "逾期不补正",
    "逾期不缴费",
    "其他",
    "总计",
    "结转下年",
];
const FOUR: [&str; 3] = ["行政复议", "未经复议直接起诉", "复议后起诉"];

/// The figures of a report.
#[derive(Clone, Debug)]
struct Report {
    year: i16,
    two: [[i64; 3]; 2],
    three: [[i64; 7]; 25],
    four: [[i64; 5]; 3],
}

impl Report {
    /// A report in which everything follows: 100 and some cases in six columns.
    fn new(year: i16) -> Self {
        let mut three = [[0; 7]; 25];
        for column in 0..6 {
            for row in 2..=22 {
                three[row][column] = ((row * 7 + column * 3) % 5) as i64;
            }
            three[24][column] = column as i64;
            three[1][column] = 2;
        }
        let mut report =
            Self { year, two: [[0; 3], [3, 5, 29]], three, four: [[3, 0, 1, 0, 4], [1, 0, 0, 0, 1], [0; 5]] };
        report.add_up();
        report
    }

    /// What the sums must be.
    fn add_up(&mut self) {
        let three = &mut self.three;
        for column in 0..6 {
            three[23][column] = (2..=22).map(|row| three[row][column]).sum();
            three[0][column] = three[23][column] + three[24][column] - three[1][column];
        }
        for row in three.iter_mut() {
            row[6] = row[..6].iter().sum();
        }
    }

    /// The lines of front matter.
    fn front(&self) -> String {
        let mut text = format!("kind: annual-report\nyear: {}\ntable2:\n", self.year);
        writeln!(text, "  规章: {:?}\n  行政规范性文件: {:?}", self.two[0], self.two[1]).unwrap();
        text.push_str("  行政许可: 4407\n  行政处罚: 1291\n  行政强制: 118\n  行政事业性收费: 2790.15\ntable3:\n");
        ROWS.iter().zip(&self.three).for_each(|(name, row)| writeln!(text, "  {name}: {row:?}").unwrap());
        text.push_str("table4:\n");
        FOUR.iter().zip(&self.four).for_each(|(name, row)| writeln!(text, "  {name}: {row:?}").unwrap());
        text
    }

    fn text(&self) -> String {
        doc(&format!("{}年度报告", self.year), &format!("{}-03-01", self.year + 1), &self.front())
    }
}

/// A site with one report, of 2024.
fn site(text: &str) -> SiteTest {
    SiteTest::new().file("content/z/_index.md", channel("年报", "")).file("content/z/a.md", text)
}

fn report() -> Report {
    Report::new(2024)
}

/// The report with a text in it replaced.
fn with(from: &str, to: &str) -> Built {
    let text = report().text();
    assert_eq!(text.matches(from).count(), 1, "{from:?} in {text}");
    site(&text.replace(from, to)).build()
}

#[test]
fn a_report_that_adds_up_is_published_with_its_tables() {
    let built = site(&report().text()).build().clean();
    built.page("z/a.html").has_in_order(&[
        "<dt>报告年度</dt><dd>2024</dd>",
        "年度报告的正文。",
        "<caption>主动公开政府信息情况</caption>",
        "第二十条第（一）项",
        "本年制发件数",
        "<caption>收到和处理政府信息公开申请情况</caption>",
        "<caption>政府信息公开行政复议、行政诉讼情况</caption>",
    ]);
    // the form's tables are no rows of the header and no tables of the kind
    built.page("z/a.html").lacks("<dt>表二</dt>").lacks("<caption>表二</caption>");
}

/// Any one of the 25 × 7 figures, each in a report of its own.
#[test]
fn a_cell_that_is_off_by_one_is_told_wherever_it_stands() {
    let path = |row: usize, column: usize| format!("content/z/r{row:02}c{column}.md");
    let mut site = site(&report().text());
    for (row, column) in cells() {
        let mut report = report();
        report.three[row][column] += 1;
        site = site.file(&path(row, column), report.text());
    }
    let built = site.build().refused();
    for (row, column) in cells() {
        let place = format!("G080 {}:", path(row, column));
        let told: Vec<&String> = built.findings.iter().filter(|finding| finding.starts_with(&place)).collect();
        // of the sums that the cell stands in, and of nothing else
        assert!((1..=3).contains(&told.len()), "{} × {column}: {told:#?}", ROWS[row]);
        let name = |finding: &&String| finding.contains("表三的");
        assert!(told.iter().all(name), "{told:#?}");
    }
    assert!(built.findings.iter().all(|finding| !finding.contains("content/z/a.md")), "the right one is right");
}

fn cells() -> impl Iterator<Item = (usize, usize)> {
    (0..25).flat_map(|row| (0..7).map(move |column| (row, column)))
}

#[test]
fn a_sum_that_is_wrong_names_row_and_column_and_points_at_the_row() {
    let line = |name: &str| {
        let text = report().text();
        1 + text.lines().position(|line| line.starts_with(&format!("  {name}: ["))).unwrap()
    };
    let mut wrong = report();
    wrong.three[4][6] += 2;
    site(&wrong.text()).build().finds(&[&format!(
        "G080 content/z/a.md:{}:9 表三的“（三）不予公开1.属于国家秘密”×“总计”是 {}，前 6 格之和是 {}，相差 2",
        line("国家秘密"),
        wrong.three[4][6],
        wrong.three[4][6] - 2
    )]);
    let mut wrong = report();
    wrong.three[23][0] += 1;
    wrong.three[23][6] += 1;
    let (total, all) = (wrong.three[23][0], wrong.three[0][0] + wrong.three[1][0]);
    site(&wrong.text()).build().finds(&[
        &format!(
            "G080 content/z/a.md:{}:7 表三的“（七）总计”×“自然人”是 {total}，“（一）予以公开”到“（六）其他处理3.其他”各行之和是 {}，相差 1",
            line("总计"),
            total - 1
        ),
        &format!(
            "G080 content/z/a.md:{}:9 表三的“自然人”一列：“一、本年新收政府信息公开申请数量”加“二、上年结转政府信息公开申请数量”是 {all}，“（七）总计”加“四、结转下年度继续办理”是 {}，相差 1",
            line("结转下年"),
            all + 1
        ),
    ]);
    for row in 0..3 {
        for column in 0..5 {
            let mut wrong = report();
            wrong.four[row][column] += 1;
            let built = site(&wrong.text()).build().refused();
            assert_eq!(built.findings.len(), 1);
            let beginning = format!("G080 content/z/a.md:{}:", line(FOUR[row]));
            assert!(built.findings[0].starts_with(&beginning), "{:#?}", built.findings);
            assert!(built.findings[0].contains(&format!("表四的“{}”×“总计”", FOUR[row])), "{:#?}", built.findings);
        }
    }
}

#[test]
fn a_county_makes_no_regulations() {
    let mut report = report();
    report.two[0] = [0, 0, 1];
    let built = site(&report.text()).build().built();
    built.finds(&["G080 content/z/a.md:8:7 表二的“规章”×“现行有效件数”是 1，县级政府和部门不能制定规章"]);
}

#[test]
fn what_is_no_table_of_the_form_is_told_with_its_place() {
    for (from, to, finding) in [
        ("  国家秘密: [3, 1, 4, 2, 0, 3, 13]\n", "", "G025 content/z/a.md:14:1 表三缺少 1 行：国家秘密"),
        (
            "  其他: [",
            "  工作秘密: [0, 0, 0, 0, 0, 0, 0]\n  其他: [",
            "G011 content/z/a.md:37:3 表三没有“工作秘密”这一行",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [零, ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”的“零”不是数",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [-1, ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”的“-1”是负数",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [1.5, ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”的“1.5”不是整数",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [99999999999999999999, ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”的“99999999999999999999”过大",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [~, ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”空着",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [[1], ",
            "G025 content/z/a.md:39:10 表三的“四、结转下年度继续办理”×“自然人”应当是数，这里却是列表",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [",
            "G025 content/z/a.md:39:9 表三的“四、结转下年度继续办理”有 6 格，应当是 7 格",
        ),
        (
            "  结转下年: [0, ",
            "  结转下年: [0, 0, ",
            "G025 content/z/a.md:39:9 表三的“四、结转下年度继续办理”有 8 格，应当是 7 格",
        ),
        (
            "  行政许可: 4407",
            "  行政许可: 4407.5",
            "G025 content/z/a.md:10:9 表二的“行政许可”×“本年处理决定数量”的“4407.5”不是整数",
        ),
        (
            "  行政许可: 4407",
            "  行政许可: 很多",
            "G025 content/z/a.md:10:9 表二的“行政许可”×“本年处理决定数量”的“很多”不是数",
        ),
        ("  行政许可: 4407", "  行政许可: ", "G025 content/z/a.md:10:"),
        ("  规章: [0, 0, 0]", "  规章: 0", "G025 content/z/a.md:8:7 表二的“规章”应当是 3 个数，这里却是文字"),
        ("year: 2024", "year: 去年", "G025 content/z/a.md:6:7 报告年度要写成年份"),
        ("year: 2024\n", "", "G025 content/z/a.md:6:1 报告年度要写成年份"),
        ("year: 2024", "year: 2020", "G025 content/z/a.md:7:1 2020 年度的报告没有表二：官方表格自 2021 年度起"),
    ] {
        let findings = with(from, to).refused().findings;
        assert!(findings.iter().any(|found| found.starts_with(finding)), "{to}: no {finding} among {findings:#?}");
    }
    for (table, written) in [("table4", "[]"), ("table4", "3"), ("table4", "{}"), ("table4", "[[1, 2], [3]]")] {
        let text = report().text();
        let start = text.find(table).unwrap();
        let end = text.rfind("---\n").unwrap();
        let text = format!("{}{table}: {written}\n{}", &text[..start], &text[end..]);
        let built = site(&text).build().refused();
        assert!(
            built.findings.iter().any(|found| found.starts_with("G025 content/z/a.md:40:")),
            "{:#?}",
            built.findings
        );
    }
}

#[test]
fn a_table_of_the_three_that_is_missing_is_told_once() {
    let text = report().text();
    let (start, end) = (text.find("table4").unwrap(), text.rfind("---\n").unwrap());
    let without = format!("{}{}", &text[..start], &text[end..]);
    site(&without).build().refused().finds(&["G014 content/z/a.md:7:1 年度报告缺少表四（table4）"]);
    // what is written yet may be wanting, but not wrong
    site(&without.replace("year:", "draft: true\nyear:")).build().clean();
}

#[test]
fn rows_go_by_what_the_form_calls_them() {
    let text = report().text();
    let text =
        text.replace("  新收: ", "  一、本年新收政府信息公开申请数量: ").replace("  国家秘密: ", "  1.属于国家秘密: ");
    let text = text
        .replace("  不掌握: ", "  本机关不掌握相关政府信息: ")
        .replace("  三安全一稳定: ", "  危及“三安全一稳定”: ");
    let text = text.replace("table3:", "表三:");
    site(&text).build().clean();
}

#[test]
fn reports_of_earlier_years_have_fields_of_their_own() {
    let fields = "kind: annual-report\nyear: 2019\nrequests: 10\nreceived: 8\ncarried_in: 2\n";
    site(&doc("甲", "2020-03-01", fields)).build().clean().page("z/a.html").has("<dt>本年新收申请</dt><dd>8 件</dd>");
    site(&doc("甲", "2020-03-01", &fields.replace("8", "7"))).build().refused().finds(&["G026"]);
}

/// The form's cells: how far each reaches, and which headings each figure has.
#[test]
fn tables_look_as_the_form_does() {
    let built = site(&report().text()).build().clean();
    let page = built.page("z/a.html").has_in_order(&[
        "<th colspan=\"4\" id=\"nb2-1\" scope=\"col\">第二十条第（一）项</th>",
        ">行政许可</th><td class=\"ta-c\" colspan=\"3\" headers=\"",
        "本年收费金额（单位：万元）",
        ">2790.15</td>",
        "<td class=\"ta-c\" rowspan=\"3\" colspan=\"3\">（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）</td>",
        "colspan=\"7\"",
        ">申请人情况</th>",
        "rowspan=\"2\"",
        ">自然人</th>",
        "colspan=\"5\"",
        ">法人或其他组织</th>",
        ">总计</th>",
        ">法律服务机构</th>",
        ">一、本年新收政府信息公开申请数量</th>",
        "rowspan=\"22\"",
        ">三、本年度办理结果</th>",
        ">（一）予以公开</th>",
        "rowspan=\"8\"",
        ">（三）不予公开</th>",
        "rowspan=\"3\"",
        ">（四）无法提供</th>",
        "rowspan=\"5\"",
        ">（五）不予处理</th>",
        "rowspan=\"3\"",
        ">（六）其他处理</th>",
        ">（七）总计</th>",
        ">四、结转下年度继续办理</th>",
        ">行政复议</th>",
        ">行政诉讼</th>",
        ">未经复议直接起诉</th>",
        ">复议后起诉</th>",
    ]);
    let tables: Vec<&str> = page.text.split("<table class=\"annual\">").skip(1).collect();
    let figures: Vec<usize> =
        tables.iter().map(|table| table.split("</table>").next().unwrap().matches("headers=").count()).collect();
    assert_eq!(figures, [2 * 3 + 4, 25 * 7, 15]);
    for table in tables {
        let table = table.split("</table>").next().unwrap();
        assert_eq!(widths(table).len(), 1, "every row of a table is as wide as the others");
        for heads in table.split("headers=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]) {
            for head in heads.split(' ') {
                assert_eq!(table.matches(&format!("id=\"{head}\"")).count(), 1, "{head}");
            }
        }
    }
}

/// How many columns the rows of a table have, with the cells that reach down from above.
fn widths(table: &str) -> std::collections::BTreeSet<usize> {
    let number = |cell: &str, name: &str| {
        let rest = cell[..cell.find('>').unwrap()].split(&format!("{name}=\"")).nth(1).unwrap_or("1");
        rest.split('"').next().unwrap().parse::<usize>().unwrap()
    };
    let mut down: Vec<(usize, usize)> = Vec::new();
    let mut widths = std::collections::BTreeSet::new();
    for row in table.split("<tr>").skip(1) {
        let mut width: usize = down.iter().map(|(_, columns)| columns).sum();
        down.iter_mut().for_each(|(rows, _)| *rows -= 1);
        let row = row.split("</tr>").next().unwrap().replace("<td", "<th");
        for cell in row.split("<th").skip(1) {
            width += number(cell, "colspan");
            down.push((number(cell, "rowspan") - 1, number(cell, "colspan")));
        }
        down.retain(|(rows, _)| *rows > 0);
        widths.insert(width);
    }
    widths
}

#[test]
fn a_table_stands_where_the_body_says_and_the_others_after_it() {
    let text = |body: &str| doc_with("甲", "2025-03-01", &report().front(), body);
    let built = site(&text("## 三、申请\n\n```annual\ntable: 3\n```\n\n## 五、问题\n\n没有。")).build().clean();
    built.page("z/a.html").has_in_order(&[
        "三、申请</h2>",
        "<caption class=\"vh\">收到和处理政府信息公开申请情况</caption>",
        "五、问题</h2>",
        "<p>没有。</p>",
        "<caption>主动公开政府信息情况</caption>",
        "<caption>政府信息公开行政复议、行政诉讼情况</caption>",
    ]);
    for (block, finding) in [
        ("```annual\ntable: 5\n```", "G047 content/z/a.md:46:8 年度报告没有表“5”"),
        ("```annual\ntable: [2]\n```", "G047 content/z/a.md:46:8"),
        ("```annual\n```", "G047 content/z/a.md:45:1 没有写是年度报告的哪一张表"),
        ("```annual\nfile: a.xlsx\n```", "G011 content/z/a.md:46:1"),
        ("```annual\n表: 二\n```\n\n```annual\ntable: 2\n```", "G047 content/z/a.md:49:1 表二已经放在前面了"),
        ("- 项\n\n  ```annual\n  table: 2\n  ```", "G047 content/z/a.md:47:"),
    ] {
        let built = site(&text(block)).build().refused();
        assert!(built.findings.iter().any(|found| found.starts_with(finding)), "{block}: {:#?}", built.findings);
    }
    let block = "```annual\ntable: 2\n```";
    site(&doc_with("甲", "2025-03-01", "", block))
        .build()
        .refused()
        .finds(&["G047 content/z/a.md:6:1 这里显示年度报告的表二，但这不是年度报告"]);
    let old = doc_with("甲", "2020-03-01", "kind: annual-report\nyear: 2019\n", block);
    site(&old).build().refused().finds(&["G047 content/z/a.md:8:1 头信息里没有表二（table2）"]);
    site(&report().text())
        .file("content/z/_index.md", format!("{}\n{block}\n", channel("年报", "")))
        .build()
        .refused()
        .finds(&["G047 content/z/_index.md:5:1 这里显示年度报告的表二，但这不是年度报告"]);
}

/// Reports of 2024 and 2025 that follow from each other.
fn two_years() -> (Report, Report) {
    let (old, mut new) = (report(), Report::new(2025));
    new.three[1] = old.three[24];
    new.two[1] = [4, 2, old.two[1][2] + 4 - 2];
    new.add_up();
    (old, new)
}

fn site_of_two(old: &Report, new: &Report) -> SiteTest {
    site(&old.text()).file("content/z/b.md", new.text()).as_of("2026-06-01")
}

#[test]
fn a_report_follows_from_that_of_the_year_before() {
    let (old, new) = two_years();
    site_of_two(&old, &new).build().clean();
    let mut wrong = new.clone();
    wrong.three[1][2] += 1;
    wrong.two[1][2] += 1;
    wrong.add_up();
    let findings = [
        "G081 content/z/b.md:9:12 表二的“行政规范性文件”×“现行有效件数”是 32，2024 年度的 29 加本年制发 4、减本年废止 2 是 31",
        "G081 content/z/b.md:16:9 表三的“二、上年结转政府信息公开申请数量”×“科研机构”是 3，2024 年度的“四、结转下年度继续办理”是 2",
    ];
    site_of_two(&old, &wrong).build().built().finds(&findings);
    // of what another body reports, of what is not public, and of a year between nothing follows
    let another = site_of_two(&old, &wrong);
    another.edit("content/z/a.md", "县政府办", "县财政局");
    another.build().clean();
    let unpublished = site_of_two(&old, &wrong);
    unpublished.edit("content/z/a.md", "year: 2024", "draft: true\nyear: 2024");
    unpublished.build().clean();
    site_of_two(&Report { year: 2023, ..old }, &wrong).build().clean();
}

/// What the reports say may be edited in any order: a build that knows the last comes to what a clean one does, in the same
/// process and in another, and so do its findings.
#[test]
fn edits_of_reports_come_to_what_a_clean_build_comes_to() {
    let edits = prop::collection::vec((0..2_usize, 0..6_usize, 0..25_usize, 0..6_usize), 1..8);
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let outcome = runner.run(&edits, |edits| {
        let (old, new) = two_years();
        let site = site_of_two(&old, &new);
        let mut last = site.build().clean().tree;
        let mut preview = Preview::new(&site);
        let (mut reports, mut bodies) = ([old, new], [String::new(), String::new()]);
        for (which, what, row, column) in edits {
            let (report, body) = (&mut reports[which], &mut bodies[which]);
            match what {
                // a sum that is wrong stops the build until it is mended
                0 => report.three[row][column] += 1,
                1 => report.add_up(),
                2 => body.push_str("又一段。\n\n"),
                3 => *body = "```annual\ntable: 3\n```\n\n文字。\n".into(),
                4 => *body = "```annual\ntable: 2\n```\n".into(),
                _ => {
                    report.three[24][column] += 1;
                    report.add_up();
                }
            }
            site.put(["content/z/a.md", "content/z/b.md"][which], format!("{}\n{body}", report.text()));
            let (built, clean) = (site.build(), clean(&site));
            assert_eq!(built.findings, clean.findings);
            preview.same_as(&site, &clean);
            assert_same(&built.tree, if clean.report.done.is_some() { &clean.tree } else { &last });
            last = built.tree;
        }
        Ok(())
    });
    outcome.unwrap();
}
