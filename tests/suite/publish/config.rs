//! `[publish.NAME]` in `site.toml`, and folders that are not ours.

use std::fs;

use super::Publishing;
use crate::site_test::{SiteTest, channel, doc, tree};

fn with(lines: &str) -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .config(&format!("\n{lines}\n"))
}

#[test]
fn what_is_wrong_with_a_target_is_told_with_its_place() {
    let found = |lines: &str| with(lines).build().refused().findings;
    let one = |lines: &str, expected: &str| {
        let found = found(lines);
        assert!(found.len() == 1 && found[0].contains(expected), "{lines}: {found:?}");
    };
    one("[publish.web]\ntype = \"fpt\"\npath = \"x\"", "site.toml:8:8 发布目标的 type“fpt”不在允许范围");
    one("[publish.web]\ntype = \"ftp\"\npath = \"x\"", "缺少必填的键“endpoint”");
    one("[publish.web]\ntype = \"s3\"\nendpoint = \"https://x.cn\"", "缺少必填的键“bucket”");
    one(
        "[publish.web]\ntype = \"ftp\"\nendpoint = \"ftp://x.cn\"\nbucket = \"b\"",
        "type = \"ftp\" 的目标没有键“bucket”",
    );
    one("[publish.web]\ntype = \"ftp\"\nendpoint = \"http://x.cn\"", "endpoint“http://x.cn”不能用");
    one("[publish.web]\ntype = \"sftp\"\nendpoint = \"-oProxyCommand=x\"", "endpoint“-oProxyCommand=x”不能用");
    one("[publish.web]\ntype = \"sftp\"\nendpoint = \"http://x.cn\"", "endpoint“http://x.cn”不能用");
    for endpoint in ["ssh://-oProxyCommand=x", "ssh://u@-oProxyCommand=x", "u@-oProxyCommand=x"] {
        let lines = format!("[publish.web]\ntype = \"sftp\"\nendpoint = \"{endpoint}\"");
        one(&lines, &format!("endpoint“{endpoint}”不能用"));
    }
    let obs = "[publish.web]\ntype = \"obs\"\nbucket = \"b\"\nendpoint =";
    one(&format!("{obs} \"https://obs.gov-cloud.cn\""), "endpoint“https://obs.gov-cloud.cn”不是华为云的");
    with(&format!("{obs} \"https://obs.cn-north-4.myhuaweicloud.com\"")).build().clean();
    for endpoint in ["x.cn", "clerk@x.cn", "ssh://x.cn:22", "ssh://clerk@[fe80::1]:22"] {
        with(&format!("[publish.web]\ntype = \"sftp\"\nendpoint = \"{endpoint}\"")).build().clean();
    }
    one("[publish.web]\ntype = \"webdav\"\nendpoint = \"https://a:b@x.cn\"", "网址里不能写口令");
    one("[publish.web]\ntype = \"git\"\nrepository = \"https://a:b@x.cn/y\"\nbranch = \"p\"", "网址里不能写口令");
    one("[publish.web]\ntype = \"git\"\nrepository = \"x\"\nbranch = \"a..b\"", "“a..b”不是分支的名称");
    one("[publish.web]\ntype = \"ftp\"\nendpoint = \"ftp://x.cn\"\npath = \"../y\"", "“../y”不能用作路径");
    one("[publish.web]\ntype = \"ftp\"\nendpoint = \"ftp://x.cn\"\nworkers = 0", "workers 应当是 1 到 256 的整数");
    one("[publish.web]\ntype = \"folder\"\npath = \"x\"\nkep = 3", "未知的键“kep”");
    one("[publish.web]\ntype = \"folder\"", "缺少必填的键“path”");
    one("[publish.web]\ntype = \"folder\"\npath = \"~/x\"", "“~/x”里的 ~ 在这里不代表主目录");
    one("[publish.web]\npath = \"x\"", "缺少必填的键“type”");
    one("[publish.web]\ntype = \"folder\"\npath = \"x\"\nkeep = 0", "keep 应当是 1 到 1000 的整数");
    let ftp = "type = \"ftp\"\nendpoint = \"ftp://x.cn\"";
    for (first, second) in [("www-1", "www_1"), ("WEB", "web"), ("内网", "外网")] {
        let lines = format!("[publish.\"{first}\"]\n{ftp}\n[publish.\"{second}\"]\n{ftp}");
        one(&lines, &format!("发布目标“{second}”与“{first}”的口令取自同名的环境变量"));
    }
    let folder = "[publish.\"www-1\"]\ntype = \"folder\"\npath = \"x\"";
    with(&format!("{folder}\n[publish.www_1]\n{ftp}")).build().clean();
    one("[publish]\nweb = \"x\"", "[publish] 下的“web”应当是表");
    one("[publish.\"-x\"]\ntype = \"folder\"\npath = \"x\"", "发布目标的名称“-x”不能用");
    with("[publish.web]\ntype = \"folder\"\npath = \"x\"\nkeep = 3").build().clean();
}

