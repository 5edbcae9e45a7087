//! 撤下: what stays visible of a document that was withdrawn, and that nothing else does.

mod command;
mod edits;
mod redirects;
mod shown;

use crate::site_test::{PDF, SiteTest, channel, doc, doc_with};

/// What must not be seen anywhere once its document is withdrawn.
pub const SECRET: &str = "秘密字样";

/// A document that shows itself wherever a document can, with what `more` says in its front matter. Others name it.
pub fn site(more: &str) -> SiteTest {
    let front = format!(
        "index_no: {SECRET}/2014-001\nsummary: {SECRET}摘要\nkeywords: [{SECRET}词]\npinned: true\naliases: /old/a.html\n\
         attachments: [{{file: fu.pdf, title: {SECRET}表}}]\nseries: 周报\nissue: 第3期\nsource: {SECRET}科\n{more}"
    );
    let secret = [PDF, SECRET.as_bytes(), b"\n"].concat();
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/y/_index.md", channel("别的", "select: {year: 2014}"))
        .file(
            "content/z/a.md",
            doc_with(&format!("{SECRET}的公示"), "2014-12-04", &front, &format!("# {SECRET}标题\n\n{SECRET}正文")),
        )
        .file("content/z/fu.pdf", secret)
        .file("content/z/b.md", doc("乙", "2014-12-05", "series: 周报\nissue: 第4期"))
        .file("content/z/c.md", doc("丙", "2014-12-03", "series: 周报\nissue: 第2期\ninterprets: a.md"))
}

/// The lines that withdraw.
pub fn withdrawn(reason: &str, more: &str) -> String {
    format!("withdrawn: 2015-01-10\nwithdrawn_reason: {reason}\n{more}")
}

/// A page elsewhere that leads to the document.
pub fn linking(body: &str) -> String {
    doc_with("丁", "2014-12-06", "", body)
}

/// An ordinary document.
pub fn plain(title: &str) -> String {
    doc(title, "2014-12-05", "")
}
