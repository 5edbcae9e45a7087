//! The kinds of the site: those it declares, then the embedded ones.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{Field, Front, Hash128, Kind, Text, Workdays};

/// Place of a kind in `Catalogue::kinds`.
pub type KindId = u32;

/// The kinds of the site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Kinds {
    all: Vec<(Kind, Hash128)>,
    pub workdays: Workdays,
}

impl Kinds {
    pub fn new(kinds: Vec<Kind>, workdays: Workdays) -> Self {
        Self {
            all: kinds.into_iter().map(|kind| (kind.hash(), kind)).map(|(hash, kind)| (kind, hash)).collect(),
            workdays,
        }
    }

    /// The kind that a document names, by whatever name.
    pub fn find(&self, name: &str) -> Option<KindId> {
        self.all.iter().position(|(kind, _)| kind.is_called(name)).map(|at| at as KindId)
    }

    pub fn all(&self) -> impl Iterator<Item = &Kind> {
        self.all.iter().map(|(kind, _)| kind)
    }

    pub fn get(&self, id: KindId) -> &Kind {
        &self.all[id as usize].0
    }

    /// The name of a kind that may be written otherwise; what no kind is called stays as it is.
    pub fn canonical(&self, name: &str) -> Text {
        self.find(name).map_or_else(|| name.into(), |id| self.get(id).name.clone())
    }

    /// What a document says, with what its kind adds, and the kind.
    pub fn complete(&self, front: Arc<Front>) -> (Arc<Front>, Option<KindId>) {
        let Some(id) = front.text(Field::Kind).and_then(|name| self.find(name)) else { return (front, None) };
        let kind = self.get(id);
        let front = front.or(&kind.defaults);
        // rules, blocks and open data know it by one name
        let is_other = front.text(Field::Kind) != Some(&*kind.name);
        (if is_other { Front::clone(&front).with_text(Field::Kind, &kind.name).into() } else { front }, Some(id))
    }

    /// Of all that the kind declares.
    pub fn hash(&self, id: KindId) -> Hash128 {
        self.all[id as usize].1
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().flat_map(|(kind, _)| [&*kind.name, &*kind.label])
    }

    /// `G063`: two kinds of the site that are called alike. Names of embedded ones it may take over: its own come first.
    pub fn clashes(&self, findings: &mut Vec<Diagnostic>) {
        let is_own = |kind: &Kind| kind.source.contains('/');
        for (at, (kind, _)) in self.all.iter().enumerate().filter(|(_, (kind, _))| is_own(kind)) {
            let names = || std::iter::once(&kind.label).chain(&kind.aliases);
            let others = self.all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, (other, _))| other);
            let others = others.filter(|other| is_own(other));
            let clash = others.filter_map(|other| Some((names().find(|name| other.is_called(name))?, other))).next();
            if let Some((name, other)) = clash {
                let message = format!("“{name}”也是信息类型 {}（{}）的名称", other.name, other.source);
                let finding = Diagnostic::new(Code::G063, kind.source.clone(), None, message);
                findings.push(finding.help("换一个名称或别名"));
            }
        }
    }

    /// `G027`: a kind that nobody declares has no fields, and its documents are shown all the same.
    pub fn check_name(&self, front: &Front, path: &str, findings: &mut Vec<Diagnostic>) {
        let Some(written) = front.text(Field::Kind) else { return };
        let span = front.span(Field::Kind);
        if self.find(written).is_some() || !span.is_somewhere() {
            return;
        }
        let near = did_you_mean(written, self.names());
        // a slip loses every check of the kind
        let severity = if near.is_some() { Severity::Warning } else { Code::G027.severity() };
        let help =
            near.unwrap_or_else(|| "用 gongkai new 列出已有的类型；新的类型写在 content/_kinds/英文键.yaml 里".into());
        let finding = Diagnostic::new(Code::G027, path, span, format!("没有信息类型“{written}”")).help(help);
        findings.push(Diagnostic { severity, ..finding });
    }
}
