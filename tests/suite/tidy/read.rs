//! The repository as the house rules see it: files, Rust code without comments and strings, imports.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the repository.
pub struct File {
    /// From the repository's root, with `/`.
    pub path: String,
    pub text: String,
    /// Rust: the text with comments, strings and characters blanked out, byte for byte in the same place.
    pub code: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text of one file.
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every text file below a folder whose name ends so, sorted by path. What git ignores is passed over.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let mut paths = Vec::new();
    collect(&root().join(folder), &mut paths);
    paths.sort();
    let here = root();
    let relative = |path: &Path| path.strip_prefix(&here).unwrap().to_string_lossy().replace('\\', "/");
    let mut files = Vec::new();
    for path in paths.iter().filter(|path| path.to_string_lossy().ends_with(ending)) {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let code =
            if path.extension().is_some_and(|extension| extension == "rs") { code(&text) } else { String::new() };
        files.push(File { path: relative(path), text, code });
    }
    assert!(!files.is_empty(), "no {ending} below {folder}");
    files
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if ["target", "public", "node_modules", ".git", ".gongkai"].iter().any(|ignored| name == *ignored) {
            continue;
        }
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => collect(&entry.path(), paths),
            kind if kind.is_file() => paths.push(entry.path()),
            _ => {}
        }
    }
}

impl File {
    /// The top-level module of `src/` that the file belongs to: `plan` of `src/plan/data.rs`.
    pub fn module(&self) -> &str {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        inner.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Line of a place, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }

    /// Where the code names `word` as a whole path: `word::`, `use word`. A tail of another path does not count.
    pub fn uses_crate(&self, word: &str) -> Option<usize> {
        words(&self.code, word).find(|at| {
            let before = self.code[..*at].trim_end();
            let after = self.code[at + word.len()..].trim_start();
            let imported = before.ends_with("use") && after.starts_with([';', 'a']);
            !before.ends_with("::") && !before.ends_with('.') && (after.starts_with("::") || imported)
        })
    }

    /// Every place where the code says one of these words.
    pub fn says<'a>(&'a self, wanted: &'a [&'a str]) -> impl Iterator<Item = (&'a str, usize)> {
        wanted.iter().flat_map(|word| words(&self.code, word).map(|at| (*word, at)))
    }

    /// Top-level modules named by `crate::…` and by `super::…` chains that reach the root, with their places.
    pub fn imports(&self) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        for at in words(&self.code, "crate::") {
            heads(&self.code[at + "crate::".len()..], &mut |name| found.push((name.to_owned(), at)));
        }
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        let chain = "super::".repeat(inner.split('/').count());
        for at in words(&self.code, &chain) {
            heads(&self.code[at + chain.len()..], &mut |name| found.push((name.to_owned(), at)));
        }
        found
    }
}

/// The first names of a use tree: `a` of `a::b`, `a` and `b` of `{a::{x, y}, b}`.
fn heads<'a>(tree: &'a str, found: &mut dyn FnMut(&'a str)) {
    let tree = tree.trim_start();
    let Some(group) = tree.strip_prefix('{') else {
        let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
        return if end > 0 {
            found(&tree[..end])
        };
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                heads(&group[start..at], found);
                start = at + 1;
                if c == '}' {
                    return;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
}

/// Places of a word that is not part of a longer one.
pub fn words<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let open = !word.starts_with(is_part) || !text[..*at].ends_with(is_part);
        open && (!word.ends_with(is_part) || !text[at + word.len()..].starts_with(is_part))
    })
}

/// The part of a code from the first `{` on, up to its closing `}`.
pub fn braces(code: &str) -> &str {
    let start = code.find('{').unwrap();
    let mut depth = 0;
    for (at, c) in code[start..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return &code[start..=start + at],
            '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("a brace is never closed")
}

/// Rust with comments, strings and characters blanked out.
fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let blank = literal(rest).filter(|_| !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let taken = blank.unwrap_or_else(|| rest.chars().next().unwrap().len_utf8());
        match blank {
            Some(_) => out.extend(rest[..taken].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' })),
            None => out.push_str(&rest[..taken]),
        }
        at += taken;
    }
    out
}

/// The length of the comment, string or character that begins here.
fn literal(text: &str) -> Option<usize> {
    let until = |from: usize, end: &str| text[from..].find(end).map_or(text.len(), |at| from + at + end.len());
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return Some(until(2, "*/"));
    }
    let bare = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - bare.len();
    if let Some(raw) = bare.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        return raw[hashes..]
            .starts_with('"')
            .then(|| until(prefix + 2 + hashes, &format!("\"{}", "#".repeat(hashes))));
    }
    let quote = bare.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut inside = bare[1..].char_indices();
    let mut count = 0;
    while let Some((at, c)) = inside.next() {
        match c {
            '\\' => _ = inside.next(),
            _ if c == quote => return Some(prefix + at + 2),
            _ => {}
        }
        count += 1;
        // a lifetime is no character
        if quote == '\'' && count > 1 && !bare[1..].starts_with('\\') {
            return None;
        }
    }
    None
}

#[test]
fn code_is_what_is_neither_comment_nor_string() {
    let text = "let a = \"x // {\"; // b\nlet c: &'a str = r#\"d\"e\"#; let f = ('g', '\\'', b'\\n', '{'); /* h\n*/ let bar = 'é';";
    let code = code(text);
    assert_eq!(code.len(), text.len());
    let bare: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(bare, "let a = ; let c: &'a str = ; let f = ( , , , ); let bar = ;");
}

#[test]
fn imports_are_found_in_braces_and_behind_super() {
    let text =
        "use crate::{plan::{A, b::C}, render::{self}, emit};\nfn f() { crate::diag::sort(); super::super::model::x() }";
    let file = File { path: "src/plan/data.rs".into(), text: text.into(), code: code(text) };
    let names: Vec<String> = file.imports().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["plan", "render", "emit", "diag", "model"]);
    let text = "use super::super::Other;";
    let deep = File { path: "src/render/views/page.rs".into(), text: text.into(), code: code(text) };
    assert!(deep.imports().is_empty());
}
