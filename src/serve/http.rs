//! The socket. With `idle` the home of `axum`, `tokio` and `futures-core`: heads of requests are taken apart here, answers put on the
//! wire; what is said to whom is decided elsewhere.

use std::convert::Infallible;
use std::io::{self, Read};
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body as Sent, Bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::answer::{Answer, Body, Desk};
use super::files::Opened;
use super::guard::Asked;
use super::idle::Patient;
use super::live::Seat;
use super::secret;

/// So often readers are shown that the preview is there.
const STILL: Duration = Duration::from_secs(15);
/// A piece of a file on its way.
const PIECE: usize = 64 * 1024;

/// Begins to answer.
pub fn run(listener: TcpListener, desk: Arc<Desk>) -> io::Result<Running> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().thread_name("serve").build()?;
    listener.set_nonblocking(true)?;
    let live = desk.live.clone();
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let app = Router::new().fallback(move |request: Request| respond(desk.clone(), request));
    runtime.spawn(async move { axum::serve(Patient::new(listener), app).await });
    runtime.spawn(async move {
        let mut beat = tokio::time::interval(STILL);
        loop {
            beat.tick().await;
            live.still();
        }
    });
    Ok(Running(runtime))
}

/// What answers on its own threads.
pub struct Running(Runtime);

impl Running {
    /// Until Ctrl-C.
    pub fn until_interrupted(&self) {
        // where there are no signals the preview ends with its process
        if self.0.block_on(tokio::signal::ctrl_c()).is_err() {
            self.0.block_on(std::future::pending())
        }
    }

    /// Does not wait for those who are being answered.
    pub fn end(self) {
        self.0.shutdown_background();
    }
}

async fn respond(desk: Arc<Desk>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let asked = asked(&parts);
    let nonce = secret();
    let of_answer = nonce.clone();
    // pages are rendered here, and one that makes the program fail fails alone
    let answer = tokio::task::spawn_blocking(move || desk.answer(&asked, &of_answer)).await;
    match answer {
        Ok(answer) => put(answer, &nonce, parts.method == Method::HEAD),
        Err(_) => {
            let mut response = Response::new(Sent::from("程序出错，这是 gongkai 的缺陷；预览继续。\n"));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            guard(&mut response, "text/plain; charset=utf-8", &nonce);
            response
        }
    }
}

fn asked(parts: &Parts) -> Asked {
    let all = |name: HeaderName| -> Vec<String> {
        let values = parts.headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect()
    };
    Asked {
        method: parts.method.as_str().to_owned(),
        authority: parts.uri.authority().map(|authority| authority.as_str().to_owned()),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        hosts: all(header::HOST),
        origins: all(header::ORIGIN),
        sites: all(HeaderName::from_static("sec-fetch-site")),
        referer: all(header::REFERER).into_iter().next(),
        cookies: all(header::COOKIE),
    }
}

fn put(answer: Answer, nonce: &str, is_head: bool) -> Response {
    let Answer { status, manner, headers, body } = answer;
    let (length, sent) = match body {
        Body::Nothing => (None, Sent::empty()),
        Body::Bytes(bytes) => (Some(bytes.len() as u64), if is_head { Sent::empty() } else { Sent::from(bytes) }),
        Body::File(_, size) if is_head => (Some(size), Sent::empty()),
        Body::File(file, size) => (Some(size), Sent::from_stream(pieces(file, size))),
        Body::Events(seat) => (None, Sent::from_stream(Events(seat))),
    };
    let mut response = Response::new(sent);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    guard(&mut response, manner.kind, nonce);
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    if let Some(length) = length {
        set(header::CONTENT_LENGTH, &length.to_string());
    }
    if let Some(disposition) = &manner.disposition {
        set(header::CONTENT_DISPOSITION, disposition);
    }
    for (name, value) in &headers {
        set(HeaderName::from_static(name), value);
    }
    response
}

/// What every answer says: it is for this browser alone, it is what it says it is, and nothing but the site's own files may
/// run in it. The policy is that of published pages, with the nonce for the preview's script; `upgrade-insecure-requests`
/// has no place where there is no TLS.
fn guard(response: &mut Response, kind: &'static str, nonce: &str) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    );
    let fixed = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    let headers = response.headers_mut();
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// A file's bytes, read as fast as they are taken.
fn pieces(mut file: Opened, size: u64) -> Pieces {
    let (send, receive) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut left = size;
        while left > 0 {
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            let read = match file.read(&mut piece) {
                // it is shorter than it was: the connection breaks off, so that nobody takes it for whole
                Ok(0) => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
                read => read,
            };
            let piece = read.map(|read| {
                piece.truncate(read);
                left -= read as u64;
                Bytes::from(piece)
            });
            let is_over = piece.is_err();
            if send.blocking_send(piece).is_err() || is_over {
                return;
            }
        }
    });
    Pieces(receive)
}

struct Pieces(mpsc::Receiver<io::Result<Bytes>>);

impl futures_core::Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// What a reader is told; the seat is given up with the connection.
struct Events(Seat);

impl futures_core::Stream for Events {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<Self::Item>> {
        self.0.received.poll_recv(context).map(|event| event.map(|event| Ok(Bytes::from_static(event.as_bytes()))))
    }
}
