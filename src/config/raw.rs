//! Exactly what `site.toml` may say. What is wrong with one key hides nothing of the others; an unknown key is an error.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::span;
use crate::diag::suggest::did_you_mean;
use crate::model::Span;

#[derive(Default)]
pub struct Raw {
    pub site: Site,
    pub catalogue: Catalogue,
    pub theme: Option<Theme>,
    pub request: Request,
    pub publish: Vec<Publish>,
}

#[derive(Default)]
pub struct Site {
    pub name: Option<Spanned<String>>,
    pub base_url: Option<Spanned<String>>,
    pub id_code: Option<Spanned<String>>,
    pub organizer: Option<Spanned<String>>,
    pub undertaker: Option<Spanned<String>>,
    pub contact: Option<Spanned<String>>,
    pub address: Option<Spanned<String>>,
    pub icp: Option<Spanned<String>>,
    pub police: Option<Spanned<String>>,
    pub level: Option<Spanned<String>>,
    pub palette: Option<Spanned<String>>,
    pub logo: Option<Spanned<String>>,
    pub favicon: Option<Spanned<String>>,
    pub emblem: Option<Spanned<String>>,
    pub nav: Option<Spanned<Vec<Spanned<String>>>>,
    pub description: Option<Spanned<String>>,
    pub page_size: Option<Spanned<i64>>,
}

#[derive(Default)]
pub struct Catalogue {
    pub crossing: Vec<Crossing>,
}

pub struct Crossing {
    pub axes: Option<Spanned<Vec<Spanned<String>>>>,
}

pub struct Theme {
    pub name: Option<Spanned<String>>,
}

#[derive(Default)]
pub struct Request {
    pub url: Option<Spanned<String>>,
    pub action: Option<Spanned<String>>,
}

/// `[publish.NAME]`
pub struct Publish {
    pub name: Spanned<String>,
    pub kind: Option<Spanned<String>>,
    pub keep: Option<Spanned<i64>>,
    pub host: Host,
    pub at: Where,
}

/// Of `[publish.NAME]`, where the target is: each type knows some of these keys.
#[derive(Default)]
pub struct Where {
    pub path: Option<Spanned<String>>,
    pub endpoint: Option<Spanned<String>>,
    pub bucket: Option<Spanned<String>>,
    pub region: Option<Spanned<String>>,
    pub user: Option<Spanned<String>>,
    pub key: Option<Spanned<String>>,
    pub repository: Option<Spanned<String>>,
    pub branch: Option<Spanned<String>>,
    pub state: Option<Spanned<String>>,
    pub secrets: Option<Spanned<String>>,
    pub ignore: Option<Spanned<Vec<Spanned<String>>>>,
    pub workers: Option<Spanned<i64>>,
    pub retries: Option<Spanned<i64>>,
    pub timeout: Option<Spanned<i64>>,
}

/// What `[publish.NAME]` says of whoever serves the site.
#[derive(Default)]
pub struct Host {
    pub host: Option<Spanned<Vec<Spanned<String>>>>,
    pub compress: Option<Spanned<Vec<Spanned<String>>>>,
    pub headers: Option<Spanned<bool>>,
    pub csp: Option<Spanned<String>>,
    pub rules: Vec<Rule>,
}

/// `[[publish.NAME.rules]]`
pub struct Rule {
    pub pattern: Option<Spanned<String>>,
    pub cache: Option<Spanned<String>>,
    pub media: Option<Spanned<String>>,
}

/// What is wrong with a key or its value: place, message, advice.
pub type Problem = (Option<Span>, String, String);

