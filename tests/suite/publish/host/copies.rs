//! Precompressed copies.

use std::fs;
use std::io::Read;

use super::hosted;
use crate::site_test::assert_same;

const BOTH: &str = "compress = [\"gz\", \"br\"]\n";

#[test]
fn texts_that_become_smaller_have_copies_that_unpack_to_them() {
    let publishing = hosted(BOTH);
    publishing.publish();
    let live = publishing.live();
    let (mut gzip, mut brotli) = (0, 0);
    for (path, bytes) in &live {
        if let Some(of) = path.strip_suffix(".gz") {
            assert!(bytes.len() < live[of].len() && live[of].len() >= 1024, "{path}");
            assert_eq!(bytes[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255], "{path}");
            let end = bytes.len() - 8;
            let unpacked = miniz_oxide::inflate::decompress_to_vec(&bytes[10..end]).unwrap();
            assert!(unpacked == live[of], "{path}");
            assert_eq!(bytes[end + 4..], (live[of].len() as u32).to_le_bytes());
            gzip += 1;
        }
        if let Some(of) = path.strip_suffix(".br") {
            let mut unpacked = Vec::new();
            brotli::Decompressor::new(&bytes[..], 4096).read_to_end(&mut unpacked).unwrap();
            assert!(unpacked == live[of], "{path}");
            brotli += 1;
        }
    }
    assert!(gzip > 5 && brotli > 5, "{gzip} {brotli}");
    assert!(live.contains_key("z/long.html.gz") && live.contains_key("tables/long.csv.br"));
    assert!(!live.contains_key("z/a.pdf.gz"));
}

#[test]
fn they_are_the_same_bytes_on_other_threads_in_another_folder() {
    let one = hosted(BOTH);
    one.run(&["publish", "web", "--jobs", "1"]).is(0);
    let other = hosted(BOTH);
    other.run(&["publish", "web", "--jobs", "7", "-o", "sub/out"]).is(0);
    assert_same(&one.live(), &other.live());
    let manifest =
        |of: &super::Publishing| fs::read_to_string(of.path(&format!("manifests/{}.json", of.release()))).unwrap();
    assert_eq!(manifest(&one), manifest(&other));
}

#[test]
fn what_is_unchanged_is_not_compressed_again_and_what_was_damaged_is() {
    let publishing = hosted(BOTH);
    publishing.publish();
    // until the clock of the disk has moved on, what was just written is not trusted
    std::thread::sleep(std::time::Duration::from_millis(50));
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    let packed = publishing.site.path(".gongkai/host/web/packed");
    let before = stamps(&packed);
    publishing.site.edit("content/z/a.md", "甲的正文", "甲的别的正文");
    publishing.publish();
    let after = stamps(&packed);
    let kept = after.iter().filter(|stamp| before.contains(stamp)).count();
    assert!(kept > 3 && after.len() == before.len(), "{kept} of {}", after.len());
    // as in a folder where nothing was made before
    let live = publishing.live();
    let (_, damaged) = after.iter().next().unwrap();
    fs::write(damaged, "nothing of the kind").unwrap();
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    fs::remove_dir_all(publishing.site.path(".gongkai")).unwrap();
    publishing.run(&["publish", "web"]).is(0).says("没有变化");
    assert_same(&live, &publishing.live());
}

/// Time of change and path of every file.
fn stamps(folder: &std::path::Path) -> std::collections::BTreeSet<(std::time::SystemTime, std::path::PathBuf)> {
    let mut all = std::collections::BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true => all.extend(stamps(&entry.path())),
            false => _ = all.insert((entry.metadata().unwrap().modified().unwrap(), entry.path())),
        }
    }
    all
}

#[test]
fn after_any_edits_the_release_is_that_of_a_folder_without_a_past() {
    let edits: [(&str, &str); 6] = [
        ("content/z/a.md", "甲"),
        ("content/z/new.md", "新"),
        ("content/z/b.md", "乙乙"),
        ("content/z/new.md", "更新"),
        ("content/z/a.md", "甲甲甲"),
        ("content/z/other.md", "另一份"),
    ];
    let one = hosted(&format!("host = [\"nginx\", \"pages\"]\n{BOTH}"));
    let fresh = hosted(&format!("host = [\"nginx\", \"pages\"]\n{BOTH}"));
    for (path, title) in edits {
        one.site.put(path, crate::site_test::doc(title, "2014-12-01", ""));
        one.publish_with(&["--allow-deletes", "99"]);
        fresh.site.put(path, crate::site_test::doc(title, "2014-12-01", ""));
    }
    fresh.publish();
    assert_same(&one.live(), &fresh.live());
}
