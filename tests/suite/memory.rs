//! What a build remembers of the ones before: it saves time, and changes nothing else.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use gongkai::pipeline;
use proptest::prelude::*;

use crate::site_test::{PDF, SiteTest, channel, doc, doc_with};

const CACHE: &str = ".gongkai/cache";

/// A site with something of everything that is remembered, findings among them.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/_data/genres.yaml", "open: true\nterms: [通知]\n")
        .file("content/z/_index.md", channel("栏目", "select: {genre: 通知}\ndefaults: {genre: 通知}"))
        .file(
            "content/z/a.md",
            doc("甲", "2014-12-04", "index_no: a-/1\ndoc_no: 郯政办发〔2014〕31号\nattachments: a.pdf"),
        )
        .file("content/z/a.pdf", PDF)
        .file("content/z/unused.pdf", PDF)
        .file(
            "content/b.md",
            doc_with("乙", "2015-12-04 09:30", "interprets: z/a.md", "# 章\n\n[甲](z/a.md)、[章](#章)"),
        )
        .file("content/c.md", doc("丙", "2016-01-01", "draft: true"))
        .file("static/x.txt", "x")
}

/// Long enough for a later change to show in every file's stamp.
fn settle() {
    sleep(Duration::from_millis(60));
}

#[test]
fn a_second_build_reads_nothing_and_finds_the_same() {
    let site = site();
    settle();
    let first = site.build().built();
    assert_eq!(first.report.read, 9);
    assert_eq!(first.findings.len(), 2, "{:#?}", first.findings);
    let second = site.build().built();
    assert_eq!((second.report.read, second.written.len()), (0, 0));
    assert_eq!(first.report.findings, second.report.findings);
    assert_eq!(first.tree, second.tree);
    site.edit("content/b.md", "# 章\n", "# 章\n\n又一段。\n");
    let third = site.build();
    assert_eq!(third.report.read, 1);
    assert_eq!(third.tree, site.clean_tree());
}

#[test]
fn an_error_is_found_again_without_reading() {
    let site = site().file("content/d.md", doc("丁", "2014-12-04", "titel: x"));
    settle();
    let first = site.build().refused();
    let second = site.build().refused();
    assert_eq!((first.report.read, second.report.read), (10, 0));
    assert_eq!(first.report.findings, second.report.findings);
}

#[test]
fn a_change_that_leaves_size_and_time_as_they_were_is_seen() {
    let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", "summary: 0000"));
    let path = site.path("content/a.md");
    let first = fs::metadata(&path).unwrap().modified().unwrap();
    for round in 1..60 {
        site.build().built().page("index.json").has(&format!("{:04}", round - 1));
        site.edit("content/a.md", &format!("{:04}", round - 1), &format!("{round:04}"));
        // every third change hides its time as well as it can
        if round % 3 == 0 {
            fs::File::options().write(true).open(&path).unwrap().set_modified(first).unwrap();
        }
    }
}

#[test]
fn a_file_in_the_place_of_another_is_seen() {
    let site =
        site().file("content/e.md", doc("戊", "2014-12-04", "")).file("content/f.md", doc("己", "2014-12-04", ""));
    settle();
    site.build().built();
    site.rename("content/e.md", "content/g.md");
    site.rename("content/f.md", "content/e.md");
    site.rename("content/g.md", "content/f.md");
    let built = site.build();
    built.page("e.html").has("己的正文");
}

#[test]
fn what_could_not_be_read_is_read_the_next_time() {
    use std::os::unix::fs::PermissionsExt;
    let site = site().file("content/e.md", doc("戊", "2014-12-04", ""));
    let says = |findings: &[String]| findings.iter().any(|finding| finding.starts_with("G003 content/e.md"));
    let mode = |mode| fs::set_permissions(site.path("content/e.md"), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o000);
    settle();
    let Some(shut) = site.build_unprivileged("content/e.md") else { return };
    assert!(says(&shut) && !site.path("public").exists(), "{shut:?}");
    // it is not remembered as unreadable, whatever its stamp says
    let Some(again) = site.build_unprivileged("content/e.md") else { return };
    assert_eq!(again, shut);
    mode(0o644);
    let report = pipeline::build(&site.options, &mut pipeline::remembered(site.root()), &|| {}).unwrap();
    assert!(report.done.is_some() && report.read >= 1, "{:?}", report.findings);
}

