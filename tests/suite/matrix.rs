//! 对照表: what organizations published year by year, and what is missing.

use snapbox::{assert_data_eq, str};

use crate::site_test::{Built, SiteTest, assert_same, channel};
use gongkai::model::years;

const ORGANIZATIONS: &str = "\
- {name: 示例县财政局, short: 县财政局, slug: czj, level: 部门}
- {name: 示例县民政局, short: 县民政局, slug: mzj, level: 部门}
- {name: 示例县教育局, short: 县教育局, slug: jyj, level: 部门, to: 2014-06-30, successor: 示例县教育和体育局}
- {name: 示例县教育和体育局, short: 县教体局, slug: jtj, level: 部门, from: 2014-07-01}
- {name: 马头镇人民政府, short: 马头镇, slug: mt, level: 乡镇}
- {name: 示例县供销社, short: 县供销社, slug: gxs, level: 其他}
";

const MATRIX: &str =
    "blocks: [{type: matrix, title: 预决算公开, kinds: [budget, final-account], levels: [部门, 乡镇]}]";

fn paper(kind: &str, issuer: &str, year: &str, day: &str) -> String {
    format!(
        "---\ntitle: {issuer}{year}{kind}\nissuer: {issuer}\npublished: {day}\nkind: {kind}\nyear: {year}\n---\n\n正文。\n"
    )
}

/// Budgets of 2013 and 2014, accounts of 2013.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/_data/organizations.yaml", ORGANIZATIONS)
        .file("content/z/_index.md", channel("预决算", MATRIX))
        .file("content/z/a.md", paper("budget", "示例县财政局", "2014", "2014-03-04"))
        .file("content/z/b.md", paper("部门决算", "示例县财政局", "2013年度", "2014-09-04"))
        .file("content/z/c.md", paper("budget", "示例县民政局", "２０１４年", "2014-03-04"))
        .file("content/z/d.md", paper("budget", "马头镇人民政府", "2013", "2013-03-04"))
        .file("content/z/e.md", paper("budget", "示例县教育局", "2013年", "2013-03-04"))
}

/// The rows of a page's matrices, a line each: what is read in their cells.
fn rows(built: &Built, page: &str) -> String {
    let bytes = &built.tree[page];
    let text = std::str::from_utf8(bytes).expect("a page");
    let tables = text.split("<table class=\"matrix years\">").skip(1);
    let mut lines = String::new();
    for table in tables {
        let table = &table[..table.find("</table>").expect("its end")];
        for row in table.split("<tr>").skip(1) {
            let cells = row.split("</th>").flat_map(|part| part.split("</td>")).map(words);
            lines += &cells.filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ");
            lines += "\n";
        }
    }
    lines
}

