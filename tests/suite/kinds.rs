//! Kinds are data: what a kind declares, its documents may state, and readers see it.

use crate::site_test::{SiteTest, channel, doc};

const HOMES: &str = "\
label: 保障房项目
aliases: [保障房]
defaults: {genre: 公示}
fields:
  - {name: units, label: 套数, type: number, unit: 套, required: true}
  - {name: cost, label: 总投资, type: money, unit: 万元}
  - {name: land, label: 土地费, type: money, unit: 万元}
  - {name: works, label: 建安费, type: money, unit: 万元}
  - {name: begun, label: 开工日期, type: date}
  - {name: state, label: 进度, type: enum, values: [未开工, 在建, 竣工]}
  - {name: inner, label: 内部备注, public: false}
  - {name: tags, label: 标签, type: list}
  - name: flats
    label: 房源
    type: table
    columns: [楼号, {name: count, label: 套数, type: number, unit: 套}]
sums:
  - {total: cost, parts: [land, works]}
";

fn site(fields: &str) -> SiteTest {
    SiteTest::new()
        .file("content/_kinds/homes.yaml", HOMES)
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", fields))
}

#[test]
fn a_documents_own_fields_are_rows_of_its_header_in_the_kinds_order() {
    let fields = "kind: homes\n进度: 在建\nunits: \"1,200\"\ncost: 350.5万元\n开工日期: 2014年3月1日\ninner: 不给人看\ntags: [公租, 廉租]\nflats:\n  - [1号楼, 60]\n  - {楼号: 2号楼, count: 1140}\n";
    let built = site(fields).build().clean();
    let page = built.page("z/a.html");
    page.has_in_order(&[
        "<dt><span>体裁分类</span></dt>",
        "<dt>套数</dt><dd>1,200 套</dd>",
        "<dt>总投资</dt><dd>350.5 万元</dd>",
        "<dt>开工日期</dt><dd>2014-03-01</dd>",
        "<dt>进度</dt><dd>在建</dd>",
        "<dt>标签</dt><dd>公租、廉租</dd>",
        "<caption>房源</caption>",
        "<th scope=\"col\">楼号</th><th scope=\"col\">套数（套）</th>",
        "<td>2号楼</td><td class=\"ta-r\">1,140</td>",
    ]);
    built.lacks_everywhere("不给人看").lacks_everywhere("内部备注");
}

#[test]
fn a_kind_goes_by_its_label_and_aliases() {
    for name in ["保障房项目", "保障房", "homes"] {
        site(&format!("kind: {name}\nunits: 3")).build().clean().page("z/a.html").has("<dd>3 套</dd>");
    }
}

/// Numbers in a map in a line keep their texts, as codes do.
#[test]
fn cells_are_what_was_written() {
    let fields = "kind: homes\nunits: 3\nflats:\n  - {楼号: 0010, count: 1.50}\n  - {楼号: 1e5, count: 2}\n  - {楼号: true, count: 3}\n";
    site(fields).build().clean().page("z/a.html").has_in_order(&[
        "<td>0010</td><td class=\"ta-r\">1.50</td>",
        "<td>1e5</td><td class=\"ta-r\">2</td>",
        "<td>true</td><td class=\"ta-r\">3</td>",
    ]);
}

