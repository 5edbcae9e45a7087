//! Keeps a finished output as it is while it is copied elsewhere.

use super::disk::Disk;
use super::failure::Failure;
use super::lock::Lock;
use super::target::Target;
use super::{Planned, ledger, list};

/// No build changes the output while this is alive.
pub struct Hold {
    _lock: Lock,
}

impl Hold {
    /// `None`: the output is no longer what was planned; another build was quicker, or somebody changed it.
    pub fn take(
        target: &Target,
        engine: &str,
        planned: &[Planned],
        waiting: &dyn Fn(),
    ) -> Result<Option<Self>, Failure> {
        let lock = Lock::take(&target.lock(), waiting)?;
        let output = target.output();
        let is_listed =
            list::read(output)?.is_some_and(|text| text == list::compose(planned.iter().map(|file| file.out.as_str())));
        let known = ledger::read(&target.ledger());
        let Ok(Some(ledger)) = ledger::usable(&known, engine) else { return Ok(None) };
        let entries = ledger.entries();
        let disk = Disk::look(output, &super::disk::folders(entries.iter().map(|(path, _)| *path)))?;
        let mut walk = disk.walk();
        let is_it = |(file, (path, entry)): (&Planned, &(&str, ledger::Entry))| {
            let lies_there = walk.seek(path) == Some(super::disk::Kind::File(entry.stat));
            file.out.as_str() == *path && file.fingerprint == entry.fingerprint && lies_there
        };
        let stands = is_listed && entries.len() == planned.len() && planned.iter().zip(entries).all(is_it);
        Ok(stands.then_some(Self { _lock: lock }))
    }
}
