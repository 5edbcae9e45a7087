//! Publishing to a branch of a git repository, which lies in a folder here; the way to it is git's.

mod cache;
mod forced;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Publishing, ended};
use crate::serve::process::program;
use crate::site_test::{SiteTest, Tree, assert_same, channel, doc, temporary, tree};

impl Publishing {
    /// With a branch as its target.
    pub fn to_branch() -> Self {
        let folder = temporary();
        let repository = folder.path().join("网站 仓库.git");
        git_in(folder.path(), &["init", "--bare", "--quiet", repository.to_str().unwrap()]);
        let site = SiteTest::new().file("content/z/_index.md", channel("栏目", ""));
        let site = site
            .file("content/z/a.md", doc("甲", "2014-12-04", ""))
            .file("content/z/b.md", doc("乙", "2014-12-05", ""))
            .config(&target(&repository));
        Self { site, folder }
    }

    fn repository(&self) -> PathBuf {
        self.folder.path().join("网站 仓库.git")
    }

    fn git(&self, arguments: &[&str]) -> String {
        git_in(&self.repository(), arguments)
    }

    /// The commit that a branch leads to; empty: there is none.
    fn tip(&self, branch: &str) -> String {
        let name = format!("refs/heads/{branch}");
        let listed = self.git(&["for-each-ref", "--format=%(objectname)", &name]);
        listed.trim().to_owned()
    }

    fn tips(&self) -> [String; 2] {
        ["pages", "pages-gongkai"].map(|branch| self.tip(branch))
    }

    /// The files of a branch, as they lie in it.
    fn branch(&self, name: &str) -> Tree {
        files(&self.repository(), name)
    }

    /// What a host serves: the branch without what is for hosts.
    fn served(&self) -> Tree {
        let mut files = self.branch("pages");
        assert_eq!(files.remove(".nojekyll").unwrap(), b"");
        files
    }

    fn built(&self) -> Tree {
        tree(&self.site.path("public"))
    }

