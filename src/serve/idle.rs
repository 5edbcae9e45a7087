//! Connections on which nothing happens are closed: a request that is sent by halves would keep its place for ever, and
//! with `--share` anyone could take all places.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

/// So long nothing may come or go. Readers of events are sent something more often (`http::STILL`).
const LONGEST: Duration = Duration::from_secs(20);

/// Accepts connections with a limit.
pub struct Patient(pub TcpListener);

impl Listener for Patient {
    type Io = Idle;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Idle, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        (Idle { stream, limit: Box::pin(sleep(LONGEST)) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection that breaks off when nothing has come or gone for too long.
pub struct Idle {
    stream: TcpStream,
    limit: Pin<Box<Sleep>>,
}

impl Idle {
    fn stream(&mut self) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.stream)
    }

    /// Passes on what came of an attempt: with progress the time begins anew, without it may be over.
    fn judge<T>(&mut self, context: &mut Context, attempt: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if attempt.is_ready() {
            self.limit.as_mut().reset(Instant::now() + LONGEST);
            return attempt;
        }
        ready!(self.limit.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Idle {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context, room: &mut ReadBuf) -> Poll<io::Result<()>> {
        let attempt = self.stream().poll_read(context, room);
        self.judge(context, attempt)
    }
}

impl AsyncWrite for Idle {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = self.stream().poll_write(context, bytes);
        self.judge(context, attempt)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        self.stream().poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        self.stream().poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        pieces: &[io::IoSlice],
    ) -> Poll<io::Result<usize>> {
        let attempt = self.stream().poll_write_vectored(context, pieces);
        self.judge(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
