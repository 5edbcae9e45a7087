//! What no text can say: links, pipes and folders on disk; where to write.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use gongkai::pipeline::Failure;

use super::{OTHER, Row, refused, site};
use crate::site_test::{PDF, SiteTest, doc};

/// A site with the other error, on which `make` plays a trick at `path`.
#[track_caller]
fn trick(name: &'static str, code: &'static str, path: &str, make: impl FnOnce(&SiteTest)) {
    let site = site().file(OTHER, doc("别的", "2014-01-01", "titel: 又一个"));
    make(&site);
    let row = Row::file(name, code, path, "");
    if let Err(problem) = refused(&site, &row) {
        panic!("{name}: {problem}");
    }
}

#[test]
fn links_of_the_file_system_are_refused_and_never_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("geheim.md"), doc("机密", "2014-12-04", "")).unwrap();
    fs::write(outside.path().join("geheim.pdf"), PDF).unwrap();
    let out = |name: &str| outside.path().join(name);
    trick("a link to a document", "G002", "content/a.md", |site| {
        symlink(out("geheim.md"), site.path("content/a.md")).unwrap()
    });
    trick("a link to an attachment", "G002", "content/x.pdf", |site| {
        symlink(out("geheim.pdf"), site.path("content/x.pdf")).unwrap()
    });
    trick("a link to a folder", "G002", "content/x", |site| symlink(outside.path(), site.path("content/x")).unwrap());
    trick("a link within the site", "G002", "content/x.md", |site| symlink("b.md", site.path("content/x.md")).unwrap());
    trick("a link that goes round", "G002", "content/z/x", |site| symlink("..", site.path("content/z/x")).unwrap());
    trick("a link to itself", "G002", "content/x", |site| symlink("x", site.path("content/x")).unwrap());
    trick("a link to nothing", "G002", "content/x.md", |site| symlink("nothing", site.path("content/x.md")).unwrap());
    trick("a link in static", "G002", "static/x.pdf", |site| {
        symlink(out("geheim.pdf"), site.path("static/x.pdf")).unwrap()
    });
    trick("a channel's file that is a link", "G002", "content/z/_index.md", |site| {
        site.remove("content/z/_index.md");
        symlink(out("geheim.md"), site.path("content/z/_index.md")).unwrap();
    });
    trick("a table that is a link", "G002", "content/_data/places.yaml", |site| {
        symlink(out("geheim.md"), site.path("content/_data/places.yaml")).unwrap()
    });
}

#[test]
fn a_whole_content_folder_that_is_a_link_is_refused() {
    let site = SiteTest::empty()
        .file("site.toml", crate::site_test::SITE_TOML)
        .file("real/_index.md", "---\ntitle: 首页\n---\n");
    symlink("real", site.path("content")).unwrap();
    let built = site.build().refused();
    assert!(built.findings.iter().any(|finding| finding.starts_with("G002 content ")), "{:?}", built.findings);
}

#[test]
fn pipes_and_sockets_are_refused_and_do_not_block() {
    trick("a pipe", "G002", "content/a.md", |site| {
        let made = std::process::Command::new("mkfifo").arg(site.path("content/a.md")).status().unwrap();
        assert!(made.success());
    });
    trick("a socket", "G002", "content/a.pdf", |site| {
        drop(std::os::unix::net::UnixListener::bind(site.path("content/a.pdf")).unwrap())
    });
}

#[test]
fn what_cannot_be_read_is_named() {
    let site = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", ""))
        .file("content/f.pdf", PDF)
        .file("content/z/_index.md", crate::site_test::channel("栏目", ""))
        .file("templates/404.html", "x");
    let shut = |path: &str| fs::set_permissions(site.path(path), fs::Permissions::from_mode(0o000)).unwrap();
    ["content/a.md", "content/f.pdf", "content/z", "templates/404.html"].into_iter().for_each(shut);
    let findings = site.build_unprivileged("content/a.md");
    fs::set_permissions(site.path("content/z"), fs::Permissions::from_mode(0o755)).unwrap();
    let Some(findings) = findings else { return };
    let expected = ["content/a.md 文件", "content/f.pdf 文件", "content/z 文件夹", "templates/404.html 文件"]
        .map(|what| format!("G003 {what}无法读取：没有权限"));
    let named = findings.iter().zip(&expected).all(|(found, expected)| found.starts_with(expected));
    assert!(findings.len() == expected.len() && named, "{findings:#?}");
    assert!(!site.path("public").exists());
}