/// What the file says, and every key or value of it that cannot be used. `broken`: keys whose lines are no TOML.
pub fn read(file: &DeTable, broken: &[&str]) -> (Raw, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut raw = Raw::default();
    let mut top = Keys::of("文件的最上层", None, file, broken, &mut problems);
    let (site, catalogue, theme) = (top.table("site"), top.table("catalogue"), top.table("theme"));
    let (request, publish) = (top.table("request"), top.table("publish"));
    let top = top.unknown();
    let mut site_keys = Vec::new();
    let is_there = file.iter().any(|(name, _)| name.get_ref() == "site");
    if !is_there && !broken.iter().any(|line| line.contains("[site")) {
        let help = "写上单独一行 [site]，下面写 name、base_url、organizer，见 gongkai explain G070";
        problems.push((None, "缺少 [site]".to_owned(), help.to_owned()));
    }
    if let Some((at, table)) = site {
        let mut keys = Keys::of("[site] ", Some(at), table, broken, &mut problems);
        raw.site = site_of(&mut keys);
        site_keys = keys.known.clone();
        tell(keys.unknown(), &[], &mut problems);
    }
    if let Some((at, table)) = catalogue {
        let mut keys = Keys::of("[catalogue] ", Some(at), table, broken, &mut problems);
        let crossings = keys.tables("crossing", "[[catalogue.crossing]]");
        tell(keys.unknown(), &site_keys, &mut problems);
        for (at, table) in crossings {
            let mut keys = Keys::of("[[catalogue.crossing]] ", Some(at), table, broken, &mut problems);
            keys.require("axes", "[\"issuer\", \"year\"]");
            raw.catalogue.crossing.push(Crossing { axes: keys.texts("axes") });
            tell(keys.unknown(), &site_keys, &mut problems);
        }
    }
    if let Some((at, table)) = theme {
        let mut keys = Keys::of("[theme] ", Some(at), table, broken, &mut problems);
        keys.require("name", "\"xian\"");
        raw.theme = Some(Theme { name: keys.text("name") });
        tell(keys.unknown(), &site_keys, &mut problems);
    }
    if let Some((at, table)) = request {
        let mut keys = Keys::of("[request] ", Some(at), table, broken, &mut problems);
        raw.request = Request { url: keys.text("url"), action: keys.text("action") };
        tell(keys.unknown(), &site_keys, &mut problems);
    }
    for (name, value) in publish.into_iter().flat_map(|(_, table)| table.iter()) {
        let Some(table) = value.get_ref().as_table() else {
            let help =
                "每个发布目标写成单独一行 [publish.名称]，下面写 type、path 等，见 gongkai publish --help".to_owned();
            problems.push((Some(span(name)), format!("[publish] 下的“{}”应当是表", name.get_ref()), help));
            continue;
        };
        let mut keys = Keys::of("[publish.名称] ", Some(span(name)), table, broken, &mut problems);
        let mut target = publish_of(name, &mut keys);
        let rules = keys.tables("rules", "[[publish.名称.rules]]");
        tell(keys.unknown(), &site_keys, &mut problems);
        for (at, table) in rules {
            let mut keys = Keys::of("[[publish.名称.rules]] ", Some(at), table, broken, &mut problems);
            keys.require("match", "\"assets/**\"");
            let (pattern, cache, media) = (keys.text("match"), keys.text("cache"), keys.text("type"));
            target.host.rules.push(Rule { pattern, cache, media });
            tell(keys.unknown(), &site_keys, &mut problems);
        }
        raw.publish.push(target);
    }
    // below the head of a table that is no TOML all keys stand in the wrong one
    if !broken.iter().any(|line| line.starts_with('[')) {
        tell(top, &site_keys, &mut problems);
    }
    (raw, problems)
}

