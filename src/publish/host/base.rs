//! Where the site lies on its host, and the old addresses that lead to others.

use crate::catalogue::{Catalogue, Lead, Tombstone};
use crate::model::{OutPath, Remains, path};

/// The site's address, taken apart.
pub struct Base {
    pub is_https: bool,
    /// With its port, if it has one.
    pub host: String,
    /// Folder from the root of the host, not encoded: empty, or `sub/site/`.
    pub folder: String,
}

impl Base {
    pub fn of(base_url: &str) -> Self {
        let (scheme, rest) = base_url.split_once("://").unwrap_or(("https", base_url));
        let (host, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let folder = path::decode(folder).unwrap_or_else(|| folder.to_owned());
        let folder = if folder.is_empty() { folder } else { format!("{folder}/") };
        Self { is_https: scheme == "https", host: host.to_owned(), folder }
    }

    /// A path of the site as an address of the host, not encoded.
    pub fn address(&self, path: &str) -> String {
        format!("/{}{path}", self.folder)
    }

    /// The same, encoded; what is a variable to a server's rules is encoded too.
    pub fn encoded(&self, path: &str) -> String {
        path::encode(&self.address(path)).replace('$', "%24")
    }
}

/// An old address, from the site's root, not encoded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Redirect {
    pub from: String,
    pub to: String,
}

/// All old addresses, by the old one; that of a folder is there with and without its `index.html`.
pub fn redirects(catalogue: &Catalogue) -> Vec<Redirect> {
    let moved = catalogue.redirects.iter().map(|redirect| (&redirect.out, &catalogue.doc(redirect.doc).out));
    let gone =
        catalogue.tombstones.iter().filter(|gone| gone.has_page()).flat_map(|gone| of_withdrawn(gone, catalogue));
    let mut redirects = Vec::with_capacity(catalogue.redirects.len());
    for (from, to) in moved.chain(gone) {
        let (from, to) = (from.as_str(), to.as_str());
        let folder = from.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
        redirects.extend(folder.map(|folder| Redirect { from: folder.to_owned(), to: to.to_owned() }));
        redirects.push(Redirect { from: from.to_owned(), to: to.to_owned() });
    }
    redirects.sort();
    redirects
}

/// Of a withdrawn document the addresses that lead on: its old ones to the page that says so, or all to where its readers are
/// sent.
fn of_withdrawn<'c>(gone: &'c Tombstone, catalogue: &'c Catalogue) -> Vec<(&'c OutPath, &'c OutPath)> {
    let to = match (gone.what.remains, &gone.to) {
        (Remains::Nothing, Some(Lead::Doc(id))) => &catalogue.doc(*id).out,
        (Remains::Nothing, Some(Lead::Page(out))) => out,
        _ => &gone.out,
    };
    gone.outs().filter(|from| *from != to).map(|from| (from, to)).collect()
}
