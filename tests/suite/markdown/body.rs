//! What a body becomes: the page, and what the stages learn of it.

use std::sync::Arc;

use gongkai::model::LinkKind;
use gongkai::parse::markdown::{Target, scan, to_html};

use super::{page, scanned, shown};

/// Bodies that end with a signature, and bodies that only look so: the paragraphs at the right end.
#[test]
fn a_signature_stands_at_the_right_end() {
    for (body, signed) in [
        ("特此通知。\n\n郯城县人民政府办公室\n\n2014年12月4日\n", vec!["郯城县人民政府办公室", "2014年12月4日"]),
        (
            "特此公告\n\n县财政局  \n县民政局  \n二〇一四年十二月四日\n\n（此件公开发布）",
            vec!["县财政局<br>\n县民政局<br>\n二〇一四年十二月四日"],
        ),
        (
            "甲。\n\n县发展和改革局　　县财政局\n\n县民政局（章）\n\n2014 年 5 月 4 日\n\n## 附件",
            vec!["县发展和改革局　　县财政局", "县民政局（章）", "2014 年 5 月 4 日"],
        ),
        ("2014年12月4日", vec!["2014年12月4日"]),
        ("县　长　某某\n\n2014年12月4日", vec!["2014年12月4日"]),
        ("县长　某某\n\n2014年12月4日", vec!["县长　某某", "2014年12月4日"]),
        // no signature
        ("县财政局：\n\n2014年12月4日起施行。", vec![]),
        ("县财政局\n\n请各单位照此执行。\n\n县民政局", vec![]),
        ("附件：县财政局\n\n甲", vec![]),
        ("- 县财政局\n\n- 2014年12月4日\n\n甲", vec![]),
        ("> 县财政局\n>\n> 2014年12月4日", vec![]),
        ("会议时间：2014年12月4日\n\n2014年底", vec![]),
    ] {
        let html = page(body);
        let found: Vec<&str> =
            html.split("<p class=\"sign\">").skip(1).filter_map(|rest| rest.split("</p>").next()).collect();
        assert_eq!(found, signed, "{body}\n{html}");
    }
}

