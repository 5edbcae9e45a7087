//! What a site is made from besides its content: `site.toml` and the theme.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Failure, Options};
use crate::config::{self, Config};
use crate::diag::Diagnostic;
use crate::model::Hash128;
use crate::theme::Theme;

/// Configuration and theme, as far as they can be used.
#[derive(Clone)]
pub struct Given {
    pub config: Option<Arc<Config>>,
    pub theme: Option<Arc<Theme>>,
    pub findings: Vec<Diagnostic>,
    /// Of the bytes of `site.toml`.
    config_hash: Hash128,
    /// What is wrong with the theme: needed again when it is not read again.
    theme_findings: Vec<Diagnostic>,
}

impl Given {
    /// `before`: what was given last time. `places` (paths from the root): where alone something may have changed since.
    pub fn read(options: &Options, before: Option<&Given>, places: Option<&[PathBuf]>) -> Result<Self, Failure> {
        let (bytes, (config, mut findings)) = read_config(options)?;
        let config_hash = Hash128::of_bytes(&bytes);
        let known = before.filter(|before| before.config_hash == config_hash);
        let config = known.map_or_else(|| config.map(Arc::new), |before| before.config.clone());
        let name = config.as_ref().and_then(|config| config.theme.clone());
        let is_theme = |place: &PathBuf| ["themes", "templates"].iter().any(|top| place.starts_with(top));
        let as_it_was = known.filter(|_| places.is_some_and(|places| !places.iter().any(is_theme)));
        let (theme, theme_findings) = match as_it_was {
            Some(before) => (before.theme.clone(), before.theme_findings.clone()),
            None => read_theme(&options.root, name.as_deref(), before)?,
        };
        findings.extend_from_slice(&theme_findings);
        Ok(Self { config, theme, findings, config_hash, theme_findings })
    }

    /// Of all that it is; `None` if no site can come of it.
    pub fn hash(&self) -> Option<Hash128> {
        self.config.as_ref()?;
        Some(Hash128::of(&(self.config_hash, self.theme.as_ref()?.hash)))
    }

    /// Whether the same site comes of it.
    pub fn is_same(&self, other: &Given) -> bool {
        self.hash().is_some() && self.hash() == other.hash()
    }
}

/// The theme; the one before, if it is the same, so that pages made with it stay what they are.
fn read_theme(
    root: &Path,
    name: Option<&str>,
    before: Option<&Given>,
) -> Result<(Option<Arc<Theme>>, Vec<Diagnostic>), Failure> {
    let (theme, findings) =
        Theme::load(root, name).map_err(|error| Failure::Io { path: root.join("templates"), error })?;
    let before = before.and_then(|before| before.theme.clone());
    let theme = theme.map(|theme| match before {
        Some(before) if before.hash == theme.hash => before,
        _ => Arc::new(theme),
    });
    Ok((theme, findings))
}

type Read = (Vec<u8>, (Option<Config>, Vec<Diagnostic>));

pub fn read_config(options: &Options) -> Result<Read, Failure> {
    let path = options.root.join(&options.config);
    match std::fs::read(&path) {
        Ok(bytes) => {
            let read = config::read(&bytes, &options.config.to_string_lossy(), options.base_url.as_deref());
            Ok((bytes, read))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::NoSite(path)),
        Err(error) => Err(Failure::Io { path, error }),
    }
}
