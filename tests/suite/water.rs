//! 地表水: the class follows from the worst factor, whether the target is met from the class.

use crate::site_test::{SiteTest, doc};

/// A report with rows of the embedded kind: river, section, 高锰酸盐指数, 化学需氧量, 氨氮, 总磷, class, target, verdict.
fn site(rows: &[&str]) -> SiteTest {
    let rows: String = rows.iter().map(|row| format!("  - [{row}]\n")).collect();
    SiteTest::new().file("content/a.md", doc("甲", "2014-12-02", &format!("kind: env-weekly\nwater:\n{rows}")))
}

#[test]
fn a_class_that_follows_from_its_factors_is_published() {
    for row in [
        "河, 断面, 5.2, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标",
        // the limit itself is within the class, however it is written
        "河, 断面, 6, 20.0, 1.00, 0.200, Ⅲ类, Ⅳ类, 达标",
        "河, 断面, 2, 15, 0.15, 0.02, Ⅰ类, Ⅰ类, 达标",
        // Ⅰ and Ⅱ have one limit of COD
        "河, 断面, ~, 15, ~, ~, Ⅰ类, Ⅱ类, 达标",
        "河, 断面, 5.2, 18, 1.14, 0.12, Ⅳ类, Ⅲ类, 不达标",
        "河, 断面, 15.1, 18, 1.14, 0.12, 劣Ⅴ类, Ⅴ类, 不达标",
        // what is not measured, or not said, follows from nothing
        "河, 断面, ~, ~, ~, ~, Ⅱ类, Ⅲ类, 达标",
        "河, 断面, 5.2, 18, 1.14, 0.12, ~, ~, ~",
        "河, 断面, 5.2, 18, 1.14, 0.12, Ⅳ类, ~, 达标",
        "河, 断面, ~, ~, ~, ~, ~, ~, ~",
    ] {
        site(&[row]).build().clean();
    }
}

#[test]
fn a_class_or_a_verdict_that_does_not_follow_is_told_at_its_row() {
    let good = "河, 断面, 5.2, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标";
    for (row, message) in [
        (
            "沂河, 断面一, 5.2, 18, 1.14, 0.12, Ⅲ类, Ⅲ类, 达标",
            "沂河断面一的水质类别写的是“Ⅲ类”，按 GB 3838—2002 从监测值（氨氮 1.14）得出的是“Ⅳ类”",
        ),
        (
            "河, 断面, 5.2, 18, 0.86, 0.12, Ⅱ类, Ⅱ类, 达标",
            "河断面的水质类别写的是“Ⅱ类”，按 GB 3838—2002 从监测值（高锰酸盐指数 5.2、化学需氧量 18、氨氮 0.86、总磷 0.12）得出的是“Ⅲ类”",
        ),
        (
            "河, 断面, 6.01, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标",
            "河断面的水质类别写的是“Ⅲ类”，按 GB 3838—2002 从监测值（高锰酸盐指数 6.01）",
        ),
        // a digit more than any limit has
        ("河, 断面, 6.0001, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标", "河断面的水质类别写的是“Ⅲ类”，按"),
        ("河, 断面, 99999999, 18, 0.86, 0.12, Ⅴ类, Ⅲ类, 不达标", "河断面的水质类别写的是“Ⅴ类”，按"),
        (
            "河, 断面, 5.2, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 不达标",
            "河断面的评价写的是“不达标”，水质Ⅲ类，目标Ⅲ类，应当是“达标”",
        ),
        ("河, 断面, 5.2, 18, 1.14, 0.12, Ⅳ类, Ⅲ类, 达标", "河断面的评价写的是“达标”，水质Ⅳ类，目标Ⅲ类，应当是“不达标”"),
        // from the class that follows, if none is stated; from the one that is, if nothing was measured
        ("河, 断面, 5.2, 18, 1.14, 0.12, ~, Ⅲ类, 达标", "河断面的评价写的是“达标”，水质Ⅳ类"),
        ("河, 断面, ~, ~, ~, ~, 劣Ⅴ类, Ⅴ类, 达标", "河断面的评价写的是“达标”，水质劣Ⅴ类"),
    ] {
        let built = site(&[good, row, good]).build().refused();
        assert_eq!(built.findings.len(), 1, "{row}: {:#?}", built.findings);
        assert!(
            built.findings[0].starts_with(&format!("G085 content/a.md:8:5 {message}")),
            "{row}: {:#?}",
            built.findings
        );
    }
}

#[test]
fn a_class_worse_than_what_is_shown_is_a_doubt() {
    // one of the fifteen factors that the table does not show may decide
    let row = "河, 断面, 2, 15, 0.15, 0.02, Ⅱ类, Ⅲ类, 达标";
    let built = site(&[row]).build().built();
    built.finds(&["G085 content/a.md:7:5 河断面的水质类别写的是“Ⅱ类”，按"]);
}

#[test]
fn what_cannot_be_read_is_told_as_such_alone() {
    for row in ["河, 断面, 多, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标", "河, 断面, 5.2, 18, 0.86, 0.12, 三类, Ⅲ类, 达标"]
    {
        let built = site(&[row]).build().refused();
        assert!(built.findings.len() == 1 && built.findings[0].starts_with("G025"), "{row}: {:#?}", built.findings);
    }
    // less than nothing is no amount
    site(&["河, 断面, -1, 18, 0.86, 0.12, Ⅲ类, Ⅲ类, 达标"]).build().clean();
}

#[test]
fn any_kind_may_have_a_table_of_water() {
    let kind = |more: &str| {
        format!(
            "label: 水库\nwater: rows\nfields:\n  - name: rows\n    label: 断面\n    type: table\n    columns:\n      - {{name: section, label: 断面}}\n{more}"
        )
    };
    let columns = "      - {name: do, label: 溶解氧, type: number}\n      - {name: tp_lake, label: 总磷, type: number}\n      - {name: class, label: 类别}\n";
    let site = |rows: &str| {
        SiteTest::new()
            .file("content/_kinds/lake.yaml", kind(columns))
            .file("content/a.md", doc("甲", "2014-12-02", &format!("kind: lake\nrows:\n{rows}")))
    };
    site("  - [库心, 7.5, 0.010, Ⅰ类]\n  - [出口, 7.4, 0.01, II类]\n  - [进口, 1.9, 0.01, 劣五类]\n").build().clean();
    site("  - [库心, 7.5, 0.03, Ⅱ类]\n").build().finds(&[
        "G085 content/a.md:7:5 库心的水质类别写的是“Ⅱ类”，按 GB 3838—2002 从监测值（总磷 0.03）得出的是“Ⅲ类”",
    ]);
    site("  - {断面: 库心, 溶解氧: 5.99, 类别: Ⅱ类}\n").build().finds(&[
        "G085 content/a.md:7:5 库心的水质类别写的是“Ⅱ类”，按 GB 3838—2002 从监测值（溶解氧 5.99）得出的是“Ⅲ类”",
    ]);
    for wrong in ["", "      - {name: do, label: 溶解氧, type: number}\n", "      - {name: class, label: 类别}\n"]
    {
        SiteTest::new()
            .file("content/_kinds/lake.yaml", kind(wrong))
            .build()
            .finds(&["G063 content/_kinds/lake.yaml:2:8 “rows”不是水质的表"]);
    }
}
