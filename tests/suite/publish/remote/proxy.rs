//! What may happen between a publisher and a server: a line that is cut, a line that is slow, a server that answers with
//! errors, one that says it has everything and has not.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A command, or whatever passes at once, and how long it is held back.
pub type Held = (fn(&str) -> bool, u64);

/// Passes bytes on until so many have gone through, in either direction; then every connection ends, and none is taken.
pub struct Line {
    pub port: u16,
    left: Arc<AtomicI64>,
    met: Arc<AtomicBool>,
    closed: Arc<AtomicBool>,
}

impl Line {
    /// `pause`: before each piece that is passed on.
    pub fn new(to: u16, bytes: i64, pause: Duration) -> Self {
        Self::of(to, bytes, pause, false, None)
    }

    /// Cut once, and good from then on.
    pub fn cut_once(to: u16, bytes: i64) -> Self {
        Self::of(to, bytes, Duration::ZERO, true, None)
    }

    /// Cut where these words would pass for the first time, and for good.
    pub fn cut_at(to: u16, words: &'static str) -> Self {
        Self::of(to, i64::MAX / 2, Duration::ZERO, false, Some(words))
    }

    /// Cut where they would pass for the first time, and good from then on.
    pub fn cut_once_at(to: u16, words: &'static str) -> Self {
        Self::of(to, i64::MAX / 2, Duration::ZERO, true, Some(words))
    }

    /// Never cut; what is like this is held back for so many milliseconds.
    pub fn holding(to: u16, held: &'static [Held]) -> Self {
        Self::made(to, i64::MAX / 2, Duration::ZERO, false, None, held)
    }

    fn of(to: u16, bytes: i64, pause: Duration, mends: bool, words: Option<&'static str>) -> Self {
        Self::made(to, bytes, pause, mends, words, &[])
    }

