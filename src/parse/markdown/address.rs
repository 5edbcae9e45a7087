//! Where a link may lead. What is refused here is refused in all its disguises: entities are resolved by the parser,
//! percent-encoding, full-width letters and hidden characters here.

use std::ops::Range;

use pulldown_cmark::LinkType;

use crate::diag::Code;
use crate::model::hidden::is_invisible;

/// What a link's destination is to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// In the site: a relative path, an anchor, `/x`, or `索引号:…`. Resolved by a later stage.
    Internal,
    /// An address that begins with `http:` or `https:`; never of an image.
    Web,
    /// `mailto:` and `tel:`.
    Contact,
}

/// Why a destination is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub help: &'static str,
}

const SCHEMES: &str = "链接只能用 http、https、mailto、tel，或写站内的相对路径、锚点、“索引号:…”";

/// Schemes that somebody may want to write so that they are not recognised.
const DISGUISED: [&str; 18] = [
    "javascript",
    "vbscript",
    "livescript",
    "data",
    "file",
    "blob",
    "filesystem",
    "about",
    "view-source",
    "jar",
    "http",
    "https",
    "ftp",
    "ws",
    "wss",
    "mailto",
    "tel",
    "intent",
];

/// Judges the destination of a link or image; `<a@b.cn>` has its scheme from the parser.
pub fn of_link(destination: &str, is_email: bool, is_image: bool) -> Result<Destination, Refusal> {
    if is_email { mail(destination) } else { judge(destination, is_image) }
}

/// Judges a destination as the parser gives it. Images lead to files only.
pub fn judge(destination: &str, is_image: bool) -> Result<Destination, Refusal> {
    characters(destination)?;
    let decoded = decode(destination);
    let folded = fold(&decoded);
    let scheme = scheme_of(destination);
    if scheme.is_none() && scheme_of(&folded).is_some_and(|hidden| is_disguise(hidden, destination)) {
        return Err(unsafe_link(
            format!("链接地址“{}”用变形的字符写协议", shown(destination)),
            "网址请用普通的半角字符完整写出，如 https://www.example.gov.cn/",
        ));
    }
    match scheme {
        None => internal(destination, &decoded, &folded),
        Some(scheme) => {
            let rest = &destination[scheme.len() + 1..];
            match scheme.to_ascii_lowercase().as_str() {
                // who opens a page asks nobody but the site for it, and tells nobody else that he reads it
                "http" | "https" if is_image => Err(unsafe_link(
                    format!("图片“{}”在别的网站上，打开网页就会向那里发出请求", shown(destination)),
                    "把图片下载下来，放在这份文件旁边，写它的文件名",
                )),
                "http" | "https" => web(rest).map(|()| Destination::Web),
                "mailto" if !is_image => mail(rest),
                "tel" if !is_image => telephone(rest),
                "mailto" | "tel" => Err(unsafe_link("图片不能用邮件或电话地址".to_owned(), "写图片文件的相对路径")),
                scheme => Err(other_scheme(scheme)),
            }
        }
    }
}

/// `ｊａｖａｓｃｒｉｐｔ：`, `java%73cript:`; but not a file called `FAQ：常见问题.md`.
fn is_disguise(scheme: &str, destination: &str) -> bool {
    destination.contains('%') || DISGUISED.contains(&scheme.to_ascii_lowercase().as_str())
}

/// Characters that no address has.
fn characters(destination: &str) -> Result<(), Refusal> {
    if let Some(c) = destination.chars().find(|c| is_invisible(*c)) {
        let message = format!("链接地址里有看不见的字符 U+{:04X}", u32::from(c));
        return Err(Refusal { code: Code::G007, message, help: "删去这个字符，或把地址重新输入一遍" });
    }
    if let Some(c) = destination.chars().find(|c| c.is_control()) {
        let message = format!("链接地址里有控制字符 U+{:04X}", u32::from(c));
        return Err(unsafe_link(message, "删去这个字符，或把地址重新输入一遍"));
    }
    if destination.contains('\\') {
        return Err(unsafe_link(format!("链接地址“{}”里有反斜杠", shown(destination)), "路径用 / 分隔，不用 \\"));
    }
    Ok(())
}

fn internal(destination: &str, decoded: &str, folded: &str) -> Result<Destination, Refusal> {
    if folded.starts_with("//") {
        return Err(unsafe_link(
            format!("链接地址“{}”没有协议，会指向别的网站", shown(destination)),
            "站外网址写明 https://，站内地址只用一个 / 开头",
        ));
    }
    if decoded.chars().any(char::is_control) || decoded.contains('\\') {
        return Err(unsafe_link(
            format!("链接地址“{}”里有编码过的控制字符或反斜杠", shown(destination)),
            "写文件本来的名字",
        ));
    }
    Ok(Destination::Internal)
}

/// What follows `http:` or `https:`.
fn web(rest: &str) -> Result<(), Refusal> {
    let help = "站外网址的写法：https://域名/路径";
    let Some(after) = rest.strip_prefix("//") else {
        return Err(unsafe_link("网址的协议后缺少 //".to_owned(), help));
    };
    let authority = &after[..after.find(['/', '?', '#']).unwrap_or(after.len())];
    if authority.contains('@') {
        let message = format!("网址“{}”里有用户名，容易冒充别的网站", shown(authority));
        return Err(unsafe_link(message, "删去 @ 和它前面的部分"));
    }
    if is_host(authority) {
        Ok(())
    } else {
        Err(unsafe_link("网址里没有域名，或域名有误".to_owned(), help))
    }
}

