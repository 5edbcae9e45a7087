//! Publish, change, publish, go back.

use std::fs;

use super::{Publishing, inode, names};
use crate::site_test::{PDF, assert_same, doc, tree};

#[test]
fn what_is_live_is_byte_by_byte_what_was_built() {
    let publishing = Publishing::new();
    publishing.site.put("content/z/a.pdf", PDF);
    publishing.site.edit("content/z/a.md", "---\n\n", "---\n\n[附件](a.pdf)\n\n");
    publishing.publish().says("已发布").says("撤下 0");
    // a stranger in the output folder and the list of what is ours are published by nobody
    publishing.site.put("public/mine.txt", "我的");
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    publishing.publish();
    let mut built = tree(&publishing.site.path("public"));
    built.remove("mine.txt");
    assert_same(&publishing.live(), &built);
    assert!(!publishing.path("current/.gongkai-files").exists());
}

#[test]
fn only_files_that_changed_are_written_and_the_others_are_shared() {
    let publishing = Publishing::new();
    publishing.publish();
    let before = fs::canonicalize(publishing.path("current")).unwrap();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish().says("新增 0，修改 1，撤下 0").says("写入 1 个文件");
    let now = fs::canonicalize(publishing.path("current")).unwrap();
    assert_ne!(before, now);
    for path in publishing.live().keys() {
        assert_eq!(inode(&before.join(path)) != inode(&now.join(path)), path == "z/a.html", "{path}");
    }
    // the release before is what it was
    assert!(fs::read_to_string(before.join("z/a.html")).unwrap().contains("甲的正文"));
}

#[test]
fn without_a_change_there_is_no_new_release() {
    let publishing = Publishing::new();
    publishing.publish();
    let before = publishing.all();
    publishing.publish().says("没有变化");
    // another day of which no page can tell is no change either
    publishing.publish_with(&["--as-of", "2026-01-02"]).says("没有变化");
    assert_same(&publishing.all(), &before);
}

#[test]
fn a_dry_run_changes_nothing_and_its_plan_alone_is_carried_out() {
    let publishing = Publishing::large();
    let plan = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert!(!publishing.target().exists());
    assert_eq!(plan["plan"]["live"], serde_json::Value::Null);
    let hash = plan["plan"]["hash"].as_str().unwrap().to_owned();
    publishing.publish_with(&["--plan", &hash]);

    publishing.site.edit("content/z/a.md", "published", "draft: true\npublished");
    publishing.site.put("content/z/c.md", doc("丙", "2014-12-06", ""));
    let before = publishing.all();
    let shown = publishing.run(&["publish", "web", "--dry-run"]).is(0).says("栏目（z）").says("新增 /z/c.html");
    let shown = shown.says("撤下 /z/a.html（草稿）");
    let hash = shown.out.lines().next().unwrap().split(' ').nth(1).unwrap().to_owned();
    publishing.site.edit("content/z/b.md", "乙的正文", "乙的新正文");
    publishing.run(&["publish", "web", "--plan", &hash]).is(3).says("现在的计划是");
    assert_same(&publishing.all(), &before);
    publishing.site.edit("content/z/b.md", "乙的新正文", "乙的正文");
    publishing.publish_with(&["--plan", &hash]).says("/z/a.html（草稿）");
    assert!(!publishing.path("current/z/a.html").exists() && publishing.path("current/z/c.html").exists());
}

#[test]
fn every_withdrawal_says_why() {
    let publishing = Publishing::large();
    publishing.site.put("content/z/a.pdf", PDF);
    publishing.site.edit("content/z/a.md", "---\n\n", "---\n\n[附件](a.pdf)\n\n");
    publishing.publish();
    publishing.site.edit("content/z/a.md", "published", "disclosure: 依申请公开\npublished");
    publishing.site.edit("content/z/f1.md", "published", "draft: true\npublished");
    publishing.site.rename("content/z/b.md", "content/z/bb.md");
    publishing.site.edit("content/z/bb.md", "published", "aliases: [/z/b.html]\npublished");
    let said = publishing.run(&["publish", "web", "--dry-run", "--allow-deletes", "9"]).is(0);
    said.says("撤下 /z/a.html（公开方式是依申请公开）")
        .says("撤下 /z/a.pdf（它的文件没有公开：公开方式是依申请公开）")
        .says("撤下 /z/f1.html（草稿）")
        .says("移动 /z/b.html（移到了 /z/bb.html，这里跳转过去）")
        .says("撤下 3");
    publishing.publish_with(&["--allow-deletes", "9"]);
}

