//! 《政府信息公开工作年度报告格式》（国办公开办函〔2021〕30号）: its tables 二, 三 and 四 as data — what stands in each cell of the
//! official form, how far it reaches, and what must follow from what. Formats are kept by the year of the report: an older report
//! is shown in the form that it had.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// One of the tables of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// 二、主动公开政府信息情况
    Two,
    /// 三、收到和处理政府信息公开申请情况
    Three,
    /// 四、政府信息公开行政复议、行政诉讼情况
    Four,
}

impl Part {
    pub const ALL: [Self; 3] = [Self::Two, Self::Three, Self::Four];

    /// Key in front matter.
    pub fn key(self) -> &'static str {
        ["table2", "table3", "table4"][self as usize]
    }

    /// What clerks call it; they may write it as the key.
    pub fn label(self) -> &'static str {
        ["表二", "表三", "表四"][self as usize]
    }

    /// As a block of a body names it.
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.trim().trim_start_matches(['表', '第']);
        let names = [["2", "二"], ["3", "三"], ["4", "四"]];
        let at = names.iter().position(|names| names.contains(&bare) || text.trim() == format!("table{}", names[0]));
        at.map(|at| Self::ALL[at])
    }
}

/// The form of a report.
pub struct Format {
    /// The first year that is reported in it.
    pub since: i16,
    sheets: [Sheet; 3],
}

impl Format {
    /// The form that the report of a year has; `None` before there were such tables.
    pub fn of(year: i16) -> Option<&'static Self> {
        FORMATS.iter().rev().find(|format| format.since <= year)
    }

    /// The year of the first form.
    pub fn first() -> i16 {
        FORMATS[0].since
    }

    pub fn sheet(&self, part: Part) -> &Sheet {
        &self.sheets[part as usize]
    }
}

/// A table of the form.
pub struct Sheet {
    pub part: Part,
    /// As the heading of its section says.
    pub title: &'static str,
    /// Columns of labels at the left.
    pub labels: u8,
    pub sections: &'static [Section],
    /// Whether all rows of figures stand in one row of the table, one after the other.
    pub in_line: bool,
    /// What must be so within the table.
    pub rules: &'static [Rule],
    /// What must follow from the table of the year before.
    pub chains: &'static [Chain],
}

/// A part of a table with a head of its own.
pub struct Section {
    pub head: &'static [&'static [Head]],
    pub rows: &'static [Row],
}

/// A cell that says what others mean.
pub struct Head {
    pub text: &'static str,
    /// How many rows and columns it takes up.
    pub rows: u8,
    pub columns: u8,
    /// A remark in the corner is no heading of anything.
    pub is_note: bool,
}

/// A row of figures.
pub struct Row {
    /// A short name, by which clerks state it.
    pub name: &'static str,
    /// The headings that begin in it, from the left.
    pub heads: &'static [Head],
    /// What its figures are, for messages.
    pub figures: &'static [&'static str],
    /// How many columns each of them takes up.
    pub width: u8,
    /// An amount of money may have decimals; all else is counted.
    pub is_money: bool,
}

/// What must be so within a table.
pub enum Rule {
    /// The last figure of every row is the sum of the others.
    LastIsSum,
    /// In every column but the last a row is the sum of others. (The last column follows: it is the sum of the others in every row.)
    RowIsSum { total: usize, of: RangeInclusive<usize> },
    /// In every column but the last two rows come to the same as two others.
    Balance { left: [usize; 2], right: [usize; 2] },
    /// Only bodies above the county make what is counted here.
    Nothing { row: usize },
}

/// What must follow from the table of the year before.
pub enum Chain {
    /// A row is another row of the year before.
    Carried { row: usize, from: usize },
    /// The last figure of a row is that of the year before, with the first added and the second taken away.
    Stock { row: usize },
}

impl Sheet {
    /// Every row of figures, in the order of the form.
    pub fn rows(&self) -> impl Iterator<Item = &'static Row> {
        self.sections.iter().flat_map(|section| section.rows)
    }

    pub fn row(&self, at: usize) -> &'static Row {
        self.rows().nth(at).expect("rules name rows of their own table")
    }

    /// The row that a key means: its short name, or what the form says with or without its number.
    pub fn find(&self, key: &str) -> Option<usize> {
        let key = bare(key);
        let is_called = |row: &Row| {
            let official = row.heads.last().map(|head| bare(head.text)).unwrap_or_default();
            key == bare(row.name) || key == official || key == without_number(&official)
        };
        self.rows().position(is_called)
    }

    /// What the form says of a row, with the group that it stands in.
    pub fn label(&self, at: usize) -> String {
        let rows: Vec<&Row> = self.rows().collect();
        let Some(own) = rows[at].heads.last() else { return rows[at].name.to_owned() };
        // the heading left of an item begins in its own row or further up
        let group = (0..=at).rev().find_map(|from| {
            let heads = rows[from].heads;
            let left = heads.len().checked_sub(2).map(|left| &heads[left])?;
            (from + usize::from(left.rows) > at && left.rows < 20).then_some(left.text)
        });
        let is_item = own.columns == 1 && self.labels > 1;
        match group.filter(|_| is_item) {
            Some(group) => format!("{group}{}", own.text),
            None => own.text.to_owned(),
        }
    }
}

