//! Raw HTML, links and bombs: what must be refused, beside what looks like it and must pass.

use std::fmt::Write;
use std::time::{Duration, Instant};

use super::{page, scanned, shown};

/// (text, what is reported: code and what is underlined)
const REFUSED: &[(&str, &[&str])] = &[
    // elements
    ("<script>alert(1)</script>\n", &["G030 \"<script>\""]),
    ("文字<script>alert(1)</script>", &["G030 \"<script>\""]),
    ("<SCRIPT SRC=//x.cn/a.js></SCRIPT>\n", &["G030 \"<SCRIPT SRC=//x.cn/a.js>\""]),
    ("<img src=x onerror=alert(1)>", &["G030 \"<img src=x onerror=alert(1)>\""]),
    ("文字<img src=x onerror=alert(1)>文字", &["G030 \"<img src=x onerror=alert(1)>\""]),
    ("<svg/onload=alert(1)>\n", &["G030 \"<svg/onload=alert(1)>\""]),
    ("<iframe src=\"https://a.cn\"></iframe>\n", &["G030 \"<iframe src=\\\"https://a.cn\\\">\""]),
    ("<math><mi>x</mi></math>", &["G030 \"<math>\"", "G030 \"<mi>\""]),
    ("<style>body{}</style>\n", &["G030 \"<style>\""]),
    ("<form action=x><input></form>\n", &["G030 \"<form action=x>\"", "G030 \"<input>\""]),
    ("<a href=\"javascript:alert(1)\">x</a>", &["G030 \"<a href=\\\"javascript:alert(1)\\\">\""]),
    ("<base href=//x.cn>\n", &["G030 \"<base href=//x.cn>\""]),
    ("<meta http-equiv=refresh content=0>\n", &["G030 \"<meta http-equiv=refresh content=0>\""]),
    ("<div class=a>\n文字\n</div>\n", &["G030 \"<div class=a>\""]),
    ("<p>文字</p>\n", &["G030 \"<p>\""]),
    ("<b>文字</b>", &["G030 \"<b>\""]),
    ("<center>文字</center>\n", &["G030 \"<center>\""]),
    ("</div>\n", &["G030 \"</div>\""]),
    ("<my-tag>文字</my-tag>", &["G030 \"<my-tag>\""]),
    ("<![CDATA[x]]>", &["G030 \"<![CDATA[x]]>\""]),
    ("<?php echo 1 ?>\n", &["G030 \"<?php echo 1 ?>\""]),
    ("<!DOCTYPE html>\n", &["G030 \"<!DOCTYPE html>\""]),
    ("文字 <!DOCTYPE html> 文字", &["G030 \"<!DOCTYPE html>\""]),
    ("<details><summary>x</summary></details>\n", &["G030 \"<details>\"", "G030 \"<summary>\""]),
    ("<!-- 注 --><script>x</script>\n", &["G030 \"<script>\""]),
    ("<table><tr><td><script>x</script></td></tr></table>\n", &["G030 \"<script>\""]),
    ("<table>\n<tr><td\nonclick=alert(1)>甲</td></tr></table>\n", &["G030 \"onclick=alert(1)\""]),
    ("> <table>\n> <tr><td\n> onclick=alert(1)>甲</td></tr></table>\n", &["G030 \"onclick=alert(1)\""]),
    // attributes
    ("<table><tr><td style=\"color:red\">甲</td></tr></table>\n", &["G030 \"style=\\\"color:red\\\"\""]),
    ("<table border=1><tr><td>甲</td></tr></table>\n", &["G030 \"border=1\""]),
    ("<table id=nav><tr><td>甲</td></tr></table>\n", &["G030 \"id=nav\""]),
    ("<table><tr><td colspan=0>甲</td></tr></table>\n", &["G030 \"colspan=0\""]),
    ("<table><tr><td colspan=201>甲</td></tr></table>\n", &["G030 \"colspan=201\""]),
    ("<table><tr><td colspan=-1>甲</td></tr></table>\n", &["G030 \"colspan=-1\""]),
    ("<table><tr><td colspan=\"2' onload='x\">甲</td></tr></table>\n", &["G030 \"colspan=\\\"2' onload='x\\\"\""]),
    ("<table><tr><td colspan>甲</td></tr></table>\n", &["G030 \"colspan\""]),
    ("<table><tr><td rowspan=20001>甲</td></tr></table>\n", &["G030 \"rowspan=20001\""]),
    ("<table><tr><td colspan=2 COLSPAN=3>甲</td></tr></table>\n", &["G030 \"COLSPAN=3\""]),
    ("<table><tr><th scope=all>甲</th></tr></table>\n", &["G030 \"scope=all\""]),
    ("<table><tr><td align=justify>甲</td></tr></table>\n", &["G030 \"align=justify\""]),
    ("<table><colgroup><col align=right></colgroup><tr><td>甲</td></tr></table>\n", &["G030 \"align=right\""]),
    ("<table><tr colspan=2><td>甲</td></tr></table>\n", &["G030 \"colspan=2\""]),
    ("甲<br style=x>乙", &["G030 \"style=x\""]),
    ("甲<u class=x>乙</u>", &["G030 \"class=x\""]),
    ("甲<br onclick=x>乙", &["G030 \"onclick=x\""]),
    // nesting
    ("<table><tr><td>甲</td></tr>\n", &["G030 \"<table>\""]),
    ("<table><tr><td>甲</tr></table>\n", &["G030 \"<td>\""]),
    ("<table><tr><td>甲</td></tr></table></table>\n", &["G030 \"</table>\""]),
    ("<table><td>甲</td></table>\n", &["G030 \"<td>\""]),
    ("<table><tr>甲<td>乙</td></tr></table>\n", &["G030 \"甲\""]),
    ("<table>\n\n甲\n\n<tr><td>乙</td></tr></table>\n", &["G030 \"甲\""]),
    ("<tr><td>甲</td></tr>\n", &["G030 \"<tr>\""]),
    ("甲<u>乙", &["G030 \"<u>\""]),
    ("甲</u>乙", &["G030 \"</u>\""]),
    ("**甲<u>乙**丙</u>", &["G030 \"<u>\"", "G030 \"</u>\""]),
    ("甲</br>乙", &["G030 \"</br>\""]),
    ("甲<u/>乙", &["G030 \"<u/>\""]),
    ("甲<table><tr><td>乙</td></tr></table>", &["G030 \"<table>\"", "G030 \"<tr>\"", "G030 \"<td>\""]),
    (
        "<table><tr><td>\n\n- 甲\n\n  </td></tr></table>\n",
        &[
            "G030 \"</td>\"",
            "G030 \"</tr>\"",
            "G030 \"</table>\"",
            "G030 \"<table>\"",
            "G030 \"<tr>\"",
            "G030 \"<td>\"",
        ],
    ),
    (
        "<table><tr><td colspan=\"2>甲</td></tr></table>\n",
        &["G030 \"<td colspan=\\\"2>甲</td></tr></table>\\n\"", "G030 \"<table>\"", "G030 \"<tr>\""],
    ),
    // comments
    ("<!-- 没有结束\n\n正文\n", &["G037 \"<!--\""]),
    ("文字 <!-- 没有结束", &["G037 \"<!--\""]),
    ("文字 <!-- 没有\n\n结束 -->", &["G037 \"<!--\""]),
    (
        "<table><!-- 空\n\n行 --></table>\n",
        &["G037 \"<!--\"", "G030 \"行 --></table>\"", "G030 \"</table>\"", "G030 \"<table>\""],
    ),
    // what CommonMark takes for text, and somebody may have meant for a tag
    ("<img src=x onerror=alert(1)", &["G030 \"<img\""]),
    ("<img/src=x/onerror=alert(1)>", &["G030 \"<img/src=x/onerror=alert(1)>\""]),
    ("文字<td宽=5><td 宽=5>", &["G030 \"<td 宽=5>\""]),
    // schemes
    ("[甲](javascript:alert(1))", &["G031 \"javascript:alert(1)\""]),
    ("[甲](JaVaScRiPt:alert(1))", &["G031 \"JaVaScRiPt:alert(1)\""]),
    ("<javascript:alert(1)>", &["G031 \"javascript:alert(1)\""]),
    ("![甲](javascript:alert(1))", &["G031 \"javascript:alert(1)\""]),
    ("[甲][乙]\n\n[乙]: javascript:alert(1)\n", &["G031 \"[甲][乙]\""]),
    ("[甲](&#106;avascript:alert(1))", &["G031 \"[甲](&#106;avascript:alert(1))\""]),
    ("[甲](java&#x09;script:alert(1))", &["G031 \"[甲](java&#x09;script:alert(1))\""]),
    ("[甲](java&NewLine;script:alert(1))", &["G031 \"[甲](java&NewLine;script:alert(1))\""]),
    ("[甲](javascript&colon;alert(1))", &["G031 \"[甲](javascript&colon;alert(1))\""]),
    ("[甲](javascript\\:alert(1))", &["G031 \"[甲](javascript\\\\:alert(1))\""]),
    ("[甲](java%73cript:alert(1))", &["G031 \"java%73cript:alert(1)\""]),
    ("[甲](javascript%3Aalert(1))", &["G031 \"javascript%3Aalert(1)\""]),
    ("[甲](javascript%253Aalert(1))", &["G031 \"javascript%253Aalert(1)\""]),
    ("[甲](%6A%61vascript:alert(1))", &["G031 \"%6A%61vascript:alert(1)\""]),
    ("[甲](< javascript:alert(1)>)", &["G031 \"[甲](< javascript:alert(1)>)\""]),
    ("[甲](&#1;javascript:alert(1))", &["G031 \"[甲](&#1;javascript:alert(1))\""]),
    ("[甲](&nbsp;javascript:alert(1))", &["G031 \"[甲](&nbsp;javascript:alert(1))\""]),
    ("[甲](ｊａｖａｓｃｒｉｐｔ：alert(1))", &["G031 \"ｊａｖａｓｃｒｉｐｔ：alert(1)\""]),
    ("[甲](javascript：alert(1))", &["G031 \"javascript：alert(1)\""]),
    ("[甲](\u{200b}javascript:alert(1))", &["G007 \"\u{200b}\"", "G007 \"\u{200b}javascript:alert(1)\""]),
    ("[甲](java\u{ad}script:alert(1))", &["G007 \"java\u{ad}script:alert(1)\""]),
    ("[甲](a\u{200d}.md)", &["G007 \"a\u{200d}.md\""]),
    ("[甲](vbscript:x)", &["G031 \"vbscript:x\""]),
    ("[甲](data:text/html;base64,PHNjcmlwdD4=)", &["G031 \"data:text/html;base64,PHNjcmlwdD4=\""]),
    ("![甲](data:image/png;base64,AAAA)", &["G031 \"data:image/png;base64,AAAA\""]),
    ("[甲](file:///etc/passwd)", &["G031 \"file:///etc/passwd\""]),
    ("[甲](blob:https://a.cn/1)", &["G031 \"blob:https://a.cn/1\""]),
    ("[甲](view-source:https://a.cn)", &["G031 \"view-source:https://a.cn\""]),
    ("[甲](ftp://a.cn/x)", &["G031 \"ftp://a.cn/x\""]),
    ("[甲](C:/文件/a.doc)", &["G031 \"C:/文件/a.doc\""]),
    ("[甲](x:y)", &["G031 \"x:y\""]),
    ("[甲](a.cn:8080/x)", &["G031 \"a.cn:8080/x\""]),
    // addresses
    ("[甲](//a.cn/x)", &["G031 \"//a.cn/x\""]),
    ("[甲](%2F%2Fa.cn/x)", &["G031 \"%2F%2Fa.cn/x\""]),
    ("[甲](／／a.cn/x)", &["G031 \"／／a.cn/x\""]),
    ("[甲](\\\\\\\\a.cn\\\\x)", &["G031 \"[甲](\\\\\\\\\\\\\\\\a.cn\\\\\\\\x)\""]),
    ("[甲](/\\\\a.cn/x)", &["G031 \"[甲](/\\\\\\\\a.cn/x)\""]),
    ("[甲](..\\a.md)", &["G031 \"..\\\\a.md\""]),
    ("[甲](a%5Cb.md)", &["G031 \"a%5Cb.md\""]),
    ("[甲](a%00.md)", &["G031 \"a%00.md\""]),
    ("[甲](http:a.cn)", &["G031 \"http:a.cn\""]),
    ("[甲](http:/a.cn)", &["G031 \"http:/a.cn\""]),
    ("[甲](https://)", &["G031 \"https://\""]),
    ("[甲](https:///a.cn)", &["G031 \"https:///a.cn\""]),
    ("[甲](https://www.gov.cn@a.cn/)", &["G031 \"https://www.gov.cn@a.cn/\""]),
    ("[甲](https://a:b@a.cn/)", &["G031 \"https://a:b@a.cn/\""]),
    ("[甲](https://a.cn:99x/)", &["G031 \"https://a.cn:99x/\""]),
    ("[甲](http%3A//a.cn)", &["G031 \"http%3A//a.cn\""]),
    ("[甲](ｈｔｔｐｓ://a.cn)", &["G031 \"ｈｔｔｐｓ://a.cn\""]),
    ("[甲](mailto:)", &["G031 \"mailto:\""]),
    ("[甲](mailto:张三)", &["G031 \"mailto:张三\""]),
    ("![甲](mailto:a@b.cn)", &["G031 \"mailto:a@b.cn\""]),
    ("[甲](tel:javascript)", &["G031 \"tel:javascript\""]),
    // hidden characters
    ("甲\u{202e}乙", &["G007 \"\u{202e}\""]),
    ("甲\u{2066}乙\u{2069}", &["G007 \"\u{2066}\"", "G007 \"\u{2069}\""]),
    ("甲\u{feff}乙", &["G007 \"\u{feff}\""]),
    ("甲\u{0}乙\u{7f}丙\u{1b}", &["G007 \"\\0\"", "G007 \"\\u{7f}\"", "G007 \"\\u{1b}\""]),
    ("甲\u{200b}乙", &["G007 \"\u{200b}\""]),
    ("甲\u{fffe}乙\u{fdd0}丙\u{5ffff}", &["G007 \"\u{fffe}\"", "G007 \"\u{fdd0}\"", "G007 \"\u{5ffff}\""]),
    ("甲&#xffff;乙", &["G007 \"&#xffff;\""]),
    ("甲\u{85}乙", &["G007 \"\\u{85}\""]),
    ("甲&#x202e;乙", &["G007 \"&#x202e;\""]),
    ("<table><tr><td>甲&#8238;乙</td></tr></table>\n", &["G007 \"&#8238;\""]),
    ("[甲](a.md \"乙&#x202e;\")", &["G007 \"[甲](a.md \\\"乙&#x202e;\\\")\""]),
    ("`\u{202d}`", &["G007 \"\u{202d}\""]),
    // images
    ("![](a.png)", &["G038 \"![](a.png)\""]),
    ("![ ](a.png)", &["G038 \"![ ](a.png)\""]),
    ("![图](https://www.gov.cn/a.png)", &["G031 \"https://www.gov.cn/a.png\""]),
    ("![图]()", &["G043 \"![图]()\""]),
    // what would come out otherwise than it was written
    ("|甲|乙|\n|-|-|\n|1|2|3|\n", &["G044 \"3|\""]),
    ("甲|乙\n-|-\n1|2|3\n", &["G044 \"3\""]),
    ("> |甲|\n> |-|\n> |1| `2` |\n", &["G044 \" `2` |\""]),
    ("[甲][x]\n\n[x]: b.md\n[x]: c.md\n\n乙\n", &["G044 \"[x]: c.md\""]),
    ("[x]: b.md\n\n[甲][X]\n\n[X]: c.md \"题\"\n", &["G044 \"[X]: c.md \\\"题\\\"\""]),
    ("1. 甲\n3. 乙\n", &["G045 \"3\""]),
    ("- 甲\n  1. 乙\n  2. 丙\n  2. 丁\n", &["G045 \"2\""]),
    ("1. 甲\n1. 乙\n3. 丙\n", &["G045 \"1\""]),
    // lines that their authors take for paragraphs, once for each paragraph
    ("第一段。\n　　第二段。\n　　第三段。\n", &["G046 \"第二段。\""]),
    ("第一条 内容\n第二条 内容\n", &["G046 \"第二条 内容\""]),
    ("为了管理：\n（一）甲；\n", &["G046 \"（一）甲；\""]),
    ("甲。\n2、乙。\n", &["G046 \"2、乙。\""]),
    ("甲\n\n            测试县人民政府\n", &["G046 \"测试县人民政府\""]),
    // lines that a paragraph was broken into
    ("根据\n第三条的规定，\n（二）项不适用\n", &[]),
    ("甲，\n乙\n", &[]),
    ("第一条 内容\\\n第二条 内容\n", &[]),
    ("甲\n\n    let a = 1;\n", &[]),
    // links that nobody can follow
    ("[甲]()", &["G043 \"[甲]()\""]),
    ("[甲](#)", &["G043 \"[甲](#)\""]),
    ("甲[](b.md)乙", &["G043 \"[](b.md)\""]),
    ("[ \u{200b}](https://a.cn/)", &["G007 \"\u{200b}\"", "G043 \"[ \u{200b}](https://a.cn/)\""]),
    // Markdown that raw HTML shows as it was typed
    (
        "<table><tr><td>**重点**，[甲](none.md)，![图](none.png)</td></tr></table>",
        &["G043 \"**重点**\"", "G043 \"[甲](none.md)\"", "G043 \"![图](none.png)\""],
    ),
    ("> <table><tr><td>甲\n> 内的**乙**</td></tr></table> 丙丁**戊**", &["G043 \"**乙**\"", "G043 \"**戊**\""]),
    ("[甲 [](b.md) 乙](c.md)", &["G043 \"[](b.md)\""]),
];

