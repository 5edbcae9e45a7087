//! One transfer: a file that is read, sent, copied, moved, deleted or listed, tried again when it fails, and made sure of.

use std::fs::File;
use std::future::{Future, poll_fn};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_core::Stream;
use md5::Md5;
use opendal::options::WriteOptions;
use opendal::{Buffer, ErrorKind, Operator};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::secrets::Secrets;
use super::service::{self, Talents};
use crate::config::Service;
use crate::pipeline::Failure;
use crate::source::Digest;

/// What each transfer has at hand.
pub struct Inner {
    operator: Operator,
    pub talents: Talents,
    secrets: Secrets,
    /// For people: `s3://bucket`.
    pub place: String,
    retries: usize,
    timeout: Duration,
    /// For large files that cannot be sent in parts: one at a time is in memory.
    room: Semaphore,
    /// Whether any try has failed: something may lie half-sent at the target.
    stumbled: AtomicBool,
}

/// A file as a listing tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub size: u64,
    /// The entity tag, else the time of change: if it is the same, so is the file, as far as the server can tell.
    pub stamp: String,
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

/// A listing may take as long as a transfer of so many bytes.
const LISTING: u64 = 16 << 20;

/// A file beyond this is sent in parts, where the service takes parts.
const PART: usize = 16 << 20;

impl Inner {
    /// `base`: the folder of the service below which everything happens.
    pub fn open(service: &Service, base: &str, secrets: Secrets) -> Result<Self, Failure> {
        let place = place(service, base);
        let operator = service::operator(service, base, &secrets)
            .map_err(|reason| Failure::Refused { path: PathBuf::from(&place), reason })?;
        let talents = Talents::of(service, &operator);
        let timeout = Duration::from_secs(service.timeout);
        Ok(Self {
            operator,
            talents,
            secrets,
            place,
            retries: service.retries,
            timeout,
            room: Semaphore::new(1),
            stumbled: AtomicBool::new(false),
        })
    }

