//! What a person sees in the browser: the band, the panel, drafts, and where there is no page.

use super::client::{MOMENT, Preview};
use crate::site_test::{PDF, SiteTest, channel, doc, doc_with};

const BAND: &str = "本地预览·未发布";
/// What published pages say where `site.toml` names no icon.
const ICON: &str = "<link rel=\"icon\" href=\"data:,\">\n";

fn site() -> SiteTest {
    SiteTest::new()
        .file("content/zwgk/_index.md", channel("政务公开", ""))
        .file(
            "content/zwgk/tdzs.md",
            doc("土地征收通告", "2014-12-04", "index_no: a/2014-001\naliases: [/art/1.html, /old/]\nsubject: 综合政务"),
        )
        .file("content/zwgk/caogao.md", doc("起草中的文件", "2014-12-05", "draft: true"))
        .file("content/zwgk/weilai.md", doc("以后的文件", "2026-12-01", ""))
        .file("content/zwgk/mi.md", doc("不公开的文件", "2014-12-05", "disclosure: 依申请公开"))
        .file("content/zwgk/bao/index.md", doc("有附件的草稿", "2014-12-05", "draft: true\nattachments: [x.pdf]"))
        .file("content/zwgk/bao/x.pdf", PDF)
}

#[test]
fn the_band_is_on_every_page_and_in_no_build() {
    let preview = Preview::of(site());
    for path in [
        "/",
        "/zwgk/",
        "/zwgk/tdzs.html",
        "/catalogue/",
        "/sitemap.html",
        "/404.html",
        "/art/1.html",
        "/.gongkai/panel?page=index.html",
    ] {
        let page = preview.page(path);
        assert_eq!(page.matches(BAND).count(), 1, "{path}: {page}");
        assert!(crate::html::tags(&page).is_ok(), "{path}");
    }
    preview
        .site
        .build()
        .clean()
        .lacks_everywhere(BAND)
        .lacks_everywhere("gongkai-serve")
        .lacks_everywhere("起草中")
        .lacks_everywhere("以后的文件");
    // a preview leaves nothing but the state folder
    let mut names: Vec<_> =
        std::fs::read_dir(preview.site.root()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [".gongkai", "content", "public", "site.toml"]);
}

#[test]
fn a_preview_writes_no_output() {
    let preview = Preview::of(site());
    preview.page("/");
    preview.site.edit("content/zwgk/tdzs.md", "土地征收通告的正文", "新的正文");
    preview.until("the edit", || preview.get("/zwgk/tdzs.html").text().contains("新的正文"));
    assert!(!preview.site.path("public").exists());
}

#[test]
fn what_is_previewed_is_what_is_published() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""));
    let built = site.build().clean();
    let preview = Preview::of(site);
    for (path, bytes) in &built.tree {
        let reply = preview.get(&format!("/{path}"));
        assert_eq!(reply.status, 200, "{path}");
        if !path.ends_with(".html") {
            assert!(reply.body == *bytes, "{path}");
            continue;
        }
        let mut page = reply.text();
        for (from, to) in [
            ("<link rel=\"icon\" href=\"/.gongkai", "serve.css\">\n"),
            ("<aside id=\"gongkai-serve\"", "defer></script>\n"),
        ] {
            let start = page.find(from).unwrap_or_else(|| panic!("{from} in {path}"));
            let end = start + page[start..].find(to).unwrap() + to.len();
            page.replace_range(start..end, "");
        }
        // a tab of the preview is known by its icon, and by no other
        let published = std::str::from_utf8(bytes).unwrap();
        assert_eq!(published.matches(ICON).count(), 1, "{path}");
        let mut published = published.replace(ICON, "");
        // the one page with whole addresses, which lead to the preview here
        if path == "404.html" {
            published = published.replace("\"https://www.example.gov.cn/", "\"/");
        }
        assert_eq!(page, published, "{path}");
    }
}

#[test]
fn the_icon_is_that_of_the_preview_alone() {
    let page = "<!doctype html><html><head><LINK REL=\"shortcut icon\" href=\"/a.ico\"><link rel=\"stylesheet\" href=\"/a.css\">\
                <title>x</title></head><body><link rel=\"icon\" href=\"/in-the-text\"></body></html>";
    let site = site().file("static/own.html", page).file("static/a.ico", "").file("static/a.css", "");
    let preview = Preview::of(site);
    for path in ["/", "/zwgk/tdzs.html", "/404.html", "/none", "/own.html"] {
        let page = preview.get(path).text();
        let head = page.split("</head>").next().unwrap().to_lowercase();
        assert_eq!(head.matches("icon\"").count(), 1, "{path}: {head}");
        assert!(head.contains("<link rel=\"icon\" href=\"/.gongkai/icon.svg\""), "{path}: {head}");
    }
    let own = preview.page("/own.html");
    assert!(own.contains("<link rel=\"stylesheet\" href=\"/a.css\">") && own.contains("/in-the-text"), "{own}");
}

