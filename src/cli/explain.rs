//! `gongkai explain`: a code's manual.

use super::Exit;
use super::args::Explain;
use crate::diag::{Code, Severity};

pub fn run(args: &Explain) -> Exit {
    let Some(wanted) = &args.code else {
        for code in Code::ALL {
            let severity = match code.severity() {
                Severity::Error => "错误",
                Severity::Warning => "警告",
                Severity::Hint => "提示",
            };
            say!("{}  {severity}  {}", code.as_str(), code.title());
        }
        return Exit::Clean;
    };
    match Code::parse(wanted) {
        Some(code) => {
            say!("{}", code.manual().trim_end());
            Exit::Clean
        }
        None => {
            eprintln!("错误：没有代码“{wanted}”\n  = 建议: 运行 gongkai explain 列出全部代码");
            Exit::CouldNotRun
        }
    }
}
