//! 撤下: what a document says of its own withdrawal.

use serde::{Deserialize, Serialize};

use super::moment::Moment;

/// Why a document was withdrawn (撤下原因): a closed list, because what stays visible follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cause {
    Error,
    Superseded,
    Period,
    Privacy,
}

impl Cause {
    pub const ALL: [Cause; 4] = [Cause::Error, Cause::Superseded, Cause::Period, Cause::Privacy];

    pub fn label(self) -> &'static str {
        match self {
            Cause::Error => "内容有误",
            Cause::Superseded => "已被替代",
            Cause::Period => "公示期满",
            Cause::Privacy => "涉及个人信息",
        }
    }

    /// The English word, for front matter and the command line.
    pub fn key(self) -> &'static str {
        match self {
            Cause::Error => "error",
            Cause::Superseded => "superseded",
            Cause::Period => "period",
            Cause::Privacy => "privacy",
        }
    }

    pub fn from_label(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.label() == text || cause.key().eq_ignore_ascii_case(text))
    }

    /// What stays visible unless the document says otherwise. A successor's readers want to compare; whatever else is
    /// withdrawn must not be taken for what holds.
    pub fn remains(self) -> Remains {
        match self {
            Cause::Superseded => Remains::Banner,
            Cause::Error | Cause::Period | Cause::Privacy => Remains::Tombstone,
        }
    }
}

/// What stays visible of a withdrawn document (撤下方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Remains {
    /// All of it, below a banner.
    Banner,
    /// A page at its address that says what stood there.
    Tombstone,
    Nothing,
}

impl Remains {
    pub const ALL: [Remains; 3] = [Remains::Banner, Remains::Tombstone, Remains::Nothing];

    pub fn label(self) -> &'static str {
        match self {
            Remains::Banner => "保留并提示",
            Remains::Tombstone => "只留说明",
            Remains::Nothing => "不再显示",
        }
    }

    /// The English word, for front matter and the command line.
    pub fn key(self) -> &'static str {
        match self {
            Remains::Banner => "banner",
            Remains::Tombstone => "tombstone",
            Remains::Nothing => "nothing",
        }
    }

    pub fn from_label(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.label() == text || way.key().eq_ignore_ascii_case(text))
    }
}

/// 撤下: from which day, why, and what stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Withdrawal {
    pub day: Moment,
    pub cause: Cause,
    pub remains: Remains,
}

impl Withdrawal {
    /// Whether nothing of the document may be left anywhere, not its title either.
    pub fn is_private(self) -> bool {
        self.cause == Cause::Privacy
    }

    /// The same, and what stays.
    pub fn state(self) -> String {
        format!("{}，{}", self.text(), self.remains.label())
    }

    /// The same of one that is still to come.
    pub fn ahead(self) -> String {
        format!("将于{}撤下（{}），{}", self.day.chinese(), self.cause.label(), self.remains.label())
    }

    /// Either, as of a day.
    pub fn state_on(self, today: Moment) -> String {
        if self.day > today { self.ahead() } else { self.state() }
    }

    /// `已于2026年1月1日撤下（内容有误）`
    pub fn text(self) -> String {
        format!("已于{}撤下（{}）", self.day.chinese(), self.cause.label())
    }
}
