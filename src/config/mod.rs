//! `site.toml`: what it may say (`raw`) and what the program uses (`Config`). The home of `toml`.

mod base_url;
mod host;
mod place;
mod publish;
mod raw;
mod strings;
mod toml_text;

use std::sync::Arc;

use crate::diag::suggest::did_you_mean;
use crate::diag::{self, Code, Diagnostic};
use crate::model::{Axis, Located, Span};
pub use host::{Host, Packing, Rule, Server};
pub use place::{Kind as ServiceKind, Place, Service};
pub use publish::{Publish, variable};
use raw::Raw;
pub use strings::strings;
use toml::Spanned;

/// The file's name, from the site's root.
pub const FILE: &str = "site.toml";

/// What the program uses: checked, complete, no `Option` that means "default".
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// The file it stands in, from the site's root: `site.toml`, unless the command line names another.
    pub file: Arc<str>,
    pub site: Site,
    pub catalogue: CatalogueConfig,
    /// Folder below `themes/`, if the site has its own theme.
    pub theme: Option<String>,
    pub request: Request,
    /// In the order of the file.
    pub publish: Vec<Publish>,
}

/// `[site]`: who publishes, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Site {
    /// SiteName
    pub name: String,
    /// `https://www.example.gov.cn`, without a closing `/`; its host is SiteDomain.
    pub base_url: String,
    pub domain: String,
    /// SiteIDCode, 政府网站标识码; empty if there is none.
    pub id_code: String,
    /// 主办单位
    pub organizer: String,
    /// 承办单位
    pub undertaker: String,
    pub contact: String,
    pub address: String,
    pub icp: String,
    pub police: String,
    /// `county-government`, `department`, `township` …: what the law ties to the kind of body.
    pub level: String,
    pub palette: Palette,
    /// Files from `static/`, with a leading `/` as written.
    pub logo: Option<Located<Arc<str>>>,
    pub favicon: Option<Located<Arc<str>>>,
    pub emblem: Option<Located<Arc<str>>>,
    /// Channel paths of the main navigation; `None` means the top-level channels.
    pub nav: Option<Vec<(String, Span)>>,
    pub description: String,
    pub page_size: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Palette {
    #[default]
    Red,
    Blue,
}

impl Palette {
    pub fn key(self) -> &'static str {
        match self {
            Palette::Red => "red",
            Palette::Blue => "blue",
        }
    }
}

/// `[catalogue]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CatalogueConfig {
    /// Axes that are crossed, two or three each.
    pub crossings: Vec<Vec<Axis>>,
}

/// `[request]`: where citizens apply for information online. Both may be empty: then the form is there to be printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Request {
    /// A system of its own, which the form leads to: an address, or a path from the site's root with a leading `/`.
    pub url: String,
    /// What the form is sent to.
    pub action: String,
}

/// Bodies that must show the national emblem on their home page (国徽法 art. 6 and 7); no other site may.
const EMBLEM_LEVELS: [&str; 5] =
    ["county-government", "people's-congress", "supervisory-commission", "court", "procuratorate"];
const LEVELS: [&str; 9] = [
    "county-government",
    "people's-congress",
    "supervisory-commission",
    "court",
    "procuratorate",
    "department",
    "township",
    "street",
    "other",
];

/// Reads `site.toml`. `base_url` (from the command line) replaces the file's.
pub fn read(bytes: &[u8], path: &str, base_url: Option<&str>) -> (Option<Config>, Vec<Diagnostic>) {
    let path: Arc<str> = path.into();
    let Ok(text) = std::str::from_utf8(bytes) else {
        return (None, vec![diag::encoding::not_utf8(&path, bytes)]);
    };
    let mut findings = Vec::new();
    let (table, broken) = toml_text::parse(text, Code::G070, &path, &mut findings);
    let (raw, problems) = raw::read(table.get_ref(), &broken);
    let problem = |(at, message, help): raw::Problem| Diagnostic::new(Code::G070, path.clone(), at, message).help(help);
    findings.extend(problems.into_iter().map(problem));
    let mut checker = Checker { path: path.clone(), findings };
    let config = checker.config(raw, base_url);
    (checker.findings.is_empty().then_some(config), checker.findings)
}

struct Checker {
    path: Arc<str>,
    findings: Vec<Diagnostic>,
}

impl Checker {
    fn push(&mut self, span: impl Into<Option<Span>>, message: impl Into<String>, help: &str) {
        self.findings.push(Diagnostic::new(Code::G070, self.path.clone(), span, message).help(help));
    }

