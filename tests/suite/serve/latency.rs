//! How long it takes from a save to the event in the browser, measured under a running `gongkai serve`. Not part of the
//! normal run:
//!
//! ```sh
//! GONGKAI_LATENCY=10000 cargo test --release --test suite serve::latency -- --nocapture
//! ```
//!
//! The number is that of the documents; `GONGKAI_CORPUS` names a site to measure instead, of which a copy is made. Printed
//! are the milliseconds after the 40 of the window in which a change may go on, and the most memory that the preview held.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::client::{PATIENCE, Reader, send};
use super::process::{Process, program};
use crate::site_test::{SiteTest, channel};

const EDITS: usize = 100;
const WINDOW: Duration = Duration::from_millis(40);
const CHANNELS: usize = 40;

/// So many documents in forty channels, each of some three hundred words, with the fields that the catalogue is made from.
fn generate(count: usize) -> SiteTest {
    let site = SiteTest::new();
    for at in 0..CHANNELS {
        site.put(&format!("content/p{}/_index.md", at / 8), channel(&format!("频道{}", at / 8), ""));
        site.put(&format!("content/p{}/c{at}/_index.md", at / 8), channel(&format!("栏目{at}"), ""));
    }
    let subjects = ["综合政务", "财政、金融、审计", "国土资源、能源", "卫生、体育", "城乡建设、环境保护"];
    for n in 0..count {
        let at = n % CHANNELS;
        let (year, month, day) = (2008 + n % 18, 1 + n / 7 % 12, 1 + n / 3 % 28);
        let front = format!(
            "title: 关于第{n}号事项的通知\nindex_no: a/{year}-{n:07}\nissuer: 县第{}局\npublished: {year}-{month:02}-{day:02}\nsubject: {}\ngenre: 通知\nsummary: 第{n}号事项的摘要",
            n % 40,
            subjects[n % subjects.len()]
        );
        let body =
            format!("各乡镇人民政府，县政府各部门：\n\n{}\n", "现将有关事项通知如下，请认真贯彻执行。".repeat(30));
        site.put(&format!("content/p{}/c{at}/{year}/f{n}.md", at / 8), format!("---\n{front}\n---\n\n{body}"));
    }
    site
}

/// A copy of the site, which edits may change.
fn copied(from: &str) -> SiteTest {
    let site = SiteTest::empty();
    let status = Command::new("cp").args(["-a", &format!("{from}/."), &site.root().display().to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()), "{from}");
    site
}

/// Documents to edit, spread over the site, each with its address.
fn some(site: &SiteTest, process: &Process, count: usize) -> Vec<(PathBuf, String)> {
    let output =
        program().args(["list", "--as-of", "2026-01-01", "--format", "json", "-r"]).arg(site.root()).output().unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!("{}\n{:#?}", String::from_utf8_lossy(&output.stderr), process.lines());
    });
    let public: Vec<_> = rows.iter().filter(|row| row["status"] == "public").collect();
    let step = (public.len() / count).max(1);
    let path = |row: &&serde_json::Value| {
        (site.path(row["source"].as_str().unwrap()), gongkai::model::path::encode(row["url"].as_str().unwrap()))
    };
    public.iter().step_by(step).take(count).map(path).collect()
}

fn print(kind: &str, mut times: Vec<Duration>) {
    times.sort();
    let after = |share: f64| {
        let time = times[((times.len() - 1) as f64 * share).round() as usize];
        time.saturating_sub(WINDOW).as_secs_f64() * 1000.0
    };
    let (count, p50, p95, most) = (times.len(), after(0.5), after(0.95), after(1.0));
    println!("{kind:<8} {count} edits, ms after the window of 40: p50 {p50:.1}, p95 {p95:.1}, most {most:.1}");
}

#[test]
fn measured() {
    let Some(count) = env::var("GONGKAI_LATENCY").ok().and_then(|count| count.parse().ok()) else {
        println!("not measured: GONGKAI_LATENCY is not set");
        return;
    };
    let site = env::var("GONGKAI_CORPUS").map_or_else(|_| generate(count), |corpus| copied(&corpus));
    let began = Instant::now();
    let process = Process::start(&site, &["--port", "0", "--quiet"]);
    let address = process.port();
    let get = |path: &str| {
        send(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes())
    };
    while get("/").status != 200 {
        assert!(began.elapsed() < 20 * PATIENCE, "{:#?}", process.lines());
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("first site after {:.2} s", began.elapsed().as_secs_f64());
    let docs = some(&site, &process, EDITS);
    let measure = |edit: &dyn Fn(&str, usize) -> String| -> Vec<Duration> {
        let mut times = Vec::new();
        for (at, (path, url)) in docs.iter().enumerate() {
            let reader = Reader::of(address, get(url).text());
            // nobody waits for the connection in an editor
            std::thread::sleep(Duration::from_millis(20));
            let text = edit(&fs::read_to_string(path).unwrap(), at);
            fs::write(path, text).unwrap();
            let saved = Instant::now();
            let (event, heard) = reader.events.recv_timeout(PATIENCE).expect("an event");
            assert_eq!(event, "reload");
            times.push(heard.duration_since(saved));
            reader.close();
        }
        times
    };
    let text = |text: &str, at: usize| format!("{text}\n第 {at} 次改动。\n");
    let title = |text: &str, at: usize| {
        let start = text.find("title:").or(text.find("标题:")).expect("a title");
        let end = start + text[start..].find('\n').unwrap();
        let line = text[start..end].trim_end().trim_end_matches(['\'', '"']).to_owned();
        let quote = &text[start + line.len()..end];
        format!("{}{line}（改{at}）{}{}", &text[..start], quote.trim(), &text[end..])
    };
    let all = walkdir::WalkDir::new(site.path("content")).into_iter().filter_map(Result::ok);
    let all =
        all.filter(|entry| entry.path().extension().is_some_and(|end| end == "md") && entry.file_name() != "_index.md");
    println!("{} documents", all.count());
    print("text", measure(&text));
    print("title", measure(&title));
    print("both", measure(&|old, at| title(&text(old, at), at)));
    let status = fs::read_to_string(format!("/proc/{}/status", process.child.id())).unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    println!("{memory}");
}