#[test]
fn a_day_that_moved_into_the_future_withdraws_nothing() {
    let publishing = Publishing::large();
    publishing.publish();
    publishing.site.edit("content/z/f0.md", "2014-05-01", "2027-05-01");
    let stopped = publishing.run(&["publish", "web"]).is(3).says("会打不开");
    stopped.says("/z/f0.html：公开日期 2027-05-01 还没有到");
    // of a build that is dated back on purpose that is how it has to be
    publishing.site.edit("content/z/f0.md", "2027-05-01", "2014-05-01");
    publishing.site.edit("content/z/f1.md", "2014-05-01", "2026-02-01");
    publishing.publish_with(&["--as-of", "2026-03-01"]);
    publishing.run(&["publish", "web"]).is(3).says("按更早的");
    publishing.run(&["publish", "web", "--allow-earlier", "--allow-deletes", "9"]).is(0);
}

/// With a line that was taken back, the newest are not those that were live last.
#[test]
fn the_release_that_a_rollback_goes_to_stays() {
    let publishing = Publishing::new();
    publishing.site.edit("site.toml", "type = \"folder\"", "type = \"folder\"\nkeep = 2");
    let publish = |text: &str| {
        publishing.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
        publishing.publish();
        publishing.release()
    };
    publish("一");
    let good = publish("二");
    publish("三");
    publishing.run(&["rollback", "web"]).is(0);
    assert_eq!(publishing.release(), good);
    publish("四");
    publishing.run(&["rollback", "web"]).is(0);
    assert_eq!(publishing.release(), good);
}

/// Somebody tidies up where he should not; what he took away he brings back.
#[test]
fn a_run_that_is_stopped_removes_no_part_of_a_release() {
    for folder in ["manifests", "releases"] {
        let publishing = Publishing::new();
        for text in ["一", "二", "三"] {
            publishing.site.put("content/z/a.md", doc(text, "2014-12-04", ""));
            publishing.publish();
        }
        let before = publishing.all();
        let live = publishing.release();
        let (from, away) = (publishing.path(folder), publishing.path("别处"));
        fs::create_dir(&away).unwrap();
        let others = || names(&from).into_iter().filter(|name| !name.starts_with(&live)).collect::<Vec<_>>();
        let moved = others();
        moved.iter().for_each(|name| fs::rename(from.join(name), away.join(name)).unwrap());
        publishing.run(&["verify", "web"]).is(0).says("不能再回退到批次");
        publishing.run(&["publish", "web"]).is(0).says("没有变化");
        publishing.run(&["publish", "web", "--base-url", "https://www.other.gov.cn"]).is(3);
        moved.iter().for_each(|name| fs::rename(away.join(name), from.join(name)).unwrap());
        fs::remove_dir(&away).unwrap();
        assert_same(&publishing.all(), &before);
        publishing.run(&["rollback", "web"]).is(0);
    }
}

#[test]
fn errors_in_the_content_publish_nothing() {
    let publishing = Publishing::new();
    publishing.publish();
    let before = publishing.all();
    publishing.site.edit("content/z/a.md", "title", "tilte");
    publishing.run(&["publish", "web"]).is(1).says("没有发布");
    assert_same(&publishing.all(), &before);
    publishing.run(&["publish", "web", "--drafts"]).is(2).says("草稿不能发布");
}

#[test]
fn so_many_releases_stay_and_never_is_the_live_one_removed() {
    let publishing = Publishing::new();
    publishing.site.edit("site.toml", "type = \"folder\"", "type = \"folder\"\nkeep = 2");
    publishing.publish();
    let first = publishing.release();
    for n in 0..4 {
        publishing.site.put("content/z/a.md", doc(&format!("甲{n}"), "2014-12-04", ""));
        let said = publishing.publish();
        if n == 1 {
            said.says("不再保留的批次").says(&first);
        }
        let kept = names(&publishing.path("releases"));
        assert_eq!(kept.len(), 2);
        assert!(kept.contains(&publishing.release()), "{kept:?}");
        assert_eq!(names(&publishing.path("manifests")).len(), 2);
    }
    publishing.run(&["verify", "web"]).is(0).says("发布记录 5 行");
}

