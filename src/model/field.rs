//! The fields of a document's front matter: one table, from which reading, advice and (later) schemas come.

use serde::{Deserialize, Serialize};

use super::words::RelationKind;

/// A core field of design §4. The order is the order of `FIELDS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    Title,
    IndexNo,
    DocNo,
    Issuer,
    CoIssuers,
    Written,
    Published,
    Updated,
    ChangeNote,
    Effective,
    Expires,
    Repealed,
    Validity,
    Disclosure,
    Subject,
    Genre,
    Category,
    Audience,
    Place,
    Summary,
    Keywords,
    Source,
    Author,
    Kind,
    Series,
    Issue,
    Slug,
    Aliases,
    AlsoIn,
    Attachments,
    Interprets,
    Amends,
    Repeals,
    Replaces,
    Review,
    Draft,
    Pinned,
    Counts,
    Withdrawn,
    WithdrawnReason,
    WithdrawnShow,
    WithdrawnNote,
    Redirect,
}

/// What a field's value is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Text that may run over several lines.
    LongText,
    /// A text or a list of texts.
    List,
    /// A date, with an optional time of day.
    Moment,
    IndexNo,
    DocNo,
    Validity,
    Disclosure,
    /// Why a document was withdrawn.
    Cause,
    /// What stays visible of it.
    Remains,
    /// true, false, 是, 否
    Flag,
    /// Files: strings or `{file, title}`.
    Attachments,
    /// Names, each with a rule that says what is counted.
    Counts,
    /// Free notes of the office (who reviewed, when); kept from the public.
    Private,
}

/// One row of the table.
#[derive(Debug)]
pub struct FieldSpec {
    pub field: Field,
    /// Canonical key.
    pub key: &'static str,
    /// Chinese label, as a clerk writes it; the first is the usual one.
    pub labels: &'static [&'static str],
    pub kind: FieldType,
    /// One line of help.
    pub help: &'static str,
}

const fn row(
    field: Field,
    key: &'static str,
    labels: &'static [&'static str],
    kind: FieldType,
    help: &'static str,
) -> FieldSpec {
    FieldSpec { field, key, labels, kind, help }
}

/// Every core field, its labels (domain §12, labels seen on county pages) and its type.
pub const FIELDS: [FieldSpec; 43] = [
    row(Field::Title, "title", &["标题", "名称", "信息名称"], FieldType::Text, "标题，必填"),
    row(
        Field::IndexNo,
        "index_no",
        &["索引号", "索引", "信息索引号", "信息索取号"],
        FieldType::IndexNo,
        "索引号，全站唯一，发出后不改",
    ),
    row(Field::DocNo, "doc_no", &["文号", "发文字号", "文件编号"], FieldType::DocNo, "文号，如 郯政办发〔2014〕31号"),
    row(
        Field::Issuer,
        "issuer",
        &["发布机构", "发文机关", "发文机构"],
        FieldType::Text,
        "发布机构，必填（可由栏目 defaults 给出）",
    ),
    row(Field::CoIssuers, "co_issuers", &["联合发文机关", "联合发布机构"], FieldType::List, "联合发文机关"),
    row(Field::Written, "written", &["成文日期", "生成日期", "成文时间", "签署日期"], FieldType::Moment, "成文日期"),
    row(
        Field::Published,
        "published",
        &["公开日期", "发布日期", "发布时间", "公布日期"],
        FieldType::Moment,
        "公开日期，必填（可由栏目 defaults 给出）",
    ),
    row(Field::Updated, "updated", &["更新日期", "更新时间"], FieldType::Moment, "最近一次实质修改的日期"),
    row(Field::ChangeNote, "change_note", &["更新说明", "修改说明"], FieldType::LongText, "这次修改了什么"),
    row(
        Field::Effective,
        "effective",
        &["生效日期", "实施日期", "施行日期", "生效时间"],
        FieldType::Moment,
        "生效日期",
    ),
    row(
        Field::Expires,
        "expires",
        &["有效期至", "失效日期", "截止日期"],
        FieldType::Moment,
        "有效期的最后一天（当天仍有效）",
    ),
    row(Field::Repealed, "repealed", &["废止日期", "废止时间"], FieldType::Moment, "废止日期（当天起失去效力）"),
    row(
        Field::Validity,
        "validity",
        &["有效性", "时效性", "效力状态"],
        FieldType::Validity,
        "有效、尚未生效、已修改、失效、废止；一般由日期和关联算出",
    ),
    row(
        Field::Disclosure,
        "disclosure",
        &["公开方式", "公开属性", "公开类别"],
        FieldType::Disclosure,
        "主动公开（缺省）、依申请公开、不予公开",
    ),
    row(Field::Subject, "subject", &["主题分类", "主题"], FieldType::List, "主题分类，如 综合政务/政务公开"),
    row(Field::Genre, "genre", &["体裁分类", "体裁", "公文种类"], FieldType::Text, "体裁，如 通知、公告"),
    row(Field::Category, "category", &["组配分类", "公开目录", "目录"], FieldType::List, "组配分类"),
    row(Field::Audience, "audience", &["服务对象", "服务对象分类"], FieldType::List, "服务对象"),
    row(Field::Place, "place", &["地域", "地区", "所在地"], FieldType::List, "地域，如 马头镇 或 马头镇/某村"),
    row(Field::Summary, "summary", &["内容概述", "摘要"], FieldType::LongText, "内容概述，一两句话"),
    row(Field::Keywords, "keywords", &["关键词", "关键字", "主题词"], FieldType::List, "关键词"),
    row(Field::Source, "source", &["来源", "信息来源"], FieldType::Text, "来源；缺省为发布机构"),
    row(Field::Author, "author", &["作者", "责任编辑"], FieldType::Text, "作者或责任编辑"),
    row(Field::Kind, "kind", &["信息类型", "类型"], FieldType::Text, "信息类型，如 budget、land-notice"),
    row(Field::Series, "series", &["期刊", "系列"], FieldType::Text, "所属期刊，如 郯城县环境质量周报"),
    row(Field::Issue, "issue", &["期号", "期数"], FieldType::Text, "第几期"),
    row(Field::Slug, "slug", &["网址名"], FieldType::Text, "网页文件名，只用英文字母、数字、- _"),
    row(Field::Aliases, "aliases", &["旧网址", "原网址"], FieldType::List, "旧网址，访问时转到本文件"),
    row(Field::AlsoIn, "also_in", &["同时列入", "同步栏目"], FieldType::List, "还列入哪些栏目，如 tzgg"),
    row(Field::Attachments, "attachments", &["附件"], FieldType::Attachments, "附件：文件名，或 file 与 title"),
    row(Field::Interprets, "interprets", &["解读文件", "解读"], FieldType::List, "解读哪些文件（路径或索引号）"),
    row(Field::Amends, "amends", &["修改文件"], FieldType::List, "修改哪些文件（路径或索引号）"),
    row(Field::Repeals, "repeals", &["废止文件"], FieldType::List, "废止哪些文件（路径或索引号）"),
    row(Field::Replaces, "replaces", &["替代文件"], FieldType::List, "替代哪些文件（路径或索引号）"),
    row(Field::Review, "review", &["审查", "保密审查", "审核"], FieldType::Private, "公开审查记录，不对外显示"),
    row(Field::Draft, "draft", &["草稿"], FieldType::Flag, "true 表示草稿，不公开"),
    row(Field::Pinned, "pinned", &["置顶"], FieldType::Flag, "true 表示在栏目首页置顶"),
    row(Field::Counts, "counts", &["自动计数"], FieldType::Counts, "自动计数：名称和条件，正文里写 {count: 名称}"),
    row(
        Field::Withdrawn,
        "withdrawn",
        &["撤下日期", "撤下时间"],
        FieldType::Moment,
        "撤下日期，到这一天起撤下；和撤下原因一起写",
    ),
    row(
        Field::WithdrawnReason,
        "withdrawn_reason",
        &["撤下原因"],
        FieldType::Cause,
        "撤下原因：内容有误、已被替代、公示期满、涉及个人信息",
    ),
    row(
        Field::WithdrawnShow,
        "withdrawn_show",
        &["撤下方式"],
        FieldType::Remains,
        "撤下方式：保留并提示、只留说明、不再显示；缺省由撤下原因定",
    ),
    row(Field::WithdrawnNote, "withdrawn_note", &["撤下说明"], FieldType::LongText, "撤下的说明，读者看得到"),
    row(
        Field::Redirect,
        "redirect",
        &["跳转", "跳转到"],
        FieldType::Text,
        "撤下后请读者看哪里：文件的路径、索引号，或本站的网址",
    ),
];

