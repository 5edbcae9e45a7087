//! What becomes of a site that was prepared, and of an earlier release that somebody wants back.

use std::collections::HashSet;
use std::path::Path;

use super::look::{BEGUN, CLEARED, SEAL, Seen, Trust};
use super::transfer::Transfer;
use super::{Lock, Remote};
use crate::pipeline::Failure;
use crate::publish::cleared::Cleared;
use crate::publish::folder::new_id;
use crate::publish::manifest::{Entry, Manifest};
use crate::publish::observe::{Difference, State, Way};
use crate::publish::release::{Done, Published, Refusal, Returned, line_back, line_of, target};
use crate::publish::{Prepared, Share, Step, listing, refused};
use crate::source::Digest;

impl Remote {
    /// Reads what is live and compares it with its manifest; nothing is believed because it was so before.
    pub fn verify(&self, share: Share) -> Result<State, Failure> {
        let (mut state, seen) = self.look(Trust::Nothing(share))?;
        self.look_back(&seen, share, &mut state)?;
        Ok(state)
    }

    /// `doubts`: whether everything is read, because somebody wants to put right whatever is wrong.
    pub fn observe(&self, doubts: bool) -> Result<(State, Seen), Failure> {
        let (mut state, mut seen) = self.look(if doubts { Trust::Nothing(Share::ALL) } else { Trust::Stamps })?;
        let faults = self.earlier_faults(&mut seen, &state, doubts)?;
        state.faults.extend(faults);
        Ok((state, seen))
    }

    /// Makes what was prepared live; `now` in seconds since 1970.
    pub fn publish(
        &self,
        prepared: &Prepared,
        seen: &Seen,
        lock: &Lock,
        now: i64,
        progress: &dyn Fn(Step),
    ) -> Result<Done, Failure> {
        let Prepared { manifest, text, state, plan, files, .. } = prepared;
        self.can_hold(manifest)?;
        self.note_believed(seen)?;
        if prepared.is_live() && seen.begun.is_empty() {
            self.sweep(seen)?;
            self.sweep_orphans(seen, &state.chain)?;
            return Ok(Done::Unchanged);
        }
        let id = self.id(seen, state, &plan.manifest, now);
        let line = state.chain.next(line_of(prepared, &id, now, !prepared.is_sound()));
        let transfer = Transfer {
            remote: self,
            lock,
            seen,
            live: state.live.as_ref().map(|live| &live.manifest),
            next: manifest,
            text,
            line: &line,
            chain: &state.chain,
            files: Some(files),
            keeps: self.keep > 1 && !prepared.clearing.is_due,
            clears: prepared.clearing.is_due,
            // with none of them accepted, it would have been stopped
            accepted: &seen.strangers,
            reseals: true,
            progress,
        };
        let done = transfer.carry_out()?;
        Ok(Done::Published(Published { release: id, written: done.written, removed: done.removed, late: done.late }))
    }

    /// Whether the target can hold the site as it is configured: told before anything is sent.
    fn can_hold(&self, manifest: &Manifest) -> Result<(), Failure> {
        let own = format!("{}/", self.state);
        let problem = |entry: &Entry| match () {
            _ if self.live(&entry.path).starts_with(&own) => {
                Some("它在 state 的文件夹里。请把 state 改到网站以外，或改成别的名称")
            }
            _ if self.ignore.iter().any(|glob| glob.matches(&entry.path)) => {
                Some("site.toml 的 ignore 把它算作别人的文件。请改 ignore，只写网站没有的路径")
            }
            _ if self.sends_under_other_names && entry.size == 0 => {
                Some("它是空的，FTP 传不了空文件。请删去它，或写上一个换行")
            }
            _ => None,
        };
        match manifest.files.iter().find_map(|entry| Some((entry, problem(entry)?))) {
            Some((entry, reason)) => Err(refused(Path::new(&entry.path), reason)),
            None => Ok(()),
        }
    }

    /// Removes what a run left that was interrupted after its release was live.
    fn sweep(&self, seen: &Seen) -> Result<(), Failure> {
        let leftovers = seen.leftovers.iter().map(|path| self.live(path));
        let staged = seen.staged.keys().map(|name| self.own(&format!("staged/{name}")));
        let rest = leftovers.chain(staged).chain(seen.scraps.iter().cloned());
        self.store.remove(rest.collect(), &|_| ())?;
        // until all of that is gone it is known that there is something to do
        let begun = if seen.goes_back.is_empty() { Vec::new() } else { vec![self.own(BEGUN)] };
        self.store.remove(begun, &|_| ())?;
        self.journal().close();
        Ok(())
    }

    /// The name of the release: of one that was begun and is the same, its own.
    fn id(&self, seen: &Seen, state: &State, hash: &str, now: i64) -> String {
        let of_chain = state.chain.lines.iter().map(|line| line.release.clone());
        let begun = seen.begun.iter().map(|(id, _)| id).rev();
        let mut same = begun.filter(|id| id.ends_with(&hash[..8]) && !of_chain.clone().any(|known| known == **id));
        match same.next() {
            Some(id) => id.clone(),
            None => new_id(now, hash, &of_chain.chain(seen.manifests.iter().cloned()).collect::<Vec<_>>()),
        }
    }

