//! `gongkai serve`: the site as it would be, on this machine alone, while it is being written. In comes a site's folder,
//! out go pages over HTTP; nothing is written but what is remembered.
//!
//! A page is rendered when it is asked for, from the last good plan. A change runs the same pipeline with the same memory
//! (`rebuild`), and whoever has a page open whose fingerprint is another now is told to load it again (`live`).
//!
//! | module | does |
//! |---|---|
//! | `watch` | the system's events → what may have changed, once for a burst |
//! | `mounts` | file systems that tell of no changes |
//! | `rebuild` | the thread that runs the pipeline |
//! | `live` | what is known now, and who is reading |
//! | `guard` | which requests are answered at all |
//! | `answer` | what a request gets |
//! | `views` | what the band, the panel and the preview's own pages show |
//! | `near` | addresses that may have been meant where there is no page |
//! | `files` | what browsers are told a file is |
//! | `http` | the socket |
//! | `idle` | connections that may not be held for ever |

mod answer;
mod files;
mod guard;
mod http;
mod idle;
mod live;
mod mounts;
mod near;
mod rebuild;
mod views;
mod watch;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::diag::Diagnostic;
use crate::model::Moment;
use crate::pipeline::Options;
use answer::Desk;
use guard::Rules;
use live::Live;
use rebuild::Worker;
use watch::Signal;

pub use mounts::of_table as silent_mount;
pub use std::net::IpAddr;

/// After 371322, the code of Tancheng county.
pub const PORT: u16 = 3713;
/// Ports that are tried when the usual one is taken.
const PORTS: u16 = 20;

/// What a preview is asked to be.
pub struct Setup {
    /// `root` without links.
    pub options: Options,
    /// Gives "today" anew for each rebuild; `None`: it stays what the options say.
    pub today: Option<fn() -> Moment>,
    /// Where to listen; `None`: this machine alone, or with `share` everywhere.
    pub listen: Option<IpAddr>,
    /// `None`: the usual one, or the next that is free. `Some(0)`: any.
    pub port: Option<u16>,
    /// Whether other machines may ask, who know the secret.
    pub share: bool,
    /// Further names that requests may use for this machine.
    pub hosts: Vec<String>,
    /// Looks by itself instead of waiting for the system to tell.
    pub poll: bool,
}

/// What there is to tell while it runs.
pub enum Notice<'a> {
    /// Looks by itself from now on; why.
    Polls(&'a str),
    Rebuilt(Rebuilt<'a>),
    /// What the memory had to say.
    Remark(&'a str),
}

/// What a rebuild came to.
pub struct Rebuilt<'a> {
    /// Counts them.
    pub turn: u64,
    pub documents: usize,
    pub errors: usize,
    pub warnings: usize,
    pub took: Duration,
    /// If they are others than before.
    pub findings: Option<&'a [Diagnostic]>,
    /// Why it could not run at all.
    pub trouble: Option<&'a str>,
    /// Whether there is a site of what the files are now.
    pub is_current: bool,
}

/// Is told what there is to tell.
pub type Teller = Box<dyn Fn(Notice) + Send>;

/// Why a preview does not begin.
#[derive(Debug)]
pub enum Failure {
    /// An address that other machines can ask, without `share`.
    NotPrivate(IpAddr),
    PortTaken(SocketAddr),
    Io(io::Error),
}

/// A preview that runs, until it is dropped.
pub struct Server {
    address: SocketAddr,
    /// Whether the usual port was taken.
    pub is_other_port: bool,
    secret: Option<String>,
    live: Arc<Live>,
    signals: Sender<Signal>,
    worker: Option<JoinHandle<()>>,
    http: Option<http::Running>,
}

impl Server {
    /// Begins to listen, and then to read the site.
    pub fn start(setup: Setup, tell: Teller) -> Result<Self, Failure> {
        let default = if setup.share { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let ip = setup.listen.unwrap_or(IpAddr::V4(default));
        if !ip.is_loopback() && !setup.share {
            return Err(Failure::NotPrivate(ip));
        }
        let (listener, is_other_port) = bind(ip, setup.port)?;
        let address = listener.local_addr().map_err(Failure::Io)?;
        let secret = setup.share.then(self::secret);
        let names = setup.hosts.iter().map(|name| name.to_ascii_lowercase()).collect();
        let rules = Rules { port: address.port(), names, secret: secret.clone() };
        let live = Arc::new(Live::new(setup.options.root.clone()));
        let desk = Desk::new(live.clone(), rules, self::secret());
        let http = http::run(listener, Arc::new(desk)).map_err(Failure::Io)?;
        let (signals, received) = mpsc::channel();
        let worker = Worker::new(live.clone(), &setup, tell);
        let sender = signals.clone();
        let run = move || worker.run(received, sender);
        let worker = std::thread::Builder::new().name("rebuild".into()).spawn(run).map_err(Failure::Io)?;
        Ok(Self { address, is_other_port, secret, live, signals, worker: Some(worker), http: Some(http) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to open here, and with `share` that for others.
    pub fn urls(&self) -> (String, Option<String>) {
        let token = self.secret.as_ref().map(|secret| format!("?token={secret}")).unwrap_or_default();
        let port = self.address.port();
        let is_everywhere = self.address.ip().is_unspecified();
        let here = if is_everywhere { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { self.address.ip() };
        let url = |ip| format!("http://{}/{token}", SocketAddr::new(ip, port));
        let others = self.secret.is_some().then(|| if is_everywhere { outward() } else { Some(self.address.ip()) });
        (url(here), others.flatten().map(url))
    }

    /// Rebuilds so far.
    pub fn turn(&self) -> u64 {
        self.live.now().turn
    }

    /// Pages that are open and told of changes.
    pub fn readers(&self) -> usize {
        self.live.readers()
    }

    /// Until Ctrl-C.
    pub fn wait(&self) {
        if let Some(http) = &self.http {
            http.until_interrupted();
        }
    }
}

impl Server {
    /// Ends it, as the process ends. A rebuild that is on its way has a moment to come to its end; it does no harm if not.
    pub fn end(mut self) {
        self.hush();
        for _ in 0..20 {
            if self.worker.as_ref().is_none_or(JoinHandle::is_finished) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.worker = None;
    }

    fn hush(&mut self) {
        let _ = self.signals.send(Signal::Stop);
        if let Some(http) = self.http.take() {
            http.end();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.hush();
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// The port that was asked for, or the first free one from the usual one on; whether that is another.
fn bind(ip: IpAddr, port: Option<u16>) -> Result<(TcpListener, bool), Failure> {
    let first = SocketAddr::new(ip, port.unwrap_or(PORT));
    let ports = if port.is_some() { 1 } else { PORTS };
    for at in 0..ports {
        let address = SocketAddr::new(ip, first.port() + at);
        match TcpListener::bind(address) {
            Ok(listener) => return Ok((listener, at > 0)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => return Err(Failure::Io(error)),
        }
    }
    Err(Failure::PortTaken(first))
}

/// The address by which other machines know this one. Nothing is sent: the system is only asked which way it would go.
fn outward() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

/// 128 bits that nobody can guess, as hex digits. The home of `getrandom`. Panics if the system has no randomness: then
/// nothing here would be private.
fn secret() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
