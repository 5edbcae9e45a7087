//! Real documents (`../shared/corpus`, if it is there): every input is an output or is named with a reason.

use std::collections::BTreeSet;
use std::path::Path;

use gongkai::diag::{Code, Severity};

use crate::site_test::{SiteTest, tree};

/// A folder of the corpus; `None`, with a note, if this machine has none.
pub fn folder(name: &str) -> Option<std::path::PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
    }
    path.exists().then_some(path)
}

/// Inputs below `content/` and `static/` that are no tables: what must come out, or be named.
fn inputs(site: &SiteTest) -> BTreeSet<String> {
    let is_input = |path: &String| {
        (path.starts_with("content/") && !path.starts_with("content/_"))
            || path == "content/_index.md"
            || path.starts_with("static/")
    };
    tree(site.root()).into_keys().filter(is_input).collect()
}

/// Every input is the source of an output, or is named by a finding that says why it is none.
fn accounted(site: &SiteTest) -> (usize, usize) {
    let built = site.build().built();
    let sources = match gongkai::pipeline::load(&site.options).unwrap() {
        Ok(loaded) => loaded.catalogue,
        Err(report) => panic!("{report:?}"),
    };
    let documents = sources.docs.iter().map(|doc| (doc.source.as_str(), doc.out.to_string()));
    let channels =
        sources.channels.iter().map(|channel| (channel.file.source.as_str(), format!("{}index.html", channel.out)));
    let files = sources.files.iter().filter_map(|file| Some((file.source.as_str(), file.out.as_ref()?.to_string())));
    let out: std::collections::BTreeMap<&str, String> = documents.chain(channels).chain(files).collect();
    let named: BTreeSet<&str> = built
        .report
        .findings
        .iter()
        .filter(|finding| finding.code == Code::G090)
        .map(|finding| &*finding.path)
        .collect();
    let (mut published, mut withheld) = (0, 0);
    for input in inputs(site) {
        match (out.get(input.as_str()), named.contains(input.as_str())) {
            (Some(path), false) => {
                assert!(built.tree.contains_key(path), "{input} should be {path}");
                published += 1;
            }
            (None, true) => withheld += 1,
            (Some(_), true) => panic!("{input} is an output and yet said not to be public"),
            (None, false) => panic!("{input} is lost in silence"),
        }
    }
    assert_eq!(built.report.withheld, sources.withheld.len());
    assert_eq!(built.report.documents, sources.docs.len() + sources.withheld.len());
    (published, withheld)
}

#[test]
fn every_real_document_is_an_output_or_is_listed_with_a_reason() {
    if folder("docs").is_none() {
        return;
    }
    let site = SiteTest::from_dir("../shared/corpus/docs").as_of("2026-06-30");
    let all = inputs(&site).len();
    assert!(all >= 240, "{all}");
    assert_eq!(accounted(&site), (all, 0));
    let built = site.build().built();
    assert!(built.report.findings.iter().all(|finding| finding.severity != Severity::Error));
    assert!(crate::html::check(&built.tree, "https://www.example.gov.cn") > 10_000);
    // a day on which some are not public yet: they are counted on the other side
    let earlier = SiteTest::from_dir("../shared/corpus/docs").as_of("2015-01-01");
    if let Ok(Ok(loaded)) = gongkai::pipeline::load(&earlier.options)
        && gongkai::diag::count(&loaded.report.findings).0 == 0
    {
        let (published, withheld) = accounted(&earlier);
        assert_eq!(published + withheld, all);
        assert!(withheld > 0 && published > 0, "{published} {withheld}");
    }
}

#[test]
fn every_input_of_the_repositorys_own_site_is_accounted_for() {
    let site = SiteTest::from_dir(".").as_of("2026-06-30");
    let (published, withheld) = accounted(&site);
    assert_eq!(published + withheld, inputs(&site).len());
    assert!(published > 200);
}

#[test]
fn bodies_of_real_documents_reach_their_pages() {
    if folder("docs").is_none() {
        return;
    }
    let site = SiteTest::from_dir("../shared/corpus/docs").as_of("2026-06-30");
    let built = site.build().built();
    let Ok(Ok(loaded)) = gongkai::pipeline::load(&site.options) else { panic!("loads") };
    let han = |text: &str| -> String { text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).collect() };
    let mut compared = 0;
    for doc in &loaded.catalogue.docs {
        let text = site.read(doc.source.as_str());
        let page = built.page(doc.out.as_str()).text;
        let page =
            han(&page.split('<').map(|part| part.split_once('>').map_or("", |(_, text)| text)).collect::<String>());
        for line in text[doc.body.start as usize..].lines() {
            // link targets, image addresses and comments are no text of the page
            if line.contains(['(', '<', '[', '&']) {
                continue;
            }
            let line = han(line);
            assert!(page.contains(&line), "{}: {line}", doc.source);
            compared += 1;
        }
    }
    assert!(compared > 2_000, "{compared} lines");
}
