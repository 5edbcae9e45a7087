//! `gongkai rollback`

use super::args::Rollback;
use super::{Exit, report, target};
use crate::diag::human::plain;
use crate::publish::{Difference, Refusal, Target};

pub fn run(args: &Rollback) -> Exit {
    let options = args.site.options();
    let result = match target::find(&args.target, &options, &args.site) {
        Ok((_, to)) => rollback(args, &to),
        Err(exit) => return exit,
    };
    match result {
        Ok(exit) => exit,
        Err(Refusal::Failure(failure)) => report::failure(&failure),
        Err(Refusal::None(words)) => {
            eprintln!("错误：{words}");
            eprintln!("  = 建议: 运行 gongkai releases {} 查看可以回退的批次", args.target);
            Exit::CouldNotRun
        }
        Err(Refusal::Damaged { release, differences, faults }) => {
            eprintln!("停止：发布批次 {release} 已经不是发布时的样子");
            tell(&faults, &differences);
            eprintln!("  = 建议: 回退到另一个批次，或改好内容重新发布");
            eprintln!("没有回退，现在的网站保持原样。");
            Exit::Guarded
        }
        Err(Refusal::Unfinished { release, back, differences, faults }) => {
            eprintln!("停止：现在的网站 {release} 还有没有做完或不对的地方，回退补不齐");
            tell(&faults, &differences);
            let target = &args.target;
            if let Some(back) = back {
                eprintln!("  = 建议: 运行 gongkai rollback {target} {back} 做完中断的回退");
            }
            eprintln!(
                "  = 建议: 运行 gongkai publish {target} 发布现在的内容；它停下来问的，查明以后加 --accept-changes"
            );
            Exit::Guarded
        }
    }
}

fn tell(faults: &[String], differences: &[Difference]) {
    faults.iter().for_each(|fault| eprintln!("  {}", plain(fault)));
    differences.iter().for_each(|found| eprintln!("  /{}：{}", plain(&found.path), found.way.label()));
}

fn rollback(args: &Rollback, to: &Target) -> Result<Exit, Refusal> {
    if to.read(&target::waiting)?.is_none() {
        return Ok(target::nothing(to));
    }
    let lock = to.lock(&target::waiting)?;
    let done = to.rollback(args.release.as_deref(), &lock, target::now(), &target::progress)?;
    let release = &done.release;
    match done.finished {
        true => say!("现在的网站就是 {release}；上一次没有做完的（应删去的文件）已经做完 → {}", to.live_place()),
        false => say!("已回退到 {release} → {}", to.live_place()),
    }
    match done.late {
        None => Ok(Exit::Clean),
        Some(failure) => {
            let exit = report::failure(&failure);
            match to.finishes_by_rollback() {
                true => eprintln!(
                    "注意：网站已经切换，只是后面的事没有做完。再运行一次 gongkai rollback {} {release} 把它做完；gongkai publish 会把现在的内容重新发布",
                    args.target
                ),
                false => eprintln!("注意：网站已经切换，只是发布记录没有写完；下一次发布会接着写"),
            }
            Ok(exit)
        }
    }
}
