//! Whether the manifests of earlier releases can be believed: by them it is known which kept bytes are still needed. Who
//! publishes asks before anything is sent, because what one of them no longer names would be deleted afterwards.

use std::collections::HashSet;

use super::Remote;
use super::look::Seen;
use crate::pipeline::Failure;
use crate::publish::observe::State;

impl Remote {
    /// What is wrong with them, in Chinese. One that is listed as it was when this machine last believed it is not read again,
    /// unless there are `doubts`.
    pub(super) fn earlier_faults(&self, seen: &mut Seen, state: &State, doubts: bool) -> Result<Vec<String>, Failure> {
        // all of them are about to go
        if state.cleared.due {
            return Ok(Vec::new());
        }
        let mut faults: Vec<String> = seen.lost().map(|id| format!("发布批次 {id} 的清单不见了")).collect();
        let text = self.memory(BELIEVED).text();
        let known: HashSet<&str> = if doubts { HashSet::new() } else { text.lines().collect() };
        let live = state.chain.last().map(|line| line.release.as_str());
        let earlier = seen.manifests.iter().filter(|id| live != Some(id.as_str()) && state.chain.names(id));
        let (mut believed, mut read) = (Vec::new(), Vec::new());
        for id in earlier {
            let line = seen.manifest_files.get(id).filter(|listed| !listed.stamp.is_empty());
            let line = line.map(|listed| format!("{id} {} {}", listed.size, listed.stamp));
            match line.as_ref().is_some_and(|line| known.contains(line.as_str())) {
                true => believed.extend(line),
                false => read.push((id, line)),
            }
        }
        for (id, line) in read {
            match state.chain.believe(id, self.manifest_text(id)?) {
                Ok(_) => believed.extend(line),
                Err(fault) => faults.push(fault),
            }
        }
        seen.believed = believed;
        Ok(faults)
    }

    /// Notes which were believed. The target is locked.
    pub(super) fn note_believed(&self, seen: &Seen) -> Result<(), Failure> {
        let (memory, text) = (self.memory(BELIEVED), seen.believed.join("\n"));
        if memory.text() == text { Ok(()) } else { memory.note(&text) }
    }
}

/// The name of the memory.
const BELIEVED: &str = "manifests";
