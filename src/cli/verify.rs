//! `gongkai verify`

use serde::Serialize;

use super::args::{PlanFormat, Verify};
use super::{Exit, report, target};
use crate::diag::human::plain;
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::chain::Action;
use crate::publish::{Difference, Share, State, Target, Way, listing};

/// What `--format json` prints.
#[derive(Serialize)]
struct Line<'a> {
    release: Option<&'a str>,
    files: usize,
    /// Of which every byte was read.
    read: usize,
    differences: &'a [Difference],
    /// In Chinese.
    faults: &'a [String],
    /// Files of others that stay because somebody accepted them.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    accepted: &'a [String],
}

pub fn run(args: &Verify) -> Exit {
    match target::find(&args.target, &args.site.options(), &args.site) {
        Ok((_, to)) => verify(args, &to).unwrap_or_else(|failure| report::failure(&failure)),
        Err(exit) => exit,
    }
}

fn verify(args: &Verify, to: &Target) -> Result<Exit, Failure> {
    let Some(_lock) = to.read(&target::waiting)? else { return Ok(target::nothing(to)) };
    // another choice each time; which one, nobody can know beforehand
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    let share = args.share.map_or(Share::ALL, |percent| Share { percent, seed: seed as u64 });
    let looked = to.verify(share)?;
    // of a small site a small share may be no file at all
    let has_read = looked.read > 0 || live(&looked).1 == 0;
    let state = if has_read { looked } else { to.verify(Share::ALL)? };
    let of_chain = state.chain.faults.iter();
    let of_chain = of_chain.map(|fault| format!("发布记录 releases.jsonl 第 {} 行：{}", fault.number, fault.message));
    let half = state.interrupted.then(|| interrupted(&state, &args.target));
    let aside = state.aside.iter().map(|path| format!("{path}：换下的文件没有删掉，运行 gongkai publish 删去"));
    let unnamed = state.unnamed.iter();
    let unnamed =
        unnamed.map(|id| format!("发布批次 {id} 不在发布记录里，不能回退到它；查明是谁放的，把它的文件夹和清单都删去"));
    let left =
        state.left.iter().map(|path| format!("/{path}：撤下的文件还在，运行 {} 删去", again(&state, &args.target)));
    let due = "旧批次还没有删完（有文件因涉及个人信息撤下，或用了 --clear-earlier），运行 gongkai publish 删去";
    let due = state.cleared.due.then(|| due.to_owned());
    let faults = half
        .into_iter()
        .chain(due)
        .chain(left)
        .chain(aside)
        .chain(state.faults.iter().cloned())
        .chain(of_chain)
        .chain(unnamed);
    let faults: Vec<String> = faults.collect();
    if state.live.is_none() && faults.is_empty() {
        return Ok(target::nothing(to));
    }
    match args.format {
        PlanFormat::Json => {
            let (release, files) = live(&state);
            let State { read, differences, accepted, .. } = &state;
            let line = Line { release, files, read: *read, differences, faults: &faults, accepted };
            put!("{}", json::visible(&json::to_pretty(&line)));
        }
        PlanFormat::Table => show(&state, &faults, args),
    }
    Ok(if faults.is_empty() && state.differences.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// What was begun, and what finishes it.
fn interrupted(state: &State, target: &str) -> String {
    match &state.back {
        None => "有一次发布没有完成，运行 gongkai publish 接着做完".into(),
        Some(back) => format!("有一次回退没有完成，运行 gongkai rollback {target} {back} 接着做完"),
    }
}

/// What deletes what is left: after a rollback, done or not, the same rollback; a release would bring back what was taken back.
fn again(state: &State, target: &str) -> String {
    let live = state.chain.last().filter(|line| line.action == Action::Rollback).map(|line| &line.release);
    let back = state.back.as_ref().or(live);
    back.map_or("gongkai publish".into(), |back| format!("gongkai rollback {target} {back}"))
}

fn live(state: &State) -> (Option<&str>, usize) {
    let live = state.live.as_ref();
    (live.map(|live| live.release.as_str()), live.map_or(0, |live| live.manifest.files.len()))
}

/// Somebody accepted all that is wrong with the chain.
fn is_accepted(state: &State) -> bool {
    state.chain.open_faults().next().is_none()
}

fn show(state: &State, faults: &[String], args: &Verify) {
    faults.iter().for_each(|fault| say!("{}", plain(fault)));
    state.differences.iter().for_each(|found| say!("/{}：{}", plain(&found.path), found.way.label()));
    state.notes.iter().for_each(|note| say!("注意：{}", plain(note)));
    if !state.accepted.is_empty() {
        say!("另有 {} 个不是发布的文件，已经接受：{}", state.accepted.len(), listing(&state.accepted));
    }
    let (release, files) = live(state);
    let release = release.unwrap_or("（没有）");
    match faults.len() + state.differences.len() {
        0 => say!(
            "没有问题：现在的网站 {release}，文件 {files} 个，读出核对 {} 个，发布记录 {} 行",
            state.read,
            state.chain.lines.len()
        ),
        count => {
            eprintln!("有 {count} 处问题：现在的网站 {release}，文件 {files} 个，读出核对 {} 个", state.read);
            let target = &args.target;
            let stays = state.keeps_strangers && state.differences.iter().any(|found| found.way == Way::Strange);
            let strange = if stays { "；不是发布的文件两种都不删，不要的请自己删去" } else { "" };
            if state.differences.is_empty() && faults.len() == state.chain.faults.len() && is_accepted(state) {
                eprintln!("  = 建议: 都是已经接受过的断点，断开的地方一直查得出来；没有新的改动");
                return;
            }
            if state.cleared.due {
                eprintln!(
                    "  = 建议: 查明原因；运行 gongkai publish {target}（有别人的改动的，加 --accept-changes）删完旧批次，在那以前不能回退{strange}"
                );
                return;
            }
            eprintln!(
                "  = 建议: 查明原因；用 gongkai publish {target} --accept-changes 恢复，或用 gongkai rollback {target} 回退{strange}"
            );
        }
    }
}
