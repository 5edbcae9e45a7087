//! One transfer: a file that is read, sent or deleted, tried again when it fails, and made sure of.

use std::fs::File;
use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_core::Stream;
use md5::Md5;
use opendal::options::WriteOptions;
use opendal::{Buffer, ErrorKind, Operator};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::late::Late;
use super::secrets::Secrets;
use super::service::{self, Talents};
use super::words::{advice, is_final, is_nowhere, pause, silent};
use crate::config::Service;
use crate::pipeline::Failure;
use crate::source::Digest;

/// What each transfer has at hand.
pub struct Inner {
    pub(super) operator: Operator,
    /// The same, for listings.
    pub(super) lister: Operator,
    /// Requests for pages of a listing since the last one that brought something.
    pub(super) pages: Arc<AtomicU64>,
    pub talents: Talents,
    secrets: Secrets,
    /// For people: `s3://bucket`.
    pub place: String,
    /// The folder for what has to be out of the way while another file takes its place.
    pub aside: String,
    pub(super) retries: usize,
    pub(super) timeout: Duration,
    pub(super) late: Late,
    /// For large files that cannot be sent in parts: one at a time is in memory.
    room: Semaphore,
    /// Whether any try has failed: something may lie half-sent at the target.
    stumbled: AtomicBool,
}

/// How a file is to be served.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    pub media: String,
    pub cache: Option<String>,
    pub encoding: Option<&'static str>,
}

/// A text of publishing's own may take as long as a transfer of so many bytes.
const TEXT: u64 = 2 << 20;

/// A file beyond this is sent in parts, where the service takes parts.
const PART: usize = 16 << 20;

impl Inner {
    /// `base`: the folder of the service below which everything happens.
    pub fn open(service: &Service, base: &str, secrets: Secrets) -> Result<Self, Failure> {
        let place = service::place(service, base);
        let pages = Arc::default();
        let timeout = Duration::from_secs(service.timeout);
        let (operator, lister) = service::operators(service, base, &secrets, (&pages, timeout))
            .map_err(|reason| Failure::Refused { path: PathBuf::from(&place), reason })?;
        let talents = Talents::of(service, &operator);
        Ok(Self {
            operator,
            lister,
            pages,
            talents,
            secrets,
            place,
            aside: format!("{}/aside", service.state[base.len()..].trim_start_matches('/')),
            retries: service.retries,
            timeout,
            late: Late::new(timeout),
            room: Semaphore::new(1),
            stumbled: AtomicBool::new(false),
        })
    }

    /// One transfer, again after a pause if it failed and might not fail again.
    pub(super) async fn again<T, Fut>(&self, path: &str, size: u64, once: impl Fn() -> Fut) -> Result<T, opendal::Error>
    where
        Fut: Future<Output = Result<T, opendal::Error>>,
    {
        let mut tried = 0;
        loop {
            let failed = match self.try_once(size, once()).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if is_final(&failed) || tried == self.retries {
                return Err(failed);
            }
            tokio::time::sleep(pause(tried, path)).await;
            tried += 1;
        }
    }

    /// The same for what changes something there: each try that is given up is remembered.
    pub(super) async fn change<T, Fut>(
        &self,
        path: &str,
        size: u64,
        once: impl Fn() -> Fut,
    ) -> Result<T, opendal::Error>
    where
        Fut: Future<Output = Result<T, opendal::Error>>,
    {
        self.again(path, size, || self.watched(once())).await
    }

    pub(super) async fn try_once<T>(
        &self,
        size: u64,
        work: impl Future<Output = Result<T, opendal::Error>>,
    ) -> Result<T, opendal::Error> {
        // a slow line gets time in proportion: 20 KiB a second are slow enough
        let limit = self.timeout + Duration::from_secs(size / 20_480);
        let result = match tokio::time::timeout(limit, work).await {
            Ok(result) => result,
            Err(_) => Err(opendal::Error::new(ErrorKind::Unexpected, "超时")),
        };
        if result.is_err() {
            self.stumbled.store(true, Ordering::Relaxed);
        }
        result
    }

    /// A part of an answer. Whatever time the whole may take, a line that brings nothing for as long as this is given up.
    async fn part<T>(&self, work: impl Future<Output = T>) -> Result<T, opendal::Error> {
        tokio::time::timeout(self.timeout, work).await.map_err(|_| silent(self.timeout))
    }

    pub fn has_stumbled(&self) -> bool {
        self.stumbled.load(Ordering::Relaxed)
    }

    pub async fn make_folder(&self, folder: &str) -> Result<(), Failure> {
        let folder = format!("{folder}/");
        let made = self.change(&folder, 0, || self.operator.create_dir(&folder)).await;
        made.map_err(|error| self.failure(&folder, &error))
    }

