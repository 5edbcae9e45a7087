//! `gongkai publish`

use std::collections::BTreeMap;

use serde::Serialize;

use super::args::{PlanFormat, Publish};
use super::{Exit, report, target};
use crate::diag::Code;
use crate::model::json;
use crate::pipeline::{self, Failure, Options, Report};
use crate::publish::{self, Allowed, Done, Folder, Gone, Plan, Prepared, Published, Stop};

/// Lines of one sort that a person is shown of a channel, and of a guard; machines get all of all.
const SHOWN: usize = 20;

/// What `--format json` prints.
#[derive(Serialize)]
struct Line<'a> {
    plan: &'a Plan,
    stops: &'a [Stop],
    /// The release that is live now; of a dry run, what was live before.
    release: Option<&'a str>,
    published: bool,
    /// Earlier releases that were removed because they held what was withdrawn for the sake of privacy.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    purged: &'a [String],
}

pub fn run(args: &Publish) -> Exit {
    let build = &args.build;
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
    match target::find(&args.target, &options, &build.site) {
        Ok(folder) => to_folder(args, &options, &folder).unwrap_or_else(|failure| report::failure(&failure)),
        Err(exit) => exit,
    }
}

fn to_folder(args: &Publish, options: &Options, folder: &Folder) -> Result<Exit, Failure> {
    // from here on nobody else publishes there, and the later of two builds is the later release
    let _lock = match args.dry_run {
        true => folder.read(&target::waiting)?,
        false => {
            let lock = folder.lock(&target::waiting)?;
            publish::recover(folder)?;
            Some(lock)
        }
    };
    let waiting = || eprintln!("另一个 gongkai 正在生成这个网站，等它结束……");
    let mut memory = pipeline::remembered(&options.root).once().whole();
    let report = pipeline::build(options, &mut memory, &waiting)?;
    report::findings(&report.findings, &args.build.site, &options.root);
    let (Some(_), Some(site)) = (report.done, report.site.clone()) else { return Ok(not_built(&report)) };
    let allowed = Allowed { deletes: args.allow_deletes, changes: args.accept_changes, plan: args.plan.clone() };
    let prepared = publish::prepare(options, (&site, &report.written), folder, &allowed, args.dry_run, &waiting)?;
    let exit = finish(args, folder, &prepared);
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

fn finish(args: &Publish, folder: &Folder, prepared: &Prepared) -> Result<Exit, Failure> {
    let (plan, stops) = (&prepared.plan, &prepared.stops);
    let is_table = args.format == PlanFormat::Table;
    if is_table && (args.dry_run || !stops.is_empty()) && !args.build.site.quiet {
        show(plan, folder);
        show_purged(plan);
    }
    if is_table {
        stops.iter().for_each(tell);
    }
    let live = plan.live.as_deref();
    if args.dry_run || !stops.is_empty() {
        if !is_table {
            print(plan, stops, live, false, &[]);
        }
        if is_table && stops.is_empty() {
            say!("以上只是计划，没有发布。执行：gongkai publish {} --plan {}", args.target, plan.hash);
        }
        if !stops.is_empty() {
            eprintln!("没有发布：有 {} 件事要先看清楚。发布目标保持原样。", stops.len());
        }
        return Ok(if stops.is_empty() { Exit::Clean } else { Exit::Guarded });
    }
    match publish::publish(prepared, folder, target::now())? {
        Done::Unchanged => {
            let purged = publish::purge(prepared, folder)?;
            match is_table {
                true => say!("没有变化，没有新的发布批次；现在的网站是 {}", live.unwrap_or_default()),
                false => print(plan, stops, live, false, &purged),
            }
            tell_purged(args, &purged);
            Ok(Exit::Clean)
        }
        Done::Published(done) => {
            let (purged, late) = match publish::purge(prepared, folder) {
                Ok(purged) => (purged, done.late),
                Err(failure) => (Vec::new(), done.late.or(Some(failure))),
            };
            Ok(published(args, folder, plan, Published { late, ..done }, &purged))
        }
    }
}

fn tell_purged(args: &Publish, purged: &[String]) {
    if !purged.is_empty() && args.format == PlanFormat::Table {
        say!("删去的旧批次（含有因个人信息撤下的内容，不能再回退到它们）：{}", purged.join("、"));
    }
}

fn published(args: &Publish, folder: &Folder, plan: &Plan, done: Published, purged: &[String]) -> Exit {
    match args.format {
        PlanFormat::Json => print(plan, &[], Some(&done.release), true, purged),
        PlanFormat::Table => {
            if !args.build.site.quiet {
                plan.withdrawn
                    .iter()
                    .chain(&plan.replaced)
                    .chain(&plan.moved)
                    .for_each(|gone| say!("  撤下或移动 {}", listed(gone)));
            }
            say!(
                "已发布 {}：{}；写入 {} 个文件 → {}",
                done.release,
                counts(plan),
                done.written,
                folder.current().display()
            );
            if !done.removed.is_empty() {
                say!("不再保留的批次：{}", done.removed.join("、"));
            }
        }
    }
    tell_purged(args, purged);
    match done.late {
        None => Exit::Clean,
        Some(failure) => {
            let exit = report::failure(&failure);
            eprintln!("注意：新的网站已经切换，只是后面的事没有做完；下一次发布会接着做");
            exit
        }
    }
}

fn print(plan: &Plan, stops: &[Stop], release: Option<&str>, published: bool, purged: &[String]) {
    put!("{}", json::to_pretty(&Line { plan, stops, release, published, purged }));
}

fn counts(plan: &Plan) -> String {
    format!(
        "新增 {}，修改 {}，撤下 {}，不变 {}",
        plan.added.len(),
        plan.changed.len(),
        plan.withdrawn.len(),
        plan.unchanged
    )
}

fn listed(gone: &Gone) -> String {
    format!("/{}（{}）", gone.path, gone.reason)
}

/// The plan for a terminal, by channel.
fn show(plan: &Plan, folder: &Folder) {
    let live = plan.live.as_deref().unwrap_or("还没有发布过");
    say!("发布计划 {} → {}（现在的网站：{live}）", plan.hash, folder.root().display());
    say!("{}", counts(plan));
    let mut channels: BTreeMap<&str, [Vec<String>; 4]> = BTreeMap::new();
    let mut note = |channel, sort: usize, words: String| channels.entry(channel).or_default()[sort].push(words);
    plan.added.iter().for_each(|file| note(&file.channel, 0, format!("/{}", file.path)));
    plan.changed.iter().for_each(|file| note(&file.channel, 1, format!("/{}", file.path)));
    plan.withdrawn.iter().chain(&plan.replaced).for_each(|gone| note(&gone.channel, 2, listed(gone)));
    plan.moved.iter().for_each(|gone| note(&gone.channel, 3, listed(gone)));
    for (channel, sorts) in channels {
        let title = match channel {
            "" => "首页和全站".to_owned(),
            folder => plan.titles.get(folder).map_or(folder.to_owned(), |title| format!("{title}（{folder}）")),
        };
        say!("{title}");
        for (label, files) in ["新增", "修改", "撤下", "移动"].into_iter().zip(&sorts) {
            // of what goes every single one is shown
            let shown = if matches!(label, "撤下" | "移动") { files.len() } else { SHOWN };
            files.iter().take(shown).for_each(|file| say!("  {label} {file}"));
            if files.len() > shown {
                say!("  {label} ……另有 {} 个，用 --format json 看全部", files.len() - shown);
            }
        }
    }
}

/// What goes for ever.
fn show_purged(plan: &Plan) {
    if !plan.purged.is_empty() {
        say!("发布以后删去旧批次 {}：含有因个人信息撤下的内容，以后不能回退到它们", plan.purged.join("、"));
    }
}

fn tell(stop: &Stop) {
    eprintln!("停止：{}", stop.message);
    stop.list.iter().take(SHOWN).for_each(|line| eprintln!("  {line}"));
    if stop.list.len() > SHOWN {
        eprintln!("  ……另有 {} 个，用 --format json 看全部", stop.list.len() - SHOWN);
    }
    eprintln!("  = 建议: {}", stop.advice);
}
