//! Findings as people, scripts and code hosts see them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gongkai::diag::{Code, Diagnostic, human, json, sarif};
use gongkai::model::Span;
use snapbox::{IntoData, assert_data_eq, str};

const NOTICE: &str = "\
---
标题：关于征收土地的通告
发布机构: 县国土局
索引号: tcxzf-/2016-1117091
---

第一段　正文里的链接[办法](zcfg/没有.md)。
";

/// A finding on the first occurrence of `place` in the text.
fn finding(code: Code, text: &str, place: &str, message: &str, help: &str) -> Diagnostic {
    let at = text.find(place).expect("the place is in the text");
    let finding = Diagnostic::new(code, "content/zwgk/a.md", Span::at(at, place.len()), message);
    finding.maybe_help((!help.is_empty()).then(|| help.to_string()))
}

#[track_caller]
fn human_is(text: &str, finding: &Diagnostic, expected: impl IntoData) {
    let text = Some(text.to_string());
    assert_data_eq!(human::render(finding, &|_| text.clone(), false), expected.into_data().raw());
}

#[test]
fn an_underline_lines_up_under_han_characters() {
    let finding =
        finding(Code::G021, NOTICE, "县国土局", "发布机构“县国土局”不在机构表里", "你是不是想写“县国土资源局”？");
    human_is(
        NOTICE,
        &finding,
        str![[r#"
error[G021]: 发布机构“县国土局”不在机构表里
 --> content/zwgk/a.md:3:7
  |
3 | 发布机构: 县国土局
  |           ^^^^^^^^
  |
  = 建议: 你是不是想写“县国土资源局”？

"#]],
    );
}

#[test]
fn severities_have_their_own_words() {
    let warning = finding(Code::G019, NOTICE, "2016", "索引号里的年份与日期不同", "");
    human_is(
        NOTICE,
        &warning,
        str![[r#"
warning[G019]: 索引号里的年份与日期不同
 --> content/zwgk/a.md:4:13
  |
4 | 索引号: tcxzf-/2016-1117091
  |                ^^^^

"#]],
    );
    let hint = finding(Code::G017, NOTICE, "：", "字段名后是全角冒号", "改成半角冒号和一个空格");
    human_is(
        NOTICE,
        &hint,
        str![[r#"
hint[G017]: 字段名后是全角冒号
 --> content/zwgk/a.md:2:3
  |
2 | 标题：关于征收土地的通告
  |     ^^
  |
  = 建议: 改成半角冒号和一个空格

"#]],
    );
}

#[test]
fn a_finding_about_a_file_shows_its_path() {
    let finding = Diagnostic::new(Code::G001, "content/a.md", None, "文件不是 UTF-8 编码，像是 GB18030");
    human_is(
        NOTICE,
        &finding,
        str![[r#"
error[G001]: 文件不是 UTF-8 编码，像是 GB18030
 --> content/a.md

"#]],
    );
    human_is(
        NOTICE,
        &finding.help("用编辑器另存为 UTF-8"),
        str![[r#"
error[G001]: 文件不是 UTF-8 编码，像是 GB18030
 --> content/a.md
  = 建议: 用编辑器另存为 UTF-8

"#]],
    );
}

#[test]
fn a_file_that_cannot_be_read_has_no_excerpt() {
    let finding = finding(Code::G021, NOTICE, "县国土局", "未知机构", "");
    assert_data_eq!(
        human::render(&finding, &|_| None, false),
        str![[r#"
error[G021]: 未知机构
 --> content/zwgk/a.md

"#]]
        .raw()
    );
}

#[test]
fn a_place_of_several_lines_is_bracketed_and_a_long_one_shown_by_its_first_line() {
    let text = "一\n<!-- 从这里\n到这里 -->\n末\n";
    human_is(
        text,
        &finding(Code::G030, text, "<!-- 从这里\n到这里 -->", "不允许的 HTML", ""),
        str![[r#"
error[G030]: 不允许的 HTML
 --> content/zwgk/a.md:2:1
  |
2 | / <!-- 从这里
3 | | 到这里 -->
  | |__________^

"#]],
    );
    let text = "一\n<!-- 没有结束\n1\n2\n3\n4\n5\n6\n7\n";
    human_is(
        text,
        &finding(Code::G037, text, &text[4..], "注释没有结束", "补上 -->"),
        str![[r#"
error[G037]: 注释没有结束
 --> content/zwgk/a.md:2:1
  |
2 | <!-- 没有结束
  | ^^^^^^^^^^^^^
  |
  = 建议: 补上 -->

"#]],
    );
}

#[test]
fn a_place_that_ends_with_a_line_break_stays_on_its_line() {
    let text = "---\ntitle: 题\n";
    human_is(
        text,
        &finding(Code::G010, text, "title: 题\n", "头信息没有结束", ""),
        str![[r#"
error[G010]: 头信息没有结束
 --> content/zwgk/a.md:2:1
  |
2 | title: 题
  | ^^^^^^^^^

"#]],
    );
    let end = Diagnostic::new(Code::G010, "content/zwgk/a.md", Span::at(text.len(), 0), "头信息没有结束");
    human_is(
        text,
        &end,
        str![[r#"
error[G010]: 头信息没有结束
 --> content/zwgk/a.md:3:1
  |
3 |
  | ^

"#]],
    );
}

#[test]
fn a_byte_order_mark_and_crlf_shift_nothing() {
    let text = "\u{feff}---\r\n标题：题\r\n文号: x\r\n";
    human_is(
        text,
        &finding(Code::G010, text, "---", "头", ""),
        str![[r#"
error[G010]: 头
 --> content/zwgk/a.md:1:1
  |
1 | ---
  | ^^^

"#]],
    );
    human_is(
        text,
        &finding(Code::G017, text, "：题\r\n", "冒号", ""),
        str![[r#"
hint[G017]: 冒号
 --> content/zwgk/a.md:2:3
  |
2 | 标题：题
  |     ^^^^

"#]],
    );
    human_is(
        text,
        &finding(Code::G023, text, "文号: x\r", "文号", ""),
        str![[r#"
error[G023]: 文号
 --> content/zwgk/a.md:3:1
  |
3 | 文号: x
  | ^^^^^^^

"#]],
    );
}

#[test]
fn tabs_and_invisible_characters_can_be_pointed_at() {
    let text = "a\t预算\t表\n机构: 财\u{200b}政局\n";
    human_is(
        text,
        &finding(Code::G020, text, "预算", "制表符", ""),
        str![[r#"
error[G020]: 制表符
 --> content/zwgk/a.md:1:3
  |
1 | a    预算    表
  |      ^^^^

"#]],
    );
    human_is(
        text,
        &finding(Code::G007, text, "\u{200b}", "零宽空格\u{200b}", "删掉它\u{1b}[31m"),
        str![[r#"
error[G007]: 零宽空格�
 --> content/zwgk/a.md:2:6
  |
2 | 机构: 财�政局
  |         ^
  |
  = 建议: 删掉它�[31m

"#]],
    );
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = format!("前文{}[链接](没有.md){}", "很长的一段".repeat(60), "后面还有很多字".repeat(60)) + "完毕";
    human_is(
        &text,
        &finding(Code::G032, &text, "没有.md", "链接目标不存在", ""),
        str![[r#"
error[G032]: 链接目标不存在
 --> content/zwgk/a.md:1:308
  |
1 | …长的一段很长的一段很长的一段[链接](没有.md)后面还有很多字后面还有很多字后面还有很多字后面还有很多字后面还有很…
  |                                     ^^^^^^^

"#]],
    );
    human_is(
        &text,
        &finding(Code::G032, &text, "前文", "在行首", ""),
        str![[r#"
error[G032]: 在行首
 --> content/zwgk/a.md:1:1
  |
1 | 前文很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的…
  | ^^^^

"#]],
    );
    human_is(
        &text,
        &finding(Code::G032, &text, "完毕", "在行末", ""),
        str![[r#"
error[G032]: 在行末
 --> content/zwgk/a.md:1:734
  |
1 | …有很多字后面还有很多字后面还有很多字完毕
  |                                      ^^^^

"#]],
    );
    human_is(
        &text,
        &finding(Code::G032, &text, &text, "整行", ""),
        str![[r#"
error[G032]: 整行
 --> content/zwgk/a.md:1:1
  |
1 | 前文很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的一段很长的…
  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

"#]],
    );
}

#[test]
fn colour_is_a_flag() {
    let finding = finding(Code::G021, NOTICE, "县国土局", "未知机构", "");
    let text = Some(NOTICE.to_string());
    assert!(human::render(&finding, &|_| text.clone(), true).contains("\u{1b}["));
    assert!(!human::render(&finding, &|_| text.clone(), false).contains('\u{1b}'));
}

#[test]
fn places_behind_the_end_or_inside_a_character_are_safe_everywhere() {
    for text in ["", "\n", "\r\n", "汉", "汉字\r\n字", "\u{feff}汉", "a\rb\r", "\r\n\r\n汉\n"] {
        let lookup = |_: &str| Some(text.to_string());
        let mut findings = Vec::new();
        for start in 0..20 {
            for end in start..22 {
                let finding = Diagnostic::new(Code::G013, "site.toml", Span::new(start, end), "试");
                assert!(human::render(&finding, &lookup, false).ends_with('\n'));
                assert!(json::to_line(&finding, &lookup).contains("\"line\":"));
                findings.push(finding);
            }
        }
        sarif::to_document(&findings, &lookup);
    }
}

#[test]
fn a_json_line_has_the_published_shape() {
    let finding = finding(Code::G021, NOTICE, "县国土局", "机构“县国土局”\n未知", "看 \"机构表\"");
    assert_data_eq!(json::to_line(&finding, &|_| Some(NOTICE.into())), str![[r#"{"code":"G021","severity":"error","message":"机构“县国土局”\n未知","path":"content/zwgk/a.md","line":3,"column":7,"help":"看 \"机构表\""}"#]].raw());
    assert_data_eq!(json::to_line(&finding, &|_| None), str![[r#"{"code":"G021","severity":"error","message":"机构“县国土局”\n未知","path":"content/zwgk/a.md","line":null,"column":null,"help":"看 \"机构表\""}"#]].raw());
    let finding = Diagnostic::new(Code::G090, "content/b.md", None, "草稿");
    assert_data_eq!(json::to_line(&finding, &|_| Some(NOTICE.into())), str![[r#"{"code":"G090","severity":"hint","message":"草稿","path":"content/b.md","line":null,"column":null,"help":null}"#]].raw());
}

#[test]
fn columns_are_characters_from_one() {
    let text = "\u{feff}甲乙\r\n丙\u{20000}丁x\r\n";
    let place = |needle: &str| {
        let line = json::to_line(&finding(Code::G013, text, needle, "", ""), &|_| Some(text.into()));
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        (value["line"].as_u64().unwrap(), value["column"].as_u64().unwrap())
    };
    assert_eq!(place("甲"), (1, 1));
    assert_eq!(place("\u{feff}"), (1, 1));
    assert_eq!(place("\r\n丙"), (1, 3));
    assert_eq!(place("\n丙"), (1, 3));
    assert_eq!(place("丙"), (2, 1));
    assert_eq!(place("丁"), (2, 3));
    assert_eq!(place("x"), (2, 4));
}

#[test]
fn a_sarif_document_has_what_the_schema_requires() {
    let findings = [
        finding(Code::G021, NOTICE, "县国土局", "未知机构", "看机构表"),
        Diagnostic::new(Code::G019, "content/公告 1.md", None, "可疑"),
        Diagnostic::new(Code::G090, "content/b.md", None, "草稿"),
    ];
    let text = sarif::to_document(&findings, &|_| Some(NOTICE.into()));
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "gongkai");
    let rules = driver["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Code::ALL.len());
    for (rule, code) in rules.iter().zip(Code::ALL) {
        assert_eq!((&rule["id"], &rule["name"]), (&code.as_str().into(), &code.title().into()));
        assert_eq!(rule["help"]["markdown"], code.manual());
        assert!(rule["shortDescription"]["text"].is_string() && rule["help"]["text"].is_string());
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.iter().map(|r| r["level"].as_str().unwrap()).collect::<Vec<_>>(), ["error", "warning", "note"]);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
    assert_data_eq!(
        serde_json::to_string_pretty(&results[0]).unwrap(),
        str![[r#"
{
  "level": "error",
  "locations": [
    {
      "physicalLocation": {
        "artifactLocation": {
          "uri": "content/zwgk/a.md",
          "uriBaseId": "%SRCROOT%"
        },
        "region": {
          "endColumn": 11,
          "endLine": 3,
          "startColumn": 7,
          "startLine": 3
        }
      }
    }
  ],
  "message": {
    "text": "未知机构\n建议: 看机构表"
  },
  "ruleId": "G021",
  "ruleIndex": 18
}
"#]]
        .raw()
    );
    assert_data_eq!(results[1]["locations"][0].to_string(), str![[r#"{"physicalLocation":{"artifactLocation":{"uri":"content/%E5%85%AC%E5%91%8A%201.md","uriBaseId":"%SRCROOT%"}}}"#]].raw());
}

fn fences(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("```")).count()
}

#[test]
fn every_code_has_a_manual_with_a_wrong_and_a_right_example() {
    for code in Code::ALL {
        let manual = code.manual();
        let heading = format!("# {} {}", code.as_str(), code.title());
        assert_eq!(manual.lines().next(), Some(heading.as_str()), "{code:?}");
        let lines = manual.lines().count();
        assert!((12..=30).contains(&lines), "{code:?} has {lines} lines");
        let sections: Vec<&str> = ["\n## 错误写法\n", "\n## 正确写法\n", "\n## 怎么改\n"]
            .iter()
            .scan(manual, |rest, heading| {
                let (before, after) = rest.split_once(heading).unwrap_or_else(|| panic!("{code:?} has no {heading}"));
                *rest = after;
                Some(before)
            })
            .collect();
        assert!(sections[1..].iter().all(|section| fences(section) >= 2), "{code:?} has no example");
        assert!(fences(manual).is_multiple_of(2), "{code:?}: a fence is open");
        assert_eq!(Code::parse(&code.as_str().to_lowercase()), Some(*code));
    }
}

#[test]
fn no_manual_is_without_its_code() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diag/manual");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let expected = Code::ALL.iter().map(|code| format!("{}.md", code.as_str()));
    assert_eq!(files.collect::<BTreeSet<_>>(), expected.collect::<BTreeSet<_>>());
}
