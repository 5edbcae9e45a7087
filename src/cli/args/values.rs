//! Values of arguments, each with what is wrong with it in Chinese.

use crate::model::Moment;

pub fn day(text: &str) -> Result<Moment, String> {
    Moment::parse(text).map(Moment::day).ok_or_else(|| "日期写成 2026-01-01".to_owned())
}

pub fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| "写 1 到 65535 的整数".to_owned())
}

pub fn address(text: &str) -> Result<crate::serve::IpAddr, String> {
    text.parse().map_err(|_| "写 IP 地址，如 127.0.0.1".to_owned())
}

pub fn jobs(text: &str) -> Result<usize, String> {
    within(text, 1, 256)
}

pub fn keep(text: &str) -> Result<u16, String> {
    within(text, 1, 1000)
}

pub fn share(text: &str) -> Result<u8, String> {
    within(text, 1, 100)
}

pub fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "写一个整数".to_owned())
}

fn within<N: std::str::FromStr + PartialOrd + std::fmt::Display>(text: &str, least: N, most: N) -> Result<N, String> {
    let number = text.parse().ok().filter(|number| (&least..=&most).contains(&number));
    number.ok_or_else(|| format!("写 {least} 到 {most} 的整数"))
}
