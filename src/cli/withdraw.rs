//! `gongkai withdraw`: the withdrawal is written into the document's front matter, once it is known that the site still
//! comes together with it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::args::Withdraw;
use super::named::Named;
use super::{Exit, follows, report};
use crate::catalogue::{Catalogue, DocId, Entry, Withheld};
use crate::diag::{Diagnostic, Severity, io::reason, suggest};
use crate::model::{Field, Front, Hash128, Remains, Withdrawal};
use crate::parse::edit::{self, Edited, Refusal};
use crate::pipeline::{self, Loaded, Options};
use crate::plan;

/// What stands in the way, with advice; and how the command ends.
struct Refused(Exit, String, String);

impl Refused {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self(Exit::CouldNotRun, message.into(), help.into())
    }
}

pub fn run(args: &Withdraw) -> Exit {
    let options = Options { drafts: false, ..args.site.options() };
    let loaded = match report::load(&options, &args.site) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    match withdraw(args, &options, &loaded) {
        Ok(()) => Exit::Clean,
        Err(Refused(exit, message, help)) => {
            eprintln!("错误：{message}");
            eprintln!("  = 建议: {help}");
            eprintln!("没有写入，文件保持原样。");
            exit
        }
    }
}

fn withdraw(args: &Withdraw, options: &Options, loaded: &Loaded) -> Result<(), Refused> {
    let doc = document(args, options, loaded)?;
    let what = Withdrawal {
        day: args.date.unwrap_or(options.as_of),
        cause: args.reason,
        remains: args.show.unwrap_or(args.reason.remains()),
    };
    if what.is_private() && what.remains == Remains::Banner {
        return Err(Refused::new(
            "因涉及个人信息撤下的，不能保留全文",
            "写 --show tombstone（只留说明）或 --show nothing（不再显示），或不写",
        ));
    }
    let fields = fields(args, what, options, loaded)?;
    let path = options.root.join(doc.source.as_str());
    let text = fs::read_to_string(&path).map_err(|error| unwritten(&path, &error))?;
    if Hash128::of_bytes(text.as_bytes()) != doc.hash {
        return Err(Refused::new(format!("{} 刚刚被改动了", doc.source), "保存完毕以后再运行一次"));
    }
    let edited = edit::with_fields(&doc.source, &text, &fields).map_err(|refusal| unsafe_edit(refusal, &fields))?;
    let after = rehearse(options, loaded, doc, what, &edited)?;
    if args.dry_run {
        diff(doc, &text, &edited);
    } else {
        replace(&path, &text, &edited.text)?;
        say!("已写入 {}", doc.source);
    }
    if args.site.quiet {
        return Ok(());
    }
    if !args.dry_run {
        edited.lines.iter().for_each(|line| say!("  {}", line.trim_start()));
    }
    follows::tell(doc, what, loaded, &after, args.dry_run);
    Ok(())
}

/// The public document that is meant.
fn document<'l>(args: &Withdraw, options: &Options, loaded: &'l Loaded) -> Result<&'l Entry, Refused> {
    let catalogue = &loaded.catalogue;
    let wanted = args.document.trim();
    let named = Named::new(wanted, &options.root, &loaded.config.site.base_url);
    if let Some(id) = public(&named, catalogue) {
        let doc = catalogue.doc(id);
        return match doc.front.withdrawal() {
            None => Ok(doc),
            Some(what) => Err(already(doc.source.as_str(), what, options)),
        };
    }
    if let Some(Withheld { doc, reason }) = withheld(&named, catalogue) {
        return Err(match doc.front.withdrawal() {
            Some(what) => already(doc.source.as_str(), what, options),
            None => Refused::new(
                format!("{} 没有公开（{}），不用撤下", doc.source, reason.text()),
                "撤下的是公开过的文件；公开过又改成草稿的，删去 draft 一行再撤下",
            ),
        });
    }
    if loaded.documents.iter().any(|source| named.find([(source.as_str(), None, None)].into_iter()).is_some()) {
        let message = format!("“{wanted}”有错误，没有读入");
        return Err(Refused(Exit::Findings, message, "运行 gongkai build 查看，改正以后再撤下".into()));
    }
    let known = catalogue.docs.iter().map(|doc| doc.source.as_str());
    let help = suggest::did_you_mean(wanted, known)
        .unwrap_or_else(|| "写 content/ 起的路径、网址或索引号；gongkai list 列出全部".into());
    Err(Refused::new(format!("找不到文件“{wanted}”"), help))
}

