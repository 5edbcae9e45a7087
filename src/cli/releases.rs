//! `gongkai releases`

use serde::Serialize;

use super::args::{Releases, ReleasesFormat};
use super::{Exit, report, target};
use crate::model::json;
use crate::pipeline::{self, Failure};
use crate::publish::Target;
use crate::publish::chain::Line;

/// A line of the chain.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    line: &'a Line,
    /// What is served now; of several lines of one release, the last.
    live: bool,
    /// Still there, to be gone back to.
    kept: bool,
    /// An earlier line of the release that is live.
    #[serde(skip)]
    again: bool,
}

pub fn run(args: &Releases) -> Exit {
    match target::find(&args.target, &args.site.options(), &args.site) {
        Ok((_, to)) => list(args, &to).unwrap_or_else(|failure| report::failure(&failure)),
        Err(exit) => exit,
    }
}

fn list(args: &Releases, to: &Target) -> Result<Exit, Failure> {
    let Some(_lock) = to.read(&target::waiting)? else { return Ok(target::nothing(to)) };
    let (chain, live, kept) = to.releases()?;
    let last = chain.lines.iter().rposition(|line| live.as_deref() == Some(&line.release));
    let rows = chain.lines.iter().enumerate().map(|(at, line)| Row {
        line,
        live: Some(at) == last,
        kept: kept.contains(&line.release),
        again: Some(at) != last && live.as_deref() == Some(&line.release),
    });
    let rows: Vec<Row> = rows.collect();
    match args.format {
        ReleasesFormat::Json => put!("{}", json::visible(&json::to_pretty(&rows))),
        ReleasesFormat::Csv => csv(&rows),
        ReleasesFormat::Markdown => put!("{}", page(&rows, &organizer(args)?)),
        ReleasesFormat::Table => rows.iter().for_each(table),
    }
    if !chain.faults.is_empty() {
        eprintln!("注意：发布记录有 {} 处对不上，运行 gongkai verify {} 查看", chain.faults.len(), args.target);
    }
    Ok(Exit::Clean)
}

/// Who publishes the page.
fn organizer(args: &Releases) -> Result<String, Failure> {
    let config = pipeline::config(&args.site.options())?;
    Ok(config.map_or_else(|_| String::new(), |config| config.site.organizer))
}

/// The chain as a document of the site: what was published when, and how anyone can tell that nothing of it was changed.
fn page(rows: &[Row], organizer: &str) -> String {
    let day = rows.last().and_then(|row| row.line.time.get(..10)).unwrap_or("2026-01-01");
    let mut text = format!(
        "---\ntitle: 网站发布记录\nissuer: {}\npublished: {day}\n---\n\n\
         本网站每次发布、回退记一行。清单是那一批次全部文件的大小和 SHA-256 的列表，它自己的 SHA-256 列在最后；每一行还封住\
         上一行，改动、删去、插入任何一行都查得出来。把最近一行的清单记下来的人，以后可以核对本网站是否被改动。\n\n\
         | 序号 | 时间 | 做了什么 | 批次 | 文件 | 新增 | 修改 | 撤下 | 清单 |\n|---|---|---|---|---:|---:|---:|---:|---|\n",
        // a name may hold signs that mean something in YAML
        json::to_string(&organizer)
    );
    for Row { line, .. } in rows {
        text += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | `{}` |\n",
            line.number,
            line.time.get(..16).unwrap_or(&line.time).replace('T', " "),
            line.action.label(),
            line.release,
            line.files,
            line.added,
            line.changed,
            line.withdrawn,
            line.manifest
        );
    }
    text
}

fn state(row: &Row) -> &'static str {
    match row {
        Row { live: true, .. } => "现在的网站",
        Row { again: true, .. } => "同现在的网站",
        Row { kept: true, .. } => "可以回退",
        _ => "已不保留",
    }
}

fn table(row: &Row) {
    let line = row.line;
    let commit = line.commit.get(..12).unwrap_or("—");
    say!(
        "{}  {}  {}  {}  提交 {commit}  文件 {}，新增 {}，修改 {}，撤下 {}",
        line.release,
        line.time,
        line.action.label(),
        state(row),
        line.files,
        line.added,
        line.changed,
        line.withdrawn
    );
}

fn csv(rows: &[Row]) {
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|Row { line, .. }| [line.files, line.added, line.changed, line.withdrawn].map(|count| count.to_string()))
        .collect();
    let cells = rows.iter().zip(&cells).map(|(row, [files, added, changed, withdrawn])| {
        let line = row.line;
        vec![
            line.release.as_str(),
            line.time.as_str(),
            line.action.label(),
            state(row),
            line.commit.as_str(),
            files,
            added,
            changed,
            withdrawn,
            line.manifest.as_str(),
        ]
    });
    let head = ["release", "time", "action", "state", "commit", "files", "added", "changed", "withdrawn", "manifest"];
    put!("{}", crate::render::csv_table(&head, cells));
}
