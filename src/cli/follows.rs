//! What follows from a withdrawal, for whoever has just written it: what readers see from now on, what is gone, and what no
//! program can take back.

use crate::catalogue::{Entry, Lead, Tombstone};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, OutPath, Remains, Withdrawal};
use crate::pipeline::Loaded;
use crate::plan::why::why;

/// Files and links that are named one by one.
const SHOWN: usize = 20;

/// `before` and `after`: the site without and with the withdrawal. `is_plan`: nothing was written.
pub fn tell(doc: &Entry, what: Withdrawal, before: &Loaded, after: &Loaded, is_plan: bool) {
    let gone = after.catalogue.tombstones.iter().find(|gone| gone.source == doc.source);
    say!("{}起：", what.day.chinese());
    say!("  /{} {}", doc.out, remains(what, gone, after));
    old_addresses(doc, gone, after);
    listed(what);
    let files = files(before, after);
    some("  不再公开的附件", &files);
    links(doc, before, after);
    if what.is_private() {
        if gone.is_some_and(|gone| !gone.note.is_empty()) {
            say!("  撤下说明读者看得到，里面不能有姓名和其他个人信息");
        }
        private(doc, &files, before);
    } else {
        say!("撤不回的：git 的历史、已经发布的旧批次、搜索引擎和别人的缓存里还有它");
    }
    if !is_plan {
        say!("下一步：gongkai build 生成，查看 /{}；gongkai publish <目标> --dry-run 看发布计划", doc.out);
        say!("用 git 的，提交并推送以后再发布：没有提交的撤下，别人下一次发布就撤回了");
    } else {
        say!("以上只是计划，没有写入。");
    }
}

fn remains(what: Withdrawal, gone: Option<&Tombstone>, after: &Loaded) -> String {
    let to = gone.and_then(|gone| gone.to.as_ref()).map(|to| address(to, after));
    match (what.remains, to) {
        (Remains::Banner, _) => "全文保留，上方提示已撤下和原因，请搜索引擎不再收录".into(),
        (Remains::Tombstone, _) if what.is_private() => "只留一页说明：日期和原因，没有名称、索引号和任何内容".into(),
        (Remains::Tombstone, _) => "只留一页说明：名称、索引号、日期和原因".into(),
        (Remains::Nothing, Some(to)) => format!("跳转到 /{to}"),
        (Remains::Nothing, None) => "打不开了（404）".into(),
    }
}

fn address(to: &Lead, after: &Loaded) -> OutPath {
    match to {
        Lead::Doc(id) => after.catalogue.doc(*id).out.clone(),
        Lead::Page(out) => out.clone(),
    }
}

fn old_addresses(doc: &Entry, gone: Option<&Tombstone>, after: &Loaded) {
    let aliases = doc.front.list(Field::Aliases);
    if aliases.is_empty() {
        return;
    }
    let names = aliases.iter().map(|alias| &*alias.value).collect::<Vec<_>>().join("、");
    match gone {
        None => say!("  旧网址 {names} 照旧跳转过去"),
        Some(gone) if !gone.has_page() => say!("  旧网址 {names} 也打不开了"),
        Some(Tombstone { what, out, to, .. }) => {
            let to = match (what.remains, to) {
                (Remains::Nothing, Some(to)) => address(to, after),
                _ => out.clone(),
            };
            say!("  旧网址 {names} 跳转到 /{to}");
        }
    }
}

fn listed(what: Withdrawal) {
    match what.remains {
        Remains::Banner => {
            say!("  仍在栏目、目录和开放数据里，标明已撤下；不再在订阅、最新、置顶和网站地图（sitemap.xml）里");
        }
        _ => say!("  不再在栏目、目录、订阅、开放数据、统计和网站地图里，别的文件的关联里也没有它"),
    }
}

/// Addresses of files that are public now and will not be.
fn files(before: &Loaded, after: &Loaded) -> Vec<String> {
    let is_out = |out: &OutPath| after.catalogue.files.iter().any(|file| file.out.as_ref() == Some(out));
    let all = before.catalogue.files.iter().filter_map(|file| file.out.as_ref());
    all.filter(|out| !is_out(out)).map(|out| format!("/{out}")).collect()
}

/// What leads there from elsewhere: warnings that were not there before.
fn links(doc: &Entry, before: &Loaded, after: &Loaded) {
    let is_about = |finding: &&Diagnostic| {
        matches!(finding.code, Code::G039 | Code::G059 | Code::G061) && *finding.path != *doc.source.as_str()
    };
    let is_known = |finding: &Diagnostic| {
        let is_same = |old: &Diagnostic| old.path == finding.path && old.message == finding.message;
        before.report.findings.iter().any(is_same)
    };
    let new = after.report.findings.iter().filter(is_about).filter(|finding| !is_known(finding));
    let new: Vec<String> = new.map(|finding| format!("{}：{}", finding.path, finding.message)).collect();
    some("  别的文件还提到它", &new);
}

fn some(label: &str, all: &[String]) {
    if all.is_empty() {
        return;
    }
    say!("{label}（{}）：", all.len());
    all.iter().take(SHOWN).for_each(|one| say!("    {one}"));
    if all.len() > SHOWN {
        say!("    ……另有 {} 个", all.len() - SHOWN);
    }
}

/// What a person has to do so that nothing of it is left.
fn private(doc: &Entry, files: &[String], before: &Loaded) {
    let config = &before.config;
    say!("涉及个人信息，还要做：");
    say!("  1. 每个发布目标都发布一次，会同时删去全部旧批次：{}", targets(before));
    say!("  2. 清除缓存：服务器、CDN 和搜索引擎的快照里的这些网址");
    let aliases =
        doc.front.list(Field::Aliases).iter().map(|alias| format!("/{}", alias.value.trim_start_matches('/')));
    let own = std::iter::once(format!("/{}", doc.out)).chain(aliases);
    own.chain(files.iter().cloned()).for_each(|out| say!("       {}{out}", config.site.base_url));
    let listed = listing(doc, before);
    say!("     列有它的 {} 个网页和订阅，连同旁边的 index.json、index.csv、list_N.html：", listed.len());
    listed.iter().for_each(|out| say!("       {}/{out}", config.site.base_url));
    say!(
        "     系列、上一份下一份、解读、关联和统计的网页也可能有它的标题：发布计划里“修改”的网页（--dry-run --format json）都清除"
    );
    say!("  3. 源文件：{} 的正文、标题、摘要，和只属于它的附件，备份以后删去；撤下的几行留着", doc.source);
    say!("  4. git 的历史里仍有它：清除历史（如 git filter-repo），再让每个克隆重新克隆");
    say!("  5. 备份和别的副本；网址 /{} 里如果看得出姓名，撤下方式改为 不再显示（--show nothing）", doc.out);
}

/// Pages and feeds that showed it.
fn listing(doc: &Entry, before: &Loaded) -> Vec<String> {
    let Some(id) = before.catalogue.find(&doc.source) else { return Vec::new() };
    let why = why(&before.catalogue, id);
    let places = why.channels.into_iter().chain(why.blocks).chain(why.catalogue).map(|place| place.out);
    let mut all: Vec<String> = places.chain(why.feeds).collect();
    all.sort();
    all.dedup();
    all
}

fn targets(before: &Loaded) -> String {
    let names: Vec<String> =
        before.config.publish.iter().map(|target| format!("gongkai publish {}", target.name)).collect();
    if names.is_empty() {
        "site.toml 里没有写发布目标，用别的办法上传的，连旧文件一起删".into()
    } else {
        names.join("、")
    }
}