#[test]
fn rules_and_open_data_know_a_kind_by_one_name() {
    let site =
        site("kind: 保障房\nunits: 3").file("content/y/_index.md", channel("别的", "select: {kind: 保障房项目}"));
    let built = site.build().clean();
    assert_eq!(built.page("y/index.json").json()["rows"][0]["kind"], "homes");
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (fields, finding) in [
        ("kind: homes", "G014 content/z/a.md:1:1 缺少必填字段：套数（units）"),
        ("kind: homes\nunits: 三百", "G025 content/z/a.md:6:8 字段“套数”的“三百”不是数"),
        ("kind: homes\nunits: 3户", "G025 content/z/a.md:6:8 字段“套数”的单位是“户”，应当是“套”"),
        ("kind: homes\nunits: 3\ncost: 3亿元", "G025 content/z/a.md:7:7 字段“总投资”的单位是“亿元”，应当是“万元”"),
        (
            "kind: homes\nunits: 3\nbegun: 去年",
            "G025 content/z/a.md:7:8 字段“开工日期”的日期“去年”无法识别，或没有这一天",
        ),
        ("kind: homes\nunits: 3\nstate: 停工", "G025 content/z/a.md:7:8 字段“进度”的值“停工”不在允许范围"),
        ("kind: homes\nunits: 3\nunit: 3", "G011 content/z/a.md:7:1 未知字段“unit”"),
        ("kind: homes\nunits: 3\n套数: 3", "G012 content/z/a.md:7:1 字段“套数”与前面的“units”是同一个字段，写了两次"),
        ("kind: homes\nunits: [3]", "G025 content/z/a.md:6:8 字段“套数”应当是数（套），这里却是列表"),
        (
            "kind: homes\nunits: 3\nflats: 很多",
            "G025 content/z/a.md:7:8 字段“房源”应当是表（每行一个“- ”），这里却是文字",
        ),
        ("kind: homes\nunits: 3\nflats:\n  - [1号楼]", "G025 content/z/a.md:8:5 “房源”的这一行有 1 格，应当是 2 格"),
        ("kind: homes\nunits: 3\nflats:\n  - [1号楼, 多]", "G025 content/z/a.md:8:11 “房源”的“套数”的“多”不是数"),
        ("kind: homes\nunits: 3\nflats:\n  - {楼号: 1, 层: 2}", "G011 content/z/a.md:8:13 “房源”没有“层”这一列"),
        (
            "kind: homes\nunits: 3\ncost: 10\nland: 3\nworks: 5",
            "G026 content/z/a.md:7:7 “总投资”是 10，各项（土地费、建安费）之和是 8，相差 2",
        ),
        ("kind: home\nunits: 3", "G011 content/z/a.md:6:1 未知字段“units”"),
        ("units: 3", "G011 content/z/a.md:5:1 未知字段“units”"),
    ] {
        let built = site(fields).build();
        assert!(built.findings.contains(&finding.to_owned()), "{fields}: {:#?}", built.findings);
    }
    // a slip is a warning, a kind that is like none is a hint
    site("kind: home").build().built().finds(&["G027 content/z/a.md:5:7 没有信息类型“home”"]);
    let built = site("kind: 别的什么").build().clean();
    let hints: Vec<&str> = built.report.findings.iter().map(|finding| &*finding.message).collect();
    assert_eq!(hints, ["没有信息类型“别的什么”"]);
}

#[test]
fn the_last_digit_of_a_sum_may_be_rounded() {
    site("kind: homes\nunits: 3\ncost: 10.01\nland: 3.00\nworks: 7.00").build().clean();
    site("kind: homes\nunits: 3\ncost: 10.02\nland: 3.00\nworks: 7.00").build().refused();
    // a sum that lacks a part says nothing
    site("kind: homes\nunits: 3\ncost: 10\nland: 3").build().clean();
}

#[test]
fn a_draft_may_be_incomplete_but_not_wrong() {
    site("kind: homes\ndraft: true").build().clean();
    site("kind: homes\ndraft: true\nunits: 三").build().refused();
}

#[test]
fn a_channel_gives_its_documents_fields_of_their_kind() {
    let site = SiteTest::new()
        .file("content/_kinds/homes.yaml", HOMES)
        .file("content/z/_index.md", channel("栏目", "defaults: {kind: 保障房, units: 8}"))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""));
    site.build().clean().page("z/a.html").has("<dd>8 套</dd>");
    site.put("content/z/_index.md", channel("栏目", "defaults: {kind: 保障房, units: 多}"));
    let found = site.build().refused().findings;
    assert_eq!(found, ["G025 content/z/_index.md:3:30 字段“套数”的“多”不是数"]);
    site.put("content/z/_index.md", channel("栏目", "defaults: {kind: 保障房, unitz: 8}"));
    assert!(site.build().refused().findings.contains(&"G011 content/z/_index.md:3:23 未知字段“unitz”".to_owned()));
}

