//! The banner of a document that was withdrawn, or is no longer, not wholly or not yet in force.

use serde::Serialize;

use super::super::World;
use super::frame::Link;
use super::list::EXAMPLES;
use super::withdrawn;
use crate::catalogue::{Entry, relations};
use crate::model::{Field, Moment, RelationKind, Validity};

#[derive(Default, Hash, Serialize)]
pub struct Notice {
    key: &'static str,
    text: String,
    links: Vec<Link>,
}

/// That the document was withdrawn, why it is not in force, and which documents did it.
pub fn of(doc: &Entry, world: &World) -> Notice {
    let notice = of_validity(doc, world);
    let Some(banner) = &doc.withdrawn else { return notice };
    let note = doc.front.text(Field::WithdrawnNote).unwrap_or_default();
    let (text, lead) = withdrawn::banner(banner, note, world);
    let is_new = |lead: &Link| notice.links.iter().all(|link| link.url != lead.url);
    let more = lead.filter(is_new);
    let see = if more.is_some() && notice.links.is_empty() { "请看：" } else { "" };
    let text = [&text, &*notice.text, see].concat();
    Notice { key: "withdrawn", text, links: notice.links.into_iter().chain(more).collect() }
}

/// Why it is not in force, and which documents did it.
fn of_validity(doc: &Entry, world: &World) -> Notice {
    let day = |field| doc.front.moment(field).map(|day| day.day().chinese());
    match doc.validity {
        Some(state @ Validity::Repealed) => repealed(state, doc, world),
        Some(state @ Validity::Expired) => {
            let day = day(Field::Expires).map(|day| format!("有效期至{day}，")).unwrap_or_default();
            Notice {
                key: state.key(), text: format!("本文件{day}已经失效，仅供查阅。"), links: Vec::new()
            }
        }
        Some(state @ Validity::NotYet) => {
            let day = day(Field::Effective).map(|day| format!("自{day}起生效，")).unwrap_or_default();
            Notice { key: state.key(), text: format!("本文件{day}目前尚未生效。"), links: Vec::new() }
        }
        Some(state @ Validity::Amended) => {
            let links = by(&[RelationKind::Amends], doc, world);
            let text = match links.is_empty() {
                true => "本文件已经修改，请一并查阅修改它的文件。",
                false => "本文件已被下列文件修改，请一并查阅。",
            };
            Notice { key: state.key(), text: text.into(), links }
        }
        Some(Validity::InForce) | None => Notice::default(),
    }
}

fn repealed(state: Validity, doc: &Entry, world: &World) -> Notice {
    let kinds = [RelationKind::Repeals, RelationKind::Replaces];
    let links = by(&kinds, doc, world);
    let [repealed, replaced] = kinds.map(|kind| doc.relations.iter().any(|end| end.inverse && end.kind == kind));
    let stated = doc.front.moment(Field::Repealed).map(Moment::day);
    let text = match (repealed, replaced, stated) {
        (false, false, Some(day)) => format!("本文件已于{}废止，仅供查阅。", day.chinese()),
        (false, false, None) => "本文件已经废止，仅供查阅。".into(),
        _ => {
            let deed = match (repealed, replaced) {
                (true, true) => "废止或者替代",
                (false, _) => "替代",
                _ => "废止",
            };
            let ends = doc.relations.iter().filter(|end| end.inverse && kinds.contains(&end.kind));
            let first = ends.filter_map(|end| relations::works_from(&world.catalogue.doc(end.other).front)).min();
            let day = stated.or(first).map(|day| format!("自{}起不再有效，", day.chinese())).unwrap_or_default();
            format!("本文件已被下列文件{deed}，{day}仅供查阅。")
        }
    };
    Notice { key: state.key(), text, links }
}

/// The documents that bear on this one in these ways, as they are cited.
fn by(kinds: &[RelationKind], doc: &Entry, world: &World) -> Vec<Link> {
    let ends = doc.relations.iter().filter(|end| end.inverse && kinds.contains(&end.kind));
    let link = |other: &Entry| Link { title: citation(other), url: other.out.encoded() };
    ends.map(|end| link(world.catalogue.doc(end.other))).collect()
}

/// `《郯城县……办法》（郯政发〔2014〕31号，2014年12月4日）`: the day is that of writing, else of publication.
pub fn citation(doc: &Entry) -> String {
    let title = doc.title();
    let mark = EXAMPLES.iter().find(|mark| title.starts_with(**mark)).copied().unwrap_or_default();
    // titles in a title have single marks (GB/T 15834)
    let inner = title[mark.len()..].trim().replace('《', "〈").replace('》', "〉");
    let number = doc.front.doc_no().map(|number| format!("{}，", number.as_str())).unwrap_or_default();
    let day = doc.front.moment(Field::Written).unwrap_or(doc.published).day().chinese();
    format!("{mark}《{inner}》（{number}{day}）")
}
