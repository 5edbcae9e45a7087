//! `gongkai withdraw`: what it writes, what it leaves alone, what it refuses.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::{SECRET, site};
use crate::publish::{Ended, ended};
use crate::site_test::{SiteTest, assert_same, channel, doc, tree};

fn run(site: &SiteTest, arguments: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.arg("withdraw").args(arguments).args(["--as-of", "2026-01-01"]);
    ended(command.current_dir(site.root()).env("NO_COLOR", "1").output().unwrap())
}

/// A site with this text of a document, and others beside it.
fn with(text: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/b.md", doc("乙", "2014-12-05", "index_no: x/2014-2"))
        .file("content/z/f.pdf", crate::site_test::PDF)
        .file("content/z/a.md", text)
}

const LINES: &str = "withdrawn: 2026-01-01\nwithdrawn_reason: 内容有误\n";

/// Texts as people and programs write them, and what becomes of them.
fn texts() -> Vec<(&'static str, String, String)> {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let chinese = "撤下日期: 2026-01-01\n撤下原因: 内容有误\n";
    let head = "title: 甲\nissuer: 县政府办\npublished: 2014-12-04\n";
    let chinese_head = "标题: 甲\n发布机构: 县政府办\n公开日期: 2014-12-04\n";
    let simple =
        |head: &str, lines: &str| (format!("---\n{head}---\n\n正文。\n"), format!("---\n{head}{lines}---\n\n正文。\n"));
    let mut texts = Vec::new();
    let mut push = |name, (before, after): (String, String)| texts.push((name, before, after));
    push("plain", simple(head, LINES));
    push("Chinese keys", simple(chinese_head, chinese));
    push("mostly English keys", simple(&format!("{head}索引号: a/2014-1\n"), LINES));
    push("a comment at the end", simple(&format!("# 说明\n{head}# draft: true\n"), LINES));
    push(
        "comments behind values",
        simple("title: 甲   # 标题\nissuer: 县政府办\npublished: 2014-12-04 # 日期\n", LINES),
    );
    push("quotes", simple("title: \"甲：\\\"乙\\\"\"\n'issuer': '县政府办'\npublished: 2014-12-04\n", LINES));
    push(
        "flow collections",
        simple(&format!("{head}keywords: [甲, \"乙]\", 丙]\nattachments: [{{file: f.pdf, title: '表: 一'}}]\n"), LINES),
    );
    push("a block at the end", simple(&format!("{head}summary: |\n  甲\n\n  乙\n\n"), LINES));
    push("a folded block", simple(&format!("{head}summary: >-\n  甲\n  乙\n"), LINES));
    push("a list at its key's column", simple(&format!("{head}keywords:\n- 甲\n- 乙\n"), LINES));
    push(
        "an indented front matter",
        simple(
            "  title: 甲\n  issuer: 县政府办\n  published: 2014-12-04\n",
            "  withdrawn: 2026-01-01\n  withdrawn_reason: 内容有误\n",
        ),
    );
    push("a full-width colon", simple("title：甲\nissuer: 县政府办\npublished: 2014-12-04\n", LINES));
    push("blank lines", simple(&format!("\n{head}\n\n"), LINES));
    push("no trailing newline", (format!("---\n{head}---"), format!("---\n{head}{LINES}---")));
    push("no body's newline", (format!("---\n{head}---\n正文"), format!("---\n{head}{LINES}---\n正文")));
    push(
        "a rule in the body",
        (format!("---\n{head}---\n甲\n\n---\n\n乙"), format!("---\n{head}{LINES}---\n甲\n\n---\n\n乙")),
    );
    let (before, after) = simple(head, LINES);
    push("CRLF", (crlf(&before), crlf(&after)));
    push("a byte-order mark", (format!("\u{feff}{before}"), format!("\u{feff}{after}")));
    push("CRLF, a mark and Chinese keys", {
        let (before, after) = simple(chinese_head, chinese);
        (format!("\u{feff}{}", crlf(&before)), format!("\u{feff}{}", crlf(&after)))
    });
    push(
        "CRLF in the body alone",
        (format!("---\n{head}---\n甲\r\n乙\r\n"), format!("---\n{head}{LINES}---\n甲\r\n乙\r\n")),
    );
    push("blanks behind the fence", (format!("---  \n{head}---  \n甲\n"), format!("---  \n{head}{LINES}---  \n甲\n")));
    let long = format!("{head}{}", "# 很长的说明\n".repeat(3_400));
    push("nearly 64 KiB", simple(&long, LINES));
    texts
}

