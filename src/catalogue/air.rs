//! Daily reports of air: the index, its class and the primary pollutant follow from the concentrations (HJ 633), by the standard
//! that is in force on the day.

use crate::model::aqi::{Pollutant, Report, Standard, report};
use crate::model::{Amount, Column, Moment, Text};

/// Columns of the table by name, and what they hold.
const CONCENTRATIONS: [(&str, Pollutant); 6] = [
    ("so2", Pollutant::So2),
    ("no2", Pollutant::No2),
    ("pm10", Pollutant::Pm10),
    ("pm25", Pollutant::Pm25),
    ("co", Pollutant::Co),
    ("o3_8h", Pollutant::O3),
];

/// What does not follow, a message for each; nothing is said of rows without a day, an index or any concentration.
pub fn faults(columns: &[Column], rows: &[Box<[Text]>]) -> Vec<String> {
    rows.iter().flat_map(|row| Day { columns, row }.faults()).collect()
}

struct Day<'a> {
    columns: &'a [Column],
    row: &'a [Text],
}

impl Day<'_> {
    fn cell(&self, name: &str) -> &str {
        let at = self.columns.iter().position(|column| *column.name == *name);
        at.and_then(|at| self.row.get(at)).map_or("", |text| text.trim())
    }

    fn faults(&self) -> Vec<String> {
        let Some(day) = Moment::parse(self.cell("day")) else { return Vec::new() };
        let Some(standard) = Standard::on(day) else { return Vec::new() };
        let amount = |name: &str| Amount::parse(&self.cell(name).replace(',', ""));
        let measured = CONCENTRATIONS.map(|(name, pollutant)| (pollutant, amount(name)));
        if measured.iter().all(|(_, amount)| amount.is_none()) || self.cell("aqi").is_empty() {
            return Vec::new();
        }
        let name = standard.name();
        let (aqi, class, primary) = match report(standard, &measured) {
            Report::NotAvailable => return self.differs(day, "aqi", "AQI", "NA", name).into_iter().collect(),
            Report::Index { aqi, class, primary, .. } => (aqi.to_string(), class, primary),
        };
        let told = [
            self.differs(day, "aqi", "AQI", &aqi, name),
            self.differs(day, "grade", "级别", class.rank(), name),
            self.differs(day, "class", "类别", class.name(), name),
            self.primary(day, &primary, name),
        ];
        told.into_iter().flatten().collect()
    }

    fn differs(&self, day: Moment, column: &str, label: &str, wanted: &str, standard: &str) -> Option<String> {
        let stated = self.cell(column);
        (!stated.is_empty() && stated != wanted)
            .then(|| format!("{day} 的{label}写的是“{stated}”，按{standard}从浓度算出的是“{wanted}”"))
    }

    fn primary(&self, day: Moment, wanted: &[Pollutant], standard: &str) -> Option<String> {
        let stated = self.cell("primary");
        let is_none = matches!(stated, "" | "-" | "—" | "——" | "无" | "/");
        let names = stated.split(['、', ',', '，', ';', '；']).map(str::trim).filter(|name| !name.is_empty());
        let mut found: Vec<Option<Pollutant>> = if is_none { Vec::new() } else { names.map(pollutant).collect() };
        let mut expected: Vec<Option<Pollutant>> = wanted.iter().copied().map(Some).collect();
        found.sort();
        expected.sort();
        if found == expected || (stated.is_empty() && wanted.is_empty()) {
            return None;
        }
        let names: Vec<&str> = wanted.iter().map(|pollutant| pollutant.name()).collect();
        let names = if names.is_empty() { "无（AQI 不大于 50）".to_owned() } else { names.join("、") };
        Some(format!("{day} 的首要污染物写的是“{stated}”，按{standard}应当是“{names}”"))
    }
}

/// A pollutant by the names that reports have for it.
fn pollutant(name: &str) -> Option<Pollutant> {
    match name.to_ascii_uppercase().replace([' ', '₂', '₃', '₀', '₁', '₅', '．'], "").as_str() {
        "PM2.5" | "PM25" | "细颗粒物" => Some(Pollutant::Pm25),
        "PM10" | "可吸入颗粒物" => Some(Pollutant::Pm10),
        "SO2" | "SO" | "二氧化硫" => Some(Pollutant::So2),
        "NO2" | "NO" | "二氧化氮" => Some(Pollutant::No2),
        "CO" | "一氧化碳" => Some(Pollutant::Co),
        name if name.starts_with("O3") || name == "O" || name.starts_with("臭氧") => Some(Pollutant::O3),
        _ => None,
    }
}
