//! Security headers: what browsers are told so that a page does no more than it is there for.

use crate::config::{Config, Host};

/// What the default theme obeys: it has no inline script or style and asks nobody else. `data:` is the empty icon of a site
/// that has none; without it browsers would ask for one on every visit.
const POLICY: [(&str, &str); 10] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data:"),
    ("font-src", "'self'"),
    ("media-src", "'self'"),
    ("connect-src", "'self'"),
    ("form-action", "'self'"),
    ("base-uri", "'none'"),
    ("frame-ancestors", "'self'"),
];

/// Thirty days: long enough to protect whoever comes now and then, and over soon if the certificate is lost. Neither
/// subdomains, which other bodies have, nor the list that browsers carry.
const HSTS: &str = "max-age=2592000";

/// Names and values, in the order in which they are written. None if the target does not want any.
pub fn of(host: &Host, config: &Config) -> Vec<(&'static str, String)> {
    if !host.headers {
        return Vec::new();
    }
    let mut headers = vec![
        ("Content-Security-Policy", policy(host, config)),
        ("X-Content-Type-Options", "nosniff".into()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".into()),
    ];
    // what the site's own policy says of frames, old browsers must not be told otherwise
    if !host.csp.contains("frame-ancestors") {
        headers.push(("X-Frame-Options", "SAMEORIGIN".into()));
    }
    headers.push(("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()".into()));
    if config.site.base_url.starts_with("https://") {
        headers.push(("Strict-Transport-Security", HSTS.into()));
    }
    headers
}

fn policy(host: &Host, config: &Config) -> String {
    if !host.csp.is_empty() {
        return host.csp.clone();
    }
    let form = origin(&config.request.action).map(|origin| format!(" {origin}")).unwrap_or_default();
    let directive = |(name, sources): &(&str, &str)| match *name {
        "form-action" => format!("{name} {sources}{form}"),
        _ => format!("{name} {sources}"),
    };
    POLICY.iter().map(directive).collect::<Vec<_>>().join("; ")
}

/// `https://sq.example.gov.cn` of an address below it; `None` for a path of the site.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    Some(format!("{scheme}://{host}"))
}
