//! `gongkai build`

use std::time::Instant;

use serde::Serialize;

use super::args::{Build, MessageFormat};
use super::{Exit, report};
use crate::diag::{self, Code};
use crate::model::json;
use crate::pipeline::{self, Options, Report};

/// The last line with `--message-format json`.
#[derive(Serialize)]
struct Line {
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    documents: usize,
    outputs: usize,
    written: usize,
    removed: usize,
    errors: usize,
    warnings: usize,
    seconds: f64,
}

pub fn run(args: &Build) -> Exit {
    let began = Instant::now();
    let site = &args.site;
    let options =
        Options { output: args.output.clone(), base_url: args.base_url.clone(), strict: args.strict, ..site.options() };
    let waiting = || eprintln!("另一个 gongkai 正在生成这个网站，等它结束……");
    let mut memory = pipeline::remembered(&options.root).once();
    let result = pipeline::build(&options, &mut memory, &waiting);
    if let Some(notice) = memory.take_notice() {
        eprintln!("提示：{notice}");
    }
    match result {
        Ok(report) => {
            report::findings(&report.findings, site, &options.root);
            summary(&report, args, began.elapsed().as_secs_f64());
            let done = report.done;
            let is_misconfigured = report.findings.iter().any(|finding| finding.code == Code::G070);
            // the process ends: to give back millions of texts one by one would take longer than reading them did
            std::mem::forget((report, memory));
            match done {
                Some(_) => Exit::Clean,
                None if is_misconfigured => Exit::CouldNotRun,
                None => Exit::Findings,
            }
        }
        Err(failure) => report::failure(&failure),
    }
}

fn summary(report: &Report, args: &Build, seconds: f64) {
    let (errors, warnings) = diag::count(&report.findings);
    let done = report.done;
    match args.site.message_format {
        MessageFormat::Json => {
            let summary = Summary {
                documents: report.documents,
                outputs: done.map_or(0, |done| done.outputs),
                written: done.map_or(0, |done| done.written),
                removed: done.map_or(0, |done| done.removed),
                errors,
                warnings,
                seconds: (seconds * 1000.0).round() / 1000.0,
            };
            say!("{}", json::to_string(&Line { summary }));
        }
        MessageFormat::Sarif => {}
        MessageFormat::Human => human(report, args, seconds),
    }
}

fn human(report: &Report, args: &Build, seconds: f64) {
    let site = &args.site;
    let Some(done) = report.done else {
        eprintln!("没有生成：{}。{} 保持原样。", report::counted(&report.findings), args.output.display());
        return;
    };
    if site.quiet {
        return;
    }
    if site.verbose {
        eprintln!("忽略的临时文件和隐藏文件 {} 个；重新读取源文件 {} 个", report.ignored, report.read);
    }
    let withheld = if report.withheld > 0 { format!("（未公开 {}）", report.withheld) } else { String::new() };
    let (_, warnings) = diag::count(&report.findings);
    let warnings = if warnings > 0 { format!("，警告 {warnings}") } else { String::new() };
    say!(
        "文件 {}{withheld}，网页和数据 {}，写入 {}，删除 {}{warnings}，用时 {seconds:.2} 秒 → {}",
        report.documents,
        done.outputs,
        done.written,
        done.removed,
        site.root().join(&args.output).join("index.html").display(),
    );
}
