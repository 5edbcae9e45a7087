//! What is left of withdrawn documents: a page that says what stood there, a redirect, or nothing; and where their readers
//! are sent. That a document is withdrawn, the gate decides.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::address;
use super::files::FileEntry;
use super::gate::{Placed, Reason, When, Withheld};
use super::lookup::{Finder, Found};
use super::{ChannelId, DocId, files};
use crate::diag::{Code, Diagnostic, suggest};
use crate::model::{Field, Front, Moment, OutPath, Remains, SourcePath, Span, Text, Withdrawal, path};

/// Place of a withdrawn document in `Catalogue::tombstones`.
pub type TombstoneId = u32;

/// A document that is withdrawn and stays to be read, below a banner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    pub what: Withdrawal,
    pub to: Option<Lead>,
}

/// A document that is withdrawn and cannot be read any more: all that any page may know of it. Of one that was withdrawn
/// for the sake of privacy there is no word.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    pub source: SourcePath,
    pub channel: ChannelId,
    /// Where it stood.
    pub out: OutPath,
    pub what: Withdrawal,
    pub title: Text,
    pub index_no: Text,
    pub note: Text,
    pub to: Option<Lead>,
    /// Its old addresses, each with its place in the source.
    #[serde(skip)]
    pub aliases: Vec<(OutPath, Span)>,
    /// Where its address and its `redirect` are said.
    #[serde(skip)]
    pub slug: Option<Span>,
    #[serde(skip)]
    pub redirect: Span,
}

impl Tombstone {
    /// Whether there is a page at its address.
    pub fn has_page(&self) -> bool {
        self.what.remains == Remains::Tombstone || self.to.is_some()
    }

    /// In Chinese, for whoever looks after the site.
    pub fn state(&self) -> String {
        self.what.state()
    }

    /// The addresses at which something is left.
    pub fn outs(&self) -> impl Iterator<Item = &OutPath> {
        let aliases = self.aliases.iter().map(|(out, _)| out);
        std::iter::once(&self.out).chain(aliases).filter(|_| self.has_page())
    }
}

/// Where the readers of a withdrawn document are sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Lead {
    Doc(DocId),
    /// Another address of the site; that there is one, the plan makes sure.
    Page(OutPath),
}

/// `G086`: what a document says of its withdrawal does not go together. Each fault is told at the field that is there.
pub fn check(path: &str, front: &Front, findings: &mut Vec<Diagnostic>) {
    let has = |field: Field| front.get(field).is_some();
    let mut push = |field: Field, message: String, help: &str| {
        findings.push(Diagnostic::new(Code::G086, path, front.span(field), message).help(help));
    };
    let name = |field: Field| format!("{}（{}）", field.spec().labels[0], field.spec().key);
    match (has(Field::Withdrawn), has(Field::WithdrawnReason)) {
        (true, false) => push(
            Field::Withdrawn,
            format!("写了{}，没有写{}", name(Field::Withdrawn), name(Field::WithdrawnReason)),
            "加一行 withdrawn_reason: 内容有误（或已被替代、公示期满、涉及个人信息）",
        ),
        (false, true) => push(
            Field::WithdrawnReason,
            format!("写了{}，没有写{}", name(Field::WithdrawnReason), name(Field::Withdrawn)),
            "加一行 withdrawn: 2026-01-01（从哪一天起撤下）；不撤下就删去这一行",
        ),
        (false, false) => {
            for field in [Field::WithdrawnShow, Field::WithdrawnNote, Field::Redirect] {
                if has(field) {
                    let message = format!("写了{}，没有写撤下日期和撤下原因", name(field));
                    push(field, message, "加上 withdrawn 和 withdrawn_reason；不撤下就删去这一行");
                }
            }
        }
        (true, true) => {}
    }
    let is_shown = |what: Withdrawal| what.is_private() && what.remains == Remains::Banner;
    if front.withdrawal().is_some_and(is_shown) {
        push(
            Field::WithdrawnShow,
            "因涉及个人信息撤下的，不能保留全文".into(),
            "写 只留说明 或 不再显示；个人信息已经去掉、可以再公开的，不用撤下",
        );
    }
}

/// Where each withdrawn document sends its readers, by what it is.
pub struct Leads(HashMap<Found, Lead>);

/// Looks up every `redirect`, of withdrawals that are still to come, too, so that none breaks a build on its day.
pub struct Looking<'a> {
    pub admitted: &'a [Placed],
    pub withheld: &'a [Withheld],
    /// Addresses of the admitted.
    pub outs: &'a [OutPath],
    pub finder: &'a Finder,
    pub base_url: &'a str,
    pub as_of: Moment,
}

