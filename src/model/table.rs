//! Tables that a site declares: the terms of an axis, organizations among them.

use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::moment::Moment;
use super::slug;
use super::span::{Located, Text};

/// The terms of one axis.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Table {
    /// Whether terms outside the table are allowed.
    pub open: bool,
    pub terms: Vec<TermSpec>,
    /// The file it stands in, from the site's root; empty or a bare name if it is embedded.
    pub source: Arc<str>,
}

/// A term (类目) as its table declares it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermSpec {
    pub name: Located<Text>,
    pub slug: Option<Text>,
    /// Other names that documents may use for it.
    pub aliases: Vec<Text>,
    pub children: Vec<TermSpec>,
    /// Empty but for organizations.
    pub organization: Organization,
}

impl TermSpec {
    pub fn named(name: Located<Text>) -> Self {
        Self { name, slug: None, aliases: Vec::new(), children: Vec::new(), organization: Organization::default() }
    }

    /// The name in addresses.
    pub fn slug(&self) -> String {
        self.slug.as_deref().map_or_else(|| slug::slug(&self.name.value), str::to_owned)
    }
}

/// 机构: what is known of an issuing body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Organization {
    /// 机构代码 or 统一社会信用代码
    pub code: Option<Text>,
    pub short: Option<Text>,
    /// 县政府、部门、街道、乡镇、开发区 …
    pub level: Option<Text>,
    pub parent: Option<Located<Text>>,
    pub successor: Option<Located<Text>>,
    pub from: Option<Located<Moment>>,
    pub to: Option<Located<Moment>>,
    /// (label, value): address, phone, hours …
    pub contact: Vec<(Text, Text)>,
}
