//! 索引号 and 文号: the two numbers by which an official document is known.

use serde::{Deserialize, Serialize};

/// 索引号, kept exactly as its author wrote it (条例 art. 12: the catalogue's first column). Never re-minted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct IndexNumber(Box<str>);

impl IndexNumber {
    /// At most 64 printable characters without white space inside; `Err` says in Chinese what is wrong.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        match () {
            _ if text.is_empty() => Err("索引号是空的"),
            _ if text.chars().count() > 64 => Err("索引号超过 64 个字符"),
            _ if text.chars().any(|c| c.is_whitespace() || c.is_control()) => Err("索引号里有空白或控制字符"),
            _ if !text.chars().any(char::is_alphanumeric) => Err("索引号里没有字母或数字"),
            _ => Ok(Self(text.into())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a segment between its separators is empty, as in `tcxzf-/2016-1117091`: a trace of a bad migration.
    pub fn has_empty_segment(&self) -> bool {
        let separator = |c: char| matches!(c, '-' | '/' | '—' | '－' | '／');
        let edge = self.0.starts_with(separator) || self.0.ends_with(separator);
        let mut previous = false;
        edge || self.0.chars().any(|c| std::mem::replace(&mut previous, separator(c)) && separator(c))
    }

    /// The year segment, if there is one: `/2016-…`, `-2020-…`, `/202110-…`, `-20141204-…`.
    pub fn year(&self) -> Option<i16> {
        let segments = self.0.split(['-', '/', '—', '－', '／']);
        segments.skip(1).find_map(|segment| {
            let digits = segment.bytes().all(|b| b.is_ascii_digit()) && matches!(segment.len(), 4 | 6 | 8);
            let year = segment.get(..4)?.parse().ok()?;
            (digits && (1949..=2099).contains(&year)).then_some(year)
        })
    }
}

/// 文号（发文字号）, GB/T 9704—2012 §7.2.5: 机关代字、年份、序号. The author's own writing is what readers see.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocNumber {
    text: Box<str>,
    parts: Option<DocNumberParts>,
}

/// `郯政办发〔2014〕31号` in its three parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocNumberParts {
    /// 机关代字
    pub office: Box<str>,
    /// 年份, four digits
    pub year: i16,
    /// 序号
    pub serial: u32,
}

impl DocNumber {
    /// `Err` says in Chinese what is wrong. Numbers of other shapes (国务院令第711号, 2014年第3号) have no parts.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let text = text.trim();
        match () {
            _ if text.is_empty() => Err("文号是空的"),
            _ if text.chars().count() > 100 => Err("文号超过 100 个字符"),
            _ if text.chars().any(char::is_control) => Err("文号里有控制字符"),
            _ => Ok(Self { parts: split(text), text: text.into() }),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn parts(&self) -> Option<&DocNumberParts> {
        self.parts.as_ref()
    }

    /// What the standard would have otherwise, in Chinese. Orders and announcements (国务院令第711号, 2014年第3号) have a
    /// writing of their own.
    pub fn oddity(&self) -> Option<&'static str> {
        let text = &*self.text;
        if self.parts.is_none() {
            let is_count = |c: char| c.is_numeric() || "一二三四五六七八九十百".contains(c);
            let is_numbered = text.trim_end().ends_with('号') && text.contains(is_count);
            let is_odd = text.contains(['〔', '[', '【', '﹝']) || !is_numbered;
            return is_odd.then_some("不合“机关代字〔年份〕序号号”的写法");
        }
        let (opening, closing) = (text.find('〔'), text.find('〕'));
        let serial = text.rsplit(CLOSING).next().unwrap_or(text).trim();
        match (opening, closing) {
            (None, _) | (_, None) => Some("的年份没有用六角括号〔〕"),
            _ if serial.starts_with('第') => Some("的序号前多了“第”字"),
            _ if serial.starts_with('0') => Some("的序号编了虚位（前面的 0）"),
            _ => None,
        }
    }

    /// The standard writing, with 〔〕 and without 第 or leading zeros, if the number has three parts.
    pub fn standard(&self) -> Option<String> {
        self.parts().map(|p| format!("{}〔{}〕{}号", p.office, p.year, p.serial))
    }
}

/// What may close the year.
const CLOSING: [char; 7] = ['〕', ']', ')', '）', '】', '﹞', '］'];

fn split(text: &str) -> Option<DocNumberParts> {
    let opening = text.find(['〔', '[', '(', '（', '【', '﹝', '［'])?;
    let office = text[..opening].trim();
    let inner = &text[opening + text[opening..].chars().next()?.len_utf8()..];
    let closing = inner.find(CLOSING)?;
    let year: i16 = inner[..closing].trim().trim_end_matches('年').parse().ok()?;
    let rest = &inner[closing + inner[closing..].chars().next()?.len_utf8()..];
    let serial = rest.trim().trim_start_matches('第').strip_suffix('号')?.trim().parse().ok()?;
    let year_is_full = (1900..=2099).contains(&year);
    (!office.is_empty() && year_is_full).then(|| DocNumberParts { office: office.into(), year, serial })
}
