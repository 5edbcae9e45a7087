//! `gongkai stats`

use serde::Serialize;

use super::args::{ListFormat, Stats};
use super::{Exit, report};
use crate::catalogue::Catalogue;
use crate::catalogue::stats::{Item, Section, Statistics};
use crate::diag::suggest::did_you_mean;
use crate::diag::{count, human};
use crate::model::{Field, Moment, Withdrawal, json};
use crate::pipeline::Options;

pub fn run(args: &Stats) -> Exit {
    let options = args.site.options();
    let today = options.as_of;
    let Some((first, last)) = year_of(args.year.unwrap_or(today.year() - i16::from(today.month() < 4))) else {
        eprintln!("错误：年度应当是 1949 到 9998 的整数");
        return Exit::CouldNotRun;
    };
    if first > today {
        eprintln!("错误：{}年还没有开始", first.year());
        eprintln!("  = 建议: 写已经开始的年度；要按另一天算，加 --as-of");
        return Exit::CouldNotRun;
    }
    // the catalogue of today: what is public now, each document by its dates
    let options = Options { drafts: false, ..options };
    let loaded = match report::load(&options, &args.site) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let statistics = loaded.catalogue.statistics(first.year(), today.min(last));
    match &args.list {
        None => show(&statistics, args.format),
        Some(wanted) => match find(&statistics, wanted) {
            Ok((section, item)) => list(section, item, &loaded.catalogue, args.format),
            Err(advice) => {
                eprintln!("错误：没有“{wanted}”这个数");
                eprintln!("  = 建议: {advice}");
                return Exit::CouldNotRun;
            }
        },
    }
    let (errors, _) = count(&loaded.report.findings);
    if errors > 0 {
        eprintln!("注意：内容有 {errors} 个错误，读不了的文件没有计入；运行 gongkai build 查看");
        return Exit::Findings;
    }
    Exit::Clean
}

/// The first and the last day of a year.
fn year_of(year: i16) -> Option<(Moment, Moment)> {
    (1949..=9998).contains(&year).then_some(())?;
    Moment::parse(&format!("{year:04}-01-01")).zip(Moment::parse(&format!("{year:04}-12-31")))
}

/// A number as open data has it.
#[derive(Serialize)]
struct Row<'a> {
    section: &'a str,
    item: &'a str,
    /// `null` where documents cannot tell.
    value: Option<String>,
    unit: &'a str,
    /// How many documents are behind it.
    documents: usize,
}

#[derive(Serialize)]
struct All<'a> {
    year: i16,
    as_of: Moment,
    /// Up to which day working days are known; later ones are an estimate.
    known_through: Option<Moment>,
    rows: Vec<Row<'a>>,
}

fn rows(statistics: &Statistics) -> impl Iterator<Item = Row<'_>> {
    statistics.sections.iter().flat_map(|section| {
        section.items.iter().map(|item| Row {
            section: &section.title,
            item: &item.label,
            value: item.value.map(|value| value.to_string()),
            unit: item.unit,
            documents: item.docs.len() + item.gone.len(),
        })
    })
}

fn show(statistics: &Statistics, format: ListFormat) {
    let Statistics { year, as_of, known_through, sections } = statistics;
    match format {
        ListFormat::Json => {
            let all =
                All { year: *year, as_of: *as_of, known_through: *known_through, rows: rows(statistics).collect() };
            put!("{}", json::to_pretty(&all));
        }
        ListFormat::Csv => {
            let rows: Vec<(Row, String)> = rows(statistics)
                .map(|row| {
                    let count = row.documents.to_string();
                    (row, count)
                })
                .collect();
            let cells = rows.iter().map(|(row, count)| {
                vec![row.section, row.item, row.value.as_deref().unwrap_or_default(), row.unit, count.as_str()]
            });
            put!("{}", crate::render::csv_table(&["分类", "项目", "数值", "单位", "文件数"], cells));
        }
        ListFormat::Table => {
            let known = known_through.map(|day| format!("；工作日照放假通知，已知到 {day}")).unwrap_or_default();
            say!("{year}年度，截至 {as_of}{known}");
            sections.iter().for_each(table);
        }
    }
}