impl Field {
    pub fn spec(self) -> &'static FieldSpec {
        &FIELDS[self as usize]
    }

    /// Whether a channel may give the field to its documents (`defaults:`). Not what tells one document from the others (its
    /// title, numbers, summary, address), not what it alone does or holds (attachments, relations, whose paths count from the
    /// document; its changes), and not 置顶, which picks out one among the others. Days may be shared: a batch of lists that
    /// came into force together; to withdraw is decided document by document.
    pub fn may_be_shared(self) -> bool {
        !matches!(
            self,
            Field::Title
                | Field::IndexNo
                | Field::DocNo
                | Field::Updated
                | Field::ChangeNote
                | Field::Summary
                | Field::Issue
                | Field::Slug
                | Field::Aliases
                | Field::Attachments
                | Field::Interprets
                | Field::Amends
                | Field::Repeals
                | Field::Replaces
                | Field::Pinned
                | Field::Counts
                | Field::Withdrawn
                | Field::WithdrawnReason
                | Field::WithdrawnShow
                | Field::WithdrawnNote
                | Field::Redirect
        )
    }

    /// The field of a key or Chinese label; brackets and white space inside a label do not count (`[ 索 引 号 ]`).
    pub fn from_key(key: &str) -> Option<Self> {
        if let Some(spec) = FIELDS.iter().find(|spec| spec.key == key) {
            return Some(spec.field);
        }
        let bare: String = key.chars().filter(|c| !c.is_whitespace() && !"[]【】".contains(*c)).collect();
        FIELDS.iter().find(|spec| spec.labels.contains(&bare.as_str())).map(|spec| spec.field)
    }

    /// Every key and label, for "did you mean".
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        FIELDS.iter().flat_map(|spec| std::iter::once(spec.key).chain(spec.labels.iter().copied()))
    }
}

impl RelationKind {
    /// The field in which a document states the relation.
    pub fn field(self) -> Field {
        match self {
            RelationKind::Interprets => Field::Interprets,
            RelationKind::Amends => Field::Amends,
            RelationKind::Repeals => Field::Repeals,
            RelationKind::Replaces => Field::Replaces,
        }
    }
}
