//! `[publish.NAME]`: where the site may be published to.

use std::collections::HashMap;

use toml::Spanned;

use super::place::Place;
use super::{Checker, Host, raw, span};

/// A target that the site may be published to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Publish {
    /// As it is typed on the command line.
    pub name: String,
    pub place: Place,
    /// How many releases stay.
    pub keep: usize,
    pub host: Host,
}

/// Releases that stay if the file does not say.
const KEEP: usize = 5;

impl Checker {
    pub(super) fn publish(&mut self, written: Vec<raw::Publish>) -> Vec<Publish> {
        self.have_secrets_apart(&written);
        written.into_iter().map(|target| self.target(target)).collect()
    }

    /// Two targets with one variable would send the password of one to the server of the other.
    fn have_secrets_apart(&mut self, written: &[raw::Publish]) {
        let mut met: HashMap<String, &str> = HashMap::new();
        for raw::Publish { name, .. } in written.iter().filter(|target| target.at.endpoint.is_some()) {
            let text = name.get_ref().as_str();
            if let Some(other) = met.insert(variable(text), text) {
                let message = format!("发布目标“{text}”与“{other}”的口令取自同名的环境变量");
                let help = format!(
                    "变量名 GONGKAI_{}_… 里只留名称的字母和数字，不分大小写；换一个名称，如 [publish.web2]",
                    variable(text)
                );
                self.push(span(name), message, &help);
            }
        }
    }

    fn target(&mut self, written: raw::Publish) -> Publish {
        let raw::Publish { name, kind, keep, host, at } = written;
        let text = name.get_ref().as_str();
        if text.trim().is_empty() || text.starts_with('-') || text.contains(char::is_whitespace) || text.contains('/') {
            let message = format!("发布目标的名称“{text}”不能用");
            self.push(span(&name), message, "名称要在命令行里写，不能有空格和 /，不能以 - 开头，如 [publish.web]");
        }
        let place = self.place(&name, kind, at);
        Publish { name: text.to_owned(), place, keep: self.keep(keep), host: self.host(host) }
    }

    fn keep(&mut self, keep: Option<Spanned<i64>>) -> usize {
        let Some(keep) = keep else { return KEEP };
        match usize::try_from(*keep.get_ref()).ok().filter(|keep| (1..=1000).contains(keep)) {
            Some(keep) => keep,
            None => {
                self.push(span(&keep), "keep 应当是 1 到 1000 的整数", "保留几个发布批次；一般写 5");
                KEEP
            }
        }
    }
}

/// The part of the name of an environment variable that stands for a target: `www-1` is `WWW_1`.
pub fn variable(target: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    target.chars().map(letter).collect()
}
