//! `gongkai apply`

use std::path::{Path, PathBuf};

use super::args::Apply;
use super::outcome::{self, Ask};
use super::{Exit, report, target};
use crate::pipeline::Failure;
use crate::publish::{self, Target};

pub fn run(args: &Apply) -> Exit {
    match Ask::new(&args.asked, &args.site).and_then(|ask| Ok((ask, open(args)?))) {
        Ok((ask, to)) => apply(args, &ask, &to).unwrap_or_else(|failure| report::failure(&failure)),
        Err(exit) => exit,
    }
}

/// A name is a target of `site.toml`; what is written like a path is a folder.
fn open(args: &Apply) -> Result<Target, Exit> {
    let options = args.site.options();
    let is_path = args.target.contains(['/', '\\']) || !options.root.join(&options.config).is_file();
    match is_path {
        true => Ok(Target::folder(Path::new(&args.target), args.keep.into())),
        false => Ok(target::find(&args.target, &options, &args.site)?.1),
    }
}

fn apply(args: &Apply, ask: &Ask, to: &Target) -> Result<Exit, Failure> {
    let lock = target::held(to, args.asked.dry_run)?;
    let work = args.work.clone().unwrap_or_else(std::env::temp_dir);
    let work = Unpacking::new(&work)?;
    let bundle = publish::unpack(&args.file, &work.0)?;
    let prepared = publish::receive(bundle, to, &work.0, &args.asked.allowed(), args.asked.dry_run)?;
    outcome::finish(ask, to, lock.as_ref(), &prepared)
}

/// A folder that is removed in the end, whatever the end is.
struct Unpacking(PathBuf);

impl Unpacking {
    fn new(parent: &Path) -> Result<Self, Failure> {
        let path = parent.join(format!("gongkai-apply-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).map_err(|error| Failure::Io { path: path.clone(), error })?;
        Ok(Self(path))
    }
}

impl Drop for Unpacking {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
