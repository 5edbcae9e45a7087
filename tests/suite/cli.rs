//! The command line: console transcripts in `tests/cli/`, which anyone can write; `TRYCMD=overwrite` refreshes them.

use std::fs;
use std::process::{Command, Output};

use crate::site_test::{PDF, SiteTest, channel, doc, tree};

/// They run in a copy, so that they may write, and so that no site lies above their folders.
#[test]
fn transcripts() {
    let ours = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in tree(&ours) {
        let to = copy.path().join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, bytes).unwrap();
    }
    let transcripts = || tree(copy.path()).into_iter().filter(|(path, _)| path.ends_with(".md") && !path.contains('/'));
    assert!(transcripts().count() >= 9);
    let cases = trycmd::TestCases::new();
    cases.register_bin("gongkai", std::path::Path::new(env!("CARGO_BIN_EXE_gongkai")));
    cases.env("COLUMNS", "100").env("NO_COLOR", "1");
    cases.case(copy.path().join("*.md"));
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cases.run()));
    if std::env::var("TRYCMD").is_ok_and(|mode| mode == "overwrite") {
        transcripts().for_each(|(path, text)| fs::write(ours.join(path), text).unwrap());
    }
    std::mem::forget(cases);
    if let Err(problem) = result {
        std::panic::resume_unwind(problem);
    }
}

/// Runs the program in the site's folder.
fn run(site: &SiteTest, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(arguments)
        .current_dir(site.root())
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn small() -> SiteTest {
    SiteTest::new().file("content/z/_index.md", channel("栏目", "")).file("content/z/a.md", doc("甲", "2014-12-04", ""))
}

#[test]
fn init_makes_a_site_that_builds_at_once_without_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("我的 网站");
    let program = |arguments: &[&str], dir: &std::path::Path| {
        Command::new(env!("CARGO_BIN_EXE_gongkai")).args(arguments).current_dir(dir).output().unwrap()
    };
    let made = program(&["init", "我的 网站", "--name", "某某县人民政府"], folder.path());
    assert!(made.status.success(), "{}", text(&made.stderr));
    let built = program(&["build", "--strict", "--as-of", "2026-06-30"], &site);
    assert!(built.status.success() && built.stderr.is_empty(), "{}", text(&built.stderr));
    assert!(crate::html::check(&tree(&site.join("public")), "https://www.example.gov.cn") > 100);
    assert!(fs::read_to_string(site.join("public/index.html")).unwrap().contains("<title>某某县人民政府</title>"));
    assert!(fs::read_to_string(site.join(".gitignore")).unwrap().contains("public"));
    assert!(fs::read_to_string(site.join(".gitattributes")).unwrap().contains("* -text"));
    // a second time it touches nothing
    let again = program(&["init", "我的 网站"], folder.path());
    assert_eq!(again.status.code(), Some(2));
    assert!(fs::read_to_string(site.join("site.toml")).unwrap().contains("某某县人民政府"));
}