impl Looking<'_> {
    fn doc(&self, found: Found) -> &Placed {
        match found {
            Found::Public(id) => &self.admitted[id as usize],
            Found::Withheld(at) => &self.withheld[at].doc,
        }
    }

    pub fn leads(&self, findings: &mut Vec<Diagnostic>) -> Leads {
        let public = (0..self.admitted.len() as DocId).map(Found::Public);
        let all = public.chain((0..self.withheld.len()).map(Found::Withheld));
        let stated = all.filter_map(|own| {
            let front = &self.doc(own).front;
            Some((own, front.withdrawal()?, front.text(Field::Redirect)?))
        });
        let stated: Vec<(Found, Withdrawal, &str)> = stated.collect();
        if stated.is_empty() {
            return Leads(HashMap::new());
        }
        let addresses = self.addresses();
        let mut leads = HashMap::new();
        for (own, what, target) in &stated {
            match self.lead(*own, *what, target.trim(), &addresses) {
                Ok(lead) => _ = leads.insert(*own, lead),
                Err((message, help)) => findings.push(self.finding(*own, message).help(help)),
            }
        }
        let round: Vec<Found> = stated.iter().map(|(own, ..)| *own).filter(|own| is_round(*own, &leads)).collect();
        for own in &round {
            let names: Vec<&str> = circle(*own, &leads).into_iter().map(|one| self.doc(one).source.as_str()).collect();
            // told once, at the first of them
            if names.iter().min() == names.first() {
                let finding = self.finding(*own, format!("跳转绕成了一圈：{}", names.join(" → ")));
                findings.push(finding.help("只从旧的指向新的；删去其中一处 redirect"));
            }
        }
        leads.retain(|own, _| !round.contains(own));
        Leads(leads)
    }

    fn finding(&self, own: Found, message: String) -> Diagnostic {
        let doc = self.doc(own);
        Diagnostic::new(Code::G087, doc.source.as_str(), doc.front.span(Field::Redirect), message)
    }

    /// What stands, or stood, at an address: documents by all their addresses.
    fn addresses(&self) -> HashMap<String, Found> {
        let mut addresses = HashMap::new();
        let public = self.admitted.iter().zip(self.outs).zip(0..);
        for ((doc, out), id) in public {
            let old = address::aliases(&doc.source, &doc.front, &mut Vec::new()).into_iter().map(|(out, _)| out);
            addresses.extend(old.chain([out.clone()]).map(|out| (out.collision_key(), Found::Public(id))));
        }
        let gone = self.withheld.iter().enumerate().filter(|(_, held)| matches!(held.reason, Reason::Withdrawn(_)));
        for (at, Withheld { doc, .. }) in gone {
            let old = address::aliases(&doc.source, &doc.front, &mut Vec::new()).into_iter().map(|(out, _)| out);
            let own = address::document(doc, &mut Vec::new());
            addresses.extend(old.chain([own]).map(|out| (out.collision_key(), Found::Withheld(at))));
        }
        addresses
    }

    fn lead(
        &self,
        own: Found,
        what: Withdrawal,
        target: &str,
        addresses: &HashMap<String, Found>,
    ) -> Result<Lead, (String, String)> {
        let refuse = |message: String, help: &str| Err((message, help.to_owned()));
        let is_path = target.ends_with(".md") && !target.contains("://");
        let found = match !is_path && (target.starts_with('/') || target.contains("://")) {
            true => {
                let out = self.address(target)?;
                match addresses.get(&out.collision_key()) {
                    Some(found) => Some(*found),
                    None => return Ok(Lead::Page(out)),
                }
            }
            false => self.finder.document(self.doc(own).source.folder(), target),
        };
        let day = When::Day(what.day.max(self.as_of));
        match found {
            None => Err((
                format!("跳转的“{target}”不存在"),
                suggest::did_you_mean(target, self.finder.names())
                    .unwrap_or_else(|| "写文件的相对路径（以 .md 结尾）、索引号，或以 / 开头的本站网址".into()),
            )),
            Some(found) if found == own => {
                refuse(format!("跳转的“{target}”就是这份文件自己"), "写另一份文件，或删去这一行")
            }
            Some(found) if self.doc(found).front.withdrawal().is_some_and(|other| other.remains != Remains::Banner) => {
                refuse(format!("跳转的“{target}”也撤下了"), "写没有撤下的文件，或删去这一行")
            }
            Some(found) if !self.finder.is_open(found, day) => {
                refuse(format!("跳转的“{target}”没有公开"), "先公开那份文件，或换一份")
            }
            Some(Found::Public(id)) => Ok(Lead::Doc(id)),
            // public by the day of the withdrawal, which is still to come
            Some(found @ Found::Withheld(_)) => Ok(Lead::Page(address::document(self.doc(found), &mut Vec::new()))),
        }
    }

    /// An address of the site, as an output.
    fn address(&self, target: &str) -> Result<OutPath, (String, String)> {
        let refuse = |why: &str, help: &str| (format!("跳转的网址“{target}”{why}"), help.to_owned());
        let below = match target.strip_prefix(self.base_url) {
            Some(below) if below.is_empty() || below.starts_with('/') => below,
            _ if target.contains("://") => {
                return Err(refuse("不是本站的", "只能跳转到本站；站外的网址写在撤下说明（withdrawn_note）里"));
            }
            _ => target,
        };
        let help = "写从 / 开始的路径，如 /zwgk/index.html，不带 ? 和 #";
        if below.contains(['?', '#']) {
            return Err(refuse("带有参数或 #", help));
        }
        let below = path::decode(below).ok_or_else(|| refuse("的百分号编码有误", help))?;
        let below = below.trim_start_matches('/');
        let file =
            if below.is_empty() || below.ends_with('/') { format!("{below}index.html") } else { below.to_owned() };
        OutPath::new(file).map_err(|problem| refuse(&format!("不能用：{problem}"), help))
    }
}

