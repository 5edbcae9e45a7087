//! What a request gets: an output of the last good site, rendered now, with the band of the preview on every page; or
//! something of the preview's own. A request's path is looked up among the outputs and never touches the disk.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::files::{self, Manner, Opened};
use super::guard::{Asked, OWN, Refusal, Rules, same};
use super::live::{Live, Now, Seat};
use super::views::{self, Band, Link, Own};
use crate::diag::{Code, Diagnostic};
use crate::emit::Content;
use crate::model::{json, path};
use crate::pipeline::Site;
use crate::plan::{Maker, Page};
use crate::theme::{Pages, Value, safe_html};

/// A page that changed on disk a moment ago is waited for so long: the rebuild is on its way.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Largest page that is given a band.
const LARGEST: u64 = 16 << 20;

/// What an answer holds.
pub enum Body {
    Nothing,
    Bytes(Vec<u8>),
    File(Opened, u64),
    Events(Seat),
}

pub struct Answer {
    pub status: u16,
    pub manner: Manner,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    pub body: Body,
}

impl Answer {
    fn new(status: u16, name: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, manner: files::manner(name), headers: Vec::new(), body: Body::Bytes(body.into()) }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn to(address: String) -> Self {
        Self::new(302, "x.txt", "").with("location", address)
    }
}

/// What answers.
pub struct Desk {
    pub live: Arc<Live>,
    pub rules: Rules,
    /// What pages of this preview know: events are told to nobody else.
    pub token: String,
    pages: Pages,
}

/// What a script gets when findings have changed.
#[derive(Serialize)]
struct News {
    digest: String,
    label: String,
    errors: String,
    panel: String,
}

#[derive(Serialize)]
struct OnlyErrors {
    errors: views::Errors,
}

impl Desk {
    pub fn new(live: Arc<Live>, rules: Rules, token: String) -> Self {
        Self { live, rules, token, pages: views::pages() }
    }

    /// Answers. `nonce` is of this answer alone.
    pub fn answer(&self, asked: &Asked, nonce: &str) -> Answer {
        let wanted = match self.rules.admit(asked) {
            Ok(wanted) => wanted,
            Err(refusal) => return self.refuse(refusal),
        };
        if self.rules.brings_secret(asked) {
            return self.welcome(&asked.path);
        }
        match wanted.strip_prefix(OWN) {
            Some(own) => self.own(own, asked, nonce),
            None => self.output(&wanted, nonce),
        }
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let (status, words) = match refusal {
            Refusal::Misdirected => (421, ""),
            Refusal::Method => (405, "只能读取\n"),
            Refusal::Foreign => (403, "预览不回答来自其他网站的请求。请在地址栏里输入预览的地址。\n"),
            Refusal::Secret => (403, "请用启动预览时显示的完整地址（含 token）打开。\n"),
            Refusal::Malformed => (400, "地址有误\n"),
            Refusal::TooLong => (414, "地址太长\n"),
            Refusal::Absent => (404, "没有这个地址\n"),
        };
        let answer = Answer::new(status, "x.txt", words);
        if status == 405 { answer.with("allow", "GET, HEAD") } else { answer }
    }

    /// The first visit with the secret: it moves into a cookie. Not by a redirect, which some browsers follow without the
    /// cookie if the link stood on another site.
    fn welcome(&self, sent: &str) -> Answer {
        let own = Own {
            links: vec![Link { url: sent.to_owned(), title: "打开预览".into() }],
            forward: sent.to_owned(),
            ..Own::new("本地预览", Vec::new())
        };
        let secret = self.rules.secret.as_deref().unwrap_or_default();
        let cookie = format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict", self.rules.cookie());
        Answer::new(200, "x.html", self.pages.render("page.html", &own)).with("set-cookie", cookie)
    }

    /// What lies below `/.gongkai`.
    fn own(&self, below: &str, asked: &Asked, nonce: &str) -> Answer {
        match below {
            "/serve.js" => Answer::new(200, "x.js", include_str!("pages/serve.js")),
            "/serve.css" => Answer::new(200, "x.css", include_str!("pages/serve.css")),
            "/icon.svg" => Answer::new(200, "x.svg", include_str!("pages/icon.svg")),
            "/panel" => self.panel(&asked.parameter("page").unwrap_or_default(), nonce),
            "/news" => self.news(&asked.parameter("page").unwrap_or_default()),
            "/events" => self.events(asked),
            _ => self.refuse(Refusal::Absent),
        }
    }