    /// Every key of the file is named here: a new one that is not handled does not compile.
    fn config(&mut self, raw: Raw, base_url: Option<&str>) -> Config {
        let Raw { site, catalogue, theme, request, publish } = raw;
        let raw::Site {
            name,
            base_url: written_url,
            id_code,
            organizer,
            undertaker,
            contact,
            address,
            icp,
            police,
            level,
            palette,
            logo,
            favicon,
            emblem,
            nav,
            description,
            page_size,
        } = site;
        let raw::Catalogue { crossing } = catalogue;
        let level = self.level(level);
        let base_url = match (base_url, written_url) {
            (Some(url), _) => self.base_url(url, None),
            (None, Some(written)) => self.base_url(written.get_ref(), Some(span(&written))),
            (None, None) => String::new(),
        };
        Config {
            file: self.path.clone(),
            site: Site {
                name: text(name),
                domain: base_url::host(&base_url).unwrap_or_default().to_owned(),
                base_url,
                id_code: self.id_code(id_code),
                organizer: text(organizer),
                undertaker: text(undertaker),
                contact: text(contact),
                address: text(address),
                icp: text(icp),
                police: text(police),
                palette: self.palette(palette),
                logo: self.image("logo", logo),
                favicon: self.image("favicon", favicon),
                emblem: self.emblem(emblem, &level),
                nav: self.nav(nav),
                description: text(description),
                page_size: self.page_size(page_size),
                level,
            },
            catalogue: CatalogueConfig { crossings: self.crossings(crossing) },
            theme: theme.and_then(|theme| self.theme(theme)),
            request: Request { url: self.online("url", request.url), action: self.online("action", request.action) },
            publish: self.publish(publish),
        }
    }

    /// `at`: `None` if it stands on the command line.
    fn base_url(&mut self, url: &str, at: Option<Span>) -> String {
        let trimmed = url.trim().trim_end_matches('/');
        if url.trim().is_empty() && at.is_some() {
            // told of as a key without a value
            return String::new();
        }
        if let Err(problem) = base_url::host(if trimmed.ends_with(':') { url } else { trimmed }) {
            let from = if at.is_none() { "命令行的 -u：" } else { "" };
            self.push(at, format!("{from}base_url“{url}”不是网站的地址：{problem}"), "写成 https://www.example.gov.cn");
        }
        trimmed.to_owned()
    }

    /// Where something is done online. Whoever applies says who they are, so it must be encrypted.
    fn online(&mut self, key: &str, written: Option<Spanned<String>>) -> String {
        let Some(written) = written else { return String::new() };
        let url = written.get_ref().trim();
        if let Some(problem) = base_url::online(url) {
            let help = format!("写成 {key} = \"https://…\"，或从网站根目录起的路径 \"/…\"；没有的，删去这一行");
            self.push(span(&written), format!("{key}“{url}”不能用：{problem}"), &help);
        }
        url.to_owned()
    }

    /// `^(\d{10}|bm\d{8})$`: 6 digits of the division and 4 of the serial; ministries `bm` and 8 digits.
    fn id_code(&mut self, code: Option<Spanned<String>>) -> String {
        let Some(code) = code else { return String::new() };
        let text = code.get_ref().trim();
        let digits = |text: &str, n| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        let valid = text.is_empty() || digits(text, 10) || text.strip_prefix("bm").is_some_and(|rest| digits(rest, 8));
        if !valid {
            self.push(span(&code), format!("政府网站标识码“{text}”不对"), "标识码是 10 位数字，或 bm 加 8 位数字");
        }
        text.to_owned()
    }

    fn level(&mut self, level: Option<Spanned<String>>) -> String {
        let Some(level) = level else { return String::new() };
        if !LEVELS.contains(&level.get_ref().as_str()) {
            self.push(
                span(&level),
                format!("level“{}”不在允许范围", level.get_ref()),
                &format!("可以写：{}", LEVELS.join("、")),
            );
        }
        level.into_inner()
    }

    fn palette(&mut self, palette: Option<Spanned<String>>) -> Palette {
        match palette.as_ref().map(|palette| palette.get_ref().as_str()) {
            None | Some("red") => Palette::Red,
            Some("blue") => Palette::Blue,
            Some(other) => {
                let message = format!("palette“{other}”不在允许范围");
                self.push(palette.as_ref().map(span), message, "可以写：red、blue");
                Palette::Red
            }
        }
    }

    fn image(&mut self, key: &str, file: Option<Spanned<String>>) -> Option<Located<Arc<str>>> {
        let file = file?;
        let text = file.get_ref();
        if !text.starts_with('/') || text.contains("..") || text.contains('\\') {
            self.push(
                span(&file),
                format!("{key}“{text}”不是 static/ 里的文件"),
                "写成 /images/logo.png，文件放在 static/images/logo.png",
            );
            return None;
        }
        Some(Located::new(text.as_str().into(), span(&file)))
    }