#[test]
fn a_site_is_found_from_a_folder_below_and_named_by_root() {
    let site = small();
    let below =
        Command::new(env!("CARGO_BIN_EXE_gongkai")).arg("build").current_dir(site.path("content/z")).output().unwrap();
    assert!(below.status.success(), "{}", text(&below.stderr));
    assert!(site.path("public/z/a.html").exists());
    let elsewhere = tempfile::tempdir().unwrap();
    let named = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["build", "-o", "out", "-r"])
        .arg(site.root())
        .current_dir(elsewhere.path())
        .output()
        .unwrap();
    assert!(named.status.success() && site.path("out/z/a.html").exists(), "{}", text(&named.stderr));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn exit_codes_tell_content_from_usage_and_machine() {
    let site = small();
    assert_eq!(run(&site, &["build"]).status.code(), Some(0));
    assert_eq!(run(&site, &["list"]).status.code(), Some(0));
    site.put("content/z/b.md", "x");
    for command in [
        &["build"][..],
        &["build", "-q"],
        &["build", "--message-format", "json"],
        &["build", "--message-format", "sarif"],
        &["list"],
    ] {
        assert_eq!(run(&site, command).status.code(), Some(1), "{command:?}");
    }
    for command in [
        &["biuld"][..],
        &["build", "--jobs", "0"],
        &["build", "--as-of", "2014-13-01"],
        &["build", "-c", "none.toml"],
        &["build", "-o", "content"],
        &[],
        &["why"],
        &["explain", "G999"],
    ] {
        let output = run(&site, command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(
            !said.contains("error:") && !said.contains("Usage") && said.chars().any(|c| c > '\u{4e00}'),
            "{command:?}: {said}"
        );
    }
}

#[test]
fn with_json_every_line_is_an_object_and_the_last_is_the_summary() {
    let site = small()
        .file("content/z/b.md", doc("乙", "2014-12-04", "titel: x\ndraft: true"))
        .file("content/z/c.md", doc("丙", "2014-12-04", "draft: true"));
    let lines = |output: &Output| -> Vec<serde_json::Value> {
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
    };
    let output = run(&site, &["build", "--message-format", "json"]);
    let found = lines(&output);
    let (summary, findings) = found.split_last().unwrap();
    assert_eq!(summary["summary"]["errors"], 1);
    assert_eq!(
        (&summary["summary"]["documents"], &summary["summary"]["outputs"], &summary["summary"]["written"]),
        (&3.into(), &0.into(), &0.into())
    );
    let finding = findings.iter().find(|finding| finding["severity"] == "error").unwrap();
    assert_eq!(
        finding.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["code", "severity", "message", "path", "line", "column", "help"]
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(
        (&finding["code"], &finding["severity"], &finding["path"], &finding["line"], &finding["column"]),
        (&"G011".into(), &"error".into(), &"content/z/b.md".into(), &5.into(), &1.into())
    );
    assert!(findings.iter().any(|finding| finding["code"] == "G090"
        && finding["severity"] == "hint"
        && finding["path"] == "content/z/c.md"));
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    site.remove("content/z/b.md");
    let output = run(&site, &["build", "--message-format", "json"]);
    let summary = lines(&output).pop().unwrap();
    assert_eq!(summary["summary"]["written"], summary["summary"]["outputs"]);
    assert_eq!((&summary["summary"]["errors"], &summary["summary"]["removed"]), (&0.into(), &0.into()));
}

#[test]
fn sarif_is_one_document_with_places() {
    let site = small().file("content/z/b.md", doc("乙", "2014-12-04", "titel: x"));
    let output = run(&site, &["build", "--message-format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one document");
    assert_eq!(log["version"], "2.1.0");
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "G011");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&"content/z/b.md".into(), &5.into())
    );
}

#[test]
fn list_knows_every_document_in_all_its_formats() {
    let site = small()
        .file(
            "content/z/b.md",
            doc("乙,\"x\"", "2014-12-04", "draft: true").replace("title: 乙,\"x\"", "title: '乙,\"x\"'"),
        )
        .file("content/z/中文.md", doc("丙", "2014-12-04", ""));
    let json: serde_json::Value = serde_json::from_slice(&run(&site, &["list", "--format", "json"]).stdout).unwrap();
    let rows = json.as_array().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[0],
        serde_json::json!({"source": "content/z/a.md", "url": "/z/a.html", "title": "甲", "channel": "z", "status": "public"})
    );
    assert_eq!(
        rows[1],
        serde_json::json!({"source": "content/z/b.md", "url": null, "title": "乙,\"x\"", "channel": "z", "status": "草稿"})
    );
    run(&site, &["build"]);
    for row in rows.iter().filter(|row| row["status"] == "public") {
        assert!(site.path(&format!("public{}", row["url"].as_str().unwrap())).exists(), "{row}");
    }
    let csv = run(&site, &["list", "--format", "csv"]).stdout;
    assert_eq!(text(&csv).lines().nth(2), Some("content/z/b.md,,\"乙,\"\"x\"\"\",z,草稿"));
    assert_eq!(text(&run(&site, &["list"]).stdout).lines().count(), 3);
}

