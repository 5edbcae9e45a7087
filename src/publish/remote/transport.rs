//! The way of HTTP: no request is led to another server, since keys would go with it; no answer is read without end, since
//! it would be kept in memory; and no listing goes on for ever without saying anything, or is waited for while nothing comes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use http_message::{Request, Response};
use opendal::raw::Operation;
use opendal::{Buffer, ErrorKind, HttpBody, HttpTransport, HttpTransporter, OperationContext};
use opendal_http_transport_reqwest::ReqwestTransport;
use tokio::time::{Sleep, sleep, timeout};

use super::words::silent;

/// Answers that are kept whole: a page of a listing (of WebDAV, a folder), and what a server says of a failure.
const PAGE: u64 = 512 << 20;
const WORDS: u64 = 1 << 20;

/// Pages of a listing, one after the other, that bring nothing.
const EMPTY_PAGES: u64 = 1000;

/// How a service is reached by HTTP. `pages` counts requests for pages of listings; whoever gets something of one begins
/// anew. `timeout`: how long a listing may bring nothing.
pub fn context(pages: Arc<AtomicU64>, timeout: Duration) -> Result<OperationContext, String> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
    let client = client.map_err(|error| error.to_string())?;
    let transport = Fenced { inner: ReqwestTransport::new(client), pages, timeout };
    Ok(OperationContext::new().with_http_transport(HttpTransporter::new(transport)))
}

struct Fenced {
    inner: ReqwestTransport,
    pages: Arc<AtomicU64>,
    timeout: Duration,
}

impl HttpTransport for Fenced {
    async fn fetch(&self, request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        let operation = request.extensions().get::<Operation>().copied();
        if operation == Some(Operation::List) && self.pages.fetch_add(1, Ordering::SeqCst) >= EMPTY_PAGES {
            return Err(refused(format!("服务器列文件没完没了，{EMPTY_PAGES} 页里什么也没有。请服务商检查")));
        }
        // OpenDAL hands over nothing of a listing before a page of it is whole. Whoever reads a file looks to it himself, and
        // what changes something may take its time
        let silence = matches!(operation, Some(Operation::List | Operation::Stat)).then_some(self.timeout);
        let answer = match silence {
            Some(limit) => timeout(limit, self.inner.fetch(request)).await.map_err(|_| silent(limit))??,
            None => self.inner.fetch(request).await?,
        };
        let status = answer.status();
        let location = answer.headers().get("location").filter(|_| status.is_redirection());
        if let Some(location) = location {
            let host = host(&String::from_utf8_lossy(location.as_bytes()));
            let words = "口令、密钥不给别处，没有照办。检查 endpoint、path；地址真的变了的，在 site.toml 里写新的";
            return Err(refused(format!("服务器（{}）要把请求转到 {host}：{words}", status.as_u16())));
        }
        let most = match operation {
            // whoever reads a file knows how large it may be
            Some(Operation::Read) if status.is_success() => return Ok(answer),
            _ if status.is_success() => PAGE,
            _ => WORDS,
        };
        let (parts, body) = answer.into_parts();
        let silence = silence.map(Silence::new);
        Ok(Response::from_parts(
            parts,
            body.map_inner(|stream| Box::new(Limited { stream, left: most, most, silence })),
        ))
    }
}

/// Of an address what may be shown: names and passwords may be in the rest.
fn host(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            format!("{scheme}://{}", host.rsplit('@').next().unwrap_or_default())
        }
        None => "同一台服务器的另一个地址".into(),
    }
}

fn refused(words: String) -> opendal::Error {
    opendal::Error::new(ErrorKind::ConfigInvalid, words)
}

/// How long nothing has come.
struct Silence {
    limit: Duration,
    end: Pin<Box<Sleep>>,
}

impl Silence {
    fn new(limit: Duration) -> Self {
        Self { limit, end: Box::pin(sleep(limit)) }
    }

    fn begin_anew(&mut self) {
        self.end.set(sleep(self.limit));
    }

    fn is_too_long(&mut self, context: &mut Context<'_>) -> bool {
        self.end.as_mut().poll(context).is_ready()
    }
}

/// What comes of an answer, as long as it is not too much, and something comes.
struct Limited<S> {
    stream: S,
    left: u64,
    most: u64,
    silence: Option<Silence>,
}

impl<S: Stream<Item = opendal::Result<Buffer>> + Unpin> Stream for Limited<S> {
    type Item = opendal::Result<Buffer>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let next = Pin::new(&mut this.stream).poll_next(context);
        if let Some(silence) = &mut this.silence {
            match next.is_pending() {
                true if silence.is_too_long(context) => return Poll::Ready(Some(Err(silent(silence.limit)))),
                true => {}
                false => silence.begin_anew(),
            }
        }
        let Poll::Ready(Some(Ok(piece))) = &next else { return next };
        match this.left.checked_sub(piece.len() as u64) {
            Some(left) => {
                this.left = left;
                next
            }
            None => {
                let words = format!("服务器的回答超过 {} MB，没有读完。请服务商检查", this.most >> 20);
                Poll::Ready(Some(Err(refused(words))))
            }
        }
    }
}
