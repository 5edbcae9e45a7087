//! Hostile inputs, each of another kind, with the refusal each must get; beside them look-alikes that must pass.

mod benign;
mod refused;
mod tricks;

use crate::site_test::{PDF, PNG, SITE_TOML, SiteTest, channel, doc};

/// Where an input is, from the site's root.
type Files = Vec<(String, Vec<u8>)>;

/// One input and what must be said of it.
pub struct Row {
    name: &'static str,
    files: Files,
    /// Code and path of the finding; empty if it must pass.
    code: &'static str,
    path: String,
    /// The line it must name; 0 if it is about the file itself.
    line: usize,
    /// The message or the advice must hold this.
    says: &'static str,
}

impl Row {
    fn new(name: &'static str, code: &'static str, path: &str, line: usize, text: impl AsRef<[u8]>) -> Self {
        let files = vec![(path.to_owned(), text.as_ref().to_owned())];
        Self { name, files, code, path: path.to_owned(), line, says: "" }
    }

    /// Lines of front matter after title, issuer and date; the first of them is line 5.
    fn front(name: &'static str, code: &'static str, more: &str) -> Self {
        Self::new(name, code, "content/a.md", 5, doc("甲", "2014-12-04", more))
    }

    /// A whole front matter, whose first line is line 2.
    fn head(name: &'static str, code: &'static str, line: usize, front: &str) -> Self {
        Self::new(name, code, "content/a.md", line, format!("---\n{front}\n---\n\n正文。\n"))
    }

    /// A body that begins at line 7.
    fn body(name: &'static str, code: &'static str, body: &str) -> Self {
        Self::new(
            name,
            code,
            "content/a.md",
            7,
            format!("{}{body}\n", doc("甲", "2014-12-04", "").replace("甲的正文。\n", "")),
        )
    }

    /// Bytes as a whole file.
    fn raw(name: &'static str, code: &'static str, line: usize, bytes: impl AsRef<[u8]>) -> Self {
        Self::new(name, code, "content/a.md", line, bytes)
    }

    /// Any file that is refused as such.
    fn file(name: &'static str, code: &'static str, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        Self::new(name, code, path, 0, bytes)
    }

    /// Lines after those of the smallest `site.toml`, from line 6 on.
    fn config(name: &'static str, line: usize, more: &str) -> Self {
        Self::new(name, "G070", "site.toml", line, format!("{SITE_TOML}{more}"))
    }

    /// A whole `_index.md` of the channel `z`, whose second line of front matter is line 3.
    fn channel(name: &'static str, code: &'static str, more: &str) -> Self {
        Self::new(name, code, "content/z/_index.md", 3, channel("栏目", more))
    }

    fn and(mut self, path: &str, bytes: impl AsRef<[u8]>) -> Self {
        self.files.push((path.to_owned(), bytes.as_ref().to_owned()));
        self
    }

    /// The finding is about another place.
    fn at(self, path: &str, line: usize) -> Self {
        Self { path: path.to_owned(), line, ..self }
    }

    fn line(self, line: usize) -> Self {
        Self { line, ..self }
    }

    fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }
}

/// A site on which the rows are tried.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file(
            "content/_data/organizations.yaml",
            "- {name: 县政府办, slug: zfb, aliases: [县府办]}\n- {name: 县财政局, slug: czj}\n",
        )
        .file("content/b.md", doc("乙", "2013-12-04", "index_no: b/2013-1\nattachments: [附件.pdf, 表.csv]"))
        .file("content/附件.pdf", PDF)
        .file("content/表.csv", "甲,乙\n1,2\n")
        .file("static/p.png", PNG)
        .file("static/f.pdf", PDF)
}

/// An error in another file, which no row may hide.
const OTHER: &str = "content/z/zz-other.md";

#[track_caller]
fn refuse(row: &Row) -> Result<(), String> {
    let site = row
        .files
        .iter()
        .fold(site(), |site, (path, bytes)| site.file(path, bytes))
        .file(OTHER, doc("别的", "2014-01-01", "titel: 又一个"));
    refused(&site, row)
}