#[test]
fn a_wrong_kind_is_told_with_its_place() {
    for (text, finding) in [
        ("fields: []\n", "G063 content/_kinds/k.yaml:1:1 信息类型没有名称（label）"),
        ("label: 甲\nfield: []\n", "G011 content/_kinds/k.yaml:2:1 未知字段“field”"),
        ("label: 甲\nfields: [{name: a, type: integer}]\n", "G063 content/_kinds/k.yaml:2:26 没有类型“integer”"),
        ("label: 甲\nfields: [{label: 乙}]\n", "G063 content/_kinds/k.yaml:2:10 字段没有键（name），或键不能用"),
        ("label: 甲\nfields: [{name: 乙}]\n", "G063 content/_kinds/k.yaml:2:17 键“乙”不能用"),
        ("label: 甲\nfields: [{name: a, type: enum}]\n", "G063 content/_kinds/k.yaml:2:26 选项没有取值（values）"),
        ("label: 甲\nfields: [{name: a, type: table}]\n", "G063 content/_kinds/k.yaml:2:26 表没有列（columns）"),
        (
            "label: 甲\nfields: [{name: a, type: date, unit: 天}]\n",
            "G063 content/_kinds/k.yaml:2:38 类型 date 没有单位",
        ),
        ("label: 甲\nfields: [{name: a}, {name: b, label: a}]\n", "G063 content/_kinds/k.yaml:2:21 字段“b”与“a”重名"),
        (
            "label: 甲\nfields: [{name: title}]\n",
            "G063 content/_kinds/k.yaml:2:10 字段“title”是所有文件都有的字段（title）",
        ),
        (
            "label: 甲\nfields: [{name: a, type: number}]\nsums: [{total: a, parts: [b]}]\n",
            "G063 content/_kinds/k.yaml:3:8 合计里的“b”不是这种信息的数或金额",
        ),
        (
            "label: 甲\ndefaults: {title: 乙}\n",
            "G013 content/_kinds/k.yaml:2:12 字段“title”各个文件不同，不能写在栏目的 defaults 里",
        ),
        ("label: 甲\nfields: 乙\n", "G063 content/_kinds/k.yaml:2:9 字段应当是列表，这里却是文字"),
    ] {
        let site = SiteTest::new().file("content/_kinds/k.yaml", text);
        let found = site.build().refused().findings;
        assert!(found.contains(&finding.to_owned()), "{text}: {found:#?}");
    }
}

#[test]
fn kinds_that_are_called_alike_are_refused() {
    let site = SiteTest::new()
        .file("content/_kinds/p.yaml", "label: 同名\n")
        .file("content/_kinds/q.yaml", "label: 另一种\naliases: [同名]\n")
        .file("content/_kinds/甲.yaml", "label: 甲\n");
    site.build().refused().finds(&[
        "G063 content/_kinds/p.yaml “同名”也是信息类型 q（content/_kinds/q.yaml）的名称",
        "G063 content/_kinds/q.yaml “同名”也是信息类型 p（content/_kinds/p.yaml）的名称",
        "G006 content/_kinds/甲.yaml 这个文件不是信息类型，没有读入",
    ]);
}

#[test]
fn a_kind_of_the_site_takes_the_place_of_the_embedded_one() {
    let site = SiteTest::new()
        .file("content/_kinds/budget.yaml", "label: 自己的预算\nfields: [{name: own, label: 自己的字段}]\n")
        .file("content/a.md", doc("甲", "2014-12-04", "kind: budget\nown: 一"));
    site.build().clean().page("a.html").has("<dt>自己的字段</dt><dd>一</dd>");
    // what the kind says is an input of its documents' pages, and of the data that has their fields as columns
    site.put("content/_kinds/budget.yaml", "label: 自己的预算\nfields: [{name: own, label: 新名称}]\n");
    let of_data = ["catalogue/issuer/xianzhengfuban-7eb8b8/index.csv", "catalogue/year/2014/index.csv", "index.csv"];
    let built = site.build().clean().written(&[&["a.html"][..], &of_data].concat());
    crate::site_test::assert_same(&built.tree, &site.clean_tree());
}

/// Working days of the real calendar: the vectors of the facts that the project was given, each counted without its first day.
#[test]
fn working_days_are_those_of_the_state_councils_notices() {
    use gongkai::model::{Moment, Workdays, YearOfWork};
    let day = |text: &str| Moment::parse(text).unwrap();
    let calendar = Workdays::with(&[]);
    for (from, count, to) in [
        ("2014-12-04", 20, "2015-01-04"),
        ("2024-09-14", 20, "2024-10-18"),
        ("2014-09-15", 20, "2014-10-16"),
        ("2026-02-09", 20, "2026-03-13"),
        ("2026-03-16", 10, "2026-03-30"),
    ] {
        let after = calendar.after(day(from), count).unwrap();
        assert_eq!((after.value, after.is_estimate), (day(to), false), "{from} + {count}");
        assert_eq!(calendar.between(day(from), day(to)).value, count);
    }
    // beyond what is known it is an estimate, until a site says more
    assert!(calendar.after(day("2026-12-31"), 1).unwrap().is_estimate);
    let more = Workdays::with(&[YearOfWork { year: 2027, off: vec![day("2027-01-01")], on: vec![day("2027-01-02")] }]);
    let after = more.after(day("2026-12-31"), 1).unwrap();
    assert_eq!((after.value, after.is_estimate), (day("2027-01-02"), false));
}

