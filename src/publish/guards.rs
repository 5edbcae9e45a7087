//! What stops a release. All that apply are told at once, each with what to do about it.

use serde::Serialize;

use super::changes::{Gone, Plan};
use super::cleared::Clearing;
#[cfg(feature = "publish")]
use super::cleared::Turn;
use super::commit::{Apart, Changes, Lineage};
use super::manifest::{Entry, Kind, Manifest, SiteName};
use super::observe::{State, Way};
use crate::diag::human::plain;
use crate::model::Moment;

/// What whoever publishes has allowed beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// So many files may go.
    pub deletes: Option<usize>,
    /// What somebody else changed at the target may be overwritten.
    pub changes: bool,
    /// The day, or the commit, may be earlier than those of the live site.
    pub earlier: bool,
    /// Every earlier release is to go, whatever was withdrawn: what was private in them was changed, not withdrawn.
    pub clears: bool,
    /// Only the plan of this hash.
    pub plan: Option<String>,
}

/// Why a site must not be published as it is. Words are Chinese.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stop {
    /// For programs: `empty`, `site`, `as-of`, `commit`, `private`, `lost`, `deletes`, `tampered`, `chain`, `host`, `plan`.
    pub code: &'static str,
    pub message: String,
    /// What it is about, one a line.
    pub list: Vec<String>,
    pub advice: String,
}

impl Stop {
    pub(super) fn new(
        code: &'static str,
        message: impl Into<String>,
        list: Vec<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { code, message: message.into(), list, advice: advice.into() }
    }
}

/// Deletions beyond which somebody has to look: a share of what is live, and a number.
const PERCENT: usize = 5;
const MOST: usize = 50;

/// Paths that a person is shown in a line.
const SHOWN: usize = 20;

/// Every reason against the release.
pub fn guards(
    manifest: &Manifest,
    plan: &Plan,
    (state, clearing): (&State, &Clearing),
    lineage: Lineage,
    allowed: &Allowed,
) -> Vec<Stop> {
    let all = [
        empty(manifest),
        other_site(manifest, state),
        earlier_day(manifest, state).filter(|_| !allowed.earlier),
        earlier_commit(manifest, state, lineage).filter(|_| !allowed.earlier),
        uncommitted(manifest, plan, state).filter(|_| !allowed.earlier),
        shown_again(manifest, state).filter(|_| !allowed.earlier),
        returned(clearing).filter(|_| !is_known_to_follow(state, lineage) && !allowed.earlier),
        unheard(clearing).filter(|_| !allowed.earlier),
        lost(manifest, plan),
        deletes(plan, state, allowed),
        tampered(manifest, state, allowed),
        chain(state, allowed),
        other_plan(plan, allowed),
    ];
    all.into_iter().flatten().collect()
}

/// Whether whoever made our commit had before him all that is live: what was published without a commit, he had not.
fn is_known_to_follow(state: &State, lineage: Lineage) -> bool {
    lineage == Lineage::Follows && !state.may_be_dirty()
}

fn empty(manifest: &Manifest) -> Option<Stop> {
    let advice = "检查 content/ 是否完整：是不是拉取代码没有成功，或所有文件都是草稿";
    (manifest.documents == 0).then(|| Stop::new("empty", "网站里没有一份公开的文件", Vec::new(), advice))
}

fn other_site(manifest: &Manifest, state: &State) -> Option<Stop> {
    let ours = &manifest.site;
    let known = state.live.as_ref().map(|live| &live.manifest.site).filter(|theirs| !theirs.base_url.is_empty());
    let theirs = match known {
        Some(theirs) => {
            let other_code = !ours.id_code.is_empty() && !theirs.id_code.is_empty() && ours.id_code != theirs.id_code;
            (other_code || ours.place() != theirs.place()).then(|| named(theirs))
        }
        None => {
            let line = state.chain.last().filter(|line| !line.site.is_empty() && line.site != ours.place_hash());
            line.map(|line| format!("发布记录的最后一行（批次 {}）写的不是这个网址", line.release))
        }
    };
    theirs.map(|theirs| {
        let message = format!("发布目标里是另一个网站：{theirs}，而这里是{}", named(ours));
        let advice = "检查 [publish] 的 path 是否写错；网站确实换了域名或标识码的，发布到一个新的空文件夹";
        Stop::new("site", message, Vec::new(), advice)
    })
}

fn named(site: &SiteName) -> String {
    let code = if site.id_code.is_empty() { String::new() } else { format!("，标识码 {}", site.id_code) };
    format!("{}（{}{code}）", site.name, site.base_url)
}