fn already(source: &str, what: Withdrawal, options: &Options) -> Refused {
    let message = format!("{source} 已经写了撤下：{}", what.state_on(options.as_of));
    Refused::new(message, "要改日期、原因或方式，直接改头信息里 withdrawn（撤下日期）开头的几行；要恢复，删去这几行")
}

fn number(front: &Front) -> Option<&str> {
    front.index_no().map(|number| number.as_str())
}

fn public(named: &Named, catalogue: &Catalogue) -> Option<DocId> {
    let all = catalogue.docs.iter().map(|doc| (doc.source.as_str(), number(&doc.front), Some(doc.out.as_str())));
    named.find(all).map(|at| at as DocId)
}

fn withheld<'l>(named: &Named, catalogue: &'l Catalogue) -> Option<&'l Withheld> {
    let left: BTreeMap<&str, &str> =
        catalogue.tombstones.iter().map(|gone| (gone.source.as_str(), gone.out.as_str())).collect();
    let all = catalogue.withheld.iter().map(|held| {
        let source = held.doc.source.as_str();
        (source, number(&held.doc.front), left.get(source).copied())
    });
    named.find(all).map(|at| &catalogue.withheld[at])
}

/// What is to be written, in the order of the table of fields.
fn fields(
    args: &Withdraw,
    what: Withdrawal,
    options: &Options,
    loaded: &Loaded,
) -> Result<Vec<(Field, String)>, Refused> {
    let note = args.note.as_deref().map(|note| note.split_whitespace().collect::<Vec<_>>().join(" "));
    let redirect = args.redirect.as_deref().map(|to| redirect(to, options, loaded)).transpose()?;
    let show = args.show.map(|_| what.remains.label().to_owned());
    let all = [
        (Field::Withdrawn, Some(what.day.day().to_string())),
        (Field::WithdrawnReason, Some(what.cause.label().to_owned())),
        (Field::WithdrawnShow, show),
        (Field::WithdrawnNote, note.filter(|note| !note.is_empty())),
        (Field::Redirect, redirect),
    ];
    Ok(all.into_iter().filter_map(|(field, value)| Some((field, value?))).collect())
}

/// Where readers are sent, as front matter says it: a document by its path from `content/`, whatever it was called here.
fn redirect(to: &str, options: &Options, loaded: &Loaded) -> Result<String, Refused> {
    let (to, catalogue) = (to.trim(), &loaded.catalogue);
    let base_url = &loaded.config.site.base_url;
    let named = Named::new(to, &options.root, base_url);
    if let Some(id) = public(&named, catalogue) {
        return Ok(format!("/{}", catalogue.doc(id).source.in_content()));
    }
    if let Some(held) = withheld(&named, catalogue) {
        let message = format!("跳转的 {} 没有公开（{}）", held.doc.source, held.reason.text());
        return Err(Refused::new(message, "先公开那份文件，或换一份公开的"));
    }
    let address = to.strip_prefix(base_url.as_str()).unwrap_or(to);
    if address.starts_with('/') && !address.ends_with(".md") {
        // that there is such a page, the rehearsal finds out
        return Ok(address.to_owned());
    }
    let known = catalogue.docs.iter().map(|doc| doc.source.as_str());
    let help = match named.is_elsewhere {
        true => "只能跳转到本站；站外的网址写在 --note 里".to_owned(),
        false => suggest::did_you_mean(to, known)
            .unwrap_or_else(|| "写 content/ 起的路径、索引号，或以 / 开头的本站网址".into()),
    };
    Err(Refused::new(format!("找不到跳转的“{to}”"), help))
}

fn unsafe_edit(refusal: Refusal, fields: &[(Field, String)]) -> Refused {
    let by_hand = || {
        let lines: Vec<String> = fields.iter().map(|(field, value)| format!("{}: {value}", field.spec().key)).collect();
        format!("在头信息里手工加上：{}", lines.join("；"))
    };
    match refusal {
        Refusal::Unread => Refused::new("头信息读不出来", "运行 gongkai build 查看，改正以后再撤下"),
        Refusal::There(field) => {
            let spec = field.spec();
            let message = format!("头信息里已经有 {}（{}）一行", spec.key, spec.labels[0]);
            Refused::new(message, "删去这一行再运行，或在那里手工写上")
        }
        Refusal::Unsafe => Refused::new("头信息的写法不能安全地改动，或加上以后太长", by_hand()),
    }
}

