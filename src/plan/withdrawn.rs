//! What stands at the addresses of withdrawn documents.

use std::sync::Arc;

use super::{Input, Maker, Page};
use crate::catalogue::{Catalogue, Lead, TombstoneId};
use crate::diag::{Code, Diagnostic};
use crate::model::{Field, OutPath, Remains, Span};
use crate::theme::Theme;

/// The template of a page that says what was withdrawn.
const TEMPLATE: &str = "withdrawn.html";

/// A page that says so, or a redirect; and a redirect per old address.
pub fn all(catalogue: &Catalogue, pages: &mut Vec<Page>) {
    let redirect: Arc<str> = "redirect.html".into();
    for (gone, id) in catalogue.tombstones.iter().zip(0 as TombstoneId..).filter(|(gone, _)| gone.has_page()) {
        let moved = |out: &OutPath| Page {
            out: out.clone(),
            maker: Maker::Template(redirect.clone()),
            inputs: vec![Input::Frame, Input::Moved(id)],
        };
        let own = match gone.what.remains {
            Remains::Nothing => moved(&gone.out),
            _ => Page {
                out: gone.out.clone(),
                maker: Maker::Template(TEMPLATE.into()),
                inputs: vec![Input::Frame, Input::Tombstone(id)],
            },
        };
        pages.push(own);
        pages.extend(gone.aliases.iter().map(|(out, _)| moved(out)));
    }
}

/// Addresses that readers are sent to and at which the site has nothing; a theme that cannot say what was withdrawn. `pages`
/// stand in the order of their addresses.
pub fn faults(pages: &[Page], catalogue: &Catalogue, theme: &Theme) -> Vec<Diagnostic> {
    let banners = catalogue.docs.iter().filter_map(|doc| {
        let to = doc.withdrawn.as_ref()?.to.as_ref()?;
        Some((doc.source.as_str(), doc.front.span(Field::Redirect), to))
    });
    let gone = catalogue.tombstones.iter();
    let gone = gone.filter_map(|gone| Some((gone.source.as_str(), gone.redirect, gone.to.as_ref()?)));
    let missing = |(source, span, to): (&str, Span, &Lead)| {
        let Lead::Page(out) = to else { return None };
        let is_there = pages.binary_search_by(|page| page.out.cmp(out)).is_ok();
        (!is_there).then(|| {
            let message = format!("跳转的网址 /{out} 在网站里没有");
            Diagnostic::new(Code::G087, source, span, message).help("改正网址，或写文件的路径、索引号")
        })
    };
    let mut findings: Vec<Diagnostic> = banners.chain(gone).filter_map(missing).collect();
    let needs = |gone: &&crate::catalogue::Tombstone| gone.what.remains == Remains::Tombstone;
    if let Some(gone) = catalogue.tombstones.iter().find(needs).filter(|_| !theme.has(TEMPLATE)) {
        let message = format!("主题没有模板 {TEMPLATE}，不能说明撤下了什么");
        let help = format!("在 templates/{TEMPLATE} 写这个模板，见 themes/README.md；或把撤下方式写成 不再显示");
        findings.push(Diagnostic::new(Code::G072, gone.source.as_str(), None, message).help(help));
    }
    findings
}