#[test]
fn drafts_and_what_is_scheduled_are_seen_and_marked() {
    let preview = Preview::of(site());
    let (list, home) = (preview.page("/zwgk/"), preview.page("/"));
    for page in [&list, &home] {
        for text in ["起草中的文件", ">草稿</span>", "以后的文件", ">将于 2026-12-01 公开</span>", "有附件的草稿"]
        {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert!(!page.contains("不公开的文件"));
    }
    let draft = preview.page("/zwgk/caogao.html");
    assert_eq!(draft.matches(">草稿</span>").count(), 2, "on the page and in the band: {draft}");
    assert!(preview.page("/zwgk/weilai.html").contains("<span class=\"gk-pending\">将于 2026-12-01 公开</span>"));
    assert!(!preview.page("/zwgk/tdzs.html").contains("gk-pending"));
    assert_eq!(preview.get("/zwgk/bao/x.pdf").body, PDF);
    let row = preview.page("/catalogue/year/2014/");
    assert!(row.contains(">草稿</span>"), "{row}");
    // taken back and forth
    let page = preview.open("/zwgk/caogao.html");
    preview.site.edit("content/zwgk/caogao.md", "draft: true\n", "");
    assert_eq!(page.next(), "reload");
    assert!(!preview.page("/zwgk/caogao.html").contains("草稿</span>"));
    preview.site.edit("content/zwgk/tdzs.md", "subject:", "draft: true\nsubject:");
    preview.until("a draft", || preview.get("/zwgk/tdzs.html").text().contains("gk-pending"));
    preview.site.edit("content/zwgk/tdzs.md", "draft: true", "disclosure: 不予公开");
    preview.until("nothing", || preview.get("/zwgk/tdzs.html").status == 404);
    assert!(preview.get("/zwgk/tdzs.html").text().contains("content/zwgk/tdzs.md 没有公开：公开方式是不予公开"));
}

#[test]
fn an_unfinished_draft_is_shown_with_what_it_has() {
    let site = site().file("content/zwgk/kong.md", "---\ndraft: true\n---\n\n刚开始写。\n").file(
        "content/zwgk/cuo.md",
        doc_with(
            "有错的草稿",
            "2014-12-05",
            "draft: true\nsubject: 没有的主题\ntitel: x\nattachments: [没有.pdf]",
            "见[乙](没有.md)。",
        ),
    );
    let preview = Preview::of(site);
    let page = preview.page("/zwgk/kong.html");
    assert!(page.contains("刚开始写。") && page.contains("（没有标题）"), "{page}");
    let page = preview.page("/zwgk/cuo.html");
    assert!(page.contains("有错的草稿") && page.contains("见乙。"), "{page}");
    let panel = preview.page("/.gongkai/panel?page=zwgk/cuo.html");
    let own = panel.split("全站其他的问题").next().unwrap();
    for code in ["G011", "G021", "G032", "G034"] {
        assert!(own.contains(&format!("警告 {code}")), "{code} in {panel}");
    }
    assert!(preview.told().iter().any(|line| line.contains("0 errors")), "{:?}", preview.told());
    // what is public may not be so
    preview.site.edit("content/zwgk/cuo.md", "draft: true\n", "");
    preview.until("errors", || preview.get("/zwgk/tdzs.html").text().contains("个错误"));
}

#[test]
fn the_panel_says_why_a_document_is_where() {
    let preview = Preview::of(site());
    let panel = preview.page("/.gongkai/panel?page=zwgk/tdzs.html");
    for text in [
        "<a href=\"/zwgk/index.html\">政务公开</a><br>文件在 content/zwgk/ 里",
        "<a href=\"/index.html\">首页的区块“政务公开”</a>",
        "<a href=\"/catalogue/subject/zhzw/index.html\">主题分类“综合政务”</a><br>字段 subject（主题分类）",
        "<a href=\"/zwgk/rss.xml\">",
        "<dt>源文件</dt><dd>content/zwgk/tdzs.md</dd>",
        "<dt>索引号</dt><dd>a/2014-001</dd>",
        "<dt>状态</dt><dd>公开</dd>",
    ] {
        assert!(panel.contains(text), "{text} in {panel}");
    }
    assert!(preview.page("/.gongkai/panel?page=zwgk/caogao.html").contains("<dd>尚未公开：草稿</dd>"));
    let list = preview.page("/.gongkai/panel?page=zwgk/index.html");
    assert!(list.contains("content/zwgk/_index.md") && list.contains("4 份"), "{list}");
    let news: serde_json::Value = serde_json::from_str(&preview.page("/.gongkai/news?page=zwgk/tdzs.html")).unwrap();
    assert!(news["panel"].as_str().unwrap().contains("文件在 content/zwgk/ 里"));
    assert_eq!(preview.get("/.gongkai/news?page=../x").status, 200, "says nothing, and opens nothing");
}

#[test]
fn what_authors_write_stays_text() {
    let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let quoted = format!("'{}'", evil.replace('\'', "''"));
    let site = site().file(
        "content/zwgk/x.md",
        doc("x", "2014-12-04", "")
            .replace("title: x", &format!("title: {quoted}\nsubject: {quoted}\nsummary: {quoted}")),
    );
    let preview = Preview::of(site);
    // the faulty one blocks the first site; the message quotes it
    let page = preview.get("/zwgk/x.html").text();
    assert!(page.contains("G021") && page.contains("&lt;script&gt;"), "{page}");
    let is_safe = |page: &str| !page.contains("<script>alert") && !page.contains("<img src=x");
    assert!(is_safe(&page), "{page}");
    preview.site.edit("content/zwgk/x.md", &format!("\nsubject: {quoted}"), "\ndraft: true");
    preview.until("the site", || preview.get("/zwgk/x.html").status == 200);
    for path in [
        "/zwgk/x.html",
        "/.gongkai/panel?page=zwgk/x.html",
        "/zwgk/<script>alert(1)</script>",
        "/zwgk/%3Cscript%3Ealert(1)%3C/script%3E",
        "/.gongkai/panel?page=%3Cscript%3Ealert(1)",
    ] {
        let page = preview.get(path).text();
        assert!(is_safe(&page), "{path}: {page}");
    }
    let news = preview.page("/.gongkai/news?page=zwgk/x.html");
    let news: serde_json::Value = serde_json::from_str(&news).unwrap();
    assert!(is_safe(news["panel"].as_str().unwrap()));
}

#[test]
fn where_there_is_no_page_near_ones_are_offered() {
    let preview = Preview::of(site());
    let offered = |path: &str, url: &str| {
        let reply = preview.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text().contains(&format!("<a href=\"{url}\">")), "{url} in {}", reply.text());
    };
    offered("/zwgk/tdzz.html", "/zwgk/tdzs.html");
    offered("/tdzs.html", "/zwgk/tdzs.html");
    offered("/zwgk/czxx/tdzs.html", "/zwgk/tdzs.html");
    offered("/content/zwgk/tdzs.md", "/zwgk/tdzs.html");
    offered("/%E5%9C%9F%E5%9C%B0%E5%BE%81%E6%94%B6", "/zwgk/tdzs.html");
    let held = preview.get("/content/zwgk/mi.md").text();
    assert!(held.contains("content/zwgk/mi.md 没有公开：公开方式是依申请公开"), "{held}");
    assert!(!held.contains("不公开的文件"), "{held}");
    // a page that comes into being shows itself
    let reader = preview.open("/zwgk/xin.html");
    preview.site.put("content/zwgk/xin.md", doc("新来的", "2014-12-04", ""));
    assert_eq!(reader.next(), "reload");
    assert_eq!(preview.get("/zwgk/xin.html").status, 200);
    std::thread::sleep(MOMENT);
}

