//! `.htaccess` in the site's root, for Apache 2.4. It is read anew for every request, so that old addresses in it are few.

use std::fmt::Write;

use super::pattern::{expression, of_text};
use super::{Given, Made, PACKED, cache, line};
use crate::config::Packing;
use crate::model::file::{MEDIA_TYPES, media_type};

pub const PATH: &str = ".htaccess";

/// A thousand take about a millisecond and a half of every request; of those beyond, the pages that lead on are left to do it.
const MOST: usize = 1000;

pub fn make(given: &Given) -> (Made, Option<String>) {
    let mut out = String::new();
    head(&mut out, given);
    types(&mut out);
    of_headers(&mut out, given);
    of_cache(&mut out, given);
    copies(&mut out, given);
    overridden(&mut out, given);
    rewritten(&mut out, given);
    let left = given.redirects.len().saturating_sub(MOST);
    let note = (left > 0).then(|| {
        format!("Apache 每次请求都要重读 .htaccess，里面只写了前 {MOST} 个旧网址，其余 {left} 个由网页跳转，照样打得开")
    });
    (Made::text(PATH, out), note)
}

fn head(out: &mut String, given: &Given) {
    line!(out, "# {}：Apache 规则，由 gongkai publish 生成，请不要改动。", given.site);
    line!(out, "# 虚拟主机里要有 AllowOverride All，模块 rewrite、headers、setenvif、mime、dir。");
    line!(out);
    line!(out, "DirectoryIndex index.html");
    line!(out, "ErrorDocument 404 \"{}\"", given.base.encoded("404.html"));
}

fn types(out: &mut String) {
    line!(out);
    line!(out, "AddDefaultCharset utf-8");
    for (end, media) in MEDIA_TYPES {
        let media = media.split(';').next().unwrap_or(media);
        line!(out, "AddType {media} .{end}");
    }
    let texts = MEDIA_TYPES.iter().filter(|(_, media)| media.contains("charset"));
    let ends: Vec<String> = texts.map(|(end, _)| format!(".{end}")).collect();
    line!(out, "AddCharset utf-8 {}", ends.join(" "));
}

fn of_headers(out: &mut String, given: &Given) {
    if given.headers.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 安全响应头");
    for (name, value) in &given.headers {
        line!(out, "Header always set {name} \"{value}\"");
    }
}

fn of_cache(out: &mut String, given: &Given) {
    line!(out);
    line!(out, "# 缓存：后面的规则优先");
    line!(out, "SetEnvIf Request_URI \"^\" \"gongkai_cache={}\"", cache::PAGE);
    for rule in &given.rules {
        if let Some(cache) = &rule.cache {
            let expression = expression(&rule.glob, &given.base.folder, ends(given));
            line!(out, "SetEnvIf Request_URI \"{expression}\" \"gongkai_cache={cache}\"");
        }
    }
    line!(out, "Header always set Cache-Control \"%{{gongkai_cache}}e\"");
}

/// Copies are answered in place of their files, and are of the same rules.
fn ends(given: &Given) -> &'static str {
    match given.host.compress.is_empty() {
        true => "",
        false => r"(?:\.gz|\.br)?",
    }
}

fn copies(out: &mut String, given: &Given) {
    if given.host.compress.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 事先压缩好的文件");
    line!(out, "<FilesMatch \"\\.(?:{})(?:\\.gz|\\.br)?$\">", PACKED.join("|"));
    line!(out, "Header always merge Vary Accept-Encoding");
    line!(out, "</FilesMatch>");
    for end in PACKED {
        line!(out, "<FilesMatch \"\\.{end}\\.(?:gz|br)$\">");
        line!(out, "ForceType \"{}\"", media_type(&format!("a.{end}")));
        line!(out, "</FilesMatch>");
    }
    line!(out, "<FilesMatch \"\\.(?:{})\\.(?:gz|br)$\">", PACKED.join("|"));
    line!(out, "AddEncoding gzip .gz");
    line!(out, "AddEncoding br .br");
    line!(out, "</FilesMatch>");
}

fn overridden(out: &mut String, given: &Given) {
    let mut rules = given.rules.iter().filter(|rule| rule.media.is_some()).peekable();
    if rules.peek().is_none() {
        return;
    }
    line!(out);
    line!(out, "# 内容类型：后面的规则优先");
    for rule in rules {
        let expression = expression(&rule.glob, &given.base.folder, ends(given));
        line!(out, "<If \"%{{REQUEST_URI}} =~ m#{expression}#\">");
        line!(out, "ForceType \"{}\"", rule.media.as_deref().unwrap_or_default());
        line!(out, "</If>");
    }
}

fn rewritten(out: &mut String, given: &Given) {
    line!(out);
    line!(out, "RewriteEngine On");
    line!(out, "RewriteBase \"{}\"", given.base.address(""));
    line!(out, "# 不对外的：以点开头的文件和文件夹（.well-known 除外）、给别的服务器的规则");
    line!(out, "RewriteRule \"(?:^|/)\\.(?!well-known/)\" - [R=404,L]");
    line!(out, "RewriteRule \"^_(?:headers|redirects)$\" - [R=404,L]");
    if !given.state.is_empty() {
        line!(out, "RewriteRule \"^{}(?:/|$)\" - [R=404,L]", of_text(given.state));
    }
    if !given.redirects.is_empty() {
        line!(out, "# 旧网址");
    }
    for redirect in given.redirects.iter().take(MOST) {
        // what is a place of a match to Apache stands for itself
        let to = given.base.encoded(&redirect.to).replace('%', "\\%");
        line!(out, "RewriteRule \"^{}$\" \"{to}\" [R=301,L,NE]", of_text(&redirect.from));
    }
    line!(out, "# 文件夹是它的首页；没有首页的，不列出里面的文件");
    line!(out, "RewriteCond %{{REQUEST_FILENAME}} -d");
    line!(out, "RewriteRule \"^(|.*/)$\" \"$1index.html\" [L]");
    for packing in given.host.compress.iter().rev() {
        let (end, coding) = match packing {
            Packing::Gzip => ("gz", "gzip"),
            Packing::Brotli => ("br", "br"),
        };
        // unless it is said that it is not wanted: q=0
        line!(out, "RewriteCond %{{HTTP:Accept-Encoding}} \"\\b{coding}\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))\"");
        line!(out, "RewriteCond %{{REQUEST_FILENAME}}.{end} -f");
        line!(out, "RewriteRule \"^(.+\\.(?:{}))$\" \"$1.{end}\" [L]", PACKED.join("|"));
    }
}
