//! What must be refused.

use super::Row;
use crate::site_test::{PDF, SITE_TOML, channel, doc, doc_with, zip};

pub fn rows() -> Vec<Row> {
    [
        front_matter(),
        comments(),
        values(),
        encodings(),
        hidden(),
        names(),
        addresses(),
        attachments(),
        references(),
        html(),
        links(),
        bombs(),
        configuration(),
        base_urls(),
        templates(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn front_matter() -> Vec<Row> {
    let big = format!("title: 甲\nissuer: 县政府办\npublished: 2014-12-04\nsummary: {}", "长".repeat(30_000));
    let bomb = format!("keywords: {}{}", "[".repeat(40), "]".repeat(40));
    let deep: String = (0..40).map(|depth| format!("{}- \n", "  ".repeat(depth))).collect();
    vec![
        Row::raw("no front matter", "G010", 1, "# 甲\n\n正文\n"),
        Row::raw("an empty file", "G010", 1, ""),
        Row::raw("front matter without end", "G010", 1, "---\ntitle: 甲\nissuer: 县政府办\n"),
        Row::raw("four dashes", "G010", 1, "----\ntitle: 甲\n----\n"),
        Row::raw("a blank line before the front matter", "G010", 1, "\n---\ntitle: 甲\n---\n"),
        Row::raw("TOML front matter", "G010", 1, "+++\ntitle = \"甲\"\n+++\n"),
        Row::front("an unknown key", "G011", "titel: 乙").says("title"),
        Row::front("an unknown Chinese key", "G011", "索引好: 乙").says("索引号"),
        Row::front("a key of another generator", "G011", "layout: post"),
        Row::front("a key in capitals", "G011", "Title: 乙").says("title"),
        Row::front("a key twice", "G012", "title: 乙"),
        Row::front(
            "a class of water that does not follow",
            "G085",
            "kind: env-weekly\nwater:\n  - [河, 断面, 5.2, 18, 1.14, 0.12, Ⅲ类, Ⅲ类, 达标]",
        )
        .line(7),
        Row::front("a key and its label", "G012", "标题: 乙"),
        Row::front("two labels of one key", "G012", "文号: 甲\n发文字号: 甲").line(6),
        Row::head("no title", "G014", 1, "issuer: 县政府办\npublished: 2014-12-04").says("标题"),
        Row::head("no issuer", "G014", 1, "title: 甲\npublished: 2014-12-04").says("发布机构"),
        Row::head("no date", "G014", 1, "title: 甲\nissuer: 县政府办").says("公开日期"),
        Row::head("an empty title", "G014", 1, "title: \"\"\nissuer: 县政府办\npublished: 2014-12-04"),
        Row::head("a list instead of fields", "G013", 2, "- title: 甲\n- issuer: 乙"),
        Row::head("a text instead of fields", "G013", 2, "只是一句话"),
        Row::head("JSON", "G013", 2, "{\"title\": \"甲\"}"),
        Row::front("a list as a title", "G013", "source: [甲, 乙]"),
        Row::front("a map as a text", "G013", "source: {甲: 乙}"),
        Row::front("a map in a list", "G013", "keywords: [{甲: 乙}]"),
        Row::front("a colon without quotes", "G013", "summary: 说明: 甲"),
        Row::front("no space after the colon", "G013", "summary:说明"),
        Row::front("an open quote", "G013", "summary: \"说明"),
        Row::front("text after a quote", "G013", "summary: \"说明\" 甲"),
        Row::front("an open bracket", "G013", "keywords: [甲, 乙"),
        Row::front("a tab as indentation", "G013", "keywords:\n\t- 甲").line(6),
        Row::front("a line indented too far", "G013", "   summary: 甲"),
        Row::front("a line that is no field", "G013", "这是说明"),
        Row::front("a list item without a field", "G013", "- 甲"),
        Row::front("an anchor", "G016", "source: &a 甲"),
        Row::front("an alias", "G016", "source: *a"),
        Row::front("a tag", "G016", "source: !!str 甲"),
        Row::front("a tag that runs something", "G016", "source: !!python/object/apply:os.system [ls]"),
        Row::front("a merge key", "G016", "<<: {title: 甲}"),
        Row::front("an anchor in a list", "G016", "keywords: [&a 甲, *a]"),
        Row::front("a billion laughs", "G016", "keywords: [&a [x,x], &b [*a,*a], &c [*b,*b]]"),
        Row::front("brackets as deep as a bomb", "G013", &bomb),
        Row::front("lists as deep as a bomb", "G013", &format!("keywords:\n{deep}")).line(22),
        Row::head("more than 64 KiB", "G005", 1, &big),
        Row::front(
            "two hundred and one keywords",
            "G013",
            &format!("keywords: [{}]", (0..201).map(|n| n.to_string()).collect::<Vec<_>>().join(", ")),
        ),
        Row::front("an empty item", "G013", "keywords: [甲, \"\", 乙]").says("空"),
        Row::front("a comma too many", "G013", "keywords: [甲, ,乙]").says("逗号"),
        Row::front("a comma before the first", "G013", "keywords: [,甲]").says("逗号"),
        Row::front("a dash too many", "G013", "keywords:\n  - 甲\n  -\n").line(7),
        Row::front("a dash and a space too many", "G013", "co_issuers:\n  - \n  - 县财政局\n").line(6),
        Row::front("an empty attachment", "G013", "attachments:\n  - 附件.pdf\n  -\n").line(7),
        Row::front("an attachment with an empty name", "G014", "attachments: [{file: \"\", title: 甲}]"),
        Row::front("a list of lists", "G013", "keywords:\n  - [甲]").line(6),
        Row::front("a map under a text", "G013", "summary:\n  甲: 乙").line(6),
        Row::front("an attachment without a file", "G014", "attachments:\n  - {title: 甲}").line(6),
        Row::front("an attachment with an unknown key", "G011", "attachments:\n  - {file: 附件.pdf, url: x}").line(6),
    ]
}

/// YAML takes ` #` for the beginning of a comment; what follows would be lost in silence.
fn comments() -> Vec<Row> {
    let front = |name, more: &str| Row::front(name, "G013", more).says("注释");
    let table = |name, line, text: &str| Row::new(name, "G013", "content/_data/places.yaml", line, text).says("注释");
    vec![
        Row::head(
            "a number sign in a title",
            "G013",
            2,
            "title: 关于 #3 井的批复\nissuer: 县政府办\npublished: 2014-12-04",
        )
        .says("“#3 井的批复”"),
        front("a value that begins with a number sign", "summary: #3 井"),
        front("a number sign after a tab", "summary: 甲\t#3"),
        front("a number sign at the end", "summary: 甲 #"),
        front("a number sign after quotes", "summary: \"甲\" #3"),
        front("a number sign in an item", "keywords:\n  - 甲 #3").line(6),
        front("an item that begins with a number sign", "keywords:\n  - #3\n  - 甲").line(6),
        front("a number sign in a list", "keywords: [甲 #3, 乙]"),
        front("a number sign after a list", "keywords: [甲, 乙] #3"),
        front("a number sign in a list over two lines", "keywords: [甲, #3\n  乙]"),
        front("a number sign in a map", "attachments: [{file: 附件.pdf, title: 表 #3}]"),
        front("a number sign in a map over two lines", "attachments:\n  - {file: 附件.pdf, title: 表 #3\n    }")
            .line(6),
        front("a number sign in a second line", "summary: 甲\n  乙 #3").line(6),
        front("a second line that begins with a number sign", "summary: 甲\n  #3 井\nsource: 乙").line(6),
        front("a first line below its key that begins with a number sign", "summary:\n  #3 井").line(6),
        front("a number sign above a text below its key", "summary:\n  #3 井\n  甲").line(6),
        front("a number sign in the middle of a text", "summary: 甲\n  #3 井\n  乙").line(6),
        front("a number sign behind the mark of a block", "summary: | #3\n  甲"),
        front("a full-width colon and a number sign", "内容概述：甲 #3"),
        front("a number sign in notes", "review: 甲 #3"),
        Row::channel("a number sign in a channel's description", "G013", "description: 甲 #3"),
        Row::channel("a number sign in a default", "G013", "defaults:\n  series: 甲 #3").line(4),
        Row::channel("a number sign in a rule", "G013", "select:\n  - {keywords: [甲, 乙 #3]}").line(4),
        table("a number sign in a table", 1, "- 甲镇 #3\n"),
        table("a number sign in a term", 2, "- 乙镇\n- {name: 甲镇 #3, slug: jia}\n"),
        table("a number sign in a term's name", 1, "- name: 甲镇 #3\n  slug: jia\n"),
    ]
}

fn values() -> Vec<Row> {
    vec![
        Row::head("a thirteenth month", "G015", 4, "title: 甲\nissuer: 县政府办\npublished: 2014-13-01"),
        Row::head("the thirtieth of February", "G015", 4, "title: 甲\nissuer: 县政府办\npublished: 2014年2月30日"),
        Row::front("a year of long ago", "G015", "written: 1014-12-04"),
        Row::front("a year far ahead", "G015", "updated: 2914-12-04"),
        Row::front("letters in a date", "G015", "written: 2014-1-1x"),
        Row::front("the 29th of February in no leap year", "G015", "written: 2015-02-29"),
        Row::front("a date the other way round", "G015", "written: 04-12-2014"),
        Row::front("a year alone", "G015", "written: 2014"),
        Row::front("a date in words", "G015", "written: 二〇一四年十二月四日"),
        Row::front("an hour too many", "G015", "written: 2014-12-04 25:00"),
        Row::front("a date in two digits", "G015", "written: 14-12-04"),
        Row::front("mixed separators", "G015", "written: 2014-12/04"),
        Row::front("no end in force before the beginning", "G022", "effective: 2015-01-01\nexpires: 2014-01-01")
            .line(6),
        Row::front("an unknown disclosure", "G020", "disclosure: 公开一下"),
        Row::front("an unknown validity", "G020", "validity: 有笑").says("有效"),
        Row::front("a draft of maybe", "G020", "draft: maybe"),
        Row::front("an index number with spaces", "G018", "index_no: a b"),
        Row::front("an index number of marks alone", "G018", "index_no: '-/-'"),
        Row::front("an index number of 65 characters", "G018", &format!("index_no: {}", "1".repeat(65))),
        Row::front("a document number of 101 characters", "G023", &format!("doc_no: {}", "号".repeat(101))),
        Row::head("an unknown organization", "G021", 3, "title: 甲\nissuer: 县财证局\npublished: 2014-12-04")
            .says("县财政局"),
        Row::front("an unknown subject", "G021", "subject: 综合政务/政务公天").says("政务公开"),
        Row::front("a subject below its class", "G021", "subject: 政务公开").says("综合政务/政务公开"),
        Row::front("a place of a thousand levels", "G021", &format!("place: {}", vec!["x"; 1000].join("/"))),
        Row::front("a category of nothing but separators", "G021", "category: ['//']"),
        Row::front("an alias into a hidden folder", "G057", "aliases: [/.git/x.html]"),
        Row::front("an unknown second organization", "G021", "co_issuers: [县财政局, 某局]"),
        Row::front("a control character", "G007", "summary: \"甲\\x07\""),
        Row::front("a NUL", "G007", "summary: \"甲\\0\""),
        Row::front("a bidirectional override", "G007", "summary: 甲\u{202e}乙"),
        Row::front("a zero-width space", "G007", "keywords: [甲\u{200b}]"),
        Row::head(
            "a byte-order mark in a title",
            "G007",
            2,
            "title: 甲\u{feff}\nissuer: 县政府办\npublished: 2014-12-04",
        ),
        Row::front("a soft hyphen in an index number", "G007", "index_no: a\u{ad}1"),
        Row::front("an escape for a terminal", "G007", "summary: \u{1b}[31m甲"),
    ]
}

fn encodings() -> Vec<Row> {
    let gb = b"---\ntitle: \xb9\xab\xb8\xe6\n---\n";
    vec![
        Row::raw("GB18030", "G001", 2, gb).says("GB18030"),
        Row::raw("GB18030 cut in its last line", "G001", 2, b"---\ntitle: \xb9\xab\xb8\xe6\n---\n\xb9").says("损坏"),
        Row::raw("bytes that are no text", "G001", 1, b"\xb9\xab\0\0\xb8\xe6\x01\x02").says("不是文本"),
        Row::raw("bytes above ASCII that are no Chinese", "G001", 2, b"---\ntitle: \xf6\xdf\xe4\xdf\xfc\xdf\n---\n")
            .says("别的编码"),
        Row::raw("UTF-16 with its mark", "G001", 1, b"\xff\xfe-\0-\0-\0\n\0").says("UTF-16"),
        Row::raw("Latin-1", "G001", 2, b"---\ntitle: caf\xe9 \xe0 Z\n---\n").says("另存为 UTF-8"),
        Row::raw("half a character", "G001", 2, b"---\ntitle: \xe7\x94\n---\n"),
        Row::raw("an overlong form", "G001", 2, b"---\ntitle: \xc0\xaf\n---\n"),
        Row::raw("a surrogate", "G001", 2, b"---\ntitle: \xed\xa0\x80\n---\n"),
        Row::new("a table in GB18030", "G001", "content/_data/places.yaml", 1, b"- \xc2\xed\xcd\xb7\n").says("GB18030"),
        Row::new(
            "a site.toml in GB18030",
            "G001",
            "site.toml",
            0,
            b"[site]\nname = \"\xb9\xab\xb8\xe6\"\nbase_url = \"https://a.cn\"\norganizer = \"b\"\n",
        )
        .line(2)
        .says("GB18030"),
        Row::raw(
            "a NUL in a body",
            "G007",
            7,
            [doc("甲", "2014-12-04", "").replace("甲的正文", "甲的").as_bytes(), b"\0\n"].concat(),
        )
        .line(8),
    ]
}

/// Characters that nobody sees, wherever somebody writes.
fn hidden() -> Vec<Row> {
    let table = |name, line, text: &str| Row::new(name, "G007", "content/_data/places.yaml", line, text);
    let config = |name, line, more: &str| Row { code: "G007", ..Row::config(name, line, more) };
    let words = |name, line, text: &str| Row::new(name, "G007", "templates/strings/zh-CN.toml", line, text);
    vec![
        Row::front("a hidden character in a comment", "G007", "# 注\u{202e}"),
        Row::front("a hidden character in a key", "G007", "summ\u{200b}ary: 甲"),
        Row::front("a hidden character in notes", "G007", "review: {who: 李\u{2066}某}"),
        Row::front("a hidden character in a block", "G007", "summary: |\n  甲\u{2069}").line(6),
        Row::front("an Arabic mark", "G007", "summary: 甲\u{61c}"),
        Row::front("a filler", "G007", "summary: 甲\u{3164}"),
        Row::front("a tag of Unicode", "G007", "summary: 甲\u{e0041}"),
        Row::front("a line separator", "G007", "summary: 甲\u{2028}乙"),
        Row::front("an escape in a list", "G007", "keywords: [\"甲\\u202e\"]"),
        Row::front(
            "an escape in a title of an attachment",
            "G007",
            "attachments: [{file: 附件.pdf, title: \"\\u2067\"}]",
        ),
        Row::channel("a hidden character in a channel", "G007", "description: 甲\u{202e}"),
        Row::channel("an escape in a channel", "G007", "description: \"甲\\u202e\""),
        Row::channel("a hidden character in a default", "G007", "defaults:\n  issuer: 县政府办\u{200b}").line(4),
        Row::channel("a hidden character in a rule", "G007", "select: {keywords: [甲\u{202d}]}"),
        Row::channel(
            "a hidden character in a block's title",
            "G007",
            "blocks:\n  - {type: channels, title: 甲\u{200f}}",
        )
        .line(4),
        Row::new(
            "a hidden character in a channel's title",
            "G007",
            "content/z/_index.md",
            2,
            channel("栏\u{202e}目", ""),
        ),
        Row::new(
            "a hidden character in a channel's introduction",
            "G007",
            "content/z/_index.md",
            5,
            channel("栏目", "") + "\n甲\u{202e}乙\n",
        ),
        table("a hidden character in a table", 2, "- 乙镇\n- 甲\u{202e}镇\n"),
        table("an escape in a table", 2, "- 乙镇\n- \"甲\\u202e镇\"\n"),
        table("a control character in a table", 1, "- {name: 甲镇\u{7}, slug: jia}\n"),
        table("a hidden character in a comment of a table", 1, "# \u{202e}\n- 甲镇\n"),
        Row::new(
            "a hidden character in a label",
            "G007",
            "content/_data/organizations.yaml",
            3,
            "- name: 县政府办\n  contact:\n    电\u{200b}话: 1\n- 县财政局\n",
        ),
        config("a hidden character in a setting", 6, "contact = \"甲\u{202e}\"\n"),
        config("an escape in a setting", 6, "contact = \"甲\\u202e\"\n"),
        config("a hidden character in a comment of the settings", 6, "# \u{2066}\n"),
        config("a control character in a setting", 6, "contact = \"甲\\u0007\"\n"),
        config("a hidden character in the navigation", 7, "icp = \"\"\nnav = [\"z\u{200b}\"]\n"),
        words("a hidden character in a word of the theme", 1, "home = \"首\u{202e}页\"\n"),
        words("an escape in a word of the theme", 2, "# 注\nhome = \"首\\u202e页\"\n"),
    ]
}

fn names() -> Vec<Row> {
    let text = || doc("甲", "2014-12-04", "");
    let file = |name, path: &str| Row::file(name, "G004", path, text());
    vec![
        Row::file("a file in the place of the templates", "G003", "templates", "x"),
        file("a channel's file in capitals", "content/z/x/_INDEX.md"),
        file("a channel's file with another extension", "content/z/x/_index.MD"),
        Row::file("a bundle's file in capitals", "G056", "content/z/x/INDEX.md", text()),
        file("a backslash in a name", "content/a\\b.md"),
        Row::file("a bundle in a channel's own folder", "G056", "content/z/index.md", text()).says("子文件夹"),
        Row::file("a channel in the place of a feed", "G051", "content/z/rss.xml/_index.md", channel("栏目", "")),
        Row::file("a channel in the place of a page", "G051", "content/z/index.html/_index.md", channel("栏目", "")),
        Row::file("an attachment in the place of open data", "G051", "content/z/index.csv", "甲\n")
            .and("content/z/a.md", doc("甲", "2014-12-04", "attachments: index.csv")),
        Row::file("a file of static in the place of a feed", "G051", "static/z/rss.xml", "x"),
        Row::file("a file of static in the place of an asset folder", "G051", "static/assets", "x"),
        Row::file("a file of static in the place of a channel", "G051", "static/z", "x").at("static/z", 0),
        Row::front("an alias below a feed", "G051", "aliases: /z/rss.xml/").says("content/z/_index.md"),
        file("a colon in a name", "content/a:b.md"),
        file("a star in a name", "content/a*.md"),
        file("a question mark in a name", "content/a?.md"),
        file("angle brackets in a name", "content/<a>.md"),
        file("a bar in a name", "content/a|b.md"),
        file("a quote in a name", "content/\"a\".md"),
        file("a trailing space", "content/a.md "),
        file("a trailing dot", "content/甲./a.md").at("content/甲.", 0),
        file("a device of Windows", "content/CON.md"),
        file("a device of Windows with a suffix", "content/lpt1.2014.md"),
        file("a bidirectional name", "content/a\u{202e}dm.exe.md"),
        file("a zero-width name", "content/a\u{200b}.md"),
        file("a line break in a name", "content/a\nb.md"),
        file("a name with an Arabic mark", "content/a\u{61c}.md"),
        Row::file("a hidden character in a name of static", "G004", "static/a\u{202e}.txt", "x"),
        Row::file("a hidden character in a name of a table", "G004", "content/_data/places\u{200b}.yaml", "- 甲\n"),
        Row::file("a hidden character in a name of the theme", "G004", "templates/document\u{200b}.html", "x"),
        Row::file("a folder of a device's name", "G004", "content/aux/a.md", text()).at("content/aux", 0),
        Row::file("names that differ in their case", "G051", "content/z/Gg.md", text())
            .and("content/z/gg.md", text())
            .at("content/z/gg.md", 0),
        Row::file("channels that differ in their case", "G051", "content/z/y/_index.md", channel("栏目", ""))
            .and("content/z/Y/_index.md", channel("栏目", ""))
            .says("content/z/Y/_index.md"),
        Row::file("names that differ in their Unicode form", "G051", "content/caf\u{e9}.pdf", PDF)
            .and("content/cafe\u{301}.pdf", PDF)
            .at("content/caf\u{e9}.pdf", 0),
        Row::file("a home page that cannot be read", "G010", "content/_index.md", "x"),
    ]
}

fn addresses() -> Vec<Row> {
    let alias = |name, alias: &str| Row::front(name, "G057", &format!("aliases: {alias}"));
    let slug = |name, slug: &str| Row::front(name, "G056", &format!("slug: {slug}"));
    vec![
        slug("a slug that climbs", "../x"),
        slug("a slug with a slash", "a/b"),
        slug("a slug that hides the index", "index"),
        slug("a slug that hides the index of some hosts", "Index"),
        slug("a slug that hides a page", "list_3"),
        slug("a slug of a device", "CON"),
        slug("a slug of a dot", "."),
        slug("a slug of 300 letters", &"a".repeat(300)),
        slug("a Chinese slug", "公告"),
        slug("a slug with a space", "a b"),
        slug("an encoded slug", "'%2e%2e'"),
        slug("a slug with a backslash", "a\\b"),
        slug("a hidden slug", ".htaccess"),
        slug("a slug that is an option", "-rf"),
        slug("a slug of the feed", "rss"),
        Row::file("a document called like the site map", "G051", "content/sitemap.md", doc("甲", "2014-12-04", "")),
        Row::file("a channel called catalogue", "G056", "content/catalogue/_index.md", channel("目录", "")),
        Row::file("a channel called assets", "G056", "content/assets/_index.md", channel("目录", "")),
        alias("an alias that climbs", "../x.html"),
        alias("an alias of another host", "//host/x.html"),
        alias("an absolute alias", "http://host/x.html"),
        alias("an encoded climb", "'%2e%2e/x.html'"),
        alias("an alias with a query", "/x.html?id=1"),
        alias("an alias with a fragment", "\"/x.html#a\""),
        alias("an alias of a script", "/x.php"),
        alias("the home page as an alias", "/"),
        alias("a broken percent", "/%zz.html"),
        alias("a backslash in an alias", "'\\x\\y.html'"),
        alias("a climb in the middle", "/a/../../x.html"),
        alias("an alias with a NUL", "/a%00.html"),
        alias("javascript as an alias", "'javascript:alert(1).html'"),
        Row::front("an alias that is a document", "G051", "aliases: /b.html").says("content/b.md"),
        Row::front("an alias that is an index", "G051", "aliases: /z/").says("content/z/_index.md"),
        Row::front("an alias that is the site's", "G051", "aliases: /404.html"),
        Row::front("an alias inside the catalogue", "G051", "aliases: /catalogue/x.html"),
        Row::front("an alias where a list will have a page", "G051", "aliases: /z/list_3.html")
            .says("content/z/_index.md"),
        Row::front("an alias where the home page may have a feed of rows", "G051", "aliases: /index.html/a/"),
        Row::front("an alias that is its document's page", "G051", "aliases: /a.html").says("已经是这份文件的网址"),
        Row::front("an alias where a part of the site map may be", "G051", "aliases: /sitemap-2031.xml/"),
        Row::file("a file of static where open data will have a shard", "G051", "static/z/data_2.csv", "x"),
        Row::front("an alias below a file", "G051", "aliases: /b.html/x.html").says("content/b.md"),
        Row::front("an alias twice", "G051", "aliases: [/x.html, /X.html]").says("已经是这份文件的网址"),
    ]
}

fn attachments() -> Vec<Row> {
    let named = |name, code, file: &str| Row::front(name, code, &format!("attachments: {file}"));
    let with = |name, code, path: &str, bytes: &[u8]| {
        let file = path.rsplit('/').next().unwrap_or(path);
        Row::file(name, code, path, bytes).and("content/a.md", doc("甲", "2014-12-04", &format!("attachments: {file}")))
    };
    vec![
        named("an attachment of the system", "G042", "../../etc/passwd"),
        named("an attachment out of static", "G042", "/../site.toml"),
        named("an attachment of the site's own settings", "G042", "../site.toml"),
        Row::front("an attachment with two names", "G012", "attachments: [{file: 附件.pdf, 文件: 表.csv}]"),
        named("an attachment that is not there", "G034", "附见.pdf").says("附件.pdf"),
        named("a document as an attachment", "G034", "b.md"),
        named("an absolute path", "G034", "/etc/passwd"),
        named("an attachment on another host", "G034", "https://a.cn/x.pdf"),
        with("an attached page", "G040", "content/x.html", b"<p>x</p>"),
        with("an attached drawing", "G040", "content/x.svg", b"<svg/>"),
        with("an attached XML", "G040", "content/x.xml", b"<?xml?>"),
        with("an attached program", "G040", "content/x.exe", b"MZ"),
        with("an attached flash film", "G040", "content/x.swf", b"CWS"),
        with("an attached script", "G040", "content/x.js", b"alert(1)"),
        with("two extensions", "G040", "content/x.pdf.html", b"%PDF-1.4"),
        with("no extension", "G040", "content/README", b"x"),
        with("a PDF that is a page", "G041", "content/x.pdf", b"\n <!DOCTYPE html><script>"),
        with("a picture that is a drawing", "G041", "content/x.png", b"<?xml version=\"1.0\"?><svg/>"),
        with("a table that is a program", "G041", "content/x.xlsx", b"MZ\x90\0"),
        Row::file("a document of another extension", "G040", "content/a.markdown", "x").says(".md"),
        with("an empty PDF", "G041", "content/x.pdf", b""),
        with("a text that is a script", "G041", "content/x.txt", b"\xef\xbb\xbf <script>alert(1)</script>"),
        with("a table that is a page", "G041", "content/x.csv", b"<html><body>"),
        with("a text that is binary", "G041", "content/x.txt", b"a\0b"),
        with("an archive that calls itself a document", "G041", "content/x.docx", &zip(&["a.html"])).says("压缩包"),
        with(
            "a table that calls itself a document",
            "G041",
            "content/x.docx",
            &zip(&["[Content_Types].xml", "xl/workbook.xml"]),
        ),
        with(
            "a document with a program",
            "G041",
            "content/x.docx",
            &zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]),
        )
        .says("宏"),
        with("a document that is cut off", "G041", "content/x.docx", b"PK\x03\x04x"),
        with("an archive that is cut off", "G041", "content/x.zip", &zip(&["a.txt"])[..40]),
        with("a text that is binary further down", "G041", "content/x.txt", &[vec![b'a'; 5000], vec![0]].concat()),
        with("a PNG without a size", "G041", "content/x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        with("a PNG of no width", "G041", "content/x.png", &png(0, 3)),
        with("a PNG of no height", "G041", "content/x.png", &png(2, 0)),
        with("a PNG of an absurd width", "G041", "content/x.png", &png(u32::MAX, 1)),
        with("a PNG of absurdly many pixels", "G041", "content/x.png", &png(65_000, 65_000)),
        with("a JPEG that ends in its head", "G041", "content/x.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
        with(
            "a JPEG of no size",
            "G041",
            "content/x.jpg",
            b"\xff\xd8\xff\xc0\0\x11\x08\0\0\0\0\x03\x01\x22\0\x02\x11\x01",
        ),
        with("a GIF that ends in its head", "G041", "content/x.gif", b"GIF89a\x01"),
        with("a GIF of no size", "G041", "content/x.gif", b"GIF89a\0\0\0\0\0\0\0"),
        with("a WebP that ends in its head", "G041", "content/x.webp", b"RIFF\x10\0\0\0WEBPVP8 "),
        Row::body("a broken picture of the whole site", "G041", "![甲](/x.png)").and("static/x.png", png(0, 0)),
        with("a picture of another kind", "G041", "content/x.jpg", b"\x89PNG\r\n\x1a\n"),
    ]
}

/// The beginning of a PNG of this size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = crate::site_test::PNG.to_vec();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes
}

fn references() -> Vec<Row> {
    vec![
        Row::front("an unknown channel", "G054", "also_in: tzgk"),
        Row::front("a channel outside", "G054", "also_in: ../z"),
        Row::front("an unknown target", "G052", "repeals: bb.md"),
        Row::front("an unknown number", "G052", "interprets: b/2013-2").says("b/2013-1"),
        Row::front("a target outside", "G052", "amends: ../../b.md"),
        Row::front("a document that repeals itself", "G053", "repeals: a.md"),
        Row::front("a circle of two", "G053", "repeals: c.md")
            .and("content/c.md", doc("丙", "2014-01-01", "replaces: a.md"))
            .says("content/c.md"),
        Row::front("an address twice by its slug", "G051", "author: 甲\nslug: b")
            .and("content/a0.md", doc("丙", "2014-01-01", "slug: B"))
            .at("content/a0.md", 5)
            .says("content/a.md"),
        Row::front("a number twice", "G050", "index_no: b/2013-1").at("content/b.md", 5).says("content/a.md"),
        Row::front("an address twice", "G051", "slug: b").at("content/a.md", 5).says("content/b.md"),
        Row::channel("an unknown channel in a rule", "G054", "select: {channel: tzgk}"),
        Row::channel("an unknown key in a rule", "G011", "select: {gener: 公告}").says("genre"),
        Row::channel("a rule without a condition", "G060", "select: {}"),
        Row::channel("an empty condition", "G060", "select: {genre: }"),
        Row::channel("a day in a rule that is none", "G015", "select: {from: 2014-02-30}"),
        Row::channel("an unknown key of a channel", "G011", "tittle: 甲").says("title"),
        Row::channel("an unknown default", "G011", "defaults:\n  isuer: 甲").line(4).says("issuer"),
        Row::channel("a default that is no map", "G013", "defaults: 甲"),
        Row::channel("an order that is none", "G020", "order: 左"),
        Row::channel("a sort that is none", "G020", "sort: 大小"),
        Row::channel("a page of a million", "G020", "page_size: 1000000"),
        Row::channel("a block that is none", "G061", "blocks: [{type: iframe}]"),
        Row::channel("blocks that are no list", "G061", "blocks: 甲"),
        Row::channel("an axis that is none", "G061", "blocks: [{type: terms, axis: 颜色}]"),
        Row::channel("a block's link to nowhere", "G061", "blocks: [{type: links, links: [{title: 甲, to: zz.md}]}]"),
        Row::channel(
            "a block's link with a user",
            "G031",
            "blocks: [{type: links, links: [{title: 甲, to: 'https://www.gov.cn@a.cn/'}]}]",
        ),
        Row::channel(
            "a block's link without a host",
            "G031",
            "blocks: [{type: links, links: [{title: 甲, to: 'https://'}]}]",
        ),
        Row::channel("a title by two names", "G012", "标题: 甲"),
        Row::channel("a condition by two names", "G012", "select: {genre: 通知, 体裁分类: 公告}").says("genre"),
        Row::channel("a beginning by two names", "G012", "select: {from: 2014-01-01, 自: 2015-01-01}"),
        Row::channel("a block's title by two names", "G012", "blocks: [{type: channels, title: 甲, 标题: 乙}]"),
        Row::channel("a key of another block", "G061", "blocks: [{type: terms, axis: year, channel: z}]")
            .says("channel"),
        Row::channel(
            "a rule of a block without documents",
            "G061",
            "blocks: [{type: channels, select: {genre: 通知}}]",
        ),
        Row::channel("a block of links without links", "G061", "blocks: [{type: links}]"),
        Row::channel("an empty block", "G061", "blocks:\n  -\n").line(4),
        Row::channel("an empty item of a channel", "G013", "keywords: [甲, \"\"]"),
        Row::channel("an empty item of a condition", "G013", "select: {genre: [通知, \"\"]}"),
        Row::channel("a rule that ends before it begins", "G060", "select: {from: 2014-02-01, to: 2014-01-31}")
            .says("早于"),
        Row::channel(
            "a rule of a block that ends before it begins",
            "G060",
            "blocks:\n  - {type: list, select: {from: 2014-02-01, to: 2014-01-31}}",
        )
        .line(4),
        Row::channel("a default of one document", "G013", "defaults:\n  title: 甲").line(4).says("defaults"),
        Row::channel("a default number", "G013", "defaults: {索引号: a-1}"),
        Row::channel("a default relation", "G013", "defaults: {repeals: b.md}"),
        Row::channel("a default organization that is unknown", "G021", "defaults:\n  issuer: 县财证局")
            .line(4)
            .says("县财政局"),
        Row::channel("a default subject that is unknown", "G021", "defaults: {subject: 政务公开}"),
        Row::channel("a default channel that is unknown", "G054", "defaults: {also_in: tzgk}"),
        Row::channel(
            "default days that contradict",
            "G022",
            "defaults:\n  effective: 2015-01-01\n  expires: 2014-01-01",
        )
        .line(5),
        Row::channel("a default day that is none", "G015", "defaults: {written: 2014-13-01}"),
        Row::channel(
            "a block's link that runs",
            "G031",
            "blocks: [{type: links, links: [{title: 甲, to: 'javascript:alert(1)'}]}]",
        ),
        Row::new("a channel without a title", "G014", "content/z/_index.md", 1, "---\ndescription: 甲\n---\n"),
        Row::new("a table that is a text", "G062", "content/_data/places.yaml", 1, "terms: 甲\n"),
        Row::new("a term without a name", "G062", "content/_data/places.yaml", 1, "- {slug: x}\n"),
        Row::new("a term's slug of a device", "G062", "content/_data/places.yaml", 1, "- {name: 甲, slug: aux}\n"),
        Row::new(
            "a term's slug that hides an index",
            "G062",
            "content/_data/places.yaml",
            1,
            "- {name: 甲, slug: index.html}\n",
        ),
        Row::new("a term's slug that climbs", "G062", "content/_data/places.yaml", 1, "- {name: 甲, slug: ../x}\n"),
        Row::new("open or not", "G062", "content/_data/places.yaml", 1, "open: maybe\nterms: [甲镇]\n"),
        Row::new("a name by two names", "G012", "content/_data/places.yaml", 1, "- {name: 甲镇, 名称: 乙镇}\n"),
        Row::new(
            "an alias that is a name",
            "G062",
            "content/_data/places.yaml",
            2,
            "- {name: 甲镇, aliases: [乙镇]}\n- 乙镇\n",
        )
        .says("乙镇"),
        Row::new(
            "an alias twice in a table",
            "G062",
            "content/_data/places.yaml",
            2,
            "- {name: 甲镇, aliases: [镇]}\n- {name: 乙镇, aliases: [镇]}\n",
        ),
        Row::new(
            "a name that is a path",
            "G062",
            "content/_data/places.yaml",
            2,
            "- 甲/乙\n- {name: 甲, children: [乙]}\n",
        ),
        Row::new("an empty term", "G062", "content/_data/places.yaml", 2, "- 甲镇\n-\n- 乙镇\n"),
        Row::new("an empty alias", "G062", "content/_data/places.yaml", 1, "- {name: 甲镇, aliases: [甲, \"\"]}\n"),
        Row::new("a term twice", "G062", "content/_data/places.yaml", 2, "- 甲镇\n- 甲镇\n"),
        Row::new(
            "slugs that differ in their case",
            "G062",
            "content/_data/places.yaml",
            2,
            "- {name: 甲, slug: jia}\n- {name: 乙, slug: JIA}\n",
        )
        .says("甲"),
        organization("an unknown parent", 2, "parent: 县正府办").says("县政府办"),
        organization("an unknown successor", 2, "successor: 县税务局").says("删去这一行"),
        organization("an end before its beginning", 3, "from: 2014-05-01\n  to: 2014-04-30"),
        organization("a parent of itself", 2, "parent: 县教育局"),
        organization("parents in a circle", 2, "parent: 县体育局\n- {name: 县体育局, parent: 县教育局}")
            .says("县教育局 → 县体育局 → 县教育局"),
        organization("successors in a circle", 2, "successor: 县体育局\n- {name: 县体育局, successor: 县教育局}"),
        Row::new("an anchor in a table", "G016", "content/_data/places.yaml", 1, "- &a 甲镇\n- *a\n"),
    ]
}

/// Further lines of an organization, of which the first is line 2; another one follows it.
fn organization(name: &'static str, line: usize, more: &str) -> Row {
    let others = "- {name: 县政府办, aliases: [县政府], slug: zfb}\n- {name: 县财政局, slug: czj}\n";
    Row::new(name, "G062", "content/_data/organizations.yaml", line, format!("- name: 县教育局\n  {more}\n{others}"))
}

fn html() -> Vec<Row> {
    let one = |name, html: &str| Row::body(name, "G030", html);
    vec![
        one("a script", "<script>alert(1)</script>"),
        one("a script in a line", "甲<script>alert(1)</script>"),
        one("a frame", "<iframe src=\"https://a.cn\"></iframe>"),
        one("an image with a handler", "<img src=x onerror=alert(1)>"),
        one("an image with a handler in a line", "甲<img src=x onerror=alert(1)>乙"),
        one("a drawing", "<svg onload=alert(1)>"),
        one("an attribute of style", "<table><tr><td style=\"color:red\">甲</td></tr></table>"),
        one("a click in a cell", "<table><tr><td onclick=\"alert(1)\">甲</td></tr></table>"),
        one("a table nested wrongly", "<table><td><tr>甲</td></tr></table>"),
        one("a table that is not closed", "<table><tr><td>甲"),
        one("CDATA", "<![CDATA[<script>]]>"),
        one("a processing instruction", "<?php echo 1 ?>"),
        one("a declaration", "<!DOCTYPE html>"),
        one("a form", "<form action=\"https://a.cn\"><input></form>"),
        one("an object", "<object data=\"x.swf\"></object>"),
        one("a style sheet", "<style>body{display:none}</style>"),
        one("a base", "<base href=\"https://a.cn/\">"),
        one("a refresh", "<meta http-equiv=\"refresh\" content=\"0\">"),
        one("a link in HTML", "<a href=\"javascript:alert(1)\">甲</a>"),
        one("a division", "<div class=\"x\">甲</div>"),
        one("a template", "<template><script></script></template>"),
        one("an id in a cell", "<table><tr><td id=\"main\">甲</td></tr></table>"),
        one("a comment in a tag", "<table <!-- x --> onclick=a></table>"),
        Row::body("a comment without end", "G037", "<!-- 说明"),
        Row::body("a comment in a line without end", "G037", "甲 <!-- 说明"),
        Row::new(
            "a script in a channel's introduction",
            "G030",
            "content/z/_index.md",
            5,
            channel("栏目", "") + "\n<script>alert(1)</script>\n",
        ),
        Row::body("a page in a page", "G030", "<html><body>甲</body></html>"),
    ]
}

fn links() -> Vec<Row> {
    let one = |name, address: &str| Row::body(name, "G031", &format!("[甲]({address})"));
    vec![
        one("javascript", "javascript:alert(1)"),
        one("javascript in capitals and small letters", "JaVaScRiPt:alert(1)"),
        Row::body("javascript with a tab", "G031", "[甲](<java\tscript:alert(1)>)"),
        one("javascript in entities", "&#106;avascript&colon;alert(1)"),
        one("javascript percent-encoded", "javascript%3Aalert(1)"),
        one("javascript in full width", "ｊａｖａｓｃｒｉｐｔ：alert(1)"),
        one("data", "data:text/html;base64,PHNjcmlwdD4="),
        one("vbscript", "vbscript:msgbox(1)"),
        one("a file of the machine", "file:///etc/passwd"),
        one("a host without a scheme", "//a.cn/x"),
        Row::body("a share", "G031", "[甲](<\\\\\\\\a.cn\\\\x>)"),
        one("http without a host", "http:a"),
        Row::body("a reference", "G031", "[甲][x]\n\n[x]: javascript:alert(1)").line(7),
        Row::body("an automatic link", "G031", "<javascript:alert(1)>"),
        Row::body("an image of data", "G031", "![甲](data:image/svg+xml;base64,PHN2Zz4=)"),
        one("a password in an address", "https://www.gov.cn@a.cn/"),
        one("another program", "weixin://dl/chat"),
        one("a port of a link too high", "https://a.cn:99999/"),
        one("the port zero in a link", "https://a.cn:0/"),
        one("a host with an empty name", "https://a..cn/"),
        one("a line break in the head of a letter", "mailto:a@b.cn?subject=x%0aBcc:c@d.cn"),
        Row::body("a heading of a channel", "G033", "[甲](z/#乙)"),
        Row::body("a heading of a channel's file", "G033", "[甲](z/_index.md#乙)"),
        Row::body("a page of a file", "G033", "[甲](附件.pdf#page=2)"),
        Row::body("a host without its scheme", "G032", "[甲](www.gov.cn)").says("https://www.gov.cn"),
        Row::body("a link to a document that is not there", "G032", "[甲](bb.md)").says("b.md"),
        Row::body("a picture of another host", "G031", "![甲](https://a.cn/x.png)").says("请求"),
        Row::body("a picture of another host by reference", "G031", "![甲][x]\n\n[x]: http://a.cn/x.png"),
        Row::body("a picture of the site's own address", "G031", "![甲](https://www.example.gov.cn/p.png)"),
        Row::new(
            "a picture of another host in a channel",
            "G031",
            "content/z/_index.md",
            5,
            channel("栏目", "") + "\n![甲](HTTPS://a.cn/x.png)\n",
        ),
        Row::body("a link without an address", "G043", "[甲]()"),
        Row::body("a link with an empty address", "G043", "[甲](<> \"乙\")"),
        Row::body("a reference to an empty address", "G043", "[甲][x]\n\n[x]: <>"),
        Row::body("a link to the top", "G043", "[甲](#)").says("#"),
        Row::body("a link without a text", "G043", "[](b.md)"),
        Row::body("a link of a space", "G043", "[&nbsp;](b.md)"),
        Row::body("a link of nothing that is seen", "G043", "[\u{200d}<br>](https://a.cn/)"),
        Row::body("an image without an address", "G043", "![甲]()"),
        Row::body("a zero-width space in a body", "G007", "甲\u{200b}乙").says("零宽空格"),
        Row::body("what is no character in a body", "G007", "甲\u{fffe}乙"),
        Row::head(
            "what is no character in a title",
            "G007",
            2,
            "title: 甲\u{ffff}乙\nissuer: 县政府办\npublished: 2014-12-04",
        ),
        Row::body("emphasis in a cell of HTML", "G043", "<table><tr><td>**重点**</td></tr></table>").says("各空一行"),
        Row::body("a link in a cell of HTML", "G043", "<table><tr><td>\n见[甲](none.md)\n</td></tr></table>").line(8),
        Row::body("an image in a cell of HTML", "G043", "<table><tr><td>![图](none.png)</td></tr></table>"),
        Row::body("emphasis in a caption", "G043", "<table><caption>**表**</caption><tr><td>甲</td></tr></table>"),
        Row::body("emphasis behind a table", "G043", "<table><tr><td>甲</td></tr></table> 后面**字**").says("另起一段"),
        Row::body("a footnote", "G043", "甲[^1]\n\n[^1]: 乙").says("注 1："),
        Row::body("a footnote of several words", "G043", "甲[^注1]\n\n[^注1]: 乙 丙"),
        Row::body("a definition that no link uses", "G043", "[附件]: 见下文").says("附件"),
        Row::body("a note to a footnote that is not there", "G043", "甲\n\n[^1]: 乙").line(9),
        Row::body("a definition after emphasis that is repaired", "G043", "**注意：**内容\n\n[附件]: 见下文").line(9),
        Row::body("an image with a space in its address", "G043", "![图](图 1.png)").says("<图 1.png>"),
        Row::body("a link with a space in its address", "G043", "见[办法](附件/a b.pdf)。").says("%20"),
        Row::body("a link with a space and a title", "G043", "[办法](a b.pdf \"题\")").says("(<a b.pdf>)"),
        Row::body("a file with a hash in its name", "G032", "[甲](附#1.pdf)")
            .and("content/附#1.pdf", PDF)
            .says("附%231.pdf"),
        Row::body("a link to a heading that is not there", "G033", "[甲](#总则)"),
        Row::body("a link to a heading of another document", "G033", "[甲](b.md#总则)"),
        Row::body("a link to an unknown number", "G032", "[甲](索引号:b/2013-9)"),
        Row::body("an image that is not there", "G034", "![甲](q.png)"),
        Row::body("a document as an image", "G034", "![甲](/f.pdf)"),
        Row::body("a link out of the site", "G042", "[甲](../../site.toml)"),
        Row::body("an image out of the site", "G042", "![甲](../../../etc/passwd.png)"),
        Row::body("a link to a page instead of its source", "G032", "[甲](b.html)").says(".md"),
        Row::body("a query on a link of the site", "G032", "[甲](b.md?a=1)"),
        Row::body("a broken percent in a link", "G032", "[甲](%E7%9.md)"),
        Row::body("a link to a draft", "G039", "[甲](x.md)")
            .and("content/x.md", doc_with("丙", "2014-01-01", "draft: true", "丙")),
        Row::body("a bidirectional override in a body", "G007", "甲\u{202e}乙"),
    ]
}

fn bombs() -> Vec<Row> {
    let cells = |n: usize| format!("{}|\n{}|\n", "|a".repeat(n), "|-".repeat(n));
    vec![
        Row::body("quotes 51 deep", "G035", &format!("{}甲", "> ".repeat(51))),
        Row::body(
            "lists 51 deep",
            "G035",
            &(0..51).map(|depth| format!("{}- 甲\n", "  ".repeat(depth))).collect::<String>(),
        )
        .line(57),
        Row::body("201 columns", "G036", &cells(201)),
        Row::body("20,001 rows", "G036", &format!("|甲|\n|-|\n{}", "|1|\n".repeat(20_001))).line(20_009),
        Row::body("10,001 links", "G036", &"[a](b.md) ".repeat(10_001)),
        Row::body(
            "tables of HTML 51 deep",
            "G035",
            &format!("{}甲{}", "<table><tr><td>".repeat(51), "</td></tr></table>".repeat(51)),
        ),
        Row::file(
            "a document of more than 4 MiB",
            "G005",
            "content/a.md",
            doc_with("甲", "2014-12-04", "", &"长文字。\n".repeat(400_000)),
        ),
    ]
}

fn configuration() -> Vec<Row> {
    let whole = |name, line, text: &str| Row::new(name, "G070", "site.toml", line, text);
    vec![
        Row::config("an unknown setting", 6, "titel = \"甲\"\n"),
        Row::config("an unknown table", 6, "[sites]\nname = \"甲\"\n"),
        Row::config("a setting of the wrong type", 6, "icp = 1\n"),
        Row::config("a script to which requests go", 7, "[request]\naction = \"javascript:alert(1)\"\n").says("https://"),
        Row::config("requests that anyone on the way can read", 7, "[request]\nurl = \"http://a.gov.cn/\"\n").says("https://"),
        Row::config("a setting twice", 6, "name = \"乙\"\n"),
        Row::config("no TOML", 6, "这是说明\n"),
        Row::config("a code that is none", 6, "").line(4),
        whole(
            "an address that is none",
            3,
            "[site]\nname = \"甲\"\nbase_url = \"www.example.gov.cn\"\norganizer = \"乙\"\n",
        ),
        whole(
            "an address that runs",
            3,
            "[site]\nname = \"甲\"\nbase_url = \"javascript:alert(1)\"\norganizer = \"乙\"\n",
        ),
        whole(
            "an address with a quote",
            3,
            "[site]\nname = \"甲\"\nbase_url = 'https://a.cn/\"><script>'\norganizer = \"乙\"\n",
        ),
        whole("no name", 1, "[site]\nbase_url = \"https://a.cn\"\norganizer = \"乙\"\n"),
        whole("an empty name", 2, "[site]\nname = \"\"\nbase_url = \"https://a.cn\"\norganizer = \"乙\"\n"),
        whole("an empty organizer", 4, "[site]\nname = \"甲\"\nbase_url = \"https://a.cn\"\norganizer = \" \"\n").says("空"),
        whole("no organizer", 1, "[site]\nname = \"甲\"\nbase_url = \"https://a.cn\"\n").says("organizer"),
        Row::file("no [site]", "G070", "site.toml", "[theme]\nname = \"x\"\n").says("[site]"),
        Row::config("a key of the site in the wrong table", 7, "[catalogue]\npage_size = 10\n").says("[site]"),
        Row::config("an unknown key of the theme", 7, "[theme]\nnmae = \"x\"\n").says("name"),
        Row::config("a theme without a name", 6, "[theme]\n").says("[theme]"),
        Row::config("an unknown key of a crossing", 7, "[[catalogue.crossing]]\naxis = [\"issuer\", \"year\"]\n").says("axes"),
        Row::config("a crossing without axes", 6, "[[catalogue.crossing]]\n").says("[[catalogue.crossing]]"),
        Row::config("a crossing of one bracket", 6, "[catalogue.crossing]\naxes = [\"issuer\", \"year\"]\n")
            .says("两层方括号"),
        Row::config("a page size in quotes", 6, "page_size = \"20\"\n").says("整数"),
        Row::config("a number in the navigation", 6, "nav = [1]\n").says("文字"),
        Row::config("a channel twice in the navigation", 6, "nav = [\"z\", \"/z/\"]\n").says("两次"),
        Row::config("nothing in the navigation", 6, "nav = [\"z\", \" \"]\n").says("空"),
        Row::config("an unknown setting does not hide the next", 7, "titel = \"甲\"\nlevel = \"village\"\n"),
        Row::config("no TOML does not hide the next", 7, "icp = 甲\nlevel = \"village\"\n"),
        Row::new("a fault behind a byte-order mark", "G070", "site.toml", 6, format!("\u{feff}{SITE_TOML}titel = 1\n")),
        Row::config("an emblem for a bureau", 7, "level = \"department\"\nemblem = \"/p.png\"\n"),
        Row::config("a level that is none", 6, "level = \"village\"\n"),
        Row::config("a palette that is none", 6, "palette = \"green\"\n"),
        Row::config(
            "a ninth item of navigation",
            6,
            "nav = [\"z\", \"z\", \"z\", \"z\", \"z\", \"z\", \"z\", \"z\", \"z\"]\n",
        ),
        Row::config("a logo out of the site", 6, "logo = \"/../../etc/passwd.png\"\n"),
        Row::config("a logo of another host", 6, "logo = \"https://a.cn/x.png\"\n"),
        Row::config("a crossing of an unknown axis", 7, "[[catalogue.crossing]]\naxes = [\"issuer\", \"colour\"]\n"),
        Row::config("a crossing of one axis", 7, "[[catalogue.crossing]]\naxes = [\"issuer\"]\n"),
        Row::config(
            "a crossing twice",
            10,
            "[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n\n[[catalogue.crossing]]\naxes = [\"发布机构\", \"年份\"]\n",
        )
        .says("写了两次"),
        Row::config("a theme that climbs", 7, "[theme]\nname = \"../x\"\n"),
        Row::config("a page size of zero", 6, "page_size = 0\n"),
        Row { code: "G054", ..Row::config("an unknown channel in the navigation", 6, "nav = [\"zz\"]\n") },
        Row { code: "G034", ..Row::config("a logo that is not there", 6, "logo = \"/q.png\"\n") },
        Row { code: "G034", ..Row::config("a logo that is no picture", 6, "logo = \"/f.pdf\"\n") },
        Row { code: "G041", ..Row::config("a logo that is broken", 6, "logo = \"/x.png\"\n").and("static/x.png", png(0, 3)) },
    ]
    .into_iter()
    .map(|row| match row.name {
        "a code that is none" => {
            Row { files: vec![("site.toml".into(), SITE_TOML.replace("3713220000", "12345").into())], ..row }
        }
        _ => row,
    })
    .collect()
}

fn base_urls() -> Vec<Row> {
    let one = |name, url: &str| {
        let text = format!("[site]\nname = \"甲\"\nbase_url = \"{url}\"\norganizer = \"乙\"\n");
        Row::new(name, "G070", "site.toml", 3, text).says("base_url")
    };
    vec![
        one("no address", ""),
        one("an address without a host", "http://"),
        one("an address without slashes", "https:a.cn"),
        one("a space in the address", "http://exa mple"),
        one("a port too high", "http://a:99999"),
        one("the port zero", "http://a:0"),
        one("a port of letters", "http://a:http"),
        one("an address with a user", "https://u:p@a.cn"),
        one("an address with a query", "https://a.cn?x=1"),
        one("an address with a fragment", "https://a.cn/#x"),
        one("an address that climbs", "https://a.cn/x/../y"),
        one("an address with an empty name", "https://a..cn"),
        one("an address in full width", "https://ａ.cn"),
        one("an address of numbers too high", "https://999.1.1.1"),
        one("a host that is an option", "https://-a.cn"),
        one("another scheme for the site", "ftp://a.cn"),
    ]
}

fn templates() -> Vec<Row> {
    vec![
        Row::new("a template with a fault", "G072", "templates/document.html", 1, "{% if %}"),
        Row::new(
            "a template that includes nothing",
            "G072",
            "templates/list.html",
            2,
            "甲\n{% include \"nothing.html\" %}",
        ),
        Row::new(
            "a template that extends nothing",
            "G072",
            "templates/term.html",
            2,
            "\n{% extends \"nothing.html\" %}",
        ),
        Row::new("a template that extends itself", "G072", "templates/404.html", 1, "{% extends \"404.html\" %}"),
        Row::new("a template that includes itself", "G072", "templates/404.html", 2, "\n{%- include \"404.html\" %}"),
        Row::new("an unknown filter", "G072", "templates/home.html", 2, "甲\n乙{{ page | nofilter }}"),
        Row::new("a second fault of a template", "G072", "templates/home.html", 2, "{{ page | nofilter }}\n{{ no() }}"),
        Row::new("a fault behind another template's", "G072", "templates/term.html", 1, "{{ page | nofilter }}")
            .and("templates/404.html", "{% if %}")
            .and("templates/list.html", "{% extends \"nothing.html\" %}"),
        Row::file("a template in GB18030", "G001", "templates/document.html", b"\xb9\xab\xb8\xe6").says("GB18030"),
        Row::new("strings that are no table", "G073", "templates/strings/zh-CN.toml", 2, "newer = \"甲\"\n[home\n"),
        Row::new("a string that is a number", "G073", "templates/strings/zh-CN.toml", 1, "home = 1\n"),
        Row::new("strings in GB18030", "G001", "templates/strings/zh-CN.toml", 1, b"home = \"\xb9\xab\"\n")
            .says("GB18030"),
    ]
}
