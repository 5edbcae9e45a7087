//! After a failure the output is as it was.

use std::fs;

use gongkai::diag::{Code, Diagnostic};
use gongkai::emit::{Content, Failure};

use super::{ENGINE, SMALL, Site};

const NEXT: &[(&str, &str)] = &[
    ("index.html", "新首页"),
    ("zwgk/index.html", "政府信息公开"),
    ("zwgk/tdzs", "文件夹变成文件"),
    ("new/deep/page.html", "新页"),
    ("new/bad.html", "坏页"),
    ("new/worse.html", "更坏"),
];

fn flawed(text: &str) -> Result<Content, Vec<Diagnostic>> {
    match text {
        "坏页" => Err(vec![Diagnostic::new(Code::G072, "templates/b.html", None, "坏"); 2]),
        "更坏" => Err(vec![Diagnostic::new(Code::G072, "templates/a.html", None, "更坏")]),
        _ => Ok(Content::Bytes(text.into())),
    }
}

#[test]
fn pages_that_cannot_be_rendered_leave_the_output_as_it_was_and_all_are_named() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    site.put("public/mine.txt", "我的");
    let (before, ledger) = (site.tree(), fs::read_to_string(site.ledger()).unwrap());
    let time = site.modified("public/index.html");
    let Err(Failure::Findings(flaws)) = site.build_by(ENGINE, NEXT, flawed) else { panic!("findings") };
    let paths: Vec<&str> = flaws.iter().map(|flaw| &*flaw.finding.path).collect();
    // said twice of one page, it is one finding of one page
    assert!(flaws.iter().all(|flaw| flaw.files.len() == 1), "{flaws:?}");
    assert_eq!(paths, ["templates/a.html", "templates/b.html"]);
    assert_eq!(site.tree(), before);
    assert_eq!(site.modified("public/index.html"), time);
    assert_eq!(fs::read_to_string(site.ledger()).unwrap(), ledger);
    assert_eq!(site.build(SMALL).unwrap().rendered, Vec::<String>::new());
}

#[test]
fn a_first_build_that_fails_leaves_no_folder() {
    let site = Site::new();
    assert!(matches!(site.build_by(ENGINE, NEXT, flawed), Err(Failure::Findings(_))));
    assert!(!site.path("public").exists());
}

#[test]
fn a_failure_of_the_disk_leaves_the_output_as_it_was_and_names_the_path() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    let before = site.tree();
    let missing = site.path("content/gone.pdf");
    let render = |text: &str| match text {
        "坏页" => Ok(Content::Copy(missing.clone())),
        _ => Ok(Content::Bytes(text.into())),
    };
    match site.build_by(ENGINE, NEXT, render) {
        Err(Failure::Io { path, error }) => {
            assert_eq!((path, error.kind()), (missing.clone(), std::io::ErrorKind::NotFound));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(site.tree(), before);
}

#[test]
fn failures_speak_chinese() {
    let site = Site::new();
    let missing = site.path("content/gone.pdf");
    let failure = site.build_by(ENGINE, SMALL, |_| Ok(Content::Copy(missing.clone()))).unwrap_err();
    assert!(failure.to_string().contains("gone.pdf：找不到"), "{failure}");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_and_nothing_changes() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    site.build(SMALL).unwrap();
    let folder = site.path("public/zwgk");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let bypassed = fs::write(folder.join("probe"), "").is_ok();
    let before = site.tree();
    let result = site.build(&[("index.html", "新首页"), ("zwgk/index.html", "新频道页")]);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    if !bypassed {
        assert!(matches!(result, Err(Failure::Io { .. })), "{result:?}");
        assert_eq!(site.tree(), before);
    }
}

#[cfg(unix)]
#[test]
fn a_file_under_a_read_only_folder_is_told_when_it_is_new() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    fs::create_dir(site.path("public")).unwrap();
    fs::set_permissions(site.path("public"), fs::Permissions::from_mode(0o555)).unwrap();
    let bypassed = fs::write(site.path("public/.probe.gongkai-tmp"), "").is_ok();
    let result = site.build(SMALL);
    fs::set_permissions(site.path("public"), fs::Permissions::from_mode(0o755)).unwrap();
    assert!(bypassed || matches!(result, Err(Failure::Io { .. })), "{result:?}");
}