    fn emblem(&mut self, emblem: Option<Spanned<String>>, level: &str) -> Option<Located<Arc<str>>> {
        let at = emblem.as_ref().map(span);
        let emblem = self.image("emblem", emblem)?;
        if !EMBLEM_LEVELS.contains(&level) {
            self.push(at, "只有国徽法第六条所列机关的网站可以使用国徽图案", "删去 emblem；如确属所列机关，写上 level");
            return None;
        }
        Some(emblem)
    }

    fn nav(&mut self, nav: Option<Spanned<Vec<Spanned<String>>>>) -> Option<Vec<(String, Span)>> {
        let nav = nav?.into_inner();
        if let Some(ninth) = nav.get(8) {
            self.push(span(ninth), "主导航最多 8 个栏目", "把次要的栏目放到上级栏目下");
        }
        let mut named: Vec<(String, Span)> = Vec::with_capacity(nav.len());
        for item in nav {
            let path = item.get_ref().trim().trim_matches('/').to_owned();
            match () {
                _ if path.is_empty() => {
                    self.push(span(&item), "主导航里有空的一项", "写栏目的文件夹，如 \"zwgk\"，或删去它")
                }
                _ if named.iter().any(|(other, _)| *other == path) => {
                    self.push(span(&item), format!("栏目“{path}”在主导航里写了两次"), "只保留一处")
                }
                _ => named.push((path, span(&item))),
            }
        }
        Some(named)
    }

    fn page_size(&mut self, size: Option<Spanned<i64>>) -> usize {
        let Some(size) = size else { return 20 };
        match usize::try_from(*size.get_ref()).ok().filter(|size| (1..=500).contains(size)) {
            Some(size) => size,
            None => {
                self.push(span(&size), "page_size 应当是 1 到 500 的整数", "一般写 20");
                20
            }
        }
    }

    fn crossings(&mut self, written: Vec<raw::Crossing>) -> Vec<Vec<Axis>> {
        let mut crossings = Vec::new();
        for raw::Crossing { axes } in written {
            let Some(axes) = axes else { continue };
            let at = span(&axes);
            match self.crossing(axes) {
                Some(axes) if crossings.contains(&axes) => {
                    let label = axes.iter().map(|axis| axis.label()).collect::<Vec<_>>().join(" × ");
                    self.push(at, format!("交叉目录“{label}”写了两次"), "只保留一个 [[catalogue.crossing]]");
                }
                Some(axes) => crossings.push(axes),
                None => {}
            }
        }
        crossings
    }

    fn crossing(&mut self, axes: Spanned<Vec<Spanned<String>>>) -> Option<Vec<Axis>> {
        let mut crossed = Vec::new();
        for written in axes.get_ref() {
            let (name, at) = (written.get_ref(), span(written));
            match Axis::from_key(name) {
                Some(axis) if crossed.contains(&axis) => {
                    self.push(at, format!("分类轴“{name}”写了两次"), "一个交叉里每条轴只写一次")
                }
                Some(axis) => crossed.push(axis),
                None => {
                    let known = Axis::ALL.map(Axis::key);
                    let help = did_you_mean(name, known).unwrap_or_else(|| format!("可以写：{}", known.join("、")));
                    self.push(at, format!("没有分类轴“{name}”"), &help);
                    return None;
                }
            }
        }
        if !(2..=3).contains(&crossed.len()) {
            self.push(span(&axes), "交叉目录要有两条或三条分类轴", "如 axes = [\"issuer\", \"year\"]");
            return None;
        }
        Some(crossed)
    }

    fn theme(&mut self, raw::Theme { name }: raw::Theme) -> Option<String> {
        let name = name?;
        let text = name.get_ref().trim();
        // that it is empty has been told of
        if text.is_empty() {
            return None;
        }
        if !crate::model::slug::is_plain(text) || text.starts_with('.') {
            self.push(span(&name), format!("主题名“{text}”不能用"), "写 themes/ 下的文件夹名");
            return None;
        }
        Some(text.to_owned())
    }
}

fn span<T>(value: &Spanned<T>) -> Span {
    Span::new(value.span().start, value.span().end)
}

fn text(value: Option<Spanned<String>>) -> String {
    // one line each: they stand in titles, and in comments of rules for servers
    value.map_or_else(String::new, |value| value.into_inner().trim().replace(char::is_control, " "))
}

impl Config {
    /// Stands in for a `site.toml` that could not be read, so that the documents can be looked at all the same. Nothing
    /// is ever published with it.
    pub fn stand_in() -> Self {
        let site = Site { page_size: 20, ..Site::default() };
        Self {
            file: FILE.into(),
            site,
            catalogue: CatalogueConfig::default(),
            theme: None,
            request: Request::default(),
            publish: Vec::new(),
        }
    }
}
