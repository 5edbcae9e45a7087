//! `gongkai why`: every listing a document appears in, and the rule that put it there.

use super::args::Why;
use super::{Exit, report};
use crate::catalogue::{Catalogue, DocId, Entry, Withheld};
use crate::diag::{Diagnostic, Severity, suggest};
use crate::model::path;
use crate::pipeline;
use crate::plan::why::{Place, why};

pub fn run(args: &Why) -> Exit {
    let options = args.site.options();
    let loaded = match pipeline::load(&options) {
        Ok(Ok(loaded)) => loaded,
        Ok(Err(report)) => {
            report::findings(&report.findings, &args.site, &options.root);
            return Exit::Findings;
        }
        Err(failure) => return report::failure(&failure),
    };
    let catalogue = &loaded.catalogue;
    let wanted = args.document.trim();
    let bare = wanted.trim_start_matches("./");
    let named = |source: &str, number: Option<&str>| {
        source == bare
            || source.strip_prefix("content/") == Some(bare)
            || number == Some(wanted)
            || bare.ends_with(&format!("/{source}"))
    };
    let number = |entry: &Entry| entry.front.index_no().map(|number| number.as_str().to_owned());
    let url = path::decode(wanted.trim_start_matches('/'));
    let is_it =
        |doc: &Entry| named(doc.source.as_str(), number(doc).as_deref()) || url.as_deref() == Some(doc.out.as_str());
    if let Some(id) = catalogue.docs.iter().position(|doc| is_it(doc)) {
        public(catalogue, id as DocId);
        let source = catalogue.doc(id as DocId).source.as_str();
        let is_error = |finding: &Diagnostic| finding.severity == Severity::Error && &*finding.path == source;
        if loaded.report.findings.iter().any(is_error) {
            eprintln!("注意：这份文件有错误，改正以前不会公开；运行 gongkai build 查看");
            return Exit::Findings;
        }
        return Exit::Clean;
    }
    let withheld =
        |held: &&Withheld| named(held.doc.source.as_str(), held.doc.front.index_no().map(|number| number.as_str()));
    if let Some(held) = catalogue.withheld.iter().find(withheld) {
        say!("{}\n  没有公开：{}", held.doc.source, held.reason.text());
        say!("  不出现在任何栏目、目录、订阅和数据里");
        return Exit::Clean;
    }
    if let Some(source) = loaded.documents.iter().find(|source| named(source.as_str(), None)) {
        say!("{source}\n  没有公开：有错误，没有读入；运行 gongkai build 查看");
        return Exit::Findings;
    }
    if catalogue.files.iter().any(|file| named(file.source.as_str(), None)) {
        eprintln!("错误：“{wanted}”是附件，不单独列在目录里");
        eprintln!("  = 建议: 写列出它的文件（.md）的路径");
        return Exit::CouldNotRun;
    }
    let known = catalogue
        .docs
        .iter()
        .map(|doc| doc.source.as_str())
        .chain(catalogue.withheld.iter().map(|held| held.doc.source.as_str()));
    eprintln!("错误：找不到文件“{wanted}”");
    let help = suggest::did_you_mean(wanted, known)
        .unwrap_or_else(|| "写 content/ 起的路径、网址或索引号；gongkai list 列出全部".into());
    eprintln!("  = 建议: {help}");
    Exit::CouldNotRun
}

fn public(catalogue: &Catalogue, id: DocId) {
    let doc = catalogue.doc(id);
    say!("{}\n  {}\n  网址 /{}", doc.source, doc.title(), doc.out);
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
    let feeds: Vec<String> = why.feeds.iter().map(|feed| format!("/{feed}")).collect();
    say!("订阅（最新 20 条之内）\n  {}", feeds.join("  "));
}

fn places(places: &[Place]) {
    for Place { out, title, rule } in places {
        say!("  /{out}  {title}：{rule}");
    }
}
