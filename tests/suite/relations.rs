//! How documents bear on each other, and what is valid on which day.

use crate::site_test::{SiteTest, doc};

/// `old.md` of 2010 and `new.md` of 2014-12-04 with these further lines.
fn pair(old: &str, new: &str) -> SiteTest {
    SiteTest::new()
        .file("content/old.md", doc("旧办法", "2010-05-01", old))
        .file("content/new.md", doc("新办法", "2014-12-04", new))
}

/// What `old.md` is in open data, on its page and in lists.
#[track_caller]
fn old_is(site: SiteTest, label: &str) {
    let built = site.build().built();
    let json = built.page("index.json").json();
    let row = json["rows"].as_array().unwrap().iter().find(|row| row["title"] == "旧办法").unwrap();
    assert_eq!(row["validity"].as_str().unwrap_or(""), label, "{:#?}", built.findings);
    let page = built.page("old.html");
    let list = built.page("index.html");
    match label {
        "失效" => _ = (page.has("class=\"notice v-expired\""), list),
        "废止" => _ = (page.has("class=\"notice v-repealed\""), list),
        "已修改" => _ = (page.has("class=\"notice v-amended\""), list),
        "尚未生效" => _ = (page.has("class=\"notice v-not-yet\""), list),
        _ => _ = page.lacks("class=\"notice"),
    }
    // a term page says so beside the title; the axis has a page for every state in use
    let issuer =
        built.tree.keys().find(|path| path.starts_with("catalogue/issuer/x") && path.ends_with("/index.html")).unwrap();
    let issuer = built.page(issuer);
    if label.is_empty() || label == "有效" {
        issuer.lacks("class=\"mark v-repealed\"").lacks("class=\"mark v-expired\"");
    } else {
        issuer.has(&format!(">{label}</span>"));
        built.page("catalogue/validity/index.html").has(label);
    }
}

#[test]
fn every_relation_shows_at_both_ends() {
    for (field, at_source, at_target) in [
        ("interprets", "解读的文件", "相关解读"),
        ("amends", "修改的文件", "修改本文件的文件"),
        ("repeals", "废止的文件", "废止本文件的文件"),
        ("replaces", "替代的文件", "替代本文件的文件"),
        ("解读", "解读的文件", "相关解读"),
    ] {
        for target in ["old.md", "/old.md", "a/2010-001", "索引号:a/2010-001"] {
            let built = pair("index_no: a/2010-001", &format!("{field}: \"{target}\"")).build().clean();
            built.page("new.html").has_in_order(&[&format!("<h3>{at_source}</h3>"), "href=\"old.html\">旧办法</a>"]);
            built.page("old.html").has_in_order(&[&format!("<h3>{at_target}</h3>"), "href=\"new.html\">新办法</a>"]);
        }
    }
}