#[test]
fn hostile_bodies_are_refused() {
    let mut wrong = String::new();
    for (text, wanted) in REFUSED {
        let (_, findings) = scanned(text);
        let wanted: Vec<String> = wanted.iter().map(|w| (*w).to_owned()).collect();
        let got = shown(text, &findings);
        let same = |a: &str, b: &str| a == b || a.replace("\\u{202e}", "\u{202e}") == b;
        if got.len() != wanted.len()
            || !got.iter().zip(&wanted).all(|(g, w)| same(g, w) || unescaped(g) == unescaped(w))
        {
            writeln!(wrong, "{text:?}\n   got    {got:?}\n   wanted {wanted:?}").unwrap();
        }
        assert!(findings.iter().all(|d| d.help.is_some() && !d.message.is_empty()), "{findings:?}");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(REFUSED.len() >= 60);
}

/// `Debug` of a string escapes some invisible characters and not others.
fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for c in [
        '\u{200b}',
        '\u{200d}',
        '\u{202d}',
        '\u{202e}',
        '\u{2066}',
        '\u{2069}',
        '\u{feff}',
        '\u{ad}',
        '\u{7f}',
        '\u{1b}',
        '\u{85}',
        '\u{fffe}',
        '\u{fdd0}',
        '\u{5ffff}',
    ] {
        text = text.replace(c, &format!("\\u{{{:x}}}", u32::from(c)));
    }
    text
}

