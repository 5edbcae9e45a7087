//! Number formats: what Excel shows in Chinese, number by number.

use gongkai::model::Decimal;
use gongkai::source::sheet::{Format, builtin};

fn show(code: &str, value: f64) -> String {
    Format::parse(code).show(value, Decimal::of_float(value), false).0
}

#[test]
fn numbers_look_as_the_office_program_shows_them() {
    let rows: &[(&str, f64, &str)] = &[
        ("General", 0.0, "0"),
        ("General", 1234567.0, "1234567"),
        ("General", 0.1 + 0.2, "0.3"),
        ("General", 1.0 / 3.0, "0.333333333"),
        ("General", 1234.5678912345, "1234.567891"),
        ("General", -1234567890.5, "-1234567891"),
        ("General", 12345678901.0, "12345678901"),
        ("General", 123456789012.0, "1.23457E+11"),
        ("General", 371322199001011234.0, "3.71322E+17"),
        ("General", 0.0001, "0.0001"),
        ("General", 0.00001, "0.00001"),
        ("General", 0.0000123456789, "1.23457E-05"),
        ("General", 1e300, "1E+300"),
        ("G/通用格式", 12.5, "12.5"),
        ("0", 2.5, "3"),
        ("0", -2.5, "-3"),
        ("0.00", 2.675, "2.68"),
        ("0.00", 1.005, "1.01"),
        ("0.00", 0.0, "0.00"),
        ("0000", 7.0, "0007"),
        ("#", 0.0, ""),
        ("#.##", 0.5, ".5"),
        ("0.##", 3.0, "3."),
        ("#,##0", 1234567.0, "1,234,567"),
        ("#,##0", 999.6, "1,000"),
        ("#,##0", 0.0, "0"),
        ("#,##0.00", 1234.5, "1,234.50"),
        ("#,##0.00", -1234.5, "-1,234.50"),
        ("0%", 0.125, "13%"),
        ("0.00%", 0.125, "12.50%"),
        ("0.00%", -0.0512, "-5.12%"),
        ("#,##0,", 1234567.0, "1,235"),
        ("0.0,,\"百万\"", 1234567.0, "1.2百万"),
        ("0!.0,\"万元\"", 12345.0, "1.2万元"),
        ("0.00E+00", 12345.0, "1.23E+04"),
        ("0.00E+00", 0.000995, "9.95E-04"),
        ("0.0E+0", 9.96, "1.0E+1"),
        ("##0.0E+0", 12345.0, "12.3E+3"),
        ("#,##0.00;[Red]-#,##0.00", -5.0, "-5.00"),
        ("#,##0.00;[红色](#,##0.00)", -5.0, "(5.00)"),
        ("0.00_);(0.00)", -5.0, "(5.00)"),
        ("0.00_);(0.00)", 5.0, "5.00"),
        ("_ * #,##0_ ;_ * -#,##0_ ;_ * \"-\"_ ;_ @_ ", 0.0, "-"),
        ("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", 0.0, "-"),
        ("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", -1234.0, "-1,234.00"),
        ("_ ¥* #,##0.00_ ", 12.0, "¥12.00"),
        ("[$¥-804]#,##0.00", 12.0, "¥12.00"),
        ("\"￥\"#,##0", 1200.0, "￥1,200"),
        ("0\"元\"", 5.0, "5元"),
        ("0.0\"公顷\";;\"无\"", 0.0, "无"),
        ("0;-0;;@", 0.0, ""),
        (";;;", 5.0, ""),
        ("[>=10000]0.0,\"千\";0", 25000.0, "25.0千"),
        ("[>=10000]0.0,\"千\";0", 25.0, "25"),
        ("[<0]\"负\"0;0", -3.0, "负3"),
        ("000-0000", 1234567.0, "123-4567"),
        ("\\第0\\号", 12.0, "第12号"),
        ("@", 12.5, "12.5"),
        ("@", 1234567890123.0, "1.23457E+12"),
        // not known in full: shown plainly
        ("# ?/?", 0.5, "0.5"),
        ("[DBNum2]General", 12.0, "12"),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .map(|(code, value, expected)| (code, value, expected, show(code, *value)))
        .filter(|(_, _, expected, shown)| shown != *expected)
        .map(|(code, value, expected, shown)| format!("{code} of {value}: {shown}, expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dates_look_as_a_chinese_office_program_shows_them() {
    let rows: &[(&str, f64, &str)] = &[
        (builtin(14), 41977.0, "2014/12/4"),
        (builtin(22), 41977.375, "2014/12/4 9:00"),
        (builtin(31), 41977.0, "2014年12月4日"),
        (builtin(57), 41977.0, "2014年12月"),
        (builtin(58), 41977.0, "12月4日"),
        ("yyyy-mm-dd", 41977.0, "2014-12-04"),
        ("yyyy\"年\"m\"月\"d\"日\";@", 41977.0, "2014年12月4日"),
        ("yyyy年m月d日", 41977.0, "2014年12月4日"),
        ("[$-804]yyyy\\-m\\-d;@", 41977.0, "2014-12-4"),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", 41977.0, "2014年12月4日"),
        ("[DBNum1][$-804]yyyy\"年\"m\"月\"d\"日\";@", 41994.0, "二〇一四年十二月二十一日"),
        ("yy.m.d", 41977.0, "14.12.4"),
        ("aaaa", 41977.0, "星期四"),
        ("d-mmm-yy", 41977.0, "4-Dec-14"),
        ("yyyy-mm-dd hh:mm:ss", 41977.999999, "2014-12-05 00:00:00"),
        ("h:mm", 0.39652, "9:30"),
        ("mm:ss.0", 0.00070602, "01:01.0"),
        ("[h]:mm", 1.5, "36:00"),
        ("[mm]:ss", 0.05, "72:00"),
        ("h:mm AM/PM", 0.5, "12:00 PM"),
        ("上午/下午h\"时\"mm\"分\"", 0.75, "下午6时00分"),
        ("yyyy-mm-dd", 0.0, "1900-01-00"),
        ("yyyy-mm-dd", 1.0, "1900-01-01"),
        ("yyyy-mm-dd", 59.0, "1900-02-28"),
        ("yyyy-mm-dd", 60.0, "1900-02-29"),
        ("yyyy-mm-dd", 61.0, "1900-03-01"),
        ("yyyy-mm-dd", 36585.0, "2000-02-29"),
        ("yyyy-mm-dd", 2958465.0, "9999-12-31"),
        // no dates
        ("yyyy-mm-dd", 2958466.0, "2958466"),
        ("yyyy-mm-dd", -1.0, "-1"),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .map(|(code, value, expected)| (code, value, expected, show(code, *value)))
        .filter(|(_, _, expected, shown)| shown != *expected)
        .map(|(code, value, expected, shown)| format!("{code} of {value}: {shown}, expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let of_1904 = Format::parse("yyyy-mm-dd").show(0.0, Decimal::of_float(0.0), true).0;
    assert_eq!(of_1904, "1904-01-01");
}

#[test]
fn decimals_add_up_without_the_errors_of_floats() {
    let read = |text: &str| Decimal::parse(text).unwrap();
    let sum = ["0.1", "0.2", "0.30", "-0.6"].iter().try_fold(Decimal::ZERO, |sum, text| sum.plus(read(text)));
    assert_eq!(sum, Some(Decimal::ZERO));
    assert_eq!(read("1.50"), read("1.5"));
    assert_eq!(read("1.5E3"), read("1500"));
    assert_eq!(read("-12.50").to_string(), "-12.5");
    assert_eq!(Decimal::of_stored("0.30000000000000004"), Decimal::parse("0.3"));
    assert_eq!(Decimal::of_float(1e300), None);
    assert!(read("0.05") < read("0.1") && read("-2") < read("1e-20") && read("1e30") > read("1e-30"));
    assert_eq!(read("2.345").rounded(2), read("2.35"));
    assert_eq!(Decimal::parse("1e99999999999"), None);
    assert_eq!(Decimal::parse("12a"), None);
    let bytes = postcard::to_allocvec(&read("-12.5")).unwrap();
    assert_eq!(postcard::from_bytes::<Decimal>(&bytes).unwrap(), read("-12.5"));
}