/// `www.example.gov.cn`, `例子.中国`, `[::1]`, each with an optional port.
fn is_host(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let is_full_width = |c: char| ('\u{ff01}'..='\u{ff5e}').contains(&c);
    let named = host.starts_with(char::is_alphanumeric)
        && !host.contains("..")
        && host.chars().all(|c| (c.is_alphanumeric() && !is_full_width(c)) || matches!(c, '.' | '-' | '_'));
    let numbered = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .is_some_and(|host| !host.is_empty() && host.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.')));
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    (named || numbered) && port.is_none_or(is_port)
}

fn mail(rest: &str) -> Result<Destination, Refusal> {
    let address = rest.split('?').next().unwrap_or(rest);
    let whole = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    // `%0a` would begin another line of the letter's head
    let is_one_line = !decode(rest).chars().any(char::is_control);
    if whole && is_one_line && !address.contains([' ', '<', '>', '"']) {
        Ok(Destination::Contact)
    } else {
        Err(unsafe_link("邮件地址有误".to_owned(), "写法：mailto:xxgk@example.gov.cn"))
    }
}

fn telephone(rest: &str) -> Result<Destination, Refusal> {
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    if digits >= 3 && rest.bytes().all(|b| b.is_ascii_digit() || b"+-(). ;=,ext".contains(&b)) {
        Ok(Destination::Contact)
    } else {
        Err(unsafe_link("电话号码有误".to_owned(), "写法：tel:0539-6221234"))
    }
}

fn other_scheme(scheme: &str) -> Refusal {
    let (message, help) = match scheme {
        "file" => ("链接指向某台电脑上的文件，读者打不开".to_owned(), "把文件放在这份文件旁边，写相对路径"),
        letter if letter.len() == 1 => (
            format!("链接指向某台电脑的 {}: 盘，读者打不开", letter.to_ascii_uppercase()),
            "把文件放在这份文件旁边，写相对路径",
        ),
        other => (format!("链接用了不允许的协议“{}:”", shown(other)), SCHEMES),
    };
    unsafe_link(message, help)
}

fn unsafe_link(message: String, help: &'static str) -> Refusal {
    Refusal { code: Code::G031, message, help }
}

/// The scheme of an address: letters before a `:` that stands before any `/`, `?`, `#`.
fn scheme_of(address: &str) -> Option<&str> {
    let scheme = &address[..address.find([':', '/', '?', '#']).filter(|at| address[*at..].starts_with(':'))?];
    let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    (scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(is_part)).then_some(scheme)
}

/// The address with percent-encoded ASCII resolved, also twice and three times.
fn decode(address: &str) -> String {
    (0..3).fold(address.to_owned(), |address, _| decode_ascii(&address))
}

/// The decoded address as the most lenient reader might take it: full-width characters narrowed, white space and what
/// cannot be seen left out up to the first `/`.
fn fold(decoded: &str) -> String {
    let narrow = |c: char| match u32::from(c) {
        code @ 0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(c),
        0xfe55 | 0xfe13 | 0x2236 | 0xa789 => ':',
        0x2044 | 0x2215 => '/',
        _ => c,
    };
    let text: String = decoded.chars().map(narrow).collect();
    let head = text.find(['/', '?', '#']).unwrap_or(text.len());
    let seen = |c: &char| !c.is_whitespace() && !c.is_control() && !is_invisible(*c);
    text[..head].chars().filter(seen).chain(text[head..].chars()).collect()
}

/// Resolves `%41` and the like where they stand for ASCII.
fn decode_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let digit = |i: usize| rest.as_bytes().get(at + i).and_then(|b| (*b as char).to_digit(16));
        match (digit(1), digit(2)) {
            (Some(high), Some(low)) if high < 8 => {
                out.push(char::from((high * 16 + low) as u8));
                rest = &rest[at + 3..];
            }
            _ => {
                out.push('%');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// At most forty characters of what an author wrote.
fn shown(text: &str) -> String {
    let end = text.char_indices().nth(40).map_or(text.len(), |(at, _)| at);
    let dots = if end < text.len() { "…" } else { "" };
    format!("{}{dots}", &text[..end])
}

/// Where in a link its destination stands; the whole link if it stands elsewhere (`[a][b]`) or is written otherwise.
pub fn place(text: &str, link: &Range<usize>, link_type: LinkType, destination: &str) -> Range<usize> {
    let source = &text[link.clone()];
    let found = match link_type {
        LinkType::Inline => source.rfind("](").and_then(|at| {
            let from = at + 2;
            let skipped =
                source[from..].len() - source[from..].trim_start_matches([' ', '\t', '\n', '\r', '<', '>']).len();
            source[from + skipped..].starts_with(destination).then_some(from + skipped)
        }),
        LinkType::Autolink | LinkType::Email => Some(1),
        _ => None,
    };
    match found {
        Some(at) if !destination.is_empty() => link.start + at..link.start + at + destination.len(),
        _ => link.clone(),
    }
}
