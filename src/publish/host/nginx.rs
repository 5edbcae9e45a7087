//! `.host/nginx.conf`: what a `server` of nginx includes. Nothing of it belongs on the level of `http`, so that one line is
//! all that has to be written by hand; a redirect is a location of its own, found by search and not by trying all.

use std::fmt::Write;

use super::pattern::{expression, of_text};
use super::{Given, Made, cache, line};
use crate::config::{Packing, Server};
use crate::model::file::MEDIA_TYPES;

pub const PATH: &str = ".host/nginx.conf";

/// A location takes about 7 kB of memory; of old addresses beyond so many the pages that lead on are left to do it.
const MOST: usize = 20_000;

pub fn make(given: &Given) -> (Made, Option<String>) {
    let mut out = String::new();
    head(&mut out, given);
    types(&mut out);
    of_headers(&mut out, given);
    of_cache(&mut out, given);
    packed(&mut out, given);
    denied(&mut out, given);
    overridden(&mut out, given);
    redirects(&mut out, given);
    let left = given.redirects.len().saturating_sub(MOST);
    let note = (left > 0).then(|| {
        format!(
            "nginx 规则里只写了前 {MOST} 个旧网址（每个占服务器约 7 KB 内存），其余 {left} 个由网页跳转，照样打得开"
        )
    });
    (Made::text(PATH, out), note)
}

fn head(out: &mut String, given: &Given) {
    line!(out, "# {}：nginx 规则，由 gongkai publish 生成，请不要改动。", given.site);
    line!(out, "# 在 server 里写 listen、server_name、证书、root（指向 current），再写一行：");
    line!(out, "#     include {{current 的完整路径}}/{PATH};");
    line!(out, "# 发布以后规则有变化的，运行 nginx -s reload；在那以前旧网址由网页跳转。");
    line!(out);
    line!(out, "index index.html;");
    line!(out, "charset utf-8;");
    line!(out, "charset_types text/css text/javascript application/json application/xml text/csv text/plain;");
    line!(out, "absolute_redirect off;");
    line!(out, "server_tokens off;");
    line!(out, "error_page 404 \"{}\";", quoted(&given.base.address("404.html")));
    // that there is a folder without a page is nobody's business
    line!(out, "error_page 403 =404 \"{}\";", quoted(&given.base.address("404.html")));
}

fn types(out: &mut String) {
    line!(out);
    line!(out, "types {{");
    for (end, media) in MEDIA_TYPES {
        let media = media.split(';').next().unwrap_or(media);
        line!(out, "    {media} {end};");
    }
    line!(out, "}}");
    line!(out, "default_type application/octet-stream;");
}

fn of_headers(out: &mut String, given: &Given) {
    if given.headers.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 安全响应头");
    for (name, value) in &given.headers {
        line!(out, "add_header {name} \"{value}\" always;");
    }
}

fn of_cache(out: &mut String, given: &Given) {
    line!(out);
    line!(out, "# 缓存：后面的规则优先");
    line!(out, "set $gongkai_cache \"{}\";", cache::PAGE);
    for rule in &given.rules {
        if let Some(cache) = &rule.cache {
            let expression = expression(&rule.glob, &given.base.folder, "");
            line!(out, "if ($uri ~ \"{expression}\") {{ set $gongkai_cache \"{cache}\"; }}");
        }
    }
    line!(out, "add_header Cache-Control $gongkai_cache always;");
}

fn packed(out: &mut String, given: &Given) {
    if given.host.compress.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 事先压缩好的文件");
    if given.host.compress.contains(&Packing::Gzip) {
        line!(out, "gzip_static on;");
        line!(out, "gzip_vary on;");
    }
    if given.host.compress.contains(&Packing::Brotli) {
        line!(out, "# nginx 装有 brotli 模块（ngx_brotli）时，去掉下一行前面的 #");
        line!(out, "# brotli_static on;");
    }
}

fn denied(out: &mut String, given: &Given) {
    line!(out);
    line!(out, "# 不对外的：以点开头的文件和文件夹（.well-known 除外）、给别的服务器的规则");
    line!(out, "location ~ \"/\\.(?!well-known/)\" {{ return 404; }}");
    if !given.state.is_empty() {
        line!(out, "location ~ \"^{}(?:/|$)\" {{ return 404; }}", of_text(&given.base.address(given.state)));
    }
    if given.host.servers.contains(&Server::Pages) {
        for name in ["_headers", "_redirects"] {
            line!(out, "location = \"{}\" {{ return 404; }}", quoted(&given.base.address(name)));
        }
    }
}

/// The first location that matches is taken, so that the last rule comes first.
fn overridden(out: &mut String, given: &Given) {
    let rules: Vec<_> = given.rules.iter().filter(|rule| rule.media.is_some()).collect();
    if rules.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 内容类型：前面的优先");
    for rule in rules.into_iter().rev() {
        let (expression, media) = (expression(&rule.glob, &given.base.folder, ""), rule.media.as_deref().unwrap_or(""));
        line!(out, "location ~ \"{expression}\" {{ types {{ }} default_type \"{media}\"; }}");
    }
}

fn redirects(out: &mut String, given: &Given) {
    if given.redirects.is_empty() {
        return;
    }
    line!(out);
    line!(out, "# 旧网址");
    for redirect in given.redirects.iter().take(MOST) {
        let (from, to) = (quoted(&given.base.address(&redirect.from)), given.base.encoded(&redirect.to));
        line!(out, "location = \"{from}\" {{ return 301 \"{to}\"; }}");
    }
}

/// Names of files hold neither; a folder of the base address might.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
