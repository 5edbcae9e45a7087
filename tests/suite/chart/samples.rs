//! Charts as a county has them, and odd ones.

use gongkai::render::chart::{Chart, Colouring, Kind, Series};

pub fn chart(kind: Kind, title: &str, unit: &str, labels: &[&str], series: &[(&str, &[f64])]) -> Chart {
    let series = series.iter().map(|(name, values)| Series {
        name: name.to_string(),
        values: values.iter().map(|value| (!value.is_nan()).then_some(*value)).collect(),
    });
    Chart {
        id: "c".into(),
        kind,
        title: title.into(),
        desc: String::new(),
        labels: labels.iter().map(|label| label.to_string()).collect(),
        series: series.collect(),
        unit: unit.into(),
        source: String::new(),
        colouring: Colouring::Series,
    }
}

/// A missing value.
pub const NONE: f64 = f64::NAN;

pub fn pm25() -> Chart {
    let years = ["2015年", "2016年", "2017年", "2018年", "2019年", "2020年", "2021年", "2022年", "2023年", "2024年"];
    let values = [85.0, 76.0, 68.0, 58.0, 57.0, NONE, 47.0, 45.0, 46.0, 44.0];
    let chart = chart(Kind::Line, "PM2.5年均浓度", "µg/m³", &years, &[("PM2.5", &values)]);
    Chart { source: "市生态环境局郯城县分局环境质量月报".into(), ..chart }
}

pub fn budget() -> Chart {
    let labels = ["2021年", "2022年", "2023年", "2024年", "2025年"];
    let series: [(&str, &[f64]); 3] = [
        ("一般公共服务", &[51_230.0, 52_100.0, 49_870.0, 50_660.0, 51_900.0]),
        ("教育", &[148_000.0, 152_000.0, 161_500.0, 166_300.0, 171_200.0]),
        ("社会保障和就业", &[88_000.0, 92_400.0, 97_100.0, 104_000.0, 109_800.0]),
    ];
    chart(Kind::Bar, "主要支出", "万元", &labels, &series)
}

pub fn stacked() -> Chart {
    let labels = ["一季度", "二季度", "三季度", "四季度"];
    let series: [(&str, &[f64]); 4] = [
        ("予以公开", &[12.0, 18.0, 9.0, 15.0]),
        ("部分公开", &[3.0, 2.0, 4.0, 1.0]),
        ("不予公开", &[1.0, 0.0, 2.0, 1.0]),
        ("无法提供", &[5.0, 6.0, NONE, 3.0]),
    ];
    chart(Kind::Stacked, "依申请公开办理结果", "件", &labels, &series)
}

pub fn long_names() -> Chart {
    let labels = [
        "县综合行政执法局",
        "县人力资源和社会保障局",
        "县行政审批服务局（县政务服务管理办公室）",
        "市自然资源和规划局郯城县分局",
        "县发展和改革局",
        "县退役军人事务局",
        "马头镇人民政府",
        "市生态环境局郯城县分局",
    ];
    let values = [35.0, 122.0, 286.0, 97.0, 64.0, 12.0, 41.0, 58.0];
    chart(Kind::Bar, "各单位主动公开件数", "件", &labels, &[("主动公开", &values)])
}

pub fn pie() -> Chart {
    let labels = ["一般公共预算", "政府性基金预算", "国有资本经营预算", "社会保险基金预算", "上级补助收入", "其他"];
    chart(
        Kind::Pie,
        "收入构成",
        "万元",
        &labels,
        &[("收入", &[351_000.0, 282_000.0, 1_200.0, 188_000.0, 3_400.0, 900.0])],
    )
}

pub fn multiples() -> Chart {
    let months = ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];
    let wave = |base: f64, swing: f64| -> Vec<f64> {
        (0..12).map(|at| base + swing * f64::from((at - 6i32).abs()) / 6.0).collect()
    };
    let stations = ["县城", "马头镇", "重坊镇", "李庄镇", "庙山镇", "经济开发区管理委员会监测站"];
    let values: Vec<Vec<f64>> = (0..6).map(|at| wave(30.0 + 4.0 * f64::from(at), 20.0 + 3.0 * f64::from(at))).collect();
    let series: Vec<(&str, &[f64])> = stations.iter().zip(&values).map(|(name, values)| (*name, &values[..])).collect();
    chart(Kind::Multiples, "各站点PM2.5月均浓度", "µg/m³", &months, &series)
}

