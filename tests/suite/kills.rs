//! `kill -9` of the program itself, at any moment of a build and of a preview that rebuilds: what comes next is as if
//! nothing had been.
//!
//! 200 kills in the normal run; `GONGKAI_KILLS=2000` for more. (`emit::kill` does the same to the output folder alone.)

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::serve::process::{Process, program};
use crate::site_test::{SiteTest, Tree, assert_same, channel, doc, doc_with};

/// States that the sources go to and fro between.
const GENERATIONS: u64 = 6;
const DOCUMENTS: u64 = 24;

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Texts and titles change, documents come, go and move; in one generation a channel has another name.
fn become_generation(site: &SiteTest, generation: u64) {
    let title = if generation == 3 { "改名的栏目" } else { "栏目" };
    site.put("content/z/_index.md", channel(title, ""));
    site.put("content/y/_index.md", channel("别的栏目", ""));
    for n in 0..DOCUMENTS {
        let (here, there) = (format!("content/z/f{n}.md"), format!("content/y/f{n}.md"));
        for path in [&here, &there] {
            let _ = std::fs::remove_file(site.path(path));
        }
        let state = (n * 7 + generation * 5) % 11;
        let path = if state == 1 { there } else { here };
        let day = format!("2014-{:02}-{:02}", 1 + n % 12, 1 + generation);
        match state {
            0 => continue,
            2 => site.put(&path, doc_with(&format!("文{n}"), &day, "", &format!("第{generation}版\n\n").repeat(300))),
            3 => site.put(&path, doc(&format!("文{n}的第{generation}版"), &day, "keywords: [甲, 乙]")),
            _ => site.put(&path, doc(&format!("文{n}"), "2014-05-01", "")),
        }
    }
}

#[test]
fn after_two_hundred_kills_of_builds_and_previews_all_is_as_ever() {
    let kills: u64 = std::env::var("GONGKAI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(200);
    let site = SiteTest::new();
    let expected: Vec<Tree> = (0..GENERATIONS)
        .map(|generation| {
            become_generation(&site, generation);
            site.clean_tree()
        })
        .collect();
    let began = Instant::now();
    let build = || {
        let mut command = program();
        command.args(["build", "--quiet", "--as-of", "2026-01-01", "-r"]).arg(site.root());
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    build().wait().unwrap();
    let mut usual = began.elapsed();

    let mut random = Random(12345);
    let (mut at_work, mut generation) = (0, GENERATIONS - 1);
    for kill in 0..kills {
        let moment = usual.mul_f64(random.below(1200) as f64 / 1000.0);
        generation = random.below(GENERATIONS);
        if kill % 2 == 0 {
            become_generation(&site, generation);
            let mut child = build();
            std::thread::sleep(moment);
            let is_at_work = child.try_wait().unwrap().is_none();
            at_work += u64::from(is_at_work);
            // the machine may have been busier, or less busy, when the usual time was taken
            usual = usual.mul_f64(if is_at_work { 1.05 } else { 0.9 }).max(Duration::from_millis(2));
            child.kill().unwrap();
            child.wait().unwrap();
        } else {
            // in the midst of the first look, of noticing, of rebuilding, of remembering
            let preview = Process::start(&site, &["--port", "0"]);
            if kill % 4 == 1 {
                preview.address();
            }
            become_generation(&site, generation);
            std::thread::sleep(moment + Duration::from_millis(random.below(80)));
            drop(preview);
        }
        match random.below(8) {
            // killed twice in a row
            0 | 1 => continue,
            // and what is remembered is lost, too
            2 => _ = std::fs::remove_dir_all(site.path(".gongkai")),
            _ => {}
        }
        assert_same(&site.build().clean().tree, &expected[generation as usize]);
    }
    assert_same(&site.build().clean().tree, &expected[generation as usize]);
    assert!(at_work * 4 >= kills / 2, "only {at_work} of {} kills hit a build at work", kills / 2);
}