    fn made(
        to: u16,
        bytes: i64,
        pause: Duration,
        mends: bool,
        words: Option<&'static str>,
        held: &'static [Held],
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (left, closed) = (Arc::new(AtomicI64::new(bytes)), Arc::new(AtomicBool::new(false)));
        let (budget, is_closed) = (left.clone(), closed.clone());
        let met = Arc::new(AtomicBool::new(false));
        let words = words.map(|words| (words, met.clone()));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if is_closed.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, to)) else { continue };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let (budget, words) = (budget.clone(), words.clone());
                    thread::spawn(move || pass((from, to), &budget, pause, mends, words, held));
                }
            }
        });
        Self { port, left, met, closed }
    }

    /// Whether the words came at which it was to be cut.
    pub fn was_met(&self) -> bool {
        self.met.load(Ordering::SeqCst)
    }

    /// Whether the line was cut.
    pub fn was_cut(&self) -> bool {
        self.left.load(Ordering::SeqCst) <= 0
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn pass(
    (mut from, mut to): (TcpStream, TcpStream),
    left: &AtomicI64,
    pause: Duration,
    mends: bool,
    words: Option<(&str, Arc<AtomicBool>)>,
    held: &[Held],
) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let passes = |words: &str| String::from_utf8_lossy(&buffer[..count]).contains(words);
        if words.as_ref().is_some_and(|(words, met)| passes(words) && !met.swap(true, Ordering::SeqCst)) {
            left.store(0, Ordering::SeqCst);
        }
        let before = left.fetch_sub(count as i64, Ordering::SeqCst);
        let allowed = before.clamp(0, count as i64) as usize;
        if mends && allowed < count {
            left.store(i64::MAX / 2, Ordering::SeqCst);
        }
        let text = String::from_utf8_lossy(&buffer[..count]);
        let is_held = held.iter().find(|(is_like, _)| is_like(&text));
        thread::sleep(is_held.map_or(pause, |(_, millis)| Duration::from_millis(*millis)));
        if to.write_all(&buffer[..allowed]).is_err() || allowed < count {
            break;
        }
    }
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// What is done to a request instead of passing it on as it is.
#[derive(Clone, Copy, Debug)]
pub enum Trick {
    /// Answered with this status.
    Refuse(u16),
    /// Answered with an error that tells what was asked.
    Echo,
    /// Answered as if the server had copied a file.
    Copied,
    /// Every request of one file in three loses the last bytes of its body on the way.
    Truncate,
    /// Passed on after so many milliseconds, whether or not anybody waits for it still.
    Delay(u64),
    /// Passed on; the answer comes in ten pieces, each so many milliseconds after the one before.
    Dribble(u64),
    /// Passed on; and once more before the next request that writes to a path with these words.
    Again(&'static str),
    /// Answered with this status at once, and passed on after so many milliseconds.
    Late(u16, u64),
    /// Passed on; the answer, a listing, tells of this path too.
    AlsoTell(&'static str),
    /// Passed on twice, one after the other; the second answer is given.
    Twice,
    /// Answered with this status, this header and these words.
    Say(u16, &'static str, &'static str),
    /// Answered with a body of so many MiB.
    Flood(u16, u64),
    /// Led to another port of this machine, by another name.
    Lead(u16, u16),
    /// Passed on; what a listing says of paths with these words is left out of the answer.
    Unlist(&'static str),
    /// The server gets other bytes of the same size; its answer is that to the right ones.
    Replace,
}

/// An HTTP server in between that plays a trick on some of the requests.
pub struct Trickster {
    pub port: u16,
    closed: Arc<AtomicBool>,
    pub tricks: Arc<AtomicI64>,
    over: Arc<AtomicI64>,
}

impl Trickster {
    /// Whether a trick was played, and no request that was held back is still to be done.
    #[track_caller]
    pub fn is_over(&self) {
        let (tricks, over) = (self.tricks.load(Ordering::SeqCst), self.over.load(Ordering::SeqCst));
        assert!(tricks > 0, "no trick was played");
        assert_eq!(over, tricks, "requests are still on their way");
    }

    /// `which`: by its method and path, and how many requests came before.
    pub fn new(to: u16, trick: Trick, which: fn(&str, &str, i64) -> bool) -> Self {
        Self::some(to, trick, i64::MAX, which)
    }

    /// Plays it so many times, and no more.
    pub fn some(to: u16, trick: Trick, times: i64, which: fn(&str, &str, i64) -> bool) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (closed, tricks, count) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
        let over = Arc::new(AtomicI64::new(0));
        let kept = Arc::new(Mutex::new(Vec::new()));
        let (is_closed, played, done) = (closed.clone(), tricks.clone(), over.clone());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if is_closed.load(Ordering::SeqCst) {
                    break;
                }
                let (played, count, done, kept) = (played.clone(), count.clone(), done.clone(), kept.clone());
                thread::spawn(move || {
                    while one(&client, to, trick, which, (&played, times, &done), &count, &kept).is_some() {}
                });
            }
        });
        Self { port, closed, tricks, over }
    }
}