    /// Somebody else pushes a commit to a branch: paths with new bytes, none: the file goes.
    fn somebody_pushes(&self, branch: &str, changes: &[(&str, &str, Option<&str>)]) {
        let mut stream = format!("commit refs/heads/{branch}\ncommitter 某人 <x@example.com> 1 +0000\ndata 2\nhi\n");
        stream += &format!("from refs/heads/{branch}^0\n");
        for (path, mode, bytes) in changes {
            stream += &match bytes {
                Some(bytes) => format!("M {mode} inline \"{path}\"\ndata {}\n{bytes}\n", bytes.len()),
                None => format!("D \"{path}\"\n"),
            };
        }
        let mut child =
            command(&self.repository()).args(["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

fn target(repository: &Path) -> String {
    format!("\n[publish.web]\ntype = \"git\"\nrepository = \"{}\"\nbranch = \"pages\"\n", repository.display())
}

/// Git as somebody in a folder.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=某人", "-c", "user.email=x@example.com", "-c", "gc.auto=0"]);
    command
}

/// Runs git, which must succeed.
#[track_caller]
pub fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = command(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn files(repository: &Path, name: &str) -> Tree {
    let listed = git_in(repository, &["ls-tree", "-r", "-z", name]);
    let paths: Vec<(String, String)> = listed
        .split_terminator('\0')
        .map(|line| {
            let (head, path) = line.split_once('\t').unwrap();
            (path.to_owned(), head.rsplit(' ').next().unwrap().to_owned())
        })
        .collect();
    let mut child = command(repository)
        .args(["cat-file", "--batch=%(objectsize)"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let ids: String = paths.iter().map(|(_, id)| format!("{id}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(ids.as_bytes()).unwrap());
    let bytes = child.wait_with_output().unwrap().stdout;
    writer.join().unwrap();
    let (mut rest, mut files) = (&bytes[..], BTreeMap::new());
    for (path, _) in paths {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap();
        let size: usize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        files.insert(path, rest[end + 1..][..size].to_vec());
        rest = &rest[end + size + 2..];
    }
    files
}

#[test]
fn what_is_on_the_branch_is_byte_by_byte_what_was_built_whatever_git_is_told_elsewhere() {
    let publishing = Publishing::to_branch();
    let home = temporary();
    let hooks = home.path().join("hooks");
    fs::create_dir(&hooks).unwrap();
    let marker = home.path().join("ran");
    for hook in ["pre-push", "post-commit", "pre-auto-gc"] {
        fs::write(hooks.join(hook), format!("#!/bin/sh\ntouch '{}'\nexit 1\n", marker.display())).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(hooks.join(hook), mode).unwrap();
    }
    fs::write(home.path().join("attributes"), "* text eol=crlf filter=bad ident\n").unwrap();
    let config = format!(
        "[core]\nautocrlf = true\nsafecrlf = true\nattributesFile = {0}/attributes\nhooksPath = {0}/hooks\n\
         [filter \"bad\"]\nclean = false\nsmudge = false\nrequired = true\n[commit]\ngpgSign = true\n\
         [init]\ndefaultObjectFormat = sha256\n[push]\ngpgSign = true\nfollowTags = true\n",
        home.path().display()
    );
    fs::write(home.path().join(".gitconfig"), config).unwrap();
    let run = || {
        let mut command = publishing.command(&["publish", "web"]);
        command.env("HOME", home.path()).env("GIT_DIR", "/nowhere").env("GIT_INDEX_FILE", "/nowhere/index");
        ended(command.output().unwrap()).is(0)
    };
    publishing.site.put("static/windows.txt", "一\r\n二\r\n$Id$\n");
    publishing.site.put("static/mac.csv", "a,b\r1,2\n");
    run().says("已发布").says("分支 pages");
    assert_same(&publishing.served(), &publishing.built());
    // of names that a shell, an option or a quote might trip over; others the build refuses
    for name in ["a b.txt", "引号'“”.txt", "-x.txt", "%41.txt", "$HOME `x`.txt", "~a#b&c;d.txt", "é(1)[2]{3}!.txt"]
    {
        publishing.site.put(&format!("static/目 录/{name}"), format!("{name}\r\n"));
    }
    run();
    assert_same(&publishing.served(), &publishing.built());
    assert!(publishing.served().contains_key("目 录/$HOME `x`.txt"));
    assert!(!marker.exists(), "a hook ran");
    publishing.run(&["verify", "web"]).is(0).says("没有问题");
}

#[test]
fn a_commit_holds_what_changed_and_nothing_else() {
    let publishing = Publishing::to_branch();
    for n in 0..300 {
        publishing.site.put(&format!("content/z/f{n}.md"), doc(&format!("文{n}"), "2014-05-01", ""));
    }
    publishing.publish();
    let before = publishing.served();
    assert!(before.len() > 300);
    for n in 0..10 {
        publishing.site.edit(&format!("content/z/f{n}.md"), &format!("文{n}的正文"), "新的正文");
    }
    for n in 20..25 {
        publishing.site.edit(&format!("content/z/f{n}.md"), "published", "draft: true\npublished");
    }
    publishing.publish();
    let after = publishing.served();
    assert_same(&after, &publishing.built());
    let differ = |path: &String| before.get(path) != after.get(path);
    let expected: Vec<&String> = before
        .keys()
        .chain(after.keys().filter(|path| !before.contains_key(*path)))
        .filter(|path| differ(path))
        .collect();
    let told = publishing.git(&["diff", "--name-only", "--no-renames", "-z", "pages^", "pages"]);
    let mut told: Vec<String> = told.split_terminator('\0').map(str::to_owned).collect();
    let mut expected: Vec<String> = expected.into_iter().cloned().collect();
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
    let gone = publishing.git(&["diff", "--name-only", "--diff-filter=D", "pages^", "pages"]);
    assert_eq!(gone.lines().filter(|path| path.starts_with("z/f2")).count(), 5, "{gone}");
    assert_eq!(publishing.git(&["rev-list", "--count", "pages"]).trim(), "2");
    // whoever reads the history knows what it was
    let told = publishing.git(&["log", "-1", "--format=%B", "pages"]);
    assert!(told.starts_with("发布 20") && told.contains("修改 ") && told.contains("撤下 "), "{told}");
}

#[test]
fn without_a_change_there_is_no_commit_even_on_another_machine() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    let tips = publishing.tips();
    publishing.publish().says("没有变化");
    // one that knows nothing of the first
    fs::remove_dir_all(publishing.site.path(".gongkai")).unwrap();
    publishing.publish().says("没有变化");
    assert_eq!(publishing.tips(), tips);
    let mut clean = program();
    ended(clean.arg("clean").current_dir(publishing.site.root()).output().unwrap()).is(0);
    assert!(!publishing.site.path(".gongkai").exists());
}

#[test]
fn a_dry_run_leaves_nothing_at_the_repository_and_its_plan_alone_is_carried_out() {
    let publishing = Publishing::to_branch();
    let before = tree(&publishing.repository());
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert_same(&tree(&publishing.repository()), &before);
    let hash = plan["plan"]["hash"].as_str().unwrap().to_owned();
    publishing.publish_with(&["--plan", &hash]);
    let tips = publishing.tips();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.run(&["publish", "web", "--plan", &hash]).is(3).says("现在的计划是");
    publishing.run(&["publish", "web", "--dry-run"]).is(0).says("修改 /z/a.html");
    assert_eq!(publishing.tips(), tips);
}

#[test]
fn branches_of_others_are_refused_and_empty_ones_are_not() {
    let publishing = Publishing::to_branch();
    let blob = publishing.site.path("README");
    fs::write(&blob, "别人的").unwrap();
    let id = publishing.git(&["hash-object", "-w", blob.to_str().unwrap()]);
    let mut child =
        command(&publishing.repository()).arg("mktree").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "100644 blob {}\tREADME.md", id.trim()).unwrap();
    let theirs = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let set = |branch: &str, tree: &str| {
        let commit = publishing.git(&["commit-tree", "-m", "x", tree.trim()]);
        publishing.git(&["update-ref", &format!("refs/heads/{branch}"), commit.trim()]);
    };
    set("pages", &theirs);
    let tips = publishing.tips();
    publishing.run(&["publish", "web"]).is(2).says("不是 gongkai 发布的文件（例如 README.md）").says("branch");
    publishing.run(&["publish", "web", "--dry-run"]).is(2);
    assert_eq!(publishing.tips(), tips);
    publishing.git(&["update-ref", "-d", "refs/heads/pages"]);
    set("pages-gongkai", &theirs);
    publishing.run(&["publish", "web"]).is(2).says("pages-gongkai 不是 gongkai 写的");
    publishing.git(&["update-ref", "-d", "refs/heads/pages-gongkai"]);
    // an empty one, as some hosts want it to be there before they serve it
    set("pages", "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    publishing.publish();
    assert_same(&publishing.served(), &publishing.built());
    assert_eq!(publishing.git(&["rev-list", "--count", "pages"]).trim(), "2");
}

#[test]
fn what_somebody_else_pushed_is_listed_and_overwritten_if_that_is_wanted() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    publishing.somebody_pushes(
        "pages",
        &[
            ("z/a.html", "100644", Some("黑")),
            ("z/b.html", "100644", None),
            ("shell/x.php", "100755", Some("坏")),
            ("index.html/y", "100644", Some("folder")),
            (".nojekyll", "100644", None),
        ],
    );
    publishing.run(&["verify", "web"]).is(1).says("/z/a.html：内容不对");
    let tips = publishing.tips();
    let said = publishing.run(&["publish", "web"]).is(3).says("/z/a.html：内容不对").says("/z/b.html：不见了");
    let said = said.says("/shell/x.php：不是发布的").says("/index.html：不见了").says("/index.html/y：不是发布的");
    said.says("/.nojekyll：不见了").says("--accept-changes");
    assert_eq!(publishing.tips(), tips);
    publishing.publish_with(&["--accept-changes"]);
    assert_same(&publishing.served(), &publishing.built());
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
    // theirs is not lost: it is in the history
    assert!(publishing.git(&["log", "--format=%an", "pages"]).contains("某人"));
    // a file made a program is not what was published, whatever its bytes
    let bytes = String::from_utf8(publishing.served()["z/a.html"].clone()).unwrap();
    publishing.somebody_pushes("pages", &[("z/a.html", "100755", Some(&bytes))]);
    publishing.run(&["publish", "web"]).is(3).says("/z/a.html：内容不对");
    publishing.publish_with(&["--accept-changes"]);
    assert_same(&publishing.served(), &publishing.built());
    // the same bytes in another commit are no change
    publishing.somebody_pushes("pages", &[]);
    publishing.publish().says("没有变化");
    // the branch gone
    publishing.git(&["update-ref", "-d", "refs/heads/pages"]);
    publishing.run(&["publish", "web"]).is(3).says("分支 pages 不见了");
    publishing.publish_with(&["--accept-changes"]);
    assert_same(&publishing.served(), &publishing.built());
}

#[test]
fn a_changed_chain_or_manifest_in_the_second_branch_is_noticed() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    let kept = publishing.branch("pages-gongkai");
    let chain = String::from_utf8(kept["releases.jsonl"].clone()).unwrap();
    let manifest = kept.keys().find(|path| path.starts_with("manifests/")).unwrap().clone();
    let text = String::from_utf8(kept[&manifest].clone()).unwrap();
    publishing
        .somebody_pushes("pages-gongkai", &[(&manifest, "100644", Some(&text.replacen("\"size\":", "\"size\": ", 1)))]);
    publishing.run(&["verify", "web"]).is(1).says("的清单被改动了");
    publishing.run(&["publish", "web"]).is(3).says("的清单被改动了");
    publishing.somebody_pushes("pages-gongkai", &[(&manifest, "100644", None)]);
    publishing.run(&["publish", "web"]).is(3).says("的清单不见了");
    publishing.somebody_pushes("pages-gongkai", &[(&manifest, "100644", Some(&text))]);
    publishing.run(&["verify", "web"]).is(0);
    publishing.somebody_pushes("pages-gongkai", &[("releases.jsonl", "100644", Some(""))]);
    publishing.run(&["verify", "web"]).is(1);
    publishing.run(&["publish", "web"]).is(3).says("releases.jsonl");
    publishing
        .somebody_pushes("pages-gongkai", &[("releases.jsonl", "100644", Some(&chain.replace("publish", "Publish")))]);
    publishing.run(&["publish", "web"]).is(3).says("releases.jsonl");
    publishing.somebody_pushes("pages-gongkai", &[("releases.jsonl", "100644", Some(&chain))]);
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
}

#[test]
fn a_rollback_is_a_new_commit_with_the_old_files() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    let (first, tip) = (publishing.served(), publishing.tip("pages"));
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let second = publishing.served();
    publishing.run(&["rollback", "web"]).is(0).says("已回退到");
    assert_same(&publishing.served(), &first);
    publishing.git(&["merge-base", "--is-ancestor", &tip, "pages"]);
    assert_eq!(publishing.git(&["rev-list", "--count", "pages"]).trim(), "3");
    publishing.run(&["verify", "web"]).is(0).says("发布记录 3 行");
    let rows = publishing.json(&["releases", "web", "--format", "json"]);
    let id = rows[1]["release"].as_str().unwrap();
    // from a machine that has never seen it
    fs::remove_dir_all(publishing.site.path(".gongkai")).unwrap();
    publishing.run(&["rollback", "web", id]).is(0);
    assert_same(&publishing.served(), &second);
    publishing.run(&["rollback", "web", id]).is(2).says("就是现在的网站");
    publishing.run(&["rollback", "web", "20000101T000000-00000000"]).is(2).says("没有发布批次");
    let rows = publishing.json(&["releases", "web", "--format", "json"]);
    let of = |key: &str| rows.as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!(of("action"), ["\"publish\"", "\"publish\"", "\"rollback\"", "\"rollback\""]);
    assert_eq!(of("live"), ["false", "false", "false", "true"]);
    publishing.publish().says("没有变化");
}

#[test]
fn a_release_that_is_not_what_it_was_is_not_gone_back_to() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let commits = String::from_utf8(publishing.branch("pages-gongkai")["commits.json"].clone()).unwrap();
    let [first, second] = ["pages^", "pages"].map(|name| publishing.git(&["rev-parse", name]).trim().to_owned());
    let served = publishing.served();
    for other in [second, "0".repeat(40), "--upload-pack=touch".into()] {
        publishing
            .somebody_pushes("pages-gongkai", &[("commits.json", "100644", Some(&commits.replace(&first, &other)))]);
        publishing.run(&["rollback", "web"]).is(3).says("没有回退");
        assert_same(&publishing.served(), &served);
    }
    publishing.somebody_pushes("pages-gongkai", &[("commits.json", "100644", Some(&commits))]);
    publishing.run(&["rollback", "web"]).is(0);
}

#[test]
fn verify_reads_what_is_at_the_repository_and_not_what_was_fetched_before() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    let said = publishing.json(&["verify", "web", "--format", "json"]);
    assert_eq!(said["read"], said["files"]);
    assert!(said["files"].as_u64().unwrap() as usize == publishing.served().len());
    // of an object that is broken there, git itself says so
    let id = publishing.git(&["rev-parse", "pages:z/a.html"]);
    let id = id.trim();
    let pack = publishing.repository().join("objects/pack");
    for entry in fs::read_dir(&pack).unwrap().map(|entry| entry.unwrap().path()) {
        // loose, so that one of them can be broken
        if entry.extension().is_some_and(|ending| ending == "pack") {
            let elsewhere = publishing.folder.path().join("pack");
            fs::rename(&entry, &elsewhere).unwrap();
            let input = fs::File::open(&elsewhere).unwrap();
            let done = command(&publishing.repository()).args(["unpack-objects", "-q"]).stdin(input).status().unwrap();
            assert!(done.success());
        }
    }
    let object = publishing.repository().join("objects").join(&id[..2]).join(&id[2..]);
    fs::remove_file(&object).unwrap();
    fs::write(&object, "x").unwrap();
    let said = publishing.run(&["verify", "web"]).is(2);
    assert!(said.err.contains("没有成功，它说"), "{}", said.err);
}

#[test]
fn so_many_releases_stay_and_the_others_cannot_be_gone_back_to() {
    let publishing = Publishing::to_branch();
    publishing.site.edit("site.toml", "type = \"git\"", "type = \"git\"\nkeep = 2");
    for n in 0..4 {
        publishing.site.put("content/z/a.md", doc(&format!("甲{n}"), "2014-12-04", ""));
        let said = publishing.publish();
        if n == 2 {
            said.says("不再保留的批次");
        }
    }
    let kept = publishing.branch("pages-gongkai");
    assert_eq!(kept.keys().filter(|path| path.starts_with("manifests/")).count(), 2);
    let rows = publishing.json(&["releases", "web", "--format", "json"]);
    let of: Vec<bool> = rows.as_array().unwrap().iter().map(|row| row["kept"].as_bool().unwrap()).collect();
    assert_eq!(of, [false, false, true, true]);
    publishing.run(&["rollback", "web", rows[0]["release"].as_str().unwrap()]).is(2);
    publishing.run(&["rollback", "web"]).is(0);
    publishing.run(&["verify", "web"]).is(0).says("发布记录 5 行");
}

#[test]
fn of_two_who_publish_at_once_none_is_lost() {
    let publishing = Publishing::to_branch();
    publishing.publish();
    let second = Publishing { site: SiteTest::from_dir(publishing.site.root().to_str().unwrap()), folder: temporary() };
    for round in 0..4 {
        let both = [&publishing, &second];
        for (n, one) in both.iter().enumerate() {
            one.site.put("content/z/a.md", doc(&format!("甲{round}{n}"), "2014-12-04", ""));
        }
        let count = || publishing.git(&["rev-list", "--count", "pages"]).trim().parse::<usize>().unwrap();
        let before = count();
        let children = both
            .map(|one| one.command(&["publish", "web"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        let said = children.map(|child| ended(child.wait_with_output().unwrap()));
        let done = said.iter().filter(|one| one.code == 0).count();
        assert!(done >= 1, "{said:?}");
        for one in said.iter().filter(|one| one.code != 0) {
            assert!(one.code == 2 && one.err.contains("请再运行一次"), "{one:?}");
        }
        assert_eq!(count() - before, done, "{said:?}");
        let served = publishing.served();
        assert!(both.iter().any(|one| one.built() == served), "the site is one of the two, whole");
        publishing.run(&["verify", "web"]).is(0);
    }
    second.publish();
    assert_same(&publishing.served(), &second.built());
}

#[test]
fn after_forty_kills_the_branch_was_never_half_a_release() {
    let kills: u64 = std::env::var("GONGKAI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(40);
    let publishing = Publishing::to_branch();
    let become_generation = |number: u64| {
        for n in 0..12 {
            let text = format!("文{n}版{}", (n * 7 + number) % 5);
            publishing.site.put(&format!("content/z/f{n}.md"), doc(&text, "2014-05-01", ""));
        }
    };
    become_generation(0);
    publishing.publish();
    become_generation(1);
    // whoever is killed damages nothing on this machine
    let marker = publishing.cache().join("marker");
    fs::write(&marker, "").unwrap();
    let began = std::time::Instant::now();
    publishing.publish();
    let usual = began.elapsed();
    let mut live = publishing.served();
    let (mut random, mut at_work, mut switched) = (12345_u64, 0, 0);
    let mut next = |limit: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit
    };
    for kill in 2..kills + 2 {
        become_generation(kill);
        publishing.site.build().clean();
        let wanted = publishing.built();
        let mut child =
            publishing.command(&["publish", "web"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(usual.mul_f64((100 + next(1000)) as f64 / 1000.0));
        at_work += u64::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        // git may be about to end what it was told to do
        publishing.run(&["releases", "web"]).is(0);
        let now = publishing.served();
        if now != live {
            assert_same(&now, &wanted);
            switched += 1;
        }
        publishing.run(&["verify", "web"]).is(0);
        live = now;
        if next(3) > 0 {
            publishing.publish();
            live = publishing.served();
            assert_same(&live, &wanted);
        }
    }
    publishing.publish();
    publishing.run(&["verify", "web"]).is(0);
    assert!(marker.exists(), "the cache was made anew");
    println!("{at_work} of {kills} kills hit a publisher at work; {switched} times the new release was live already");
}

#[test]
fn a_server_that_took_one_branch_alone_is_given_the_other_by_the_next_run() {
    for half in ["pages", "pages-gongkai"] {
        let publishing = Publishing::to_branch();
        publishing.publish();
        let old = publishing.tips();
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.publish();
        let new = publishing.tips();
        // as if the run had ended in the middle of the server's work
        let at = usize::from(half == "pages-gongkai");
        publishing.git(&["update-ref", &format!("refs/heads/{half}"), &old[at]]);
        let cache = fs::read_dir(publishing.site.path(".gongkai")).unwrap().map(|entry| entry.unwrap().path());
        let cache = cache.into_iter().find(|path| path.is_dir()).unwrap();
        let pending = serde_json::json!({ "from": old, "to": new });
        fs::write(cache.join("gongkai-pending"), pending.to_string()).unwrap();
        publishing.publish().says("没有变化");
        assert_eq!(publishing.tips(), new);
        publishing.run(&["verify", "web"]).is(0);
        assert!(!cache.join("gongkai-pending").exists());
    }
}

#[test]
fn without_git_or_a_repository_it_says_what_is_missing() {
    let publishing = Publishing::to_branch();
    let empty = temporary();
    let mut command = publishing.command(&["publish", "web"]);
    ended(command.env("PATH", empty.path()).output().unwrap()).is(2).says("没有找到 git 程序").says("请安装 git");
    fs::remove_dir_all(publishing.repository()).unwrap();
    publishing.run(&["publish", "web"]).is(2).says("git ls-remote 没有成功，它说");
    publishing.run(&["releases", "web"]).is(2);
}

#[test]
fn a_password_goes_to_the_server_and_nowhere_else() {
    let publishing = Publishing::to_branch();
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let answer = std::thread::spawn(move || {
        use std::io::Read as _;
        let (mut stream, _) = server.accept().unwrap();
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).unwrap();
        stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    let old = format!("repository = \"{}\"", publishing.repository().display());
    publishing.site.edit("site.toml", &old, &format!("repository = \"http://127.0.0.1:{port}/xian.git\""));
    let mut command = publishing.command(&["publish", "web"]);
    command.env("GONGKAI_WEB_USER", "clerk").env("GONGKAI_WEB_PASSWORD", "geheim-12345").env("GIT_TRACE_CURL", "0");
    let said = ended(command.output().unwrap()).is(2).says("403");
    let request = answer.join().unwrap();
    // base64 of clerk:geheim-12345
    assert!(request.contains("Authorization: Basic Y2xlcms6Z2VoZWltLTEyMzQ1"), "{request}");
    let words = format!("{}{}", said.out, said.err);
    assert!(!words.contains("geheim") && !words.contains("Y2xlcms6"), "{words}");
    for entry in walkdir::WalkDir::new(publishing.site.root()).into_iter().map(Result::unwrap) {
        let bytes = fs::read(entry.path()).unwrap_or_default();
        assert!(!bytes.windows(6).any(|part| part == b"geheim"), "{:?}", entry.path());
    }
}

/// Whether an earlier release is kept or not, the history has it until it is cleared; then for good, and once.
#[test]
fn the_history_is_cleared_of_what_is_withdrawn_for_privacy() {
    for (keep, more) in [(5, ""), (1, ""), (1, "withdrawn_show: 不再显示\n")] {
        let publishing = Publishing::to_branch();
        publishing.site.edit("site.toml", "type = \"git\"", &format!("type = \"git\"\nkeep = {keep}"));
        publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", ""));
        publishing.publish();
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.publish();
        if !more.is_empty() {
            // long ago, and nothing is left of it that could tell
            let front = format!("withdrawn: 2015-01-01\nwithdrawn_reason: 内容有误\n{more}");
            publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", &front));
            publishing.publish();
            publishing.site.edit("content/z/a.md", "甲的新正文", "甲的又一正文");
            publishing.publish();
        }
        assert!(publishing.git(&["log", "--all", "-p"]).contains("秘密某某"));
        let front = format!("withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\n{more}");
        publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", &front));
        publishing.publish();
        let served = publishing.served();
        assert!(!publishing.git(&["log", "--all", "-p"]).contains("秘密某某"), "{keep} {more}");
        let count = || publishing.git(&["rev-list", "--count", "--all"]).trim().to_owned();
        assert_eq!(count(), "2");
        publishing.run(&["verify", "web"]).is(0).says("没有问题");
        publishing.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
        publishing.publish().says("没有变化");
        publishing.site.put("content/z/a.md", doc("新甲", "2014-12-04", ""));
        publishing.publish();
        assert_eq!(count(), "4", "what is clear is not cleared again");
        if keep > 1 {
            publishing.run(&["rollback", "web"]).is(0);
            assert_same(&publishing.served(), &served);
        }
    }
}

#[test]
fn a_first_release_has_no_history_to_clear() {
    let publishing = Publishing::to_branch();
    let private = "withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\n";
    publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", private));
    publishing.publish();
    assert!(!publishing.git(&["log", "--all", "--format=%s"]).contains("清除历史"));
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let ended = publishing.publish();
    assert!(!ended.out.contains("删去的旧批次"), "{}", ended.out);
    publishing.run(&["rollback", "web"]).is(0);
}

/// A colleague pushes from a clone that he made before: the history that was cleared is back, and goes again.
#[test]
fn a_history_that_comes_back_is_cleared_again() {
    let publishing = Publishing::to_branch();
    publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", ""));
    publishing.publish();
    let old = publishing.tip("pages");
    publishing.git(&["update-ref", "refs/kept/old", &old]);
    publishing.site.put(
        "content/z/p.md",
        doc("秘密某某", "2014-12-04", "withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\n"),
    );
    publishing.publish();
    // with the very files that are live
    let tree = publishing.git(&["rev-parse", "refs/heads/pages^{tree}"]);
    let author = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
    let again = [&author[..], &["commit-tree", tree.trim(), "-m", "x", "-p", &old]].concat();
    let again = publishing.git(&again);
    publishing.git(&["update-ref", "refs/heads/pages", again.trim()]);
    publishing.git(&["update-ref", "-d", "refs/kept/old"]);
    let is_back = || publishing.git(&["log", "--all", "-p"]).contains("秘密某某");
    assert!(is_back());
    publishing.run(&["verify", "web"]).is(1).says("清除过的个人信息可能又在它的历史里");
    publishing.run(&["publish", "web"]).is(3).says("清除过的个人信息可能又在它的历史里");
    publishing.run(&["rollback", "web"]).is(2).says("先运行 gongkai publish");
    assert!(is_back());
    publishing.run(&["publish", "web", "--accept-changes"]).is(0).says("删去的旧批次");
    assert!(!is_back());
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
}

#[test]
fn the_history_goes_when_somebody_asks_for_it() {
    let publishing = Publishing::to_branch();
    publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", ""));
    publishing.publish();
    publishing.site.put("content/z/p.md", doc("某某", "2014-12-04", ""));
    publishing.publish();
    let is_there = || publishing.git(&["log", "--all", "-p"]).contains("秘密某某");
    assert!(is_there());
    let old = publishing.tip("pages");
    publishing.git(&["update-ref", "refs/kept/old", &old]);
    // a host that refuses it for now
    publishing.git(&["config", "receive.denyNonFastForwards", "true"]);
    publishing.run(&["publish", "web", "--clear-earlier"]).is(2).says("再运行一次 gongkai publish web");
    publishing.run(&["verify", "web"]).is(1).says("旧批次还没有删完");
    publishing.git(&["config", "receive.denyNonFastForwards", "false"]);
    publishing.publish().says("删去的旧批次");
    publishing.git(&["update-ref", "-d", "refs/kept/old"]);
    assert!(!is_there());
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
}

/// The names of what was private stand in the manifests of that time.
#[test]
fn a_history_of_the_second_branch_that_comes_back_is_cleared_again() {
    let publishing = Publishing::to_branch();
    publishing.site.put("content/z/private.md", doc("秘密某某", "2014-12-04", ""));
    publishing.publish();
    let old = publishing.tip("pages-gongkai");
    publishing.git(&["update-ref", "refs/kept/old", &old]);
    let private = "withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\nwithdrawn_show: 不再显示\n";
    publishing.site.put("content/z/private.md", doc("秘密某某", "2014-12-04", private));
    publishing.publish_with(&["--allow-deletes", "9"]);
    // merged with an old clone, with the very files that are there
    let tip = publishing.tip("pages-gongkai");
    let tree = format!("{tip}^{{tree}}");
    let author = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
    let merge = [&author[..], &["commit-tree", &tree, "-m", "x", "-p", &tip, "-p", &old]].concat();
    let merged = publishing.git(&merge);
    publishing.git(&["update-ref", "refs/heads/pages-gongkai", merged.trim()]);
    publishing.git(&["update-ref", "-d", "refs/kept/old"]);
    let is_back = || publishing.git(&["log", "--all", "-p"]).contains("z/private.md");
    assert!(is_back());
    let words = "分支 pages-gongkai 上有别人推送的提交，清除过的个人信息可能又在它的历史里";
    publishing.run(&["verify", "web"]).is(1).says(words);
    publishing.run(&["publish", "web"]).is(3).says(words);
    publishing.run(&["rollback", "web"]).is(2);
    publishing.publish_with(&["--accept-changes"]);
    assert!(!is_back());
    publishing.run(&["verify", "web"]).is(0);
    publishing.publish().says("没有变化");
}

/// The run that publishes a withdrawal dies before it clears the history; the next one knows nothing of it any more.
#[test]
fn a_clearing_that_was_cut_off_is_done_by_the_next_run_whatever_became_of_the_source() {
    let publishing = Publishing::to_branch();
    publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", ""));
    publishing.publish();
    let before = publishing.tips();
    publishing.git(&["update-ref", "refs/kept/old", &before[0]]);
    let private = "withdrawn: 2015-01-01\nwithdrawn_reason: 涉及个人信息\nwithdrawn_show: 不再显示\n";
    publishing.site.put("content/z/p.md", doc("秘密某某", "2014-12-04", private));
    publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
    // as it was when both branches had been pushed and the history not yet been cleared
    let author = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
    let tree = publishing.git(&["rev-parse", "refs/heads/pages^{tree}"]);
    let tip = publishing.git(&[&author[..], &["commit-tree", tree.trim(), "-m", "x", "-p", &before[0]]].concat());
    publishing.git(&["update-ref", "refs/heads/pages", tip.trim()]);
    publishing.git(&["update-ref", "-d", "refs/kept/old"]);
    let commits = publishing.branch("pages-gongkai")["commits.json"].clone();
    let commits = String::from_utf8(commits).unwrap();
    let known = commits.split('"').find(|part| part.len() == 40).unwrap();
    let commits = commits.replace(known, tip.trim());
    let cleared = String::from_utf8(publishing.branch("pages-gongkai")["cleared.json"].clone()).unwrap();
    let cleared = super::sealed(&cleared.replace("\"due\": false", "\"due\": true"));
    publishing.somebody_pushes(
        "pages-gongkai",
        &[("cleared.json", "100644", Some(&cleared)), ("commits.json", "100644", Some(&commits))],
    );
    publishing.site.remove("content/z/p.md");
    assert!(publishing.git(&["log", "--all", "-p"]).contains("秘密某某"));
    publishing.run(&["verify", "web"]).is(1).says("旧批次还没有删完");
    publishing.run(&["rollback", "web"]).is(2).says("先运行 gongkai publish 删完");
    publishing.publish();
    assert!(!publishing.git(&["log", "--all", "-p"]).contains("秘密某某"));
    publishing.run(&["verify", "web"]).is(0);
}

/// `GONGKAI_MEASURE=5000 cargo test --release --test suite publish::branch::how_long -- --nocapture`
#[test]
fn how_long_it_takes_is_measured_if_that_is_wanted() {
    let Some(count) = std::env::var("GONGKAI_MEASURE").ok().and_then(|count| count.parse::<usize>().ok()) else {
        return;
    };
    let publishing = Publishing::to_branch();
    for n in 0..count {
        publishing.site.put(&format!("content/z/f{n}.md"), doc(&format!("文{n}"), "2014-05-01", ""));
    }
    publishing.site.build().clean();
    let measure = |what: &str, arguments: &[&str]| {
        let began = std::time::Instant::now();
        publishing.run(arguments).is(0);
        println!("{what}: {:.2} s", began.elapsed().as_secs_f64());
    };
    measure("first", &["publish", "web"]);
    measure("nothing changed", &["publish", "web"]);
    publishing.site.edit("content/z/f7.md", "文7的正文", "新的正文");
    measure("one text changed", &["publish", "web"]);
    measure("verify", &["verify", "web"]);
    measure("rollback", &["rollback", "web"]);
    println!("{} files", publishing.served().len());
}

/// As `guards::a_damaged_manifest_drops_no_other_guard`.
#[test]
fn a_damaged_manifest_on_the_branch_drops_no_other_guard() {
    for bytes in [Some("{}"), None] {
        let publishing = Publishing::to_branch();
        for n in 0..30 {
            publishing.site.put(&format!("static/f/{n}.txt"), format!("{n}\n"));
        }
        publishing.publish();
        publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
        publishing.publish();
        let chain = publishing.git(&["show", "pages-gongkai:releases.jsonl"]);
        let last: serde_json::Value = serde_json::from_str(chain.lines().next_back().unwrap()).unwrap();
        let path = format!("manifests/{}.json", last["release"].as_str().unwrap());
        publishing.somebody_pushes("pages-gongkai", &[(&path, "100644", bytes)]);
        publishing.site.remove("content/z/b.md");
        let stopped = |more: &[&str], words: &[&str]| {
            let said = publishing.run(&[&["publish", "web"], more].concat()).is(3);
            words.iter().fold(said, |said, word| said.says(word));
        };
        let words = ["被别人改动过", "会打不开", "/z/b.html"];
        stopped(&[], &words);
        stopped(&["--accept-changes"], &words[1..]);
        stopped(&["--accept-changes", "--base-url", "https://www.other.gov.cn"], &["是另一个网站"]);
        publishing.site.put("content/z/b.md", doc("乙", "2014-12-05", ""));
        publishing.publish_with(&["--accept-changes"]);
        publishing.run(&["verify", "web"]).is(0);
    }
}
