//! 依申请公开申请表: filled in and printed, or sent where `site.toml` says.

use crate::site_test::{Built, SiteTest, assert_same, channel, doc};

fn site(request: &str) -> SiteTest {
    SiteTest::new()
        .config(request)
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("申请表", "2025-01-01", "kind: request-form\nbody: 县政府办公开科"))
        .file("content/z/b.md", doc("乙", "2025-01-02", ""))
}

/// Everything that art. 29 asks for, each field with its own label.
#[test]
fn the_form_asks_for_what_the_law_says() {
    let built = site("").build().clean();
    let page = built.page("z/a.html").has_in_order(&[
        "<dt>受理机构</dt><dd>县政府办公开科</dd>",
        "申请表的正文。",
        "<legend>申请人是公民的</legend>",
        ">姓名</label>",
        ">工作单位</label>",
        ">证件名称</label>",
        ">证件号码</label>",
        ">通信地址</label>",
        ">邮政编码</label>",
        ">联系电话</label>",
        ">电子邮箱</label>",
        "<legend>申请人是法人或者其他组织的</legend>",
        ">名称</label>",
        ">统一社会信用代码</label>",
        ">法定代表人</label>",
        ">联系人</label>",
        "<legend>所需的政府信息</legend>",
        ">名称</label>",
        ">文号</label>",
        ">便于查询的其他特征</label>",
        "<legend>提供的形式</legend>",
        "<span>纸面</span>",
        "<span>电子邮件</span>",
        "<span>光盘</span>",
        "<legend>获取的方式</legend>",
        "<span>邮寄</span>",
        "<span>当面领取</span>",
        "<span>快递</span>",
        "<span>网上获取</span>",
        ">申请人签名（盖章）</label>",
        ">申请日期</label>",
        "不会公开。",
    ]);
    for field in page.text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(page.text.matches(&format!(" id=\"{field}\"")).count(), 1, "{field}");
    }
    let inputs = page.text.matches("<input id=").count() + page.text.matches("<textarea id=").count();
    assert_eq!(page.text.matches("<label for=").count(), inputs);
    built.page("z/b.html").lacks("<fieldset>").lacks("<input");
}

/// Nothing can be sent by accident: there is no form to submit.
#[test]
fn without_an_address_nothing_is_sent() {
    site("")
        .build()
        .clean()
        .page("z/a.html")
        .lacks("<form")
        .lacks("<button type=\"submit\"")
        .lacks("网上申请")
        .has("不会发送");
}

#[test]
fn with_an_address_the_form_is_posted_there() {
    let built = site("[request]\naction = \"https://ysq.example.gov.cn/apply?site=1&x=2\"\n").build().clean();
    built
        .page("z/a.html")
        .has("<form method=\"post\" action=\"https://ysq.example.gov.cn/apply?site=1&amp;x=2\" accept-charset=\"utf-8\">")
        .has("<button type=\"submit\">提交申请</button>")
        .lacks("不会发送");
    let built =
        site("[request]\naction = \"/ysq/submit\"\nurl = \"https://ysq.example.gov.cn/#/apply\"\n").build().clean();
    built
        .page("z/a.html")
        .has("action=\"../ysq/submit\"")
        .has("<a href=\"https://ysq.example.gov.cn/#/apply\">网上申请</a>");
    // at the root a path stays a path
    let site = site("[request]\nurl = \"/javascript:alert(1)\"\n")
        .file("content/c.md", doc("丙", "2025-01-01", "kind: request-form"));
    site.build().clean().page("c.html").has("<a href=\"./javascript:alert(1)\">网上申请</a>");
}

#[test]
fn an_address_that_cannot_be_used_is_told() {
    for (address, problem) in [
        ("http://ysq.example.gov.cn/", "要以 https:// 或 / 开头"),
        ("ysq.example.gov.cn", "要以 https:// 或 / 开头"),
        ("javascript:alert(1)", "要以 https:// 或 / 开头"),
        ("mailto:a@example.gov.cn", "要以 https:// 或 / 开头"),
        ("HTTPS://ysq.example.gov.cn", "要以 https:// 或 / 开头"),
        ("", "是空的"),
        ("  ", "是空的"),
        ("//ysq.example.gov.cn/a", "不是网站里的路径"),
        ("/\\\\ysq.example.gov.cn", "不是网站里的路径"),
        ("/a/../../b", "路径里有 . 或 .."),
        ("/a b", "里面有空白"),
        ("https://", "没有域名"),
        ("https://?a", "没有域名"),
        ("https://user@ysq.example.gov.cn/", "不能带用户名"),
        ("https://ysq.example.gov.cn:99999/", "端口应当是 1 到 65535 的整数"),
        ("https://ysq.example.gov.cn/\\\"><script>", "里面有网址不能有的字符"),
    ] {
        for key in ["url", "action"] {
            let built = site(&format!("[request]\n{key} = \"{address}\"\n")).build().refused();
            let is_told = |finding: &String| finding.starts_with("G070 site.toml:7:") && finding.contains(problem);
            assert!(built.findings.len() == 1 && is_told(&built.findings[0]), "{address}: {:#?}", built.findings);
        }
    }
    site("[request]\nlink = \"https://a.gov.cn\"\n").build().refused().finds(&["G070 site.toml:7:1 未知的键“link”"]);
    site("request = 3\n").build().refused();
    site("[request]\nurl = 3\n").build().refused().finds(&["G070 site.toml:7:7 “url”应当是文字，这里却是数字"]);
}

/// Another address rewrites the form's page and no other; a theme may have a page of its own.
#[test]
fn another_address_rewrites_the_forms_page_alone() {
    let site = site("[request]\naction = \"/a\"\n");
    let _: Built = site.build().clean();
    site.edit("site.toml", "\"/a\"", "\"/b\"");
    let built = site.build().clean().written(&["z/a.html"]);
    assert_same(&built.tree, &site.clean_tree());
    site.put("templates/kinds/request-form.html", "{{ page.heading }} {{ request.action }}");
    assert_eq!(site.build().clean().page("z/a.html").text, "申请表 ../b");
}

/// A site whose own theme replaces everything knows nothing of the form's page.
#[test]
fn a_frame_that_has_no_room_for_the_form_shows_it_as_any_document() {
    let plain = "{% block all %}{{ page.heading }}{% endblock all %}";
    let mut site = site("").file("templates/base.html", plain);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default");
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_str().unwrap();
        if name.ends_with(".html") && std::fs::read_to_string(&file).unwrap().contains("{% extends") {
            let text = format!("{{% extends \"base.html\" %}}{{% block all %}}{name}{{% endblock all %}}");
            site = site.file(&format!("templates/{name}"), text);
        }
    }
    let built = site.build().built();
    assert_eq!(built.page("z/a.html").text, "document.html");
    assert!(built.findings.is_empty(), "{:#?}", built.findings);
}