/// A source changes after it was parsed and before its page is rendered: the build says so, and takes nothing for granted
/// any more. The change is made while the build waits for another that holds the lock.
#[test]
fn a_source_that_changes_during_a_build_makes_the_next_one_read_everything() {
    let site = site();
    settle();
    site.build().built();
    site.edit("content/b.md", "# 章\n", "# 章\n\n二\n");
    settle();
    let lock = fs::File::options().write(true).open(site.path(".gongkai/lock")).unwrap();
    lock.lock().unwrap();
    let lock = std::sync::Mutex::new(Some(lock));
    let change = || {
        site.edit("content/b.md", "二\n", "三\n");
        drop(lock.lock().unwrap().take());
    };
    let mut memory = pipeline::remembered(site.root());
    let report = pipeline::build(&site.options, &mut memory, &change).unwrap();
    assert!(lock.lock().unwrap().is_none(), "it did not wait");
    assert!(report.done.is_none());
    let told =
        |finding: &gongkai::diag::Diagnostic| finding.code.as_str() == "G003" && &*finding.path == "content/b.md";
    assert!(report.findings.iter().any(told), "{:?}", report.findings);
    assert!(!site.path(CACHE).exists());
    let next = pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert_eq!(next.read, 9);
    assert!(next.done.is_some());
    assert!(site.read("public/b.html").contains("三"));
    assert_eq!(site.build().tree, site.clean_tree());
}

#[test]
fn without_the_cache_the_site_is_the_same() {
    let site = site();
    settle();
    let first = site.build().built();
    site.remove(CACHE);
    let again = site.build().built();
    assert_eq!((again.report.read, again.written.len()), (9, 0));
    assert_eq!(first.tree, again.tree);
    site.remove(".gongkai");
    assert_eq!(first.tree, site.build().built().tree);
}

/// Builds after the cache was damaged: the same site, and a word about it.
#[track_caller]
fn survives(site: &SiteTest, bytes: &[u8]) {
    let before = site.clean_tree();
    site.put(CACHE, bytes);
    let mut memory = pipeline::remembered(site.root());
    assert!(memory.take_notice().is_some(), "no notice of {} bytes", bytes.len());
    let report = pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(report.done.is_some());
    assert!(memory.take_notice().is_none());
    // it is sound again
    let built = site.build().built();
    assert!(pipeline::remembered(site.root()).take_notice().is_none());
    assert_eq!(built.report.read, 0);
    assert_eq!(built.tree, before);
}

#[test]
fn a_cache_of_another_version_is_not_used() {
    let site = site();
    settle();
    site.build().built();
    let bytes = fs::read(site.path(CACHE)).unwrap();
    let line = bytes.iter().position(|b| *b == b'\n').unwrap();
    survives(&site, &[b"gongkai cache gongkai 0.0.1", &bytes[line..]].concat());
    survives(&site, b"");
    survives(&site, b"\xff\xfe");
    survives(&site, &[&bytes[..], b"x"].concat());
    // a run that another program appended
    let run = [&bytes[line + 1..line + 5], &[7; 16], &bytes[line + 21..]].concat();
    survives(&site, &[&bytes[..], &run].concat());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_damaged_cache_costs_time_only(cut: prop::sample::Index, flip: prop::sample::Index, bit in 0..8u32) {
        let site = site();
        settle();
        site.build().built();
        let bytes = fs::read(site.path(CACHE)).unwrap();
        survives(&site, &bytes[..cut.index(bytes.len())]);
        let mut flipped = fs::read(site.path(CACHE)).unwrap();
        let at = flip.index(flipped.len());
        flipped[at] ^= 1 << bit;
        survives(&site, &flipped);
    }
}

/// What another part of the state folder was damaged to costs time, and is told once.
#[track_caller]
fn tells_once(site: &SiteTest, path: &str, bytes: &[u8]) {
    let before = site.clean_tree();
    site.put(path, bytes);
    let mut memory = pipeline::remembered(site.root());
    assert!(memory.take_notice().is_none());
    let report = pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(report.done.is_some_and(|done| done.written == 0));
    let notice = memory.take_notice().unwrap_or_else(|| panic!("no notice of {} bytes in {path}", bytes.len()));
    assert!(notice.contains("已损坏") && notice.contains("网站不受影响"), "{notice}");
    assert!(memory.take_notice().is_none());
    let mut memory = pipeline::remembered(site.root());
    pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(memory.take_notice().is_none(), "told again");
    assert_eq!(site.build().built().tree, before);
}