    /// Makes an earlier release live again, once the bytes that it needs are found to be what they were.
    pub fn rollback(
        &self,
        wanted: Option<&str>,
        lock: &Lock,
        now: i64,
        progress: &dyn Fn(Step),
    ) -> Result<Returned, Refusal> {
        let (state, seen) = self.look(Trust::Nothing(Share::ALL))?;
        let live = state.chain.last().map(|line| line.release.as_str());
        let of_live = wanted.filter(|id| live == Some(*id));
        let id = match of_live {
            Some(id) if !self.is_whole(&state, &seen)? => id.to_owned(),
            Some(id) if seen.is_unfinished() => return self.finish(id, &state, &seen),
            _ => {
                let all: Vec<String> = seen.manifests.iter().filter(|id| state.chain.names(id)).cloned().collect();
                target(&all, &state.chain, live, wanted)?
            }
        };
        let damaged = |differences, faults| match of_live {
            Some(_) => Refusal::Unfinished { release: id.clone(), back: seen.back(), differences, faults },
            None => Refusal::Damaged { release: id.clone(), differences, faults },
        };
        let (next, hash) = match state.chain.believe(&id, self.manifest_text(&id)?) {
            Ok(believed) => believed,
            Err(fault) => return Err(damaged(Vec::new(), vec![fault])),
        };
        let differences = self.unsound(&next, &seen)?;
        if !differences.is_empty() {
            return Err(damaged(differences, Vec::new()));
        }
        self.is_free_of_others(&next, &seen)?;
        let before = state.live.as_ref().map(|live| &live.manifest);
        let line = state.chain.next(line_back(&id, (&next, &hash), before, now));
        let transfer = Transfer {
            remote: self,
            lock,
            seen: &seen,
            live: before,
            next: &next,
            text: "",
            line: &line,
            chain: &state.chain,
            files: None,
            keeps: self.keep > 1,
            clears: false,
            // it accepts nothing: strangers, and a chain that somebody changed, are told as before
            accepted: &state.accepted,
            reseals: state.faults.is_empty(),
            progress,
        };
        let done = transfer.carry_out()?;
        Ok(Returned { release: id, late: done.late, finished: false })
    }

    /// Whether nobody has put other files where those of an earlier release were: nothing keeps them for him.
    fn is_free_of_others(&self, next: &Manifest, seen: &Seen) -> Result<(), Failure> {
        let is_others = |path: &&String| {
            next.entry(path).is_some_and(|entry| seen.holds.get(*path).is_none_or(|sha256| *sha256 != entry.sha256))
        };
        let met: Vec<&String> = seen.strangers.iter().filter(is_others).collect();
        let Some(first) = met.first() else { return Ok(()) };
        let reason =
            format!("那里有不是 gongkai 发布的文件，回退会换掉它们，没有回退：{}。先移走或改名，再回退", listing(&met));
        Err(refused(Path::new(&format!("{}/{}", self.store.place(), self.live(first))), reason))
    }

    /// Whether the live release is there as it was published, byte by byte, and no other one was begun.
    fn is_whole(&self, state: &State, seen: &Seen) -> Result<bool, Failure> {
        let Some(line) = state.chain.last() else { return Ok(false) };
        let believed = state.chain.believe(&line.release, self.manifest_text(&line.release)?);
        let is_there = |entry: &Entry| seen.holds.get(&entry.path) == Some(&entry.sha256);
        Ok(seen.begun.is_empty()
            && seen.aside.is_empty()
            && believed.is_ok_and(|(manifest, _)| manifest.files.iter().all(is_there)))
    }

    /// Does what was left to do after a release that is live and whole, and looks whether it is done.
    fn finish(&self, id: &str, state: &State, seen: &Seen) -> Result<Returned, Refusal> {
        self.sweep(seen)?;
        // a seal that was damaged while it was written: for the line that this machine wrote it vouches once more
        let seal = state.chain.seal();
        if !seen.seals.lines().any(|line| line == seal) && self.is_last(&seal) {
            self.put(SEAL, &format!("{seal}\n"))?;
        }
        let (state, seen) = self.look(Trust::Stamps)?;
        let has_faults = !state.faults.is_empty() || state.chain.open_faults().next().is_some();
        if has_faults || seen.is_unfinished() || !self.is_whole(&state, &seen)? {
            let differences = state.differences.into_iter().filter(|found| found.way != Way::Strange).collect();
            let faults = state.faults;
            return Err(Refusal::Unfinished { release: id.to_owned(), back: seen.back(), differences, faults });
        }
        Ok(Returned { release: id.to_owned(), late: None, finished: true })
    }

    pub fn note(&self, cleared: &Cleared) -> Result<(), Failure> {
        self.put(CLEARED, &cleared.text())
    }

    /// Files of a release that are neither live as they were nor kept.
    fn unsound(&self, next: &Manifest, seen: &Seen) -> Result<Vec<Difference>, Failure> {
        let is_needed = |entry: &&Entry| seen.holds.get(&entry.path) != Some(&entry.sha256);
        let (there, missing): (Vec<&Entry>, Vec<&Entry>) =
            next.files.iter().filter(is_needed).partition(|entry| seen.kept.get(&entry.sha256) == Some(&entry.size));
        let mut met = HashSet::new();
        let to_read: Vec<(String, String, u64)> = there
            .iter()
            .filter(|entry| met.insert(&entry.sha256))
            .map(|entry| (entry.sha256.clone(), self.own(&format!("kept/{}", entry.sha256)), entry.size))
            .collect();
        let read = self.store.each(
            to_read,
            |store, (sha256, path, size)| async move {
                let found: Option<Digest> = store.digest(&path, size).await?;
                let is_sound = found.is_some_and(|digest| digest.sha256 == sha256);
                Ok((sha256, is_sound))
            },
            &|_| (),
        )?;
        let broken: HashSet<&String> =
            read.iter().filter(|(_, is_sound)| !is_sound).map(|(sha256, _)| sha256).collect();
        let broken =
            there.into_iter().filter(|entry| broken.contains(&entry.sha256)).map(|entry| (entry, Way::Changed));
        let missing = missing.into_iter().map(|entry| (entry, Way::Missing));
        Ok(broken.chain(missing).map(|(entry, way)| Difference { path: entry.path.clone(), way }).collect())
    }
}
