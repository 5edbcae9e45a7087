//! The target that a command of publishing is about.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::SiteArgs;
use super::{Exit, report};
use crate::config::Publish;
use crate::diag::suggest::did_you_mean;
use crate::pipeline::{self, Failure, Options};
use crate::publish::{Lock, Step, Target};

/// The target that a name of `site.toml` stands for, opened, or how the command ends, when that is said.
pub fn find(name: &str, options: &Options, args: &SiteArgs) -> Result<(Publish, Target), Exit> {
    let target = named(name, options, args)?;
    let env = |name: &str| std::env::var(name).ok();
    let opened = Target::open(&options.root, &options.output, &target, &env);
    Ok((target, opened.map_err(|failure| report::failure(&failure))?))
}

/// What `site.toml` says of a target.
pub fn named(name: &str, options: &Options, args: &SiteArgs) -> Result<Publish, Exit> {
    let config = match pipeline::config(options) {
        Ok(Ok(config)) => config,
        Ok(Err(findings)) => {
            report::findings(&findings, args, &options.root);
            return Err(Exit::CouldNotRun);
        }
        Err(failure) => return Err(report::failure(&failure)),
    };
    let found = config.publish.iter().find(|target| target.name == name);
    found.cloned().ok_or_else(|| unknown(name, &config.publish, &options.config))
}

fn unknown(name: &str, known: &[Publish], file: &Path) -> Exit {
    let file = file.display();
    eprintln!("错误：{file} 里没有发布目标“{name}”");
    let names: Vec<&str> = known.iter().map(|target| target.name.as_str()).collect();
    match names.is_empty() {
        true => eprintln!("  = 建议: 在 {file} 里写 [publish.{name}]，见 gongkai publish --help"),
        false => {
            let advice =
                did_you_mean(name, names.iter().copied()).unwrap_or_else(|| format!("可以写：{}", names.join("、")));
            eprintln!("  = 建议: {advice}");
        }
    }
    Exit::CouldNotRun
}

/// Seconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

pub fn waiting() {
    eprintln!("另一个 gongkai 正在这个发布目标里工作，等它结束……");
}

/// Whoever publishes has the target to himself, and what an earlier run left unfinished is finished; a plan is only read.
pub fn held(to: &Target, dry_run: bool) -> Result<Option<Lock<'_>>, Failure> {
    if dry_run {
        return to.read(&waiting);
    }
    let lock = to.lock(&waiting)?;
    to.recover()?;
    Ok(Some(lock))
}

/// Says that nothing was published yet.
pub fn nothing(target: &Target) -> Exit {
    eprintln!("错误：{} 里还没有发布过", target.place());
    eprintln!("  = 建议: 先用 gongkai publish 发布");
    Exit::CouldNotRun
}

/// A line that shows how far the work has come, on a terminal alone; gone when it is done.
pub fn progress(step: Step) {
    let Step { label, done, total } = step;
    if !std::io::stderr().is_terminal() || total < 20 {
        return;
    }
    let is_due = done == total || done % (total / 200).max(1) == 0;
    if is_due {
        let filled = done * 20 / total.max(1);
        let bar: String = (0..20).map(|at| if at < filled { '#' } else { '.' }).collect();
        eprint!("\r\x1b[2K{label} [{bar}] {done}/{total}");
    }
    if done == total {
        eprint!("\r\x1b[2K");
    }
}
