//! What is made for whoever serves the site: rules, copies, cache and types; and that real servers obey.

mod config;
mod copies;
mod rules;
mod servers;
#[cfg(all(unix, feature = "publish"))]
mod state;

use super::Publishing;
use crate::site_test::{PDF, SiteTest, channel, doc_with};

/// Old addresses that servers might read otherwise.
pub const OLD: [&str; 6] = [
    "/old/one.html",
    "/old/folder/",
    "/旧站/通知 第1号.html",
    "/old/{a}$1'(2)+&=;,~!@[b]^.html",
    "/old/100%25%E4%B8%80.htm",
    "/old/a.b-c_d.htm",
];

/// A small site with old addresses, an attachment and a long text; the target `web` says this besides.
pub fn hosted(lines: &str) -> Publishing {
    let old = OLD.iter().map(|old| format!("  - \"{old}\"\n")).collect::<String>();
    let long = "这一段写给压缩用，每个字都一样。\n\n".repeat(200);
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/z/long.md",
            doc_with("长文", "2014-12-03", &format!("aliases:\n{old}"), &format!("[附件](a.pdf)\n\n{long}")),
        )
        .file("content/z/a.pdf", PDF)
        .file("static/tables/long.csv", "一,二,三\n".repeat(300));
    let publishing = Publishing::of(site);
    publishing.site.put("site.toml", publishing.site.read("site.toml") + lines);
    publishing
}