/// The documents that one leads to, one after the other, from itself up to the first that comes again.
fn circle(own: Found, leads: &HashMap<Found, Lead>) -> Vec<Found> {
    let mut line = vec![own];
    while let Some(Lead::Doc(id)) = leads.get(line.last().expect("never empty"))
        && !line.contains(&Found::Public(*id))
    {
        line.push(Found::Public(*id));
    }
    line
}

/// Whether a document leads, over whatever detours, to itself.
fn is_round(own: Found, leads: &HashMap<Found, Lead>) -> bool {
    let last = *circle(own, leads).last().expect("never empty");
    matches!((leads.get(&last), own), (Some(Lead::Doc(id)), Found::Public(own)) if *id == own)
}

impl Leads {
    /// The banners of the admitted, in their order.
    pub fn banners(&self, admitted: &[Placed]) -> Vec<Option<Box<Banner>>> {
        let of = |(doc, id): (&Placed, DocId)| {
            let what = doc.withdrawn.filter(|what| what.remains == Remains::Banner);
            what.map(|what| Banner { what, to: self.0.get(&Found::Public(id)).cloned() }.into())
        };
        admitted.iter().zip(0..).map(of).collect()
    }

    /// What is left of the others, in the order of their sources.
    pub fn tombstones(&self, withheld: &[Withheld], findings: &mut Vec<Diagnostic>) -> Vec<Tombstone> {
        let mut tombstones = Vec::new();
        for (at, Withheld { doc, reason }) in withheld.iter().enumerate() {
            let Reason::Withdrawn(what) = *reason else { continue };
            let told = |text: Option<&str>| Text::from(text.filter(|_| !what.is_private()).unwrap_or_default());
            tombstones.push(Tombstone {
                source: doc.source.clone(),
                channel: doc.channel,
                out: address::document(doc, findings),
                what,
                title: told(doc.front.text(Field::Title)),
                index_no: told(doc.front.index_no().map(|number| number.as_str())),
                note: doc.front.text(Field::WithdrawnNote).unwrap_or_default().into(),
                to: self.0.get(&Found::Withheld(at)).cloned(),
                aliases: address::aliases(&doc.source, &doc.front, findings),
                slug: doc.front.get(Field::Slug).map(|slug| slug.span),
                redirect: doc.front.span(Field::Redirect),
            });
        }
        tombstones
    }
}

/// The sources of which nothing may be left anywhere: documents among these that were withdrawn for the sake of privacy, and
/// the files that only they had. With the addresses that these documents ever had, each beginning with `/`.
pub fn private(withheld: &[Withheld], tombstones: &[Tombstone], files: &[FileEntry]) -> BTreeSet<String> {
    let is_private = |held: &&Withheld| held.doc.withdrawn.is_some_and(Withdrawal::is_private);
    let held: Vec<&Placed> = withheld.iter().filter(is_private).map(|held| &held.doc).collect();
    if held.is_empty() {
        return BTreeSet::new();
    }
    let named: BTreeSet<String> = held.iter().flat_map(|doc| files::named(doc)).collect();
    let is_theirs = |file: &&FileEntry| {
        let is_in = |folder: &str| file.source.as_str().starts_with(&format!("content/{folder}/"));
        let is_beside = |doc: &&Placed| doc.source.is_bundle() && is_in(doc.source.folder());
        file.out.is_none() && (named.contains(&files::key(file.source.as_str())) || held.iter().any(is_beside))
    };
    let files = files.iter().filter(is_theirs).map(|file| file.source.to_string());
    let addresses = tombstones.iter().filter(|gone| gone.what.is_private());
    let addresses =
        addresses.flat_map(|gone| std::iter::once(&gone.out).chain(gone.aliases.iter().map(|(out, _)| out)));
    let addresses = addresses.map(|out| format!("/{}", out.as_str()));
    held.iter().map(|doc| doc.source.to_string()).chain(files).chain(addresses).collect()
}
