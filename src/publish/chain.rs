//! `releases.jsonl` at the target: a line for each time that another release became live. Each line holds the SHA-256 of
//! the line before, so that none can be changed, left out or put in without the next one telling.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::Failure;
use super::folder::is_id;
use super::manifest::Manifest;
use crate::model::json;
use crate::source::Digest;

/// Why a release became live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Publish,
    Rollback,
}

impl Action {
    pub fn label(self) -> &'static str {
        match self {
            Action::Publish => "发布",
            Action::Rollback => "回退",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// From 1.
    pub number: usize,
    pub action: Action,
    pub release: String,
    /// When it became live.
    pub time: String,
    /// Empty without git.
    pub commit: String,
    /// It was made with changes that nobody had committed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
    /// SHA-256 of the manifest's file.
    pub manifest: String,
    pub files: usize,
    pub bytes: u64,
    pub added: usize,
    pub changed: usize,
    pub withdrawn: usize,
    /// What somebody else had changed at the target was accepted.
    pub accepted: bool,
    /// How many names `cleared.json` holds from here on, if any: it is not to lose one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cleared: usize,
    /// Whose site it is, by the SHA-256 of its address: where no manifest can be believed any more, this still tells.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// SHA-256 of all the text before, faults and all, if faults of it were accepted; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub accepts: String,
    /// SHA-256 of the line before, without its line break; empty in the first.
    pub previous: String,
}

impl Line {
    /// Whether no file was another than in the release before.
    fn is_same_site(&self) -> bool {
        self.action == Action::Publish && self.added + self.changed + self.withdrawn == 0
    }

    /// Whether it is made of what such lines are made of: who can write at the target writes nothing else into lists, pages
    /// and terminals.
    fn is_sound(&self) -> bool {
        let is_hex = |text: &str, lengths: &[usize]| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let is_time =
            self.time.len() <= 32 && self.time.bytes().all(|byte| byte.is_ascii_digit() || b"-+:TZ.".contains(&byte));
        let are_hashes = [&self.site, &self.accepts, &self.previous].iter().all(|text| is_hex(text, &[0, 64]));
        is_id(&self.release)
            && is_time
            && are_hashes
            && is_hex(&self.manifest, &[64])
            && is_hex(&self.commit, &[0, 40, 64])
    }
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Something wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// From 1.
    pub number: usize,
    pub message: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Those that can be read.
    pub lines: Vec<Line>,
    pub faults: Vec<Fault>,
    text: String,
    /// Number of the last line that accepts all the text before it as it still is.
    excused: usize,
}

impl Chain {
    pub fn of(text: String) -> Self {
        let (mut lines, mut faults) = (Vec::new(), Vec::new());
        let (mut previous, mut excused, mut at) = (String::new(), 0, 0);
        for (number, written) in (1..).zip(text.split_inclusive('\n')) {
            let before = &text[..at];
            at += written.len();
            let written = written.strip_suffix('\n').unwrap_or(written);
            let mut fault = |message: &str| faults.push(Fault { number, message: message.into() });
            match json::parse::<Line>(written).filter(Line::is_sound) {
                None => fault("这一行读不出来"),
                Some(line) => {
                    if line.number != number {
                        fault("序号不对，有行被删去或插入");
                    }
                    if line.previous != previous {
                        fault("与上一行对不上，上一行被改动、删去或插入");
                    }
                    if !line.accepts.is_empty() && line.accepts == seal(before) {
                        excused = number;
                    }
                    lines.push(line);
                }
            }
            previous = seal(written);
        }
        if !text.is_empty() && !text.ends_with('\n') {
            faults.push(Fault { number: text.lines().count(), message: "这一行没有写完".into() });
        }
        Self { lines, faults, text, excused }
    }

    /// Who was made live last.
    pub fn last(&self) -> Option<&Line> {
        self.lines.last()
    }

    /// What was live before what is live: a release that was taken back was not, and neither was one with the same site.
    pub fn before(&self, all: &[String], live: Option<&str>) -> Option<String> {
        let mut line_up: Vec<&Line> = Vec::new();
        for line in &self.lines {
            match line_up.iter().rposition(|known| known.release == line.release) {
                Some(at) if line.action == Action::Rollback => line_up.truncate(at + 1),
                // the same site, from another commit
                _ if line.is_same_site() => {
                    line_up.pop();
                    line_up.push(line);
                }
                _ => line_up.push(line),
            }
        }
        let of_live = line_up.iter().rposition(|line| Some(line.release.as_str()) == live);
        let manifest = of_live.map(|at| &line_up[at].manifest);
        let earlier = &line_up[..of_live.unwrap_or(line_up.len())];
        let is_other = |line: &&&Line| Some(&line.manifest) != manifest && all.contains(&line.release);
        earlier.iter().rev().find(is_other).map(|line| line.release.clone())
    }

