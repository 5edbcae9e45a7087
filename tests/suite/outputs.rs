//! Feeds, sitemaps, robots, 404, redirects, meta tags, and what holds for every page.

use crate::html;
use crate::site_test::{Built, PDF, PNG, SiteTest, channel, doc, doc_with};

const BASE: &str = "https://www.example.gov.cn";

/// A site with a bit of everything.
fn site() -> SiteTest {
    let site = SiteTest::new()
        .config("icp = \"鲁ICP备00000000号\"\npolice = \"鲁公网安备 37132200000000号\"\nlogo = \"/图/标志.png\"\nfavicon = \"/f.png\"\ncontact = \"0539-0000000\"\n\n[[catalogue.crossing]]\naxes = [\"issuer\", \"year\"]\n")
        .file("content/政务公开/_index.md", channel("政务公开", "description: 全部政务\ncolumn_type: 信息公开目录\nkeywords: [政务, 公开]") + "\n介绍见[办法](a/办法.md)。\n")
        .file("content/政务公开/a/_index.md", channel("办法", ""))
        .file(
            "content/政务公开/a/办法.md",
            doc_with("“办法” <试行> & 'x'", "2014-12-04 09:30", "aliases: [/old/a.html, /旧/, /b.htm]\nsummary: 一句\"话\" <b>\nkeywords: [甲, 乙]\nauthor: 张\nattachments: 附 件（1）.pdf\nwritten: 2014-12-01", "# 总则\n\n## 总则\n\n[自](#总则) ![图片](<图 1.png>) **重点**\n\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |"),
        )
        .file("content/政务公开/a/附 件（1）.pdf", PDF)
        .file("content/政务公开/a/图 1.png", PNG)
        .file("static/图/标志.png", PNG)
        .file("static/f.png", PNG);
    (1..=25).fold(site, |site, number| {
        site.file(
            &format!("content/政务公开/a/第{number}号.md"),
            doc(&format!("第{number}号"), &format!("2013-05-{number:02}"), "place: 马头镇"),
        )
    })
}

