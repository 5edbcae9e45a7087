//! Findings and failures on their streams: results go to stdout, findings and progress to stderr; with
//! `--message-format json` findings and summary are on stdout.

use std::path::Path;

use super::Exit;
use super::args::{MessageFormat, SiteArgs};
use crate::diag::human::{plain, printable};
use crate::diag::{self, Diagnostic, Severity, human, json, sarif};
use crate::pipeline::{self, Failure, Loaded, Options};

/// How many warnings, and how many hints, a person is shown; errors are all shown, and machines get all of all.
const SHOWN: usize = 30;

/// The first three stages for a command that only looks: what they came to, or how the command ends, when that is said.
pub fn load(options: &Options, args: &SiteArgs) -> Result<Loaded, Exit> {
    match pipeline::load(options) {
        Ok(Ok(loaded)) => Ok(loaded),
        Ok(Err(report)) => {
            findings(&report.findings, args, &options.root);
            Err(Exit::Findings)
        }
        Err(failed) => Err(failure(&failed)),
    }
}

/// Shows findings in the format asked for.
pub fn findings(findings: &[Diagnostic], args: &SiteArgs, root: &Path) {
    let lookup =
        |path: &str| std::fs::read(root.join(path)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match args.message_format {
        MessageFormat::Json => findings.iter().for_each(|finding| say!("{}", json::to_line(finding, &lookup))),
        MessageFormat::Sarif => say!("{}", sarif::to_document(findings, &lookup)),
        MessageFormat::Human => {
            for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
                let of: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.severity == severity).collect();
                if severity == Severity::Hint && args.quiet {
                    continue;
                }
                let shown = if severity == Severity::Error { of.len() } else { SHOWN };
                for finding in of.iter().take(shown) {
                    eprintln!("{}", human::render(finding, &lookup, args.colour()));
                }
                if of.len() > shown {
                    eprintln!(
                        "……另有 {} 个{}没有显示；用 --message-format json 看全部",
                        of.len() - shown,
                        word(severity)
                    );
                }
            }
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Hint => "提示",
    }
}

/// Says that the command could not run, and why.
pub fn failure(failure: &Failure) -> Exit {
    match failure {
        Failure::NoSite(path) => {
            eprintln!("错误：找不到网站的配置文件 {}", path.display());
            eprintln!("  = 建议: 进入网站所在的文件夹，或用 -r 指定它；新建网站用 gongkai init 文件夹");
        }
        Failure::Io { path, error } => {
            let error = std::io::Error::new(error.kind(), error.to_string());
            eprintln!("错误：{}", plain(&crate::emit::Failure::Io { path: path.clone(), error }.to_string()));
        }
        Failure::Refused { path, reason } => {
            eprintln!("错误：{}：{}", plain(&path.display().to_string()), printable(reason))
        }
    }
    Exit::CouldNotRun
}

/// `2 个错误，1 个警告`
pub fn counted(findings: &[Diagnostic]) -> String {
    let (errors, warnings) = diag::count(findings);
    format!("{errors} 个错误，{warnings} 个警告")
}