fn publish_of(name: &Spanned<std::borrow::Cow<str>>, keys: &mut Keys) -> Publish {
    keys.require("type", "\"folder\"");
    for key in ["password", "passwd", "secret", "secret_key", "access_key", "token"] {
        if keys.get(key).is_some() {
            // told at the head of the table: its own line would be shown with what must not be shown
            let help = "写在环境变量 GONGKAI_目标_PASSWORD 等，或 secrets 所指的仓库以外的文件里；已经写在这里的，请删去并更换";
            keys.problems.push((keys.at, format!("口令和密钥不能写在 site.toml 里（{key}）"), help.to_owned()));
        }
    }
    Publish {
        name: Spanned::new(name.span(), name.get_ref().to_string()),
        kind: keys.text("type"),
        keep: keys.number("keep"),
        host: Host {
            host: keys.texts("host"),
            compress: keys.texts("compress"),
            headers: keys.flag("headers"),
            csp: keys.text("csp"),
            rules: Vec::new(),
        },
        at: Where {
            path: keys.text("path"),
            endpoint: keys.text("endpoint"),
            bucket: keys.text("bucket"),
            region: keys.text("region"),
            user: keys.text("user"),
            key: keys.text("key"),
            repository: keys.text("repository"),
            branch: keys.text("branch"),
            state: keys.text("state"),
            secrets: keys.text("secrets"),
            ignore: keys.texts("ignore"),
            workers: keys.number("workers"),
            retries: keys.number("retries"),
            timeout: keys.number("timeout"),
        },
    }
}

fn site_of(keys: &mut Keys) -> Site {
    keys.require("name", "\"郯城县人民政府\"");
    keys.require("base_url", "\"https://www.example.gov.cn\"");
    keys.require("organizer", "\"郯城县人民政府办公室\"");
    Site {
        name: keys.text("name"),
        base_url: keys.text("base_url"),
        id_code: keys.text("id_code"),
        organizer: keys.text("organizer"),
        undertaker: keys.text("undertaker"),
        contact: keys.text("contact"),
        address: keys.text("address"),
        icp: keys.text("icp"),
        police: keys.text("police"),
        level: keys.text("level"),
        palette: keys.text("palette"),
        logo: keys.text("logo"),
        favicon: keys.text("favicon"),
        emblem: keys.text("emblem"),
        nav: keys.texts("nav"),
        description: keys.text("description"),
        page_size: keys.number("page_size"),
    }
}

/// The keys of one table. What is asked for is known; the rest is not.
struct Keys<'t, 'p> {
    /// For messages: `[site] `.
    place: &'static str,
    /// Where the table's header stands.
    at: Option<Span>,
    table: &'t DeTable<'t>,
    known: Vec<&'static str>,
    broken: &'t [&'t str],
    problems: &'p mut Vec<Problem>,
}

/// Keys that nobody asked for, with those that the table may have.
struct Unknown {
    place: &'static str,
    keys: Vec<(Span, String)>,
    known: Vec<&'static str>,
}

