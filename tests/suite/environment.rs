//! Classes of air and water: the standards' own tables, worked examples, and properties.

use gongkai::model::aqi::{Class, INDEXES, Pollutant, Report, Standard, breakpoints, iaqi, report};
use gongkai::model::{Amount, Moment, water};
use proptest::prelude::*;

use Standard::{Hj633Of2012, Hj633Of2026};

fn amount(text: &str) -> Amount {
    Amount::parse(text).unwrap_or_else(|| panic!("{text}"))
}

#[test]
fn the_day_decides_the_standard() {
    let on = |day: &str| Standard::on(Moment::parse(day).unwrap());
    assert_eq!(on("2026-03-01 00:00"), Some(Hj633Of2026));
    assert_eq!(on("2026-03-01"), Some(Hj633Of2026));
    assert_eq!(on("2026-02-28 23:59"), Some(Hj633Of2012));
    assert_eq!(on("2014-12-04"), Some(Hj633Of2012));
    assert_eq!(on("2010-06-01"), None);
    assert_eq!(Hj633Of2026.name(), "HJ 633—2026");
}

#[test]
fn examples_of_the_standards() {
    assert_eq!(iaqi(Hj633Of2026, Pollutant::Pm25, amount("75")), 114);
    assert_eq!(iaqi(Hj633Of2026, Pollutant::Pm10, amount("150")), 112);
    assert_eq!(iaqi(Hj633Of2012, Pollutant::Pm25, amount("75")), 100);
    assert_eq!(iaqi(Hj633Of2012, Pollutant::Pm10, amount("150")), 100);
    // 50 + 50 × 0.1 ÷ 2 = 52.5, and the least that is above 100 is 101
    assert_eq!(iaqi(Hj633Of2012, Pollutant::Co, amount("2.1")), 53);
    assert_eq!(iaqi(Hj633Of2012, Pollutant::Pm25, amount("75.001")), 101);
    assert_eq!(iaqi(Hj633Of2012, Pollutant::Pm25, amount("0.001")), 1);
}

#[test]
fn every_breakpoint_is_its_own_index() {
    for standard in [Hj633Of2012, Hj633Of2026] {
        for pollutant in Pollutant::ALL {
            for (limit, index) in breakpoints(standard, pollutant).iter().zip(INDEXES) {
                assert_eq!(
                    iaqi(standard, pollutant, Amount::whole(*limit)),
                    index,
                    "{standard:?} {pollutant:?} {limit}"
                );
            }
        }
    }
}

#[test]
fn above_the_table_the_index_stays() {
    assert_eq!(iaqi(Hj633Of2026, Pollutant::O3, amount("800.001")), 300);
    assert_eq!(iaqi(Hj633Of2012, Pollutant::O3, amount("1200")), 300);
    assert_eq!(iaqi(Hj633Of2026, Pollutant::Pm25, amount("999999")), 500);
}

fn day(amounts: [&str; 6]) -> Vec<(Pollutant, Option<Amount>)> {
    Pollutant::ALL.into_iter().zip(amounts.map(Amount::parse)).collect()
}

#[test]
fn the_highest_index_is_the_days_and_its_pollutants_are_named_above_50() {
    let primary = |standard, amounts| match report(standard, &day(amounts)) {
        Report::Index { aqi, class, primary, exceeding } => (aqi, class.name(), primary, exceeding),
        Report::NotAvailable => panic!("{amounts:?}"),
    };
    use Pollutant::{O3, Pm10, Pm25};
    let clean = ["8", "20", "50", "0.6", "100", "35"];
    assert_eq!(primary(Hj633Of2026, clean), (50, "优", vec![], vec![]));
    let tie = ["8", "20", "120", "0.6", "160", "60"];
    assert_eq!(primary(Hj633Of2026, tie), (100, "良", vec![Pm10, O3, Pm25], vec![]));
    assert_eq!(primary(Hj633Of2012, tie), (100, "良", vec![O3], vec![]));
    let smog = ["8", "20", "150", "0.6", "90", "75"];
    assert_eq!(primary(Hj633Of2026, smog), (114, "轻度污染", vec![Pm25], vec![Pm10, Pm25]));
}

