//! `gongkai clean`

use super::args::{Clean, root};
use super::{Exit, report};
use crate::pipeline;

pub fn run(args: &Clean) -> Exit {
    let root = root(args.root.as_deref());
    match pipeline::clean(&root, &args.output) {
        Ok(removed) => {
            say!("删除 {removed} 个文件：{}", root.join(&args.output).display());
            Exit::Clean
        }
        Err(failure) => report::failure(&failure),
    }
}
