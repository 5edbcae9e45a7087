//! A file that takes the place of another one at a service. Whatever goes wrong, the one or the other is there: nothing is
//! removed to make room, and a server's word that it is done is not taken for it.

use std::future::Future;
use std::io;

use opendal::ErrorKind;

use super::random;
use super::wire::{Headers, Inner};
use super::words::{is_final, is_refused, pause};
use crate::pipeline::Failure;
use crate::source::Digest;

/// What became of a move.
enum Moved {
    There,
    /// Something else is still in its place.
    Not(Failure),
    /// Nothing is in its place.
    Lost(Failure),
    /// The same, and another try would end in the same way.
    Refused(Failure),
}

impl Inner {
    /// A small file of publishing's own, whole or not at all. What was given up before is over before it is written, for
    /// it may be what the file tells of; and what was given up of it, before it is said to be there.
    pub async fn replace_with(&self, path: &str, bytes: Vec<u8>, headers: &Headers) -> Result<(), Failure> {
        self.settle().await;
        let wanted = Digest::of(&bytes);
        if !self.talents.renames {
            self.write(path, bytes.clone(), headers).await?;
            self.settle().await;
            return self.is_arrived(path, &wanted).await;
        }
        let fresh = || async {
            let next = format!("{path}.{}.tmp", random()?);
            self.write(&next, bytes.clone(), headers).await?;
            self.is_arrived(&next, &wanted).await?;
            Ok(next)
        };
        self.rename(&fresh().await?, path, &wanted, fresh).await?;
        self.clear_tries(path).await
    }

    /// Removes what tries left that were about to take the place of this file, once they are over.
    async fn clear_tries(&self, path: &str) -> Result<(), Failure> {
        if !self.has_stumbled() {
            return Ok(());
        }
        self.settle().await;
        let (folder, start) = (path.rsplit_once('/').map_or("", |(folder, _)| folder), format!("{path}."));
        let listed = self.list(folder, false).await?.into_iter().map(|(path, _)| path);
        for left in listed.filter(|path| path.starts_with(&start) && path.ends_with(".tmp")) {
            self.delete(vec![left]).await?;
        }
        Ok(())
    }

    /// A file that only its being there matters of.
    pub async fn sign(&self, path: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        self.write(path, bytes, &Headers::default()).await.map(drop)
    }

    /// `wanted`: what is to be copied. What an object store copied by itself is not looked at yet: it lists what it has.
    pub async fn copy(&self, from: &str, to: &str, wanted: &Digest) -> Result<(), Failure> {
        if self.talents.copies {
            match self.change(to, wanted.size, || self.operator.copy(from, to)).await {
                Ok(_) if self.talents.is_object_store => return Ok(()),
                Ok(_) => return self.is_arrived(to, wanted).await,
                Err(error) if !matches!(error.kind(), ErrorKind::Unsupported) => return Err(self.failure(from, &error)),
                Err(_) => {}
            }
        }
        let _room = self.room(wanted.size).await;
        let found = self.read_sized(from, wanted.size, wanted.size).await?;
        let Some(bytes) = found else { return Err(self.io(from, io::Error::from(io::ErrorKind::NotFound))) };
        if Digest::of(&bytes) != *wanted {
            return Err(self.io(from, io::Error::new(io::ErrorKind::InvalidData, "读出来的，与发布的不一样")));
        }
        self.write(to, bytes, &Headers::default()).await?;
        self.is_arrived(to, wanted).await
    }

    /// Moves a file to a place where another one may be, and makes sure that it is there: `wanted` is what is moved.
    ///
    /// Many servers of WebDAV remove what is there before they look for what they are to move. So a request that nobody
    /// waits for any more, or that comes twice, would take the file away if what it moves were gone by then. That is why
    /// each try moves a file of its own, which `fresh` makes, and what an earlier one was to move stays where it is.
    pub async fn rename<Fut>(
        &self,
        from: &str,
        to: &str,
        wanted: &Digest,
        fresh: impl Fn() -> Fut,
    ) -> Result<(), Failure>
    where
        Fut: Future<Output = Result<String, Failure>>,
    {
        if !self.talents.replaces {
            return self.rename_at_once(from, to, wanted).await;
        }
        let (mut from, mut tried) = (from.to_owned(), 0);
        loop {
            let (failure, may_help) = match self.try_move(&from, to, wanted).await {
                Moved::There => return Ok(()),
                Moved::Not(failure) => (failure, tried < self.retries),
                // nothing is there: whoever gives up now has lost a file
                Moved::Lost(failure) => (failure, tried < self.retries + 3),
                Moved::Refused(failure) => (failure, false),
            };
            if !may_help {
                return Err(failure);
            }
            tokio::time::sleep(pause(tried, to)).await;
            tried += 1;
            from = fresh().await?;
        }
    }

    async fn try_move(&self, from: &str, to: &str, wanted: &Digest) -> Moved {
        let failed = self.try_once(0, self.watched(self.operator.rename(from, to))).await.err();
        let found = match self.digest(to, wanted.size).await {
            Ok(found) => found,
            Err(failure) => return Moved::Not(failed.map_or(failure, |error| self.failure(to, &error))),
        };
        match (found, failed) {
            (Some(found), _) if found == *wanted => Moved::There,
            (None, Some(error)) => Moved::Lost(self.failure(to, &error)),
            (None, None) => Moved::Lost(self.differs(to)),
            (Some(_), None) => Moved::Not(self.differs(to)),
            (Some(_), Some(error)) if is_final(&error) && error.kind() != ErrorKind::NotFound => {
                Moved::Refused(self.failure(to, &error))
            }
            (Some(_), Some(error)) => Moved::Not(self.failure(to, &error)),
        }
    }

    /// Where a move that finds nothing to move does nothing.
    async fn rename_at_once(&self, from: &str, to: &str, wanted: &Digest) -> Result<(), Failure> {
        match self.change(to, 0, || self.move_over(from, to)).await {
            Ok(()) => self.is_arrived(to, wanted).await,
            // a try whose answer was lost may have done it already: what is there tells
            Err(error) if error.kind() == ErrorKind::NotFound => match self.digest(to, wanted.size).await? {
                Some(found) if found == *wanted => Ok(()),
                _ => Err(self.failure(from, &error)),
            },
            Err(error) => Err(self.failure(to, &error)),
        }
    }

    async fn move_over(&self, from: &str, to: &str) -> Result<(), opendal::Error> {
        match self.operator.rename(from, to).await {
            Err(error)
                if !self.talents.replaces
                    && is_refused(&error)
                    && self.operator.exists(from).await?
                    && self.operator.exists(to).await? =>
            {
                self.swap(from, to).await
            }
            other => other,
        }
    }

    /// For servers that move no file over another one: that one goes aside, and back if the other does not come.
    async fn swap(&self, from: &str, to: &str) -> Result<(), opendal::Error> {
        let aside = format!("{}/{to}", self.aside);
        // one that an earlier try left there is older than what is in its place
        self.operator.delete(&aside).await?;
        self.operator.rename(to, &aside).await?;
        if let Err(error) = self.operator.rename(from, to).await {
            // what cannot be put back now is put back by the next run
            let _ = self.operator.rename(&aside, to).await;
            return Err(error);
        }
        self.operator.delete(&aside).await
    }

    /// Moves a file to where none is.
    pub async fn put_back(&self, from: &str, to: &str) -> Result<(), Failure> {
        self.change(to, 0, || self.operator.rename(from, to)).await.map_err(|error| self.failure(to, &error))
    }
}