impl<'t, 'p> Keys<'t, 'p> {
    fn of(
        place: &'static str,
        at: Option<Span>,
        table: &'t DeTable<'t>,
        broken: &'t [&'t str],
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        Self { place, at, table, known: Vec::new(), broken, problems }
    }

    /// Tells if a key is not there, and if its text is empty.
    fn require(&mut self, key: &'static str, example: &str) {
        let found = self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value);
        match found {
            // the head of a table that is no TOML: what stands below it is in no table
            None if self.broken.iter().any(|line| *line == key || line.starts_with('[')) => {}
            None => {
                let help = format!("在 {}下写上 {key} = {example}，见 gongkai explain G070", self.place);
                self.problems.push((self.at, format!("缺少必填的键“{key}”"), help));
            }
            Some(value) if value.get_ref().as_str().is_some_and(|text| text.trim().is_empty()) => {
                let help = format!("写成 {key} = {example}");
                self.problems.push((Some(span(value)), format!("“{key}”是空的"), help));
            }
            Some(_) => {}
        }
    }

    fn get(&mut self, key: &'static str) -> Option<(Span, &'t Spanned<DeValue<'t>>)> {
        self.known.push(key);
        let (name, value) = self.table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((span(name), value))
    }

    fn wrong(&mut self, key: &str, value: &Spanned<DeValue>, wanted: &str, help: String) {
        let message = format!("“{key}”应当是{wanted}，这里却是{}", what(value.get_ref()));
        self.problems.push((Some(span(value)), message, help));
    }

    fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let (_, value) = self.get(key)?;
        let text = text_of(value);
        if text.is_none() {
            self.wrong(key, value, "文字", format!("用半角双引号括起来：{key} = \"…\""));
        }
        text
    }

    fn texts(&mut self, key: &'static str) -> Option<Spanned<Vec<Spanned<String>>>> {
        let (_, value) = self.get(key)?;
        let help = || format!("用方括号，各项用半角双引号括起来：{key} = [\"…\", \"…\"]");
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(key, value, "列表", help());
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for item in items {
            match text_of(item) {
                Some(text) => texts.push(text),
                None => self.wrong(key, item, "文字的列表", help()),
            }
        }
        Some(Spanned::new(value.span(), texts))
    }

    fn number(&mut self, key: &'static str) -> Option<Spanned<i64>> {
        let (_, value) = self.get(key)?;
        let Some(number) = value.get_ref().as_integer() else {
            self.wrong(key, value, "整数", format!("不加引号：{key} = 20"));
            return None;
        };
        // a number that does not fit is too large for any use
        let number = i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX);
        Some(Spanned::new(value.span(), number))
    }

    /// A table, with the place of its header.
    fn table(&mut self, key: &'static str) -> Option<(Span, &'t DeTable<'t>)> {
        let (at, value) = self.get(key)?;
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, value, "表", format!("写成单独一行 [{key}]，下面每行一个“键 = 值”"));
        }
        Some((at, table?))
    }

    fn flag(&mut self, key: &'static str) -> Option<Spanned<bool>> {
        let (_, value) = self.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong(key, value, "真假值", format!("不加引号：{key} = true 或 {key} = false"));
        }
        Some(Spanned::new(value.span(), flag?))
    }

    /// Tables of one name, each with its place. `head`: how such a table begins.
    fn tables(&mut self, key: &'static str, head: &str) -> Vec<(Span, &'t DeTable<'t>)> {
        let Some((_, value)) = self.get(key) else { return Vec::new() };
        let help = format!("写成单独一行 {head}（两层方括号），下面每行一个“键 = 值”");
        let Some(items) = value.get_ref().as_array() else {
            self.wrong(key, value, "表的列表", help);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => tables.push((span(item), table)),
                None => self.wrong(key, item, "表", help.clone()),
            }
        }
        tables
    }

    fn unknown(self) -> Unknown {
        let is_unknown = |name: &str| !self.known.contains(&name);
        let keys = self.table.iter().map(|(name, _)| (span(name), name.get_ref().to_string()));
        Unknown { place: self.place, keys: keys.filter(|(_, name)| is_unknown(name)).collect(), known: self.known }
    }
}

/// `elsewhere`: the keys of `[site]`, under which a key belongs that stands in the wrong table.
fn tell(unknown: Unknown, elsewhere: &[&str], problems: &mut Vec<Problem>) {
    for (at, name) in unknown.keys {
        let help = match elsewhere.contains(&name.as_str()) {
            true => format!("“{name}”写在 [site] 下面"),
            false => did_you_mean(&name, unknown.known.iter().copied())
                .unwrap_or_else(|| format!("{}可以写：{}", unknown.place, unknown.known.join("、"))),
        };
        problems.push((Some(at), format!("未知的键“{name}”"), help));
    }
}

fn text_of(value: &Spanned<DeValue>) -> Option<Spanned<String>> {
    Some(Spanned::new(value.span(), value.get_ref().as_str()?.to_owned()))
}

fn what(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "文字",
        DeValue::Integer(_) | DeValue::Float(_) => "数字",
        DeValue::Boolean(_) => "真假值",
        DeValue::Datetime(_) => "日期",
        DeValue::Array(_) => "列表",
        DeValue::Table(_) => "表",
    }
}
