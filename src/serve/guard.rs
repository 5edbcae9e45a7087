//! Which requests are answered at all. Drafts wait here for their review, and a preview listens on a socket: every page
//! that the clerk's browser has open could ask it, so whatever does not come from the preview's own pages is refused
//! before anything is looked up. Pure: a request's head goes in, a refusal comes out.

use std::net::{IpAddr, SocketAddr};

use crate::model::path;

/// Below it lies what is the preview's own; names with a dot in front are never those of outputs.
pub const OWN: &str = ".gongkai";
/// Longest address that is looked at.
const LONGEST: usize = 8 * 1024;

/// The head of a request, as far as anyone looks.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: String,
    /// Of an address in absolute form.
    pub authority: Option<String>,
    /// As it was sent.
    pub path: String,
    pub query: String,
    /// Every `Host` header.
    pub hosts: Vec<String>,
    /// Every `Origin` header.
    pub origins: Vec<String>,
    /// Every `Sec-Fetch-Site` header.
    pub sites: Vec<String>,
    pub referer: Option<String>,
    pub cookies: Vec<String>,
}

/// Who may ask.
#[derive(Clone, Debug)]
pub struct Rules {
    pub port: u16,
    /// Names of `--allow-host`, in lower case.
    pub names: Vec<String>,
    /// With `--share`: what every other machine must know.
    pub secret: Option<String>,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Another name than ours: a page elsewhere has let its own name point here.
    Misdirected,
    Method,
    /// It comes from the page of another site.
    Foreign,
    /// `--share` without its secret.
    Secret,
    Malformed,
    TooLong,
    Absent,
}

impl Asked {
    /// A parameter of the query, decoded.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).and_then(|(_, value)| path::decode(value))
    }

    fn host(&self) -> Option<String> {
        match self.hosts.as_slice() {
            [host] => Some(host.to_ascii_lowercase()),
            _ => None,
        }
    }

    /// Whether a page of ours asks, which is what events need. Browsers send no `Origin` with an `EventSource` of the same
    /// origin; most send `Sec-Fetch-Site`, though not to addresses without TLS of other machines; all send a `Referer`.
    pub fn is_from_own_page(&self) -> bool {
        let Some(host) = self.host() else { return false };
        let is_ours = |address: &str| {
            let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
            rest.is_some_and(|rest| rest.split('/').next() == Some(&host))
        };
        !self.origins.is_empty()
            || self.sites.iter().any(|site| site == "same-origin")
            || self.referer.as_deref().is_some_and(|referer| is_ours(&referer.to_ascii_lowercase()))
    }
}

impl Rules {
    /// The address's path, decoded and without its leading `/`, if the request may be answered.
    pub fn admit(&self, asked: &Asked) -> Result<String, Refusal> {
        let host = asked.host().filter(|host| self.is_ours(host)).ok_or(Refusal::Misdirected)?;
        if asked.authority.as_ref().is_some_and(|authority| !self.is_ours(&authority.to_ascii_lowercase())) {
            return Err(Refusal::Misdirected);
        }
        if !matches!(asked.method.as_str(), "GET" | "HEAD") {
            return Err(Refusal::Method);
        }
        let is_own_origin = |origin: &String| {
            let origin = origin.to_ascii_lowercase();
            origin.strip_prefix("http://").or(origin.strip_prefix("https://")) == Some(&host)
        };
        if asked.origins.len() > 1 || !asked.origins.iter().all(is_own_origin) {
            return Err(Refusal::Foreign);
        }
        if !asked.sites.iter().all(|site| matches!(site.as_str(), "same-origin" | "none")) {
            return Err(Refusal::Foreign);
        }
        let wanted = look(&asked.path)?;
        match &self.secret {
            Some(secret) if !self.knows(secret, asked) => Err(Refusal::Secret),
            _ => Ok(wanted),
        }
    }

    /// Whether a host is this machine, by one of the names that nobody else can let point here.
    fn is_ours(&self, host: &str) -> bool {
        let Self { port, .. } = self;
        let named = ["127.0.0.1", "localhost", "[::1]"];
        if named.iter().any(|name| *host == format!("{name}:{port}") || (*port == 80 && host == *name)) {
            return true;
        }
        let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
        let name = name.map_or(host, |(name, _)| name);
        if self.names.iter().any(|own| own == name) {
            return true;
        }
        // an address in digits is asked of no name server, so nobody can let it point here
        let is_digits = host.parse::<SocketAddr>().is_ok_and(|address| address.port() == *port)
            || (*port == 80 && host.parse::<IpAddr>().is_ok());
        self.secret.is_some() && is_digits
    }

    /// The cookie that keeps the secret. Its name tells previews on one machine apart: cookies know no ports.
    pub fn cookie(&self) -> String {
        format!("gongkai-{}", self.port)
    }

    fn knows(&self, secret: &str, asked: &Asked) -> bool {
        let name = self.cookie();
        let of_cookies = asked.cookies.iter().flat_map(|line| line.split(';')).filter_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        });
        of_cookies.into_iter().any(|value| same(value, secret)) || self.brings_secret(asked)
    }

    /// Whether the address holds the secret: a first visit.
    pub fn brings_secret(&self, asked: &Asked) -> bool {
        let Some(secret) = &self.secret else { return false };
        asked.parameter("token").is_some_and(|token| same(&token, secret))
    }
}

/// Compares in a time that does not tell how much is right.
pub fn same(a: &str, b: &str) -> bool {
    let differ = a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    a.len() == b.len() && differ == 0
}

/// A path as it was sent, as the address of an output; the preview's own begin with `.gongkai/`. No name in it can lead
/// anywhere: outputs are looked up in the plan, and this only tells early what cannot be one.
fn look(sent: &str) -> Result<String, Refusal> {
    if sent.len() > LONGEST {
        return Err(Refusal::TooLong);
    }
    let below = sent.strip_prefix('/').ok_or(Refusal::Malformed)?;
    let wanted = path::decode(below).ok_or(Refusal::Malformed)?;
    if wanted.chars().any(char::is_control) {
        return Err(Refusal::Malformed);
    }
    let is_name = |(at, name): (usize, &str)| match name {
        OWN => at == 0,
        ".well-known" => true,
        _ => !name.starts_with('.'),
    };
    let is_address = !wanted.contains(['\\', ':'])
        && !wanted.starts_with('/')
        && !wanted.contains("//")
        && wanted.split('/').enumerate().all(is_name);
    is_address.then_some(wanted).ok_or(Refusal::Absent)
}