    fn events(&self, asked: &Asked) -> Answer {
        let parameter = |name| asked.parameter(name).unwrap_or_default();
        if !same(&parameter("token"), &self.token) || !asked.is_from_own_page() {
            return self.refuse(Refusal::Foreign);
        }
        let seat = self.live.join(parameter("page"), parameter("mark"), parameter("digest"));
        let manner = Manner { kind: "text/event-stream; charset=utf-8", disposition: None };
        match seat {
            Some(_) if asked.method == "HEAD" => {
                Answer { status: 200, manner, headers: Vec::new(), body: Body::Nothing }
            }
            Some(seat) => Answer { status: 200, manner, headers: Vec::new(), body: Body::Events(seat) },
            None => Answer::new(503, "x.txt", "打开的网页太多\n"),
        }
    }

    /// The text of a file that a finding is about.
    fn lookup(&self, path: &str) -> Option<String> {
        let (mut file, size) = files::open(&self.live.root, &self.live.root.join(path)).ok()?;
        let mut bytes = Vec::new();
        (size <= LARGEST).then(|| std::io::Read::read_to_end(&mut file, &mut bytes).ok()).flatten()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn panel_of(&self, now: &Now, page: &str) -> String {
        self.pages.render("panel.html", &views::panel(now, page, &|path| self.lookup(path)))
    }

    /// The panel as a page, for browsers without scripts.
    fn panel(&self, page: &str, nonce: &str) -> Answer {
        let now = self.live.now();
        let back = Link { url: views::url(page), title: "返回网页".into() };
        let body = safe_html(&self.panel_of(&now, page));
        let own = Own { links: vec![back], body, ..Own::new("说明与问题", Vec::new()) };
        self.stand_in(200, &own, &now, page, nonce)
    }

    fn news(&self, page: &str) -> Answer {
        let now = self.live.now();
        let errors = OnlyErrors { errors: views::errors(&now, &|path| self.lookup(path)) };
        let news = News {
            digest: now.digest.to_string(),
            label: views::counted(&now.findings),
            errors: self.pages.render("errors.html", &errors),
            panel: self.panel_of(&now, page),
        };
        Answer::new(200, "x.json", json::to_string(&news))
    }

    /// An output of the site. What changed on disk since the site was planned is waited for, once: the rebuild is on its way.
    fn output(&self, wanted: &str, nonce: &str) -> Answer {
        let now = self.live.now();
        self.look(&now, wanted, nonce, now.is_current).unwrap_or_else(|Changed| {
            let later = self.live.after(now.turn, PATIENCE);
            self.look(&later, wanted, nonce, false).unwrap_or_else(|Changed| self.refuse(Refusal::Absent))
        })
    }

    fn look(&self, now: &Now, wanted: &str, nonce: &str, may_wait: bool) -> Result<Answer, Changed> {
        let Some(site) = &now.site else { return Ok(self.waiting(now, wanted, nonce)) };
        let out = match wanted.is_empty() || wanted.ends_with('/') {
            true => format!("{wanted}index.html"),
            false => wanted.to_owned(),
        };
        Ok(match site.page(&out) {
            Some(page) => return self.planned(now, site, page, nonce, may_wait),
            None if site.page(&format!("{wanted}/index.html")).is_some() => {
                Answer::to(format!("{}/", views::url(wanted)))
            }
            None => self.stand_in(404, &views::absent(site, wanted), now, &out, nonce),
        })
    }

    /// Before the first site: what stands in its way.
    fn waiting(&self, now: &Now, wanted: &str, nonce: &str) -> Answer {
        let (title, line) = match now.turn {
            0 => ("正在读取网站", "第一次读取全部文件，读完以后这里会自己显示。"),
            _ => ("网站还不能显示", "内容有错误。改正以后这里会自己显示。"),
        };
        self.stand_in(503, &Own::new(title, vec![line.into()]), now, wanted, nonce)
    }

    fn planned(&self, now: &Now, site: &Site, page: &Page, nonce: &str, may_wait: bool) -> Result<Answer, Changed> {
        let out = page.out.as_str();
        if let Some((to, title)) = views::forward(page, &site.world.catalogue) {
            let line = format!("/{out} 是旧网址。公开以后，打开它会自动转到下面的网页：");
            let link = Link { url: views::url(to.as_str()), title: format!("{title}（/{to}）") };
            let own = Own { links: vec![link], ..Own::new("旧网址", vec![line]) };
            return Ok(self.answer_page(200, self.pages.render("page.html", &own).into(), now, page, nonce, None));
        }
        Ok(match self.made(site, page, may_wait)? {
            Ok(Made::Page(bytes, note)) => {
                let bytes =
                    if out == NOT_FOUND { at_root(&bytes, &site.world.config.site.base_url) } else { bytes.to_vec() };
                self.answer_page(200, bytes, now, page, nonce, note)
            }
            Ok(Made::Data(bytes)) => Answer::new(200, out, bytes),
            Ok(Made::File(file)) => self.file(out, file, now, page, nonce),
            Err(flaws) => {
                let lines = vec![format!("/{out} 不能显示。改正以后这里会自己显示。")];
                let finding = |finding: &Diagnostic| {
                    let shown = crate::diag::html::show(finding, &|path| self.lookup(path));
                    format!("{} {}：{}。{}", shown.code, shown.place, shown.message, shown.help)
                };
                let lines = lines.into_iter().chain(flaws.iter().map(finding)).collect();
                self.stand_in(500, &Own::new("网页有错误", lines), now, out, nonce)
            }
        })
    }

    /// Renders the output. If that cannot be, the page is what it was when it was last shown.
    fn made(&self, site: &Site, page: &Page, may_wait: bool) -> Result<Result<Made, Vec<Diagnostic>>, Changed> {
        let out = page.out.as_str();
        let is_page = matches!(page.maker, Maker::Template(_));
        let fingerprint = site.fingerprint(page);
        let last = self.live.last(out);
        if let Some((_, bytes)) = last.as_ref().filter(|(known, _)| is_page && *known == fingerprint) {
            return Ok(Ok(Made::Page(bytes.clone(), None)));
        }
        Ok(Ok(match site.render(page) {
            Ok(Content::Bytes(bytes)) if is_page => {
                let bytes = Arc::new(bytes);
                self.live.keep(out, fingerprint, bytes.clone());
                Made::Page(bytes, None)
            }
            Ok(Content::Bytes(bytes)) => Made::Data(bytes),
            Ok(Content::Copy(path)) => Made::File(path),
            Err(flaws) if may_wait && flaws.iter().any(|flaw| flaw.code == Code::G003) => return Err(Changed),
            Err(flaws) => match last {
                Some((_, bytes)) => Made::Page(bytes, Some("源文件有错误，这一页是上一次显示的样子")),
                None => return Ok(Err(flaws)),
            },
        }))
    }

    /// A file that is copied as it is. Pages of `static/` get the band, too.
    fn file(&self, out: &str, path: PathBuf, now: &Now, page: &Page, nonce: &str) -> Answer {
        let is_attachment = path.starts_with(self.live.root.join("content"));
        let manner = if is_attachment { files::attachment(out) } else { files::manner(out) };
        let opened = files::open(&self.live.root, &path);
        match opened {
            Ok((mut file, size)) if manner.kind.starts_with("text/html") && size <= LARGEST => {
                let mut bytes = Vec::new();
                match std::io::Read::read_to_end(&mut file, &mut bytes) {
                    Ok(_) => self.answer_page(200, bytes, now, page, nonce, None),
                    Err(_) => self.refuse(Refusal::Absent),
                }
            }
            Ok((file, size)) => Answer { status: 200, manner, headers: Vec::new(), body: Body::File(file, size) },
            Err(_) => {
                let line = format!("/{out} 的源文件不见了，或者不再是普通文件");
                self.stand_in(404, &Own::new("找不到这个文件", vec![line]), now, out, nonce)
            }
        }
    }

    /// A page of the preview's own in place of an output.
    fn stand_in(&self, status: u16, own: &Own, now: &Now, out: &str, nonce: &str) -> Answer {
        let bytes = self.pages.render("page.html", own).into_bytes();
        let mark = match status {
            404 if now.site.as_ref().is_some_and(|site| site.page(out).is_none()) => "absent".into(),
            200 => now.mark(out),
            _ if now.site.is_none() => "none".into(),
            _ => now.stand_in(),
        };
        self.banded(status, bytes, self.band(now, out, mark, "", nonce))
    }

    fn answer_page(
        &self,
        status: u16,
        bytes: Vec<u8>,
        now: &Now,
        page: &Page,
        nonce: &str,
        note: Option<&str>,
    ) -> Answer {
        let out = page.out.as_str();
        let document = now.site.as_ref().zip(views::document(page));
        let pending = document.and_then(|(site, id)| Some(site.world.catalogue.doc(id).pending?.mark()));
        let gone = || {
            now.site
                .as_ref()
                .zip(views::withdrawn(page))
                .map(|(site, id)| site.world.catalogue.tombstones[id as usize].state())
        };
        let pending = note.map(str::to_owned).or(pending).or_else(gone).unwrap_or_default();
        self.banded(status, bytes, self.band(now, out, now.mark(out), &pending, nonce))
    }

    fn band(&self, now: &Now, out: &str, mark: String, pending: &str, nonce: &str) -> Band {
        Band {
            page: out.to_owned(),
            mark,
            digest: now.digest.to_string(),
            token: self.token.clone(),
            nonce: nonce.to_owned(),
            pending: pending.to_owned(),
            panel: format!("/{OWN}/panel?page={}", query(out)),
            label: views::counted(&now.findings),
            errors: views::errors(now, &|path| self.lookup(path)),
        }
    }

    /// Puts the band into a page. Only here, so that it can be in no published one.
    fn banded(&self, status: u16, page: Vec<u8>, band: Band) -> Answer {
        let head = self.pages.render("head.html", &Value::from(""));
        let band = self.pages.render("band.html", &band);
        let (head_end, body_end) = (position(&page, b"</head>"), last_position(&page, b"</body>"));
        let head_end = head_end.unwrap_or(0);
        let body_end = body_end.filter(|end| *end >= head_end).unwrap_or(page.len());
        let own_head = without_icon(&page[..head_end]);
        let parts = [&own_head, head.as_bytes(), &page[head_end..body_end], band.as_bytes(), &page[body_end..]];
        Answer::new(status, "x.html", parts.concat())
    }
}

/// The host shows this page at any address, so that its own addresses are whole ones; here they lead to the preview.
const NOT_FOUND: &str = "404.html";

fn at_root(page: &[u8], base_url: &str) -> Vec<u8> {
    String::from_utf8_lossy(page).replace(&format!("\"{base_url}/"), "\"/").into_bytes()
}

/// A source changed after the site was planned.
struct Changed;

enum Made {
    /// With a note that it is not what it should be.
    Page(Arc<Vec<u8>>, Option<&'static str>),
    Data(Vec<u8>),
    File(PathBuf),
}

fn position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

fn last_position(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window.eq_ignore_ascii_case(word))
}

/// A page's head without its own icon: the preview is known by its own one.
fn without_icon(head: &[u8]) -> Vec<u8> {
    let mut rest = head;
    let mut kept = Vec::with_capacity(head.len());
    while let Some(start) = position(rest, b"<link ") {
        let end = rest[start..].iter().position(|byte| *byte == b'>').map_or(rest.len(), |end| start + end + 1);
        let (tag, after) = (&rest[start..end], &rest[end..]);
        let is_icon = [&b"rel=\"icon\""[..], b"rel=\"shortcut icon\""].iter().any(|rel| position(tag, rel).is_some());
        kept.extend_from_slice(&rest[..if is_icon { start } else { end }]);
        rest = if is_icon { after.strip_prefix(b"\n").unwrap_or(after) } else { after };
    }
    kept.extend_from_slice(rest);
    kept
}

/// For a parameter's value.
fn query(text: &str) -> String {
    path::encode(text).replace('&', "%26").replace('+', "%2B").replace('=', "%3D")
}