/// A text without spaces, its quotation marks alike.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '“' | '”' | '"')).collect()
}

/// `1.属于国家秘密`, `（一）予以公开`, `一、本年新收…` without what numbers them.
fn without_number(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "（一二三四五六七".contains(c));
    rest.strip_prefix(['.', '）', '、']).unwrap_or(text)
}

/// A table that is filled in: every row of its form, every figure of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filled {
    pub year: i16,
    pub part: Part,
    pub rows: Box<[Box<[Figure]>]>,
}

impl Filled {
    pub fn sheet(&self) -> &'static Sheet {
        Format::of(self.year).expect("a table is only read in the form of its year").sheet(self.part)
    }
}

const fn head(text: &'static str, rows: u8, columns: u8) -> Head {
    Head { text, rows, columns, is_note: false }
}

const fn row(name: &'static str, heads: &'static [Head]) -> Row {
    Row { name, heads, figures: &APPLICANTS, width: 1, is_money: false }
}

const fn single(name: &'static str, heads: &'static [Head], figures: &'static [&'static str], is_money: bool) -> Row {
    Row { name, heads, figures, width: 3, is_money }
}

/// Every form there has been, oldest first.
static FORMATS: [Format; 1] = [Format { since: 2021, sheets: [TWO, THREE, FOUR] }];

const MADE: [&str; 3] = ["本年制发件数", "本年废止件数", "现行有效件数"];
const DECIDED: [&str; 1] = ["本年处理决定数量"];
const CHARGED: [&str; 1] = ["本年收费金额（单位：万元）"];
const APPLICANTS: [&str; 7] = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"];
const OUTCOMES: [&str; 5] = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];

const TWO: Sheet = Sheet {
    part: Part::Two,
    title: "主动公开政府信息情况",
    labels: 1,
    in_line: false,
    rules: &[Rule::Nothing { row: 0 }],
    chains: &[Chain::Stock { row: 0 }, Chain::Stock { row: 1 }],
    sections: &[
        Section {
            head: &[
                &[head("第二十条第（一）项", 1, 4)],
                &[head("信息内容", 1, 1), head(MADE[0], 1, 1), head(MADE[1], 1, 1), head(MADE[2], 1, 1)],
            ],
            rows: &[
                Row { name: "规章", heads: &[head("规章", 1, 1)], figures: &MADE, width: 1, is_money: false },
                Row {
                    name: "行政规范性文件",
                    heads: &[head("行政规范性文件", 1, 1)],
                    figures: &MADE,
                    width: 1,
                    is_money: false,
                },
            ],
        },
        Section {
            head: &[&[head("第二十条第（五）项", 1, 4)], &[head("信息内容", 1, 1), head(DECIDED[0], 1, 3)]],
            rows: &[single("行政许可", &[head("行政许可", 1, 1)], &DECIDED, false)],
        },
        Section {
            head: &[&[head("第二十条第（六）项", 1, 4)], &[head("信息内容", 1, 1), head(DECIDED[0], 1, 3)]],
            rows: &[
                single("行政处罚", &[head("行政处罚", 1, 1)], &DECIDED, false),
                single("行政强制", &[head("行政强制", 1, 1)], &DECIDED, false),
            ],
        },
        Section {
            head: &[&[head("第二十条第（八）项", 1, 4)], &[head("信息内容", 1, 1), head(CHARGED[0], 1, 3)]],
            rows: &[single("行政事业性收费", &[head("行政事业性收费", 1, 1)], &CHARGED, true)],
        },
    ],
};

