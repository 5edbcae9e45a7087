//! Where readers of a withdrawn document are sent: to something public, never in a circle.

use super::{plain, withdrawn};
use crate::site_test::{Built, SiteTest, channel, doc};

fn site(a: &str, b: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", a))
        .file("content/z/b.md", doc("乙", "2014-12-05", &format!("index_no: x/2014-2\naliases: /old/b.html\n{b}")))
        .file("content/z/c.md", plain("丙"))
        .file("static/f.pdf", crate::site_test::PDF)
}

fn lines(redirect: &str) -> String {
    withdrawn("内容有误", &format!("redirect: {redirect}"))
}

#[track_caller]
fn link(built: &Built, href: &str) {
    built.page("z/a.html").has(&format!("请看：<a href=\"{href}\">"));
}

#[test]
fn a_redirect_is_a_path_a_number_or_an_address_of_the_site() {
    let ways = [
        ("b.md", "../z/b.html"),
        ("/z/b.md", "../z/b.html"),
        ("content/z/b.md", "../z/b.html"),
        ("x/2014-2", "../z/b.html"),
        ("索引号:x/2014-2", "../z/b.html"),
        ("/z/b.html", "../z/b.html"),
        ("/old/b.html", "../z/b.html"),
        ("https://www.example.gov.cn/z/b.html", "../z/b.html"),
        ("/z/", "../z/index.html"),
        ("/", "../index.html"),
        ("https://www.example.gov.cn", "../index.html"),
        ("/catalogue/year/2014/index.html", "../catalogue/year/2014/index.html"),
        ("/f.pdf", "../f.pdf"),
    ];
    for (written, href) in ways {
        let built = site(&lines(written), "").build().clean();
        link(&built, href);
        let nothing = format!("{}\nwithdrawn_show: 不再显示", lines(written));
        site(&nothing, "").build().clean().page("z/a.html").has(&format!("content=\"0; url={href}\""));
        let banner = format!("{}\nwithdrawn_show: 保留并提示", lines(written));
        site(&banner, "")
            .build()
            .clean()
            .page("z/a.html")
            .has("role=\"note\"")
            .has(&format!("<li><a href=\"{href}\">"));
    }
}

#[test]
fn a_redirect_that_leads_nowhere_is_an_error_where_it_stands() {
    let table = [
        ("a.md", "就是这份文件自己"),
        ("/z/a.html", "就是这份文件自己"),
        ("d.md", "不存在"),
        ("x/2014-9", "不存在"),
        ("/z/d.html", "在网站里没有"),
        ("/z", "在网站里没有"),
        ("https://www.example.com/z/b.html", "不是本站的"),
        ("https://www.example.gov.cn.evil.com/z/b.html", "不是本站的"),
        ("//www.example.com/", "在网站里没有"),
        ("/z/b.html?x=1", "带有参数或 #"),
        ("'/z/b.html#x'", "带有参数或 #"),
        ("/../etc/passwd", "不能用"),
        ("/z/%ff.html", "百分号编码有误"),
        ("../../x.md", "不存在"),
    ];
    for show in ["", "withdrawn_show: nothing\n", "withdrawn_show: banner\n"] {
        for (written, says) in table {
            let found = site(&format!("{show}{}", lines(written)), "").build().refused().findings;
            let line = if show.is_empty() { 7 } else { 8 };
            let is_it = found.len() == 1 && found[0].starts_with(&format!("G087 content/z/a.md:{line}:11 跳转"));
            assert!(is_it && found[0].contains(says), "{written}: {found:#?}");
        }
    }
}

#[test]
fn a_redirect_to_what_is_not_public_is_an_error() {
    for more in [
        "draft: true",
        "published: 2027-01-01",
        "disclosure: 不予公开",
        &withdrawn("error", ""),
        &withdrawn("period", "withdrawn_show: nothing\nredirect: c.md"),
    ] {
        let site = site(&lines("b.md"), "");
        let text = doc("乙", "2014-12-05", more);
        let text = if more.starts_with("published") { text.replacen("published: 2014-12-05\n", "", 1) } else { text };
        site.put("content/z/b.md", text);
        let built = site.build().refused();
        assert!(
            built.findings.iter().any(|found| found.starts_with("G087 content/z/a.md")),
            "{more}: {:?}",
            built.findings
        );
    }
    // what will be withdrawn is told today, so that nothing breaks on its day
    let later = "withdrawn: 2027-01-01\nwithdrawn_reason: error";
    site(&lines("b.md"), later).build().refused().finds(&["G087 content/z/a.md:7:11 跳转的“b.md”也撤下了"]);
    // and a document that will be public by then may be named
    let ahead = "withdrawn: 2027-02-01\nwithdrawn_reason: error\nredirect: d.md";
    let site = site(ahead, "");
    site.put("content/z/d.md", doc("丁", "2027-01-31", ""));
    site.build().clean();
    let site = site.as_of("2027-02-01");
    link(&site.build().clean(), "../z/d.html");
}

#[test]
fn redirects_never_go_round() {
    let banner = |to: &str| withdrawn("已被替代", &format!("redirect: {to}"));
    site(&banner("b.md"), &banner("c.md")).build().clean();
    let built = site(&banner("b.md"), &banner("/z/a.html")).build().refused();
    built.finds(&["G087 content/z/a.md:7:11 跳转绕成了一圈：content/z/a.md → content/z/b.md"]);
    let site = site(&banner("b.md"), &banner("c.md"));
    site.put("content/z/c.md", doc("丙", "2014-12-05", &banner("a.md")));
    site.put("content/z/d.md", doc("丁", "2014-12-05", &banner("a.md")));
    let built = site.build().refused();
    built.finds(&["G087 content/z/a.md:7:11 跳转绕成了一圈：content/z/a.md → content/z/b.md → content/z/c.md"]);
}

#[test]
fn old_addresses_lead_where_the_own_one_does() {
    let alias = |more: &str| withdrawn("内容有误", &format!("aliases: [/old/a.html, /older/]\n{more}"));
    let built = site(&alias(""), "").build().clean();
    for path in ["old/a.html", "older/index.html"] {
        built.page(path).has("url=../z/a.html");
    }
    let built = site(&alias("withdrawn_show: nothing\nredirect: c.md"), "").build().clean();
    for path in ["z/a.html", "old/a.html", "older/index.html"] {
        built.page(path).has("url=../z/c.html");
    }
    // an old address of its own is itself
    let own = alias("withdrawn_show: nothing\nredirect: /old/a.html");
    site(&own, "").build().refused().finds(&["G087 content/z/a.md:9:11 跳转的“/old/a.html”就是这份文件自己"]);
}