/// What no right can help against: a path that is too long for the system.
#[test]
fn a_file_that_the_system_does_not_open_is_named() {
    let site = site().file(OTHER, doc("别的", "2014-01-01", "titel: 又一个"));
    // folders up to a path that can still be listed, and a name that is too much
    let longest = 4096;
    let content = site.path("content").as_os_str().len();
    let script = "cd content; n=$1; while [ $n -lt 3900 ]; do mkdir $2; cd $2; n=$((n + 101)); done; : > $2$2.md";
    let made = std::process::Command::new("sh")
        .args(["-c", script, "sh", &content.to_string(), &"x".repeat(100)])
        .current_dir(site.root())
        .status()
        .unwrap();
    assert!(made.success() && content + 101 * ((3900 - content).div_ceil(101)) + 204 > longest);
    let report = site.try_build().unwrap();
    let named =
        report.findings.iter().any(|finding| finding.code.as_str() == "G003" && finding.path.ends_with("xx.md"));
    assert!(named && report.done.is_none(), "{:?}", report.findings);
    assert!(report.findings.iter().any(|finding| &*finding.path == OTHER));
}

#[test]
fn a_site_without_content_is_told_what_to_do() {
    let built = SiteTest::empty().file("site.toml", crate::site_test::SITE_TOML).build().refused();
    built.finds(&["G003 content 没有 content/ 文件夹", "G058 content/_index.md 没有首页"]);
    let file =
        SiteTest::empty().file("site.toml", crate::site_test::SITE_TOML).file("content", "x").file("static", "x");
    file.build().refused().finds(&["G003 content “content”应当是文件夹", "G058", "G003 static “static”应当是文件夹"]);
}

#[test]
fn links_and_pipes_in_a_theme_are_refused_and_never_followed() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("404.html"), "geheim").unwrap();
    let out = |name: &str| outside.path().join(name);
    let templates = |site: &SiteTest| fs::create_dir_all(site.path("templates/assets")).unwrap();
    trick("a link to a template", "G002", "templates/404.html", |site| {
        templates(site);
        symlink(out("404.html"), site.path("templates/404.html")).unwrap();
    });
    trick("a link to a folder of assets", "G002", "templates/assets/x", |site| {
        templates(site);
        symlink(outside.path(), site.path("templates/assets/x")).unwrap();
    });
    trick("a pipe as a template", "G002", "templates/404.html", |site| {
        templates(site);
        let made = std::process::Command::new("mkfifo").arg(site.path("templates/404.html")).status().unwrap();
        assert!(made.success());
    });
    trick("a folder of templates that is a link", "G002", "templates", |site| {
        symlink(outside.path(), site.path("templates")).unwrap()
    });
    let themed = |site: &SiteTest| site.put("site.toml", format!("{}[theme]\nname = \"x\"\n", site.read("site.toml")));
    trick("a theme that is a link", "G002", "themes/x", |site| {
        themed(site);
        fs::create_dir_all(site.path("themes")).unwrap();
        symlink(outside.path(), site.path("themes/x")).unwrap();
    });
    trick("a folder of themes that is a link", "G002", "themes", |site| {
        themed(site);
        fs::create_dir_all(out("x")).unwrap();
        symlink(outside.path(), site.path("themes")).unwrap();
    });
    trick("a theme that is not there does not hide the templates", "G072", "templates/404.html", |site| {
        themed(site);
        site.put("templates/404.html", "{% extends \"nothing.html\" %}");
    });
}

#[test]
fn a_name_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"\xb9\xab\xb8\xe6.md");
    let site = site().file(OTHER, doc("别的", "2014-01-01", "titel: 又一个"));
    fs::write(site.path("content").join(name), doc("甲", "2014-12-04", "")).unwrap();
    let report = site.try_build().unwrap();
    assert!(report.done.is_none());
    assert!(
        report.findings.iter().any(|finding| finding.code.as_str() == "G004"
            && finding.path.contains(".md")
            && finding.message.contains("UTF-8")),
        "{:?}",
        report.findings
    );
    assert!(report.findings.iter().any(|finding| &*finding.path == OTHER));
}

#[test]
fn a_path_too_long_for_a_host_is_named_and_a_long_one_is_not() {
    let folder = |levels: usize| (0..levels).map(|n| format!("{}{n}", "x".repeat(200))).collect::<Vec<_>>().join("/");
    let (long, short) = (folder(6), folder(4));
    trick("a long path", "G056", &format!("content/{long}/a.md"), |site| {
        site.put(&format!("content/{long}/a.md"), doc("甲", "2014-12-04", ""))
    });
    trick("a channel with a long path", "G056", &format!("content/{long}/_index.md"), |site| {
        site.put(&format!("content/{long}/_index.md"), crate::site_test::channel("长", ""));
    });
    trick("an attachment with a long path", "G004", &format!("content/{long}/f.pdf"), |site| {
        site.put(&format!("content/{long}/f.pdf"), PDF)
    });
    let site = SiteTest::new().file(&format!("content/{short}/a.md"), doc("甲", "2014-12-04", ""));
    site.build().clean();
}

