//! The command itself: what a clerk reads in the terminal, ports, Ctrl-C, and `kill -9`.

use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::client::{PATIENCE, Reader, send};
use crate::site_test::{SiteTest, channel, doc};

/// The program; `GONGKAI_BINARY` names another one, to measure a release without building the tests for it.
pub fn program() -> Command {
    Command::new(std::env::var_os("GONGKAI_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_gongkai").into()))
}

/// A running `gongkai serve`, killed when it is dropped.
pub struct Process {
    pub child: Child,
    /// Of both streams, as they came; which of two streams comes first nobody can know.
    lines: Arc<Mutex<Vec<String>>>,
}

impl Process {
    pub fn start(site: &SiteTest, arguments: &[&str]) -> Self {
        Self::by(program(), site, arguments)
    }

    /// `command` ends with the program.
    pub fn by(mut command: Command, site: &SiteTest, arguments: &[&str]) -> Self {
        let mut child = command
            .args(["serve", "--as-of", "2026-01-01", "-r"])
            .arg(site.root())
            .args(arguments)
            .env("NO_COLOR", "1")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let streams: [Box<dyn Read + Send>; 2] = [Box::new(out), Box::new(err)];
        for stream in streams {
            let lines = lines.clone();
            std::thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).for_each(|line| lines.lock().unwrap().push(line))
            });
        }
        Self { child, lines }
    }

    pub fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    /// A line that holds the text.
    #[track_caller]
    pub fn line(&self, text: &str) -> String {
        let began = Instant::now();
        loop {
            let lines = self.lines();
            if let Some(line) = lines.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(began.elapsed() < PATIENCE, "no {text:?} among {lines:#?}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Where it listens; ready to answer.
    #[track_caller]
    pub fn address(&self) -> SocketAddr {
        self.line("用时");
        self.port()
    }

    /// Where it listens, ready or not.
    #[track_caller]
    pub fn port(&self) -> SocketAddr {
        let line = self.line("预览：http://");
        line.split("http://").nth(1).unwrap().trim_end_matches('/').parse().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn site() -> SiteTest {
    SiteTest::new().file("content/z/_index.md", channel("栏目", "")).file("content/z/a.md", doc("甲", "2014-12-04", ""))
}

fn get(address: SocketAddr, path: &str) -> String {
    send(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).text()
}

#[test]
fn the_terminal_tells_what_happens_in_chinese() {
    let site = site();
    let process = Process::start(&site, &["--port", "0"]);
    let address = process.address();
    assert!(get(address, "/z/a.html").contains("甲的正文。"));
    site.edit("content/z/a.md", "title: 甲", "titel: 甲");
    process.line("error[G011]: 未知字段“titel”");
    process.line("文件 1，错误 2，警告 0，用时");
    assert!(process.line("错误 2").ends_with("；网页保持上一次正确的样子"));
    // what has been said is not said again
    site.put("content/z/b.md", doc("乙", "2014-12-05", ""));
    process.line("文件 2，错误 2，警告 0，用时");
    site.edit("content/z/a.md", "titel: 甲", "title: 甲");
    assert!(process.line("文件 2，错误 0，警告 0，用时").ends_with(" 秒"));
    let told = process.lines().iter().filter(|line| line.contains("error[G011]")).count();
    assert_eq!(told, 1, "{:#?}", process.lines());
}

#[test]
fn a_port_that_is_taken_is_told() {
    let site = site();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["serve", "--port", &port, "-r"])
        .arg(site.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&format!("端口 {port} 已被占用")), "{said}");
    // the usual one may be taken by whoever runs these tests; then the next is used, and said
    let _usual = TcpListener::bind(("127.0.0.1", gongkai::serve::PORT));
    let process = Process::start(&site, &[]);
    process.line(&format!("端口 {} 已被占用，改用", gongkai::serve::PORT));
    assert_ne!(process.address().port(), gongkai::serve::PORT);
}

#[test]
fn other_machines_are_kept_out_unless_asked_in() {
    let site = site();
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(["serve", "--listen", "0.0.0.0", "-r"])
        .arg(site.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--share"));
    let process = Process::start(&site, &["--share", "--port", "0"]);
    assert!(process.line("预览：").contains("/?token="));
    process.line("都能看到草稿");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_well() {
    let site = site();
    let mut process = Process::start(&site, &["--port", "0"]);
    let address = process.address();
    // somebody who is listening holds nothing up
    let _reader = Reader::of(address, get(address, "/z/a.html"));
    assert!(Command::new("kill").args(["-INT", &process.child.id().to_string()]).status().unwrap().success());
    process.line("预览结束");
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
}

#[test]
fn after_a_kill_the_next_preview_and_build_are_as_ever() {
    let site = site();
    for n in 0..300 {
        site.put(&format!("content/z/f{n}.md"), doc(&format!("文{n}"), "2014-12-04", ""));
    }
    for round in 0..6_u64 {
        let process = Process::start(&site, &["--port", "0"]);
        if round % 2 == 0 {
            let address = process.address();
            let text = format!("第{round}轮");
            for n in 0..200 {
                site.put(
                    &format!("content/z/f{n}.md"),
                    doc(&format!("文{n}"), "2014-12-04", "").replace("的正文", &text),
                );
            }
            // in the midst of noticing, rebuilding, remembering
            std::thread::sleep(std::time::Duration::from_millis(20 + 45 * round));
            assert!(get(address, "/z/f250.html").contains("文250"));
        } else {
            std::thread::sleep(std::time::Duration::from_millis(15 * round));
        }
        drop(process);
    }
    let process = Process::start(&site, &["--port", "0"]);
    assert!(get(process.address(), "/z/f7.html").contains("第4轮"));
    drop(process);
    let tree = site.build().clean().tree;
    crate::site_test::assert_same(&tree, &site.clean_tree());
}