#[test]
fn several_targets_and_several_sources_are_listed_newest_first_and_once() {
    let built = SiteTest::new()
        .file("content/a.md", doc("甲", "2010-01-01", ""))
        .file("content/b.md", doc("乙", "2011-01-01", ""))
        .file("content/c.md", doc("丙", "2012-01-01", "interprets: [a.md, b.md, ./a.md]"))
        .file("content/d.md", doc("丁", "2013-01-01", "interprets: a.md"))
        .build()
        .clean();
    built.page("c.html").has_in_order(&["解读的文件", ">乙</a>", ">甲</a>"]);
    let a = built.page("a.html");
    let related = a.text.split("class=\"related\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert_eq!(related.matches(">丙</a>").count(), 1);
    a.has_in_order(&["相关解读", ">丁</a>", ">丙</a>"]);
}

#[test]
fn what_begins_tomorrow_is_not_yet_in_force() {
    let effective = |day: &str| pair("effective: 2020-07-01", "").as_of(day);
    old_is(effective("2020-06-30"), "尚未生效");
    old_is(effective("2020-07-01"), "有效");
    old_is(effective("2020-07-02"), "有效");
}

#[test]
fn the_last_day_is_still_valid() {
    let expires = |day: &str| pair("expires: 2020-07-01", "").as_of(day);
    old_is(expires("2020-06-30"), "有效");
    old_is(expires("2020-07-01"), "有效");
    old_is(expires("2020-07-02"), "失效");
}

#[test]
fn the_day_of_repeal_is_not_valid_any_more() {
    let repealed = |day: &str| pair("repealed: 2020-07-01", "").as_of(day);
    old_is(repealed("2020-06-30"), "");
    old_is(repealed("2020-07-01"), "废止");
}

#[test]
fn a_repeal_works_from_the_repealers_effective_day() {
    for field in ["repeals", "replaces"] {
        let site =
            |day: &str| pair("effective: 2010-06-01", &format!("{field}: old.md\neffective: 2015-01-01")).as_of(day);
        old_is(site("2014-12-31"), "有效");
        old_is(site("2015-01-01"), "废止");
    }
    // without one, from its publication
    old_is(pair("", "repeals: old.md").as_of("2014-12-04"), "废止");
    pair("", "repeals: old.md")
        .as_of("2014-12-04")
        .build()
        .clean()
        .page("old.html")
        .has("本文件已被下列文件废止，自2014年12月4日起不再有效，仅供查阅。")
        .has("href=\"new.html\">《新办法》（2014年12月4日）</a>");
}

/// As an official text cites: title, number, day; and a citizen need not open it to know which it is.
#[test]
fn the_banner_cites_the_documents_that_did_it() {
    let new = "title: 【示例】关于废止《旧办法》的通知\ndoc_no: 郯政发〔2014〕3号\nwritten: 2014-11-30";
    let site = |field: &str, old: &str| {
        let site = pair(old, &format!("{field}: old.md\neffective: 2015-03-01")).as_of("2016-01-01");
        site.edit("content/new.md", "title: 新办法", new);
        site
    };
    for (field, deed) in [("repeals", "废止"), ("replaces", "替代")] {
        site(field, "").build().clean().page("old.html").has_in_order(&[
            &format!("<p>本文件已被下列文件{deed}，自2015年3月1日起不再有效，仅供查阅。</p>"),
            "<a href=\"new.html\">【示例】《关于废止〈旧办法〉的通知》（郯政发〔2014〕3号，2014年11月30日）</a>",
        ]);
    }
    site("repeals", "repealed: 2015-02-01").build().clean().page("old.html").has("自2015年2月1日起不再有效");
    site("amends", "")
        .build()
        .clean()
        .page("old.html")
        .has("本文件已被下列文件修改，请一并查阅。")
        .has("（郯政发〔2014〕3号");
    pair("repealed: 2015-02-01", "").build().clean().page("old.html").has("本文件已于2015年2月1日废止，仅供查阅。");
}

#[test]
fn an_amendment_works_from_its_effective_day() {
    let site = |day: &str| pair("effective: 2010-06-01", "amends: old.md\neffective: 2015-01-01").as_of(day);
    old_is(site("2014-12-31"), "有效");
    old_is(site("2015-01-01"), "已修改");
    site("2015-01-01").build().clean().page("old.html").has_in_order(&["v-amended", "请一并查阅", "新办法"]);
}

#[test]
fn a_repeal_beats_an_amendment_and_an_expiry_beats_it_too() {
    old_is(
        pair("", "repeals: old.md")
            .file("content/b.md", doc("修改决定", "2013-01-01", "amends: old.md"))
            .as_of("2020-01-01"),
        "废止",
    );
    old_is(pair("expires: 2012-01-01", "amends: old.md").as_of("2020-01-01"), "失效");
}

#[test]
fn an_interpretation_changes_no_validity() {
    old_is(pair("", "interprets: old.md"), "");
    old_is(pair("validity: 有效", "interprets: old.md"), "有效");
}

#[test]
fn a_repealer_that_is_not_public_has_no_effect() {
    for held_back in ["draft: true", "disclosure: 不予公开"] {
        let site = pair("effective: 2010-06-01", &format!("repeals: old.md\n{held_back}"));
        let built = site.build().clean();
        assert_eq!(built.page("index.json").json()["rows"][0]["validity"], "有效");
        built.page("old.html").lacks("新办法");
    }
    let tomorrow = pair("effective: 2010-06-01", "repeals: old.md").as_of("2014-12-03");
    tomorrow.build().clean().page("old.html").lacks("新办法").lacks("class=\"notice");
}

#[test]
fn lists_mark_what_is_over() {
    let built = pair("", "repeals: old.md")
        .file("content/z/_index.md", "---\ntitle: 栏目\nselect: {year: 2010}\n---\n")
        .build()
        .clean();
    built.page("z/index.html").has_in_order(&["旧办法", "<span class=\"badge v-repealed\">废止</span>"]);
    built.page("new.html").has_in_order(&["旧办法", "<span class=\"badge v-repealed\">废止</span>"]);
}

#[test]
fn what_the_author_states_stands_unless_dates_or_relations_say_otherwise() {
    for (stated, label) in
        [("有效", "有效"), ("失效", "失效"), ("已废止", "废止"), ("已修订", "已修改"), ("未生效", "尚未生效")]
    {
        let site = pair(&format!("validity: {stated}"), "");
        site.build().clean();
        old_is(pair(&format!("validity: {stated}"), ""), label);
    }
    pair("validity: 有效\nexpires: 2012-01-01", "")
        .build()
        .finds(&["G055 content/old.md:5:11 有效性写的是“有效”，但有效期已过，按“失效”显示"])
        .built();
    pair("validity: 有效", "repeals: old.md")
        .build()
        .finds(&["G055 content/old.md:5:11 有效性写的是“有效”，但已有文件废止或替代它"])
        .built();
    pair("validity: 尚未生效\neffective: 2012-01-01", "").build().finds(&["G055 content/old.md:5:11"]).built();
    // stated and computed agree, or the author knows of something harder: no warning
    pair("validity: 废止", "repeals: old.md").build().clean();
    old_is(pair("validity: 废止", "amends: old.md"), "废止");
    pair("validity: 废止", "amends: old.md").build().clean();
}

#[test]
fn cycles_are_errors_that_name_their_members() {
    pair("repeals: new.md", "repeals: old.md").build().refused().finds(&["G053 content/new.md:5:10 关联成环："]);
    pair("amends: new.md", "replaces: old.md").build().refused().finds(&["G053 content/new.md:5:11 关联成环："]);
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-01", "interprets: b.md"))
        .file("content/b.md", doc("乙", "2014-01-01", "interprets: c.md"))
        .file("content/c.md", doc("丙", "2014-01-01", "interprets: a.md"))
        .build()
        .refused()
        .finds(&["G053 content/a.md:5:13 关联成环：content/a.md → content/b.md → content/c.md"]);
    pair("", "repeals: new.md").build().refused().finds(&["G053 content/new.md:5:10 repeals 指向文件自己"]);
}

#[test]
fn what_looks_like_a_cycle_but_is_none_passes() {
    // the regulation is amended by what it is interpreted by; two ways lead to one end
    pair("interprets: new.md", "amends: old.md").build().clean();
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-01", "amends: [b.md, c.md]"))
        .file("content/b.md", doc("乙", "2014-01-01", "amends: d.md"))
        .file("content/c.md", doc("丙", "2014-01-01", "amends: d.md"))
        .file("content/d.md", doc("丁", "2014-01-01", ""))
        .build()
        .clean();
}

#[test]
fn a_cycle_is_underlined_where_it_is_stated() {
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-01", "interprets: c.md\nrepeals: b.md"))
        .file("content/b.md", doc("乙", "2014-01-01", "repeals: a.md"))
        .file("content/c.md", doc("丙", "2014-01-01", ""))
        .build()
        .refused()
        .finds(&["G053 content/a.md:6:10 关联成环"]);
    // of several targets, the one that leads round
    SiteTest::new()
        .file("content/a.md", doc("甲", "2014-01-01", "amends: c.md\nrepeals:\n  - c.md\n  - b.md"))
        .file("content/b.md", doc("乙", "2014-01-01", "repeals: a.md"))
        .file("content/c.md", doc("丙", "2014-01-01", ""))
        .build()
        .refused()
        .finds(&["G053 content/a.md:8:5 关联成环"]);
}

#[test]
fn a_target_that_is_not_there_is_an_error_with_advice() {
    let built = pair("index_no: a/2010-001", "repeals: [odl.md, a/2010-002]").build().refused().finds(&[
        "G052 content/new.md:5:11 repeals 指向的“odl.md”不存在",
        "G052 content/new.md:5:19 repeals 指向的“a/2010-002”不存在",
    ]);
    assert_eq!(built.report.findings[0].help.as_deref(), Some("你是不是想写“old.md”？"));
}

#[test]
fn a_new_relation_is_a_new_day_of_change_for_the_sitemap() {
    let built = pair("", "amends: old.md").build().clean();
    built.page("sitemap-2010.xml").has("<lastmod>2014-12-04</lastmod>");
    pair("updated: 2013-03-03", "").build().clean().page("sitemap-2010.xml").has("<lastmod>2013-03-03</lastmod>");
    pair("", "").build().clean().page("sitemap-2010.xml").has("<lastmod>2010-05-01</lastmod>");
}
