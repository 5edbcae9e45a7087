//! Fields of a kind that lead to another document or to a file.

use crate::site_test::{PDF, SiteTest, channel, doc};

const KIND: &str = "\
label: 征地
fields:
  - {name: before, label: 对应预公告, type: reference}
  - {name: plan, label: 平面图, type: file}
  - {name: secret, label: 内部依据, type: reference, public: false}
";

fn site(more: &str) -> SiteTest {
    SiteTest::new()
        .file("content/_kinds/land.yaml", KIND)
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("预公告", "2014-12-01", "index_no: tcxzf/2014-1201001"))
        .file("content/z/b.md", doc("公告", "2014-12-04", &format!("kind: land\n{more}")))
        .file("content/z/图#1.pdf", PDF)
}

#[test]
fn a_reference_is_a_link_with_the_title_of_the_other() {
    for written in ["a.md", "tcxzf/2014-1201001", "索引号:tcxzf/2014-1201001"] {
        let built = site(&format!("before: {written}")).build();
        built.page("z/b.html").has("<dt>对应预公告</dt><dd><a href=\"../z/a.html\">预公告</a></dd>");
    }
}

#[test]
fn a_file_is_published_and_downloaded() {
    let site = site("plan: 图#1.pdf");
    let built = site.build().clean();
    built.page("z/b.html").has("图#1.pdf（PDF，").has("<dt>平面图</dt><dd><a href=\"../z/%E5%9B%BE%231.pdf\">");
    assert!(built.tree.contains_key("z/图#1.pdf"));
    site.edit("content/z/a.md", "title: 预公告", "title: 预公告二");
    assert_eq!(site.build().clean().tree, site.clean_tree());
}

#[test]
fn a_title_that_changes_is_followed() {
    let site = site("before: a.md\nplan: 图#1.pdf");
    site.build().clean();
    site.edit("content/z/a.md", "title: 预公告", "title: 新预公告");
    let built = site.build().clean();
    built.page("z/b.html").has(">新预公告</a>");
    assert_eq!(built.tree, site.clean_tree());
    site.edit("content/z/b.md", "公告的正文", "公告的另一正文");
    let built = site.build().clean();
    assert_eq!(built.tree, site.clean_tree());
}

#[test]
fn what_leads_nowhere_is_told_at_its_line() {
    for (more, finding) in [
        ("before: c.md", "G032 content/z/b.md:6:9 链接的“c.md”不存在"),
        ("before: tcxzf/2014-9", "G032 content/z/b.md:6:9 链接的索引号“tcxzf/2014-9”不存在"),
        ("before: ../../../etc/passwd.md", "G042 content/z/b.md:6:9"),
        ("plan: 图2.pdf", "G034 content/z/b.md:6:7 文件“图2.pdf”不存在"),
        ("plan: ../../site.toml", "G042 content/z/b.md:6:7"),
        ("plan: [图#1.pdf]", "G025 content/z/b.md:6:7"),
    ] {
        let built = site(more).build().refused();
        assert!(built.findings.iter().any(|found| found.starts_with(finding)), "{finding}: {:?}", built.findings);
    }
}

#[test]
fn files_of_a_draft_stay_with_it() {
    let site = site("plan: 图#1.pdf\ndraft: true");
    let built = site.build().built();
    assert!(!built.tree.contains_key("z/图#1.pdf"));
}

#[test]
fn a_title_is_followed_into_other_channels() {
    let site = site("before: /y/c.md")
        .file("content/y/_index.md", channel("别处", ""))
        .file("content/y/c.md", doc("旧名", "2014-12-01", ""));
    site.edit("content/z/b.md", "before: /y/c.md", "before: ../y/c.md");
    site.build().built().page("z/b.html").has(">旧名</a>");
    site.edit("content/y/c.md", "title: 旧名", "title: 新名");
    let built = site.build().built();
    built.page("z/b.html").has(">新名</a>");
    assert_eq!(built.tree, site.clean_tree());
    site.edit("content/y/c.md", "title: 新名", "title: 再改名");
    assert_eq!(site.build().built().tree, site.clean_tree());
}

#[test]
fn what_no_reader_sees_leads_nowhere() {
    // not even to a draft, and not wrongly either
    let built = site("secret: nowhere.md\nplan: 图#1.pdf").build().clean();
    built.page("z/b.html").lacks("内部依据").has("平面图");
    let kind = "label: 表\nfields:\n  - {name: s, label: 内部附件, type: file, public: false}\n";
    let built = site("").file("content/_kinds/other.yaml", kind).build().refused();
    assert!(built.findings.concat().contains("放在 content/ 里的文件都会公开"), "{:?}", built.findings);
}

#[test]
fn lists_and_data_know_nothing_of_paths() {
    let site = site("before: a.md\nplan: 图#1.pdf");
    site.build().clean().page("z/index.csv").lacks("a.md").lacks("图#1");
    for key in ["columns", "data"] {
        site.put("content/_kinds/land.yaml", format!("{KIND}{key}: [before]\n"));
        let built = site.build().refused();
        assert!(built.findings.concat().contains("字段“before”不能用在这里"), "{:?}", built.findings);
    }
    site.put("content/_kinds/land.yaml", format!("{KIND}header: [before]\n"));
    site.build().clean().page("z/b.html").has("对应预公告").lacks("平面图");
}

#[test]
fn a_column_of_a_table_cannot_lead() {
    let kind = "label: 表\nfields:\n  - {name: t, label: 表, type: table, columns: [{label: 图, type: file}]}\n";
    let built = site("").file("content/_kinds/other.yaml", kind).build().refused();
    assert!(built.findings.concat().contains("表里的列不能是 file"), "{:?}", built.findings);
}