fn names(built: &Built, page: &str) -> Vec<String> {
    html::tags(built.page(page).text)
        .unwrap()
        .iter()
        .filter(|tag| tag.name == "meta")
        .filter_map(|tag| tag.get("name"))
        .filter(|name| name.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_address_of_every_page_leads_to_a_file() {
    let built = site().build().clean();
    assert!(html::check(&built.tree, BASE) > 1000);
}

#[test]
fn the_repositorys_own_site_is_sound() {
    let built = SiteTest::from_dir(".").as_of("2026-06-30").build().built();
    assert!(html::check(&built.tree, BASE) > 20_000);
    // the county numbered some documents oddly, and one issue of its weekly reports is missing
    let is_known = |finding: &&String| finding.starts_with("G019") || finding.ends_with("第31期缺");
    let others: Vec<&String> = built.findings.iter().filter(|finding| !is_known(finding)).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn standard_meta_tags_stand_in_their_order() {
    let built = site().build().clean();
    let site = ["SiteName", "SiteDomain", "SiteIDCode"];
    let column = ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"];
    let article = ["ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"];
    let list: Vec<&str> = [&site[..], &column].concat();
    assert_eq!(names(&built, "index.html"), site);
    let channel = built
        .tree
        .keys()
        .find(|path| {
            path.starts_with("zhengwugongkai") && path.ends_with("/index.html") && path.matches('/').count() == 1
        })
        .unwrap();
    assert_eq!(names(&built, channel), list);
    assert_eq!(names(&built, "catalogue/year/2014/index.html"), list);
    assert_eq!(names(&built, "catalogue/index.html"), list);
    let document =
        built.tree.keys().find(|path| path.contains("/banfa-") || path.contains("banfa-")).map(String::as_str);
    let document = built.tree.keys().find(|path| path.contains("/a/banfa")).map(String::as_str).or(document).unwrap();
    assert_eq!(names(&built, document), [&list[..], &article].concat());
    let tag = |name: &str| {
        let tags = html::tags(built.page(document).text).unwrap();
        tags.iter()
            .find(|tag| tag.get("name") == Some(name))
            .and_then(|tag| tag.get("content"))
            .map(str::to_owned)
            .unwrap_or_default()
    };
    assert_eq!(tag("SiteDomain"), "www.example.gov.cn");
    assert_eq!(tag("ArticleTitle"), "“办法” <试行> & 'x'");
    assert_eq!(tag("PubDate"), "2014-12-04 09:30");
    assert_eq!(tag("Description"), "一句\"话\" <b>");
    assert_eq!(tag("Url"), format!("{BASE}/{document}"));
    assert!(
        tag("Image").starts_with(&format!("{BASE}/zhengwugongkai")) && tag("Image").ends_with("%E5%9B%BE%201.png"),
        "{}",
        tag("Image")
    );
    let channel_tags = html::tags(built.page(channel).text).unwrap();
    let content = |name: &str| {
        channel_tags.iter().find(|tag| tag.get("name") == Some(name)).unwrap().get("content").unwrap().to_owned()
    };
    assert_eq!(
        ["ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"].map(content),
        ["政务公开", "全部政务", "政务,公开", "信息公开目录"]
    );
}

/// 国办发〔2017〕47号 asks for them on every page: also where nothing is found, and where an old address leads on.
#[test]
fn every_page_carries_the_tags_of_the_site() {
    let built = site().build().clean();
    let pages: Vec<&String> =
        built.tree.keys().filter(|path| path.ends_with(".html") || path.ends_with(".htm")).collect();
    assert!(["404.html", "old/a.html", "b.htm", "sitemap.html"].iter().all(|page| built.tree.contains_key(*page)));
    for page in pages {
        assert_eq!(names(&built, page)[..3], ["SiteName", "SiteDomain", "SiteIDCode"], "{page}");
    }
}

#[test]
fn text_of_authors_is_escaped_wherever_it_is_printed() {
    let hostile = "甲\"><script>alert(1)</script>&amp;'`=";
    let yaml = format!("'{}'", hostile.replace('\'', "''"));
    let toml = format!("\"{}\"", hostile.replace('"', "\\\""));
    let site = SiteTest::empty()
        .file("site.toml", format!("[site]\nname = {toml}\nbase_url = \"{BASE}\"\norganizer = {toml}\nundertaker = {toml}\ncontact = {toml}\naddress = {toml}\nicp = {toml}\npolice = {toml}\ndescription = {toml}\n\n[[catalogue.crossing]]\naxes = [\"issuer\", \"genre\"]\n"))
        .file("content/_index.md", channel(&yaml, &format!("blocks:\n  - {{type: list, title: {yaml}}}\n  - type: links\n    title: {yaml}\n    links: [{{title: {yaml}, to: z/, note: {yaml}}}]\n  - {{type: terms, axis: place, title: {yaml}}}\n  - {{type: channels, title: {yaml}}}")))
        .file("content/z/_index.md", channel(&yaml, &format!("description: {yaml}\ncolumn_type: {yaml}\nkeywords: [{yaml}]")))
        .file("content/_data/genres.yaml", format!("- name: {yaml}\n  slug: x\n"))
        .file("content/_data/organizations.yaml", format!("- name: {yaml}\n  slug: x\n  short: {yaml}\n"))
        .file("content/z/f.pdf", PDF)
        .file("content/z/old.md", doc("旧", "2010-01-01", "").replace("县政府办", &yaml))
        .file(
            "content/z/a.md",
            format!("---\ntitle: {yaml}\nissuer: {yaml}\npublished: 2014-12-04\ndoc_no: {yaml}\nindex_no: 'x\"><script>1</script>&'\nsummary: {yaml}\nkeywords: [{yaml}]\nsource: {yaml}\nauthor: {yaml}\nkind: {yaml}\nseries: {yaml}\nissue: {yaml}\ngenre: {yaml}\nplace: [{yaml}]\ncategory: {yaml}\nchange_note: {yaml}\nattachments: [{{file: f.pdf, title: {yaml}}}]\nrepeals: old.md\npinned: true\naliases: /old.html\n---\n\n# 甲\"><u>x</u>&amp;\n\n![甲\"><u>x</u>](/p.png \"乙\\\"><u>\") [丙](https://a.cn/?a=1&b=\"x\" \"丁\\\">\")\n\n```甲\"><u>\n<script>\n```\n"),
        )
        .file("static/p.png", PNG);
    let built = site.build().built();
    assert!(html::check(&built.tree, BASE) > 100);
    for (path, bytes) in &built.tree {
        let text = String::from_utf8_lossy(bytes);
        let is_markup = [".html", ".xml"].iter().any(|end| path.ends_with(end));
        if is_markup {
            assert!(!text.contains("<script>") && !text.contains("<u>\""), "{path}:\n{text}");
        }
        if path.ends_with(".xml") {
            well_formed(path, &text);
        }
    }
    built.page("z/index.json").json();
}

/// The names of a well-formed XML document's elements, with their depth.
#[track_caller]
fn well_formed(path: &str, text: &str) -> Vec<(usize, String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut open, mut elements): (Vec<usize>, Vec<(usize, String, String)>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}\n{text}")) {
            Event::Start(tag) => {
                elements.push((open.len(), String::from_utf8_lossy(tag.name().as_ref()).into_owned(), String::new()));
                open.push(elements.len() - 1);
                tag.attributes().for_each(|attribute| _ = attribute.unwrap_or_else(|error| panic!("{path}: {error}")));
            }
            Event::Empty(tag) => {
                elements.push((open.len(), String::from_utf8_lossy(tag.name().as_ref()).into_owned(), String::new()))
            }
            Event::End(_) => _ = open.pop(),
            Event::Text(part) => {
                if let Some(at) = open.last() {
                    elements[*at].2.push_str(std::str::from_utf8(&part).unwrap());
                }
            }
            Event::GeneralRef(name) => {
                if let Some(at) = open.last() {
                    elements[*at].2.push_str(&html::unescape(&format!("&{};", std::str::from_utf8(&name).unwrap())));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{path}");
    elements.into_iter().map(|(depth, name, text)| (depth, name, text.trim().to_owned())).collect()
}

#[test]
fn feeds_are_rss_2_with_twenty_items_and_no_body() {
    let built = site().build().clean();
    let channel =
        built.tree.keys().find(|path| path.starts_with("zhengwugongkai") && path.ends_with("/a/rss.xml")).unwrap();
    for path in ["rss.xml", channel] {
        let text = built.page(path).text;
        let elements = well_formed(path, text);
        let of = |name: &str, depth: usize| {
            elements
                .iter()
                .filter(|(at, own, _)| own == name && *at == depth)
                .map(|(_, _, text)| text.as_str())
                .collect::<Vec<_>>()
        };
        assert!(text.contains("<rss version=\"2.0\""));
        assert_eq!(of("item", 2).len(), 20, "{path}");
        for name in ["title", "link", "guid", "pubDate", "category"] {
            assert_eq!(of(name, 3).len(), 20, "{path} {name}");
        }
        assert_eq!(of("title", 3)[..2], ["“办法” <试行> & 'x'", "第25号"]);
        assert_eq!(of("pubDate", 3)[..2], ["Thu, 04 Dec 2014 09:30:00 +0800", "Sat, 25 May 2013 00:00:00 +0800"]);
        assert_eq!(of("lastBuildDate", 2), ["Thu, 04 Dec 2014 09:30:00 +0800"]);
        assert_eq!(of("language", 2), ["zh-cn"]);
        assert!(
            of("link", 3)
                .iter()
                .all(|link| link.starts_with(&format!("{BASE}/")) && built.tree.contains_key(&link[BASE.len() + 1..]))
        );
        assert!(!text.contains("的正文") && !text.contains("重点"));
    }
    assert!(built.page("index.html").text.contains("<link rel=\"alternate\" type=\"application/rss+xml\""));
}

#[test]
fn the_sitemap_has_parts_with_true_last_changes() {
    let built = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04 09:30", ""))
        .file("content/z/b.md", doc("乙", "2013-01-01", "updated: 2015-05-05"))
        .build()
        .clean();
    let elements = |path: &str, name: &str| -> Vec<String> {
        let all = well_formed(path, built.page(path).text);
        all.into_iter().filter(|(_, own, _)| own == name).map(|(_, _, text)| text).collect()
    };
    assert_eq!(
        elements("sitemap.xml", "loc"),
        ["pages", "2013", "2014"].map(|part| format!("{BASE}/sitemap-{part}.xml"))
    );
    assert_eq!(elements("sitemap.xml", "lastmod"), ["2015-05-05", "2015-05-05", "2014-12-04"]);
    assert_eq!(elements("sitemap-2014.xml", "loc"), [format!("{BASE}/z/a.html")]);
    assert_eq!(elements("sitemap-2013.xml", "lastmod"), ["2015-05-05"]);
    let pages = elements("sitemap-pages.xml", "loc");
    for page in &pages {
        let path = &page[BASE.len() + 1..];
        assert!(built.tree.contains_key(if path.is_empty() { "index.html" } else { path }), "{page}");
    }
    for path in ["", "z/index.html", "catalogue/index.html", "catalogue/year/2014/index.html"] {
        assert!(pages.contains(&format!("{BASE}/{path}")), "{path} in {pages:?}");
    }
    // every page that wants to be found stands in it once: all HTML but archive pages, 404, redirects, the site map
    let mut all: Vec<String> =
        [pages, elements("sitemap-2013.xml", "loc"), elements("sitemap-2014.xml", "loc")].concat();
    all.sort();
    let html = |path: &&String| path.ends_with(".html") && !["404.html", "sitemap.html"].contains(&path.as_str());
    let mut expected: Vec<String> = built
        .tree
        .keys()
        .filter(html)
        .map(|path| format!("{BASE}/{}", if path == "index.html" { "" } else { path }))
        .collect();
    expected.sort();
    assert_eq!(all, expected);
}

#[test]
fn robots_lead_to_the_sitemap() {
    snapbox::assert_data_eq!(
        site().build().clean().page("robots.txt").text,
        snapbox::str![[r#"
User-agent: *
Allow: /

Sitemap: https://www.example.gov.cn/sitemap.xml

"#]]
    );
}

#[test]
fn the_404_page_has_absolute_addresses_and_others_have_none_of_the_site() {
    let built = site().build().clean();
    let tags = html::tags(built.page("404.html").text).unwrap();
    let addresses = tags.iter().filter_map(|tag| tag.get("href").or(tag.get("src")));
    assert!(addresses.clone().count() > 10);
    addresses.for_each(|address| assert!(address.starts_with("https://") || address.starts_with('#'), "{address}"));
    built.page("404.html").has("noindex").lacks("rel=\"canonical\"");
    for (path, bytes) in built.tree.iter().filter(|(path, _)| path.ends_with(".html") && *path != "404.html") {
        let text = std::str::from_utf8(bytes).unwrap();
        let links = html::tags(text)
            .unwrap()
            .into_iter()
            .filter(|tag| tag.name == "a" || tag.name == "img" || tag.name == "script");
        links.for_each(|tag| {
            assert!(!tag.get("href").or(tag.get("src")).unwrap_or("").contains("example.gov.cn"), "{path}: {tag:?}")
        });
    }
}

#[test]
fn the_same_bytes_work_under_a_sub_path() {
    let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", ""));
    site.edit("site.toml", "https://www.example.gov.cn", "https://www.example.gov.cn/tancheng/");
    let built = site.build().clean();
    built
        .page("a.html")
        .has("<link rel=\"canonical\" href=\"https://www.example.gov.cn/tancheng/a.html\">")
        .has("href=\"index.html\"");
    built.page("404.html").has("href=\"https://www.example.gov.cn/tancheng/index.html\"");
    html::check(&built.tree, "https://www.example.gov.cn/tancheng");
}

#[test]
fn base_url_on_the_command_line_replaces_the_files() {
    let mut site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", ""));
    site.options.base_url = Some("http://test.example.cn:8080/x".into());
    let built = site.build().clean();
    built
        .page("a.html")
        .has("http://test.example.cn:8080/x/a.html")
        .has("<meta name=\"SiteDomain\" content=\"test.example.cn\">");
    built.lacks_everywhere("www.example.gov.cn");
    site.options.base_url = Some("test.example.cn".into());
    site.build().refused().finds(&["G070 site.toml"]);
}

#[test]
fn old_addresses_lead_to_the_new_one_relatively() {
    let built = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/z/a.md",
            doc("甲", "2014-12-04", "aliases: [/art/2014/a.htm, old/, \"/%E6%97%A7/b.html\", /中文/c.html]"),
        )
        .build()
        .clean();
    for (path, target) in [
        ("art/2014/a.htm", "../../z/a.html"),
        ("old/index.html", "../z/a.html"),
        ("旧/b.html", "../z/a.html"),
        ("中文/c.html", "../z/a.html"),
    ] {
        built
            .page(path)
            .has(&format!("<meta http-equiv=\"refresh\" content=\"0; url={target}\">"))
            .has(&format!("<a href=\"{target}\">甲</a>"))
            .has("<meta name=\"robots\" content=\"noindex\">");
    }
    html::check(&built.tree, BASE);
    built.page("sitemap-2014.xml").lacks("art/2014").lacks("old/");
}

#[test]
fn addresses_of_chinese_names_are_encoded_in_html_and_xml_and_plain_in_data() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", "attachments: \"100%（终稿） 1#.pdf\""))
        .file("content/100%（终稿） 1#.pdf", PDF)
        .build()
        .clean();
    built.page("a.html").has("href=\"100%25%EF%BC%88%E7%BB%88%E7%A8%BF%EF%BC%89%201%23.pdf\"");
    assert_eq!(built.tree["100%（终稿） 1#.pdf"], PDF);
    html::check(&built.tree, BASE);
}

#[test]
fn templates_assets_and_strings_are_overridden_file_by_file() {
    let site = || {
        SiteTest::new()
            .file("content/a.md", doc("甲", "2014-12-04", "kind: budget"))
            .file("content/b.md", doc("乙", "2014-12-04", "kind: other"))
    };
    let built = site()
        .file("templates/kinds/budget.html", "{% extends \"document.html\" %}{% block main %}<h1>{{ page.heading }}</h1><p>预算版式</p>{% endblock main %}")
        .file("templates/strings/zh-CN.toml", "home = \"主页\"\n")
        .build()
        .clean();
    built.page("a.html").has("预算版式").has(">主页</a>").page("b.html").lacks("预算版式").has(">主页</a>");

    let built = site()
        .config("\n[theme]\nname = \"own\"\n")
        .file("themes/own/404.html", "{% extends \"base.html\" %}{% block main %}<h1>自有主题</h1>{% endblock main %}")
        .file("themes/own/robots.html", "无用")
        .file("themes/own/assets/site.css", "body{color:#123456}")
        .build()
        .built()
        .finds(&["G074 themes/own/robots.html 主题里的这个文件没有用到"]);
    built.page("404.html").has("自有主题");
    let css = built.tree.keys().find(|path| path.starts_with("assets/site.") && path.ends_with(".css")).unwrap();
    assert_eq!(built.tree[css], b"body{color:#123456}");
    built.page("a.html").has(&format!("href=\"{css}\""));
    // templates/ comes before themes/NAME/
    let built = site()
        .config("\n[theme]\nname = \"own\"\n")
        .file("themes/own/404.html", "自有主题")
        .file("templates/404.html", "{% extends \"base.html\" %}{% block main %}<h1>本站模板</h1>{% endblock main %}")
        .build()
        .clean();
    built.page("404.html").has("本站模板");
}

#[test]
fn a_file_of_a_theme_that_nothing_uses_is_named_with_the_name_it_may_have_meant() {
    let site =
        || SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", "")).config("\n[theme]\nname = \"own\"\n");
    let lost =
        "{% extends \"base.html\" %}{% block main %}<h1>甲</h1>{% include \"own/one.html\" %}{% endblock main %}";
    site()
        .file("themes/own/404.html", lost)
        .file("themes/own/own/one.html", "{%- include 'own/two.html' -%}")
        .file("templates/own/two.html", "乙")
        .file("templates/kinds/budget.html", lost)
        .file("templates/assets/x.png", PNG)
        .file("themes/own/README.md", "说明")
        .file("themes/own/LICENSE", "许可")
        .file("themes/own/.gitignore", "x")
        .build()
        .clean()
        .page("404.html")
        .has("乙");
    let built = site()
        .file("templates/documnt.html", "{% include 'own/one.html' %}")
        .file("templates/own/one.html", "只有没有用到的模板引入它")
        .file("themes/own/partial/facts.html", "甲")
        .file("themes/own/strings/zh-TW.toml", "home = \"首頁\"\n")
        .file("themes/own/asset/site.css", "body{}")
        .build()
        .built()
        .finds(&[
            "G074 templates/documnt.html 主题里的这个文件没有用到",
            "G074 templates/own/one.html",
            "G074 themes/own/asset/site.css",
            "G074 themes/own/partial/facts.html",
            "G074 themes/own/strings/zh-TW.toml",
        ]);
    let help: Vec<&str> = built.report.findings.iter().map(|finding| finding.help.as_deref().unwrap_or("")).collect();
    assert_eq!(help[0], "你是不是想写“document.html”？");
    assert!(help[1].contains("include"), "{}", help[1]);
    assert_eq!(help[2..4], ["你是不是想写“assets/site.css”？", "你是不是想写“partials/facts.html”？"]);
}

#[test]
fn an_empty_template_of_a_page_is_named_an_empty_part_is_not() {
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", ""))
        .file("templates/document.html", "\n")
        .file("templates/partials/feeds.html", "")
        .build()
        .built()
        .finds(&["G072 templates/document.html 模板是空的"]);
}

/// Not once per page, and where it stands.
#[test]
fn an_error_of_a_template_is_told_once_with_its_place_and_an_example() {
    let site = |template: &str, text: &str| {
        let site = SiteTest::new().file("content/z/_index.md", channel("栏目", "")).file(template, text);
        (1..=9).fold(site, |site, number| site.file(&format!("content/z/a{number}.md"), doc("甲", "2014-12-04", "")))
    };
    let page = "{% extends \"base.html\" %}\n{% block main %}\n<h1>{{ page.heading }}</h1>\n";
    site("templates/document.html", &format!("{page}{{{{ doc.titel.x }}}}\n{{% endblock main %}}\n"))
        .build()
        .refused()
        .finds(&["G072 templates/document.html:4:8 模板出错："])
        .names_end("（9 个页面，如 z/a1.html）");
    site("templates/partials/facts.html", "甲\n{{ nobody.x }}\n")
        .build()
        .refused()
        .finds(&["G072 templates/partials/facts.html:2:4 模板出错："]);
    site("templates/404.html", "\n{{ nobody.x }}\n")
        .build()
        .refused()
        .finds(&["G072 templates/404.html:2:4 模板出错："])
        .names_end("（页面 404.html）");
    site("templates/partials/cards.html", "{% for card in cards %}\n{{ card.title }\n{% endfor %}")
        .build()
        .refused()
        .finds(&["G072 templates/partials/cards.html:2:"]);
    site("templates/404.html", "{% extends \"nothing.html\" %}")
        .build()
        .refused()
        .finds(&["G072 templates/404.html:1:1 模板出错：extends 的模板“nothing.html”不存在"]);
}

#[test]
fn nothing_dead_stands_on_a_site_without_documents_or_channels() {
    let built = SiteTest::new().build().clean();
    html::check(&built.tree, BASE);
    let built = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/a.md", doc("甲", "2014-12-04", "draft: true"))
        .build()
        .clean();
    html::check(&built.tree, BASE);
}

#[test]
fn the_emblem_is_shown_only_where_the_law_has_it() {
    let site = |level: &str| SiteTest::new().config(&format!("emblem = \"/e.png\"\n{level}")).file("static/e.png", PNG);
    site("level = \"county-government\"\n").build().clean().page("index.html").has("class=\"emblem\" src=\"e.png\"");
    site("level = \"department\"\n").build().refused().finds(&["G070 site.toml:6:10 只有国徽法第六条所列机关"]);
    site("").build().refused().finds(&["G070 site.toml:6:10"]);
}
