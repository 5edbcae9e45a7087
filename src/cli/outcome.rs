//! What becomes of a release that was prepared: the plan as a person or a program reads it, and what was done.

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{Asked, MessageFormat, PlanFormat, SiteArgs};
use super::{Exit, report, target};
use crate::diag::human::plain;
use crate::model::json;
use crate::pipeline::Failure;
use crate::publish::{Done, Gone, Lock, Plan, Prepared, Published, Stop, Target};

/// Lines of one sort that a person is shown of a channel, and of a guard; machines get all of all.
const SHOWN: usize = 20;

/// Stands for the files that were made for whoever serves the site; no channel is called so, and all come before it.
const OF_HOST: &str = "\u{10ffff}";

/// What `--format json` prints.
#[derive(Serialize)]
struct Line<'a> {
    plan: &'a Plan,
    stops: &'a [Stop],
    /// What is to be known and stops nothing, in Chinese.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    /// The release that is live now; of a dry run, what was live before.
    release: Option<&'a str>,
    published: bool,
    /// Earlier releases that were removed because something was withdrawn for the sake of privacy, or somebody asked for it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    purged: &'a [String],
}

/// What whoever runs the command wants of it.
pub struct Ask<'a> {
    asked: &'a Asked,
    quiet: bool,
    /// How findings are told: where that is for programs, stdout is theirs alone.
    findings: MessageFormat,
}

/// A line for a person.
macro_rules! tell_line {
    ($ask:expr, $($words:tt)*) => {
        match $ask.findings {
            MessageFormat::Human => say!($($words)*),
            _ => eprintln!($($words)*),
        }
    };
}

impl<'a> Ask<'a> {
    /// Or how the command ends, when that is said: two documents that no program reads in one stream.
    pub fn new(asked: &'a Asked, site: &SiteArgs) -> Result<Self, Exit> {
        let (findings, quiet) = (site.message_format, site.quiet);
        if findings == MessageFormat::Sarif && asked.format == PlanFormat::Json {
            eprintln!("错误：--message-format sarif 和 --format json 不能一起用：标准输出上只能有一份文档");
            eprintln!("  = 建议: 用 gongkai build --message-format sarif 检查，再用 --format json 看计划");
            return Err(Exit::CouldNotRun);
        }
        Ok(Self { asked, quiet, findings })
    }

    fn is_table(&self) -> bool {
        self.asked.format == PlanFormat::Table
    }
}

/// Shows the plan, or carries it out. `lock`: of a target that may be written to.
pub fn finish(ask: &Ask, to: &Target, lock: Option<&Lock>, prepared: &Prepared) -> Result<Exit, Failure> {
    let (plan, stops, notes) = (&prepared.plan, &prepared.stops, &prepared.notes[..]);
    let (is_table, dry_run) = (ask.is_table(), ask.asked.dry_run);
    let line = Line { plan, stops, notes, release: plan.live.as_deref(), published: false, purged: &[] };
    if is_table && (dry_run || !stops.is_empty()) && !ask.quiet {
        show(ask, plan, to);
        if stops.is_empty() {
            show_differences(ask, plan);
        }
        show_purged(ask, prepared);
        tell_carried(ask, to, prepared);
    }
    if is_table {
        notes.iter().for_each(|note| eprintln!("注意：{}", plain(note)));
        stops.iter().for_each(tell);
    }
    if dry_run || !stops.is_empty() {
        if !is_table {
            print(ask, &line);
        }
        if is_table && stops.is_empty() {
            tell_line!(ask, "以上只是计划，没有发布。执行：{}", again(std::env::args().skip(1), &plan.hash));
        }
        if !stops.is_empty() {
            eprintln!("没有发布：有 {} 件事要先看清楚。发布目标保持原样。", stops.len());
        }
        return Ok(if stops.is_empty() { Exit::Clean } else { Exit::Guarded });
    }
    let Some(lock) = lock else { return Ok(Exit::CouldNotRun) };
    match to.publish(prepared, lock, target::now(), &target::progress)? {
        Done::Unchanged => {
            let purged = to.purge(prepared, lock, target::now())?;
            match is_table {
                true if to.is_carried() => tell_line!(ask, "没有变化，没有写离线包；要带去全部文件，加 --full"),
                true => {
                    tell_line!(ask, "没有变化，没有新的发布批次；现在的网站是 {}", line.release.unwrap_or_default())
                }
                false => print(ask, &Line { purged: &purged, ..line }),
            }
            tell_purged(ask, prepared, &purged);
            Ok(Exit::Clean)
        }
        Done::Published(done) => {
            let (purged, late) = match to.purge(prepared, lock, target::now()) {
                Ok(purged) => (purged, done.late),
                Err(failure) => (Vec::new(), done.late.or(Some(failure))),
            };
            let done = Published { late, ..done };
            let line = Line { release: Some(&done.release), published: true, purged: &purged, ..line };
            if !is_table {
                print(ask, &line);
            }
            let exit = published(ask, to, prepared, &done, &purged);
            tell_carried(ask, to, prepared);
            Ok(exit)
        }
    }
}

