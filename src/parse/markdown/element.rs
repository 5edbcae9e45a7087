//! The raw HTML that a body may hold: the table family, its attributes, and what may stand in what.

use super::html::Attribute;

/// Most columns a table may have.
pub const MOST_COLUMNS: u32 = 200;
/// Most rows a table may have.
pub const MOST_ROWS: u32 = 20_000;

macro_rules! elements {
    ($($element:ident $name:literal $open:literal $close:literal),* $(,)?) => {
        /// An element of the family.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Element { $($element),* }

        impl Element {
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            pub fn named(name: &str) -> Option<Self> {
                $(if name.eq_ignore_ascii_case($name) { return Some(Self::$element) })*
                None
            }

            pub fn name(self) -> &'static str {
                match self { $(Self::$element => $name),* }
            }

            /// `<td`
            pub fn opening(self) -> &'static str {
                match self { $(Self::$element => $open),* }
            }

            /// `</td>`
            pub fn closing(self) -> &'static str {
                match self { $(Self::$element => $close),* }
            }
        }
    };
}

elements! {
    Table "table" "<table" "</table>",
    Caption "caption" "<caption" "</caption>",
    Colgroup "colgroup" "<colgroup" "</colgroup>",
    Col "col" "<col" "",
    Thead "thead" "<thead" "</thead>",
    Tbody "tbody" "<tbody" "</tbody>",
    Tfoot "tfoot" "<tfoot" "</tfoot>",
    Tr "tr" "<tr" "</tr>",
    Th "th" "<th" "</th>",
    Td "td" "<td" "</td>",
    Br "br" "<br" "",
    Sub "sub" "<sub" "</sub>",
    Sup "sup" "<sup" "</sup>",
    U "u" "<u" "</u>",
}

impl Element {
    /// Elements without content and without an end tag.
    pub fn is_void(self) -> bool {
        matches!(self, Self::Br | Self::Col)
    }

    /// Elements that stand in a line of text.
    pub fn is_inline(self) -> bool {
        matches!(self, Self::Br | Self::Sub | Self::Sup | Self::U)
    }

    pub fn is_cell(self) -> bool {
        matches!(self, Self::Td | Self::Th)
    }

    /// Whether text may stand in the element.
    pub fn holds_text(self) -> bool {
        self.is_inline() || self.is_cell() || self == Self::Caption
    }

    /// Whether the element may stand directly in `parent`; `None`: outside of all raw HTML.
    pub fn may_stand_in(self, parent: Option<Self>) -> bool {
        match self {
            Self::Table => parent.is_none_or(Self::is_cell),
            Self::Caption | Self::Colgroup | Self::Thead | Self::Tbody | Self::Tfoot => parent == Some(Self::Table),
            Self::Col => matches!(parent, Some(Self::Colgroup | Self::Table)),
            Self::Tr => matches!(parent, Some(Self::Table | Self::Thead | Self::Tbody | Self::Tfoot)),
            Self::Th | Self::Td => parent == Some(Self::Tr),
            Self::Br | Self::Sub | Self::Sup | Self::U => parent.is_none_or(Self::holds_text),
        }
    }

    /// In what the element stands, for an advice.
    pub fn place(self) -> &'static str {
        match self {
            Self::Table => "<table> 放在段落之外，或放在单元格里",
            Self::Caption | Self::Colgroup | Self::Thead | Self::Tbody | Self::Tfoot => "直接放在 <table> 里",
            Self::Col => "放在 <colgroup> 里",
            Self::Tr => "放在 <table>、<thead>、<tbody> 或 <tfoot> 里",
            Self::Th | Self::Td => "放在 <tr> 里",
            Self::Br | Self::Sub | Self::Sup | Self::U => "放在单元格、表题或正文的段落里",
        }
    }
}

/// The attributes of the family.
pub const ATTRIBUTES: [&str; 5] = ["colspan", "rowspan", "span", "scope", "align"];