#[test]
fn a_rollback_makes_the_earlier_release_live_again_byte_by_byte() {
    let publishing = Publishing::new();
    publishing.publish();
    let (first, before) = (publishing.release(), publishing.live());
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let (second, after) = (publishing.release(), publishing.live());
    publishing.run(&["rollback", "web"]).is(0).says(&first);
    assert_same(&publishing.live(), &before);
    publishing.run(&["verify", "web"]).is(0).says("发布记录 3 行");
    publishing.run(&["rollback", "web", &second]).is(0);
    assert_same(&publishing.live(), &after);
    publishing.run(&["rollback", "web", &second]).is(2).says("就是现在的网站");
    publishing.run(&["rollback", "web", "20000101T000000-00000000"]).is(2).says("没有发布批次");
    let rows = publishing.json(&["releases", "web", "--format", "json"]);
    let of = |key: &str| rows.as_array().unwrap().iter().map(|row| row[key].to_string()).collect::<Vec<_>>();
    assert_eq!(of("action"), ["\"publish\"", "\"publish\"", "\"rollback\"", "\"rollback\""]);
    assert_eq!(of("live"), ["false", "false", "false", "true"]);
    publishing.run(&["releases", "web"]).is(0).says("可以回退").says("同现在的网站").says("  现在的网站");
    publishing.run(&["releases", "web", "--format", "csv"]).is(0).says("release,time,action");
}

#[test]
fn a_release_that_was_damaged_is_not_gone_back_to() {
    let publishing = Publishing::new();
    publishing.publish();
    let first = publishing.release();
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    publishing.publish();
    let (second, before) = (publishing.release(), publishing.live());
    fs::write(publishing.path(&format!("releases/{first}/z/a.html")), "坏").unwrap();
    publishing.run(&["rollback", "web"]).is(3).says("/z/a.html：内容不对").says("没有回退");
    assert_eq!(publishing.release(), second);
    assert_same(&publishing.live(), &before);
}

#[test]
fn before_anything_was_published_there_is_nothing_to_look_at() {
    let publishing = Publishing::new();
    for command in ["verify", "releases", "rollback"] {
        publishing.run(&[command, "web"]).is(2).says("还没有发布过");
    }
    publishing.run(&["publish", "wbe"]).is(2).says("没有发布目标“wbe”").says("web");
    assert!(!publishing.target().exists());
}

/// A release that was taken back, or that is the same site once more, is none to go back to.
#[test]
fn a_rollback_goes_to_what_was_live_before() {
    let publishing = Publishing::new();
    let publish = |text: &str| {
        publishing.site.put("content/z/a.md", crate::site_test::doc(text, "2014-12-04", ""));
        publishing.publish();
        publishing.release()
    };
    let back = || {
        publishing.run(&["rollback", "web"]).is(0);
        publishing.release()
    };
    let (oldest, good, bad) = (publish("最早的"), publish("好的"), publish("坏的"));
    assert_eq!(back(), good);
    let _worse = publish("更坏的");
    assert_eq!(back(), good, "not to the bad one");
    publish("坏的");
    assert_eq!(back(), good, "nor to the same bad site under another name");
    assert_eq!(back(), oldest);
    publishing.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
    publishing.run(&["rollback", "web", &bad]).is(0);
    assert_eq!(back(), oldest);
}

/// What is for programs has the stream to itself.
#[test]
fn findings_for_programs_and_a_plan_for_people_come_on_two_streams() {
    let publishing = Publishing::new();
    let sarif = publishing.run(&["publish", "web", "--message-format", "sarif"]).is(0);
    assert!(serde_json::from_str::<serde_json::Value>(&sarif.out).unwrap()["runs"].is_array(), "{}", sarif.out);
    assert!(sarif.err.contains("已发布"), "{}", sarif.err);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的新正文");
    let lines = publishing.run(&["publish", "web", "--message-format", "json", "--format", "json"]).is(0);
    let lines: Vec<serde_json::Value> = lines.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["published"], true);
    let both = ["publish", "web", "--message-format", "sarif", "--format", "json"];
    publishing.run(&both).is(2).says("不能一起用");
}
