//! 法定主动公开内容: the items of articles 20 and 21 of 《政府信息公开条例》 (令第711号), in short words of our own.

use serde::{Deserialize, Serialize};

/// An item, by its place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Item(u8);

/// Of whom an item is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Art. 20: every body of government.
    All,
    /// Art. 21: cities and counties and their departments.
    County,
    /// Art. 21: townships.
    Township,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::All, Scope::County, Scope::Township];

    /// Its heading where items are listed.
    pub fn label(self) -> &'static str {
        match self {
            Scope::All => "第二十条 各行政机关",
            Scope::County => "第二十一条 县级人民政府及其部门",
            Scope::Township => "第二十一条 乡镇人民政府",
        }
    }
}

struct Row {
    key: &'static str,
    scope: Scope,
    /// Where in the article it stands; art. 21 does not number its items.
    place: &'static str,
    text: &'static str,
}

const fn row(key: &'static str, scope: Scope, place: &'static str, text: &'static str) -> Row {
    Row { key, scope, place, text }
}

const ROWS: [Row; 30] = [
    row("20.1", Scope::All, "第二十条第（一）项", "行政法规、规章和规范性文件"),
    row("20.2", Scope::All, "第二十条第（二）项", "机关职能、机构设置和联系方式"),
    row("20.3", Scope::All, "第二十条第（三）项", "规划及相关政策"),
    row("20.4", Scope::All, "第二十条第（四）项", "统计信息"),
    row("20.5", Scope::All, "第二十条第（五）项", "行政许可和其他对外管理服务事项"),
    row("20.6", Scope::All, "第二十条第（六）项", "行政处罚和行政强制"),
    row("20.7", Scope::All, "第二十条第（七）项", "财政预算、决算"),
    row("20.8", Scope::All, "第二十条第（八）项", "行政事业性收费"),
    row("20.9", Scope::All, "第二十条第（九）项", "政府集中采购"),
    row("20.10", Scope::All, "第二十条第（十）项", "重大建设项目"),
    row("20.11", Scope::All, "第二十条第（十一）项", "扶贫、教育、医疗、社会保障和就业"),
    row("20.12", Scope::All, "第二十条第（十二）项", "突发公共事件的预案、预警和应对"),
    row("20.13", Scope::All, "第二十条第（十三）项", "环境、卫生、安全、食品药品和产品质量监督检查"),
    row("20.14", Scope::All, "第二十条第（十四）项", "公务员招考录用"),
    row("20.15", Scope::All, "第二十条第（十五）项", "法律、法规、规章和国家规定的其他信息"),
    row("21.1", Scope::County, "第二十一条", "市政建设"),
    row("21.2", Scope::County, "第二十一条", "公共服务"),
    row("21.3", Scope::County, "第二十一条", "公益事业"),
    row("21.4", Scope::County, "第二十一条", "土地征收"),
    row("21.5", Scope::County, "第二十一条", "房屋征收"),
    row("21.6", Scope::County, "第二十一条", "治安管理"),
    row("21.7", Scope::County, "第二十一条", "社会救助"),
    row("21.t1", Scope::Township, "第二十一条（乡镇）", "农业农村政策"),
    row("21.t2", Scope::Township, "第二十一条（乡镇）", "农田水利建设运营"),
    row("21.t3", Scope::Township, "第二十一条（乡镇）", "土地承包经营权流转"),
    row("21.t4", Scope::Township, "第二十一条（乡镇）", "宅基地使用审核"),
    row("21.t5", Scope::Township, "第二十一条（乡镇）", "土地征收"),
    row("21.t6", Scope::Township, "第二十一条（乡镇）", "房屋征收"),
    row("21.t7", Scope::Township, "第二十一条（乡镇）", "筹资筹劳"),
    row("21.t8", Scope::Township, "第二十一条（乡镇）", "社会救助"),
];

impl Item {
    /// In the order of the articles.
    pub fn all() -> impl Iterator<Item = Item> {
        (0..ROWS.len() as u8).map(Item)
    }

    /// The item of a key (`20.7`) or a label, with or without its text.
    pub fn find(written: &str) -> Option<Self> {
        let bare: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        Self::all().find(|item| {
            let row = item.row();
            // art. 21 gives its items no numbers: there the text alone tells them apart
            let is_place = row.scope == Scope::All && row.place == bare;
            row.key.eq_ignore_ascii_case(&bare) || is_place || [row.place, row.text].concat() == bare
        })
    }

    fn row(self) -> &'static Row {
        &ROWS[self.index()]
    }

    /// Its place among all.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The name in files and data: `20.7`, `21.t2`.
    pub fn key(self) -> &'static str {
        self.row().key
    }

    pub fn scope(self) -> Scope {
        self.row().scope
    }

    /// `财政预算、决算`
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// `第二十条第（七）项 财政预算、决算`
    pub fn label(self) -> String {
        [self.row().place, " ", self.text()].concat()
    }

    /// `（七）`; empty where the article does not number its items.
    pub fn number(self) -> &'static str {
        let place = self.row().place;
        place.strip_prefix("第二十条第").and_then(|rest| rest.strip_suffix("项")).unwrap_or_default()
    }

    /// What to write instead of something that is no item.
    pub fn advice(written: &str) -> String {
        let bare = written.trim();
        let meant =
            Self::all().find(|item| !bare.is_empty() && (bare.contains(item.text()) || item.text().contains(bare)));
        match meant {
            Some(item) => format!("你是不是想写“{}”（{}）？", item.key(), item.label()),
            None => "写条款的编号，如 20.7（第二十条第（七）项 财政预算、决算）、21.4（第二十一条 土地征收）；\
                     第二十条是 20.1 到 20.15，第二十一条是 21.1 到 21.7，乡镇是 21.t1 到 21.t8"
                .into(),
        }
    }
}