impl Drop for Trickster {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// One request and its answer, on a connection of its own to the server.
fn one(
    mut client: &TcpStream,
    to: u16,
    trick: Trick,
    which: fn(&str, &str, i64) -> bool,
    (played, times, over): (&AtomicI64, i64, &Arc<AtomicI64>),
    count: &AtomicI64,
    kept: &Mutex<Vec<(String, Vec<u8>)>>,
) -> Option<()> {
    let head = head(client)?;
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = header(&text, "content-length").unwrap_or(0);
    let mut body = vec![0; length];
    client.read_exact(&mut body).ok()?;
    let mut words = text.split(' ');
    let (method, path) = (words.next()?, words.next()?);
    let is_chosen = which(method, path, count.fetch_add(1, Ordering::SeqCst))
        && played.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n < times).then_some(n + 1)).is_ok();
    let (text, body) = match trick {
        Trick::Refuse(status) if is_chosen => {
            let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
            return client.write_all(answer.as_bytes()).ok();
        }
        Trick::Echo if is_chosen => {
            let sent =
                text.lines().find(|line| line.to_ascii_lowercase().starts_with("authorization")).unwrap_or_default();
            let answer = format!("HTTP/1.1 400 No\r\nContent-Length: {}\r\n\r\n{sent}", sent.len());
            return client.write_all(answer.as_bytes()).ok();
        }
        Trick::Copied if is_chosen => {
            let body = "<CopyObjectResult><ETag>\"x\"</ETag><LastModified>2026-01-01T00:00:00Z</LastModified></CopyObjectResult>";
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
            return client.write_all(answer.as_bytes()).ok();
        }
        Trick::Truncate if is_chosen && length > 40 => {
            body.truncate(length - 40);
            (replace_length(&text, length - 40), body)
        }
        Trick::Say(status, header, words) if is_chosen => {
            let answer = format!("HTTP/1.1 {status} So\r\n{header}Content-Length: {}\r\n\r\n{words}", words.len());
            return client.write_all(answer.as_bytes()).ok();
        }
        Trick::Lead(status, port) if is_chosen => {
            let location = format!("http://localhost:{port}{path}");
            let answer = format!("HTTP/1.1 {status} There\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
            return client.write_all(answer.as_bytes()).ok();
        }
        Trick::Flood(status, size) if is_chosen => {
            let length = size << 20;
            client.write_all(format!("HTTP/1.1 {status} Flood\r\nContent-Length: {length}\r\n\r\n").as_bytes()).ok()?;
            let piece = vec![b' '; 1 << 20];
            return (0..size).try_for_each(|_| client.write_all(&piece)).ok();
        }
        Trick::Delay(pause) if is_chosen => {
            thread::sleep(Duration::from_millis(pause));
            (text, body)
        }
        Trick::Late(status, pause) if is_chosen => {
            let over = over.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(pause));
                pass_on(&text, &body, to);
                over.fetch_add(1, Ordering::SeqCst);
            });
            let answer = format!("HTTP/1.1 {status} Gateway\r\nContent-Length: 0\r\n\r\n");
            return client.write_all(answer.as_bytes()).ok();
        }
        _ => (text, body),
    };
    match trick {
        Trick::Again(_) if is_chosen => kept.lock().unwrap().push((text.clone(), body.clone())),
        Trick::Again(words)
            if text.starts_with("PUT ") && text.lines().next().is_some_and(|line| line.contains(words)) =>
        {
            kept.lock().unwrap().drain(..).for_each(|(text, body)| _ = pass_on(&text, &body, to));
        }
        _ => {}
    }
    if matches!(trick, Trick::Twice) && is_chosen {
        pass_on(&text, &body, to)?;
    }
    let passed = pass_on(&text, &body, to);
    if is_chosen {
        over.fetch_add(1, Ordering::SeqCst);
    }
    let mut answer = passed?;
    match trick {
        Trick::AlsoTell(path) if is_chosen => answer = with(&answer, path),
        Trick::Replace if is_chosen && !body.is_empty() => {
            pass_on(&text, &[&body[1..], &body[..1]].concat(), to)?;
        }
        Trick::Unlist(words) if is_chosen => answer = without(&answer, words),
        _ => {}
    }
    if let (Trick::Dribble(pause), true) = (trick, is_chosen) {
        for piece in answer.chunks(answer.len() / 10 + 1) {
            thread::sleep(Duration::from_millis(pause));
            client.write_all(piece).ok()?;
        }
        let _ = client.shutdown(Shutdown::Both);
        return None;
    }
    client.write_all(&answer).ok()?;
    // the server has closed its end, and what it sent may say so
    let _ = client.shutdown(Shutdown::Both);
    None
}

