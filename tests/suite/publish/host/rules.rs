//! The files that are written, as a person reads them, and how they stand in plan and manifest.

use std::fs;

use proptest::prelude::*;
use snapbox::str;

use super::hosted;
use gongkai::model::Glob;

fn text(publishing: &super::Publishing, path: &str) -> String {
    fs::read_to_string(publishing.path("current").join(path)).unwrap()
}

#[test]
fn rules_for_nginx() {
    let publishing = hosted(
        "host = [\"nginx\"]\ncompress = [\"gz\", \"br\"]\n[[publish.web.rules]]\nmatch = \"tables/**\"\ncache = \"no-cache\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, ".host/nginx.conf"), str![[]]);
}

#[test]
fn rules_for_apache() {
    let publishing = hosted(
        "host = [\"apache\"]\ncompress = [\"gz\", \"br\"]\n[[publish.web.rules]]\nmatch = \"tables/**\"\ncache = \"no-cache\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, ".htaccess"), str![[]]);
}

#[test]
fn rules_for_hosts_of_pages() {
    let publishing = hosted(
        "host = [\"pages\"]\ncsp = \"default-src 'self'; frame-ancestors 'none'\"\n[[publish.web.rules]]\nmatch = \"tables/**\"\ntype = \"text/plain; charset=utf-8\"\n",
    );
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, "_headers"), str![[]]);
    snapbox::assert_data_eq!(text(&publishing, "_redirects"), str![[]]);
}

#[test]
fn rules_for_object_stores() {
    let publishing = hosted("host = [\"s3\", \"oss\"]\nheaders = false\n");
    publishing.publish();
    snapbox::assert_data_eq!(text(&publishing, ".host/s3-website.json"), str![[]]);
    snapbox::assert_data_eq!(text(&publishing, ".host/oss-website.xml"), str![[]]);
}

#[test]
fn the_manifest_names_what_was_made_and_how_each_file_is_served() {
    let publishing = hosted("host = [\"nginx\"]\n[[publish.web.rules]]\nmatch = \"**/*.pdf\"\ncache = \"no-store\"\n");
    publishing.publish();
    let path = publishing.path(&format!("manifests/{}.json", publishing.release()));
    let manifest: serde_json::Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let of = |path: &str| files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path}"));
    let rules = of(".host/nginx.conf");
    assert_eq!((&rules["kind"], &rules["channel"]), (&"host".into(), &"".into()));
    assert_eq!(of("z/a.pdf")["cache"], "no-store");
    assert_eq!(of("index.html")["cache"], "public, max-age=60, must-revalidate");
    assert_eq!(of("tables/long.csv")["cache"], "public, max-age=600, must-revalidate");
    let asset = files.iter().find(|file| file["kind"] == "asset").unwrap();
    assert_eq!(asset["cache"], "public, max-age=31536000, immutable");
    let total = manifest["totals"].as_array().unwrap().iter().find(|total| total["channel"] == "").unwrap();
    let whole = files.iter().filter(|file| file["channel"] == "").count();
    assert_eq!(total["files"], whole);
    // what is live is verified like all else
    publishing.run(&["verify", "web"]).is(0);
    fs::write(publishing.path("current/.host/nginx.conf"), "deny all;").unwrap();
    publishing.run(&["verify", "web"]).is(1).says("/.host/nginx.conf：内容不对");
    publishing.run(&["publish", "web"]).is(3);
}

#[test]
fn without_a_key_nothing_is_said_of_files() {
    let publishing = hosted("");
    publishing.publish();
    let path = publishing.path(&format!("manifests/{}.json", publishing.release()));
    let manifest = fs::read_to_string(path).unwrap();
    assert!(!manifest.contains("\"cache\"") && !manifest.contains("\"host\""));
    assert!(!publishing.site.path(".gongkai/host").exists());
    let plan = publishing.run(&["publish", "web", "--dry-run", "--format", "json"]).is(0).out;
    assert!(!plan.contains("\"host\"") && !plan.contains("\"notes\""), "{plan}");
}

