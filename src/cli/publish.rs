//! `gongkai publish`

use std::path::Path;

use super::args::Publish;
use super::outcome::{self, Ask};
use super::{Exit, report, target};
use crate::config;
use crate::diag::Code;
use crate::pipeline::{self, Failure, Options, Report};
use crate::publish::{self, Ears, Target};

pub fn run(args: &Publish) -> Exit {
    let build = &args.build;
    let ask = match Ask::new(&args.asked, &build.site) {
        Ok(ask) => ask,
        Err(exit) => return exit,
    };
    let options = Options {
        output: build.output.clone(),
        base_url: build.base_url.clone(),
        strict: build.strict,
        ..build.site.options()
    };
    if options.drafts {
        eprintln!("错误：草稿不能发布");
        eprintln!("  = 建议: 不要写 --drafts；预览草稿用 gongkai serve");
        return Exit::CouldNotRun;
    }
    let found = match &args.bundle {
        None => target::find(&args.target, &options, &build.site),
        Some(file) => target::named(&args.target, &options, &build.site).and_then(|config| {
            let bundle = bundle(args, file, &options).map_err(|failure| report::failure(&failure))?;
            Ok((config, bundle))
        }),
    };
    match found {
        Ok((config, to)) => {
            to_target(args, &ask, &options, &config, &to).unwrap_or_else(|failure| report::failure(&failure))
        }
        Err(exit) => exit,
    }
}

#[cfg(feature = "publish")]
fn bundle(args: &Publish, file: &Path, options: &Options) -> Result<Target, Failure> {
    Target::bundle(file, &args.target, args.full, &options.root, &options.output)
}

#[cfg(not(feature = "publish"))]
fn bundle(_: &Publish, file: &Path, _: &Options) -> Result<Target, Failure> {
    let reason = "这个 gongkai 编译时没有带 publish 功能，不能写离线包".to_owned();
    Err(Failure::Refused { path: file.to_owned(), reason })
}

fn to_target(
    args: &Publish,
    ask: &Ask,
    options: &Options,
    config: &config::Publish,
    to: &Target,
) -> Result<Exit, Failure> {
    // from here on nobody else publishes there, and the later of two builds is the later release
    let lock = target::held(to, args.asked.dry_run)?;
    let waiting = || eprintln!("另一个 gongkai 正在生成这个网站，等它结束……");
    let mut memory = pipeline::remembered(&options.root).once().whole();
    let report = pipeline::build(options, &mut memory, &waiting)?;
    report::findings(&report.findings, &args.build.site, &options.root);
    let (Some(_), Some(site)) = (report.done, report.site.clone()) else { return Ok(not_built(&report)) };
    let (allowed, ears) = (args.asked.allowed(), Ears { waiting: &waiting, progress: &target::progress });
    let built = (&*site, &report.written[..]);
    let prepared = publish::prepare(options, built, (config, to), &allowed, args.asked.dry_run, &ears)?;
    let exit = outcome::finish(ask, to, lock.as_ref(), &prepared);
    // the process ends: to give back millions of texts one by one would take longer than reading them did
    std::mem::forget((report, memory, site));
    exit
}

fn not_built(report: &Report) -> Exit {
    eprintln!("没有发布：{}。发布目标保持原样。", report::counted(&report.findings));
    match report.findings.iter().any(|finding| finding.code == Code::G070) {
        true => Exit::CouldNotRun,
        false => Exit::Findings,
    }
}
