//! The same files make the same bytes: threads, folders, time zones, locales, orders, days.

use std::process::Command;

use crate::site_test::{SiteTest, Tree, assert_same, tree};

/// A real site, with something of everything.
fn site() -> SiteTest {
    SiteTest::from_dir(".").as_of("2027-03-21")
}

/// What a build in this process comes to, made once.
fn reference() -> &'static Tree {
    static REFERENCE: std::sync::OnceLock<Tree> = std::sync::OnceLock::new();
    REFERENCE.get_or_init(|| site().build().built().tree)
}

fn with_threads(threads: usize) -> Tree {
    let site = site();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| site.build()).built().tree
}

#[test]
fn one_two_and_eight_threads_make_the_same_bytes() {
    let one = with_threads(1);
    assert!(one.len() > 1000);
    assert_same(&one, &with_threads(2));
    assert_same(&one, &with_threads(8));
}

#[test]
fn findings_come_in_the_same_order_whatever_the_threads() {
    let found = |threads: usize| {
        let site = (0..40).fold(SiteTest::new(), |site, number| {
            site.file(
                &format!("content/{number}.md"),
                "---\ntitel: 甲\nissuer: 乙\npublished: 1\nfoo: 1\n---\n<b>x</b> [a](b.md)\n",
            )
        });
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| site.build())
            .refused()
            .findings
    };
    assert_eq!(found(1).len(), 40 * 6);
    assert_eq!(found(1), found(8));
}

/// Builds with the real program, in an environment of its own.
fn program(site: &SiteTest, environment: &[(&str, &str)]) -> Tree {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.env_clear().envs(environment.iter().copied()).current_dir(site.root());
    let output = command.args(["build", "--as-of", "2027-03-21", "-q"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    tree(&site.path("public"))
}

#[test]
fn folder_time_zone_and_locale_change_nothing() {
    let one = program(&site(), &[("TZ", "UTC"), ("LC_ALL", "C"), ("LANG", "C")]);
    for environment in [
        &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "zh_CN.GB18030"), ("RAYON_NUM_THREADS", "5"), ("HOME", "/nowhere")]
            [..],
        &[("TZ", "America/Los_Angeles"), ("LC_ALL", "tr_TR.UTF-8"), ("SOURCE_DATE_EPOCH", "1"), ("COLUMNS", "20")],
    ] {
        // every site lies in a folder of another name
        assert_same(&one, &program(&site(), environment));
    }
    assert_same(&one, reference());
}

#[test]
fn the_order_in_which_files_were_made_changes_nothing() {
    let first = site();
    let one = reference();
    let other = SiteTest::empty().as_of("2027-03-21");
    for (path, bytes) in tree(first.root()).into_iter().rev() {
        if !path.starts_with("public/") && !path.starts_with(".gongkai/") {
            other.put(&path, bytes);
            // and everything is from another time
            let file = std::fs::File::options().write(true).open(other.path(&path)).unwrap();
            file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
        }
    }
    assert_same(one, &other.build().built().tree);
}

#[test]
fn today_is_an_argument_and_nothing_else() {
    // the day counts where it must …
    let site =
        || SiteTest::new().file("content/a.md", crate::site_test::doc("甲", "2014-12-04", "expires: 2020-01-01"));
    let before = site().as_of("2020-01-01").build().clean().tree;
    let after = site().as_of("2020-01-02").build().clean().tree;
    assert_ne!(before["a.html"], after["a.html"]);
    // … and nowhere else: a site without dates to come is the same on every day
    let still = |day: &str| {
        SiteTest::new()
            .file("content/a.md", crate::site_test::doc("甲", "2014-12-04", ""))
            .as_of(day)
            .build()
            .clean()
            .tree
    };
    assert_same(&still("2014-12-04"), &still("2099-12-31"));
}

#[test]
fn no_output_holds_a_path_of_the_machine_or_the_day_of_the_build() {
    let site = site();
    let built = site.build().built();
    let folder = site.root().to_str().unwrap().to_owned();
    // the tree of folders in which the program was built
    let top = format!("/{}/", env!("CARGO_MANIFEST_DIR").split('/').nth(1).unwrap());
    built.lacks_everywhere(&folder).lacks_everywhere(&top).lacks_everywhere("2027-03-21");
}