#[test]
fn hostile_bodies_write_nothing_live() {
    for (text, _) in REFUSED {
        assert_harmless(&page(text));
    }
}

/// Only the elements and attributes that the writer knows.
pub fn assert_harmless(page: &str) {
    const TAGS: &[&str] = &[
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "pre",
        "code",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "caption",
        "colgroup",
        "col",
        "em",
        "strong",
        "del",
        "a",
        "img",
        "br",
        "wbr",
        "hr",
        "div",
        "sub",
        "sup",
        "u",
    ];
    const ATTRIBUTES: &[&str] = &[
        "id",
        "class",
        "start",
        "scope",
        "href",
        "rel",
        "title",
        "src",
        "alt",
        "width",
        "height",
        "loading",
        "colspan",
        "rowspan",
        "span",
        "role",
        "tabindex",
        "aria-label",
    ];
    for tag in page.split('<').skip(1) {
        let (inside, text) = tag.split_once('>').unwrap_or_else(|| panic!("a tag without end: {page}"));
        assert!(!text.contains('>'), "{page}");
        let name = inside.trim_start_matches('/').split(' ').next().unwrap();
        assert!(TAGS.contains(&name), "<{name}> in {page}");
        let mut rest = &inside[inside.find(' ').unwrap_or(inside.len())..];
        while let Some((name, value)) = rest.split_once("=\"") {
            assert!(ATTRIBUTES.contains(&name.trim()), "{name:?} in {page}");
            let (value, tail) = value.split_once('"').expect("a closing quote");
            let lower = value.trim().to_ascii_lowercase();
            let is_address = matches!(name.trim(), "href" | "src");
            let live = ["javascript", "data", "vbscript", "file"].iter().any(|s| lower.starts_with(&format!("{s}:")));
            assert!(!(is_address && (live || lower.starts_with("//"))), "{page}");
            rest = tail;
        }
        assert!(rest.trim().is_empty(), "{rest:?} in {page}");
    }
}