/// The site with the withdrawal, as of the day on which it begins; refused if anything is wrong with it that was not before.
fn rehearse(
    options: &Options,
    loaded: &Loaded,
    doc: &Entry,
    what: Withdrawal,
    edited: &Edited,
) -> Result<Loaded, Refused> {
    let then = Options { as_of: options.as_of.max(what.day), ..options.clone() };
    let load = |edit| match pipeline::load_with(&then, edit) {
        Ok(Ok(loaded)) => Ok(loaded),
        Ok(Err(_)) => Err(Refused::new("site.toml 或主题有错误", "运行 gongkai build 查看")),
        Err(failure) => Err(Refused(report::failure(&failure), "没有试成".into(), "改好以后再运行一次".into())),
    };
    let after = load(Some((&doc.source, edited.text.as_str())))?;
    let before = if then.as_of == options.as_of { errors(loaded) } else { errors(&load(None)?) };
    let is_same = |a: &Diagnostic, b: &Diagnostic| (a.code, &a.path, &a.message) == (b.code, &b.path, &b.message);
    let is_new = |error: &Diagnostic| !before.iter().any(|old| is_same(old, error));
    let new: Vec<Diagnostic> = errors(&after).into_iter().filter(is_new).collect();
    if new.is_empty() {
        return Ok(after);
    }
    for error in &new {
        eprintln!("错误[{}]: {}", error.code.as_str(), error.message);
        eprintln!("  --> {}", error.path);
        if let Some(help) = &error.help {
            eprintln!("  = 建议: {help}");
        }
    }
    let message = format!("这样撤下，网站会有 {} 个新的错误", new.len());
    Err(Refused(Exit::Findings, message, "照上面的建议改好，再运行一次".into()))
}

/// What stops a build, as far as it is known before pages are made.
fn errors(loaded: &Loaded) -> Vec<Diagnostic> {
    let (_, planned) = plan::make(&loaded.catalogue, &loaded.theme);
    let all = loaded.report.findings.iter().cloned().chain(planned);
    all.filter(|finding| finding.severity == Severity::Error).collect()
}

/// Lines around those that come in.
const AROUND: usize = 2;

/// The change as `diff -u` shows it.
fn diff(doc: &Entry, text: &str, edited: &Edited) {
    let before: Vec<&str> = text[..edited.at].lines().collect();
    let first = before.len().saturating_sub(AROUND);
    let after: Vec<&str> = text[edited.at..].lines().take(AROUND).collect();
    let kept = before.len() - first + after.len();
    say!("--- {}", doc.source);
    say!("+++ {}", doc.source);
    say!("@@ -{},{kept} +{},{} @@", first + 1, first + 1, kept + edited.lines.len());
    before[first..].iter().for_each(|line| say!(" {line}"));
    edited.lines.iter().for_each(|line| say!("+{line}"));
    after.iter().for_each(|line| say!(" {line}"));
}

fn unwritten(path: &Path, error: &io::Error) -> Refused {
    Refused::new(format!("{}：{}", path.display(), reason(error)), "检查文件的权限和磁盘，再运行一次")
}

/// Puts the new text in the place of the old one: whoever reads the file has one or the other, and it keeps its permissions.
fn replace(path: &Path, old: &str, new: &str) -> Result<(), Refused> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // names that begin with a dot are no content
    let aside = path.with_file_name(format!(".{name}.gongkai-tmp"));
    let write = || {
        let mut file = fs::File::create(&aside)?;
        file.write_all(new.as_bytes())?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        let is_as_it_was = fs::read(path)? == old.as_bytes();
        if is_as_it_was { fs::rename(&aside, path) } else { Err(io::ErrorKind::AlreadyExists.into()) }
    };
    write().map_err(|error| {
        let _ = fs::remove_file(&aside);
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                Refused::new(format!("{} 刚刚被改动了", path.display()), "保存完毕以后再运行一次")
            }
            _ => unwritten(path, &error),
        }
    })
}