/// What the build says when it cannot run; nothing was touched.
#[track_caller]
fn could_not_run(site: &SiteTest) -> String {
    match site.try_build() {
        Err(Failure::Refused { reason, .. }) => reason,
        Err(Failure::Io { path, error }) => format!("{} {error}", path.display()),
        Err(Failure::NoSite(path)) => format!("no site {}", path.display()),
        Ok(report) => panic!("built: {:?}", report.done),
    }
}

#[test]
fn output_folders_that_hold_something_else_are_refused() {
    let site = || {
        SiteTest::new()
            .file("content/a.md", doc("甲", "2014-12-04", ""))
            .file("templates/README.txt", "x")
            .file("static/f.pdf", PDF)
    };
    for output in [
        "",
        ".",
        "..",
        "/",
        "content",
        "content/x",
        "templates",
        "static/",
        "./content/../content",
        ".git",
        ".gongkai",
        "nowhere/../..",
    ] {
        let site = site().output(output);
        let before = crate::site_test::tree(site.root());
        could_not_run(&site);
        crate::site_test::assert_same(&before, &crate::site_test::tree(site.root()));
    }
    let other = site().file("public/mine.txt", "我的");
    assert!(could_not_run(&other).contains("mine.txt"));
    assert_eq!(crate::site_test::tree(&other.path("public")).len(), 1);
    // a link into the sources
    let linked = site();
    symlink("content", linked.path("public")).unwrap();
    could_not_run(&linked);
    assert!(!linked.path("content/index.html").exists());
    // a file in the place of the folder
    let file = site().file("public", "我的");
    could_not_run(&file);
    assert_eq!(file.read("public"), "我的");
    // a damaged list of files
    let damaged = site();
    damaged.build().clean();
    damaged.put("public/.gongkai-files", "../content/a.md\n");
    could_not_run(&damaged);
    assert!(damaged.path("content/a.md").exists());
}

#[test]
fn somebody_elses_file_where_a_page_should_be_is_not_overwritten() {
    let site = SiteTest::new();
    site.build().clean();
    site.put("public/a.html", "我的");
    site.put("content/a.md", doc("甲", "2014-12-04", ""));
    assert!(could_not_run(&site).contains("a.html"));
    assert_eq!(site.read("public/a.html"), "我的");
}

#[test]
fn a_link_in_the_output_folder_is_not_written_through() {
    let outside = tempfile::tempdir().unwrap();
    let site = SiteTest::new().file("content/z/_index.md", "---\ntitle: 栏目\n---\n");
    site.build().clean();
    site.remove("public/z");
    symlink(outside.path(), site.path("public/z")).unwrap();
    could_not_run(&site);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_without_site_toml_is_no_site() {
    let site = SiteTest::empty().file("content/_index.md", "---\ntitle: 首页\n---\n");
    assert!(could_not_run(&site).starts_with("no site"));
    assert!(!site.path("public").exists() && !site.path(".gongkai").exists());
}

#[test]
fn a_template_that_reads_what_it_is_not_given_is_an_error() {
    for (template, text) in [
        ("document.html", "{{ nobody }}"),
        ("document.html", "{{ page.nobody.knows }}"),
        ("list.html", "{{ doc.title }}"),
        ("home.html", "{{ get_page(path=\"a\") }}"),
        ("term.html", "{{ load_data(path=\"/etc/passwd\") }}"),
        ("404.html", "{{ now() }}"),
        ("404.html", "{{ get_env(name=\"HOME\") }}"),
        ("404.html", "{% include \"../../site.toml\" %}"),
    ] {
        let site = site().file(&format!("templates/{template}"), text);
        let built = site.build().refused();
        let named = built.findings.iter().all(|finding| finding.starts_with(&format!("G072 templates/{template}")));
        assert!(named && !built.findings.is_empty(), "{template} {text}: {:?}", built.findings);
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_no_half_page() {
    // the content that `render` finds is not the one that was parsed: the hash tells
    let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", ""));
    let path = site.path("content/a.md");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        // the writer ends with the test, however that ends
        let _end = OnDrop(|| stop.store(true, std::sync::atomic::Ordering::Relaxed));
        scope.spawn(|| {
            let mut number = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                number += 1;
                fs::write(&path, doc(&format!("甲{number}"), "2014-12-04", "")).unwrap();
            }
        });
        for _ in 0..20 {
            let report = site.try_build().unwrap();
            // either it is whole, or it says why not (an empty file has no front matter)
            let known = ["G003", "G010"];
            assert!(
                report.done.is_some() || report.findings.iter().all(|finding| known.contains(&finding.code.as_str())),
                "{:?}",
                report.findings
            );
            if let Ok(page) = fs::read_to_string(site.path("public/a.html")) {
                let title = page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
                assert!(page.contains(&format!("<p>{title}的正文。</p>")), "{page}");
            }
        }
    });
}

/// Does something when it goes, in a panic too.
struct OnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
