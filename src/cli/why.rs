//! `gongkai why`: every listing a document appears in, and the rule that put it there.

use super::args::Why;
use super::named::Named;
use super::{Exit, report};
use crate::catalogue::{Catalogue, DocId, Lead, Tombstone};
use crate::diag::{Diagnostic, Severity, suggest};
use crate::model::{Front, Moment, Remains, SourcePath};
use crate::pipeline::Loaded;
use crate::plan::why::{Place, why};

pub fn run(args: &Why) -> Exit {
    let options = args.site.options();
    let loaded = match report::load(&options, &args.site) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let wanted = args.document.trim();
    let named = Named::new(wanted, &options.root, &loaded.config.site.base_url);
    if let Some(exit) = known(&loaded, &named, options.as_of) {
        return exit;
    }
    if named.find(loaded.catalogue.files.iter().map(|file| (file.source.as_str(), None, None))).is_some() {
        eprintln!("错误：“{wanted}”是附件，不单独列在目录里");
        eprintln!("  = 建议: 写列出它的文件（.md）的路径");
        return Exit::CouldNotRun;
    }
    eprintln!("错误：找不到文件“{wanted}”");
    eprintln!("  = 建议: {}", advice(&loaded, &named, wanted));
    Exit::CouldNotRun
}

/// Says of a document what is to be said, if there is one of that name.
fn known(loaded: &Loaded, named: &Named, today: Moment) -> Option<Exit> {
    let catalogue = &loaded.catalogue;
    let public_ones =
        catalogue.docs.iter().map(|doc| (doc.source.as_str(), number(&doc.front), Some(doc.out.as_str())));
    if let Some(id) = named.find(public_ones) {
        public(catalogue, id as DocId, today);
        let source = catalogue.doc(id as DocId).source.as_str();
        let is_error = |finding: &Diagnostic| finding.severity == Severity::Error && &*finding.path == source;
        if loaded.report.findings.iter().any(is_error) {
            eprintln!("注意：这份文件有错误，改正以前不会公开；运行 gongkai build 查看");
            return Some(Exit::Findings);
        }
        return Some(Exit::Clean);
    }
    let left = |source: &SourcePath| catalogue.tombstones.iter().find(|gone| gone.source == *source);
    let withheld = catalogue.withheld.iter().map(|held| {
        let url = left(&held.doc.source).map(|gone| gone.out.as_str());
        (held.doc.source.as_str(), number(&held.doc.front), url)
    });
    if let Some(at) = named.find(withheld) {
        let held = &catalogue.withheld[at];
        say!("{}\n  没有公开：{}", held.doc.source, held.reason.text());
        say!("  不出现在任何栏目、目录、订阅和数据里");
        if let Some(gone) = left(&held.doc.source) {
            remains(catalogue, gone);
        }
        return Some(Exit::Clean);
    }
    let at = named.find(loaded.documents.iter().map(|source| (source.as_str(), None, None)))?;
    say!("{}\n  没有公开：有错误，没有读入；运行 gongkai build 查看", loaded.documents[at]);
    Some(Exit::Findings)
}

/// What stands at the addresses of a withdrawn document.
fn remains(catalogue: &Catalogue, gone: &Tombstone) {
    let to = gone.to.as_ref().map(|to| match to {
        Lead::Doc(id) => format!("/{}", catalogue.doc(*id).out),
        Lead::Page(out) => format!("/{out}"),
    });
    let what = match (gone.what.remains, to) {
        (Remains::Nothing, None) => "打不开了（404）".to_owned(),
        (Remains::Nothing, Some(to)) => format!("跳转到 {to}"),
        (_, None) => "是一页撤下的说明".to_owned(),
        (_, Some(to)) => format!("是一页撤下的说明，请读者看 {to}"),
    };
    say!("  原网址 /{} {what}", gone.out);
}

fn number(front: &Front) -> Option<&str> {
    front.index_no().map(|number| number.as_str())
}

/// What to write instead.
fn advice(loaded: &Loaded, named: &Named, wanted: &str) -> String {
    if named.is_elsewhere {
        return format!("这不是本网站的网址；本网站是 {}", loaded.config.site.base_url);
    }
    let catalogue = &loaded.catalogue;
    let known = catalogue
        .docs
        .iter()
        .map(|doc| doc.source.as_str())
        .chain(catalogue.withheld.iter().map(|held| held.doc.source.as_str()));
    suggest::did_you_mean(wanted, known)
        .unwrap_or_else(|| "写 content/ 起的路径、网址或索引号；gongkai list 列出全部".into())
}

fn public(catalogue: &Catalogue, id: DocId, today: Moment) {
    let doc = catalogue.doc(id);
    say!("{}\n  {}\n  网址 /{}", doc.source, doc.title(), doc.out);
    match (&doc.withdrawn, doc.front.withdrawal()) {
        (Some(banner), _) => say!("  {}；不在订阅和最新里", banner.what.state()),
        (None, Some(what)) => say!("  {}", what.state_on(today)),
        (None, None) => {}
    }
    if let Some(validity) = doc.validity {
        say!("  有效性 {}", validity.label());
    }
    let why = why(catalogue, id);
    say!("栏目");
    places(&why.channels);
    if !why.blocks.is_empty() {
        say!("区块");
        places(&why.blocks);
    }
    say!("目录");
    places(&why.catalogue);
    if why.feeds.is_empty() {
        return;
    }
    let feeds: Vec<String> = why.feeds.iter().map(|feed| format!("/{feed}")).collect();
    say!("订阅（最新 20 条之内）\n  {}", feeds.join("  "));
}

fn places(places: &[Place]) {
    for Place { out, title, rule } in places {
        say!("  /{out}  {title}：{rule}");
    }
}