#[test]
fn every_other_byte_of_the_file_stays() {
    for (name, before, after) in texts() {
        let site = with(&before);
        let all = tree(site.root());
        let ended = run(&site, &["z/a.md", "--reason", "error"]);
        assert_eq!(ended.code, 0, "{name}: {}{}", ended.out, ended.err);
        assert_eq!(site.read("content/z/a.md"), after, "{name}");
        site.put("content/z/a.md", &before);
        let mut now = tree(site.root());
        now.retain(|path, _| !path.starts_with(".gongkai/"));
        assert_same(&now, &all);
        site.put("content/z/a.md", &after);
        site.build().built().page("z/a.html").has("这份信息已经撤下");
    }
}

#[test]
fn notes_mean_what_was_typed() {
    for note in [
        "第3行“金额”: 写错 #1",
        "\"引号\"",
        "- 项",
        "[甲]",
        "{甲: 乙}",
        "true",
        "null",
        "*甲",
        "&甲 !乙",
        "%",
        "@甲",
        "`甲`",
        "反\\斜",
        "甲：乙",
        "  前后  空格  ",
        "多行\n说明",
        "<b>甲</b>",
        "0010",
        "~",
        "---",
    ] {
        let site = with(&doc("甲", "2014-12-04", ""));
        run(&site, &["z/a.md", "--reason", "error", "--note", note]).is(0);
        let shown = note.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        let built = site.build().built();
        let page = built.page("z/a.html");
        let page = page.text.replace("&#x2F;", "/").replace("&#x27;", "'");
        assert!(page.contains(&format!("<dd>{shown}</dd>")), "{note}: {}\n{page}", site.read("content/z/a.md"));
    }
}

#[test]
fn each_option_is_written() {
    let options = [
        "--reason",
        "period",
        "--show",
        "nothing",
        "--redirect",
        "x/2014-2",
        "--note",
        "公示已经结束",
        "--date",
        "2026-02-01",
    ];
    let site = with(&doc("甲", "2014-12-04", ""));
    let ended = run(&site, &[&["/z/a.html"], &options[..]].concat()).is(0);
    let expected = "withdrawn: 2026-02-01\nwithdrawn_reason: 公示期满\nwithdrawn_show: 不再显示\nwithdrawn_note: 公示已经结束\nredirect: /z/b.md\n---\n";
    assert!(site.read("content/z/a.md").contains(expected), "{}", site.read("content/z/a.md"));
    ended
        .says("2026年2月1日起：")
        .says("/z/a.html 跳转到 /z/b.html")
        .says("gongkai build")
        .says("--dry-run")
        .says("git");
    // until that day it is what it was
    site.build().built().page("z/a.html").has("甲的正文");
}

#[test]
fn a_dry_run_shows_the_change_and_writes_nothing() {
    let site = with(&doc("甲", "2014-12-04", ""));
    let before = tree(site.root());
    let ended = run(&site, &["z/a.md", "--reason", "superseded", "--redirect", "z/b.md", "--dry-run"]).is(0);
    ended
        .says("--- content/z/a.md\n+++ content/z/a.md\n@@ -3,4 +3,7 @@\n issuer: 县政府办\n published: 2014-12-04\n+withdrawn: 2026-01-01\n+withdrawn_reason: 已被替代\n+redirect: /z/b.md\n ---\n \n")
        .says("以上只是计划，没有写入。");
    assert_same(&tree(site.root()), &before);
}

