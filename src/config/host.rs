//! What `[publish.NAME]` says of whoever serves the site: rules for servers, precompressed copies, headers, cache and types.

use toml::Spanned;

use super::{Checker, raw, span};
use crate::diag::suggest::did_you_mean;
use crate::model::Glob;

/// What is made for whoever serves the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Host {
    /// Whose rules are written, in the order of `Server::ALL`.
    pub servers: Vec<Server>,
    /// Copies beside texts, in the order of `Packing::ALL`.
    pub compress: Vec<Packing>,
    /// Whether the rules say security headers.
    pub headers: bool,
    /// A Content-Security-Policy of the site's own; empty: the one that the default theme obeys.
    pub csp: String,
    /// Later ones win.
    pub rules: Vec<Rule>,
}

impl Host {
    /// Whether files are given a `Cache-Control`. Without a rule of any sort nothing is said of files.
    pub fn has_cache(&self) -> bool {
        !self.servers.is_empty() || !self.rules.is_empty()
    }
}

/// Who serves the site, and reads rules of one form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Server {
    Nginx,
    Apache,
    /// `_headers` and `_redirects`
    Pages,
    S3,
    Oss,
}

impl Server {
    pub const ALL: [Self; 5] = [Self::Nginx, Self::Apache, Self::Pages, Self::S3, Self::Oss];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Apache => "apache",
            Self::Pages => "pages",
            Self::S3 => "s3",
            Self::Oss => "oss",
        }
    }
}

/// A form of precompressed copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    Gzip,
    Brotli,
}

impl Packing {
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Brotli];

    /// What the copy's name ends with.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
        }
    }
}

/// What is said of the files whose paths it matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub glob: Glob,
    /// `Cache-Control`
    pub cache: Option<String>,
    /// `Content-Type`
    pub media: Option<String>,
}

/// Longest value of a header: servers refuse heads of more than 8 KiB.
const LONGEST: usize = 2000;

impl Checker {
    pub(super) fn host(&mut self, written: raw::Host) -> Host {
        let raw::Host { host, compress, headers, csp, rules } = written;
        let servers = self.keys("host", host, Server::ALL, Server::key);
        if let (Some(compress), false) = (&compress, cfg!(feature = "publish")) {
            let message = "这个 gongkai 编译时没有带压缩功能，不能写 compress";
            self.push(span(compress), message, "删去 compress，或用带 publish 功能编译的 gongkai（缺省就带）");
        }
        Host {
            headers: headers.map_or(!servers.is_empty(), |headers| *headers.get_ref()),
            servers,
            compress: self.keys("compress", compress, Packing::ALL, Packing::key),
            csp: csp.map(|csp| self.header("csp", &csp)).unwrap_or_default(),
            rules: rules.into_iter().filter_map(|rule| self.rule(rule)).collect(),
        }
    }

    /// Keys out of a few, each once, in the order of `all`.
    fn keys<T: Copy, const N: usize>(
        &mut self,
        key: &str,
        written: Option<Spanned<Vec<Spanned<String>>>>,
        all: [T; N],
        name: fn(T) -> &'static str,
    ) -> Vec<T> {
        let written = written.map(Spanned::into_inner).unwrap_or_default();
        let known = all.map(name);
        for item in written.iter().filter(|item| !known.contains(&item.get_ref().as_str())) {
            let help = did_you_mean(item.get_ref(), known).unwrap_or_else(|| format!("可以写：{}", known.join("、")));
            self.push(span(item), format!("{key} 里的“{}”不在允许范围", item.get_ref()), &help);
        }
        all.into_iter().filter(|one| written.iter().any(|item| item.get_ref() == name(*one))).collect()
    }

    fn rule(&mut self, written: raw::Rule) -> Option<Rule> {
        let raw::Rule { pattern, cache, media } = written;
        let pattern = pattern?;
        if cache.is_none() && media.is_none() {
            self.push(span(&pattern), "这条规则什么也没有规定", "写上 cache（缓存多久）或 type（内容类型），或删去它");
        }
        let cache = cache.map(|cache| self.header("cache", &cache));
        let media = media.map(|media| self.media(&media));
        match Glob::new(pattern.get_ref()) {
            Ok(glob) => Some(Rule { glob, cache, media }),
            Err(problem) => {
                let message = format!("match“{}”不能用：{problem}", pattern.get_ref());
                let help = "写从网站根目录起的路径：* 是一层里的任何字，** 也跨过文件夹，? 是一个字，如 \"assets/**\"、\"**/*.pdf\"";
                self.push(span(&pattern), message, help);
                None
            }
        }
    }

    /// The value of a header. What would end it, or a quoted text in a server's rules, is refused.
    fn header(&mut self, key: &str, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        let problem = match () {
            _ if text.is_empty() => Some("是空的"),
            _ if text.len() > LONGEST => Some("超过 2000 字节"),
            _ if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => {
                Some("只能用半角的字母、数字和符号，写在一行里")
            }
            _ if text.contains(['"', '\\', '$', '%', '{', '}']) => Some("不能有 \" \\ $ % { }"),
            _ => None,
        };
        if let Some(problem) = problem {
            let example = match key {
                "csp" => "如 csp = \"default-src 'self'\"",
                _ => "如 cache = \"public, max-age=3600\"",
            };
            self.push(span(written), format!("{key} {problem}"), example);
        }
        text.to_owned()
    }

    /// `text/css; charset=utf-8`
    fn media(&mut self, written: &Spanned<String>) -> String {
        let text = written.get_ref().trim();
        let is_token = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#&-^_.+".contains(&byte))
        };
        let (media, parameters) = text.split_once(';').unwrap_or((text, ""));
        let is_media = media.split_once('/').is_some_and(|(a, b)| is_token(a) && is_token(b));
        let is_parameter = |part: &str| part.trim().split_once('=').is_some_and(|(a, b)| is_token(a) && is_token(b));
        let mut parameters = parameters.split(';').filter(|part| !part.trim().is_empty());
        let is_one_line = !text.contains(char::is_control);
        if !is_media || !is_one_line || !parameters.all(is_parameter) {
            let message = format!("type“{text}”不是内容类型");
            self.push(span(written), message, "写成 type = \"application/pdf\" 或 type = \"text/css; charset=utf-8\"");
        }
        text.to_owned()
    }
}
