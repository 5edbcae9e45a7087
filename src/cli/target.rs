//! The target that a command of publishing is about.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::SiteArgs;
use super::{Exit, report};
use crate::config::{Place, Publish};
use crate::diag::suggest::did_you_mean;
use crate::pipeline::{self, Options};
use crate::publish::Folder;

/// The target that a name of `site.toml` stands for, with its folder, or how the command ends, when that is said.
pub fn find(name: &str, options: &Options, args: &SiteArgs) -> Result<(Publish, Folder), Exit> {
    let config = match pipeline::config(options) {
        Ok(Ok(config)) => config,
        Ok(Err(findings)) => {
            report::findings(&findings, args, &options.root);
            return Err(Exit::CouldNotRun);
        }
        Err(failure) => return Err(report::failure(&failure)),
    };
    let Some(target) = config.publish.iter().find(|target| target.name == name) else {
        return Err(unknown(name, &config.publish, &options.config));
    };
    let Place::Folder(path) = &target.place else { unreachable!() };
    let folder =
        Folder::new(&options.root, &options.output, path, target.keep).map_err(|failure| report::failure(&failure))?;
    Ok((target.clone(), folder))
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

/// Says that nothing was published yet.
pub fn nothing(folder: &Folder) -> Exit {
    eprintln!("错误：{} 里还没有发布过", folder.root().display());
    eprintln!("  = 建议: 先用 gongkai publish 发布");
    Exit::CouldNotRun
}