/// The links that are offered, in order.
fn offered(preview: &Preview, path: &str) -> Vec<String> {
    let reply = preview.get(path);
    assert_eq!(reply.status, 404, "{path}");
    let text = reply.text();
    let main = text.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
    main.split("<a href=\"").skip(1).map(|link| link.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn what_was_meant_is_offered_first() {
    let mut site = site()
        .file("content/zwdt/_index.md", channel("政务动态", "page_size: 10"))
        .file("content/zwgk/czxx/_index.md", channel("财政信息", ""));
    for n in 10..60 {
        site = site.file(&format!("content/zwdt/px-2014-{n}.md"), doc(&format!("培训{n}"), "2014-12-04", ""));
    }
    let preview = Preview::of(site);
    for (path, first) in [
        // other letters, another form
        ("/INDEX.HTML", "/index.html"),
        ("/Zwdt/", "/zwdt/index.html"),
        ("/ZWDT/PX-2014-11.HTML", "/zwdt/px-2014-11.html"),
        ("/zwdt/px-2014-11", "/zwdt/px-2014-11.html"),
        ("/zwdt/px-2014-11.htm", "/zwdt/px-2014-11.html"),
        ("/zwdt/px-2014-11.html/", "/zwdt/px-2014-11.html"),
        ("/zwdt.html", "/zwdt/index.html"),
        ("/rss", "/rss.xml"),
        ("/zwdt/rss", "/zwdt/rss.xml"),
        // a slip in a folder
        ("/zwd/", "/zwdt/index.html"),
        ("/zwd", "/zwdt/index.html"),
        ("/zwd/px-2014-11.html", "/zwdt/px-2014-11.html"),
        ("/catalogue/isuer/", "/catalogue/issuer/index.html"),
        ("/catalogue/subject/zhzww/", "/catalogue/subject/zhzw/index.html"),
        ("/zwgk/czx/", "/zwgk/czxx/index.html"),
        // titles and names
        ("/政务动态", "/zwdt/index.html"),
        ("/政务动太", "/zwdt/index.html"),
        ("/财政信息/", "/zwgk/czxx/index.html"),
        ("/综合政务", "/catalogue/subject/zhzw/index.html"),
        ("/县政府办", "/catalogue/issuer/xianzhengfuban-7eb8b8/index.html"),
        // pages of the same folder
        ("/zwdt/list_9.html", "/zwdt/list_1.html"),
        ("/zwdt/px-2014-99.html", "/zwdt/px-2014-19.html"),
    ] {
        let links = offered(&preview, &gongkai::model::path::encode(path));
        assert_eq!(links.first().map(String::as_str), Some(first), "{path}: {links:?}");
        assert!(links.len() <= 9, "{path}: {links:?}");
    }
    let links = offered(&preview, "/zwdt/list_9.html");
    assert!(links[..4].iter().all(|link| link.starts_with("/zwdt/list_")), "{links:?}");
    assert_eq!(links[4], "/zwdt/index.html", "{links:?}");
    let links = offered(&preview, "/wholly-unlike-anything");
    assert_eq!(links, ["/"]);
}

#[test]
fn an_old_address_tells_where_it_leads() {
    let preview = Preview::of(site());
    for path in ["/art/1.html", "/old/"] {
        let page = preview.page(path);
        assert!(page.contains("是旧网址") && page.contains("<a href=\"/zwgk/tdzs.html\">土地征收通告"), "{page}");
        assert!(!page.contains("http-equiv=\"refresh\""), "{page}");
    }
}

#[test]
fn the_preview_refuses_what_the_build_refuses() {
    let link = |to: &str| doc_with("公开的", "2014-12-04", "", &format!("见[那里]({to})。"));
    let preview = Preview::of(site().file("content/zwgk/gong.md", doc("公开的", "2014-12-04", "")));
    let of_preview = |to: &str| {
        preview.site.put("content/zwgk/gong.md", link(to));
        preview.until("the finding", || {
            preview.get("/").text().contains("G039 ") || preview.get("/").text().contains("G039<")
        });
        let page = preview.page("/");
        preview.site.put("content/zwgk/gong.md", doc("公开的", "2014-12-04", ""));
        preview.until("the site", || !preview.get("/").text().contains("个错误"));
        page
    };
    for to in ["caogao.md", "weilai.md", "mi.md", "bao/index.md", "bao/x.pdf"] {
        assert!(of_preview(to).contains("content/zwgk/gong.md:6:"), "{to}");
        preview.site.put("content/zwgk/gong.md", link(to));
        let refused = preview.site.build().refused();
        assert!(refused.findings[0].starts_with("G039 content/zwgk/gong.md:6:"), "{to}: {:#?}", refused.findings);
        preview.site.put("content/zwgk/gong.md", doc("公开的", "2014-12-04", ""));
    }
    // from one draft to another, and to what is public, all is well
    preview.site.put(
        "content/zwgk/xin.md",
        doc_with("新草稿", "2014-12-04", "draft: true", "见[甲](tdzs.md)、[乙](caogao.md)、[丙](weilai.md)。"),
    );
    preview.until("the draft", || preview.get("/zwgk/xin.html").status == 200);
    let page = preview.page("/zwgk/xin.html");
    assert!(page.contains("href=\"../zwgk/caogao.html\"") && page.contains("href=\"../zwgk/weilai.html\""), "{page}");
}
