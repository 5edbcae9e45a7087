//! Rules of object stores that serve a bucket as a site: `.host/s3-website.json` for `put-bucket-website` of S3 and what
//! speaks its language, `.host/oss-website.xml` for `PutBucketWebsite` of 阿里云 OSS.
//!
//! Their conditions are beginnings of names. An old address with which other names begin as well would lead those away too,
//! so it is left out.

use serde::Serialize;

use super::base::Redirect;
use super::{Given, Made};
use crate::model::json;
use crate::render::xml::Xml;

/// Routing rules that a bucket may have.
const S3: usize = 50;
const OSS: usize = 20;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Website<'a> {
    index_document: Index,
    error_document: ErrorPage<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routing_rules: Vec<Route<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Index {
    suffix: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorPage<'a> {
    key: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Route<'a> {
    condition: Condition<'a>,
    redirect: To<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Condition<'a> {
    key_prefix_equals: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct To<'a> {
    http_redirect_code: &'static str,
    replace_key_with: &'a str,
}

pub fn s3(given: &Given) -> (Made, Option<String>) {
    let (redirects, note) = chosen(given, S3, "S3");
    let keys = redirects.iter().map(|redirect| (key(given, &redirect.from), key(given, &redirect.to)));
    let routes: Vec<(String, String)> = keys.collect();
    let error = key(given, "404.html");
    let website = Website {
        index_document: Index { suffix: "index.html" },
        error_document: ErrorPage { key: &error },
        routing_rules: routes
            .iter()
            .map(|(from, to)| Route {
                condition: Condition { key_prefix_equals: from },
                redirect: To { http_redirect_code: "301", replace_key_with: to },
            })
            .collect(),
    };
    (Made::text(".host/s3-website.json", json::to_pretty(&website)), note)
}

pub fn oss(given: &Given) -> (Made, Option<String>) {
    let (redirects, note) = chosen(given, OSS, "OSS");
    let root = "WebsiteConfiguration";
    let mut xml = Xml::new(root, &[]);
    xml.open("IndexDocument", &[]);
    xml.leaf("Suffix", "index.html");
    xml.leaf("SupportSubDir", "true");
    xml.leaf("Type", "0");
    xml.close("IndexDocument");
    xml.open("ErrorDocument", &[]);
    xml.leaf("Key", &key(given, "404.html"));
    xml.leaf("HttpStatus", "404");
    xml.close("ErrorDocument");
    if !redirects.is_empty() {
        xml.open("RoutingRules", &[]);
    }
    for (redirect, number) in redirects.iter().zip(1..) {
        xml.open("RoutingRule", &[]);
        xml.leaf("RuleNumber", &number.to_string());
        xml.open("Condition", &[]);
        xml.leaf("KeyPrefixEquals", &key(given, &redirect.from));
        xml.close("Condition");
        xml.open("Redirect", &[]);
        xml.leaf("RedirectType", "External");
        xml.leaf("Protocol", if given.base.is_https { "https" } else { "http" });
        xml.leaf("HostName", &given.base.host);
        xml.leaf("HttpRedirectCode", "301");
        xml.leaf("ReplaceKeyWith", &key(given, &redirect.to));
        xml.close("Redirect");
        xml.close("RoutingRule");
    }
    if !redirects.is_empty() {
        xml.close("RoutingRules");
    }
    (Made { path: ".host/oss-website.xml".into(), bytes: xml.finish(root) }, note)
}

/// A path of the site as the name of an object.
fn key(given: &Given, path: &str) -> String {
    given.base.address(path)[1..].to_owned()
}

/// The redirects that a bucket can have, and what is to be said of the others. A folder's own address stands for its page.
fn chosen<'a>(given: &'a Given, most: usize, name: &str) -> (Vec<&'a Redirect>, Option<String>) {
    let all: Vec<&Redirect> = given.redirects.iter().filter(|redirect| !redirect.from.ends_with('/')).collect();
    let fit: Vec<&Redirect> = all.iter().filter(|redirect| !begins_others(given, &redirect.from)).copied().collect();
    let (count, ambiguous, left) = (all.len(), all.len() - fit.len(), fit.len().saturating_sub(most));
    let note = (ambiguous + left > 0).then(|| {
        let written = count - ambiguous - left;
        format!(
            "{name} 的一个存储桶最多 {most} 条跳转规则，又只按名称的开头判断：{count} 个旧网址写入 {written} 个，其余由网页跳转，照样打得开"
        )
    });
    (fit.into_iter().take(most).collect(), note)
}

/// Whether other files of the site have names that begin with this one.
fn begins_others(given: &Given, path: &str) -> bool {
    let files = &given.manifest.files;
    let after = files.partition_point(|entry| entry.path.as_str() <= path);
    files.get(after).is_some_and(|entry| entry.path.starts_with(path))
}
