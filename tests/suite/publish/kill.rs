//! `kill -9` of a publisher at any moment: what is live is the old release or the new one, whole, and the next run goes on.
//!
//! 100 kills in the normal run; `GONGKAI_KILLS=1000` for more.

use std::process::Stdio;
use std::time::{Duration, Instant};

use super::Publishing;
use crate::site_test::{Tree, assert_same, doc, tree};

fn become_generation(publishing: &Publishing, number: u64) {
    for n in 0..12 {
        let text = format!("文{n}版{}", (n * 7 + number) % 5);
        publishing.site.put(&format!("content/z/f{n}.md"), doc(&text, "2014-05-01", ""));
    }
}

#[test]
fn after_a_hundred_kills_no_site_was_ever_half_switched() {
    let kills: u64 = std::env::var("GONGKAI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(100);
    let publishing = Publishing::large();
    become_generation(&publishing, 0);
    publishing.publish();
    become_generation(&publishing, 1);
    publishing.site.build().clean();
    let began = Instant::now();
    publishing.publish();
    let mut usual = began.elapsed();
    let mut live = publishing.live();
    let mut random = 12345_u64;
    let mut next = |limit: u64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % limit
    };
    let (mut at_work, mut switched) = (0, 0);
    for kill in 2..kills + 2 {
        become_generation(&publishing, kill);
        // what will be live if the run comes so far; then most of the time is the publishing's
        publishing.site.build().clean();
        let wanted: Tree = tree(&publishing.site.path("public"));
        let mut child =
            publishing.command(&["publish", "web"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(usual.mul_f64((200 + next(900)) as f64 / 1000.0) + Duration::from_micros(next(1000)));
        at_work += u64::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let now = publishing.live();
        if now != live {
            assert_same(&now, &wanted);
            switched += 1;
        }
        // whether or not the last line of the chain could be written, nothing is taken for another's change
        publishing.run(&["verify", "web"]).is(0);
        live = now;
        if next(3) > 0 {
            let began = Instant::now();
            publishing.publish();
            // the machine may have other work for a while
            usual = (usual + began.elapsed()) / 2;
            live = publishing.live();
            assert_same(&live, &wanted);
            let rest = publishing.all().keys().filter(|path| path.contains("gongkai-tmp")).count();
            assert_eq!((rest, publishing.path(".gongkai-pending").exists()), (0, false));
        }
    }
    publishing.publish();
    publishing.run(&["verify", "web"]).is(0);
    assert!(at_work * 3 >= kills, "only {at_work} of {kills} kills hit a publisher at work");
    println!("{at_work} of {kills} kills hit a publisher at work; {switched} times the new release was live already");
}

#[test]
fn a_rollback_that_was_killed_went_back_or_did_not() {
    let publishing = Publishing::large();
    become_generation(&publishing, 0);
    publishing.publish();
    let first = publishing.live();
    become_generation(&publishing, 1);
    publishing.publish();
    let second = publishing.live();
    let began = Instant::now();
    publishing.run(&["rollback", "web"]).is(0);
    let usual = began.elapsed();
    let releases = super::names(&publishing.path("releases"));
    for kill in 0..40 {
        let wanted = &releases[usize::from(publishing.release() == releases[0])];
        let mut child = publishing
            .command(&["rollback", "web", wanted])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(usual.mul_f64(f64::from(kill) / 38.0));
        child.kill().unwrap();
        child.wait().unwrap();
        let live = publishing.live();
        assert_same(&live, if publishing.release() == releases[0] { &first } else { &second });
        publishing.run(&["verify", "web"]).is(0);
    }
    // and whoever comes next finds nothing of another's doing
    publishing.publish();
    publishing.run(&["verify", "web"]).is(0);
    assert!(!publishing.path(".gongkai-pending").exists());
}
