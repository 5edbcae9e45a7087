//! What looks like it and must pass.

use super::Row;
use crate::site_test::{PDF, PNG, SITE_TOML, channel, doc, doc_with, zip};

pub fn rows() -> Vec<Row> {
    [
        front_matter(),
        values(),
        encodings(),
        names(),
        addresses(),
        attachments(),
        references(),
        bodies(),
        links(),
        sizes(),
        configuration(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn front(name: &'static str, more: &str) -> Row {
    Row::front(name, "", more)
}

fn front_matter() -> Vec<Row> {
    vec![
        Row::raw("a byte-order mark", "", 0, format!("\u{feff}{}", doc("甲", "2014-12-04", ""))),
        Row::raw("spaces after the fence", "", 0, doc("甲", "2014-12-04", "").replace("---\n", "---  \n")),
        Row::raw("no body", "", 0, "---\ntitle: 甲\nissuer: 县政府办\npublished: 2014-12-04\n---"),
        Row::raw("dashes in the body", "", 0, doc("甲", "2014-12-04", "") + "\n---\n\n文字\n\n---\n"),
        Row::raw("lines that end as on old machines", "", 0, doc("甲", "2014-12-04", "").replace('\n', "\r\n")),
        front("a label for a key", "文号: 甲政发〔2014〕1号"),
        front("two different keys of one meaning elsewhere", "source: 甲\nauthor: 甲"),
        front("an empty field", "summary:\nauthor: ~\nsource: \"\""),
        front("a comment", "# 说明: 甲\nsummary: 甲 # 注"),
        front(
            "water at the limits of its class",
            "kind: env-weekly\nwater:\n  - [河, 断面, 6, 20, 1.0, 0.2, Ⅲ类, Ⅲ类, 达标]",
        ),
        front("a comment in a list over two lines", "keywords: [甲, # 注\n  乙]"),
        front("a comment behind an item", "keywords:\n  - 甲 # 注\n  # 另\n  - 乙"),
        front("a comment behind a list", "keywords: [甲, 乙]  # 注"),
        front("a comment behind quotes", "summary: \"甲\" # 注"),
        front("a field that was taken back", "#summary: 甲\nkeywords:\n  #- 甲\n  - 乙\n  #- 丙"),
        front("a row of number signs", "########\nsummary: 甲\n  ####\n"),
        front("a number sign in quotes", "summary: \"关于 #3 井\"\nauthor: '甲 #3'\nkeywords: [\"甲 #3\", '乙 #4']"),
        front("a number sign in quotes over two lines", "summary: \"甲\n  乙 #3\n  丙\""),
        front("a number sign in a block", "summary: |\n  甲 #3\n  #4\n  乙"),
        front("a folded block of number signs", "summary: > # 注\n  #3\n"),
        front("a hash in a word", "summary: 甲#乙"),
        front("a quoted colon", "summary: \"说明: 甲\""),
        front("a full-width colon in a value", "summary: 说明：甲"),
        front("a full-width colon after a key", "内容概述：甲"),
        front("a time in a value", "source: 9:30"),
        front("an address as a value", "source: https://www.gov.cn/a?b=c"),
        front("an ampersand in a value", "source: 甲&乙"),
        front("a star in a value", "source: 甲*乙*"),
        front("an exclamation mark in a value", "source: 甲!"),
        front("a quoted ampersand", "source: \"&甲\""),
        front("a quoted star", "source: '*甲'"),
        front("a quoted tag", "source: \"!!str 甲\""),
        front("a quoted merge key in a list", "keywords: [\"<<\", '&a', \"*b\"]"),
        front("anchors in a block text", "summary: |\n  &a *b !c <<: d"),
        front("a quote in a value", "source: 甲\"乙\""),
        front("an apostrophe in quotes", "source: 'it''s'"),
        front("brackets in a value", "source: 甲[1]{2}"),
        front("a comma behind the last", "keywords: [甲, 乙, ]"),
        front("an empty list", "keywords: []\nco_issuers:\nattachments: []"),
        front("a list at the key's column", "keywords:\n- 甲\n- 乙"),
        front("a list in a line over two lines", "keywords: [甲,\n  乙]"),
        front("a single value for a list", "keywords: 甲"),
        front("a text over two lines", "summary: 甲\n  乙"),
        front("a folded text", "summary: >-\n  甲\n  乙"),
        front("sixteen words deep in quotes", "summary: \"[[[[[[[[[[[[[[[[[\""),
        front(
            "two hundred keywords",
            &format!("keywords: [{}]", (0..200).map(|n| n.to_string()).collect::<Vec<_>>().join(", ")),
        ),
        front("nearly 64 KiB", &format!("summary: {}", "长".repeat(21_000))),
        front("notes of the office as a map", "review: {who: 李某, when: 2014-12-01}"),
        front("notes of the office as a list", "审查:\n  - 一\n  - 二"),
        front("a key in quotes", "\"summary\": 甲\n'author': 乙"),
        front("a tilde in a word", "source: ~甲"),
        front("a percent sign", "source: 甲100%"),
        front("a key written as on old pages", "\"[ 文 号 ]\": 甲政发〔2014〕1号"),
    ]
}

fn values() -> Vec<Row> {
    vec![
        front("a leap day", "written: 2012-02-29"),
        front("a day without zeros", "written: 2014-1-1"),
        front("a Chinese day", "written: 2014年1月1日"),
        front("a term without an end", "expires: 9999-12-31"),
        front("a document from long ago", "written: 1949-10-01"),
        front("midnight", "written: 2014-12-04 00:00"),
        front("the last minute", "written: 2014-12-04 23:59:59"),
        front("an end on the day it begins", "effective: 2015-01-01\nexpires: 2015-01-01"),
        front("another word for valid", "validity: 现行有效"),
        front("yes", "draft: 否\npinned: 是"),
        front("an index number as long as may be", &format!("index_no: {}", "1".repeat(64))),
        front("an index number with marks", "index_no: tcxzf-/2016-1117091"),
        front("an index number with Chinese", "index_no: 郯政办/2014-001号"),
        front("a document number of another shape", "doc_no: 国务院令第711号"),
        front("a document number of an announcement", "doc_no: 公告2014年第3号"),
        front("an organization's other name", "co_issuers: 县府办"),
        front("a class alone", "subject: 综合政务"),
        front("a subject with a full-width slash", "subject: 综合政务／政务公开"),
        front("a genre of its own", "genre: 一览"),
        front("a place of its own", "place: 马头镇/桑庄村"),
        front("terms that are names of devices", "place: [con, aux, nul.txt]\ngenre: prn"),
        front(
            "terms that are names of files",
            "place: [index.html, list_1.html, rss.xml, data_1.csv, a., '..', '.', '...']",
        ),
        front("terms with slashes", "place: [甲//乙, /丙/, 丁/../戊]"),
        front("a term of 300 characters", &format!("place: {}", "长".repeat(300))),
        front("a term of 300 letters", &format!("place: {}", "x".repeat(300))),
        front("a place of six levels", "place: 一/二/三/四/五/六"),
        front("a term of marks", "place: [\"<>\", '?', '*:|']"),
        front("a kind that climbs", "kind: ../../document"),
        front("an emoji", "summary: 甲🎉"),
        front("rare characters", "summary: 𠮷野家、㐂、〇"),
        front("Latin with accents", "summary: Café à la carte"),
        front("fullwidth digits", "issue: 第１２期"),
        front("an ideographic space", "summary: 甲　乙"),
        Row::front("a contradiction that is a warning", "", "validity: 有效\nexpires: 2015-01-01"),
    ]
}

fn encodings() -> Vec<Row> {
    let zero = "家庭\u{200d}成员";
    vec![
        front("marks that stand for themselves", "summary: “甲”‘乙’…—　·「丙」～❤\u{fe0f}"),
        Row::new(
            "words of the theme's own",
            "",
            "templates/strings/zh-CN.toml",
            0,
            "\u{feff}# 注\nhome = \"首\\u9875\"\nmine = \"我的\"\n",
        )
        .and("templates/kinds/mine.html", "{{ t.mine }}"),
        Row::raw("a zero-width joiner in a body", "", 0, doc_with("甲", "2014-12-04", "", zero)),
        Row::new(
            "a template with a byte-order mark",
            "",
            "templates/kinds/x.html",
            0,
            "\u{feff}{% extends \"document.html\" %}",
        )
        .and("content/a.md", doc("甲", "2014-12-04", "kind: x")),
        Row::new("a site.toml with a byte-order mark", "", "site.toml", 0, format!("\u{feff}{SITE_TOML}")),
        Row::new("a table with a byte-order mark", "", "content/_data/places.yaml", 0, "\u{feff}- 马头镇\n"),
        Row::new(
            "a channel with a byte-order mark",
            "",
            "content/z/_index.md",
            0,
            format!("\u{feff}{}", channel("栏目", "")),
        ),
    ]
}

fn names() -> Vec<Row> {
    let file = |name, path: &str| Row::new(name, "", path, 0, doc("甲", "2014-12-04", ""));
    vec![
        file("a Chinese name", "content/关于公告.md"),
        file("a name with spaces", "content/公告 第 1 号.md"),
        file("full-width marks", "content/公告：第＊号？＜一＞｜“二”.md"),
        file("dots inside", "content/a.b.c.md"),
        file("a name like a device", "content/console.md"),
        file("a device inside a name", "content/a.con.md"),
        file("an extension in capitals", "content/a.MD"),
        file("a name with a plus and an ampersand", "content/a+b&c.md"),
        file("a name with brackets", "content/公告（一）[2].md"),
        file("a name with a percent", "content/100%.md"),
        file("a name with a hash", "content/第#1.md"),
        file("a name with an apostrophe", "content/it's.md"),
        file("a folder without a channel", "content/z/2014/12/a.md"),
        file("a name decomposed", "content/cafe\u{301}.md"),
        file("a name of 240 bytes", &format!("content/{}.md", "长".repeat(79))),
        Row::new("a hidden file", "", "content/.secret.md", 0, "没有头信息"),
        Row::new("an editor's copy", "", "content/a.md.bak", 0, b"\xff\xfe"),
        Row::new("names that begin alike", "", "content/z/gg.md", 0, doc("甲", "2014-12-04", ""))
            .and("content/z/gg-2.md", doc("丙", "2014-12-04", "")),
        Row::new("the same name in two folders", "", "content/z/b.md", 0, doc("甲", "2014-12-04", "")),
    ]
}

fn addresses() -> Vec<Row> {
    let alias = |name, alias: &str| front(name, &format!("aliases: {alias}"));
    let slug = |name, slug: &str| front(name, &format!("slug: {slug}"));
    vec![
        slug("a slug", "gg-2014_1"),
        slug("a slug of digits", "0010"),
        slug("a slug with dots", "v1.2"),
        slug("a slug like a page", "list-3"),
        slug("a slug like an index", "index-2014"),
        slug("a slug like a device", "con-1"),
        alias("an old page", "/art/2014/12/4/art_1_2.html"),
        alias("an old folder", "/old/"),
        alias("an alias without a slash", "old/x.htm"),
        alias("a Chinese alias", "/旧站/公告.html"),
        alias("an encoded alias", "/%E6%97%A7.html"),
        alias("an alias with a dot", "/a.b/c.html"),
        alias("two aliases", "[/x.html, /y.html]"),
    ]
}

fn attachments() -> Vec<Row> {
    let with = |name, file: &str, bytes: &[u8]| {
        Row::new(name, "", &format!("content/{file}"), 0, bytes)
            .and("content/a.md", doc("甲", "2014-12-04", &format!("attachments: {file}")))
    };
    vec![
        with("a PDF", "甲.pdf", PDF),
        with("a PDF in capitals", "甲.PDF", PDF),
        with("a document of Word", "甲.docx", &zip(&["[Content_Types].xml", "word/document.xml"])),
        with("a table of Excel", "甲.xlsx", &zip(&["_rels/.rels", "[Content_Types].xml", "xl/workbook.xml"])),
        with("slides", "甲.pptx", &zip(&["[Content_Types].xml", "ppt/presentation.xml"])),
        with("an open document", "甲.odt", &zip(&["mimetype", "content.xml"])),
        with("an archive", "甲.zip", &zip(&["甲.txt"])),
        with("an archive that is a document", "甲.zip", &zip(&["[Content_Types].xml", "word/document.xml"])),
        with("an old table", "甲.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"),
        with("a file of WPS", "甲.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"),
        with("an OFD", "甲.ofd", &zip(&["OFD.xml", "Doc_0/Document.xml"])),
        with("a text that speaks of scripts", "甲.txt", "说明 <script> 标签".as_bytes()),
        with("a table with an angle bracket", "甲.csv", "甲,<5\n".as_bytes()),
        with("a text in GB18030", "甲.txt", b"\xb9\xab\xb8\xe6"),
        with("a picture", "甲.png", PNG),
        with("a JPEG", "甲.jpg", b"\xff\xd8\xff\xc0\0\x11\x08\0\x02\0\x03\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"),
        with("a GIF", "甲.gif", b"GIF89a\x02\0\x03\0\0\0\0"),
        with("a name with several dots", "甲.v1.终稿.pdf", PDF),
        with("an attachment with spaces", "甲 乙（1）.pdf", PDF),
        Row::new("an attachment in a folder", "", "content/附/甲.pdf", 0, PDF)
            .and("content/a.md", doc("甲", "2014-12-04", "attachments: 附/甲.pdf")),
        Row::new(
            "an attachment in the folder above",
            "",
            "content/z/a.md",
            0,
            doc("甲", "2014-12-04", "attachments: ../附件.pdf"),
        ),
        front("an attachment twice, which is a warning", "attachments: [附件.pdf, ./附件.pdf]"),
        front("an attachment of the whole site", "attachments: /f.pdf"),
        front("an attachment with a title", "attachments: [{file: 附件.pdf, title: \"<表>\"}]"),
        front("an attachment with a dot before it", "attachments: ./附件.pdf"),
        Row::new("a page in static", "", "static/old.html", 0, "<script>1</script>")
            .at("static/old.html", 0)
            .and("static/old.txt", "x"),
    ]
    .into_iter()
    // a page of the site's own in `static/` is copied as it is, sound or not
    .filter(|row| row.name != "a page in static")
    .collect()
}

fn references() -> Vec<Row> {
    vec![
        front("a channel", "also_in: z"),
        front("a channel with slashes", "also_in: /z/"),
        front("a target by path", "repeals: b.md"),
        front("a target by number", "interprets: b/2013-1"),
        front("a target by a path from the top", "amends: /b.md"),
        front("two relations to one document", "amends: b.md\ninterprets: b.md"),
        Row::channel("a rule", "", "select: {genre: 公告, from: 2014-01-01}")
            .and("content/a.md", doc("甲", "2014-12-04", "genre: 公告")),
        Row::channel("defaults", "", "defaults: {issuer: 县府办, genre: 公告, published: 2014-01-01, also_in: z, validity: 有效}"),
        Row::channel("a rule of one day", "", "select: {from: 2014-01-31, to: 2014-01-31}"),
        Row::channel("a rule that matches nothing", "", "select: {from: 2099-01-01}"),
        Row::channel("blocks", "", "blocks: [{type: list, limit: 3}, {type: terms, axis: year}, {type: channels}]"),
        Row::channel(
            "links of a block",
            "",
            "blocks: [{type: links, links: [{title: 甲, to: catalogue/}, {title: 乙, to: b.md}, {title: 丙, to: 'https://www.gov.cn/'}]}]",
        ),
        Row::channel("a sort and an order", "", "sort: title\norder: asc\npage_size: 5"),
        Row::new(
            "a table",
            "",
            "content/_data/places.yaml",
            0,
            "open: true\nterms:\n  - {name: 甲镇, slug: jia}\n  - 乙镇\n",
        ),
        Row::new(
            "organizations that know one another",
            "",
            "content/_data/organizations.yaml",
            0,
            "- {name: 县政府办, slug: zfb, aliases: [政府办], parent: 县政府, from: 2014-01-01, to: 2014-01-01}\n\
             - name: 县政府\n  slug: zf\n  children:\n    - {name: 县财政局, slug: czj, parent: 县政府办, to: 2019-01-31, successor: 县政府/税务局}\n    - {name: 税务局, from: 2019-01-31, parent: 县财政局}\n",
        )
        .and("content/b.md", doc("乙", "2013-12-04", "attachments: [附件.pdf, 表.csv]").replace("县政府办", "县政府")),
        Row::new("slugs that differ in more than case", "", "content/_data/places.yaml", 0, "- {name: 甲, slug: jia}\n- {name: 乙, slug: JIA-2}\n"),
        Row::new("a table with the mark of a document", "", "content/_data/places.yaml", 0, "---\n- 马头镇\n"),
        Row::new("an alias below two names", "", "content/_data/places.yaml", 0, "- {name: 甲, children: [{name: 其他, aliases: [别的]}]}\n- {name: 乙, aliases: [乙], children: [{name: 其他, aliases: [别的]}]}\n"),
        Row::new("an empty table", "", "content/_data/audiences.yaml", 0, ""),
    ]
}

fn bodies() -> Vec<Row> {
    let one = |name, body: &str| Row::body(name, "", body);
    vec![
        one("a script in code", "`<script>alert(1)</script>`"),
        one("a script in a block of code", "```html\n<script>alert(1)</script>\n```"),
        one("an escaped tag", "\\<script> 和 &lt;iframe&gt;"),
        one("less and more", "1 < 2，3 > 2，收入<支出"),
        one("a table of HTML", "<table><caption>表</caption><tr><th scope=\"col\" colspan=\"2\">甲</th></tr><tr><td rowspan='2'>乙</td><td align=right>丙</td></tr></table>"),
        one("masked names in a table of HTML", "<table><tr><td>张**、李** 王**</td><td>张**和李**</td><td>李**（配偶赵**）</td></tr></table>"),
        one("masked numbers in a table of HTML", "<table><tr><td>3713**1990**12</td><td>139****1234</td><td>2**3**4</td><td>甲*，乙*</td></tr></table>"),
        one("notes in a table of HTML", "<table><tr><td>见[1](2)、〔2014〕、[附件](见下)、! [1]</td><td>118°20`35`</td></tr></table>"),
        one("asterisks by their numbers", "<table><tr><td>&#42;&#42;甲&#42;&#42;</td><td>&#91;甲](b.md)</td></tr></table>"),
        one("Markdown in a cell", "<table><tr><td>\n\n**甲**，[乙](https://a.cn/)\n\n</td></tr></table>\n\n**丙**"),
        one("a comment in a body", "<!-- 编辑说明 -->"),
        one("a comment with a script", "<!-- <script>alert(1)</script> -->"),
        one("a comment over lines", "<!--\n\n说明\n\n-->"),
        one("breaks and small letters", "甲<br>乙 H<sub>2</sub>O m<sup>2</sup> <u>丙</u>"),
        one("an info string with quotes", "```\"><script>\nx\n```"),
        one("an info string of spaces", "```html onload=alert(1) \"x\"\nx\n```"),
        one("a title with quotes", "[甲](https://a.cn/ \"乙\\\"><script>\")"),
        one("an alternative text with quotes", "![甲\"> 'onerror=](/p.png \"'onerror='\")"),
        one("a heading with a tag", "# `<script>` 与 \"引号\""),
        one("a heading twice", "# 总则\n\n# 总则\n\n# 总则-1"),
        one("a heading named like the page's parts", "# main\n\n# top"),
        one("a template in a body", "{{ site.name }} {% include \"x\" %}").line(0),
        one("a table with bars", "| 甲\\|乙 | `|` |\n|---|---|\n| 1 | 2 |"),
    ]
    .into_iter()
    // braces of a template are text, which the checker of pages takes for a template's rest
    .filter(|row| row.name != "a template in a body")
    .collect()
}

fn links() -> Vec<Row> {
    let one = |name, address: &str| Row::body(name, "", &format!("[甲]({address})"));
    vec![
        one("an address that speaks of javascript", "https://a.cn/javascript:alert(1)"),
        Row::body("javascript as text", "", "javascript:alert(1)"),
        one("a link to a document", "b.md"),
        one("a link with a dot", "./b.md"),
        one("a link from the top", "/b.md"),
        one("a link to a channel", "z/"),
        one("a link to a channel's file", "z/_index.md"),
        one("a link by number", "索引号:b/2013-1"),
        one("a link to a file", "附件.pdf"),
        one("an encoded link", "%E9%99%84%E4%BB%B6.pdf"),
        one("a link to a file of the whole site", "/f.pdf"),
        one("a link with a mark before its heading", "b.md#"),
        one("a link to a file with a mark alone", "附件.pdf#"),
        one("the highest port", "https://a.cn:65535/"),
        one("mail with a subject", "mailto:a@b.cn?subject=%E7%94%B3%E8%AF%B7"),
        Row::body("a link of code", "", "[`甲`](b.md)、[**乙**](b.md)、[2014](b.md)、[！](b.md)"),
        Row::body("a link around an image with a text", "", "[![甲](/p.png)](b.md)、[![甲](/p.png) 乙](https://a.cn/)"),
        Row::body("an escaped link without an address", "", "\\[甲]()、\\[](b.md)、`[]()`"),
        Row::channel(
            "a link of a block to another host",
            "",
            "blocks: [{type: links, links: [{title: 甲, to: 'https://a.cn:8443/x?y#z'}]}]",
        ),
        one("a link with a space in angle brackets", "<附 1.pdf>").and("content/附 1.pdf", PDF),
        one("a link with an encoded space", "附%201.pdf").and("content/附 1.pdf", PDF),
        one("a link with an encoded hash", "附件%231.pdf").and("content/附件#1.pdf", PDF),
        one("a link with an encoded hash and an anchor", "第%231.md#总则")
            .and("content/第#1.md", doc_with("乙", "2014-12-04", "", "## 总则")),
        Row::body("an image with an encoded hash", "", "![甲](图%231.png)").and("content/图#1.png", PNG),
        Row::body(
            "a remark after a bracket",
            "",
            "[注] (说明 一)、[1](见 附件)、[2](见 3.5 节)、［3］(a b.pdf)、甲](a b.pdf)",
        ),
        Row::body("an escaped link", "", "\\[1](见 附件.pdf)、[2\\](a b.pdf)"),
        Row::body(
            "what is no link in code",
            "",
            "`![图](图 1.png)` `[^1]`\n\n```\n[x](a b.pdf)\n[^1]: 甲\n```\n\n    [x](a b.pdf)",
        ),
        Row::body("what is no footnote", "", "\\[^1]、[^0-9]、[^]、[^ 1]、x^2、[甲^1]、[^\n1]"),
        one("mail", "mailto:a@b.cn"),
        one("a telephone", "tel:+865390000000"),
        one("a port", "https://a.cn:8443/x"),
        one("an address in Chinese", "https://例子.中国/路径?甲=乙#丙"),
        one("an address with an at sign in its path", "https://a.cn/@b"),
        one("HTTPS in capitals", "HTTPS://A.CN/"),
        Row::body("an automatic mail address", "", "<a@b.cn>"),
        Row::body("a reference to a document", "", "[甲][x]\n\n[x]: b.md \"标题\""),
        Row::body("a reference that is not there", "", "[甲][y]"),
        Row::body("an image", "", "![甲](/p.png)"),
        Row::body("a link around an image", "", "[![甲](/p.png)](b.md)"),
        Row::body("a heading by its text", "", "# 第一条 总则\n\n[甲](#第一条总则)"),
    ]
}

fn sizes() -> Vec<Row> {
    let cells = |n: usize| format!("{}|\n{}|\n{}|\n", "|a".repeat(n), "|-".repeat(n), "|1".repeat(n));
    vec![
        Row::body("quotes 50 deep", "", &format!("{}甲", "> ".repeat(50))),
        Row::body("200 columns", "", &cells(200)),
        Row::body("20,000 rows", "", &format!("|甲|\n|-|\n{}", "|1|\n".repeat(19_998))),
        Row::body("9,000 links", "", &"[a](b.md) ".repeat(9_000)),
        Row::body("a long line", "", &"长".repeat(100_000)),
        Row::new(
            "nearly 4 MiB",
            "",
            "content/a.md",
            0,
            doc_with("甲", "2014-12-04", "", &"长文字。\n".repeat(300_000)),
        ),
    ]
}

fn configuration() -> Vec<Row> {
    let one = |name, more: &str| Row { code: "", ..Row::config(name, 0, more) };
    vec![
        one(
            "every setting",
            "undertaker = \"甲\"\ncontact = \"乙\"\naddress = \"丙\"\nicp = \"\"\npolice = \"\"\nlevel = \"department\"\npalette = \"blue\"\nlogo = \"/p.png\"\nfavicon = \"/p.png\"\nnav = [\"/z/\"]\ndescription = \"丁\"\npage_size = 5\n\n[[catalogue.crossing]]\naxes = [\"issuer\", \"year\", \"validity\"]\n",
        ),
        ["c1", "c2", "c3", "c4", "c5", "c6", "c7"].into_iter().fold(
            one("eight items of navigation", "nav = [\"z\", \"c1\", \"c2\", \"c3\", \"c4\", \"c5\", \"c6\", \"c7\"]\n"),
            |row, name| row.and(&format!("content/{name}/_index.md"), channel("栏目", "")),
        ),
        one("no navigation", "nav = []\n"),
        one("an emblem for a county", "level = \"county-government\"\nemblem = \"/p.png\"\n"),
        one(
            "axes crossed the other way round",
            "[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n\n[[catalogue.crossing]]\naxes = [\"year\", \"issuer\"]\n",
        ),
        one("axes by their Chinese names", "[[catalogue.crossing]]\naxes = [\"发布机构\", \"年份\"]\n"),
        Row::new(
            "an address with a path",
            "",
            "site.toml",
            0,
            "[site]\nname = \"甲\"\nbase_url = \"https://例子.cn/a/\"\norganizer = \"乙\"\n",
        ),
    ]
}