/// (text, page)
const PAGES: &[(&str, &str)] = &[
    ("甲\n乙\n", "<p>甲乙</p>\n"),
    ("甲，\r\n“乙”\r\n丙\r\n", "<p>甲，“乙”丙</p>\n"),
    ("甲\nabc\n", "<p>甲\nabc</p>\n"),
    ("甲  \n乙\n", "<p>甲<br>\n乙</p>\n"),
    ("> 甲\n> 乙\n", "<blockquote>\n<p>甲乙</p>\n</blockquote>\n"),
    ("## 一、总则\n", "<h2 id=\"s-一总则\">一、总则</h2>\n"),
    (
        "# 标题\n\n## 一\n\n###### 二\n",
        "<h2 id=\"s-标题\">标题</h2>\n<h3 id=\"s-一\">一</h3>\n<h4 id=\"s-二\">二</h4>\n",
    ),
    ("- 甲\n- 乙\n", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n"),
    ("3. 甲\n4. 乙\n", "<ol start=\"3\">\n<li>甲</li>\n<li>乙</li>\n</ol>\n"),
    ("---\n", "<hr>\n"),
    // an address may be broken, so that the line before it is not torn apart; nothing is added to what is copied
    (
        "见https://www.example.gov.cn/zwgk/a0123456789bcdef.pdf。",
        "<p>见https://<wbr>www.<wbr>example.<wbr>gov.<wbr>cn/zwgk/<wbr>a0123456789b<wbr>cdef.<wbr>pdf。</p>\n",
    ),
    (
        "见 World Health Organization 和 a.example.gov.cn/b",
        "<p>见 World Health Organization 和 a.example.gov.cn/b</p>\n",
    ),
    ("`e3b0c44298fc1c149afbf4c8`", "<p><code>e3b0c44298fc<wbr>1c149afbf4c8</code></p>\n"),
    ("```rust\nfn <>\n```\n", "<pre tabindex=\"0\"><code class=\"language-rust\">fn &lt;&gt;\n</code></pre>\n"),
    ("```\" onclick=\"x\n甲\n```\n", "<pre tabindex=\"0\"><code>甲\n</code></pre>\n"),
    ("```表格\n甲\n```\n", "<pre tabindex=\"0\"><code>甲\n</code></pre>\n"),
    ("*甲* **乙** ~~丙~~ `丁<`", "<p><em>甲</em> <strong>乙</strong> <del>丙</del> <code>丁&lt;</code></p>\n"),
    // links
    ("[甲](a.md)", "<p><a href=\"#0\">甲</a></p>\n"),
    ("[甲](a.md \"乙\\\"<>&'\")", "<p><a href=\"#0\" title=\"乙&quot;&lt;&gt;&amp;&#39;\">甲</a></p>\n"),
    (
        "[甲](https://a.cn/乙?c=1&d=\"2\")",
        "<p><a href=\"https://a.cn/%E4%B9%99?c=1&amp;d=%222%22\" rel=\"external\">甲</a></p>\n",
    ),
    ("<a@b.cn>", "<p><a href=\"mailto:a@b.cn\">a@b.cn</a></p>\n"),
    ("[甲](tel:0539-622)", "<p><a href=\"tel:0539-622\">甲</a></p>\n"),
    ("[甲](javascript:x)", "<p>甲</p>\n"),
    ("![甲\"](a.png)", "<p><img src=\"#0\" alt=\"甲&quot;\" loading=\"lazy\"></p>\n"),
    (
        "![**甲** [乙](b.md)](a.png \"丙\")[丁](c.md)",
        "<p><img src=\"#0\" alt=\"甲 乙\" loading=\"lazy\" title=\"丙\"><a href=\"#2\">丁</a></p>\n",
    ),
    ("[![甲](a.png)](b.md)", "<p><a href=\"#0\"><img src=\"#1\" alt=\"甲\" loading=\"lazy\"></a></p>\n"),
    // tables
    (
        "|甲|乙|丙|\n|:-|:-:|-:|\n|1|2|3|\n",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"表格\"><table>\n<thead>\n<tr>\
         <th scope=\"col\" class=\"ta-l\">甲</th><th scope=\"col\" class=\"ta-c\">乙</th><th scope=\"col\" class=\"ta-r\">丙</th></tr>\n\
         </thead>\n<tbody>\n<tr><td class=\"ta-l\">1</td><td class=\"ta-c\">2</td><td class=\"ta-r\">3</td></tr>\n\
         </tbody>\n</table>\n</div>\n",
    ),
    (
        "<TABLE>\n<tr><td ALIGN=\"Right\" colspan='2'>甲 & 乙&nbsp;&lt;&copy x</td></tr>\n</table>\n",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"表格\"><table>\n\
         <tr><td class=\"ta-r\" colspan=\"2\">甲 &amp; 乙&nbsp;&lt;&amp;copy x</td></tr>\n</table></div>\n",
    ),
    (
        "<table>\n<tr><td>\n\n**甲**\n\n|乙|\n|-|\n\n</td></tr>\n</table>\n\n丙\n",
        "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"表格\"><table>\n<tr><td>\n<p><strong>甲</strong></p>\n\
         <table>\n<thead>\n<tr><th scope=\"col\">乙</th></tr>\n</thead>\n<tbody>\n</tbody>\n</table>\n</td></tr>\n</table></div>\n<p>丙</p>\n",
    ),
    // raw HTML
    ("甲<BR/>乙<!-- 丙 --><u>丁</u>", "<p>甲<br>乙<u>丁</u></p>\n"),
    ("<!-- 甲\n\n乙 -->\n\n丙\n", "<p>丙</p>\n"),
    ("<br>\n甲 & 乙\n", "<p><br>\n甲 &amp; 乙\n</p>\n"),
    ("<div onclick=x>甲</div>\n", "<p>&lt;div onclick=x&gt;甲&lt;/div&gt;\n</p>\n"),
];

#[test]
fn pages() {
    for (text, wanted) in PAGES {
        assert_eq!(page(text), *wanted, "{text:?}");
    }
}

#[test]
fn images_have_their_size() {
    let html = to_html("![甲](a.png)", &|_| Some(Target { href: "a%20b.png".to_owned(), size: Some((640, 480)) }));
    assert_eq!(html, "<p><img src=\"a%20b.png\" alt=\"甲\" width=\"640\" height=\"480\" loading=\"lazy\"></p>\n");
}

#[test]
fn links_without_target_are_text() {
    assert_eq!(to_html("[甲](a.md)![乙](b.png)", &|_| None), "<p>甲乙</p>\n");
}

#[test]
fn headings() {
    let text =
        "## 一、总 则！\n## 一、总则\n## 总则\n## 总则\n## 总则 2\n## ！！\n## 1\n## 。\n## A `B`<br>![丙](x.png)\n";
    let (body, _) = scanned(text);
    let got: Vec<(&str, &str)> = body.headings.iter().map(|h| (&*h.id, &*h.text)).collect();
    let wanted = [
        ("s-一总-则", "一、总 则！"),
        ("s-一总则", "一、总则"),
        ("s-总则", "总则"),
        ("s-总则-3", "总则"),
        ("s-总则-2", "总则 2"),
        ("s-2", "！！"),
        ("s-1", "1"),
        ("s-3", "。"),
        ("s-a-b-丙", "A B 丙"),
    ];
    assert_eq!(got, wanted);
    let html = page(text);
    body.headings.iter().for_each(|h| assert!(html.contains(&format!(" id=\"{}\">", h.id)), "{html}"));
    let (long, _) = scanned(&format!("## {}\n", "长".repeat(100)));
    assert_eq!(long.headings[0].id.chars().count(), 42);
}

/// The page's title is of level 1, and no level below it is left out.
#[test]
fn heading_levels_leave_the_first_to_the_page_and_skip_none() {
    let levels = |text: &str| scanned(text).0.headings.iter().map(|h| h.level).collect::<Vec<_>>();
    assert_eq!(levels("## 甲\n### 乙\n"), [2, 3]);
    assert_eq!(levels("甲\n===\n乙\n---\n"), [2, 3]);
    assert_eq!(levels("### 甲\n#### 乙\n### 丙\n"), [2, 3, 2]);
    assert_eq!(levels("## 甲\n# 乙\n###### 丙\n"), [2, 2, 3]);
    assert_eq!(levels("# 甲\n#### 乙\n### 丙\n## 丁\n### 戊\n# 己\n"), [2, 3, 3, 3, 4, 2]);
    assert_eq!(levels("# 1\n## 2\n### 3\n#### 4\n##### 5\n###### 6\n# 7\n"), [2, 3, 4, 5, 6, 6, 2]);
    // their ids are of their texts alone
    let ids = |text: &str| scanned(text).0.headings.iter().map(|h| h.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids("### 甲\n# 甲\n"), ids("# 甲\n## 甲\n"));
}

/// (text, the labels of its tables)
const LABELS: &[(&str, &[&str])] = &[
    ("|甲|\n|-|\n", &["表格"]),
    ("|甲|\n|-|\n\n|乙|\n|-|\n", &["表格 1", "表格 2"]),
    ("|甲|\n|-|\n\n<table><tr><td>乙</td></tr></table>\n\n> |丙|\n> |-|\n", &["表格 1", "表格 2", "表格 3"]),
    ("<table><caption>收入表</caption><tr><td>乙</td></tr></table>", &["收入表"]),
    (
        "<table>\n<caption align=left>\n“三公”<br>经费&nbsp;<sub>万元</sub> \" onclick='x' & &amp;\n</caption>\n<tr><td>乙</td></tr></table>\n\n|甲|\n|-|\n",
        &["“三公” 经费&nbsp;万元 &quot; onclick=&#39;x&#39; &amp; &amp;", "表格 2"],
    ),
    // the caption of a table in a table is not that of the outer one
    (
        "<table><tr><td>\n<table><caption>里面</caption><tr><td>甲</td></tr></table>\n</td></tr></table>\n\n<table><caption> </caption><tr><td>乙</td></tr></table>",
        &["表格 1", "表格 2"],
    ),
];

/// Whoever goes from table to table by ear hears which is which.
#[test]
fn tables_are_labelled_by_their_captions_or_numbers() {
    for (text, wanted) in LABELS {
        let html = page(text);
        let labels: Vec<&str> =
            html.split("aria-label=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(labels, *wanted, "{html}");
        let mut findings = Vec::new();
        let path = Arc::from("content/a.md");
        let put = |written: String| assert_eq!(written, html);
        gongkai::parse::markdown::scan_and_write(text, 0, &path, &put, &mut findings);
    }
}

#[test]
fn internal_links_in_order_with_their_places() {
    let text = "# [甲](a.md)\n\n![图](b.png) [乙](<c d.pdf> \"题\") <https://a.cn> [丙][1] [丁](#s-甲) [戊](索引号:X/1)\n\
                [己](a&amp;b.md) [![图](e.png)](f.md) [a]()\n\n[1]: g.md\n";
    let mut findings = Vec::new();
    let body = scan(text, 1000, &Arc::from("content/a.md"), &mut findings);
    // one without an address counts, so that the n-th is the n-th in the HTML
    assert!(findings.len() == 1 && findings[0].message == "链接没有地址", "{findings:?}");
    let place = |link: &gongkai::model::Link| {
        let range = link.target.span.range();
        &text[range.start - 1000..range.end - 1000]
    };
    let got: Vec<(bool, &str, &str)> =
        body.links.iter().map(|link| (link.kind == LinkKind::Image, &*link.target.value, place(link))).collect();
    let wanted = [
        (false, "a.md", "a.md"),
        (true, "b.png", "b.png"),
        (false, "c d.pdf", "c d.pdf"),
        (false, "g.md", "[丙][1]"),
        (false, "#s-甲", "#s-甲"),
        (false, "索引号:X/1", "索引号:X/1"),
        (false, "a&b.md", "[己](a&amp;b.md)"),
        (false, "f.md", "f.md"),
        (true, "e.png", "e.png"),
        (false, "", "[a]()"),
    ];
    assert_eq!(got, wanted);
    assert_eq!(body.start, 1000);
}

#[test]
fn findings_have_places_in_the_file() {
    let mut findings = Vec::new();
    scan("甲\n<b>乙</b>\n", 100, &Arc::from("content/a.md"), &mut findings);
    let span = findings[0].span.expect("a place");
    assert_eq!((span.start, span.end), (104, 107));
    assert_eq!(&*findings[0].path, "content/a.md");
    assert_eq!(findings[0].message, "不允许的 HTML 标签 <b>");
    assert_eq!(findings[0].help.as_deref(), Some("加粗写作 **文字**"));
}

/// A marker of the repair before a finding does not shift it.
#[test]
fn findings_have_places_beside_repaired_emphasis() {
    let text = "**注意：**内容**“甲”**乙<b>丙</b> [丁](javascript:x)";
    let (_, findings) = scanned(text);
    let places: Vec<&str> = findings.iter().map(|d| &text[d.span.expect("a place").range()]).collect();
    assert_eq!(places, ["<b>", "javascript:x"]);
}

/// Nobody sees on the page what was meant to be a link.
#[test]
fn what_was_meant_to_be_a_link_is_named_where_its_address_stands() {
    let text = "**“甲”**乙[**丙**](a b.pdf \"题\") | ![图 [1]](../图 1.png)\n\n|[丁](戊 1.docx)|\n|-|\n|[己](https://a.cn/a b)[^注1]|\n";
    let (_, findings) = scanned(text);
    let wanted = [r#"G043 "a b.pdf""#, r#"G043 "../图 1.png""#, r#"G043 "戊 1.docx""#, r#"G043 "https://a.cn/a b""#];
    assert_eq!(shown(text, &findings), [&wanted[..], &[r#"G043 "[^注1]""#]].concat());
    assert_eq!(findings[0].message, "链接的地址“a b.pdf”里有空格，没有成为链接");
    assert_eq!(findings[1].message, "图片的地址“../图 1.png”里有空格，没有成为图片");
    assert_eq!(findings[1].help.as_deref(), Some("写作 (<../图 1.png>)，或把空格写作 %20；若是文字，写作 \\["));
    // the footnote's note makes it a link for the parser; it is one for nobody
    let (body, findings) = scanned("甲[^1] [乙](b.md)\n\n[^1]: 丙\n");
    assert_eq!(findings.len(), 1);
    assert_eq!(body.links.len(), 2);
}

#[test]
fn all_findings_of_a_body_are_listed() {
    let text =
        "<b>甲</b>\n\n[乙](javascript:x)\n\n![](a.png)\n\n<table><tr><td style=x>丙</td></tr></table>\n\n丁 <!-- 戊";
    let codes: Vec<&str> = scanned(text).1.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["G030", "G031", "G038", "G030", "G037"]);
}

/// Full-width spaces that authors indent paragraphs with: the page does that.
#[test]
fn paragraphs_are_indented_once() {
    assert_eq!(page("　　第一段。\n\n　　**第二**段。"), "<p>第一段。</p>\n<p><strong>第二</strong>段。</p>\n");
    assert_eq!(page("甲\n　　乙"), "<p>甲乙</p>\n");
    // where the author broke the line, and inside it, they stay
    assert_eq!(page("甲\\\n　　乙　丙"), "<p>甲<br>\n　　乙　丙</p>\n");
}
