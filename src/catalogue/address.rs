//! Where documents and redirects stand, and that no two outputs are one file.

use std::collections::HashMap;

use rayon::prelude::*;

use super::channels::{self, Channel};
use super::files::FileEntry;
use super::gate::Admitted;
use super::{DocId, Entry};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, Hash128, OutPath, SourcePath, path, slug};

/// The address of every document: its folder, and its slug with `.html`. A bundle `dk-31/index.md` is `dk-31.html`.
pub fn documents(admitted: &[Admitted], findings: &mut Vec<Diagnostic>) -> Vec<OutPath> {
    let address = |doc: &Admitted| {
        let mut findings = Vec::new();
        (document(doc, &mut findings), findings)
    };
    let addresses: Vec<(OutPath, Vec<Diagnostic>)> = admitted.par_iter().map(address).collect();
    let tell = |(out, problems)| {
        findings.extend(problems);
        out
    };
    addresses.into_iter().map(tell).collect()
}

fn document(doc: &Admitted, findings: &mut Vec<Diagnostic>) -> OutPath {
    let (folder, name) = place(&doc.source);
    let own = doc.front.text(Field::Slug);
    let mut push = |message: String, help: &str| {
        findings
            .push(Diagnostic::new(Code::G056, doc.source.as_str(), doc.front.span(Field::Slug), message).help(help));
    };
    let chosen = match own {
        Some(own) if !is_slug(own) => {
            push(format!("网址名“{own}”不能用"), "只用英文字母、数字、- 和 _，如 bmys-2014");
            slug::slug(name)
        }
        Some(own) => own.to_owned(),
        None => slug::slug(name),
    };
    let chosen = match slug::is_reserved(&chosen) {
        true => {
            push(format!("“{chosen}”是网站自己的文件名"), "换一个文件名，或用 slug 另起网址名");
            format!("{chosen}-1")
        }
        false => chosen,
    };
    let out = format!("{}{chosen}.html", channels::out_folder(folder));
    OutPath::new(out.as_str()).unwrap_or_else(|problem| {
        push(format!("网址“{out}”不能用：{problem}"), "缩短文件夹名或 slug");
        // stands in, so that what else is wrong is found too; an error keeps it from ever being written
        OutPath::of_checked(format!("{}.html", Hash128::of_bytes(out.as_bytes())))
    })
}

/// Folder and name that a document's address is made from.
fn place(source: &SourcePath) -> (&str, &str) {
    let path = source.in_content();
    let path =
        if source.is_bundle() { path.strip_suffix("/index.md").unwrap_or(path) } else { &path[..path.len() - 3] };
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Where the files beside a document stand: a folder of sources, as an address with a closing `/`.
pub fn files_folder(folder: &str) -> String {
    channels::out_folder(folder)
}

fn is_slug(text: &str) -> bool {
    slug::is_plain(text)
        && slug::name_problem(text).is_none()
        && !text.starts_with(['.', '-'])
        && text.len() <= 120
        && !text.contains("..")
}

/// The redirects of `aliases:`.
pub fn redirects(docs: &[Entry], findings: &mut Vec<Diagnostic>) -> Vec<(OutPath, DocId)> {
    let mut redirects = Vec::new();
    for (id, doc) in docs.iter().enumerate() {
        for alias in doc.front.list(Field::Aliases) {
            match redirect(&alias.value) {
                Ok(out) => redirects.push((out, id as DocId)),
                Err(problem) => {
                    let message = format!("旧网址“{}”不能用：{problem}", alias.value);
                    findings.push(
                        Diagnostic::new(Code::G057, doc.source.as_str(), alias.span, message)
                            .help("写网站内的路径，以 .html、.htm 或 / 结尾，如 /art/2014/12/4/art_1_2.html"),
                    );
                }
            }
        }
    }
    redirects
}

fn redirect(alias: &str) -> Result<OutPath, &'static str> {
    let decoded = path::decode(alias).ok_or("百分号编码有误")?;
    let below = decoded.strip_prefix('/').unwrap_or(&decoded);
    if below.split('/').any(|name| name.starts_with('.') && name != ".well-known") {
        return Err("有以点开头的名称");
    }
    if below.contains("//") || decoded.contains(['?', '#']) || decoded.contains("://") {
        return Err("只能是网站内的路径，不带参数");
    }
    let file = match below {
        "" => return Err("这是首页"),
        _ if below.ends_with('/') => format!("{below}index.html"),
        _ if below.ends_with(".html") || below.ends_with(".htm") => below.to_owned(),
        _ => return Err("要以 .html、.htm 或 / 结尾"),
    };
    OutPath::new(file.as_str())
}

/// What stands at an address, for messages: the source and where in it the address is said.
struct Claim<'a> {
    path: &'a str,
    field: Option<crate::model::Span>,
}

/// No two outputs may be one file on any host (case and Unicode form do not tell names apart everywhere). The listings'
/// own files are claimed by their channel.
pub fn check_collisions(
    docs: &[Entry],
    channels: &[Channel],
    files: &[FileEntry],
    redirects: &[(OutPath, DocId)],
    findings: &mut Vec<Diagnostic>,
) {
    let mut claims: HashMap<String, Claim> = HashMap::with_capacity(docs.len() + files.len());
    for channel in channels {
        let claim = Claim { path: channel.file.source.as_str(), field: None };
        claims.insert(format!("{}index.html", channel.out).to_lowercase(), claim);
    }
    let documents = docs.iter().map(|doc| (&doc.out, Claim { path: doc.source.as_str(), field: None }));
    let files =
        files.iter().filter_map(|file| Some((file.out.as_ref()?, Claim { path: file.source.as_str(), field: None })));
    let aliases = redirects.iter().map(|(out, id)| {
        let doc = &docs[*id as usize];
        let written = doc.front.list(Field::Aliases).iter().find(|alias| redirect(&alias.value).as_ref() == Ok(out));
        (out, Claim { path: doc.source.as_str(), field: written.map(|alias| alias.span) })
    });
    for (out, claim) in documents.chain(files).chain(aliases) {
        let own = ["sitemap.html", "404.html", "robots.txt", "sitemap.xml"].contains(&out.as_str());
        let listing = ["catalogue/", "assets/"].iter().any(|folder| out.as_str().starts_with(folder));
        if own || listing {
            let message = format!("网址 /{out} 是网站自己的");
            findings.push(
                Diagnostic::new(Code::G051, claim.path, claim.field, message).help("换一个文件名、slug 或旧网址"),
            );
            continue;
        }
        let Some(first) = claims.get(&out.collision_key()) else {
            claims.insert(out.collision_key(), claim);
            continue;
        };
        let message = format!("网址 /{out} 与 {} 冲突", first.path);
        findings.push(
            Diagnostic::new(Code::G051, claim.path, claim.field, message)
                .help("给其中一份写上不同的 slug，或改文件名、旧网址"),
        );
    }
    // a file and a folder of one name cannot stand side by side
    for (key, claim) in &claims {
        let mut folder = key.as_str();
        while let Some((above, _)) = folder.rsplit_once('/') {
            if let Some(file) = claims.get(above) {
                let message = format!("网址 /{key} 的上级与文件 {} 冲突", file.path);
                findings.push(Diagnostic::new(Code::G051, claim.path, claim.field, message).help("改文件夹名或旧网址"));
            }
            folder = above;
        }
    }
}