    /// A text of publishing's own; refused if it is larger than `most`.
    pub async fn read(&self, path: &str, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        if self.talents.hangs_on_nothing && !self.is_there(path).await? {
            return Ok(None);
        }
        match self.read_sized(path, TEXT, most).await? {
            Some(bytes) if bytes.len() as u64 > most => {
                let words =
                    format!("它比 gongkai 写的大得多（超过 {} MB），没有读完。请查明是谁放在那里的", most >> 20);
                Err(self.io(path, io::Error::new(io::ErrorKind::InvalidData, words)))
            }
            read => Ok(read),
        }
    }

    /// Reads a file, and no more than a byte beyond `most` of it. `size`: how large it is, as far as is known.
    pub(super) async fn read_sized(&self, path: &str, size: u64, most: u64) -> Result<Option<Vec<u8>>, Failure> {
        let read = self.in_pieces(path, size, most, Vec::new, |bytes: &mut Vec<u8>, piece| {
            bytes.extend_from_slice(piece);
        });
        read.await
    }

    /// What lies at a path, read to the last byte; of a file that is larger than `size`, no more than shows that it is.
    /// `None`: nothing.
    pub async fn digest(&self, path: &str, size: u64) -> Result<Option<Digest>, Failure> {
        let start = || (Sha256::new(), 0);
        let read = self.in_pieces(path, size, size, start, |(hash, size): &mut (Sha256, u64), piece| {
            hash.update(piece);
            *size += piece.len() as u64;
        });
        Ok(read.await?.map(|(hash, size)| Digest { size, sha256: hex(&hash.finalize()) }))
    }

