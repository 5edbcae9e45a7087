//! `gongkai clean`

use super::args::{Clean, root};
use super::{Exit, report};
use crate::pipeline;

pub fn run(args: &Clean) -> Exit {
    let root = root(args.root.as_deref());
    match pipeline::clean(&root, &args.output) {
        Ok(removed) => {
            let output = root.join(&args.output);
            say!("删除 {removed} 个文件：{}", output.display());
            if std::fs::read_dir(&output).is_ok_and(|mut left| left.next().is_some()) {
                eprintln!("注意：{} 里还有不是 gongkai 生成的文件，没有动它们", output.display());
                eprintln!("  = 建议: 下一次生成以前把它们移走，或用 -o 另选一个空文件夹");
            }
            Exit::Clean
        }
        Err(failure) => report::failure(&failure),
    }
}
