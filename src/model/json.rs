//! JSON text from plain data. The home of `serde_json`: open data, findings and summaries are written by this
//! serializer, never by `format!`.

use serde::Serialize;

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

/// Appends to bytes, without a text in between: for the many large files of open data.
pub fn write<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("writing plain data to memory does not fail");
}
