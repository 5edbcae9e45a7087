//! What gongkai did not make is never touched, and no trick leads out of the output folder.

use std::fs;
use std::path::Path;

use gongkai::emit::{Failure, Target, clean};

use super::{SMALL, Site};

/// The reason and the path of a refusal.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result.unwrap_err() {
        Failure::Refused { path, reason } => format!("{}：{reason}", path.display()),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, Failure>, word: &str) {
    let reason = refused(result);
    assert!(reason.contains(word), "{reason}");
}

#[test]
fn an_output_folder_that_is_holds_or_lies_in_the_sources_is_refused() {
    let site = Site::new();
    let root = site.root.path();
    fs::create_dir_all(site.path("content/zwgk")).unwrap();
    let absolute = root.to_str().unwrap().to_string();
    let inside = ["content", "content/zwgk/out", "templates", "themes/default", "static/x", ".git/x", ".gongkai"];
    for output in [".", "..", "/", &absolute, "content/..", "a/.."].into_iter().chain(inside) {
        let result = Target::new(root, Path::new(output));
        assert!(matches!(result, Err(Failure::Refused { .. })), "{output}: {result:?}");
    }
    for output in ["public", "a/b/c", "contents", "content.html", "../elsewhere", "content/../public"] {
        assert!(Target::new(root, Path::new(output)).is_ok(), "{output}");
    }
}

#[test]
fn a_folder_with_files_of_others_is_refused_and_left_alone() {
    let site = Site::new();
    site.put("public/important.txt", "别动");
    assert_refused(site.build(SMALL), "important.txt");
    assert_eq!(site.tree().len(), 1);
    assert_refused(clean(&site.target()), "important.txt");
    assert_eq!(site.tree().len(), 1);
}

#[test]
fn a_planned_path_that_another_file_has_is_refused_before_anything_is_written() {
    let site = Site::new();
    site.build(&[("index.html", "首页")]).unwrap();
    let files: Vec<(String, &str)> = (0..8).map(|n| (format!("zwgk/f{n}.html"), "我们的")).collect();
    files.iter().for_each(|(path, _)| site.put(&format!("public/{path}"), "别人的"));
    let before = site.tree();
    let plan: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let reason = refused(site.build_by("engine", &plan, |_| panic!("nothing is rendered")));
    assert!(reason.contains("f0.html") && reason.contains("f4.html") && !reason.contains("f5.html"), "{reason}");
    assert!(reason.contains("等 8 个"), "{reason}");
    assert_eq!(site.tree(), before);
}

#[test]
fn files_of_others_beside_ours_survive_every_build() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    site.put("public/CNAME", "www.example.gov.cn");
    site.put("public/zwgk/tdzs/mine.txt", "我的");
    site.put("public/their/own/file.html", "他们的");
    let kept = |site: &Site| {
        let mut tree = site.tree();
        tree.retain(|path, _| ["CNAME", "zwgk/tdzs/mine.txt", "their/own/file.html"].contains(&path.as_str()));
        tree
    };
    let before = kept(&site);
    assert_eq!(before.len(), 3);
    site.build(&[("index.html", "只剩首页")]).unwrap();
    assert_eq!(kept(&site), before);
    site.build(SMALL).unwrap();
    clean(&site.target()).unwrap();
    assert_eq!(site.tree(), before);
}

#[test]
fn a_folder_or_file_of_others_in_the_way_is_refused() {
    let site = Site::new();
    site.build(&[("index.html", "首页")]).unwrap();
    fs::create_dir(site.path("public/a")).unwrap();
    assert_refused(site.build(&[("a", "文件")]), "a");
    site.put("public/b", "别人的文件");
    assert_refused(site.build(&[("b/c.html", "文件")]), "b");

    let site = Site::new();
    site.build(&[("d/e.html", "页")]).unwrap();
    site.put("public/d/f/mine.txt", "我的");
    assert_refused(site.build(&[("d", "文件")]), "d");
    assert_eq!(site.tree().len(), 3);
}