    /// One transfer, again after a pause if it failed and might not fail again.
    async fn again<T, Fut>(&self, path: &str, size: u64, once: impl Fn() -> Fut) -> Result<T, opendal::Error>
    where
        Fut: Future<Output = Result<T, opendal::Error>>,
    {
        // a slow line gets time in proportion: 20 KiB a second are slow enough
        let limit = self.timeout + Duration::from_secs(size / 20_480);
        let mut tried = 0;
        loop {
            let failed = match tokio::time::timeout(limit, once()).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => error,
                Err(_) => opendal::Error::new(ErrorKind::Unexpected, "超时"),
            };
            self.stumbled.store(true, Ordering::Relaxed);
            if is_final(failed.kind()) || tried == self.retries {
                return Err(failed);
            }
            tokio::time::sleep(pause(tried, path)).await;
            tried += 1;
        }
    }

    pub fn has_stumbled(&self) -> bool {
        self.stumbled.load(Ordering::Relaxed)
    }

    pub async fn make_folder(&self, folder: &str) -> Result<(), Failure> {
        let folder = format!("{folder}/");
        let made = self.again(&folder, 0, || self.operator.create_dir(&folder)).await;
        made.map_err(|error| self.failure(&folder, &error))
    }

    pub async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        self.read_sized(path, TEXT).await
    }

    /// `size`: how large the file is, as far as is known.
    async fn read_sized(&self, path: &str, size: u64) -> Result<Option<Vec<u8>>, Failure> {
        let once = || async {
            match self.operator.read(path).await {
                Err(error) if is_nowhere(&error) => Ok(None),
                other => other.map(Some),
            }
        };
        match self.again(path, size, once).await {
            Ok(buffer) => Ok(buffer.map(|buffer| buffer.to_vec())),
            Err(error) => Err(self.failure(path, &error)),
        }
    }

    /// What lies at a path, read to the last byte. `None`: nothing.
    pub async fn digest(&self, path: &str, size: u64) -> Result<Option<Digest>, Failure> {
        // in one request, not in ranges: FTP servers end no transfer that is left in the middle, and say so to the next
        let read = || async {
            let mut parts = self.operator.reader(path).await?.into_stream(..).await?;
            let (mut hash, mut size) = (Sha256::new(), 0);
            while let Some(part) = poll_fn(|context| Pin::new(&mut parts).poll_next(context)).await {
                let part = part?;
                size += part.len() as u64;
                part.into_iter().for_each(|bytes| hash.update(&bytes));
            }
            Ok(Digest { size, sha256: hex(&hash.finalize()) })
        };
        if size <= PART as u64 {
            return Ok(self.read_sized(path, size).await?.map(|bytes| Digest::of(&bytes)));
        }
        match self.again(path, size, read).await {
            Ok(digest) => Ok(Some(digest)),
            Err(error) if is_nowhere(&error) => Ok(None),
            Err(error) => Err(self.failure(path, &error)),
        }
    }

    /// Sends a file and makes sure that what arrived is what was meant: by the MD5 that an object store answers, else by
    /// reading it back.
    pub async fn send(&self, from: &Path, path: &str, wanted: &Digest, headers: &Headers) -> Result<(), Failure> {
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
            (Some(etag), Some(md5)) if etag.trim_matches('"').eq_ignore_ascii_case(&md5) => Ok(()),
            _ => self.is_arrived(path, wanted).await,
        }
    }

    /// Held while a file of this size is in memory.
    async fn room(&self, size: u64) -> Option<SemaphorePermit<'_>> {
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
            _ => Err(self.io(path, io::Error::new(io::ErrorKind::InvalidData, "传到以后读回来，与传出的不一样"))),
        }
    }

    async fn write(&self, path: &str, bytes: Vec<u8>, headers: &Headers) -> Result<Option<String>, Failure> {
        let size = bytes.len() as u64;
        let bytes = Buffer::from(bytes);
        let once = || self.operator.write_options(path, bytes.clone(), self.options(headers));
        let written = self.again(path, size, once).await.map_err(|error| self.failure(path, &error))?;
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
        self.again(path, wanted.size, once).await.map_err(|error| self.failure(path, &error))?;
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

    /// A small file of publishing's own, whole or not at all.
    pub async fn replace_with(&self, path: &str, bytes: Vec<u8>, headers: &Headers) -> Result<(), Failure> {
        let wanted = Digest::of(&bytes);
        if !self.talents.renames {
            self.write(path, bytes, headers).await?;
            return self.is_arrived(path, &wanted).await;
        }
        let aside = format!("{path}.tmp");
        self.write(&aside, bytes, headers).await?;
        self.is_arrived(&aside, &wanted).await?;
        self.rename(&aside, path).await
    }

    /// A file that only its being there matters of.
    pub async fn sign(&self, path: &str, bytes: Vec<u8>) -> Result<(), Failure> {
        self.write(path, bytes, &Headers::default()).await.map(drop)
    }

    /// `wanted`: what is to be copied.
    pub async fn copy(&self, from: &str, to: &str, wanted: &Digest) -> Result<(), Failure> {
        if self.talents.copies {
            match self.again(to, wanted.size, || self.operator.copy(from, to)).await {
                Ok(_) => return Ok(()),
                Err(error) if !matches!(error.kind(), ErrorKind::Unsupported) => return Err(self.failure(from, &error)),
                Err(_) => {}
            }
        }
        let _room = self.room(wanted.size).await;
        let found = self.read_sized(from, wanted.size).await?;
        let Some(bytes) = found else { return Err(self.io(from, io::Error::from(io::ErrorKind::NotFound))) };
        if Digest::of(&bytes) != *wanted {
            return Err(self.io(from, io::Error::new(io::ErrorKind::InvalidData, "读出来的，与发布的不一样")));
        }
        self.write(to, bytes, &Headers::default()).await?;
        self.is_arrived(to, wanted).await
    }

    /// Moves a file to a place where another one may be. Where the server refuses that, the other one goes first.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), Failure> {
        let once = || async {
            match self.operator.rename(from, to).await {
                // a try whose answer was lost has done it already
                Err(error) if error.kind() == ErrorKind::NotFound && self.operator.exists(to).await? => Ok(()),
                Err(error) if !is_final(error.kind()) && !self.talents.replaces && self.operator.exists(to).await? => {
                    match self.operator.exists(from).await? {
                        true => {
                            self.operator.delete(to).await?;
                            self.operator.rename(from, to).await
                        }
                        false => Ok(()),
                    }
                }
                other => other,
            }
        };
        self.again(to, 0, once).await.map_err(|error| self.failure(to, &error))
    }

    /// Returns how many. One that is not there is no failure.
    pub async fn delete(&self, paths: Vec<String>) -> Result<usize, Failure> {
        let first = paths.first().map_or("", String::as_str);
        let once = || self.operator.delete_iter(paths.clone());
        match self.again(first, 0, once).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.failure(first, &error)),
            _ => Ok(paths.len()),
        }
    }

    pub async fn list(&self, folder: &str) -> Result<Vec<(String, Listed)>, Failure> {
        let folder = if folder.is_empty() { "/".to_owned() } else { format!("{folder}/") };
        let once = || async {
            // to list a folder that is not there some servers (and OpenDAL, of FTP) never come to an end
            if folder != "/" && !self.talents.is_object_store && !self.operator.exists(&folder).await? {
                return Ok(Vec::new());
            }
            self.operator.list_with(&folder).recursive(true).await
        };
        let found = match self.again(&folder, LISTING, once).await {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(self.failure(&folder, &error)),
        };
        let files = found.into_iter().filter(|entry| entry.metadata().is_file());
        let listed = files.map(|entry| {
            let (path, meta) = entry.into_parts();
            let time = || meta.last_modified().map(|time| time.to_string());
            let stamp = meta.etag().map(str::to_owned).or_else(time).unwrap_or_default();
            (path, Listed { size: meta.content_length(), stamp })
        });
        Ok(listed.collect())
    }

    fn failure(&self, path: &str, error: &opendal::Error) -> Failure {
        let words = match error.kind() {
            ErrorKind::NotFound => "找不到",
            ErrorKind::PermissionDenied => "没有权限：检查用户名、口令或密钥，和它们允许做的事",
            ErrorKind::RateLimited => "对方限制了请求的次数",
            ErrorKind::ConfigInvalid | ErrorKind::Unsupported => "做不了",
            _ => advice(&error.to_string()),
        };
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

/// What a server's words mean for who has to mend it; names of variables are to be put in.
fn advice(words: &str) -> &'static str {
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    match () {
        _ if has(&["401", "[530]", "[553] 553 action aborted, required param"]) => {
            "登录不了：检查用户名和口令，环境变量 {USER}、{PASSWORD}"
        }
        _ if has(&["NoSuchBucket"]) => "没有这个桶：检查 bucket，或先在服务商那里建立",
        _ if has(&["failed to connect to the remote host", "ssh error"]) => {
            "ssh 连接不上：先用 ssh 登录一次看看，主机要在 known_hosts 里，key 要是对方认得的"
        }
        _ if has(&["invalid uri"]) => "地址不对：检查 endpoint、bucket 和 path",
        _ => "网络或服务器出错",
    }
}

/// Whether there is no such file. Some FTP servers answer 551 where others say 550.
fn is_nowhere(error: &opendal::Error) -> bool {
    error.kind() == ErrorKind::NotFound || error.to_string().contains("[551]")
}

/// How long to wait before the next try: twice as long each time, and not all at the same moment.
fn pause(tried: usize, path: &str) -> Duration {
    let base = 200_u64 << tried.min(6);
    let spread = crate::model::Hash128::of(&(path, tried)).0[0];
    Duration::from_millis(base + base * u64::from(spread) / 512)
}

/// Whether another try would end in the same way.
fn is_final(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::ConfigInvalid
            | ErrorKind::Unsupported
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::AlreadyExists
            | ErrorKind::ConditionNotMatch
    )
}

fn place(service: &Service, base: &str) -> String {
    let top = match service.kind.is_object_store() {
        true => format!("{}://{}", service.kind.name(), service.bucket),
        false => service.endpoint.clone(),
    };
    if base.is_empty() { top } else { format!("{top}/{base}") }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