fn tell_purged(ask: &Ask, prepared: &Prepared, purged: &[String]) {
    if !purged.is_empty() && ask.is_table() {
        tell_line!(ask, "删去的旧批次（{}，不能再回退到它们）：{}", why_purged(prepared), purged.join("、"));
    }
}

fn why_purged(prepared: &Prepared) -> &'static str {
    if prepared.is_asked_to_clear() { "按 --clear-earlier" } else { "有文件因涉及个人信息撤下" }
}

/// Which releases are on the other side, nobody here knows.
fn tell_carried(ask: &Ask, to: &Target, prepared: &Prepared) {
    if to.is_carried() && (prepared.clears() || prepared.is_asked_to_clear()) && ask.is_table() {
        tell_line!(ask, "执行以后，那一边的旧批次全部删去：{}", why_purged(prepared));
    }
}

fn published(ask: &Ask, to: &Target, prepared: &Prepared, done: &Published, purged: &[String]) -> Exit {
    let plan = &prepared.plan;
    if ask.is_table() {
        if !ask.quiet {
            let gone = plan.withdrawn.iter().chain(&plan.replaced);
            gone.for_each(|gone| tell_line!(ask, "  撤下 {}", listed(gone)));
            plan.moved.iter().for_each(|gone| tell_line!(ask, "  移动 {}", listed(gone)));
            show_differences(ask, plan);
        }
        let (what, hint) = match to.is_carried() {
            true => ("已写入离线包", "；带到那一边，用 gongkai apply 执行"),
            false => ("已发布", ""),
        };
        let (release, written) = (&done.release, done.written);
        tell_line!(ask, "{what} {release}：{}；写入 {written} 个文件 → {}{hint}", counts(plan), to.live_place());
        let files = plan.added.iter().chain(&plan.changed);
        if files.clone().any(|file| file.path == ".host/nginx.conf") && !to.is_carried() {
            tell_line!(ask, "nginx 的规则变了：引用它的服务器要运行 nginx -s reload");
        }
        if !done.removed.is_empty() {
            tell_line!(ask, "不再保留的批次：{}", done.removed.join("、"));
        }
    }
    tell_purged(ask, prepared, purged);
    match &done.late {
        None => Exit::Clean,
        Some(failure) => {
            let exit = report::failure(failure);
            eprintln!("注意：新的网站已经切换，只是后面的事没有做完；下一次发布会接着做");
            exit
        }
    }
}

/// Where findings come as lines, the plan is one, too.
fn print(ask: &Ask, line: &Line) {
    match ask.findings {
        MessageFormat::Json => say!("{}", json::visible(&json::to_string(line))),
        _ => put!("{}", json::visible(&json::to_pretty(line))),
    }
}

fn counts(plan: &Plan) -> String {
    format!("新增 {}，修改 {}，撤下 {}，不变 {}", plan.added.len(), plan.changed(), plan.withdrawn(), plan.unchanged)
}

fn listed(gone: &Gone) -> String {
    format!("/{}（{}）", gone.path, gone.reason)
}

