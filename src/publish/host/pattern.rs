//! Patterns of paths in the language of servers: regular expressions of PCRE, over the bytes of an address.

use std::fmt::Write;

use crate::model::Glob;
use crate::model::glob::Part;

/// An expression for addresses of the host, of the site that lies in `folder`; `ends` may follow, as the ends of copies.
pub fn expression(glob: &Glob, folder: &str, ends: &str) -> String {
    let mut out = String::from("^/");
    folder.chars().for_each(|c| literal(&mut out, c));
    for part in glob.parts() {
        match part {
            Part::Char(c) => literal(&mut out, *c),
            // one character, however many bytes it has
            Part::One => out.push_str(r"(?:[^/\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)"),
            Part::Name => out.push_str("[^/]*"),
            Part::Folders => out.push_str("(?:[^/]*/)*"),
            Part::All => out.push_str(".*"),
        }
    }
    out + ends + "$"
}

/// The text itself as an expression.
pub fn of_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| literal(&mut out, c));
    out
}

/// Signs that mean something to an expression, or to the file that it stands in, are written as such or by their number.
fn literal(out: &mut String, c: char) {
    match c {
        '.' => out.push_str(r"\."),
        '-' | '_' | '/' | '~' | ',' | '=' | ':' | '@' => out.push(c),
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => {
            write!(out, r"\x{:02x}", c as u32).expect("a text takes everything")
        }
        _ => out.push(c),
    }
}
