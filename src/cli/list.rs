//! `gongkai list`

use std::collections::HashSet;

use serde::Serialize;

use super::args::{List, ListFormat};
use super::{Exit, report};
use crate::catalogue::channels::Folders;
use crate::catalogue::{Catalogue, Withheld};
use crate::diag::{Diagnostic, Severity};
use crate::model::{Field, Moment, SourcePath, json};

/// A document, public or not.
#[derive(Serialize)]
struct Row {
    /// `content/…`
    source: String,
    /// `/zwgk/a.html`, not encoded; `null` if not public.
    url: Option<String>,
    title: String,
    /// Folder below `content/`.
    channel: String,
    /// `public`, or why not, in Chinese.
    status: String,
    /// Of a public document: that it was or will be withdrawn, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

pub fn run(args: &List) -> Exit {
    let options = args.site.options();
    let loaded = match report::load(&options, &args.site) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let faulty = faulty(&loaded.report.findings);
    let rows = rows(&loaded.catalogue, &loaded.documents, &faulty, options.as_of);
    match args.format {
        ListFormat::Json => put!("{}", json::to_pretty(&rows)),
        ListFormat::Csv => {
            // a column that only sites have that need it
            let is_any = rows.iter().any(|row| row.withdrawn.is_some());
            let columns = ["source", "url", "title", "channel", "status", "withdrawn"];
            let columns = &columns[..columns.len() - usize::from(!is_any)];
            put!("{}", crate::render::csv_table(columns, rows.iter().map(|row| cells(row, columns.len()))))
        }
        ListFormat::Table => rows.iter().for_each(|row| {
            let url = row.url.as_deref().unwrap_or("（未公开）");
            let status = if row.status == "public" { "公开" } else { &row.status };
            let withdrawn = row.withdrawn.as_ref().map(|words| format!("，{words}")).unwrap_or_default();
            say!("{}\t{url}\t{}\t{status}{withdrawn}", row.source, row.title);
        }),
    }
    let (errors, _) = crate::diag::count(&loaded.report.findings);
    if errors > 0 {
        eprintln!("注意：内容有 {errors} 个错误，运行 gongkai build 查看");
        return Exit::Findings;
    }
    Exit::Clean
}

fn cells(row: &Row, count: usize) -> Vec<&str> {
    let url = row.url.as_deref().unwrap_or_default();
    let withdrawn = row.withdrawn.as_deref().unwrap_or_default();
    let mut cells = vec![&*row.source, url, &row.title, &row.channel, &row.status, withdrawn];
    cells.truncate(count);
    cells
}

/// Sources with an error: they cannot be public as they are.
fn faulty(findings: &[Diagnostic]) -> HashSet<&str> {
    findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| &*finding.path).collect()
}

/// Every document, by source path.
fn rows(catalogue: &Catalogue, documents: &[SourcePath], faulty: &HashSet<&str>, today: Moment) -> Vec<Row> {
    let folder = |id| catalogue.channel(id).folder.to_string();
    let public = catalogue.docs.iter().map(|doc| {
        let is_faulty = faulty.contains(doc.source.as_str());
        Row {
            source: doc.source.to_string(),
            url: (!is_faulty).then(|| format!("/{}", doc.out)),
            title: doc.title().to_owned(),
            channel: folder(doc.channel),
            status: if is_faulty { "有错误".into() } else { "public".into() },
            withdrawn: doc.front.withdrawal().map(|what| what.state_on(today)),
        }
    });
    let withheld = catalogue.withheld.iter().map(|Withheld { doc, reason }| Row {
        source: doc.source.to_string(),
        url: None,
        title: doc.front.text(Field::Title).unwrap_or_default().to_owned(),
        // there may be no home page yet
        channel: catalogue.channels.get(doc.channel as usize).map(|_| folder(doc.channel)).unwrap_or_default(),
        status: reason.text(),
        withdrawn: None,
    });
    let mut rows: Vec<Row> = public.chain(withheld).collect();
    let read: HashSet<&str> = rows.iter().map(|row| row.source.as_str()).collect();
    let folders = Folders::new(&catalogue.channels);
    let unread = documents.iter().filter(|source| !read.contains(source.as_str())).map(|source| Row {
        source: source.to_string(),
        url: None,
        title: String::new(),
        channel: folders.nearest(source.folder()).map(folder).unwrap_or_default(),
        status: "有错误，没有读入".into(),
        withdrawn: None,
    });
    let unread: Vec<Row> = unread.collect();
    rows.extend(unread);
    rows.sort_by(|a, b| a.source.cmp(&b.source));
    rows
}