/// A section for a terminal, its numbers below each other.
fn table(section: &Section) {
    say!("\n{}", section.title);
    if section.items.is_empty() {
        say!("  （没有）");
    }
    let values: Vec<String> =
        section.items.iter().map(|item| item.value.map_or("—".into(), |value| value.to_string())).collect();
    let label = section.items.iter().map(|item| human::width(&item.label)).max().unwrap_or(0);
    let value = values.iter().map(|value| human::width(value)).max().unwrap_or(0);
    for (item, text) in section.items.iter().zip(values) {
        let gap = " ".repeat(label - human::width(&item.label) + 2 + value - human::width(&text));
        let note = if item.value.is_none() { "（文件里没有，由主管机关提供）" } else { "" };
        say!("  {}{gap}{text} {}{note}", item.label, item.unit);
    }
}

/// The number of a name: `行政许可：本年处理决定数量`, or with its section before a `/`.
fn find<'s>(statistics: &'s Statistics, wanted: &str) -> Result<(&'s Section, &'s Item), String> {
    let all = || statistics.sections.iter().flat_map(|section| section.items.iter().map(move |item| (section, item)));
    let wanted = wanted.trim();
    let full = |section: &Section, item: &Item| format!("{}/{}", section.title, item.label);
    let is_wanted = |(section, item): &(&Section, &Item)| item.label == wanted || full(section, item) == wanted;
    let found: Vec<_> = all().filter(is_wanted).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let names: Vec<String> =
                all().flat_map(|(section, item)| [item.label.clone(), full(section, item)]).collect();
            Err(did_you_mean(wanted, names.iter().map(String::as_str))
                .unwrap_or_else(|| "照表里的项目写，如 --list 主动公开的文件；运行 gongkai stats 查看".into()))
        }
        several => {
            let names: Vec<String> = several.iter().map(|(section, item)| full(section, item)).collect();
            Err(format!("有几个同名的，写 {}", names.join(" 或 ")))
        }
    }
}

/// A document behind a number.
#[derive(Serialize)]
struct Document<'a> {
    source: &'a str,
    /// From the site's root.
    url: String,
    title: &'a str,
    written: Option<Moment>,
    published: Option<Moment>,
    /// That it was withdrawn, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<String>,
}

/// The documents behind a number; of those that cannot be read any more, what is left to be said.
fn documents<'a>(item: &Item, catalogue: &'a Catalogue) -> Vec<Document<'a>> {
    let public = item.docs.iter().map(|id| {
        let card = catalogue.card(*id);
        Document {
            source: catalogue.doc(*id).source.as_str(),
            url: format!("/{}", card.out()),
            title: card.title(),
            written: card.written(),
            published: Some(card.published()),
            withdrawn: card.withdrawn().map(Withdrawal::state),
        }
    });
    let gone = item.gone.iter().map(|id| {
        let gone = &catalogue.tombstones[*id as usize];
        let held = catalogue.withheld.iter().find(|held| held.doc.source == gone.source);
        let day = |field| held.and_then(|held| held.doc.front.moment(field));
        Document {
            source: gone.source.as_str(),
            url: format!("/{}", gone.out),
            title: &gone.title,
            written: day(Field::Written),
            published: day(Field::Published),
            withdrawn: Some(gone.what.state()),
        }
    });
    public.chain(gone).collect()
}

fn list(section: &Section, item: &Item, catalogue: &Catalogue, format: ListFormat) {
    let documents = documents(item, catalogue);
    match format {
        ListFormat::Json => put!("{}", json::to_pretty(&documents)),
        ListFormat::Csv => {
            let is_any = documents.iter().any(|doc| doc.withdrawn.is_some());
            let text = |day: Option<Moment>| day.map(|day| day.to_string()).unwrap_or_default();
            let days: Vec<[String; 2]> = documents.iter().map(|doc| [text(doc.written), text(doc.published)]).collect();
            let columns = ["source", "url", "title", "written", "published", "withdrawn"];
            let columns = &columns[..columns.len() - usize::from(!is_any)];
            let cells = documents.iter().zip(&days).map(|(doc, [written, published])| {
                let withdrawn = doc.withdrawn.as_deref().unwrap_or_default();
                let mut cells = vec![doc.source, doc.url.as_str(), doc.title, written, published, withdrawn];
                cells.truncate(columns.len());
                cells
            });
            put!("{}", crate::render::csv_table(columns, cells));
        }
        ListFormat::Table => {
            let value = item.value.map_or("—".into(), |value| value.to_string());
            say!("{}/{}：{value} {}，{} 份文件", section.title, item.label, item.unit, documents.len());
            for doc in &documents {
                let day = doc.published.map(|day| day.day().to_string()).unwrap_or_default();
                let withdrawn = doc.withdrawn.as_ref().map(|words| format!("  {words}")).unwrap_or_default();
                say!("  {day}  {}  {}{withdrawn}", doc.source, doc.title);
            }
        }
    }
}