#[test]
fn a_list_that_was_tampered_with_is_refused() {
    let site = Site::new();
    site.build(SMALL).unwrap();
    site.put("victim.txt", "别动");
    let list = fs::read_to_string(site.path("public/.gongkai-files")).unwrap();
    for line in ["../victim.txt", "/etc/passwd", "a/../../victim.txt", "a//b", "./x", "C:x", "..\\victim.txt"] {
        fs::write(site.path("public/.gongkai-files"), format!("{list}{line}\n")).unwrap();
        assert_refused(site.build(SMALL), "清单");
        assert_refused(clean(&site.target()), "清单");
    }
    for text in ["", "别的文件\nindex.html\n"] {
        fs::write(site.path("public/.gongkai-files"), text).unwrap();
        assert_refused(site.build(SMALL), "清单");
    }
    assert!(site.path("victim.txt").exists() && site.path("public/index.html").exists());
}

#[test]
fn two_outputs_of_one_path_are_refused() {
    let site = Site::new();
    assert_refused(site.build(&[("a.html", "一"), ("a.html", "二")]), "a.html");
    assert_refused(site.build(&[("a", "一"), ("a/b.html", "二")]), "两个产出");
    assert_refused(site.build(&[(".gongkai-files", "一")]), "留给");
    assert_refused(site.build(&[("a/.b.gongkai-tmp", "一")]), "留给");
    assert!(!site.path("public").exists());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_in_the_place_of_a_folder_is_refused() {
        let site = Site::new();
        site.build(SMALL).unwrap();
        fs::create_dir(site.path("elsewhere")).unwrap();
        fs::remove_dir_all(site.path("public/zwgk")).unwrap();
        symlink(site.path("elsewhere"), site.path("public/zwgk")).unwrap();
        assert_refused(site.build(SMALL), "zwgk");
        assert_eq!(fs::read_dir(site.path("elsewhere")).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_removed_through_a_link() {
        let site = Site::new();
        site.build(SMALL).unwrap();
        site.put("elsewhere/index.html", "别动");
        site.put("elsewhere/.x.gongkai-tmp", "别动");
        fs::remove_dir_all(site.path("public/zwgk")).unwrap();
        symlink(site.path("elsewhere"), site.path("public/zwgk")).unwrap();
        site.build(&[("index.html", "首页")]).unwrap();
        assert!(site.path("elsewhere/index.html").exists() && site.path("elsewhere/.x.gongkai-tmp").exists());
        clean(&site.target()).unwrap();
        assert!(site.path("elsewhere/index.html").exists());
    }

    #[test]
    fn a_link_in_the_place_of_a_file_is_refused_even_if_the_list_names_it() {
        let site = Site::new();
        site.build(SMALL).unwrap();
        site.put("victim.txt", "别动");
        fs::remove_file(site.path("public/index.html")).unwrap();
        symlink(site.path("victim.txt"), site.path("public/index.html")).unwrap();
        assert_refused(site.build(&[("index.html", "新首页")]), "index.html");
        assert_eq!(fs::read_to_string(site.path("victim.txt")).unwrap(), "别动");
    }

    #[test]
    fn a_link_to_the_sources_or_to_nowhere_is_no_output_folder() {
        let site = Site::new();
        symlink(site.path("content"), site.path("public")).unwrap();
        assert_refused(Target::new(site.root.path(), Path::new("public")), "content");
        symlink(site.path("nowhere"), site.path("dangling")).unwrap();
        assert_refused(Target::new(site.root.path(), Path::new("dangling")), "链接");
    }

    #[test]
    fn links_in_place_of_the_list_or_the_state_folder_are_refused() {
        let site = Site::new();
        site.build(SMALL).unwrap();
        fs::rename(site.path("public/.gongkai-files"), site.path("list")).unwrap();
        symlink(site.path("list"), site.path("public/.gongkai-files")).unwrap();
        assert_refused(site.build(SMALL), "清单");

        let site = Site::new();
        fs::create_dir(site.path("elsewhere")).unwrap();
        symlink(site.path("elsewhere"), site.path(".gongkai")).unwrap();
        let target = Target::new(site.root.path(), Path::new("public"));
        assert_refused(target.and_then(|target| target.create_state()), ".gongkai");
    }

    #[test]
    fn a_hard_link_to_an_output_keeps_its_own_content() {
        let site = Site::new();
        site.build(&[("index.html", "一")]).unwrap();
        fs::hard_link(site.path("public/index.html"), site.path("copy.html")).unwrap();
        site.build(&[("index.html", "二")]).unwrap();
        assert_eq!(fs::read_to_string(site.path("copy.html")).unwrap(), "一");
    }
}
