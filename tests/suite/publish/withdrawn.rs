//! What a publisher does with documents that were withdrawn: the plan says so, no guard stops it, and of what was withdrawn
//! for the sake of privacy no earlier release keeps a byte.

use std::fs;

use super::{Publishing, names, sealed};
use crate::site_test::{PDF, doc_with, tree};

const SECRET: &str = "秘密字样";

/// Enough documents that a few of them are less than 5 % of the files, one of them with a file and an old address.
fn publishing() -> Publishing {
    let publishing = Publishing::large();
    publishing.site.put("content/z/s.md", text(""));
    publishing.site.put("content/z/s.pdf", [PDF, SECRET.as_bytes()].concat());
    publishing
}

fn text(more: &str) -> String {
    let front = format!("index_no: {SECRET}/1\naliases: /old/s.html\nattachments: s.pdf\n{more}");
    doc_with(&format!("{SECRET}的公示"), "2014-12-06", &front, &format!("{SECRET}的正文"))
}

fn withdraw(publishing: &Publishing, reason: &str, more: &str) {
    publishing.site.put("content/z/s.md", text(&format!("withdrawn: 2025-12-01\nwithdrawn_reason: {reason}\n{more}")));
}

/// Files of the target that hold the word, or are called so.
fn holding(publishing: &Publishing) -> Vec<String> {
    let holds = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    let all = tree(&publishing.target()).into_iter();
    all.filter(|(path, bytes)| path.contains(SECRET) || holds(bytes)).map(|(path, _)| path).collect()
}

#[test]
fn the_plan_lists_what_was_withdrawn_and_no_guard_stops_it() {
    let table = [
        ("error", "", "/z/s.html（已于2025年12月1日撤下（内容有误），只留说明）"),
        ("superseded", "", "/z/s.html（已于2025年12月1日撤下（已被替代），保留并提示）"),
        (
            "period",
            "withdrawn_show: 不再显示\nredirect: a.md",
            "/z/s.html（已于2025年12月1日撤下（公示期满），不再显示，这里跳转）",
        ),
        ("error", "withdrawn_show: 不再显示", "/z/s.html（已于2025年12月1日撤下（内容有误），不再显示）"),
        ("privacy", "", "/z/s.html（已于2025年12月1日撤下（涉及个人信息），只留说明）"),
        ("privacy", "withdrawn_show: 不再显示", "/z/s.html（已于2025年12月1日撤下（涉及个人信息），不再显示）"),
    ];
    let publishing = publishing();
    publishing.publish();
    for (reason, more, line) in table {
        withdraw(&publishing, reason, more);
        let plan = publishing.run(&["publish", "web", "--dry-run"]).is(0);
        assert!(plan.out.contains(&format!("  撤下 {line}\n")), "{line}: {}", plan.out);
        if reason != "superseded" {
            plan.says("/z/s.pdf（它的文件没有公开：已于2025年12月1日撤下");
        }
        let json = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
        let plan = &json["plan"];
        let listed = ["withdrawn", "replaced"].iter().filter_map(|list| plan[list].as_array()).flatten();
        let own: Vec<_> = listed.filter(|gone| gone["path"] == "z/s.html").collect();
        assert!(own.len() == 1 && own[0]["lost"] == false && !own[0]["reason"].as_str().unwrap().is_empty(), "{json}");
        assert!(plan["moved"].as_array().unwrap().is_empty(), "{json}");
    }
    // of a site that withdraws nothing the plan is what it always was
    publishing.site.put("content/z/s.md", text("summary: 新"));
    let json = publishing.json(&["publish", "web", "--dry-run", "--format", "json"]);
    assert!(
        json["plan"].get("replaced").is_none() && json["plan"].get("purged").is_none() && json.get("purged").is_none()
    );
}