/// An attribute that the page keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Colspan(u32),
    Rowspan(u32),
    Span(u32),
    /// One of four words.
    Scope(&'static str),
    /// The class that stands for an alignment: a strict content security policy forbids inline styles.
    Align(&'static str),
}

/// Why an attribute is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The element has no such attribute.
    Unknown,
    /// What the value may be.
    Value(&'static str),
}

/// Reads an attribute of an element.
pub fn attribute(element: Element, attribute: &Attribute) -> Result<Kept, Fault> {
    let value = attribute.value.unwrap_or("").trim();
    let is_cell = element.is_cell();
    match attribute.name.to_ascii_lowercase().as_str() {
        "colspan" if is_cell => number(value, MOST_COLUMNS).map(Kept::Colspan).ok_or(Fault::Value("1 到 200 的整数")),
        "rowspan" if is_cell => number(value, MOST_ROWS).map(Kept::Rowspan).ok_or(Fault::Value("1 到 20000 的整数")),
        "span" if matches!(element, Element::Col | Element::Colgroup) => {
            number(value, MOST_COLUMNS).map(Kept::Span).ok_or(Fault::Value("1 到 200 的整数"))
        }
        "scope" if is_cell => word(value, &["row", "col", "rowgroup", "colgroup"])
            .map(Kept::Scope)
            .ok_or(Fault::Value("row、col、rowgroup 或 colgroup")),
        "align" if may_align(element) => word(value, &["left", "center", "right"])
            .map(|word| Kept::Align(alignment_class(word)))
            .ok_or(Fault::Value("left、center 或 right")),
        _ => Err(Fault::Unknown),
    }
}

/// `align` works on what holds text or cells. A column cannot align its cells with a class, so it may not try.
fn may_align(element: Element) -> bool {
    !element.is_inline() && !matches!(element, Element::Col | Element::Colgroup)
}

fn alignment_class(word: &str) -> &'static str {
    match word {
        "right" => "ta-r",
        "center" => "ta-c",
        _ => "ta-l",
    }
}

fn number(text: &str, most: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|number| digits && (1..=most).contains(number))
}

fn word(text: &str, words: &[&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| text.eq_ignore_ascii_case(word))
}

/// The name of the element that somebody meant to write: `text` begins with `<`, but CommonMark sees no tag in it. Short
/// names are left out, for `a <b` is a comparison.
pub fn meant(text: &str) -> Option<&str> {
    let name = text[1..].trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let (name, after) = name.split_at(end);
    let lower = name.to_ascii_lowercase();
    let known = name.len() > 2 && (Element::named(&lower).is_some() || instead(&lower).is_some());
    let cell = matches!(lower.as_str(), "td" | "tr" | "th");
    let ends = after.is_empty() || after.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'));
    (ends && (known || cell)).then_some(name)
}

/// What to write instead of an element that is not of the family.
pub fn instead(name: &str) -> Option<&'static str> {
    Some(match name {
        "b" | "strong" => "加粗写作 **文字**",
        "i" | "em" => "强调写作 *文字*",
        "s" | "del" | "strike" => "删除线写作 ~~文字~~",
        "a" => "链接写作 [文字](地址)",
        "img" => "图片写作 ![说明](图片文件)",
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "标题写作 # 标题、## 标题",
        "p" => "段落之间空一行就行",
        "ul" | "ol" | "li" => "列表写作 - 项目 或 1. 项目",
        "hr" => "分隔线写作 ---",
        "pre" | "code" => "代码放在反引号之间",
        "blockquote" => "引文的每行以 > 开头",
        "div" | "span" | "font" | "center" | "section" | "article" => "删去这个标签，版式由主题决定",
        "script" | "style" | "iframe" | "frame" | "frameset" | "math" | "body" | "html" | "head" | "title"
        | "textarea" | "select" | "applet" | "marquee" | "template" | "noscript" | "isindex" | "dialog" | "details"
        | "object" | "embed" | "form" | "input" | "button" | "link" | "meta" | "svg" | "base" => {
            "正文里不能有程序、样式、表单和嵌入的网页"
        }
        "video" | "audio" | "source" => "把音像文件列为附件",
        _ => return None,
    })
}