#[test]
fn why_names_the_blocks_that_show_a_document() {
    let blocks = "blocks:
  - {type: terms, axis: year}
  - {title: 最新, limit: 1}
  - {title: 公告, select: {genre: 公告}, channel: z}
  - {type: links, title: 常用, links: [{title: 甲, to: z/y/a.md}, {title: 栏目, to: z/}]}
  - {type: links, links: [{title: 甲, to: /z/y/a.md}]}
  - {type: channels}
";
    let site = SiteTest::new()
        .file("content/_index.md", channel("首页", blocks))
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/y/_index.md", channel("公告栏", ""))
        .file("content/z/y/a.md", doc("甲", "2014-12-04", "genre: 公告"))
        .file("content/z/y/b.md", doc("乙", "2014-12-05", ""));
    let of = |document: &str| {
        let output = run(&site, &["why", "--as-of", "2026-01-01", document]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let text = text(&output.stdout).to_owned();
        text.split_once("区块\n").unwrap().1.split_once("目录\n").unwrap().0.to_owned()
    };
    assert_eq!(
        of("content/z/y/a.md"),
        "  /index.html  首页的区块“公告”：符合组配规则（select）的最新 8 条之内（content/_index.md 的第 3 个区块）
  /index.html  首页的区块“常用”：写有到它的链接（content/_index.md 的第 4 个区块）
  /index.html  首页的区块：写有到它的链接（content/_index.md 的第 5 个区块）
  /z/index.html  栏目的区块“公告栏”：下级栏目最新的 6 条之内（content/z/_index.md 没有写 blocks）
"
    );
    assert_eq!(
        of("content/z/y/b.md"),
        "  /index.html  首页的区块“最新”：最新的 1 条之内（content/_index.md 的第 2 个区块）
  /z/index.html  栏目的区块“公告栏”：下级栏目最新的 6 条之内（content/z/_index.md 没有写 blocks）
"
    );
}

#[test]
fn clean_removes_what_build_wrote_and_nothing_else() {
    let site = small();
    run(&site, &["build"]);
    site.put("public/mine.txt", "我的");
    assert!(run(&site, &["clean"]).status.success());
    assert_eq!(tree(&site.path("public")).into_keys().collect::<Vec<_>>(), ["mine.txt"]);
    assert!(!site.path(".gongkai").exists() && site.path("content/z/a.md").exists());
}

#[test]
fn clean_that_knows_not_what_is_ours_speaks_of_deleting() {
    let site = small();
    run(&site, &["build"]);
    let before = tree(&site.path("public"));
    site.remove("public/.gongkai-files");
    let output = run(&site, &["clean"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("没有文件清单 .gongkai-files") && said.contains("什么也没有删除"), "{said}");
    assert!(!said.contains("写入") && !said.contains("-o"), "{said}");
    assert_eq!(tree(&site.path("public")), before);
}

#[test]
fn every_code_has_a_manual_in_chinese() {
    let site = small();
    let all = run(&site, &["explain"]);
    let codes: Vec<&str> = text(&all.stdout).lines().map(|line| &line[..4]).collect();
    assert_eq!(codes.len(), gongkai::diag::Code::ALL.len());
    for code in codes {
        let manual = run(&site, &["explain", &code.to_lowercase()]);
        assert!(
            manual.status.success() && text(&manual.stdout).starts_with(&format!("# {code}")),
            "{}",
            text(&manual.stdout)
        );
    }
}

#[test]
fn colour_is_asked_for_or_not_there() {
    let site = small().file("content/z/b.md", doc("乙", "2014-12-04", "titel: x"));
    assert!(!text(&run(&site, &["build"]).stderr).contains('\u{1b}'));
    assert!(text(&run(&site, &["build", "--color", "always"]).stderr).contains('\u{1b}'));
    assert!(!text(&run(&site, &["build", "--color", "never"]).stderr).contains('\u{1b}'));
}

/// Whoever counts documents counts those that could not be read, too.
#[test]
fn list_and_why_name_what_could_not_be_read() {
    let site = SiteTest::new()
        .file("content/a.md", doc("甲", "2014-12-04", ""))
        .file("content/gbk.md", b"---\ntitle: \xcc\xb1\xb3\xc7\xcf\xd8\n---\n")
        .file("content/bare.md", "没有头信息")
        .file("content/f.pdf", PDF);
    let list = run(&site, &["list", "--format", "csv"]);
    assert_eq!(list.status.code(), Some(1));
    let text = String::from_utf8(list.stdout).unwrap();
    assert_eq!(text.matches("有错误，没有读入").count(), 2, "{text}");
    let why = run(&site, &["why", "content/gbk.md"]);
    assert!(String::from_utf8(why.stdout).unwrap().contains("没有读入"));
    let why = run(&site, &["why", "content/f.pdf"]);
    assert!(String::from_utf8(why.stderr).unwrap().contains("是附件"));
}

#[test]
fn a_file_name_cannot_colour_the_terminal_or_forge_a_line() {
    let site = SiteTest::new().file("content/a\u{1b}[31m\nerror.md", "x");
    let build = run(&site, &["build"]);
    let told = String::from_utf8(build.stderr).unwrap();
    assert!(!told.contains('\u{1b}') && !told.contains("\nerror.md"), "{told}");
}

/// A script that asks for the exit code must not take half a list for a whole one.
#[test]
fn what_could_not_be_written_is_told() {
    let site = small();
    let to = |out: fs::File, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(arguments).current_dir(site.root()).stdout(out).output().unwrap()
    };
    for command in [
        &["list"][..],
        &["list", "--format", "csv"],
        &["list", "--format", "json"],
        &["build"],
        &["build", "--message-format", "json"],
        &["build", "--message-format", "sarif"],
        &["why", "content/z/a.md"],
        &["explain"],
        &["explain", "G011"],
        &["--help"],
        &["--version"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = to(full, command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        let said = text(&output.stderr);
        assert_eq!(said.lines().count(), 1, "{command:?}: {said}");
        assert!(said.starts_with("错误：结果没有写完：磁盘已满"), "{command:?}: {said}");
    }
}

/// Whoever reads may stop before the end, of either stream: that is no fault.
#[test]
fn a_reader_that_stops_is_no_fault() {
    let site = small();
    for n in 0..20 {
        site.put(&format!("content/z/f{n}.md"), doc("文", "2014-12-04", "draft: true"));
    }
    let shell = |line: &str| {
        let line = line.replace("gongkai", env!("CARGO_BIN_EXE_gongkai"));
        let output = Command::new("bash").args(["-c", &line]).current_dir(site.root()).output().unwrap();
        text(&output.stdout).to_owned()
    };
    // the reader is gone before the first word
    assert_eq!(shell("{ { sleep 0.2; gongkai list; echo $? >&3; } | true; } 3>&1"), "0\n");
    assert_eq!(shell("{ { sleep 0.2; gongkai build 2>&1; echo $? >&3; } | true; } 3>&1"), "0\n");
    site.put("content/z/b.md", "x");
    assert_eq!(shell("{ { sleep 0.2; gongkai build 2>&1; echo $? >&3; } | true; } 3>&1"), "1\n");
    assert_eq!(shell("gongkai build 2> /dev/full; echo $?"), "1\n");
}

/// What a clerk has at hand: the path that the shell completed, an address copied from the browser, a number with its label.
#[test]
fn why_takes_a_document_by_whatever_name_is_at_hand() {
    let site = SiteTest::new()
        .file("content/tzgg/_index.md", channel("通知公告", ""))
        .file("content/tzgg/kaitong.md", doc("开通", "2014-12-04", "index_no: slx/2026-0001"))
        .file("content/tzgg/表 1.md", doc("表", "2014-12-04", ""))
        .file("content/tzgg/cao.md", doc("草稿", "2014-12-04", "draft: true\nindex_no: slx/2026-0002"))
        .file("content/tzgg/huai.md", "坏")
        .file("content/zwgk/_index.md", channel("政务公开", ""))
        .file("content/zwgk/kaitong.md", doc("另一份", "2014-12-04", ""))
        .file("kaitong.md", "不是网站的文件");
    let ask = |folder: &str, name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
        command.args(["why", "--as-of", "2026-01-01", name]).current_dir(site.path(folder)).output().unwrap()
    };
    let own = site.path("content/tzgg/kaitong.md");
    for (folder, name, source) in [
        ("content/tzgg", "kaitong.md", "content/tzgg/kaitong.md"),
        ("content/zwgk", "kaitong.md", "content/zwgk/kaitong.md"),
        ("content/zwgk", "../tzgg/kaitong.md", "content/tzgg/kaitong.md"),
        ("content/tzgg", "./表 1.md", "content/tzgg/表 1.md"),
        ("content", "tzgg/kaitong.md", "content/tzgg/kaitong.md"),
        ("content/tzgg", "content/zwgk/kaitong.md", "content/zwgk/kaitong.md"),
        ("content/zwgk", own.to_str().unwrap(), "content/tzgg/kaitong.md"),
        (".", "./content/tzgg/kaitong.md", "content/tzgg/kaitong.md"),
        (".", "/tzgg/kaitong.html", "content/tzgg/kaitong.md"),
        (".", "https://www.example.gov.cn/tzgg/kaitong.html", "content/tzgg/kaitong.md"),
        (".", "HTTP://WWW.example.gov.cn/tzgg/kaitong.html?from=x#fujian", "content/tzgg/kaitong.md"),
        (".", "http://127.0.0.1:3713/tzgg/kaitong.html", "content/tzgg/kaitong.md"),
        (".", "http://localhost:3714/tzgg/kaitong.html", "content/tzgg/kaitong.md"),
        (".", "http://[::1]:3714/tzgg/kaitong.html", "content/tzgg/kaitong.md"),
        (".", "http://192.168.1.7:3713/tzgg/kaitong.html?token=abc", "content/tzgg/kaitong.md"),
        (".", "slx/2026-0001", "content/tzgg/kaitong.md"),
        (".", "索引号:slx/2026-0001", "content/tzgg/kaitong.md"),
        (".", "索引号： slx/2026-0001", "content/tzgg/kaitong.md"),
        ("content/tzgg", "cao.md", "content/tzgg/cao.md"),
        (".", "索引号：slx/2026-0002", "content/tzgg/cao.md"),
        ("content/tzgg", "huai.md", "content/tzgg/huai.md"),
    ] {
        let output = ask(folder, name);
        let said = text(&output.stdout);
        assert_eq!(said.lines().next(), Some(source), "{name} in {folder}: {}", text(&output.stderr));
    }
    for (folder, name, advice) in [
        (".", "kaitong.md", "你是不是想写"),
        (".", "https://www.other.gov.cn/tzgg/kaitong.html", "这不是本网站的网址；本网站是 https://www.example.gov.cn"),
        (".", "https://www.example.gov.cn.evil.cn/tzgg/kaitong.html", "这不是本网站的网址"),
        (".", "https://www.example.gov.cn/", "写 content/ 起的路径、网址或索引号"),
    ] {
        let output = ask(folder, name);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).contains(advice), "{name}: {}", text(&output.stderr));
    }
}