#[test]
fn once_it_is_published_it_is_listed_no_more_and_its_source_may_go() {
    let publishing = publishing();
    publishing.publish();
    withdraw(&publishing, "error", "");
    publishing.publish().says("撤下 /z/s.html（已于2025年12月1日撤下（内容有误），只留说明）");
    let manifest = fs::read_to_string(publishing.path(&format!("manifests/{}.json", publishing.release()))).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let entry = |path: &str| manifest["files"].as_array().unwrap().iter().find(|entry| entry["path"] == path).unwrap();
    assert_eq!((&entry("z/s.html")["kind"], &entry("old/s.html")["kind"]), (&"tombstone".into(), &"redirect".into()));
    assert_eq!(entry("z/s.html")["withdrawn"], "2025-12-01 error");
    publishing.site.put("templates/assets/site.css", "p{}");
    let plan = publishing.run(&["publish", "web", "--dry-run", "--allow-deletes", "9"]).is(0);
    assert!(!plan.out.contains("撤下 /z/s.html"), "{}", plan.out);
    publishing.site.remove("templates");
    publishing.site.remove("content/z/s.md");
    publishing.site.remove("content/z/s.pdf");
    // its old address may be noted down elsewhere
    let stopped = publishing.run(&["publish", "web"]).is(3).says("/old/s.html：源文件 content/z/s.md 已删除");
    assert!(!stopped.err.contains("/z/s.html：撤下"), "{}", stopped.err);
}

#[test]
fn of_what_was_withdrawn_for_privacy_no_release_keeps_a_byte() {
    let publishing = publishing();
    publishing.publish();
    let first = publishing.release();
    publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
    publishing.publish();
    assert!(holding(&publishing).len() > 10);
    withdraw(&publishing, "privacy", "");
    let plan = publishing.run(&["publish", "web", "--dry-run"]).is(0);
    plan.says("发布以后删去旧批次").says(&first);
    assert!(holding(&publishing).len() > 10, "a plan removes nothing");
    publishing.publish().says("删去的旧批次（有文件因涉及个人信息撤下，不能再回退到它们）").says(&first);
    assert_eq!(holding(&publishing), Vec::<String>::new());
    assert_eq!(names(&publishing.path("releases")), [publishing.release()]);
    assert_eq!(names(&publishing.path("manifests")), [format!("{}.json", publishing.release())]);
    publishing.run(&["verify", "web"]).is(0);
    publishing.run(&["rollback", "web", &first]).is(2).says("没有发布批次");
    publishing.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
    publishing.run(&["releases", "web"]).is(0).says("已不保留");
    // releases that came later hold nothing and stay
    let then = publishing.release();
    publishing.site.put("content/z/a.md", crate::site_test::doc("又一个甲", "2014-12-04", ""));
    let ended = publishing.publish();
    assert!(!ended.out.contains("删去的旧批次"), "{}", ended.out);
    assert!(publishing.path("releases").join(&then).is_dir());
    publishing.run(&["rollback", "web"]).is(0);
    assert_eq!(publishing.release(), then);
}

/// What a document and its file were called when they were published, and where they stood, may have been something else.
#[test]
fn what_is_private_is_found_in_earlier_releases_under_its_former_names() {
    type Change = fn(&Publishing);
    let into_folder: Change = |publishing| {
        publishing.site.rename("content/z/s.md", "content/z/s/index.md");
        publishing.site.rename("content/z/s.pdf", "content/z/s/s.pdf");
    };
    let renamed: Change = |publishing| {
        publishing.site.rename("content/z/s.md", "content/z/t.md");
        publishing.site.edit("content/z/t.md", "/old/s.html", "[/old/s.html, /z/s.html]");
    };
    let elsewhere: Change = |publishing| {
        publishing.site.put("content/w/_index.md", "---\ntitle: 别处\n---\n");
        publishing.site.rename("content/z/s.md", "content/w/u/index.md");
        publishing.site.rename("content/z/s.pdf", "content/w/u/s.pdf");
        publishing.site.edit("content/w/u/index.md", "/old/s.html", "[/old/s.html, /z/s.html]");
    };
    // the file alone goes to another document, which is withdrawn
    let file_alone: Change = |publishing| {
        publishing.site.put("content/z/s.md", doc_with("没有附件的", "2014-12-06", "aliases: /old/s.html", "正文"));
        publishing.site.put("content/w/_index.md", "---\ntitle: 别处\n---\n");
        publishing.site.rename("content/z/s.pdf", "content/w/v/v.pdf");
        let front = "attachments: v.pdf";
        publishing.site.put("content/w/v/index.md", doc_with("另一份", "2014-12-07", front, SECRET));
    };
    let table: [(&[Change], &str); 5] = [
        (&[into_folder], "content/z/s/index.md"),
        (&[renamed], "content/z/t.md"),
        (&[elsewhere], "content/w/u/index.md"),
        (
            &[into_folder, |publishing| {
                publishing.site.rename("content/z/s", "content/z/y");
                publishing.site.edit("content/z/y/index.md", "/old/s.html", "[/old/s.html, /z/s.html]");
            }],
            "content/z/y/index.md",
        ),
        (&[file_alone], "content/w/v/index.md"),
    ];
    for (changes, last) in table {
        let publishing = publishing();
        publishing.publish();
        for change in changes {
            change(&publishing);
            publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
        }
        publishing.run(&["withdraw", last, "--reason", "privacy", "--date", "2025-12-01"]).is(0);
        publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(0).says("删去的旧批次");
        assert_eq!(holding(&publishing), Vec::<String>::new(), "{last}");
        assert_eq!(names(&publishing.path("releases")), [publishing.release()], "{last}");
        // and what is published after it is kept as ever
        for text in ["新甲", "又一个甲"] {
            publishing.site.put("content/z/a.md", crate::site_test::doc(text, "2014-12-04", ""));
            let ended = publishing.publish();
            assert!(!ended.out.contains("删去的旧批次"), "{last}: {}", ended.out);
        }
        assert_eq!(names(&publishing.path("releases")).len(), 3, "{last}");
    }
}

