//! Charts: pictures that a reader of SVG can follow, what must hold of any picture, and odd data.

mod picture;
mod samples;

use gongkai::render::chart::{COLOURS, Chart, Colouring, Format, Kind, Refusal, Series, check, draw, text_width};
use proptest::prelude::*;
use snapbox::{assert_data_eq, str};

use picture::{Picture, read};
use samples::{NONE, all, aqi, chart, pie, pm25};

const FORMATS: [Format; 2] = [Format::Wide, Format::Narrow];

fn svg(chart: &Chart) -> String {
    draw(chart, Format::Wide).unwrap_or_else(|refusal| panic!("{}: {refusal}", chart.title))
}

fn picture(chart: &Chart) -> Picture {
    read(&svg(chart))
}

fn words(chart: &Chart) -> Vec<String> {
    picture(chart).texts.into_iter().map(|(text, _)| text).collect()
}

#[test]
fn a_line_with_a_gap() {
    let chart = chart(
        Kind::Line,
        "PM2.5年均浓度",
        "µg/m³",
        &["2022年", "2023年", "2024年", "2025年"],
        &[("PM2.5", &[47.0, 45.5, NONE, 44.0])],
    );
    assert_data_eq!(
        svg(&chart),
        str![[r##"
<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-wide" viewBox="0 0 720 386" role="img" aria-labelledby="c-t c-d" font-size="15" fill="currentColor">
<title id="c-t">PM2.5年均浓度</title>
<desc id="c-d">折线图，2022年至2025年，共4项。PM2.5：最高47 µg/m³（2022年），最低44 µg/m³（2025年），1项没有数据。</desc>
<text x="2" y="15">PM2.5（µg/m³）</text>
<g stroke="currentColor" stroke-opacity=".2">
<line x1="39.19" y1="332.12" x2="716" y2="332.12"/>
<line x1="39.19" y1="285.46" x2="716" y2="285.46"/>
<line x1="39.19" y1="238.79" x2="716" y2="238.79"/>
<line x1="39.19" y1="192.12" x2="716" y2="192.12"/>
<line x1="39.19" y1="145.46" x2="716" y2="145.46"/>
<line x1="39.19" y1="98.79" x2="716" y2="98.79"/>
<line x1="39.19" y1="52.12" x2="716" y2="52.12"/>
</g>
<text x="31.19" y="337.38" text-anchor="end">44.0</text>
<text x="31.19" y="290.71" text-anchor="end">44.5</text>
<text x="31.19" y="244.04" text-anchor="end">45.0</text>
<text x="31.19" y="197.38" text-anchor="end">45.5</text>
<text x="31.19" y="150.71" text-anchor="end">46.0</text>
<text x="31.19" y="104.04" text-anchor="end">46.5</text>
<text x="31.19" y="57.38" text-anchor="end">47.0</text>
<text x="123.79" y="367.38" text-anchor="middle">2022年</text>
<text x="292.99" y="367.38" text-anchor="middle">2023年</text>
<text x="462.2" y="367.38" text-anchor="middle">2024年</text>
<text x="631.4" y="367.38" text-anchor="middle">2025年</text>
<path d="M123.79 52.12L292.99 192.12" fill="none" stroke="#0072b2" stroke-width="2.5" stroke-linejoin="round"/>
<circle cx="123.79" cy="52.12" r="4" fill="#0072b2" stroke="#0072b2" stroke-width="1"/>
<circle cx="292.99" cy="192.12" r="4" fill="#0072b2" stroke="#0072b2" stroke-width="1"/>
<circle cx="631.4" cy="332.12" r="4" fill="#0072b2" stroke="#0072b2" stroke-width="1"/>
<g stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">
<text x="123.79" y="41.62" text-anchor="middle">47</text>
<text x="292.99" y="212.38" text-anchor="middle">45.5</text>
<text x="631.4" y="321.62" text-anchor="middle">44</text>
</g>
</svg>

"##]]
    );
}

#[test]
fn bars_of_two_series() {
    let chart = chart(
        Kind::Bar,
        "收支",
        "万元",
        &["2024年", "2025年"],
        &[("收入", &[512_300.0, 530_000.0]), ("支出", &[498_000.0, 541_000.0])],
    );
    assert_data_eq!(
        svg(&chart),
        str![[r##"
<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-wide" viewBox="0 0 720 391" role="img" aria-labelledby="c-t c-d" font-size="15" fill="currentColor">
<title id="c-t">收支</title>
<desc id="c-d">条形图，2024年至2025年，共2项。收入：最高530,000万元（2025年），最低512,300万元（2024年）。支出：最高541,000万元（2025年），最低498,000万元（2024年）。</desc>
<defs>
<pattern id="c-h1" patternUnits="userSpaceOnUse" width="8" height="8">
<rect x="0" y="0" width="8" height="8" fill="#fff"/>
<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="#d55e00" stroke-width="2"/>
</pattern>
</defs>
<text x="2" y="15">单位：亿元</text>
<rect x="4" y="28.7" width="26" height="14" fill="#0072b2" stroke="#0072b2"/>
<text x="38" y="41.1">收入</text>
<rect x="89.5" y="28.7" width="26" height="14" fill="url(#c-h1)" stroke="#d55e00"/>
<text x="123.5" y="41.1">支出</text>
<g stroke="currentColor" stroke-opacity=".2">
<line x1="26.68" y1="359.12" x2="716" y2="359.12"/>
<line x1="26.68" y1="312.46" x2="716" y2="312.46"/>
<line x1="26.68" y1="265.79" x2="716" y2="265.79"/>
<line x1="26.68" y1="219.12" x2="716" y2="219.12"/>
<line x1="26.68" y1="172.46" x2="716" y2="172.46"/>
<line x1="26.68" y1="125.79" x2="716" y2="125.79"/>
<line x1="26.68" y1="79.12" x2="716" y2="79.12"/>
</g>
<text x="18.68" y="364.38" text-anchor="end">0</text>
<text x="18.68" y="317.71" text-anchor="end">10</text>
<text x="18.68" y="271.04" text-anchor="end">20</text>
<text x="18.68" y="224.38" text-anchor="end">30</text>
<text x="18.68" y="177.71" text-anchor="end">40</text>
<text x="18.68" y="131.04" text-anchor="end">50</text>
<text x="18.68" y="84.38" text-anchor="end">60</text>
<rect x="135.01" y="120.05" width="64" height="239.07" fill="#0072b2" stroke="#0072b2"/>
<rect x="199.01" y="126.73" width="64" height="232.4" fill="url(#c-h1)" stroke="#d55e00"/>
<rect x="479.67" y="111.79" width="64" height="247.33" fill="#0072b2" stroke="#0072b2"/>
<rect x="543.67" y="106.66" width="64" height="252.47" fill="url(#c-h1)" stroke="#d55e00"/>
<line x1="26.68" y1="359.12" x2="716" y2="359.12" stroke="currentColor" stroke-width="1.2"/>
<g stroke="#fff" stroke-width="4" stroke-linejoin="round" paint-order="stroke">
<text x="167.01" y="114.05" text-anchor="middle">51.23</text>
<text x="511.67" y="105.79" text-anchor="middle">53</text>
<text x="231.01" y="120.73" text-anchor="middle">49.8</text>
<text x="575.67" y="100.66" text-anchor="middle">54.1</text>
</g>
<text x="199.01" y="380.88" text-anchor="middle">2024年</text>
<text x="543.67" y="380.88" text-anchor="middle">2025年</text>
</svg>

"##]]
    );
}

#[test]
fn a_pie() {
    let chart = chart(Kind::Pie, "办理结果", "件", &["予以公开", "不予公开", "其他"], &[("", &[6.0, 3.0, 1.0])]);
    assert_data_eq!(
        svg(&chart),
        str![[r##"
<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-wide" viewBox="0 0 720 328" role="img" aria-labelledby="c-t c-d" font-size="15" fill="currentColor">
<title id="c-t">办理结果</title>
<desc id="c-d">饼图，共3部分。予以公开60%（6件），不予公开30%（3件），其他10%（1件）；合计10件。</desc>
<defs>
<pattern id="c-h1" patternUnits="userSpaceOnUse" width="8" height="8">
<rect x="0" y="0" width="8" height="8" fill="#fff"/>
<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="#d55e00" stroke-width="2"/>
</pattern>
<pattern id="c-h2" patternUnits="userSpaceOnUse" width="8" height="8">
<rect x="0" y="0" width="8" height="8" fill="#009e73"/>
<circle cx="4" cy="4" r="1.8" fill="#fff"/>
</pattern>
</defs>
<text x="2" y="15">单位：件</text>
<path d="M360 190.01L360 72.41A117.6 117.6 0 1 1 290.88 285.15Z" fill="#0072b2" stroke="#0072b2" stroke-width="1.5"/>
<path d="M360 190.01L290.88 285.15A117.6 117.6 0 0 1 290.88 94.87Z" fill="url(#c-h1)" stroke="#d55e00" stroke-width="1.5"/>
<path d="M360 190.01L290.88 94.87A117.6 117.6 0 0 1 360 72.41Z" fill="url(#c-h2)" stroke="#009e73" stroke-width="1.5"/>
<path d="M473.75 226.97L483.26 230.06L506.6 230.06" fill="none" stroke="currentColor" stroke-width="1"/>
<text x="511.6" y="224.43">予以公开</text>
<text x="511.6" y="245.06">60%（6）</text>
<path d="M323.04 76.26L319.95 66.75L213.4 66.75" fill="none" stroke="currentColor" stroke-width="1"/>
<text x="208.4" y="61.12" text-anchor="end">其他</text>
<text x="208.4" y="81.75" text-anchor="end">10%（1）</text>
<path d="M240.4 190.01L230.4 190.01L213.4 190.01" fill="none" stroke="currentColor" stroke-width="1"/>
<text x="208.4" y="184.38" text-anchor="end">不予公开</text>
<text x="208.4" y="205.01" text-anchor="end">30%（3）</text>
</svg>

"##]]
    );
}

#[test]
fn samples_are_whole_and_nothing_lies_on_anything() {
    for (name, chart) in all() {
        for format in FORMATS {
            let drawn = draw(&chart, format).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
            read(&drawn).judge().unwrap_or_else(|wrong| panic!("{name} {format:?}: {wrong}"));
            assert_eq!(drawn, draw(&chart, format).unwrap());
            assert!(!drawn.contains("-0\"") && !drawn.contains("NaN") && !drawn.contains("inf"), "{name}");
        }
    }
}

#[test]
fn what_is_seen_is_also_said() {
    let said = |chart: &Chart| picture(chart).desc;
    assert_eq!(
        said(&pm25()),
        "折线图，2015年至2024年，共10项。PM2.5：最高85 µg/m³（2015年），最低44 µg/m³（2024年），1项没有数据。"
    );
    assert_eq!(said(&aqi(3)), "条形图，1日至3日，共3项。AQI：最高134（3日，轻度污染），最低42（1日，优）。");
    let parts = chart(Kind::Pie, "", "万元", &["预算", "基金", "其他"], &[("", &[1500.0, 500.0, NONE])]);
    assert_eq!(said(&parts), "饼图，共3部分。预算75%（1,500万元），基金25%（500万元），其他没有数据；合计2,000万元。");
    let same = chart(Kind::Line, "", "件", &["甲", "乙"], &[("投诉", &[2.0, 2.0]), ("举报", &[NONE, NONE])]);
    assert_eq!(said(&same), "折线图，共2项。投诉：都是2件。举报：没有数据。");
    assert_eq!(said(&Chart { desc: "自己写的".into(), ..pm25() }), "自己写的");
    assert_eq!(picture(&pm25()).title, "PM2.5年均浓度");
}

#[test]
fn ids_come_from_the_callers_and_differ_between_formats() {
    let chart = Chart { id: "t1 \"<图".into(), ..pie() };
    let [wide, narrow] = FORMATS.map(|format| read(&draw(&chart, format).unwrap()));
    assert_eq!(wide.labelled, "t1-----t t1-----d");
    assert!(wide.ids.iter().all(|id| !narrow.ids.contains(id)));
}

#[test]
fn labels_are_text_whatever_they_are() {
    let hostile = ["<script>alert(1)</script>", "]]>", "a & b \"c\"", "\u{0}\u{1b}[31m", "&lt;", "--><!--"];
    for kind in [Kind::Line, Kind::Bar, Kind::Stacked, Kind::Pie, Kind::Multiples] {
        let chart = chart(kind, hostile[0], hostile[2], &hostile, &[(hostile[1], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])]);
        let chart = Chart { source: hostile[0].into(), desc: hostile[1].into(), ..chart };
        for format in FORMATS {
            let drawn = draw(&chart, format).unwrap();
            assert!(!drawn.contains("<script") && !drawn.contains("]]>") && !drawn.contains('\u{1b}'), "{drawn}");
            assert_eq!(read(&drawn).title, hostile[0]);
        }
    }
}

#[test]
fn units_are_scaled_as_statistics_are_printed() {
    let caption =
        |unit: &str, value: f64| words(&chart(Kind::Bar, "", unit, &["a", "b"], &[("", &[value, 1.0])])).remove(0);
    assert_eq!(caption("元", 79_999.0), "单位：元");
    assert_eq!(caption("元", 123_456.0), "单位：万元");
    assert_eq!(caption("元", 1.5e9), "单位：亿元");
    assert_eq!(caption("万元", 1.5e6), "单位：亿元");
    assert_eq!(caption("件", 40.0), "单位：件");
    assert_eq!(caption("µg/m³", 2e5), "单位：万 µg/m³");
    assert_eq!(caption("亿元", 2e5), "单位：万亿元");
}

#[test]
fn axes_have_round_ticks_without_repeating_them() {
    let rows: [(&[f64], &str); 9] = [
        (&[0.0, 0.0], "0 1"),
        (&[3.0, 2.0], "0 1 2 3"),
        (&[7.0, 93.0], "0 20 40 60 80 100"),
        (&[0.31, 0.88], "0.0 0.2 0.4 0.6 0.8 1.0"),
        (&[980.0, 1020.0], "980 990 1,000 1,010 1,020"),
        (&[-12.0, 31.0], "-20 -10 0 10 20 30 40"),
        (&[-5.0, -3.0], "-5 -4 -3 -2 -1 0"),
        (&[0.001, 0.0015], "0.0000 0.0002 0.0004 0.0006 0.0008 0.0010 0.0012 0.0014 0.0016"),
        (&[1e12, 1e12 + 1.0], "0 2,000 4,000 6,000 8,000 10,000"),
    ];
    for (values, ticks) in rows {
        let drawn = words(&chart(Kind::Line, "", "", &["甲", "乙"], &[("x", values), ("y", &[NONE, NONE])]));
        let is_number = |text: &String| text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        assert_eq!(drawn.into_iter().filter(is_number).collect::<Vec<_>>().join(" "), ticks);
    }
}

#[test]
fn a_bar_that_stands_for_an_index_names_its_class() {
    let full = words(&aqi(7));
    for class in ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"] {
        assert!(full.contains(&class.to_owned()), "{class}: {full:?}");
    }
    let month = words(&aqi(31));
    assert!(month.contains(&"轻".to_owned()) && month.contains(&"轻度污染 101～150".to_owned()), "{month:?}");
    assert!(svg(&aqi(7)).contains("#ff7e00"));
    // 100.5 is above 100
    let half = Chart {
        series: vec![Series { name: "AQI".into(), values: vec![Some(100.5)] }],
        labels: vec!["1日".into()],
        ..aqi(1)
    };
    assert!(words(&half).contains(&"轻度污染".to_owned()));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let line = |values: &[f64]| chart(Kind::Line, "", "", &["甲", "乙"], &[("x", values)]);
    let many: Vec<String> = (0..400).map(|at| at.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let parts = |count: usize| chart(Kind::Pie, "", "", &many[..count], &[("", &vec![1.0; count])]);
    let nine = vec![("x", &[1.0, 2.0][..]); 9];
    let rows = [
        (line(&[NONE, NONE]), "暂无数据"),
        (chart(Kind::Bar, "", "", &[], &[]), "暂无数据"),
        (chart(Kind::Pie, "", "", &["甲", "乙"], &[("", &[0.0, NONE])]), "暂无数据"),
        (parts(7), "饼图最多 6 个部分，这里有 7 个；把小的并为“其他”，或者改用条形图"),
        (chart(Kind::Pie, "", "", &["甲", "乙"], &[("", &[3.0, -1.0])]), "饼图的各部分不能是负数（“乙”）；改用条形图"),
        (
            chart(Kind::Bar, "", "", &["甲", "乙"], &nine),
            "一张图最多 8 组数据，这里有 9 组；分成几张图，或者改用小图组",
        ),
        (line(&[1.0]), "“x”有 1 个数值，标签有 2 个；缺少的数值要留空位"),
        (line(&[1.0, f64::INFINITY]), "“乙”的数值太大或者不是数；换一个大些的单位"),
        (line(&[-2e15, 1.0]), "“甲”的数值太大或者不是数；换一个大些的单位"),
        (
            chart(Kind::Line, "", "", &many, &[("", &[1.0; 400])]),
            "一张图最多 366 个标签，这里有 400 个；按月或按年汇总",
        ),
        (
            Chart { colouring: Colouring::Aqi, ..line(&[1.0, 2.0]) },
            "空气质量颜色只用于一组数据的条形图，数值是 AQI，从 0 到 500",
        ),
    ];
    for (chart, message) in rows {
        let refusal = draw(&chart, Format::Wide).unwrap_err();
        assert_eq!(refusal.to_string(), message);
        assert_eq!(check(&chart).as_ref(), Some(&refusal));
        assert_eq!(refusal.is_fault(), refusal != Refusal::NoData);
    }
    assert!(check(&parts(6)).is_none());
}

/// WCAG 1.4.11: what is needed to understand a picture has 3 : 1 against its ground.
#[test]
fn colours_are_seen_on_white() {
    for colour in COLOURS {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
        let contrast = 1.05 / (luminance + 0.05);
        assert!(contrast >= 3.0, "{colour}: {contrast:.2}");
    }
}

#[test]
fn widths_are_those_of_the_table() {
    assert_eq!(text_width("郯城县", 10.0), 30.0);
    assert_eq!(text_width("2015", 10.0), 22.24);
    // browsers put a thin space between Chinese and Western characters
    assert_eq!(text_width("2015年", 10.0), 33.49);
    assert_eq!(text_width("e\u{301}", 10.0), text_width("e", 10.0));
}

fn values(count: usize) -> impl Strategy<Value = Vec<Option<f64>>> {
    let value = prop_oneof![
        Just(None),
        (-1000i32..1000).prop_map(|n| Some(f64::from(n))),
        (-1e15..1e15f64).prop_map(Some),
        (0.0..1.0f64).prop_map(Some),
        (-1e-12..1e-3f64).prop_map(Some),
        Just(Some(5.0)),
    ];
    prop::collection::vec(value, count)
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{4}年[0-9]{1,2}月",
        "[郯城县人民政府办公室（）、]{1,40}",
        "[ -~]{0,80}",
        "\\PC{0,20}",
        "[A-Za-z0-9]{1,70}"
    ]
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let kind = prop::sample::select(vec![Kind::Line, Kind::Bar, Kind::Stacked, Kind::Pie, Kind::Multiples]);
    (kind, 1..70usize, 1..9usize, prop::sample::select(vec!["", "元", "万元", "µg/m³", "%"])).prop_flat_map(
        |(kind, count, series, unit)| {
            let (count, series) = if kind == Kind::Pie { (count % 6 + 1, 1) } else { (count, series) };
            let series = prop::collection::vec((label(), values(count)), series);
            (prop::collection::vec(label(), count), series, any::<bool>()).prop_map(
                move |(labels, series, positive)| {
                    let sign = |value: Option<f64>| {
                        value.map(|value| if positive || kind == Kind::Pie { value.abs() } else { value })
                    };
                    let series = series
                        .into_iter()
                        .map(|(name, values)| Series { name, values: values.into_iter().map(sign).collect() });
                    Chart {
                        id: "p".into(),
                        kind,
                        title: "题".into(),
                        desc: String::new(),
                        labels,
                        series: series.collect(),
                        unit: unit.into(),
                        source: "某局".into(),
                        colouring: Colouring::Series,
                    }
                },
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever the data, everything is inside of the picture and no text lies on another.
    #[test]
    fn any_data_is_drawn_whole(chart in any_chart()) {
        for format in FORMATS {
            match draw(&chart, format) {
                Ok(drawn) => prop_assert_eq!(read(&drawn).judge(), Ok(())),
                Err(refusal) => prop_assert_eq!(refusal, Refusal::NoData),
            }
        }
    }

    #[test]
    fn any_index_has_its_class(values in prop::collection::vec(prop::option::of(0.0..500.0f64), 1..60)) {
        let labels = (1..=values.len()).map(|day| format!("{day}日")).collect();
        let chart = Chart { labels, series: vec![Series { name: "AQI".into(), values }], ..aqi(1) };
        for format in FORMATS {
            match draw(&chart, format) {
                Ok(drawn) => prop_assert_eq!(read(&drawn).judge(), Ok(())),
                Err(refusal) => prop_assert_eq!(refusal, Refusal::NoData),
            }
        }
    }
}

/// Writes a page with all samples, to be looked at: `GONGKAI_GALLERY=page.html cargo test --test suite chart::gallery`.
#[test]
fn gallery() {
    let Some(path) = std::env::var_os("GONGKAI_GALLERY") else { return };
    let css = include_str!("../../themes/default/assets/site.css");
    let mut page = format!(
        "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'><style>{css}</style><div class=wrap><div \
         class=doc><div class=content>"
    );
    for (id, chart) in all() {
        let chart = Chart { id: id.into(), ..chart };
        page += &format!("<figure style='margin:1em 0'><figcaption>{} ({id})</figcaption>", chart.title);
        for format in FORMATS {
            page += &draw(&chart, format).unwrap_or_else(|refusal| refusal.to_string());
        }
        page += "</figure>";
    }
    std::fs::write(path, page).unwrap();
}
