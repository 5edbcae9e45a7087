//! `kill -9` at any moment: the next build makes the output exactly what it should be.
//!
//! The child is this test binary again, told by variables to run one build of a generation of files and nothing else.
//! 32 kills in the normal run; `GONGKAI_KILLS=1000` for more.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gongkai::emit::{self, Content, Target};

use super::{ENGINE, Site, planned};

const CHILD: &str = "GONGKAI_KILL_CHILD";
const GENERATION: &str = "GONGKAI_KILL_GENERATION";

/// The files of a generation: most stay, some change, some come and go, some change from file to folder.
fn generation(number: u64) -> Vec<(String, String)> {
    let mix = |a: u64, b: u64| (a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xc2b2_ae3d_27d4_eb4f)) >> 32;
    let mut files = Vec::new();
    for n in 0..250 {
        if mix(n, number) % 5 == 0 {
            continue;
        }
        let text = format!("文件{n} 版本{} ", mix(number, n + 7) % 3).repeat(40 + (n % 90) as usize);
        let path = match mix(n + 3, number / 2) % 11 {
            0 => format!("d{}/swap{n}", n % 7),
            1 => format!("d{}/swap{n}/inner/page.html", n % 7),
            _ => format!("d{}/e{}/f{n}.html", n % 7, n % 13),
        };
        files.push((path, text));
    }
    files
}

fn borrow(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect()
}

/// Does nothing unless it is the child.
#[test]
fn child_that_will_be_killed() {
    let (Ok(root), Ok(number)) = (env::var(CHILD), env::var(GENERATION)) else { return };
    let files = generation(number.parse().unwrap());
    let planned = planned(&borrow(&files));
    let target = Target::new(Path::new(&root), Path::new("public")).unwrap();
    let render = |index: usize| Ok(Content::Bytes(files[index].1.clone().into_bytes()));
    println!("child begins");
    let _ = emit::write(&target, ENGINE, &planned, &render, &|| {}, &mut None);
    println!("child ends");
}

/// Runs the child and kills it so long after its beginning; whether it was still at work.
fn killed_after(root: &Path, number: u64, delay: Duration) -> bool {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "emit::kill::child_that_will_be_killed", "--nocapture", "--test-threads=1"])
        .env(CHILD, root)
        .env(GENERATION, number.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.ends_with("child begins")), "the child runs");
    let begin = Instant::now();
    while begin.elapsed() < delay {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    !lines.any(|line| line.ends_with("child ends"))
}

#[test]
fn a_build_that_was_killed_is_repaired_by_the_next() {
    let kills: u64 = env::var("GONGKAI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(32);
    let site = Site::new();
    let began = Instant::now();
    site.build(&borrow(&generation(0))).unwrap();
    let usual = began.elapsed();
    let foreign = [("CNAME", "www.example.gov.cn"), ("d1/mine.txt", "我的"), ("d1/e1/mine.html", "我的")];
    foreign.iter().for_each(|(path, text)| site.put(&format!("public/{path}"), text));

    let mut random = 12345_u64;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        random >> 33
    };
    let mut at_work = 0;
    for number in 1..=kills {
        let delay = usual.mul_f64((next() % 1300) as f64 / 1000.0);
        at_work += u64::from(killed_after(site.root.path(), number, delay));
        match next() % 8 {
            // Killed twice in a row, or the cache lost as well.
            0 => continue,
            1 => _ = fs::remove_dir_all(site.path(".gongkai")),
            _ => {}
        }
        // Half of the time the repair is a build of yet another state.
        let files = generation(number + next() % 2);
        let files = borrow(&files);
        site.build(&files).unwrap();
        let mut tree = site.tree();
        let list = tree.remove(".gongkai-files").unwrap();
        let all = files.iter().chain(&foreign).map(|(path, text)| (path.to_string(), text.to_string()));
        let expected: BTreeMap<String, String> = all.collect();
        assert!(tree == expected, "after kill {number} at {delay:?}: {:?}", difference(&tree, &expected));
        let mut paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        paths.sort();
        assert_eq!(list.lines().skip(1).collect::<Vec<_>>(), paths);
        assert!(site.build_by(ENGINE, &files, |_| panic!("all is fresh")).is_ok());
    }
    assert!(at_work * 4 >= kills, "only {at_work} of {kills} kills hit a build at work");
}

fn difference(a: &BTreeMap<String, String>, b: &BTreeMap<String, String>) -> Vec<String> {
    a.keys().chain(b.keys()).filter(|path| a.get(*path) != b.get(*path)).take(10).cloned().collect()
}