pub fn aqi(days: usize) -> Chart {
    let labels: Vec<String> = (1..=days).map(|day| format!("{day}日")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let values: Vec<f64> = (0..days).map(|at| [42.0, 88.0, 134.0, 176.0, 245.0, 320.0, NONE, 66.0][at % 8]).collect();
    let chart = chart(Kind::Bar, "空气质量指数", "", &labels, &[("AQI", &values)]);
    Chart { colouring: Colouring::Aqi, ..chart }
}

pub fn rivers() -> Chart {
    let months = ["2025年1月", "2025年3月", "2025年5月", "2025年7月", "2025年9月", "2025年11月", "2026年1月"];
    let series: [(&str, &[f64]); 5] = [
        ("沂河重坊桥", &[0.31, 0.42, 0.38, 0.71, 0.55, 0.33, 0.30]),
        ("沭河310公路桥", &[0.33, 0.40, NONE, 0.66, 0.52, 0.36, 0.31]),
        ("白马河捷庄", &[0.92, 1.10, 1.31, 1.72, 1.22, 0.97, 0.88]),
        ("黄泥沟", &[0.90, 0.85, 0.80, 1.02, 0.95, 0.90, 0.86]),
        ("墨河", &[0.35, 0.37, 0.39, 0.41, 0.40, 0.38, 0.32]),
    ];
    chart(Kind::Line, "河流断面氨氮浓度", "mg/L", &months, &series)
}

/// Sixty labels, values of both signs.
pub fn sixty(kind: Kind) -> Chart {
    let labels: Vec<String> = (0..60).map(|at| format!("{}年{}月", 2020 + at / 12, at % 12 + 1)).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let a: Vec<f64> = (0..60).map(|at| f64::from((at * 37) % 23) - 8.0).collect();
    let b: Vec<f64> = (0..60).map(|at| f64::from((at * 17) % 19) - 4.5).collect();
    chart(kind, "比上年同期增减", "%", &labels, &[("工业增加值", &a), ("社会消费品零售总额", &b)])
}

/// All that a page may show, and that somebody should have looked at.
pub fn all() -> Vec<(&'static str, Chart)> {
    let towns = [
        "郯城街道",
        "马头镇",
        "重坊镇",
        "李庄镇",
        "杨集镇",
        "港上镇",
        "高峰头镇",
        "庙山镇",
        "胜利镇",
        "红花镇",
        "花园镇",
        "归昌乡",
        "泉源镇",
    ];
    let signs: [(&str, &[f64]); 2] = [
        ("收入", &[-3.0, 12.0, 7.0, -8.5, 4.0, 2.0, 9.0, 1.0, -1.0, 3.0, 5.0, 6.0, 2.0]),
        ("支出", &[4.0, -2.0, 6.0, 1.5, -4.0, 3.0, 1.0, 2.0, 3.0, -5.0, 1.0, 2.0, 4.0]),
    ];
    let huge: [(&str, &[f64]); 2] = [("甲", &[0.001, 1e6, 1e12]), ("乙", &[5e11, NONE, 2.0])];
    let eight: Vec<Vec<f64>> =
        (0..8).map(|row| (0..5).map(|at| f64::from(row * 10 + (at * at) % 7)).collect()).collect();
    let names = ["一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组"];
    let eight: Vec<(&str, &[f64])> = names.iter().zip(&eight).map(|(name, values)| (*name, &values[..])).collect();
    let five = ["2020年", "2021年", "2022年", "2023年", "2024年"];
    vec![
        ("pm25", pm25()),
        ("rivers", rivers()),
        ("budget", budget()),
        ("stacked", stacked()),
        ("names", long_names()),
        ("pie", pie()),
        ("multiples", multiples()),
        ("aqi7", aqi(7)),
        ("aqi31", aqi(31)),
        ("sixty-line", sixty(Kind::Line)),
        ("sixty-bar", sixty(Kind::Bar)),
        ("sixty-stacked", sixty(Kind::Stacked)),
        ("signs", chart(Kind::Stacked, "增减", "亿元", &towns, &signs)),
        ("towns", chart(Kind::Bar, "增减", "亿元", &towns, &signs[..1])),
        ("huge", chart(Kind::Bar, "相差很大", "元", &["甲", "乙", "丙"], &huge)),
        ("zeros", chart(Kind::Line, "都是0", "件", &["1月", "2月"], &[("投诉", &[0.0, -0.0])])),
        ("point", chart(Kind::Line, "一个数", "件", &["2024年"], &[("投诉", &[7.0])])),
        ("one-bar", chart(Kind::Bar, "一个数", "件", &["2024年"], &[("投诉", &[7.0])])),
        ("eight-bars", chart(Kind::Bar, "八组", "户", &five, &eight)),
        ("eight-lines", chart(Kind::Line, "八组", "户", &five, &eight)),
        ("whole", chart(Kind::Pie, "独一份", "%", &["全部", "没有"], &[("", &[100.0, 0.0])])),
    ]
}