/// Look-alikes of the above, without any finding.
const BENIGN: &[&str] = &[
    "`<script>`标签",
    "```html\n<script>alert(1)</script>\n```\n",
    "\\<script> 不是标签",
    "&lt;script&gt; 不是标签",
    "a < b 且 c > d",
    "收入<支出",
    "<见附件>的说明",
    "1<2>3",
    "<!-- 编辑说明 -->\n",
    "正文<!-- 说明 -->正文",
    "<!-- 两\n\n段 -->\n\n正文",
    "\\<!-- 不是注释",
    "`<!--`是注释的开头",
    "    <!-- 代码\n",
    "&lt;!-- 不是注释",
    "甲<br>乙<br/>丙<BR />丁",
    "H<sub>2</sub>O，10<sup>3</sup>，<u>划线</u>",
    "**<u>甲</u>**和<u>**甲**</u>",
    "| 甲 | 乙 |\n|---|---|\n| 一<br>二 | <u>三</u> |\n",
    "<table>\n<tr><td>甲</td></tr>\n</table>\n",
    "<TABLE><TR><TD COLSPAN=2 ALIGN=RIGHT>甲</TD></TR></TABLE>\n",
    "<table><caption>表1</caption><colgroup><col span=2><col></colgroup><thead><tr><th scope=\"col\">甲</th></tr></thead><tbody><tr><td rowspan='2'>乙</td></tr></tbody><tfoot><tr><td>丙</td></tr></tfoot></table>\n",
    "<table>\n<tr>\n<td colspan=\"200\" rowspan=\"20000\">甲</td>\n</tr>\n</table>\n",
    "<table>\n<tr>\n<td>\n\n**甲**\n\n- 乙\n\n</td>\n</tr>\n</table>\n",
    "<table>\n<!-- 表内说明 -->\n<tr><td>甲 < 乙 & 丙&nbsp;丁</td></tr>\n</table>\n",
    "<table><tr><td><table><tr><td>甲</td></tr></table></td></tr></table>\n",
    "- 甲\n\n  <table><tr><td>乙</td></tr></table>\n- 丙\n",
    "> <table>\n> <tr\n> align=\"right\"><td>乙</td></tr></table>\n",
    "<table align=\"center\"><tr><td>甲</td></tr></table>\n",
    "<br>\n甲\n",
    "[甲](../zcfg/x.md)",
    "[甲](x.md#s-总则)",
    "[甲](#s-总则)",
    "[甲](/files/a.pdf)",
    "[甲](<附件 1.pdf>)",
    "[甲](附件%201.pdf)",
    "[甲](索引号:11371322000/2014-00001)",
    "[甲](索引号：11371322000/2014-00001)",
    "[甲](FAQ：常见问题.md)",
    "[甲](附件1：预算.xlsx)",
    "[甲](说明/a:b.pdf)",
    "[甲](?a:b)",
    "[甲](javascript.md)",
    "[甲](data/2014.csv)",
    "[甲](file.pdf)",
    "[甲](mailto.md)",
    "[甲](100%25.pdf)",
    "[甲](100%.pdf)",
    "[甲](https://www.gov.cn)",
    "[甲](https://www.gov.cn:8443/a?b=http%3A//c#d)",
    "[甲](https://www.gov.cn/@a/b:c)",
    "[甲](HTTPS://WWW.GOV.CN/)",
    "[甲](https://例子.中国/路径)",
    "[甲](http://[2001:db8::1]:80/)",
    "<https://www.gov.cn/a?b=c&d=e>",
    "<xxgk@tancheng.gov.cn>",
    "[甲](mailto:xxgk@tancheng.gov.cn?subject=申请)",
    "[甲](tel:0539-6221234)",
    "[甲](tel:+86-539-6221234)",
    "`javascript:alert(1)`",
    "javascript:alert(1) 是文字",
    "[甲](javascript:alert(1)",
    "[甲] (javascript:alert(1))",
    "\\[甲](javascript:alert(1))",
    "甲\u{200d}乙\u{ad}丙",
    "甲\t乙\r\n丙",
    "——“甲”…’、。：℃￥，",
    "甲&#8212;乙&#x4e2d;",
    "![办事大厅位置图](a.png)",
    "![**办事**大厅](a.png \"标题\")",
    "|甲|乙|\n|-|-|\n|1|2|\n|1|2| |\n|1\\|2|3|\n|1|\n1|2\n",
    "甲 | 乙\n-|-\n1 | 2\n| 3 | 4 |\n",
    "1. 甲\n2. 乙\n\n3. 丙\n   1. 丁\n   2. 戊\n4. 己\n",
    "1. 甲\n1. 乙\n1. 丙\n\n1) 丁\n2) 戊\n\n5. 己\n6. 庚\n",
    "0. 甲\n1. 乙\n\n3\\. 丙\n\n007. 丁\n8. 戊\n",
    "[甲][x]、[乙][y]\n\n[x]: b.md\n[y]: c.md \"题\"\n\n丙\n\n```\n[x]: d.md\n```\n\n    [x]: e.md\n",
    "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -\n",
    "> 甲\n>> 乙\n>>> 丙\n",
];