#[test]
fn another_cache_rule_alone_is_a_change_of_the_plan_and_the_bytes_are_shared() {
    let publishing = hosted("host = [\"pages\"]\n");
    publishing.publish();
    let inode = super::super::inode(&publishing.path("current/z/a.pdf"));
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    let rule = "[[publish.web.rules]]\nmatch = \"z/a.pdf\"\ncache = \"no-cache\"\n";
    publishing.site.put("site.toml", publishing.site.read("site.toml") + rule);
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    let changed: Vec<&str> =
        plan["plan"]["changed"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(changed, ["_headers", "z/a.pdf"]);
    publishing.publish().says("修改 2");
    assert_eq!(super::super::inode(&publishing.path("current/z/a.pdf")), inode);
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
}

#[test]
fn rules_that_are_no_longer_wanted_go_without_a_guard() {
    let publishing =
        hosted("host = [\"nginx\", \"apache\", \"pages\", \"s3\", \"oss\"]\ncompress = [\"gz\", \"br\"]\n");
    publishing.publish();
    let before = publishing.live().len();
    let text = publishing.site.read("site.toml");
    publishing.site.put("site.toml", text[..text.find("host =").unwrap()].to_owned());
    publishing.publish().says("服务器规则或压缩副本，不再需要");
    assert!(publishing.live().len() + 6 < before);
    assert!(!publishing.live().keys().any(|path| path.starts_with(".host/") || path.ends_with(".gz")));
    publishing.run(&["clean"]);
    let left = fs::read_dir(publishing.site.path(".gongkai/host")).map(|folder| folder.count()).unwrap_or(0);
    assert_eq!(left, 0);
}

#[test]
fn a_file_of_the_sites_own_is_not_replaced() {
    let publishing = hosted("host = [\"pages\"]\n");
    publishing.site.put("static/_headers", "/*\n  X: y\n");
    publishing.run(&["publish", "web"]).is(3).says("网站自己有与服务器规则同名的文件").says("/_headers");
}

#[test]
fn beyond_the_limits_of_a_host_it_is_said_what_is_left_to_pages() {
    let publishing = hosted("host = [\"apache\", \"pages\", \"s3\", \"oss\", \"nginx\"]\n");
    let many: String = (0..2100).map(|n| format!("  - /many/{n}.html\n")).collect();
    publishing.site.put("content/z/many.md", crate::site_test::doc("多", "2014-12-01", &format!("aliases:\n{many}")));
    let long = format!("aliases:\n  - /{}.html\n", ["长"; 60].concat().repeat(1) + "/" + &"更长".repeat(40));
    publishing.site.put("content/z/longer.md", crate::site_test::doc("长名", "2014-12-01", &long));
    let done = publishing.publish();
    let lines = |path: &str, mark: &str| text(&publishing, path).matches(mark).count();
    assert_eq!(lines(".htaccess", "[R=301,L,NE]"), 1000);
    assert_eq!(lines("_redirects", " 301\n"), 2000);
    assert_eq!(lines(".host/s3-website.json", "KeyPrefixEquals"), 50);
    assert_eq!(lines(".host/oss-website.xml", "<RoutingRule>"), 20);
    assert!(lines(".host/nginx.conf", "return 301") > 2100);
    for words in [
        "注意：Apache 每次请求",
        "注意：_redirects 最多 2000 条",
        "注意：S3 的一个存储桶最多 50 条",
        "注意：OSS 的一个存储桶最多 20 条",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert_eq!(plan["notes"].as_array().unwrap().len(), 4);
}

#[test]
fn a_policy_is_of_the_sites_making() {
    let of = |lines: &str, more: &str| {
        let publishing = hosted(&format!("host = [\"pages\"]\n{lines}"));
        publishing.site.put("site.toml", publishing.site.read("site.toml") + more);
        publishing.publish();
        text(&publishing, "_headers")
    };
    let usual = of("", "");
    assert!(usual.contains("form-action 'self';") && usual.contains("Strict-Transport-Security: max-age=2592000\n"));
    assert!(usual.contains("X-Frame-Options: SAMEORIGIN"));
    // the form for requests is sent elsewhere
    let form = of("", "[request]\naction = \"https://sq.example.gov.cn:8443/apply?x=1\"\n");
    assert!(form.contains("form-action 'self' https://sq.example.gov.cn:8443;"), "{form}");
    let own = of("csp = \"default-src https:; frame-ancestors 'none'\"\n", "");
    assert!(own.contains("Content-Security-Policy: default-src https:; frame-ancestors 'none'\n"));
    assert!(!own.contains("X-Frame-Options"));
    assert!(!of("headers = false\n", "").contains("Content-Security-Policy"));
    let http = hosted("host = [\"pages\"]\n");
    http.site.edit("site.toml", "https://", "http://");
    http.publish();
    assert!(!text(&http, "_headers").contains("Strict-Transport-Security"));
}

#[test]
fn what_patterns_match() {
    let table = [
        ("a.html", "a.html", true),
        ("/a.html", "a.html", true),
        ("a.html", "b/a.html", false),
        ("*.html", "a.html", true),
        ("*.html", "b/a.html", false),
        ("**/*.html", "a.html", true),
        ("**/*.html", "b/c/a.html", true),
        ("**", "b/c/a", true),
        ("assets/**", "assets/a/b.css", true),
        ("assets/**", "assets", false),
        ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "a/xb", false),
        ("?.html", "字.html", true),
        ("?.html", ".html", false),
        ("?.html", "/.html", false),
        ("a*c", "abc", true),
        ("a*c", "ab/c", false),
        ("a**c", "ab/c", true),
    ];
    for (pattern, path, expected) in table {
        assert_eq!(Glob::new(pattern).unwrap().matches(path), expected, "{pattern} {path}");
    }
}

/// As plain as can be.
fn matches(pattern: &[char], path: &[char], starts: bool) -> bool {
    match pattern {
        [] => path.is_empty(),
        ['*', '*', '/', rest @ ..] if starts => {
            matches(rest, path, true)
                || path.iter().position(|c| *c == '/').is_some_and(|at| matches(pattern, &path[at + 1..], true))
        }
        ['*', '*', rest @ ..] => (0..=path.len()).any(|at| matches(rest, &path[at..], false)),
        ['*', rest @ ..] => {
            let end = path.iter().position(|c| *c == '/').unwrap_or(path.len());
            (0..=end).any(|at| matches(rest, &path[at..], false))
        }
        ['?', rest @ ..] => path.first().is_some_and(|c| *c != '/') && matches(rest, &path[1..], false),
        [c, rest @ ..] => path.first() == Some(c) && matches(rest, &path[1..], *c == '/'),
    }
}

proptest! {
    #[test]
    fn a_pattern_matches_as_the_plain_definition_says(pattern in "[ab*?/字]{1,9}", path in "[ab字]{1,3}(/[ab字]{1,3}){0,3}") {
        if let Ok(glob) = Glob::new(&pattern) {
            let chars = |text: &str| text.chars().collect::<Vec<char>>();
            let expected = matches(&chars(glob.as_str()), &chars(&path), true);
            prop_assert_eq!(glob.matches(&path), expected, "{} {}", pattern, path);
        }
    }
}