    /// Which of all releases stay, beside the live one, so that there are no more than so many: the one that a rollback goes
    /// to, and the newest.
    pub fn stay(&self, all: &[String], live: &str, keep: usize) -> Vec<String> {
        let first = self.before(all, Some(live));
        let mut newest: Vec<&String> = all.iter().filter(|id| *id != live && first.as_ref() != Some(*id)).collect();
        newest.sort_by(|a, b| b.cmp(a));
        first.iter().chain(newest).take(keep.saturating_sub(1)).cloned().collect()
    }

    /// Whether a release was ever live.
    pub fn names(&self, release: &str) -> bool {
        self.lines.iter().any(|line| line.release == release)
    }

    /// A release's manifest with its SHA-256, out of the text that is kept of it. `Err`: why nobody can believe it.
    pub fn believe(&self, id: &str, text: Option<String>) -> Result<(Manifest, String), String> {
        let text = text.ok_or_else(|| format!("发布批次 {id} 的清单不见了"))?;
        let hash = seal(&text);
        let sealed = self.lines.iter().rev().find(|line| line.release == id);
        let sealed = sealed.ok_or_else(|| format!("发布批次 {id} 不在发布记录里"))?;
        if sealed.manifest != hash || !id.ends_with(&hash[..8]) {
            return Err(format!("发布批次 {id} 的清单被改动了"));
        }
        let manifest = Manifest::parse(&text).ok_or_else(|| format!("发布批次 {id} 的清单读不出来"))?;
        Ok((manifest, hash))
    }

    /// The manifests that can be believed of all releases but the live one, the last first, each read when it is asked for.
    /// Where the live one's cannot be believed, the first of them stands in for it: by that it is judged what would vanish
    /// and which commit is older.
    pub fn stand_ins(
        &self,
        live: &str,
        read: impl Fn(&str) -> Result<Option<String>, Failure>,
    ) -> impl Iterator<Item = Result<Manifest, Failure>> {
        let mut met = HashSet::from([live.to_owned()]);
        let ids =
            self.lines.iter().rev().map(|line| line.release.as_str()).filter(move |id| met.insert((*id).to_owned()));
        ids.filter_map(move |id| match read(id) {
            Err(failure) => Some(Err(failure)),
            Ok(text) => self.believe(id, text).ok().map(|(manifest, _)| Ok(manifest)),
        })
    }

    /// SHA-256 of the last line; empty without any. What the next line will hold, and meanwhile the target notes elsewhere.
    pub fn seal(&self) -> String {
        self.text.lines().next_back().map(seal).unwrap_or_default()
    }

    /// Faults that nobody has accepted yet, or that have come since.
    pub fn open_faults(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(|fault| fault.number > self.excused)
    }

    /// The line as it will be appended, numbered and sealed.
    pub fn next(&self, line: Line) -> Line {
        let (number, previous) = (self.text.lines().count() + 1, self.seal());
        let is_accepting = line.accepted && line.action == Action::Publish && self.open_faults().next().is_some();
        let accepts = if is_accepting { seal(&self.whole()) } else { String::new() };
        // who goes back forgets nothing of what was withdrawn
        let known = self.last().map_or(0, |last| last.cleared);
        let cleared = if line.action == Action::Rollback { known } else { line.cleared };
        Line { number, previous, accepts, cleared, ..line }
    }

    /// The text as more is appended to it.
    fn whole(&self) -> String {
        let is_broken_off = !self.text.is_empty() && !self.text.ends_with('\n');
        format!("{}{}", self.text, if is_broken_off { "\n" } else { "" })
    }

    /// The whole text with one more line.
    pub fn with(&self, line: &Line) -> String {
        let mut text = self.whole();
        text += &json::to_string(line);
        text.push('\n');
        text
    }
}

fn seal(text: &str) -> String {
    Digest::of(text.as_bytes()).sha256
}
