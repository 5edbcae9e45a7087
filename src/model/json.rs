//! JSON text from plain data. The home of `serde_json`: open data, findings and summaries are written by this
//! serializer, never by `format!`.

use serde::{Deserialize, Serialize};

use super::hidden::is_hidden;

/// On one line, keys in the order of the fields.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data without maps of odd keys is always JSON")
}

/// Indented by two spaces, with a line break at the end.
pub fn to_pretty<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain data without maps of odd keys is always JSON");
    text.push('\n');
    text
}

/// Such a text for a terminal: what steers it, and what nobody sees, is written as an escape. A program reads the same.
pub fn visible(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| visible += &format!("\\u{unit:04x}")),
            false => visible.push(c),
        }
    }
    visible
}

/// In bytes with a line break at the end, without a text in between: for the many large files of open data.
pub fn to_bytes<T: Serialize + ?Sized>(value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    serde_json::to_writer(&mut out, value).expect("writing plain data to memory does not fail");
    out.push(b'\n');
    out
}

/// Data that this program wrote earlier; `None` if the text is anything else.
pub fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// JSON that is written already and goes into larger documents as it is.
pub type Ready = serde_json::value::RawValue;

pub fn ready<T: Serialize + ?Sized>(value: &T) -> Box<Ready> {
    serde_json::value::to_raw_value(value).expect("plain data without maps of odd keys is always JSON")
}