fn place(channel: &str, is_of_host: bool) -> &str {
    if is_of_host { OF_HOST } else { channel }
}

/// The plan for a terminal, by channel.
fn show(ask: &Ask, plan: &Plan, to: &Target) {
    let live = plan.live.as_deref().unwrap_or("还没有发布过");
    tell_line!(ask, "发布计划 {} → {}（现在的网站：{live}）", plan.hash, to.place());
    tell_line!(ask, "{}", counts(plan));
    let mut channels: BTreeMap<&str, [Vec<String>; 4]> = BTreeMap::new();
    let mut note = |channel, sort: usize, words: String| channels.entry(channel).or_default()[sort].push(words);
    plan.added.iter().for_each(|file| note(place(&file.channel, file.host), 0, format!("/{}", file.path)));
    plan.changed.iter().for_each(|file| note(place(&file.channel, file.host), 1, format!("/{}", file.path)));
    plan.withdrawn.iter().chain(&plan.replaced).for_each(|gone| note(place(&gone.channel, gone.host), 2, listed(gone)));
    plan.moved.iter().for_each(|gone| note(&gone.channel, 3, listed(gone)));
    for (channel, sorts) in channels {
        let title = match channel {
            "" => "首页和全站".to_owned(),
            OF_HOST => "服务器规则和压缩副本".to_owned(),
            folder => plan.titles.get(folder).map_or(folder.to_owned(), |title| format!("{title}（{folder}）")),
        };
        tell_line!(ask, "{title}");
        for (label, files) in ["新增", "修改", "撤下", "移动"].into_iter().zip(&sorts) {
            // of what goes every single one is shown
            let shown = if matches!(label, "撤下" | "移动") { files.len() } else { SHOWN };
            files.iter().take(shown).for_each(|file| tell_line!(ask, "  {label} {file}"));
            if files.len() > shown {
                tell_line!(ask, "  {label} ……另有 {} 个，用 --format json 看全部", files.len() - shown);
            }
        }
    }
}

/// What somebody else changed, once that is accepted: else it is told by the guard.
fn show_differences(ask: &Ask, plan: &Plan) {
    let differences = plan.differences.iter().take(SHOWN);
    differences.for_each(|found| tell_line!(ask, "  别人的改动 /{}：{}", plain(&found.path), found.way.label()));
    if plan.differences.len() > SHOWN {
        tell_line!(ask, "  别人的改动 ……另有 {} 个，用 --format json 看全部", plan.differences.len() - SHOWN);
    }
}

/// The command once more, to carry out the plan that was shown: with all that it was given, but for what only showed.
fn again(arguments: impl Iterator<Item = String>, hash: &str) -> String {
    let mut words = vec!["gongkai".to_owned()];
    let mut is_value = false;
    for argument in arguments {
        let is_of_plan = ["--dry-run", "--plan", "--format"].contains(&argument.as_str());
        let is_joined = ["--plan=", "--format="].iter().any(|option| argument.starts_with(option));
        if !is_value && !is_of_plan && !is_joined {
            words.push(quoted(&argument));
        }
        is_value = is_of_plan && argument != "--dry-run" && !is_value;
    }
    format!("{} --plan {hash}", words.join(" "))
}

/// As a shell reads it back.
fn quoted(word: &str) -> String {
    let is_safe = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    match !word.is_empty() && word.chars().all(is_safe) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// What goes for ever.
fn show_purged(ask: &Ask, prepared: &Prepared) {
    let plan = &prepared.plan;
    if !plan.purged.is_empty() {
        tell_line!(ask, "发布以后删去旧批次 {}：{}，以后不能回退到它们", plan.purged.join("、"), why_purged(prepared));
    }
}

fn tell(stop: &Stop) {
    eprintln!("停止：{}", plain(&stop.message));
    stop.list.iter().take(SHOWN).for_each(|line| eprintln!("  {}", plain(line)));
    if stop.list.len() > SHOWN {
        eprintln!("  ……另有 {} 个，用 --format json 看全部", stop.list.len() - SHOWN);
    }
    eprintln!("  = 建议: {}", stop.advice);
}