/// A day that is earlier would take back what has become public since.
fn earlier_day(manifest: &Manifest, state: &State) -> Option<Stop> {
    let live = &state.live.as_ref()?.manifest;
    (manifest.as_of < live.as_of).then(|| {
        let message = format!("现在的网站按 {} 生成，这一次按更早的 {}", live.as_of, manifest.as_of);
        let advice = "检查 --as-of 和本机的日期；要回到以前的批次，用 gongkai rollback；现在网站的日期才是错的，加 --allow-earlier";
        Stop::new("as-of", message, Vec::new(), advice)
    })
}

/// What was live before what is live, the chain tells; what the live commit was made from, git. Of two commits side by
/// side ours is the earlier if the live one was published since: whoever made it cannot have known the live one.
fn earlier_commit(manifest: &Manifest, state: &State, lineage: Lineage) -> Option<Stop> {
    let live = state.live_commit();
    let commit = &manifest.commit;
    if commit.is_empty() || commit == live || !state.has_releases() {
        return None;
    }
    let was_live = state.chain.lines.iter().rev().find(|line| line.commit == *commit);
    let message = match was_live {
        Some(line) => format!(
            "这个提交 {} 以前发布过（批次 {}），现在的网站来自另一个提交 {}",
            short(commit),
            line.release,
            short(live)
        ),
        None if lineage == Lineage::Older => {
            format!("这个提交 {} 比现在网站的提交 {} 早：后来的改动会被撤回", short(commit), short(live))
        }
        None if is_overtaken(lineage, state) => {
            format!(
                "现在网站的提交 {} 是在这个提交 {} 之后发布的，这里没有它的改动：发布会撤回别人的改动",
                short(live),
                short(commit)
            )
        }
        None if lineage == Lineage::Refused => {
            let message = format!(
                "git 不肯读这个仓库（它属于另一个用户），不能判断这个提交 {} 是不是比现在网站的提交早",
                short(commit)
            );
            return Some(Stop::new("commit", message, Vec::new(), REFUSED));
        }
        None => return None,
    };
    let advice = "先拉取、合并最新的提交再发布；要回到以前的批次，用 gongkai rollback；要再次发布已经撤回的内容，作一个新的提交，或加 --allow-earlier";
    Some(Stop::new("commit", message, Vec::new(), advice))
}

/// The live site was made from this very commit and from changes to it that are not here.
fn uncommitted(manifest: &Manifest, plan: &Plan, state: &State) -> Option<Stop> {
    let live = state.live_commit();
    let is_same_commit = state.is_dirty() && !manifest.commit.is_empty() && manifest.commit == live;
    // somebody's own changes are no others'
    let has_all = state.believed().is_some_and(|live| live.changes.iter().all(|name| manifest.changes.contains(name)));
    let is_taken_back = is_same_commit && !(manifest.dirty && has_all);
    // of a manifest that is lost nobody can say what it held
    let is_lost = state.is_dirty() && state.believed().is_none();
    (is_taken_back && !plan.is_empty() || is_lost).then(|| {
        let message = format!("现在的网站发布时，提交 {} 以外还有没提交的改动，这里没有：发布会撤回它们", short(live));
        let advice = "在改动的那一台机器上提交、推送，这里拉取以后再发布；确实不要那些改动的，作一个新的提交，或加 --allow-earlier";
        Stop::new("commit", message, Vec::new(), advice)
    })
}

/// What was withdrawn in changes that nobody had committed would be public again: whoever made ours, from whatever commit, may
/// not know of them.
fn shown_again(manifest: &Manifest, state: &State) -> Option<Stop> {
    let live = state.believed().filter(|live| live.dirty)?;
    let is_shown = |entry: &&Entry| manifest.entry(&entry.path).is_some_and(|next| next.withdrawn.is_empty());
    let again = live.files.iter().filter(|entry| !entry.withdrawn.is_empty()).filter(is_shown);
    let again: Vec<String> = again.map(|entry| format!("/{}", entry.path)).collect();
    (!again.is_empty()).then(|| {
        let count = again.len();
        let message = format!("现在的网站撤下了 {count} 份文件，发布时还没有提交，这一次它们又要公开");
        let advice = "在撤下的那一台机器上提交、推送，这里拉取以后再发布；确实要重新公开的，加 --allow-earlier";
        Stop::new("commit", message, again, advice)
    })
}

/// What to do where git reads nothing of a repository.
const REFUSED: &str = "让仓库属于运行 gongkai 的用户；或者确认信任它，运行 git config --global --add safe.directory 仓库的文件夹；已经确认不早的，加 --allow-earlier";

