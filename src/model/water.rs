//! Classes of surface water, GB 3838—2002 table 1: the worst single factor decides. Exact, as `aqi` is.

use crate::model::{Amount, Decimal};

/// 水质类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    I,
    II,
    III,
    IV,
    V,
    /// 劣Ⅴ类
    Beyond,
}

impl Class {
    pub const ALL: [Self; 6] = [Self::I, Self::II, Self::III, Self::IV, Self::V, Self::Beyond];

    pub fn name(self) -> &'static str {
        ["Ⅰ类", "Ⅱ类", "Ⅲ类", "Ⅳ类", "Ⅴ类", "劣Ⅴ类"][self as usize]
    }

    /// By the ways in which reports write it: `Ⅲ类`, `III类`, `Ⅲ`, `三类`, `劣Ⅴ`.
    pub fn parse(text: &str) -> Option<Self> {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let bare = bare.strip_suffix('类').unwrap_or(&bare);
        const NAMES: [[&str; 3]; 6] = [
            ["Ⅰ", "I", "一"],
            ["Ⅱ", "II", "二"],
            ["Ⅲ", "III", "三"],
            ["Ⅳ", "IV", "四"],
            ["Ⅴ", "V", "五"],
            ["劣Ⅴ", "劣V", "劣五"],
        ];
        NAMES.iter().position(|names| names.contains(&bare)).map(|at| Self::ALL[at])
    }
}

/// What is measured, in mg/L.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// 溶解氧: the only one of which more is better.
    Oxygen,
    /// 高锰酸盐指数
    Permanganate,
    /// 化学需氧量（COD）
    Cod,
    /// 五日生化需氧量（BOD5）
    Bod5,
    /// 氨氮
    Ammonia,
    /// 总磷 of rivers
    Phosphorus,
    /// 总磷 of lakes and reservoirs, which has limits of its own
    PhosphorusOfLakes,
}

impl Factor {
    pub fn name(self) -> &'static str {
        match self {
            Self::Oxygen => "溶解氧",
            Self::Permanganate => "高锰酸盐指数",
            Self::Cod => "化学需氧量",
            Self::Bod5 => "五日生化需氧量",
            Self::Ammonia => "氨氮",
            Self::Phosphorus | Self::PhosphorusOfLakes => "总磷",
        }
    }

    /// Limits of classes Ⅰ to Ⅴ in thousandths of mg/L: the most that is allowed, of oxygen the least.
    pub fn limits(self) -> [Amount; 5] {
        let thousandths = match self {
            Self::Oxygen => [7500, 6000, 5000, 3000, 2000],
            Self::Permanganate => [2000, 4000, 6000, 10_000, 15_000],
            Self::Cod => [15_000, 15_000, 20_000, 30_000, 40_000],
            Self::Bod5 => [3000, 3000, 4000, 6000, 10_000],
            Self::Ammonia => [150, 500, 1000, 1500, 2000],
            Self::Phosphorus => [20, 100, 200, 300, 400],
            Self::PhosphorusOfLakes => [10, 25, 50, 100, 200],
        };
        thousandths.map(Amount::thousandths)
    }

    pub fn class(self, amount: Amount) -> Class {
        let meets = |limit: &Amount| if self == Self::Oxygen { amount >= *limit } else { amount <= *limit };
        Class::ALL[self.limits().iter().position(meets).unwrap_or(5)]
    }

    /// What is written of it, as an amount that stands on the same side of every limit: limits have three decimals, and what has
    /// more is moved away from them.
    pub fn amount(self, written: &str) -> Option<Amount> {
        let number = Decimal::of_shown(written).filter(|number| !number.is_negative())?;
        let (whole, part) = number.parts();
        if whole.len() > 6 {
            return Some(Amount::thousandths(u32::MAX));
        }
        if number.places() <= 3 {
            return Amount::parse(&number.to_string());
        }
        let cut = Amount::parse(&format!("{whole}.{}", &part[..3]))?;
        // more than the limit by less than a thousandth is more all the same; of oxygen it is the least that counts
        Some(if self == Self::Oxygen { cut } else { Amount::thousandths(cut.in_thousandths() + 1) })
    }
}

/// Columns of a table of sections by name, and what they hold.
pub const FACTORS: [(&str, Factor); 7] = [
    ("do", Factor::Oxygen),
    ("codmn", Factor::Permanganate),
    ("cod", Factor::Cod),
    ("bod5", Factor::Bod5),
    ("nh3n", Factor::Ammonia),
    ("tp", Factor::Phosphorus),
    ("tp_lake", Factor::PhosphorusOfLakes),
];

/// The class of a section, and the factors that decide it; `None` without any measurement.
pub fn class(measured: &[(Factor, Amount)]) -> Option<(Class, Vec<Factor>)> {
    let classes = measured.iter().map(|(factor, amount)| (*factor, factor.class(*amount)));
    let worst = classes.clone().map(|(_, class)| class).max()?;
    Some((worst, classes.filter(|(_, class)| *class == worst).map(|(factor, _)| factor).collect()))
}
