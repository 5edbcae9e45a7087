//! Exactly what `site.toml` may say. An unknown key is an error.

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    pub site: Site,
    #[serde(default)]
    pub catalogue: Catalogue,
    pub theme: Option<Theme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub name: Spanned<String>,
    pub base_url: Spanned<String>,
    pub id_code: Option<Spanned<String>>,
    pub organizer: String,
    pub undertaker: Option<String>,
    pub contact: Option<String>,
    pub address: Option<String>,
    pub icp: Option<String>,
    pub police: Option<String>,
    pub level: Option<Spanned<String>>,
    pub palette: Option<Spanned<String>>,
    pub logo: Option<Spanned<String>>,
    pub favicon: Option<Spanned<String>>,
    pub emblem: Option<Spanned<String>>,
    pub nav: Option<Vec<Spanned<String>>>,
    pub description: Option<String>,
    pub page_size: Option<Spanned<i64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    #[serde(default)]
    pub crossing: Vec<Crossing>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    pub axes: Spanned<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    pub name: Spanned<String>,
}
