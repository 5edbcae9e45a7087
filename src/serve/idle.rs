//! Connections may not be held for ever, nor be too many: a request that is sent by halves, or a byte at a time, would keep
//! its place, and with `--share` anyone could take all places.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// So long nothing may come or go, and so long a request may take to come. Readers of events are sent something more often
/// (`http::STILL`).
const LONGEST: Duration = Duration::from_secs(20);
/// Connections at one time: half the files that a process may have open on most systems, twice the readers of events.
const MOST: usize = 512;

/// Accepts connections with a limit.
pub struct Patient {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Patient {
    pub fn new(listener: TcpListener) -> Self {
        Self { listener, places: Arc::new(Semaphore::new(MOST)) }
    }
}

impl Listener for Patient {
    type Io = Idle;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Idle, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            // who comes when all places are taken is let go at once
            if let Ok(place) = self.places.clone().try_acquire_owned() {
                return (Idle { stream, limit: Box::pin(sleep(LONGEST)), is_asking: false, _place: place }, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection that breaks off when nothing has come or gone for too long.
pub struct Idle {
    stream: TcpStream,
    limit: Pin<Box<Sleep>>,
    /// Something has come since the last answer. What comes after it wins no more time: requests here are but a head.
    is_asking: bool,
    /// Given up with the connection.
    _place: OwnedSemaphorePermit,
}

impl Idle {
    fn stream(&mut self) -> Pin<&mut TcpStream> {
        Pin::new(&mut self.stream)
    }

    /// Passes on what came of an attempt: something new lets the time begin anew, without it may be over.
    fn judge<T>(
        &mut self,
        context: &mut Context,
        attempt: Poll<io::Result<T>>,
        is_asking: bool,
    ) -> Poll<io::Result<T>> {
        if attempt.is_ready() {
            if !(is_asking && self.is_asking) {
                self.limit.as_mut().reset(Instant::now() + LONGEST);
            }
            self.is_asking = is_asking;
            return attempt;
        }
        ready!(self.limit.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Idle {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context, room: &mut ReadBuf) -> Poll<io::Result<()>> {
        let attempt = self.stream().poll_read(context, room);
        self.judge(context, attempt, true)
    }
}

impl AsyncWrite for Idle {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let attempt = self.stream().poll_write(context, bytes);
        self.judge(context, attempt, false)
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
        self.judge(context, attempt, false)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