/// The answer of the server, on a connection of its own.
fn pass_on(text: &str, body: &[u8], to: u16) -> Option<Vec<u8>> {
    // a machine that has much to do takes no connection for a moment
    let connect =
        || TcpStream::connect((Ipv4Addr::LOCALHOST, to)).inspect_err(|_| thread::sleep(Duration::from_millis(50)));
    let mut server = (0..5).find_map(|_| connect().ok())?;
    server.write_all(text.replacen("\r\n", "\r\nConnection: close\r\n", 1).as_bytes()).ok()?;
    server.write_all(body).ok()?;
    let mut answer = Vec::new();
    // that the line is torn down behind the answer takes nothing away from it
    let _ = server.read_to_end(&mut answer);
    (!answer.is_empty()).then_some(answer)
}

fn head(mut client: &TcpStream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    Some(head)
}

fn header(head: &str, name: &str) -> Option<usize> {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")))?;
    line.split_once(':')?.1.trim().parse().ok()
}

fn replace_length(head: &str, length: usize) -> String {
    let line = |line: &str| match line.to_ascii_lowercase().starts_with("content-length:") {
        true => format!("content-length: {length}"),
        false => line.to_owned(),
    };
    head.trim_end().lines().map(line).collect::<Vec<_>>().join("\r\n") + "\r\n\r\n"
}

/// A listing that says of one more path what it says of its last file.
fn with(answer: &[u8], path: &str) -> Vec<u8> {
    let Some((head, body)) = parts(answer) else { return answer.to_vec() };
    let (tag, name) = if body.contains("<Contents>") { ("Contents", "Key") } else { ("D:response", "D:href") };
    let is_file = |entry: &&str| entry.contains(&format!("</{name}>")) && !entry.contains("<D:collection");
    let Some(last) = body.split(&format!("<{tag}>")).filter(is_file).last() else { return answer.to_vec() };
    let entry = last.split(&format!("</{tag}>")).next().unwrap_or_default();
    let (before, after) = (entry.split(&format!("<{name}>")).next(), entry.split(&format!("</{name}>")).nth(1));
    let more = format!("<{tag}>{}<{name}>{path}</{name}>{}</{tag}>", before.unwrap_or(""), after.unwrap_or(""));
    let end = body.rfind("</").unwrap_or(body.len());
    whole(&head, &format!("{}{more}{}", &body[..end], &body[end..]))
}

/// Head and body of an answer.
fn parts(answer: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let is_in_pieces = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Some((head.to_owned(), if is_in_pieces { joined(body) } else { body.to_owned() }))
}

/// An answer with another body.
fn whole(head: &str, body: &str) -> Vec<u8> {
    let of_length = ["content-length:", "transfer-encoding:"];
    let is_other = |line: &&str| !of_length.iter().any(|name| line.to_ascii_lowercase().starts_with(name));
    let head: Vec<&str> = head.lines().filter(is_other).collect();
    format!("{}\r\nContent-Length: {}\r\n\r\n{body}", head.join("\r\n"), body.len()).into_bytes()
}

/// A listing without what it says of paths that hold these words.
fn without(answer: &[u8], words: &str) -> Vec<u8> {
    let Some((head, body)) = parts(answer) else { return answer.to_vec() };
    let mut kept = String::new();
    let mut rest = body.as_str();
    while let Some((at, tag)) =
        ["Contents", "D:response"].iter().filter_map(|tag| Some((rest.find(&format!("<{tag}"))?, tag))).min()
    {
        let close = format!("</{tag}>");
        let end = rest[at..].find(&close).map_or(rest.len(), |end| at + end + close.len());
        kept += &rest[..at];
        let entry = &rest[at..end];
        kept += if entry.contains(words) { "" } else { entry };
        rest = &rest[end..];
    }
    kept += rest;
    whole(&head, &kept)
}

/// What comes in pieces, as one. All of it is ASCII, but for names, which are not cut.
fn joined(mut body: &str) -> String {
    let mut whole = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || !rest.is_char_boundary(size) {
            break;
        }
        whole += &rest[..size];
        body = rest[size..].trim_start_matches("\r\n");
    }
    whole
}