fn is_overtaken(lineage: Lineage, state: &State) -> bool {
    let Lineage::Apart(Apart { committed, is_shallow: false, .. }) = lineage else { return false };
    // both in the same form, which sorts as time does
    state.chain.last().is_some_and(|line| Moment::in_china(committed) < line.time)
}

/// What is to be known of the work tree and stops nothing. `changes`: what it has beyond the commit.
pub fn notes(changes: &Changes, lineage: Lineage, live: &str) -> Vec<String> {
    let files = &changes.files;
    let dirty = files.first().map(|first| {
        let more = if files.len() > 1 { format!(" 等 {} 处", files.len()) } else { String::new() };
        format!("有未提交的改动（{first}{more}）：清单记下了这一点（dirty），单凭提交不能得出同样的网站")
    });
    let unknown = (changes.is_unknown && lineage != Lineage::Refused).then(|| {
        "git 查不出有没有未提交的改动（没有 git 程序、还没有提交，或仓库损坏），按有改动记（dirty）：运行 git status 看看"
            .to_owned()
    });
    let dirty = dirty.or(unknown);
    let apart = match lineage {
        Lineage::Apart(Apart { is_shallow: true, .. }) => {
            Some(format!("本地没有现在网站的提交 {} 的历史（浅克隆），不能判断这一次是不是更早的提交", short(live)))
        }
        Lineage::Apart(Apart { is_here, .. }) => {
            let place = if is_here { "" } else { "，它也不在本地的仓库里" };
            Some(format!("这一次的提交没有接着现在网站的提交 {}{place}：它的改动如果还要，先合并再发布", short(live)))
        }
        Lineage::Refused => {
            let words = "git 不肯读这个仓库（它属于另一个用户），查不出有没有未提交的改动，按有改动记（dirty）";
            Some(format!("{words}；可以信任的，运行 git config --global --add safe.directory 仓库的文件夹"))
        }
        Lineage::Unknown if !live.is_empty() => Some(format!(
            "现在的网站来自提交 {}，这一次没有 git 的提交可以比较（没有 git 程序，或不在仓库里），不能判断是不是更早的内容",
            short(live)
        )),
        _ => None,
    };
    dirty.into_iter().chain(apart).collect()
}

/// What was published with changes that nobody had committed, another commit takes back: unless they are committed by now.
pub fn taken_back(manifest: &Manifest, plan: &Plan, state: &State, stops: &[Stop]) -> Option<String> {
    let live = state.believed()?;
    let is_told = stops.iter().any(|stop| stop.code == "commit");
    (live.dirty && manifest.commit != live.commit && !plan.is_empty() && !is_told).then(|| {
        let words = "现在的网站发布时有没提交的改动（dirty）";
        format!("{words}：那些改动后来没有提交的，这一次会撤回；请看清计划，特别是修改和撤下的")
    })
}

fn short(commit: &str) -> &str {
    match commit.get(..12) {
        Some(short) => short,
        None if commit.is_empty() => "（无）",
        None => commit,
    }
}

/// What was withdrawn for privacy would be public again: whoever publishes may not know of it.
fn returned(clearing: &Clearing) -> Option<Stop> {
    let list = clearing.returned.clone();
    (!list.is_empty()).then(|| {
        let message = format!("{} 份文件因涉及个人信息撤下过，这一次又要公开", list.len());
        let advice =
            "检查是不是更早的内容（旧的副本、旧的离线包）；个人信息已经去掉、确实要重新公开的，加 --allow-earlier";
        Stop::new("private", message, list, advice)
    })
}

/// Something was withdrawn for privacy from a commit that is not here, or without one: here it may be public, under whatever
/// name.
fn unheard(clearing: &Clearing) -> Option<Stop> {
    (clearing.has_unheard && clearing.returned.is_empty()).then(|| {
        let message =
            "这个目标因涉及个人信息撤下过文件，这里没有那些撤下（没有提交，或还没有拉取），可能在别的名称下又要公开";
        let advice = "在撤下的那一台机器上提交、推送，这里拉取以后再发布；撤下的源文件后来删去、改名了的，加 --allow-earlier（只要一次）";
        Stop::new("private", message, Vec::new(), advice)
    })
}

/// The same, where it is no stop.
pub fn public_again(clearing: &Clearing, stops: &[Stop]) -> Option<String> {
    let list = clearing.returned.join("、");
    let is_told = stops.iter().any(|stop| stop.code == "private");
    (!list.is_empty() && !is_told).then(|| format!("因涉及个人信息撤下过的重新公开：{list}；请确认个人信息已经去掉"))
}