const THREE: Sheet = Sheet {
    part: Part::Three,
    title: "收到和处理政府信息公开申请情况",
    labels: 3,
    in_line: false,
    rules: &[
        Rule::LastIsSum,
        Rule::RowIsSum { total: 23, of: 2..=22 },
        Rule::Balance { left: [0, 1], right: [23, 24] },
    ],
    chains: &[Chain::Carried { row: 1, from: 24 }],
    sections: &[Section {
        head: &[
            &[
                Head {
                    text: "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
                    rows: 3,
                    columns: 3,
                    is_note: true,
                },
                head("申请人情况", 1, 7),
            ],
            &[head("自然人", 2, 1), head("法人或其他组织", 1, 5), head("总计", 2, 1)],
            &[
                head("商业企业", 1, 1),
                head("科研机构", 1, 1),
                head("社会公益组织", 1, 1),
                head("法律服务机构", 1, 1),
                head("其他", 1, 1),
            ],
        ],
        rows: &[
            row("新收", &[head("一、本年新收政府信息公开申请数量", 1, 3)]),
            row("上年结转", &[head("二、上年结转政府信息公开申请数量", 1, 3)]),
            row("予以公开", &[head("三、本年度办理结果", 22, 1), head("（一）予以公开", 1, 2)]),
            row("部分公开", &[head("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 1, 2)]),
            row("国家秘密", &[head("（三）不予公开", 8, 1), head("1.属于国家秘密", 1, 1)]),
            row("法规禁止公开", &[head("2.其他法律行政法规禁止公开", 1, 1)]),
            row("三安全一稳定", &[head("3.危及“三安全一稳定”", 1, 1)]),
            row("第三方权益", &[head("4.保护第三方合法权益", 1, 1)]),
            row("内部事务信息", &[head("5.属于三类内部事务信息", 1, 1)]),
            row("过程性信息", &[head("6.属于四类过程性信息", 1, 1)]),
            row("执法案卷", &[head("7.属于行政执法案卷", 1, 1)]),
            row("行政查询", &[head("8.属于行政查询事项", 1, 1)]),
            row("不掌握", &[head("（四）无法提供", 3, 1), head("1.本机关不掌握相关政府信息", 1, 1)]),
            row("需要另行制作", &[head("2.没有现成信息需要另行制作", 1, 1)]),
            row("内容仍不明确", &[head("3.补正后申请内容仍不明确", 1, 1)]),
            row("信访举报投诉", &[head("（五）不予处理", 5, 1), head("1.信访举报投诉类申请", 1, 1)]),
            row("重复申请", &[head("2.重复申请", 1, 1)]),
            row("公开出版物", &[head("3.要求提供公开出版物", 1, 1)]),
            row("大量反复申请", &[head("4.无正当理由大量反复申请", 1, 1)]),
            row("确认或重新出具", &[head("5.要求行政机关确认或重新出具已获取信息", 1, 1)]),
            row(
                "逾期不补正",
                &[
                    head("（六）其他处理", 3, 1),
                    head("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", 1, 1),
                ],
            ),
            row(
                "逾期不缴费",
                &[head("2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", 1, 1)],
            ),
            row("其他", &[head("3.其他", 1, 1)]),
            row("总计", &[head("（七）总计", 1, 2)]),
            row("结转下年", &[head("四、结转下年度继续办理", 1, 3)]),
        ],
    }],
};

const FOUR: Sheet = Sheet {
    part: Part::Four,
    title: "政府信息公开行政复议、行政诉讼情况",
    labels: 0,
    in_line: true,
    rules: &[Rule::LastIsSum],
    chains: &[],
    sections: &[Section {
        head: &[
            &[head("行政复议", 1, 5), head("行政诉讼", 1, 10)],
            &[
                head(OUTCOMES[0], 2, 1),
                head(OUTCOMES[1], 2, 1),
                head(OUTCOMES[2], 2, 1),
                head(OUTCOMES[3], 2, 1),
                head(OUTCOMES[4], 2, 1),
                head("未经复议直接起诉", 1, 5),
                head("复议后起诉", 1, 5),
            ],
            &[
                head(OUTCOMES[0], 1, 1),
                head(OUTCOMES[1], 1, 1),
                head(OUTCOMES[2], 1, 1),
                head(OUTCOMES[3], 1, 1),
                head(OUTCOMES[4], 1, 1),
                head(OUTCOMES[0], 1, 1),
                head(OUTCOMES[1], 1, 1),
                head(OUTCOMES[2], 1, 1),
                head(OUTCOMES[3], 1, 1),
                head(OUTCOMES[4], 1, 1),
            ],
        ],
        rows: &[
            Row { name: "行政复议", heads: &[], figures: &OUTCOMES, width: 1, is_money: false },
            Row { name: "未经复议直接起诉", heads: &[], figures: &OUTCOMES, width: 1, is_money: false },
            Row { name: "复议后起诉", heads: &[], figures: &OUTCOMES, width: 1, is_money: false },
        ],
    }],
};
