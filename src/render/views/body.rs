//! The text of a document or of a channel's introduction as HTML: written when it was parsed, or now from the text, which
//! is read again.

use std::hash::Hash;

use super::super::{Handed, World};
use super::data::{self, Drawing};
use crate::catalogue::{Answers, ChannelId, DocId, Fact, Href};
use crate::diag::{Code, Diagnostic};
use crate::model::annual::Filled;
use crate::model::hash::Hasher128;
use crate::model::{Body, Hash128, SourcePath, path};
use crate::parse::markdown::{self, Target};
use crate::plan::Page;
use crate::source;
use crate::theme::{self, Value};

pub struct BodyView<'a> {
    source: &'a SourcePath,
    /// Of the file's bytes, as parsed.
    hash: Hash128,
    body: &'a Body,
    links: &'a [Href],
    /// Tables of the annual report that the document states.
    annual: Vec<&'a Filled>,
    /// What it asks of the whole site.
    answers: Option<&'a Answers>,
    root: String,
    world: &'a World,
}

pub fn of_document<'a>(id: DocId, page: &Page, world: &'a World) -> BodyView<'a> {
    let doc = world.catalogue.doc(id);
    BodyView {
        source: &doc.source,
        hash: doc.hash,
        body: &doc.body,
        links: &doc.links,
        annual: doc.facts.iter().filter_map(Fact::annual).collect(),
        answers: world.catalogue.answers.get(&doc.source),
        root: page.out.to_root(),
        world,
    }
}

pub fn of_channel<'a>(id: ChannelId, page: &Page, world: &'a World) -> BodyView<'a> {
    let file = &world.catalogue.channel(id).file;
    let links = &world.catalogue.intros[id as usize];
    BodyView {
        source: &file.source,
        hash: file.hash,
        body: &file.body,
        links,
        annual: Vec::new(),
        answers: world.catalogue.answers.get(&file.source),
        root: page.out.to_root(),
        world,
    }
}

impl BodyView<'_> {
    /// Where the n-th link leads, from the page.
    fn target(&self, at: usize) -> Option<Target> {
        let catalogue = &self.world.catalogue;
        let from_root = |url: &str| format!("{}{url}", self.root);
        let fragment = |id: &str| format!("#{}", path::encode(id));
        let plain = |href: String| Some(Target { href, size: None });
        match self.links.get(at)? {
            Href::Doc(id, None) => plain(from_root(&catalogue.doc(*id).out.encoded())),
            Href::Doc(id, Some(heading)) => plain(from_root(&catalogue.doc(*id).out.encoded()) + &fragment(heading)),
            Href::Channel(id) => plain(from_root(&format!("{}index.html", path::encode(&catalogue.channel(*id).out)))),
            Href::Heading(id) => plain(fragment(id)),
            Href::File(id) => {
                let file = catalogue.file(*id);
                Some(Target { href: from_root(&file.out.as_ref()?.encoded()), size: file.facts.pixels })
            }
            Href::Withdrawn(id) => {
                let gone = &catalogue.tombstones[*id as usize];
                plain(from_root(&gone.out.encoded())).filter(|_| gone.has_page())
            }
            Href::Nowhere => None,
        }
    }
}

impl BodyView<'_> {
    /// The tables and charts as HTML, or all that is wrong with any.
    fn drawn(&self) -> Result<Vec<String>, Vec<Diagnostic>> {
        let (mut drawn, mut findings) = (Vec::new(), Vec::new());
        for (at, block) in self.body.data.iter().enumerate() {
            let file = data::file(block, self.links, self.world);
            let (root, path, world) = (&*self.root, self.source.as_str(), self.world);
            if let Some(part) = block.annual {
                // one that is not stated has been told of
                let filled = self.annual.iter().find(|filled| filled.part == part);
                drawn.push(filled.map(|filled| markdown::annual::table(filled, true)).unwrap_or_default());
                continue;
            }
            let is_lost = matches!(self.links.get(block.link as usize), Some(Href::Nowhere));
            if is_lost && block.rows.is_empty() && block.ask.is_none() {
                // its file went with a document that was withdrawn
                drawn.push(String::new());
                continue;
            }
            let answer = self.answers.and_then(|answers| answers.blocks.get(at)?.as_ref());
            match (Drawing { block, at, file, answer, root, path, world }).html() {
                Ok(html) => drawn.push(html),
                Err(more) => findings.extend(more),
            }
        }
        if findings.is_empty() { Ok(drawn) } else { Err(findings) }
    }

    /// Tables of the annual report that the body does not place: they come after it.
    fn left(&self) -> String {
        let is_placed = |filled: &Filled| self.body.data.iter().any(|block| block.annual == Some(filled.part));
        let left = self.annual.iter().filter(|filled| !is_placed(filled));
        left.map(|filled| markdown::annual::table(filled, false)).collect()
    }

    /// What stands for the name of a count.
    fn counted(&self, name: &str) -> Option<usize> {
        let at = self.body.figures.iter().position(|figure| *figure.value == *name)?;
        self.answers?.figures.get(at).copied()
    }

    /// The HTML that was written when the body was parsed, if it was and is still to be had.
    fn written(&self) -> Option<Value> {
        let place = self.world.written.get(&self.hash)?;
        self.world.aside.as_ref()?.get(place, theme::safe_html)
    }
}

impl Handed for BodyView<'_> {
    fn feed(&self, hasher: &mut Hasher128) {
        // the file's hash: a change of its front matter alone renders the page again, which it mostly must anyway
        self.hash.hash(hasher);
        if !self.annual.is_empty() {
            self.annual.hash(hasher);
        }
        for block in &self.body.data {
            data::file(block, self.links, self.world).map(|file| (file.facts.hash, &file.facts.size)).hash(hasher);
        }
        if let Some(answers) = self.answers {
            answers.figures.hash(hasher);
            answers.blocks.iter().for_each(|answer| data::feed(answer.as_ref(), self.world, hasher));
        }
        for at in 0..self.links.len() {
            self.target(at).map(|target| (target.href, target.size)).hash(hasher);
        }
    }

    fn value(&self) -> Result<Value, Diagnostic> {
        self.checked().map_err(|mut findings| findings.swap_remove(0))
    }

    fn checked(&self) -> Result<Value, Vec<Diagnostic>> {
        let left = self.left();
        if left.is_empty()
            && let Some(html) = self.written()
        {
            return Ok(html);
        }
        let drawn = self.drawn()?;
        let changed = || {
            Diagnostic::new(Code::G003, self.source.as_str(), None, "文件在生成过程中被改动")
                .help("保存完毕后再生成一次")
        };
        let write = |text: &str, hash: Hash128, _| {
            let drawn = |at: usize| drawn.get(at).cloned().unwrap_or_default();
            // only of the text that was parsed is it known where its body begins
            let html = || {
                let body = &text[self.body.start as usize..];
                markdown::to_html_with(body, &|at| self.target(at), &drawn, &|name| self.counted(name))
            };
            (hash == self.hash).then(|| theme::safe_html(&(html() + &left)))
        };
        let written = source::text(&self.world.root, self.source.as_str(), write);
        written.ok().flatten().ok_or_else(|| vec![changed()])
    }
}