#[test]
fn every_damage_to_the_state_folder_is_told_once() {
    let site = site();
    settle();
    site.build().built();
    let names = fs::read_dir(site.path(".gongkai")).unwrap().map(|entry| entry.unwrap().file_name());
    let names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    let ledger = names.iter().find(|name| name.starts_with("ledger-")).expect("a ledger");
    for path in [".gongkai/cache-site", &format!(".gongkai/{ledger}")] {
        let sound = fs::read(site.path(path)).unwrap();
        for length in [0, 1, sound.len() / 3, sound.len() - 1] {
            tells_once(&site, path, &sound[..length]);
        }
        tells_once(&site, path, &[&sound[..], b"x"].concat());
        for part in 0..12 {
            let mut flipped = fs::read(site.path(path)).unwrap();
            let at = (flipped.len() - 1) * part / 11;
            flipped[at] ^= 1 << (part % 8);
            tells_once(&site, path, &flipped);
        }
        // to have none is no damage
        site.remove(path);
        let mut memory = pipeline::remembered(site.root());
        pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
        assert!(memory.take_notice().is_none(), "{path}");
    }
}

/// After an upgrade one word is enough, and what was left from another state is no damage.
#[test]
fn another_version_is_told_once_and_an_older_state_not_at_all() {
    let site = site();
    settle();
    site.build().built();
    let other = fs::read_dir(site.path(".gongkai")).unwrap().map(|entry| entry.unwrap().path());
    for path in other.filter(|path| path.is_file()) {
        let bytes = fs::read(&path).unwrap();
        let line = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(0);
        let kind = String::from_utf8_lossy(&bytes[..line]).split(" gongkai ").next().unwrap().to_owned();
        if kind.starts_with("gongkai ") {
            fs::write(&path, [format!("{kind} gongkai 0.0.1").as_bytes(), &bytes[line..]].concat()).unwrap();
        }
    }
    let mut memory = pipeline::remembered(site.root());
    pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(memory.take_notice().is_some_and(|notice| notice.contains("另一个版本")));
    assert!(memory.take_notice().is_none());
    let old = fs::read(site.path(".gongkai/cache-site")).unwrap();
    site.edit("content/b.md", "[甲](z/a.md)", "见[甲](z/a.md)");
    site.build().built();
    site.put(".gongkai/cache-site", old);
    let mut memory = pipeline::remembered(site.root());
    pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(memory.take_notice().is_none());
}

#[test]
fn a_cache_that_cannot_be_written_is_told_and_stops_nothing() {
    let site = site();
    fs::create_dir_all(site.path(".gongkai/cache/x")).unwrap();
    let mut memory = pipeline::remembered(site.root());
    let report = pipeline::build(&site.options, &mut memory, &|| {}).unwrap();
    assert!(report.done.is_some() && memory.take_notice().is_some());
}

#[test]
fn edits_do_not_make_the_cache_grow_for_ever() {
    let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", ""));
    for n in 0..30 {
        site.put(&format!("content/n{n}.md"), doc("丁", "2014-12-04", &format!("summary: {}", "长".repeat(1000))));
    }
    site.build().built();
    let size = || fs::metadata(site.path(CACHE)).unwrap().len();
    let least = size();
    for round in 0..60 {
        for n in 0..30 {
            let front = format!("summary: {}{round}", "长".repeat(1000));
            site.put(&format!("content/n{n}.md"), doc("丁", "2014-12-04", &front));
        }
        site.build().built();
        assert!(size() < least * 40, "{} of {least}", size());
    }
    assert!(
        site.path(".gongkai")
            .read_dir()
            .unwrap()
            .all(|entry| { !entry.unwrap().file_name().to_string_lossy().ends_with(".tmp") })
    );
}

#[test]
fn commands_that_only_look_write_no_cache() {
    let site = site();
    pipeline::load(&site.options).unwrap().map_err(|_| ()).unwrap();
    assert!(!site.path(".gongkai").exists());
}

/// Bodies and rows wait in a file that has no name, so that a killed build leaves nothing behind.
#[test]
fn what_is_put_aside_comes_back_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let aside = gongkai::source::Aside::create(folder.path(), 1000).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let texts: Vec<String> = (0..200).map(|at| "县政府办公室".repeat(at)).collect();
    let come_back = |texts: &[String]| {
        let places: Vec<_> = texts.iter().map(|text| aside.put(text.clone()).unwrap()).collect();
        let same = |(text, place): (&String, _)| aside.get(&place, |back| back == text);
        texts.iter().zip(places).all(|pair| same(pair) == Some(true))
    };
    let (one, two) = texts.split_at(100);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| come_back(one));
        assert!(come_back(two) && other.join().unwrap());
    });
    assert_eq!(aside.get(&gongkai::source::Place::There(1 << 40, 9), str::len), None, "nothing lies there");
}