#[test]
fn a_password_in_the_file_is_told_without_being_shown() {
    for lines in [
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"https://clerk:pw-Secret99@x.cn\"",
        "[publish.web]\ntype = \"git\"\nrepository = \"https://clerk:pw-Secret99@x.cn/y\"\nbranch = \"p\"",
        "[publish.web]\ntype = \"git\"\nrepository = \"clerk:pw-Secret99@x.cn/y\"\nbranch = \"p\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"clerk:pw-Secret99@x.cn:1\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"http:/clerk:pw-Secret99@x.cn\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = 'http:\\\\clerk:pw-Secret99@x.cn'",
        "[publish.web]\ntype = \"ftp\"\nendpoint = \"ftp:clerk:pw-Secret99@x.cn\"",
        "[publish.web]\ntype = \"sftp\"\nendpoint = \"clerk:pw-Secret99@x.cn\"",
        "[publish.web]\ntype = \"sftp\"\nendpoint = \"ssh://clerk:pw-Sec@ret-Secret99@x.cn\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"https://pw-Secret99@x.cn\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"https://x.cn/?key=pw-Secret99\"",
        "[publish.web]\ntype = \"webdav\"\nendpoint = \"https://x.cn\"\npassword = \"pw-Secret99\"",
    ] {
        let publishing = Publishing { site: with(lines), folder: crate::site_test::temporary() };
        for more in [&[][..], &["--message-format", "json"]] {
            let ended = publishing.run(&[&["publish", "web"], more].concat()).is(2);
            assert!(!ended.out.contains("Secret99") && !ended.err.contains("Secret99"), "{}{}", ended.out, ended.err);
        }
    }
}

#[test]
fn a_folder_in_which_others_keep_files_is_refused() {
    let publishing = Publishing::new();
    fs::create_dir(publishing.target()).unwrap();
    fs::write(publishing.path("index.html"), "别人的").unwrap();
    let before = tree(&publishing.target());
    publishing.run(&["publish", "web"]).is(2).says("不是 gongkai 发布的文件（例如 index.html）");
    publishing.run(&["publish", "web", "--dry-run"]).is(2);
    assert_eq!(tree(&publishing.target()), before);
}

#[test]
fn a_folder_that_overlaps_the_site_or_its_output_is_refused() {
    for path in ["content/x", ".", "..", "public", "public/x", "static", ".gongkai/x"] {
        let site = with(&format!("[publish.web]\ntype = \"folder\"\npath = \"{path}\""));
        let publishing = Publishing { site, folder: crate::site_test::temporary() };
        publishing.run(&["publish", "web"]).is(2);
        assert!(!publishing.site.path("content/x").exists() && !publishing.site.path("public/x").exists(), "{path}");
    }
}

#[test]
fn a_relative_path_counts_from_the_site() {
    let site = with("[publish.web]\ntype = \"folder\"\npath = \"发布/网站\"");
    let publishing = Publishing { site, folder: crate::site_test::temporary() };
    publishing.publish();
    assert!(publishing.site.path("发布/网站/current/index.html").is_file());
    // the site is built as ever beside it
    publishing.site.build().clean();
}
