//! What a kind lets lists and open data say of its documents.

use crate::site_test::{SiteTest, channel, doc};

const KIND: &str = "\
label: 征地
fields:
  - {name: batch, label: 批次}
  - {name: area, label: 面积, type: number, unit: 公顷}
  - {name: change, label: 增减, type: number}
  - {name: contact, label: 联系人, public: false}
  - {name: plots, label: 地块, type: table, columns: [甲, 乙]}
columns: [area, batch]
";

fn site(kind: &str) -> SiteTest {
    SiteTest::new()
        .file("content/_kinds/land.yaml", kind)
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/z/a.md",
            doc(
                "甲",
                "2014-12-04",
                "kind: land\nbatch: 第1批次\narea: 3.20\nchange: -1\ncontact: 某人\nplots: [[1, 2]]",
            ),
        )
        .file("content/z/b.md", doc("乙", "2014-12-05", "kind: land\nbatch: =1+1"))
}

#[test]
fn columns_of_a_kind_stand_in_every_list() {
    let built = site(KIND).build().clean();
    let shown = "<span>面积：3.20 公顷</span><span>批次：第1批次</span>";
    for page in ["z/index.html", "catalogue/year/2014/index.html"] {
        built.page(page).has(shown).lacks("某人");
    }
    // documents without a kind say nothing
    let plain = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""));
    plain.build().clean().page("z/index.html").lacks("class=\"sub\"");
}

#[test]
fn open_data_holds_the_fields_that_readers_see() {
    let built = site(KIND).build().clean();
    let json = built.page("z/index.json").json();
    assert_eq!(json["rows"][1]["fields"], serde_json::json!({"batch": "第1批次", "area": "3.20", "change": "-1"}));
    let csv = built.page("z/index.csv");
    csv.clone()
        .has("关键词,网址,批次,面积（公顷）,增减\n")
        .has("/z/a.html,第1批次,3.20,-1\n")
        .has("/z/b.html,'=1+1,,\n");
    csv.lacks("某人");
}

#[test]
fn a_field_that_nobody_states_is_no_column_unless_the_kind_names_it() {
    let plain = site(KIND).file("content/z/a.md", doc("甲", "2014-12-04", "kind: land"));
    plain.build().clean().page("z/index.csv").has("网址,批次\n");
    let named = site(&format!("{KIND}data: [area, batch]\n"));
    named.build().clean().page("z/index.csv").has("网址,面积（公顷）,批次\n");
}

#[test]
fn a_kind_may_name_the_fields_of_open_data() {
    let built = site(&format!("{KIND}data: [change]\n")).build().clean();
    built.page("z/index.csv").has("网址,增减\n").lacks("第1批次");
    let json = built.page("z/index.json").json();
    assert_eq!(json["rows"][1]["fields"], serde_json::json!({"change": "-1"}));
    assert!(json["rows"][0]["fields"].is_null());
}

#[test]
fn files_of_several_kinds_keep_the_common_columns() {
    let built = site(KIND).file("content/z/c.md", doc("丙", "2014-12-06", "")).build().clean();
    built.page("z/index.csv").has("关键词,网址\n");
}

#[test]
fn a_changed_kind_or_field_reaches_lists_and_data() {
    let site = site(KIND);
    site.build().clean();
    site.edit("content/z/a.md", "area: 3.20", "area: 4.5");
    let built = site.build().clean();
    built.page("z/index.html").has("面积：4.5 公顷");
    assert_eq!(built.tree, site.clean_tree());
    site.edit("content/_kinds/land.yaml", "label: 面积", "label: 总面积");
    let built = site.build().clean();
    built.page("z/index.csv").has("总面积（公顷）");
    assert_eq!(built.tree, site.clean_tree());
    site.edit("content/_kinds/land.yaml", "columns: [area, batch]", "columns: [batch]\ndata: [area]");
    let built = site.build().clean();
    built.page("z/index.html").lacks("总面积：");
    assert_eq!(built.tree, site.clean_tree());
}

#[test]
fn a_field_that_moves_from_lists_to_data_is_a_change() {
    let kind = |more: &str| format!("{}{more}\n", KIND.replace("columns: [area, batch]\n", ""));
    let site = site(&kind("columns: [batch]\ndata: [area]"));
    site.build().clean();
    for more in [
        "data: [batch, area]",
        "columns: [batch, area]",
        "columns: [area]\ndata: [area, batch]",
        "columns: [batch]\ndata: [area]",
    ] {
        site.put("content/_kinds/land.yaml", kind(more));
        assert_eq!(site.build().clean().tree, site.clean_tree(), "{more}");
    }
}

#[test]
fn a_label_is_no_formula_at_the_head_of_a_column() {
    let kind = "label: 类\nfields:\n  - {name: a, label: '=1+1'}\n";
    let site = site(kind).file("content/z/a.md", doc("甲", "2014-12-04", "kind: land\na: 一"));
    site.remove("content/z/b.md");
    site.build().clean().page("z/index.csv").has(",网址,'=1+1\n");
}

#[test]
fn columns_that_cannot_be_shown_are_told() {
    for (line, expected) in [
        ("columns: [contact]", "字段“contact”不能用在这里"),
        ("columns: [plots]", "字段“plots”不能用在这里"),
        ("data: [contact]", "字段“contact”不能用在这里"),
        ("data: [bach]", "没有字段“bach”"),
    ] {
        let built = site(&format!("{}{line}\n", KIND.replace("columns: [area, batch]\n", ""))).build().refused();
        assert!(built.findings.concat().contains(expected), "{line}: {:?}", built.findings);
    }
}