/// What is left of HTML without its tags.
fn words(html: &str) -> String {
    let text: String = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn years_are_read_as_people_write_them() {
    for (written, expected) in [
        ("2014", Some(2014)),
        ("2014年", Some(2014)),
        (" 2014 年度 ", Some(2014)),
        ("２０１４年", Some(2014)),
        ("二〇一四年", Some(2014)),
        ("2014财政年度", Some(2014)),
        ("2014-12-04", None),
        ("2014—2015年", None),
        ("14年", None),
        ("12345", None),
        ("0014", None),
        ("9999", None),
        ("年", None),
        ("", None),
        ("去年", None),
    ] {
        assert_eq!(years::parse(written), expected, "{written}");
    }
}

#[test]
fn every_organization_of_a_level_has_a_row_and_what_is_missing_says_so() {
    let built = site().build().clean();
    // the accounts of 2014 are owed by nobody yet, and nobody answers for years in which it was not there
    assert_data_eq!(
        rows(&built, "z/index.html"),
        str![[r#"
发布机构 | 2014年 | 2013年
县财政局 | 县财政局 2014年 部门预算 | 部门预算 缺县财政局 2013年 部门决算
县民政局 | 县民政局 2014年 部门预算 | 部门预算 缺部门决算 缺
县教育局 | — | 县教育局 2013年 部门预算部门决算 缺
县教体局 | 部门预算 缺 | —
马头镇 | 部门预算 缺 | 马头镇 2013年 部门预算部门决算 缺

"#]]
    );
    built
        .page("z/index.html")
        .has("应公开 <b>12</b>，已公开 <b>5</b>，缺 <b>7</b>")
        .has("<caption>2013—2014年</caption>")
        .has("<th scope=\"row\"><a href=\"../catalogue/issuer/czj/index.html\">县财政局</a></th>")
        .has("role=\"region\" tabindex=\"0\" aria-label=\"预决算公开2013—2014年\"")
        .lacks("县供销社");
}

#[test]
fn without_levels_those_are_expected_that_have_published_one() {
    let site = site();
    site.put(
        "content/z/_index.md",
        channel("预决算", "blocks: [{type: matrix, kinds: 部门预算, exempt: [县民政局, 马头镇]}]"),
    );
    // 马头镇 stands there for what it published, and owes nothing
    assert_data_eq!(
        rows(&site.build().clean(), "z/index.html"),
        str![[r#"
发布机构 | 2014年 | 2013年
县财政局 | 县财政局 2014年 部门预算 | 缺
县民政局 | 县民政局 2014年 部门预算 | —
县教育局 | — | 县教育局 2013年 部门预算
马头镇 | — | 马头镇 2013年 部门预算

"#]]
    );
}

#[test]
fn years_that_are_stated_are_all_there_in_tables_of_ten() {
    let site = site();
    let block = "blocks: [{type: matrix, title: 预算, kinds: [budget], levels: [乡镇], from: 2003, to: 2014}]";
    site.put("content/z/_index.md", channel("预决算", block));
    let built = site.build().clean();
    built
        .page("z/index.html")
        .has_in_order(&["<caption>2005—2014年</caption>", "<caption>2003—2004年</caption>"])
        .has("应公开 <b>12</b>，已公开 <b>1</b>，缺 <b>11</b>");
    // up to the newest that anyone published
    site.edit("content/z/_index.md", ", to: 2014", "");
    site.build().clean().page("z/index.html").has("应公开 <b>12</b>");
    // outside of these years nothing is shown, nothing is owed
    site.edit("content/z/_index.md", "from: 2003", "from: 2014");
    let built = site.build().clean();
    built.page("z/index.html").has("应公开 <b>1</b>，已公开 <b>0</b>，缺 <b>1</b>").has("<caption>2014年</caption>");
}

#[test]
fn a_corrected_document_stands_beside_the_first_with_the_days_of_both() {
    let site = site().file("content/z/a2.md", paper("budget", "示例县财政局", "2014", "2014-05-06"));
    site.build().clean().page("z/index.html").has_in_order(&[
        "href=\"../z/a2.html\"",
        "部门预算 <time datetime=\"2014-05-06\">",
        "href=\"../z/a.html\"",
        "部门预算 <time datetime=\"2014-03-04\">",
    ]);
}

#[test]
fn what_has_no_place_in_the_table_is_listed_below_it() {
    let site = site()
        .file("content/z/f.md", paper("budget", "示例县供销社", "2014", "2014-03-05"))
        .file("content/z/g.md", paper("budget", "示例县财政局", "上一年", "2014-03-06"));
    site.build().clean().page("z/index.html").has_in_order(&[
        "</table>",
        "表里没有位置的",
        "href=\"../z/g.html\"",
        "href=\"../z/f.html\"",
        "本栏目文件",
    ]);
}

#[test]
fn the_year_is_that_of_the_field_named_or_of_publication() {
    let kind = "label: 工作报告\nfields:\n  - {name: about, label: 所属年度}\n";
    let site = site().file("content/_kinds/report.yaml", kind);
    site.put("content/z/_index.md", channel("预决算", "blocks: [{type: matrix, kinds: [report], year: 所属年度}]"));
    let report = paper("report", "示例县财政局", "2013年", "2014-01-20").replace("year:", "about:");
    site.put("content/z/r.md", report);
    site.build().clean().page("z/index.html").has("<caption>2013年</caption>");
    site.edit("content/z/_index.md", ", year: 所属年度", ", year: published");
    site.build().clean().page("z/index.html").has("<caption>2014年</caption>");
    site.edit("content/z/_index.md", ", year: published", "");
    site.build().clean().page("z/index.html").has("<caption>2014年</caption>");
}

#[test]
fn wrong_declarations_are_told_where_they_stand() {
    for (block, expected) in [
        ("{type: matrix}", "G061 content/z/_index.md:3:10 matrix 区块没有写 kinds"),
        ("{type: matrix, kinds: []}", "G061 content/z/_index.md:3:10 matrix 区块没有写 kinds"),
        ("{type: matrix, kinds: [buget]}", "G061 content/z/_index.md:3:33 没有信息类型“buget”"),
        ("{type: matrix, kinds: [budget], rows: place}", "G061 content/z/_index.md:3:48 matrix 区块的行不能是“place”"),
        ("{type: matrix, kinds: [budget], year: yaer}", "G061 content/z/_index.md:3:48 部门预算都没有字段“yaer”"),
        ("{type: matrix, kinds: [budget], from: 去年}", "G061 content/z/_index.md:3:48 “from”应当是年份，这里是“去年”"),
        (
            "{type: matrix, kinds: [budget], from: 2014, to: 2013}",
            "G061 content/z/_index.md:3:54 to（2013）早于 from（2014），没有一年",
        ),
        ("{type: matrix, kinds: [budget], levels: [部]}", "G061 content/z/_index.md:3:51 机构表里没有级别“部”"),
        ("{type: matrix, kinds: [budget], exempt: [县财局]}", "G061 content/z/_index.md:3:51 机构表里没有“县财局”"),
        ("{type: matrix, kinds: [budget], limit: 3}", "G061 content/z/_index.md:3:42 “limit”在 matrix 区块里没有用"),
        ("{type: matirx, kinds: [budget]}", "G061 content/z/_index.md:3:17 区块类型“matirx”不在允许范围"),
        ("{type: matrix, kinds: {a: b}}", "G061 content/z/_index.md:3"),
        ("{type: matrix, kinds: [budget], from: 1}", "G061 content/z/_index.md:3:48 “from”应当是年份"),
        ("{type: matrix, kinds: [budget], form: 2014}", "G011 content/z/_index.md:3:42"),
    ] {
        let site = site();
        site.put("content/z/_index.md", channel("预决算", &format!("blocks: [{block}]")));
        let built = site.build().refused();
        assert!(
            built.findings.iter().any(|finding| finding.starts_with(expected)),
            "{block}\nexpected {expected}\nfound {:#?}",
            built.findings
        );
    }
}

#[test]
fn one_more_budget_rewrites_few_files() {
    let site = site();
    site.build().clean();
    site.put("content/z/h.md", paper("budget", "示例县教育和体育局", "2014", "2014-08-04"));
    let built = site.build().clean();
    let written: Vec<String> = built.written.iter().map(|path| format!("{path}\n")).collect();
    assert_data_eq!(
        written.concat(),
        str![[r#"
catalogue/genre/index.html
catalogue/genre/yusuan-bb6b7b/index.csv
catalogue/genre/yusuan-bb6b7b/index.html
catalogue/genre/yusuan-bb6b7b/index.json
catalogue/index.html
catalogue/issuer/czj/index.html
catalogue/issuer/index.html
catalogue/issuer/jtj/index.csv
catalogue/issuer/jtj/index.html
catalogue/issuer/jtj/index.json
catalogue/issuer/jyj/index.html
catalogue/issuer/mt/index.html
catalogue/issuer/mzj/index.html
catalogue/subject/czjrsj/cz/index.csv
catalogue/subject/czjrsj/cz/index.html
catalogue/subject/czjrsj/cz/index.json
catalogue/subject/czjrsj/index.csv
catalogue/subject/czjrsj/index.html
catalogue/subject/czjrsj/index.json
catalogue/subject/index.html
catalogue/year/2014/index.csv
catalogue/year/2014/index.html
catalogue/year/2014/index.json
catalogue/year/index.html
index.html
rss.xml
sitemap-2014.xml
sitemap-pages.xml
z/b.html
z/c.html
z/h.html
z/index.csv
z/index.html
z/index.json
z/rss.xml

"#]]
    );
    assert_same(&built.tree, &site.clean_tree());
}

#[test]
fn edits_come_to_what_a_clean_build_comes_to() {
    let site = site();
    site.build().clean();
    for (file, from, to) in [
        ("content/z/a.md", "正文。", "新的正文。"),
        ("content/z/a.md", "title: 示例县财政局2014budget", "title: 新题目"),
        ("content/z/a.md", "year: 2014", "year: 2013"),
        ("content/z/c.md", "issuer: 示例县民政局", "issuer: 示例县供销社"),
        ("content/z/d.md", "kind: budget", "kind: final-account"),
        ("content/_data/organizations.yaml", "level: 其他", "level: 部门"),
        ("content/_data/organizations.yaml", "short: 县财政局", "short: 财政局"),
        ("content/z/_index.md", "levels: [部门, 乡镇]", "levels: [部门], exempt: [财政局]"),
        ("content/z/e.md", "---\n\n", "draft: true\n---\n\n"),
    ] {
        site.edit(file, from, to);
        let built = site.build().built();
        assert_same(&built.tree, &site.clean_tree());
    }
}
