//! Names that an address is made of. The home of `pinyin` and `unicode-normalization`.

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use super::hash::Hash128;
use super::hidden::is_invisible;

/// Longest pinyin slug, in letters, before its hash.
const PINYIN_LETTERS: usize = 60;
/// Names that a listing's own files have; a document cannot be called so.
const RESERVED: [&str; 5] = ["index", "rss", "catalogue", "404", "assets"];
/// Names that Windows hosts cannot hold, with any extension.
const WINDOWS: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Unicode NFC: the one form in which names are compared.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The slug of a name: the name itself if it is ASCII letters, digits, `-`, `_`, `.`; else its pinyin, cut
/// at 60 letters, with `-` and six hex digits of the name's hash, so that no later document can change it.
pub fn slug(name: &str) -> String {
    if is_plain(name) && !name.starts_with('.') && name_problem(name).is_none() {
        return name.to_owned();
    }
    let name = nfc(name);
    let mut letters = String::new();
    for (c, syllable) in name.chars().zip(name.as_str().to_pinyin()) {
        if letters.len() >= PINYIN_LETTERS {
            break;
        }
        match syllable {
            Some(syllable) => letters.push_str(&syllable.plain().replace('ü', "v")),
            None if c.is_ascii_alphanumeric() => letters.push(c.to_ascii_lowercase()),
            None => {}
        }
    }
    letters.truncate(PINYIN_LETTERS);
    let hash = Hash128::of_bytes(name.as_bytes()).to_string();
    format!("{letters}{}{}", if letters.is_empty() { "n-" } else { "-" }, &hash[..6])
}

/// Whether an address can hold the name as it is.
pub fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Whether a document or folder of this slug would hide a file of its folder's listing (`index`, `list_3`, `rss.xml` …).
pub fn is_reserved(slug: &str) -> bool {
    // hosts that do not tell capitals from small letters hold one of the two
    let slug = slug.split('.').next().unwrap_or(slug).to_ascii_lowercase();
    let numbered = slug
        .strip_prefix("list_")
        .or(slug.strip_prefix("data_"))
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    numbered || RESERVED.contains(&slug.as_str())
}

/// What a host could not do with this file or folder name, in Chinese; `None` if every host can hold it.
pub fn name_problem(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or(name);
    match () {
        _ if name.is_empty() || name == "." || name == ".." => Some("名称是空的或只有点"),
        _ if name.len() > 255 => Some("名称超过 255 字节"),
        // the names of most files, for which the searches below find nothing
        _ if is_plain(name) && !name.ends_with('.') => windows_problem(stem),
        _ if name.chars().any(|c| c.is_control()) => Some("名称里有控制字符"),
        _ if name.chars().any(is_invisible) => Some("名称里有看不见的字符（零宽或双向控制符）"),
        _ if name.contains(['\\', ':', '*', '?', '"', '<', '>', '|', '/']) => Some("名称里有 \\ : * ? \" < > | 之一"),
        _ if name.ends_with(['.', ' ']) || name.starts_with(' ') => Some("名称以空格开头，或以点、空格结尾"),
        _ => windows_problem(stem),
    }
}

fn windows_problem(stem: &str) -> Option<&'static str> {
    let may_be = stem.len() <= 4 && stem.starts_with(['c', 'p', 'a', 'n', 'l', 'C', 'P', 'A', 'N', 'L']);
    let is_it = may_be && WINDOWS.iter().any(|reserved| stem.eq_ignore_ascii_case(reserved));
    is_it.then_some("这是 Windows 的保留名称")
}