fn lost(manifest: &Manifest, plan: &Plan) -> Option<Stop> {
    // two addresses that differ in that alone are one to many servers, so no redirect leads from one to the other
    let in_other_letters =
        |gone: &Gone| manifest.files.iter().find(|entry| entry.path.eq_ignore_ascii_case(&gone.path));
    let told = |gone: &Gone| match in_other_letters(gone) {
        Some(entry) => {
            format!("/{}：网址的大小写改成了 /{}；改回原来的大小写（文件名，或 slug）", gone.path, entry.path)
        }
        None => listed(gone),
    };
    let lost: Vec<String> = plan.withdrawn.iter().filter(|gone| gone.lost).map(told).collect();
    (!lost.is_empty()).then(|| {
        let message = format!("{} 个已经公开的网址会打不开，没有跳转，也没有撤下的说明", lost.len());
        let advice = "移动了的，在新文件里写 aliases（旧网址）；要撤下的，留着源文件，运行 gongkai withdraw 写明原因（或写 draft: true、改 disclosure 公开方式），发布以后可以再删";
        Stop::new("lost", message, lost, advice)
    })
}

fn listed(gone: &Gone) -> String {
    format!("/{}：{}", gone.path, gone.reason)
}

fn deletes(plan: &Plan, state: &State, allowed: &Allowed) -> Option<Stop> {
    // what was made for a server goes when its rules go: no reader misses it
    let of_site = |kind: Kind| kind != Kind::Host;
    let gone: Vec<&Gone> = plan.withdrawn.iter().filter(|gone| !gone.host).collect();
    let total = state.live.as_ref()?.manifest.files.iter().filter(|entry| of_site(entry.kind)).count();
    let count = gone.len();
    let known = &state.live.as_ref()?.manifest;
    let is_unknown = |gone: &&&Gone| known.entry(&gone.path).is_some_and(|entry| entry.kind == Kind::Unknown);
    let unknown = gone.iter().filter(is_unknown).count();
    let is_many = count > MOST || count * 100 > total * PERCENT || unknown > 0;
    let is_allowed = allowed.deletes.is_some_and(|allowed| count <= allowed);
    (is_many && !is_allowed).then(|| {
        let limit = MOST.min(total * PERCENT / 100);
        let message = match unknown {
            0 => format!("要撤下 {count} 个文件，超过了不经确认可以撤下的 {limit} 个（现在共 {total} 个）"),
            _ => format!("要撤下 {count} 个文件，其中 {unknown} 个不在能相信的清单里：可能有公开的文件"),
        };
        let advice = format!("用 --dry-run 看清撤下哪些；确实要撤下的，加 --allow-deletes {count}");
        Stop::new("deletes", message, gone.into_iter().map(listed).collect(), advice)
    })
}

fn tampered(manifest: &Manifest, state: &State, allowed: &Allowed) -> Option<Stop> {
    let found = state.differences.iter().map(|found| format!("/{}：{}", found.path, found.way.label()));
    // what somebody accepted stays, and now something of the site would take its place
    let met = state.accepted.iter().filter(|path| manifest.entry(path).is_some());
    let met = met.map(|path| format!("/{path}：不是发布的（以前接受过），会换成网站的"));
    let found: Vec<String> = state.faults.iter().cloned().chain(found).chain(met).collect();
    if found.is_empty() || allowed.changes {
        return None;
    }
    if state.chain.lines.is_empty() && state.faults.is_empty() && state.keeps_strangers {
        return Some(occupied(manifest, state));
    }
    let message = format!("发布目标被别人改动过（{} 处）", found.len());
    let strange = match state.keeps_strangers {
        false => "多出来的不再保留",
        true => "多出来的留在那里，不要的请自己删去（与网站路径相同的换成网站的）",
    };
    let advice =
        format!("先查明是谁、为什么改动；可以覆盖的，加 --accept-changes，改动过的文件恢复为发布的内容，{strange}");
    Some(Stop::new("tampered", message, found, advice))
}

/// Nothing was ever published there, and others have files there: it may be the wrong place.
fn occupied(manifest: &Manifest, state: &State) -> Stop {
    let (met, others): (Vec<String>, Vec<String>) =
        strangers(state).cloned().partition(|path| manifest.entry(path).is_some());
    let message = format!("那里已经有 {} 个不是 gongkai 发布的文件", met.len() + others.len());
    let and = match (met.len(), others.len()) {
        (0, _) => "它们都留在那里，不要的请自己删去".to_owned(),
        (met, 0) => format!("这 {met} 个与网站的路径相同，换成网站的"),
        (met, others) => format!("前 {met} 个与网站的路径相同，换成网站的；其余 {others} 个留在那里，不要的请自己删去"),
    };
    let advice = format!("先看清是不是写错了地方，要不要备份；可以发布的，加 --accept-changes：{and}");
    let met = met.into_iter().map(|path| format!("/{path}：会换成网站的"));
    let list = met.chain(others.into_iter().map(|path| format!("/{path}：会留着"))).collect();
    Stop::new("tampered", message, list, advice)
}