    /// Reads a file piece by piece, up to a byte beyond `most`.
    async fn in_pieces<T>(
        &self,
        path: &str,
        size: u64,
        most: u64,
        start: impl Fn() -> T,
        take: impl Fn(&mut T, &[u8]),
    ) -> Result<Option<T>, Failure> {
        // in one request, not in ranges: FTP servers end no transfer that is left in the middle, and say so to the next
        let read = || async {
            let open = async { self.operator.reader(path).await?.into_stream(..).await };
            let mut parts = self.part(open).await??;
            let (mut taken, mut left) = (start(), most + 1);
            while left > 0
                && let Some(part) = self.part(poll_fn(|context| Pin::new(&mut parts).poll_next(context))).await?
            {
                for bytes in part? {
                    let piece = &bytes[..bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX))];
                    take(&mut taken, piece);
                    left -= piece.len() as u64;
                }
            }
            Ok(taken)
        };
        match self.again(path, size, read).await {
            Ok(taken) => Ok(Some(taken)),
            Err(error) if is_nowhere(&error) => Ok(None),
            Err(error) => Err(self.failure(path, &error)),
        }
    }

    /// Sends a file and makes sure that what arrived is what was meant: by the MD5 that an object store answers, which is
    /// returned, else by reading it back.
    pub async fn send(
        &self,
        from: &Path,
        path: &str,
        wanted: &Digest,
        headers: &Headers,
    ) -> Result<Option<String>, Failure> {
        let (etag, md5) = match wanted.size <= PART as u64 || !self.operator.info().capability().write_can_multi {
            true => {
                let _room = self.room(wanted.size).await;
                let bytes = std::fs::read(from).map_err(|error| Failure::Io { path: from.to_owned(), error })?;
                self.is_as_hashed(from, &Digest::of(&bytes), wanted)?;
                let md5 = self.talents.is_object_store.then(|| hex(&<Md5 as md5::Digest>::digest(&bytes)));
                (self.write(path, bytes, headers).await?, md5)
            }
            false => (self.send_in_parts(from, path, wanted, headers).await?, None),
        };
        match (etag, md5) {
            (Some(etag), Some(md5)) if is_tag(&etag, &md5) => Ok(Some(etag)),
            _ => self.is_arrived(path, wanted).await.map(|()| None),
        }
    }

    /// Whether what a server made of a file that was sent before is what was meant: by the tag that it lists, if that is the
    /// MD5 of the file on this machine, else by reading it.
    pub async fn is_as_sent(&self, path: &str, tag: &str, from: Option<&Path>, wanted: &Digest) -> Result<(), Failure> {
        if let Some(from) = from.filter(|_| wanted.size <= PART as u64) {
            let bytes = std::fs::read(from).map_err(|error| Failure::Io { path: from.to_owned(), error })?;
            if Digest::of(&bytes) == *wanted && is_tag(tag, &hex(&<Md5 as md5::Digest>::digest(&bytes))) {
                return Ok(());
            }
        }
        self.is_arrived(path, wanted).await
    }

    /// Held while a file of this size is in memory.
    pub(super) async fn room(&self, size: u64) -> Option<SemaphorePermit<'_>> {
        match size > PART as u64 {
            true => self.room.acquire().await.ok(),
            false => None,
        }
    }

    fn is_as_hashed(&self, from: &Path, found: &Digest, wanted: &Digest) -> Result<(), Failure> {
        match found.sha256 == wanted.sha256 {
            true => Ok(()),
            false => {
                let reason = "发布期间它被改动了。请再运行一次".to_owned();
                Err(Failure::Refused { path: from.to_owned(), reason })
            }
        }
    }

    /// Whether what lies at a path is what is wanted, byte by byte.
    pub async fn is_arrived(&self, path: &str, wanted: &Digest) -> Result<(), Failure> {
        match self.digest(path, wanted.size).await? {
            Some(found) if found == *wanted => Ok(()),
            _ => Err(self.differs(path)),
        }
    }

    pub(super) fn differs(&self, path: &str) -> Failure {
        self.io(path, io::Error::new(io::ErrorKind::InvalidData, "传到以后读回来，与传出的不一样"))
    }

    pub(super) async fn write(&self, path: &str, bytes: Vec<u8>, headers: &Headers) -> Result<Option<String>, Failure> {
        let size = bytes.len() as u64;
        let bytes = Buffer::from(bytes);
        let once = || self.operator.write_options(path, bytes.clone(), self.options(headers));
        let written = self.change(path, size, once).await.map_err(|error| self.failure(path, &error))?;
        Ok(written.etag().map(str::to_owned))
    }

    async fn send_in_parts(
        &self,
        from: &Path,
        path: &str,
        wanted: &Digest,
        headers: &Headers,
    ) -> Result<Option<String>, Failure> {
        let once = || async {
            let local =
                |error: io::Error| opendal::Error::new(ErrorKind::ConfigInvalid, format!("读不出本机的文件：{error}"));
            let mut file = File::open(from).map_err(local)?;
            let mut writer = self.operator.writer_options(path, self.options(headers)).await?;
            let mut hash = Sha256::new();
            loop {
                let mut part = Vec::with_capacity(PART);
                (&mut file).take(PART as u64).read_to_end(&mut part).map_err(local)?;
                if part.is_empty() {
                    break;
                }
                hash.update(&part);
                writer.write(part).await?;
            }
            if hex(&hash.finalize()) != wanted.sha256 {
                let _ = writer.abort().await;
                return Err(opendal::Error::new(ErrorKind::ConfigInvalid, "发布期间它被改动了。请再运行一次"));
            }
            writer.close().await
        };
        self.change(path, wanted.size, once).await.map_err(|error| self.failure(path, &error))?;
        // the tag of parts is no digest of the whole
        Ok(None)
    }

    fn options(&self, headers: &Headers) -> WriteOptions {
        let can = self.operator.info().capability();
        WriteOptions {
            content_type: (can.write_with_content_type && !headers.media.is_empty()).then(|| headers.media.clone()),
            cache_control: headers.cache.clone().filter(|_| can.write_with_cache_control),
            content_encoding: headers.encoding.filter(|_| can.write_with_content_encoding).map(str::to_owned),
            ..WriteOptions::default()
        }
    }

    /// Returns how many. One that is not there is no failure.
    pub async fn delete(&self, paths: Vec<String>) -> Result<usize, Failure> {
        let first = paths.first().map_or("", String::as_str);
        let once = || self.operator.delete_iter(paths.clone());
        match self.change(first, 0, once).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failure(first, &error)),
            _ => Ok(paths.len()),
        }
    }

    pub async fn is_there(&self, path: &str) -> Result<bool, Failure> {
        self.again(path, 0, || self.operator.exists(path)).await.map_err(|error| self.failure(path, &error))
    }

    pub(super) fn failure(&self, path: &str, error: &opendal::Error) -> Failure {
        let words = advice(error);
        let words = words.replace("{USER}", &self.secrets.variable("USER"));
        let words = words.replace("{PASSWORD}", &self.secrets.variable("PASSWORD"));
        let whole = error.to_string();
        let detail = whole.rsplit(" => ").next().unwrap_or(&whole);
        // what is at the bottom of it, say a certificate that nobody vouches for, is not in the words above it
        let chain = std::iter::successors(std::error::Error::source(error), |error| error.source());
        let bottom = chain.last().map(ToString::to_string).filter(|bottom| !detail.contains(bottom.as_str()));
        let detail = &bottom.map_or(detail.to_owned(), |bottom| format!("{detail}：{bottom}"));
        let detail: String = self.secrets.redact(detail).split_whitespace().collect::<Vec<_>>().join(" ");
        let detail: String = detail.chars().take(400).collect();
        self.io(path, io::Error::other(format!("{words}（{detail}）")))
    }

    pub fn io(&self, path: &str, error: io::Error) -> Failure {
        Failure::Io { path: PathBuf::from(format!("{}/{path}", self.place)), error }
    }
}

/// Whether the tag of an object is this MD5.
fn is_tag(tag: &str, md5: &str) -> bool {
    tag.trim_matches('"').eq_ignore_ascii_case(md5)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
