//! Closed vocabularies of the field: axes, validity, disclosure, relations. English in code and addresses, Chinese for
//! readers.

use serde::{Deserialize, Serialize};

/// A way to classify documents (分类轴).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Axis {
    Issuer,
    Subject,
    Genre,
    Category,
    Audience,
    Place,
    Year,
    Validity,
}

impl Axis {
    /// In the order in which a catalogue shows them.
    pub const ALL: [Axis; 8] = [
        Axis::Issuer,
        Axis::Subject,
        Axis::Genre,
        Axis::Category,
        Axis::Audience,
        Axis::Place,
        Axis::Year,
        Axis::Validity,
    ];

    /// The axis as addresses and `site.toml` name it.
    pub fn key(self) -> &'static str {
        match self {
            Axis::Issuer => "issuer",
            Axis::Subject => "subject",
            Axis::Genre => "genre",
            Axis::Category => "category",
            Axis::Audience => "audience",
            Axis::Place => "place",
            Axis::Year => "year",
            Axis::Validity => "validity",
        }
    }

    /// The axis as readers know it.
    pub fn label(self) -> &'static str {
        match self {
            Axis::Issuer => "发布机构",
            Axis::Subject => "主题分类",
            Axis::Genre => "体裁分类",
            Axis::Category => "组配分类",
            Axis::Audience => "服务对象",
            Axis::Place => "地域",
            Axis::Year => "年份",
            Axis::Validity => "有效性",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.key() == key || axis.label() == key)
    }

    pub fn index(self) -> usize {
        self as usize
    }
}

/// 有效性 of a document, stated by its author or computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Validity {
    InForce,
    NotYet,
    Amended,
    Expired,
    Repealed,
}

impl Validity {
    pub const ALL: [Validity; 5] =
        [Validity::InForce, Validity::NotYet, Validity::Amended, Validity::Expired, Validity::Repealed];

    pub fn label(self) -> &'static str {
        match self {
            Validity::InForce => "有效",
            Validity::NotYet => "尚未生效",
            Validity::Amended => "已修改",
            Validity::Expired => "失效",
            Validity::Repealed => "废止",
        }
    }

    /// The name in style sheets and addresses.
    pub fn key(self) -> &'static str {
        match self {
            Validity::InForce => "in-force",
            Validity::NotYet => "not-yet",
            Validity::Amended => "amended",
            Validity::Expired => "expired",
            Validity::Repealed => "repealed",
        }
    }

    /// Reads the words in use (domain §5.5): 部分失效 and 已修订 mean 已修改.
    pub fn from_label(label: &str) -> Option<Self> {
        match label {
            "有效" | "现行有效" | "继续有效" => Some(Validity::InForce),
            "尚未生效" | "未生效" => Some(Validity::NotYet),
            "已修改" | "部分失效" | "已修订" | "修改" => Some(Validity::Amended),
            "失效" | "已失效" => Some(Validity::Expired),
            "废止" | "已废止" => Some(Validity::Repealed),
            _ => None,
        }
    }

    /// Whether readers must be warned at the top of the page.
    pub fn is_over(self) -> bool {
        matches!(self, Validity::Expired | Validity::Repealed)
    }
}

/// 公开方式（公开属性）, fixed when a document is drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Disclosure {
    Proactive,
    OnRequest,
    Withheld,
}

impl Disclosure {
    pub const ALL: [Disclosure; 3] = [Disclosure::Proactive, Disclosure::OnRequest, Disclosure::Withheld];

    pub fn label(self) -> &'static str {
        match self {
            Disclosure::Proactive => "主动公开",
            Disclosure::OnRequest => "依申请公开",
            Disclosure::Withheld => "不予公开",
        }
    }

    pub fn from_label(label: &str) -> Option<Self> {
        match label {
            "主动公开" | "公开" => Some(Disclosure::Proactive),
            "依申请公开" => Some(Disclosure::OnRequest),
            "不予公开" | "不公开" => Some(Disclosure::Withheld),
            _ => None,
        }
    }
}

/// How one document bears on another (关联).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RelationKind {
    Interprets,
    Amends,
    Repeals,
    Replaces,
}

impl RelationKind {
    pub const ALL: [RelationKind; 4] =
        [RelationKind::Interprets, RelationKind::Amends, RelationKind::Repeals, RelationKind::Replaces];

    /// The name in data: front matter, `index.json`.
    pub fn key(self) -> &'static str {
        match self {
            RelationKind::Interprets => "interprets",
            RelationKind::Amends => "amends",
            RelationKind::Repeals => "repeals",
            RelationKind::Replaces => "replaces",
        }
    }

    /// What the page of the source says of its targets.
    pub fn label(self) -> &'static str {
        match self {
            RelationKind::Interprets => "解读的文件",
            RelationKind::Amends => "修改的文件",
            RelationKind::Repeals => "废止的文件",
            RelationKind::Replaces => "替代的文件",
        }
    }

    /// What the page of a target says of the sources.
    pub fn inverse_label(self) -> &'static str {
        match self {
            RelationKind::Interprets => "相关解读",
            RelationKind::Amends => "修改本文件的文件",
            RelationKind::Repeals => "废止本文件的文件",
            RelationKind::Replaces => "替代本文件的文件",
        }
    }
}