#[test]
fn it_is_known_up_to_which_day_working_days_are_no_estimate() {
    use gongkai::model::{Workdays, workdays::YearOfWork};
    let known = |years: &[i16]| {
        let years: Vec<YearOfWork> =
            years.iter().map(|year| YearOfWork { year: *year, ..YearOfWork::default() }).collect();
        Workdays::with(&years).known_through().map(|day| day.to_string())
    };
    assert_eq!(known(&[]).as_deref(), Some("2026-12-31"));
    assert_eq!(known(&[2027]).as_deref(), Some("2027-12-31"));
    assert_eq!(known(&[2028]).as_deref(), Some("2026-12-31"), "a year is missing between");
}

#[test]
fn a_notice_that_is_shorter_than_the_law_allows_is_refused() {
    let notice = |kind: &str, from: &str, to: &str| {
        let fields = format!("kind: {kind}\nnotice_from: {from}\nnotice_to: {to}");
        SiteTest::new().file("content/a.md", doc("甲", "2021-01-01", &fields))
    };
    notice("land-pre-notice", "2026-03-16", "2026-03-30").build().clean();
    notice("land-pre-notice", "2026-03-16", "2026-03-27")
        .build()
        .refused()
        .finds(&["G028 content/a.md:7:12 2026-03-16 至 2026-03-27 只有 9 个工作日，规定不少于 10 个工作日"]);
    // before the rule was law
    notice("land-pre-notice", "2021-08-31", "2021-09-03").build().clean();
    notice("征地补偿安置公告", "2025-03-26", "2025-04-25").build().clean();
    notice("征地补偿安置公告", "2025-03-26", "2025-04-24")
        .build()
        .refused()
        .finds(&["G028 content/a.md:7:12 2025-03-26 至 2025-04-24 只有 29 日，规定不少于 30 日"]);
    notice("land-pre-notice", "2026-03-16", "2026-03-06")
        .build()
        .refused()
        .finds(&["G022 content/a.md:7:12 截止日期 2026-03-06 早于开始日期 2026-03-16"]);
    // a year of which nobody knows the days off yet, until the site has them
    let site = notice("land-pre-notice", "2027-01-01", "2027-01-14");
    let found = site.build().built().findings;
    assert!(found[0].contains("只有 9 个工作日（估计，那一年的放假安排还不知道）"), "{found:?}");
    site.put("content/_data/calendar/2027.yaml", "放假: [2027-01-01]\n上班: [2027-01-02]\n");
    site.build().clean();
    for (text, finding) in [
        ("放假: [2026-01-01]\n", "G062 content/_data/calendar/2027.yaml:1:6 日期“2026-01-01”不在 2027 年"),
        (
            "放假: [2027-01-02]\n",
            "G062 content/_data/calendar/2027.yaml:1:6 日期“2027-01-02”是周末，本来就休息，不用写在放假里",
        ),
        ("off: 2027-02-30\n", "G062 content/_data/calendar/2027.yaml:1:6 日期“2027-02-30”无法识别，或没有这一天"),
        ("of: [2027-01-01]\n", "G011 content/_data/calendar/2027.yaml:1:1 未知字段“of”"),
    ] {
        site.put("content/_data/calendar/2027.yaml", text);
        let found = site.build().refused().findings;
        assert!(found.contains(&finding.to_owned()), "{found:#?}");
    }
}