#[test]
fn the_file_keeps_its_permissions_and_nothing_lies_beside_it() {
    let site = with(&doc("甲", "2014-12-04", ""));
    let path = site.path("content/z/a.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    run(&site, &["z/a.md", "--reason", "error"]).is(0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(crate::publish::names(&site.path("content/z")), ["_index.md", "a.md", "b.md", "f.pdf"]);
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let gone = "withdrawn: 2015-01-10\nwithdrawn_reason: error";
    let table: [(&str, &[&str], i32, &str); 21] = [
        ("", &["z/x.md", "--reason", "error"], 2, "找不到文件“z/x.md”"),
        (
            "",
            &["z/a.md", "--reason", "typo"],
            2,
            "可以写：error（内容有误）、superseded（已被替代）、period（公示期满）、privacy（涉及个人信息）",
        ),
        ("", &["z/a.md"], 2, "缺少参数 --reason"),
        ("", &["z/a.md", "--reason", "error", "--show", "no"], 2, "可以写：banner（保留并提示）"),
        ("", &["z/a.md", "--reason", "error", "--date", "昨天"], 2, "日期写成 2026-01-01"),
        ("", &["z/a.md", "--reason", "privacy", "--show", "banner"], 2, "不能保留全文"),
        ("", &["z/a.md", "--reason", "error", "--redirect", "z/x.md"], 2, "找不到跳转的“z/x.md”"),
        ("", &["z/a.md", "--reason", "error", "--redirect", "https://www.example.com/"], 2, "只能跳转到本站"),
        ("", &["z/a.md", "--reason", "error", "--redirect", "z/d.md"], 2, "跳转的 content/z/d.md 没有公开（草稿）"),
        ("", &["z/a.md", "--reason", "error", "--redirect", "/x.html"], 1, "跳转的网址 /x.html 在网站里没有"),
        ("", &["z/a.md", "--reason", "error", "--redirect", "z/a.md"], 1, "就是这份文件自己"),
        ("", &["z/a.md", "--reason", "error", "--date", "2014-01-01"], 1, "撤下日期早于公开日期"),
        ("", &["z/d.md", "--reason", "error"], 2, "content/z/d.md 没有公开（草稿），不用撤下"),
        ("", &["z/d.md", "--reason", "error", "--drafts"], 2, "没有公开（草稿）"),
        ("", &["z/e.md", "--reason", "error"], 1, "有错误，没有读入"),
        (
            gone,
            &["z/a.md", "--reason", "error"],
            2,
            "content/z/a.md 已经写了撤下：已于2015年1月10日撤下（内容有误），只留说明",
        ),
        (gone, &["/z/a.html", "--reason", "privacy"], 2, "已经写了撤下"),
        ("withdrawn: 2027-01-10\nwithdrawn_reason: error", &["z/a.md", "--reason", "error"], 2, "已经写了撤下"),
        ("withdrawn:", &["z/a.md", "--reason", "error"], 2, "头信息里已经有 withdrawn（撤下日期）一行"),
        ("跳转:", &["z/a.md", "--reason", "error", "--redirect", "z/b.md"], 2, "头信息里已经有 redirect（跳转）一行"),
        ("", &["--reason", "error"], 2, "缺少参数 <文件>"),
    ];
    for (more, arguments, code, says) in table {
        let site = with(&doc("甲", "2014-12-04", more));
        site.put("content/z/d.md", doc("丁", "2014-12-04", "draft: true"));
        site.put("content/z/e.md", "没有头信息");
        let before = tree(site.root());
        let ended = run(&site, arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}{}", ended.out, ended.err);
        ended.says(says);
        assert_same(&tree(site.root()), &before);
    }
    // one line more is one too many
    let head = "title: 甲\nissuer: 县政府办\npublished: 2014-12-04\n";
    let site = with(&format!("---\n{head}{}---\n", "#\n".repeat((64 * 1024 - head.len()) / 2)));
    let before = tree(site.root());
    run(&site, &["z/a.md", "--reason", "error"]).is(2).says("加上以后太长").says("手工加上：withdrawn: 2026-01-01");
    assert_same(&tree(site.root()), &before);
}

#[test]
fn errors_that_were_there_before_are_no_obstacle() {
    let site = with(&doc("甲", "2014-12-04", ""));
    site.put("content/z/d.md", doc("丁", "2014-12-04", "titel: 错"));
    run(&site, &["z/a.md", "--reason", "error"]).is(0);
    assert!(site.read("content/z/a.md").contains(LINES));
}

#[test]
fn a_privacy_withdrawal_lists_what_no_program_can_take_back() {
    let site = site("").config("\n[publish.web]\ntype = \"folder\"\npath = \"../目标\"\n");
    let ended = run(&site, &["z/a.md", "--reason", "privacy", "--note", "已另行处理"]).is(0);
    ended
        .says("没有名称、索引号和任何内容")
        .says("旧网址 /old/a.html 跳转到 /z/a.html")
        .says("/z/fu.pdf")
        .says("https://www.example.gov.cn/z/a.html")
        .says("https://www.example.gov.cn/old/a.html")
        .says("gongkai publish web")
        .says("git 的历史")
        .says("搜索引擎")
        .says("撤下说明读者看得到")
        .says("content/z/c.md：interprets 指向的“a.md”没有公开");
    site.build().built().lacks_everywhere(SECRET);
}

#[test]
fn other_commands_say_that_it_is_withdrawn_and_why() {
    let site = site("");
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).args(["--as-of", "2026-01-01"]).current_dir(site.root());
        ended(command.output().unwrap())
    };
    let whole = site.read("content/z/a.md");
    run(&site, &["z/a.md", "--reason", "error", "--redirect", "z/b.md"]).is(0);
    let state = "已于2026年1月1日撤下（内容有误），只留说明";
    program(&["why", "/z/a.html"]).is(0).says(state).says("原网址 /z/a.html 是一页撤下的说明，请读者看 /z/b.html");
    program(&["list"]).is(0).says(state);
    program(&["list", "--format", "json"]).is(0).says(&format!("\"status\": \"{state}\""));
    program(&["stats", "--year", "2026"]).is(0).says("撤下（按撤下日期、原因）\n  内容有误  1 件");
    program(&["stats", "--year", "2026", "--list", "内容有误"])
        .is(0)
        .says(&format!("content/z/a.md  {SECRET}的公示  {state}"));
    site.put("content/z/a.md", &whole);
    run(&site, &["z/a.md", "--reason", "superseded"]).is(0);
    let state = "已于2026年1月1日撤下（已被替代），保留并提示";
    program(&["why", "z/a.md"]).is(0).says(state);
    program(&["list"]).is(0).says(&format!("公开，{state}"));
    program(&["list", "--format", "json"])
        .is(0)
        .says(&format!("\"status\": \"public\",\n    \"withdrawn\": \"{state}\""));
    site.put("content/z/a.md", &whole);
    run(&site, &["z/a.md", "--reason", "superseded", "--date", "2026-02-01"]).is(0);
    let ahead = "将于2026年2月1日撤下（已被替代），保留并提示";
    program(&["why", "z/a.md"]).is(0).says(ahead).says("订阅（最新 20 条之内）");
    program(&["list"]).is(0).says(&format!("公开，{ahead}"));
    run(&site, &["z/a.md", "--reason", "error"]).is(2).says(ahead);
    site.put("content/z/a.md", &whole);
    run(&site, &["z/a.md", "--reason", "superseded"]).is(0);
    program(&["list", "--format", "csv"]).is(0).says("channel,status,withdrawn").says(&format!(",z,public,{state}"));
    program(&["stats", "--year", "2014", "--list", "主动公开的文件"]).is(0).says(state);
    site.put("content/z/a.md", &whole);
    let ended = program(&["list", "--format", "csv"]).is(0);
    assert!(!ended.out.contains("withdrawn"), "{}", ended.out);
    assert!(!program(&["stats", "--year", "2026"]).is(0).out.contains("撤下"));
}