#[test]
fn look_alikes_pass() {
    let wrong: Vec<_> =
        BENIGN.iter().map(|text| (text, scanned(text).1)).filter(|(_, findings)| !findings.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    BENIGN.iter().for_each(|text| assert_harmless(&page(text)));
    assert!(BENIGN.len() >= 60);
}

/// Texts made to take the parser's time or stack.
fn bombs() -> Vec<(&'static str, String, &'static str)> {
    let steps: String = (0..60).map(|level| format!("{}- 甲\n", "  ".repeat(level))).collect();
    let cells = |n: usize| "|a".repeat(n) + "|\n" + &"|-".repeat(n) + "|\n";
    vec![
        ("quotes", ">".repeat(100_000) + &"甲\n".repeat(100_000), "G035"),
        ("quotes and lists", "> - ".repeat(50_000) + "甲", "G035"),
        ("60 quotes", "> ".repeat(60) + "甲", "G035"),
        ("60 lists", steps, "G035"),
        ("indent", " ".repeat(5000) + "甲", "G035"),
        ("60 emphases", "*a **b ".repeat(60) + &"c** d* ".repeat(60), "G035"),
        ("60 raw tables", "<table><tr><td>".repeat(60) + &"</td></tr></table>".repeat(60), "G035"),
        ("columns", cells(201), "G036"),
        ("rows", "|a|\n|-|\n".to_owned() + &"|1|\n".repeat(20_001), "G036"),
        ("raw columns", format!("<table><tr>{}</tr></table>\n", "<td>1</td>".repeat(201)), "G036"),
        ("raw spans", "<table><tr><td colspan=150>1</td><td colspan=51>2</td></tr></table>\n".to_owned(), "G036"),
        ("raw rows", format!("<table>{}</table>\n", "<tr></tr>".repeat(20_001)), "G036"),
        ("links", "[a](b) ".repeat(10_001), "G036"),
        ("brackets", "[".repeat(200_000), ""),
        ("images", "![".repeat(200_000), ""),
        ("open stars", "*a ".repeat(100_000), ""),
        ("Chinese stars", "甲**“乙".repeat(20_000), ""),
        ("masks", "王**（男）、".repeat(20_000), ""),
        ("backticks", (1..1500).map(|n| "`".repeat(n) + " ").collect(), ""),
        ("backslashes", "\\".repeat(200_000) + "<!--", "G037"),
        ("open tags", "<u>".repeat(30_000), "G030"),
        ("open and close", "<u>".repeat(30_000) + &"</sub>".repeat(30_000), "G030"),
        ("open comments", "<!-- ".repeat(50_000), "G037"),
        ("open comments in a line", "甲 ".to_owned() + &"<!-- ".repeat(50_000), "G037"),
        ("attributes", "<table ".to_owned() + &"a=1 ".repeat(100_000) + "></table>\n", "G030"),
        ("half a tag", "<img ".repeat(50_000), "G030"),
        ("script", "<script>".repeat(50_000), "G030"),
        ("broken attributes", "<table ".to_owned() + &"a=\"".repeat(50_000), "G030"),
        ("same headings", "# 甲\n".repeat(20_000), ""),
        ("nested images", "![".repeat(20_000) + &"](a)".repeat(20_000), "G035"),
        ("references", "[a]: b\n".to_owned() + &"[a]".repeat(9_000), ""),
        ("half links", "[a](b c".repeat(50_000), ""),
        ("links with spaces", "[a](b c.pdf)".repeat(50_000), "G043"),
        ("ends of links with spaces", "](b c.pdf)".repeat(50_000), ""),
        ("escaped links with spaces", "\\[a](b c.pdf)".repeat(50_000), ""),
        ("footnotes", "[^1]".repeat(50_000), "G043"),
        ("200 columns", cells(200), ""),
        ("50 quotes", "> ".repeat(50) + "甲", ""),
    ]
}

#[test]
fn bombs_are_named_in_time() {
    for (name, text, code) in bombs() {
        let started = Instant::now();
        let (_, findings) = scanned(&text);
        let page = page(&text);
        // Ten times what it takes on a slow machine without optimisation.
        assert!(started.elapsed() < Duration::from_secs(20), "{name} took {:?}", started.elapsed());
        let codes: Vec<&str> = findings.iter().map(|d| d.code.as_str()).collect();
        match code {
            "" => assert!(codes.is_empty(), "{name}: {findings:?}"),
            code => assert!(codes.contains(&code), "{name}: {:?}", &codes[..codes.len().min(9)]),
        }
        assert!(findings.len() <= 1001, "{name}: {}", findings.len());
        assert!(page.len() < 60 * text.len() + 1000, "{name}: {} → {}", text.len(), page.len());
    }
}