/// What `gongkai schema` and `gongkai new` print, for a site with a kind of its own.
fn printed(site: &SiteTest, arguments: &[&str]) -> String {
    let mut command = crate::serve::process::program();
    let output = command.args(arguments).args(["--as-of", "2026-01-01", "-r"]).arg(site.root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn editors_get_a_schema_of_all_that_is_written() {
    let site = site("");
    let schema = |of: &str| -> serde_json::Value { serde_json::from_str(&printed(&site, &["schema", of])).unwrap() };
    let document = schema("document");
    assert_eq!(document["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(document["additionalProperties"], false);
    for key in ["title", "标题", "published", "公开日期", "units", "套数", "notice_from"] {
        assert!(document["properties"][key].is_object(), "{key}");
    }
    let kinds = document["properties"]["kind"]["examples"].as_array().unwrap();
    assert!(kinds.iter().any(|kind| kind == "homes") && kinds.iter().any(|kind| kind == "部门预算"));
    // what a key means is said for each kind: several have a key `stage`
    assert!(document["properties"]["stage"]["enum"].is_null());
    let of_kind = |name: &str| {
        let all = document["allOf"].as_array().unwrap();
        let is_of = |one: &&serde_json::Value| {
            one["if"]["properties"]["kind"]["enum"].as_array().unwrap().iter().any(|kind| kind == name)
        };
        all.iter().find(is_of).unwrap()["then"]["properties"].clone()
    };
    assert!(of_kind("audit")["stage"]["enum"].as_array().unwrap().iter().all(|stage| stage != "受理"));
    assert!(of_kind("建设项目环评")["环评环节"]["enum"].as_array().unwrap().iter().any(|stage| stage == "受理"));
    // every key that the schema names is one that the program reads, and the other way round
    let of_site = schema("site");
    for (key, value) in of_site["properties"]["site"]["properties"].as_object().unwrap() {
        let value = match (key.as_str(), value["type"][0].as_str()) {
            ("page_size", _) => "20",
            ("nav", _) => "[]",
            ("palette", _) => "\"blue\"",
            ("base_url", _) => "\"https://www.example.gov.cn\"",
            _ => "\"x\"",
        };
        let site = SiteTest::new();
        if !["name", "base_url", "organizer", "id_code"].contains(&key.as_str()) {
            site.edit("site.toml", "[site]\n", &format!("[site]\n{key} = {value}\n"));
        }
        let found = site.build().findings;
        assert!(!found.iter().any(|finding| finding.contains("未知的键")), "{key}: {found:?}");
    }
    let source = include_str!("../../src/config/raw.rs");
    let of_raw = source.split("pub struct Site {").nth(1).unwrap().split('}').next().unwrap();
    let keys = of_raw.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
    keys.for_each(|key| assert!(of_site["properties"]["site"]["properties"][key].is_object(), "{key}"));
    let kind = schema("kind");
    keys_of(include_str!("../../src/parse/kinds.rs")).for_each(|key| {
        assert!(kind["properties"][key].is_object(), "{key}");
    });
    let channel = schema("channel");
    keys_of(include_str!("../../src/parse/channel.rs")).for_each(|key| {
        assert!(channel["properties"][key].is_object(), "{key}");
    });
}

/// The keys that a reader of files knows, by its table of them.
fn keys_of(source: &str) -> impl Iterator<Item = &str> {
    let table = source.split("const KEYS").nth(1).expect("a table of keys").split("];").next().unwrap();
    table.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next())
}

#[test]
fn a_notice_has_a_shortest_and_a_longest_time_as_its_kind_says() {
    let kind = |rule: &str| {
        format!(
            "label: 某公示\nfields:\n  - {{name: a, label: 起, type: date}}\n  - {{name: b, label: 止, type: date}}\nnotices:\n  - {rule}\n"
        )
    };
    let build = |rule: &str, to: &str| {
        let fields = format!("kind: some\na: 2021-01-04\nb: {to}");
        SiteTest::new()
            .file("content/_kinds/some.yaml", kind(rule))
            .file("content/a.md", doc("甲", "2021-01-01", &fields))
            .build()
    };
    let most = "{from: a, to: b, most: 30, unit: 日, basis: 某办法}";
    build(most, "2021-02-03").clean();
    build(most, "2021-02-04")
        .refused()
        .finds(&["G028 content/a.md:7:4 2021-01-04 至 2021-02-04 有 31 日，规定不超过 30 日"]);
    let both = "{from: a, to: b, least: 5, most: 7, unit: 工作日}";
    build(both, "2021-01-11").clean();
    build(both, "2021-01-08").refused().finds(&["G028 content/a.md:7:4 2021-01-04 至 2021-01-08 只有 4 个工作日"]);
    build(both, "2021-01-14").refused().finds(&["G028 content/a.md:7:4 2021-01-04 至 2021-01-14 有 8 个工作日"]);
    for rule in [
        "{from: a, to: b, unit: 日}",
        "{from: a, to: b, least: 9, most: 5, unit: 日}",
        "{from: a, to: b, least: -3, unit: 日}",
    ] {
        build(rule, "2021-01-08").refused().finds(&["G063 content/_kinds/some.yaml"]);
    }
}

#[test]
fn a_kind_says_which_fields_stand_above_the_text() {
    let kind = |more: &str| {
        format!("label: 某类\nfields:\n  - {{name: a, label: 甲项}}\n  - {{name: b, label: 乙项}}\n{more}")
    };
    let page = |more: &str| {
        let text = doc("甲", "2021-01-01", "kind: some\na: 一\nb: 二");
        SiteTest::new().file("content/_kinds/some.yaml", kind(more)).file("content/a.md", text).build().clean()
    };
    page("").page("a.html").has("甲项").has("乙项");
    page("header: [b]\n").page("a.html").lacks("甲项").has("乙项");
}

#[test]
fn a_new_document_of_every_kind_builds_at_once() {
    let site = site("");
    site.remove("content/z/a.md");
    let listed = printed(&site, &["new"]);
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').next()).collect();
    assert!(names.len() > 40 && names.contains(&"homes"), "{listed}");
    for name in &names {
        let said = printed(&site, &["new", name, &format!("content/z/{name}.md")]);
        assert!(said.contains("draft: true"), "{said}");
    }
    let built = site.build().clean();
    assert_eq!((built.report.documents, built.report.withheld), (names.len(), names.len()));
    // and with every field that is a comment made one that is stated
    for name in &names {
        let path = format!("content/z/{name}.md");
        let text = site.read(&path);
        let (core, own) = text.split_once("自己的字段\n").unwrap_or((&text, ""));
        let own: String = own.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
        site.put(&path, format!("{}\n{own}", core.trim_end_matches(|c| c != '\n')));
    }
    // sums of zeros and ones, and documents and files that are yet to be named
    let is_known = |finding: &String| finding.starts_with("G026") || finding.ends_with("“待填”不存在");
    let found: Vec<String> = site.build().findings.into_iter().filter(|finding| !is_known(finding)).collect();
    assert!(found.is_empty(), "{found:#?}");
    let again = crate::serve::process::program()
        .args(["new", "homes", "content/z/homes.md", "-r"])
        .arg(site.root())
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(2), "nothing is overwritten");
}

#[test]
fn an_index_of_air_follows_from_its_concentrations() {
    let air = |row: &str| {
        SiteTest::new().file("content/a.md", doc("甲", "2014-12-02", &format!("kind: env-weekly\nair:\n  - [{row}]")))
    };
    air("2014-11-24, 55, 53, 139, 73, 1.4, 81, 98, 二级, 良, PM2.5").build().clean();
    // the standard of the day: 75 of fine dust were 100 once, and are 114 now
    air("2014-11-24, 5, 5, 5, 75, 0.4, 5, 100, 二级, 良, PM2.5").build().clean();
    air("2026-03-01, 5, 5, 5, 75, 0.4, 5, 114, 三级, 轻度污染, PM2.5").build().clean();
    air("2014-11-24, 5, 5, 5, 5, 0.4, 5, 10, 一级, 优, 无").build().clean();
    // a row that is not full says nothing
    air("2014-11-24, ~, ~, ~, ~, ~, ~, ~, ~, ~, ~").build().clean();
    for (row, message) in [
        ("2014-11-24, 55, 53, 139, 73, 1.4, 81, 89, 二级, 良, PM2.5", "2014-11-24 的AQI写的是“89”，按"),
        ("2014-11-24, 55, 53, 139, 73, 1.4, 81, 98, 三级, 良, PM2.5", "2014-11-24 的级别写的是“三级”，按"),
        ("2014-11-24, 55, 53, 139, 73, 1.4, 81, 98, 二级, 优, PM2.5", "2014-11-24 的类别写的是“优”，按"),
        ("2014-11-24, 55, 53, 139, 73, 1.4, 81, 98, 二级, 良, PM10", "2014-11-24 的首要污染物写的是“PM10”，按"),
        ("2026-03-01, 5, 5, 5, 75, 0.4, 5, 100, 三级, 轻度污染, PM2.5", "2026-03-01 的AQI写的是“100”，按"),
    ] {
        let found = air(row).build().refused().findings;
        assert!(
            found.len() == 1 && found[0].starts_with(&format!("G029 content/a.md:7:3 {message}")),
            "{row}: {found:#?}"
        );
    }
}
