//! The site's own address: checked once, because it stands in canonical links, feeds and site maps of every page.

/// The host of an address of a site, or what is wrong with the address. No user, query or fragment: paths are appended.
pub fn host(url: &str) -> Result<&str, &'static str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or("要以 https:// 或 http:// 开头")?;
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("里面有空白");
    }
    if url.contains(['?', '#']) {
        return Err("不能带参数（?）和锚点（#）");
    }
    if url.contains(['"', '\'', '<', '>', '\\', '`', '{', '}', '|', '^']) {
        return Err("里面有网址不能有的字符");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err("不能带用户名");
    }
    if !path.is_empty() && path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err("路径里有空的一段，或 . 和 ..");
    }
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    if port.is_some_and(|port| !is_port(port)) {
        return Err("端口应当是 1 到 65535 的整数");
    }
    match host {
        "" => Err("没有域名"),
        _ if is_name(host) || is_ip6(host) => Ok(host),
        _ => Err("域名不对"),
    }
}

/// What is wrong with where something is done online: `https://…`, which may have a query and a fragment, or `/…` in the site.
pub fn online(url: &str) -> Option<&'static str> {
    let place = url.split(['?', '#']).next().unwrap_or_default();
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Some("里面有空白");
    }
    if let Some(path) = place.strip_prefix('/') {
        return in_site(path).err();
    }
    if !url.starts_with("https://") {
        return Some(if url.is_empty() { "是空的" } else { "要以 https:// 或 / 开头" });
    }
    host(place.strip_suffix('/').filter(|place| !place.ends_with('/')).unwrap_or(place)).err()
}

/// A path from the site's root: no other host (`//`), nothing above the root.
fn in_site(path: &str) -> Result<(), &'static str> {
    if path.starts_with('/') || path.contains(['\\', '"', '\'', '<', '>', '`', '{', '}', '|', '^']) {
        return Err("不是网站里的路径");
    }
    match path.split('/').any(|name| matches!(name, "." | "..")) {
        true => Err("路径里有 . 或 .."),
        false => Ok(()),
    }
}

fn is_port(port: &str) -> bool {
    port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit()) && !port.starts_with('0') && port.parse::<u16>().is_ok()
}

/// `www.example.gov.cn`, `例子.中国`, `10.0.0.1`. Names of numbers alone are addresses of four.
fn is_name(host: &str) -> bool {
    let is_full_width = |c: char| ('\u{ff01}'..='\u{ff5e}').contains(&c);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| (c.is_alphanumeric() && !is_full_width(c)) || matches!(c, '-' | '_'))
    };
    let is_number = host.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
    match is_number {
        true => host.parse::<core::net::Ipv4Addr>().is_ok(),
        false => host.len() <= 253 && host.split('.').all(is_label),
    }
}

fn is_ip6(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    inner.is_some_and(|inner| inner.parse::<core::net::Ipv6Addr>().is_ok())
}
