//! The keys of `[publish.NAME]` that are about whoever serves the site.

use crate::site_test::{SiteTest, channel, doc};

fn with(lines: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .config(&format!("\n[publish.web]\ntype = \"folder\"\npath = \"x\"\n{lines}\n"))
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_to_write() {
    let rule = |line: &str| format!("[[publish.web.rules]]\n{line}");
    let table = [
        ("host = [\"ngnix\"]".to_owned(), "site.toml:10:9 host 里的“ngnix”不在允许范围"),
        ("host = \"nginx\"".to_owned(), "“host”应当是列表，这里却是文字"),
        ("compress = [\"zip\"]".to_owned(), "compress 里的“zip”不在允许范围"),
        ("headers = \"yes\"".to_owned(), "site.toml:10:11 “headers”应当是真假值，这里却是文字"),
        ("csp = \"\"".to_owned(), "csp 是空的"),
        ("csp = \"default-src \\\"self\\\"\"".to_owned(), "csp 不能有"),
        ("csp = \"default-src 'self'\\nX: y\"".to_owned(), "csp 只能用半角的字母、数字和符号，写在一行里"),
        ("header = true".to_owned(), "未知的键“header”"),
        ("[publish.web.rules]\nmatch = \"a\"".to_owned(), "“rules”应当是表的列表，这里却是表"),
        (rule("cache = \"no-cache\""), "缺少必填的键“match”"),
        (rule("match = \"a/**\""), "site.toml:11:9 这条规则什么也没有规定"),
        (rule("match = \"a/\"\ncache = \"no-cache\""), "match“a/”不能用：以 / 结尾；整个文件夹写成 文件夹/**"),
        (rule("match = \"a//b\"\ncache = \"no-cache\""), "有空的一层，或 .、.."),
        (rule("match = \"../b\"\ncache = \"no-cache\""), "有空的一层，或 .、.."),
        (rule("match = \"***\"\ncache = \"no-cache\""), "有连续三个 *"),
        (rule("match = \"a\\\"b\"\ncache = \"no-cache\""), "有反斜线、引号或看不见的字符"),
        (rule("match = \"a\"\ncache = \"${x}\""), "cache 不能有"),
        (rule("match = \"a\"\ncache = \"长\""), "cache 只能用半角"),
        (rule("match = \"a\"\ntype = \"css\""), "type“css”不是内容类型"),
        (rule("match = \"a\"\ntype = \"text/css; charset\""), "type“text/css; charset”不是内容类型"),
        (rule("match = \"a\"\ntype = \"text/css; \\\"x\\\"\""), "不是内容类型"),
        (rule("match = \"a\"\ntype = \"text/css;\\n a=b\""), "不是内容类型"),
        (rule("match = \"a\"\ncaches = \"no-cache\""), "未知的键“caches”"),
    ];
    for (lines, expected) in table {
        let found = with(&lines).build().refused().findings;
        assert!(found.iter().any(|found| found.contains(expected)), "{lines}: {found:?}");
    }
}

#[test]
fn what_is_right_changes_nothing_of_the_site_itself() {
    let plain = with("").build().clean();
    let lines = "host = [\"s3\", \"nginx\"]\ncompress = [\"br\", \"gz\"]\nheaders = false\ncsp = \"default-src 'self'\"\n\
                 [[publish.web.rules]]\nmatch = \"/assets/**\"\ncache = \"no-cache\"\ntype = \"text/css; charset=utf-8\"";
    let built = with(lines).build().clean();
    assert_eq!(plain.tree, built.tree);
}