fn strangers(state: &State) -> impl Iterator<Item = &String> {
    state.differences.iter().filter(|found| found.way == Way::Strange).map(|found| &found.path)
}

/// What somebody accepts to stay beside the site, of which nothing will be told after that but by `verify`.
pub fn staying(manifest: &Manifest, state: &State, allowed: &Allowed) -> Option<String> {
    if !state.keeps_strangers || !allowed.changes {
        return None;
    }
    let all: Vec<&String> = strangers(state).filter(|path| manifest.entry(path).is_none()).collect();
    (!all.is_empty()).then(|| {
        let (count, list) = (all.len(), listing(&all));
        format!("{count} 个不是 gongkai 发布的文件照样留在那里，网站的读者也看得到：{list}；不要的请自己删去")
    })
}

/// Paths in a line, as many as a person is shown. Others may have chosen them, so nothing in them steers a terminal.
pub fn listing<S: AsRef<str>>(paths: &[S]) -> String {
    let shown: Vec<String> = paths.iter().take(SHOWN).map(|path| format!("/{}", plain(path.as_ref()))).collect();
    let more = if paths.len() > SHOWN { " ……" } else { "" };
    format!("{}{more}", shown.join("、"))
}

fn chain(state: &State, allowed: &Allowed) -> Option<Stop> {
    let faults: Vec<String> =
        state.chain.open_faults().map(|fault| format!("第 {} 行：{}", fault.number, fault.message)).collect();
    (!faults.is_empty() && !allowed.changes).then(|| {
        let advice = "先查明是谁改动了 releases.jsonl；继续发布加 --accept-changes，断开的地方以后仍查得出来";
        Stop::new("chain", "发布记录 releases.jsonl 被改动过", faults, advice)
    })
}

fn other_plan(plan: &Plan, allowed: &Allowed) -> Option<Stop> {
    let wanted = allowed.plan.as_ref()?;
    (*wanted != plan.hash).then(|| {
        let message =
            format!("现在的计划是 {}，不是 --plan 写的 {wanted}：内容、日期或发布目标在那以后变了", plan.hash);
        Stop::new("plan", message, Vec::new(), "用 --dry-run 再看一次计划，用新的计划号发布")
    })
}

/// Files that neither a bundle nor its target has: it was made for a target that looks otherwise.
#[cfg(feature = "publish")]
pub fn base(missing: Vec<String>, base: &str, state: &State) -> Option<Stop> {
    let is_other = state.live.as_ref().is_none_or(|live| live.hash != base);
    (!missing.is_empty()).then(|| {
        let why = if is_other { "它是从另一个批次做起的，之前的离线包还没有执行" } else { "目标里的文件被改动过" };
        let message = format!("离线包和发布目标里都没有 {} 个文件：{why}", missing.len());
        let advice = "按顺序执行之前的离线包；找不到的、执行以后又回退了的，在做离线包的一边运行 gongkai publish 目标 --bundle 文件 --full，带来全部文件";
        Stop::new("base", message, missing, advice)
    })
}

/// A bundle that others have followed, whether or not it was applied: nobody carries it in order to go back. `manifest`: the
/// SHA-256 of its own.
#[cfg(feature = "publish")]
pub fn replayed(manifest: &str, turn: Option<&Turn>, state: &State) -> Option<Stop> {
    let live = state.live.as_ref()?;
    let was_live = state.chain.lines.iter().rev().find(|line| line.manifest == manifest);
    let turns = turn.zip(state.cleared.bundle.as_ref());
    let message = match was_live.filter(|_| live.hash != manifest) {
        // what is published again on purpose comes in a bundle of its own
        _ if turns.is_some_and(|(turn, last)| last.is_before(turn)) => return None,
        Some(line) => format!("这个离线包的内容以前发布过（批次 {}），后来的批次已经取代了它", line.release),
        None if turns.is_some_and(|(turn, last)| turn.is_before(last)) => {
            "这个离线包比已经执行过的旧，后来的离线包已经取代了它".into()
        }
        None => return None,
    };
    let advice = "检查是不是拿错了盘；要回到以前的批次，用 gongkai rollback；确实要再次发布，重新做一个离线包，或加 --allow-earlier";
    Some(Stop::new("replayed", message, Vec::new(), advice))
}