/// The finding is there, with its place and advice; the other error too; and nothing was written.
fn refused(site: &SiteTest, row: &Row) -> Result<(), String> {
    let report = site.try_build().map_err(|failure| format!("could not run: {failure:?}"))?;
    let shown: Vec<String> =
        report.findings.iter().map(|finding| crate::site_test::show(finding, site.root())).collect();
    let wrong = |what: &str| Err(format!("{what} among {shown:#?}"));
    let begin = match row.line {
        0 => format!("{} {} ", row.code, row.path),
        line => format!("{} {}:{line}:", row.code, row.path),
    };
    // what is about the whole file may stand at its beginning
    let or_begin = format!("{} {}:1:1 ", row.code, row.path);
    let is_it = |finding: &String| finding.starts_with(&begin) || (row.line == 0 && finding.starts_with(&or_begin));
    let Some(at) = shown.iter().position(is_it) else { return wrong(&format!("no {begin}")) };
    let finding = &report.findings[at];
    let help = finding.help.as_deref().unwrap_or("");
    if finding.severity != gongkai::diag::Severity::Error {
        return wrong("not an error");
    }
    if help.is_empty() || finding.message.is_empty() {
        return wrong("no advice");
    }
    if !format!("{}\n{help}", finding.message).contains(row.says) {
        return wrong(&format!("nothing of “{}” (advice: {help})", row.says));
    }
    if !shown.iter().any(|finding| finding.starts_with(&format!("G011 {OTHER}:5:1 "))) {
        return wrong("the other error is hidden");
    }
    if report.done.is_some() || site.path("public").exists() {
        return wrong("something was written");
    }
    Ok(())
}

/// It builds without an error, and every page is sound.
fn pass(row: &Row) -> Result<(), String> {
    let site = row.files.iter().fold(site(), |site, (path, bytes)| site.file(path, bytes));
    let report = site.try_build().map_err(|failure| format!("could not run: {failure:?}"))?;
    let shown: Vec<String> =
        report.findings.iter().map(|finding| crate::site_test::show(finding, site.root())).collect();
    if report.done.is_none() {
        return Err(format!("refused: {shown:#?}"));
    }
    let tree = crate::site_test::tree(&site.path("public"));
    let base = if site.read("site.toml").contains("https://www.example.gov.cn\"") {
        "https://www.example.gov.cn"
    } else {
        "https://例子.cn/a"
    };
    std::panic::catch_unwind(|| crate::html::check(&tree, base)).map(|_| ()).map_err(|_| "an unsound page".to_owned())
}

fn all(rows: &[Row], check: impl Fn(&Row) -> Result<(), String>) {
    let mut names = std::collections::BTreeSet::new();
    rows.iter().for_each(|row| assert!(names.insert(row.name), "{} twice", row.name));
    let wrong: Vec<String> =
        rows.iter().filter_map(|row| check(row).err().map(|problem| format!("{}: {problem}", row.name))).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n\n"));
}

#[test]
fn hostile_inputs_are_refused_with_their_place() {
    let rows = refused::rows();
    all(&rows, refuse);
    assert!(rows.len() >= 110, "{}", rows.len());
}

#[test]
fn look_alikes_of_hostile_inputs_pass() {
    let rows = benign::rows();
    all(&rows, pass);
    assert!(rows.len() >= 110, "{}", rows.len());
}

/// All of them at once: one bad file never hides the others.
#[test]
fn many_bad_files_are_all_named_in_one_run() {
    let site = site();
    let mut expected = Vec::new();
    let is_one = |row: &Row| row.files.len() == 1 && row.path == "content/a.md" && row.line > 0;
    // what speaks of itself by its name, and a flood of findings, are left out
    let is_free = |row: &Row| !String::from_utf8_lossy(&row.files[0].1).contains(" a.md") && row.name != "10,001 links";
    let rows: Vec<Row> = refused::rows().into_iter().filter(|row| is_one(row) && is_free(row)).collect();
    for (number, row) in rows.iter().enumerate() {
        // the bad text under a name of its own; what lies beside it stays away
        let path = format!("content/bad-{number:03}.md");
        site.put(&path, &row.files[0].1);
        expected.push((row.name, format!("{} {path}:{}:", row.code, row.line)));
    }
    assert!(expected.len() > 80, "{}", expected.len());
    let built = site.build().refused();
    let missing: Vec<_> = expected
        .iter()
        .filter(|(_, begin)| !built.findings.iter().any(|finding| finding.starts_with(begin.as_str())))
        // two of one number or address are named once, by the later
        .filter(|(_, begin)| !begin.starts_with("G050") && !begin.starts_with("G051"))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}