#[test]
fn a_tombstone_with_its_title_is_removed_when_privacy_turns_out_to_be_the_reason() {
    let publishing = publishing();
    publishing.publish();
    withdraw(&publishing, "error", "");
    publishing.publish();
    assert!(holding(&publishing).len() > 10);
    withdraw(&publishing, "privacy", "");
    publishing.publish();
    assert_eq!(holding(&publishing), Vec::<String>::new());
}

/// Where only the reason changes, no page does; but the manifest names the source, whose name may be somebody's.
#[test]
fn no_manifest_keeps_the_name_of_a_source_when_privacy_turns_out_to_be_the_reason() {
    let publishing = publishing();
    publishing.publish();
    let more = "withdrawn_show: 不再显示\nredirect: a.md";
    withdraw(&publishing, "error", more);
    publishing.publish();
    let names = |word: &str| {
        tree(&publishing.path("manifests")).into_values().any(|text| String::from_utf8(text).unwrap().contains(word))
    };
    assert!(names("content/z/s.md"));
    withdraw(&publishing, "privacy", more);
    publishing.publish();
    assert!(!names("content/z/s.md") && names("content/z/a.md"));
    publishing.publish().says("没有变化");
}

/// The target as it is when a run dies right after the switch: what was there is still there, and it is known that it has to go.
fn interrupted() -> (Publishing, String) {
    let publishing = publishing();
    publishing.publish();
    let first = publishing.release();
    let old = tree(&publishing.target());
    withdraw(&publishing, "privacy", "");
    publishing.publish();
    old.into_iter().filter(|(path, _)| path.contains(&first)).for_each(|(path, bytes)| {
        let path = publishing.path(&path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    });
    let cleared = fs::read_to_string(publishing.path("cleared.json")).unwrap();
    fs::write(publishing.path("cleared.json"), sealed(&cleared.replace("\"due\": false", "\"due\": true"))).unwrap();
    assert!(holding(&publishing).len() > 10);
    (publishing, first)
}

#[test]
fn a_run_that_was_interrupted_before_the_removal_is_made_good_by_the_next() {
    let with_change = |publishing: &Publishing| {
        publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
    };
    // nothing of the site says any more that there was anything private
    let without_source = |publishing: &Publishing| {
        publishing.site.remove("content/z/s.md");
        publishing.site.remove("content/z/s.pdf");
        let front = "aliases: [/old/s.html, /z/s.html]\n";
        publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", front));
    };
    type Change<'a> = &'a dyn Fn(&Publishing);
    let changes: [(Change, bool); 3] = [(&|_| (), false), (&with_change, true), (&without_source, true)];
    for (change, is_published) in changes {
        let (publishing, first) = interrupted();
        publishing.run(&["verify", "web"]).is(1).says("旧批次还没有删完");
        publishing.run(&["rollback", "web"]).is(2).says("先运行 gongkai publish 删完");
        change(&publishing);
        let json = publishing.json(&["publish", "web", "--format", "json"]);
        assert_eq!(json["published"], is_published, "{json}");
        assert!(json["purged"].as_array().unwrap().contains(&first.clone().into()), "{json}");
        assert_eq!(holding(&publishing), Vec::<String>::new());
        assert!(publishing.json(&["publish", "web", "--format", "json"]).get("purged").is_none());
        publishing.run(&["verify", "web"]).is(0);
        // whatever became of the source, it is known what it was
        publishing.site.put("content/z/s.md", text(""));
        publishing.site.put("content/z/s.pdf", PDF);
        publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
        publishing.run(&["publish", "web"]).is(3).says("因涉及个人信息撤下过，这一次又要公开");
        withdraw(&publishing, "privacy", "");
        publishing.publish();
        // half of a removal
        fs::create_dir_all(publishing.path("releases").join(format!(".{first}.gongkai-tmp"))).unwrap();
        publishing.publish();
        assert!(names(&publishing.path("releases")).iter().all(|name| !name.starts_with('.')));
    }
}

/// Nobody can say what it was called in earlier releases.
#[test]
fn whatever_took_the_address_of_what_is_private_earlier_releases_go() {
    for publishes_between in [false, true] {
        let publishing = publishing();
        publishing.publish();
        publishing.site.rename("content/z/s.md", "content/z/s-old.md");
        publishing
            .site
            .put("content/z/s.md", doc_with("去掉了姓名的公示", "2014-12-06", "aliases: /old/s.html", "正文"));
        publishing.site.edit("content/z/s-old.md", "aliases: /old/s.html\n", "");
        if publishes_between {
            publishing.publish();
        }
        let withdraw = ["withdraw", "content/z/s-old.md", "--reason", "privacy", "--show", "nothing"];
        publishing.run(&[&withdraw[..], &["--date", "2025-12-01"]].concat()).is(0);
        publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(0).says("删去的旧批次");
        assert_eq!(holding(&publishing), Vec::<String>::new());
        publishing.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
    }
}

#[test]
fn what_was_withdrawn_for_privacy_is_not_public_again_unless_somebody_says_so() {
    let publishing = publishing();
    publishing.publish();
    withdraw(&publishing, "privacy", "");
    publishing.publish();
    publishing.site.put("content/z/s.md", text(""));
    publishing
        .run(&["publish", "web"])
        .is(3)
        .says("2 份文件因涉及个人信息撤下过，这一次又要公开")
        .says("content/z/s.md")
        .says("--allow-earlier");
    publishing.run(&["publish", "web", "--allow-earlier"]).is(0).says("请确认个人信息已经去掉");
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    // and if it turns out to be private after all
    withdraw(&publishing, "privacy", "");
    publishing.publish().says("删去的旧批次");
    assert_eq!(holding(&publishing), Vec::<String>::new());
}

/// A run dies after the switch to a release in which something is public again, and before that is noted.
#[test]
fn what_came_back_and_turns_out_to_be_private_goes_whatever_became_of_the_run_that_brought_it_back() {
    for noted in ["public", "returning"] {
        let publishing = publishing();
        publishing.publish();
        withdraw(&publishing, "privacy", "");
        publishing.publish();
        publishing.site.put("content/z/s.md", text(""));
        publishing.publish_with(&["--allow-earlier"]);
        let cleared = fs::read_to_string(publishing.path("cleared.json")).unwrap();
        assert!(cleared.contains("\"public\"") && !cleared.contains("returning"), "{cleared}");
        fs::write(publishing.path("cleared.json"), sealed(&cleared.replace("\"public\"", &format!("\"{noted}\""))))
            .unwrap();
        publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", "draft: true"));
        withdraw(&publishing, "privacy", "");
        publishing.publish().says("删去的旧批次");
        assert_eq!(holding(&publishing), Vec::<String>::new(), "{noted}");
    }
}

const NOTHING_KNOWN: &str = "{\n  \"cleared\": {\n    \"due\": false,\n    \"known\": {}\n  },\n  \"seal\": \"\"\n}\n";

/// With another name: one of its digits is another.
fn another_digit(text: &str) -> String {
    let at = text.find("\"known\"").unwrap();
    let at = at + text[at..].find("\": {\n      \"").unwrap() + "\": {\n      \"".len();
    let digit = if &text[at..=at] == "0" { "1" } else { "0" };
    format!("{}{digit}{}", &text[..at], &text[at + 1..])
}

#[test]
fn what_is_known_of_withdrawals_is_neither_lost_nor_damaged_without_a_word() {
    type Damage = fn(&str) -> Option<String>;
    let table: [(&str, Damage, &str); 8] = [
        ("gone", |_| None, "不见了"),
        ("empty", |_| Some(String::new()), "读不出来"),
        ("half", |text| Some(text[..text.len() / 2].into()), "读不出来"),
        ("a page", |_| Some("<html>登录</html>".into()), "读不出来"),
        ("another thing", |_| Some("[]".into()), "读不出来"),
        ("nothing known", |_| Some(sealed(NOTHING_KNOWN)), "少了"),
        ("taken for public", |text| Some(text.replace("withdrawn", "public")), "被改动了"),
        ("another name", |text| Some(another_digit(text)), "被改动了"),
    ];
    let publishing = publishing();
    publishing.publish();
    withdraw(&publishing, "privacy", "");
    publishing.publish();
    publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
    publishing.publish();
    let whole = fs::read_to_string(publishing.path("cleared.json")).unwrap();
    for (name, damage, words) in table {
        let told = format!("cleared.json {words}");
        match damage(&whole) {
            Some(text) => fs::write(publishing.path("cleared.json"), text).unwrap(),
            None => fs::remove_file(publishing.path("cleared.json")).unwrap(),
        }
        publishing.run(&["verify", "web"]).is(1).says(&told);
        publishing.run(&["publish", "web"]).is(3).says(&told);
        publishing.run(&["rollback", "web"]).is(2);
        fs::write(publishing.path("cleared.json"), &whole).unwrap();
        publishing.run(&["verify", "web"]).is(0);
        println!("{name}");
    }
    fs::write(publishing.path("cleared.json"), "{").unwrap();
    publishing.publish_with(&["--accept-changes"]).says("删去的旧批次");
    publishing.run(&["verify", "web"]).is(0);
    // and what is known by the repository is known again
    publishing.site.put("content/z/s.md", text(""));
    publishing.run(&["publish", "web"]).is(3).says("因涉及个人信息撤下过");
}

/// An old copy of the site, without git, has it under the name that it had before it was moved.
#[test]
fn what_was_withdrawn_is_not_public_again_under_a_former_name() {
    let publishing = publishing();
    publishing.publish();
    publishing.site.rename("content/z/s.md", "content/z/t.md");
    publishing.site.edit("content/z/t.md", "/old/s.html", "[/old/s.html, /z/s.html]");
    publishing.publish();
    publishing.run(&["withdraw", "content/z/t.md", "--reason", "privacy", "--date", "2025-12-01"]).is(0);
    publishing.publish();
    publishing.site.remove("content/z/t.md");
    publishing.site.remove("content/z/s.pdf");
    publishing.site.put(
        "content/z/s.md",
        doc_with(&format!("{SECRET}的公示"), "2014-12-06", "aliases: [/old/s.html, /z/t.html]", SECRET),
    );
    publishing.run(&["publish", "web"]).is(3).says("因涉及个人信息撤下过").says("/z/s.html");
    assert_eq!(holding(&publishing), Vec::<String>::new());
}

/// What is private was changed, not withdrawn: nothing but a person knows of it.
#[test]
fn earlier_releases_go_when_somebody_asks_for_it() {
    let publishing = publishing();
    publishing.publish();
    let first = publishing.release();
    publishing.site.remove("content/z/s.pdf");
    publishing.site.put("content/z/s.md", doc_with("某某的公示", "2014-12-06", "aliases: /old/s.html\n", "已经遮去"));
    publishing.publish_with(&["--allow-deletes", "9"]);
    assert!(!holding(&publishing).is_empty());
    publishing.run(&["publish", "web", "--clear-earlier", "--dry-run"]).is(0).says(&first).says("按 --clear-earlier");
    // whether or not anything else is to be published
    publishing
        .publish_with(&["--clear-earlier"])
        .says("没有变化")
        .says("删去的旧批次（按 --clear-earlier")
        .says(&first);
    assert_eq!(holding(&publishing), Vec::<String>::new());
    publishing.run(&["verify", "web"]).is(0);
    publishing.run(&["rollback", "web"]).is(2).says("没有更早的发布批次");
    publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
    publishing.publish_with(&["--clear-earlier"]).says("删去的旧批次");
    assert_eq!(names(&publishing.path("releases")), [publishing.release()]);
    publishing.publish().says("没有变化");
}

#[test]
fn a_copy_that_somebody_made_among_the_releases_is_told_and_stays() {
    let publishing = publishing();
    publishing.publish();
    fs::create_dir(publishing.path("releases/备份")).unwrap();
    publishing.run(&["verify", "web"]).is(0).says("releases/备份 不是 gongkai 的");
    withdraw(&publishing, "privacy", "");
    publishing.publish().says("releases/备份 不是 gongkai 的");
    assert!(publishing.path("releases/备份").is_dir());
}

/// The manifest of what is live was lost, and so it is replaced when the withdrawal is published.
#[test]
fn a_release_without_its_manifest_goes_too() {
    let publishing = publishing();
    publishing.publish();
    fs::remove_file(publishing.path("manifests").join(format!("{}.json", publishing.release()))).unwrap();
    withdraw(&publishing, "privacy", "");
    // of its file nobody knows any more what it was
    publishing.run(&["publish", "web", "--accept-changes"]).is(3).says("不在能相信的清单里").says("--allow-deletes 1");
    publishing.publish_with(&["--accept-changes", "--allow-deletes", "1"]);
    assert_eq!(holding(&publishing), Vec::<String>::new());
    assert_eq!(names(&publishing.path("releases")), [publishing.release()]);
}

#[test]
fn a_release_that_cannot_tell_what_it_holds_goes_too() {
    let publishing = publishing();
    publishing.publish();
    let first = publishing.release();
    publishing.site.put("content/z/a.md", crate::site_test::doc("新甲", "2014-12-04", ""));
    publishing.publish();
    fs::write(publishing.path("manifests").join(format!("{first}.json")), "{").unwrap();
    withdraw(&publishing, "privacy", "");
    publishing.publish();
    assert_eq!(holding(&publishing), Vec::<String>::new());
    assert!(!publishing.path("releases").join(&first).exists());
}

#[test]
fn other_reasons_leave_earlier_releases_alone() {
    let publishing = publishing();
    publishing.publish();
    let first = publishing.release();
    withdraw(&publishing, "period", "");
    publishing.publish();
    assert_eq!(names(&publishing.path("releases")).len(), 2);
    publishing.run(&["rollback", "web"]).is(0);
    assert_eq!(publishing.release(), first);
}

#[test]
fn a_draft_that_says_privacy_is_taken_at_its_word() {
    let publishing = publishing();
    publishing.publish();
    withdraw(&publishing, "privacy", "draft: true");
    publishing.publish().says("删去的旧批次");
    assert_eq!(holding(&publishing), Vec::<String>::new());
}

/// Whatever leads on as a page leads on by the server's rules, too.
#[test]
fn rules_for_servers_lead_on_from_what_was_withdrawn() {
    let publishing = publishing();
    publishing.site.edit(
        "site.toml",
        "type = \"folder\"",
        "type = \"folder\"\nhost = [\"nginx\", \"apache\", \"pages\"]",
    );
    let line = |from: &str, to: &str| format!("location = \"/{from}\" {{ return 301 \"/{to}\"; }}");
    let rules = || fs::read_to_string(publishing.path("current/.host/nginx.conf")).unwrap();
    publishing.publish();
    assert!(rules().contains(&line("old/s.html", "z/s.html")), "{}", rules());
    withdraw(&publishing, "error", "");
    publishing.publish();
    assert!(rules().contains(&line("old/s.html", "z/s.html")), "{}", rules());
    assert!(!rules().contains("location = \"/z/s.html\""), "there is a page");
    withdraw(&publishing, "error", "withdrawn_show: 不再显示\nredirect: a.md");
    publishing.publish();
    for from in ["z/s.html", "old/s.html"] {
        assert!(rules().contains(&line(from, "z/a.html")), "{}", rules());
        for (file, rule) in
            [("_redirects", format!("/{from} /z/a.html 301")), (".htaccess", "\"/z/a.html\" [R=301".into())]
        {
            let text = fs::read_to_string(publishing.path("current").join(file)).unwrap();
            assert!(text.contains(&rule), "{file}: {text}");
        }
    }
    withdraw(&publishing, "error", "withdrawn_show: 不再显示");
    publishing.run(&["publish", "web", "--allow-deletes", "9"]).is(0);
    assert!(!rules().contains("s.html"), "{}", rules());
}