#[test]
fn without_all_pollutants_a_low_index_proves_nothing() {
    let partial = ["8", "20", "—", "0.6", "90", "35"];
    assert_eq!(report(Hj633Of2026, &day(partial)), Report::NotAvailable);
    assert!(matches!(report(Hj633Of2012, &day(partial)), Report::Index { aqi: 50, .. }));
    let bad = ["8", "20", "—", "0.6", "90", "61"];
    assert!(matches!(report(Hj633Of2026, &day(bad)), Report::Index { aqi: 101, class: Class::Light, .. }));
    assert_eq!(report(Hj633Of2012, &[]), Report::NotAvailable);
}

#[test]
fn classes_have_their_ranges() {
    let rows =
        [(0, 0), (50, 0), (51, 1), (100, 1), (101, 2), (150, 2), (151, 3), (200, 3), (201, 4), (300, 4), (301, 5)];
    for (aqi, class) in rows {
        assert_eq!(Class::of(aqi), Class::ALL[class], "{aqi}");
    }
    let words = Class::ALL.map(|class| [class.rank(), class.name(), class.colour(), class.range()].join(" "));
    assert_eq!(words[2], "三级 轻度污染 #ff7e00 101～150");
}

#[test]
fn amounts_are_read_exactly_or_not_at_all() {
    let read = |text| Amount::parse(text).map(Amount::in_thousandths);
    assert_eq!(read("75"), Some(75_000));
    assert_eq!(read(" 0.8 "), Some(800));
    assert_eq!(read("12.3450"), Some(12_345));
    assert_eq!(read("999999.999"), Some(999_999_999));
    for odd in ["", ".", "1.", ".5", "-1", "+1", "1e3", "0.0001", "1000000", "NA", "７５", "1,000"] {
        assert_eq!(read(odd), None, "{odd}");
    }
}

proptest! {
    /// More is never better, and the index is the least whole number that is not below the exact one.
    #[test]
    fn more_is_never_better(of_2026: bool, which in 0..6usize, low in 0..3_000_000u32, more in 0..50_000u32) {
        let standard = if of_2026 { Hj633Of2026 } else { Hj633Of2012 };
        let index = |count| iaqi(standard, Pollutant::ALL[which], Amount::thousandths(count));
        prop_assert!(index(low) <= index(low + more));
        prop_assert!(index(low) <= 500);
    }

    #[test]
    fn any_text_is_an_amount_or_not(text: String) {
        if let Some(read) = Amount::parse(&text) {
            prop_assert!(read.in_thousandths() < 1_000_000_000);
        }
    }
}

#[test]
fn the_worst_factor_is_the_class_of_the_water() {
    use water::Factor::{Ammonia, Cod, Oxygen, Phosphorus, PhosphorusOfLakes};
    let class = |measured: &[(water::Factor, &str)]| {
        let measured: Vec<_> = measured.iter().map(|(factor, text)| (*factor, amount(text))).collect();
        water::class(&measured).map(|(class, factors)| (class.name(), factors))
    };
    assert_eq!(class(&[(Cod, "15"), (Ammonia, "0.15"), (Oxygen, "7.5")]), Some(("Ⅰ类", vec![Cod, Ammonia, Oxygen])));
    assert_eq!(class(&[(Cod, "15.1"), (Ammonia, "0.3")]), Some(("Ⅲ类", vec![Cod])));
    assert_eq!(class(&[(Cod, "20"), (Oxygen, "4.9")]), Some(("Ⅳ类", vec![Oxygen])));
    assert_eq!(class(&[(Phosphorus, "0.4"), (Ammonia, "2.001")]), Some(("劣Ⅴ类", vec![Ammonia])));
    assert_eq!(class(&[(Phosphorus, "0.1")]), Some(("Ⅱ类", vec![Phosphorus])));
    assert_eq!(class(&[(PhosphorusOfLakes, "0.1")]), Some(("Ⅳ类", vec![PhosphorusOfLakes])));
    assert_eq!(class(&[(Oxygen, "1.9")]), Some(("劣Ⅴ类", vec![Oxygen])));
    assert_eq!(class(&[]), None);
}
