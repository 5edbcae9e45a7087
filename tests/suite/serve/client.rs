//! A preview under test, and a browser as plain as can be.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gongkai::pipeline::Options;
use gongkai::serve::{Notice, Server, Setup};

use crate::site_test::SiteTest;

/// Longest wait for what must come.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Shortest wait for what must not come.
pub const MOMENT: Duration = Duration::from_millis(400);

/// A site that is being previewed.
pub struct Preview {
    pub site: SiteTest,
    pub server: Server,
    /// What was told, a line for each.
    pub told: Arc<Mutex<Vec<String>>>,
}

/// What a preview of a site is asked to be.
pub fn setup(site: &SiteTest) -> Setup {
    let root = site.root().canonicalize().unwrap();
    Setup {
        options: Options { root, preview: true, ..site.options.clone() },
        today: None,
        listen: None,
        port: Some(0),
        share: false,
        hosts: Vec::new(),
        poll: false,
    }
}

impl Preview {
    /// Ready, whatever came of the first look.
    pub fn of(site: SiteTest) -> Self {
        let setup = setup(&site);
        Self::with(site, setup)
    }

    pub fn with(site: SiteTest, setup: Setup) -> Self {
        Self::and(site, setup, |_| {})
    }

    /// `then` is called with each line that is told.
    pub fn and(site: SiteTest, setup: Setup, then: impl Fn(&str) + Send + 'static) -> Self {
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = told.clone();
        let tell = move |notice: Notice| {
            let line = match notice {
                Notice::Polls(why) => format!("polls: {why}"),
                Notice::Remark(words) => format!("remark: {words}"),
                Notice::Rebuilt(rebuilt) => format!(
                    "rebuilt: {} documents, {} errors, {} warnings{}",
                    rebuilt.documents,
                    rebuilt.errors,
                    rebuilt.warnings,
                    rebuilt.trouble.map(|trouble| format!(", {trouble}")).unwrap_or_default()
                ),
            };
            log.lock().unwrap().push(line.clone());
            then(&line);
        };
        let server = Server::start(setup, Box::new(tell)).expect("a preview");
        let preview = Self { site, server, told };
        preview.until("the first look", || preview.server.turn() > 0);
        preview
    }

    pub fn address(&self) -> SocketAddr {
        let address = self.server.address();
        match address.ip().is_unspecified() {
            true => SocketAddr::from(([127, 0, 0, 1], address.port())),
            false => address,
        }
    }

    pub fn port(&self) -> u16 {
        self.server.address().port()
    }

    pub fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }

    #[track_caller]
    pub fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < PATIENCE, "{what} does not come; told: {:#?}", self.told());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// A visit as a browser makes it.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port()))
    }

    /// The same with further headers, each with its line break.
    #[track_caller]
    pub fn get_with(&self, path: &str, headers: &str) -> Reply {
        let port = self.port();
        self.send(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\r\n"))
    }

    #[track_caller]
    pub fn send(&self, request: impl AsRef<[u8]>) -> Reply {
        send(self.address(), request.as_ref())
    }

    /// A text file or page.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let reply = self.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.text()
    }

    /// Opens a page and listens.
    #[track_caller]
    pub fn open(&self, path: &str) -> Reader {
        Reader::of(self.address(), self.get(path).text())
    }
}

/// An answer; status 0 if the connection was closed without one.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

#[track_caller]
pub fn send(address: SocketAddr, request: &[u8]) -> Reply {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // a refusal may come before all is sent
    let _ = stream.write_all(request);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = match end {
        Some(end) => (String::from_utf8_lossy(&bytes[..end]).into_owned(), bytes[end + 4..].to_vec()),
        None => (String::new(), bytes),
    };
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Reply { status, head, body }
}

/// Somebody who has a page open.
pub struct Reader {
    pub events: Receiver<(&'static str, Instant)>,
    stream: TcpStream,
}

/// The value of an attribute of the band.
pub fn attribute(html: &str, name: &str) -> String {
    let start = html.find(&format!(" {name}=\"")).unwrap_or_else(|| panic!("no {name} in {html}")) + name.len() + 3;
    html[start..].split('"').next().unwrap().to_owned()
}

pub fn events_path(html: &str) -> String {
    let [token, page, mark, digest] =
        ["data-token", "data-page", "data-mark", "data-digest"].map(|name| attribute(html, name).replace(' ', "%20"));
    format!("/.gongkai/events?token={token}&page={page}&mark={mark}&digest={digest}")
}

impl Reader {
    #[track_caller]
    pub fn of(address: SocketAddr, html: String) -> Self {
        Self::with(address, html, "")
    }

    /// With further headers, each with its line break.
    #[track_caller]
    pub fn with(address: SocketAddr, html: String, headers: &str) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        let path = events_path(&html);
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nReferer: http://{address}/\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        assert!(first.starts_with("HTTP/1.1 200"), "{first}");
        let (send, events) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                let event = match line.as_str() {
                    "event: reload" => "reload",
                    "event: findings" => "findings",
                    _ => continue,
                };
                if send.send((event, Instant::now())).is_err() {
                    return;
                }
            }
        });
        Self { events, stream }
    }

    /// The next event.
    #[track_caller]
    pub fn next(&self) -> &'static str {
        self.events.recv_timeout(PATIENCE).expect("an event").0
    }

    /// No event for a moment.
    #[track_caller]
    pub fn hears_nothing(&self) {
        match self.events.recv_timeout(MOMENT) {
            Err(RecvTimeoutError::Timeout) => {}
            other => panic!("heard {other:?}"),
        }
    }

    pub fn close(self) {
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}
