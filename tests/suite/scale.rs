//! Thousands of terms, cells or channels: pages stay small, everything stays within reach, output grows with what there
//! is and not with its square.

use std::collections::{BTreeSet, VecDeque};

use gongkai::model::path::{decode, join};

use crate::site_test::{Built, SiteTest, channel, doc};

/// Bytes that the longest index page and the pages beside it may have. Tera's output gzips to a fifth or less, so this is
/// far below the 25 kB of a list page.
const LONGEST: usize = 60_000;

/// Documents, each with a term of its own.
fn terms(count: usize, line: impl Fn(usize) -> String) -> SiteTest {
    let site = SiteTest::new().file("content/z/_index.md", channel("栏目", ""));
    (0..count).for_each(|number| put(&site, number, &line(number)));
    site
}

fn put(site: &SiteTest, number: usize, more: &str) {
    let day = format!("2014-{:02}-{:02}", number / 28 % 12 + 1, number % 28 + 1);
    site.put(&format!("content/z/d{number:04}.md"), doc(&format!("文件{number}"), &day, more));
}

fn category(number: usize) -> String {
    format!("category: 类目{number:04}")
}

/// The pages that links lead to from a page, over whatever detours through pages whose address begins so.
fn reached<'a>(built: &'a Built, start: &str, through: &str) -> BTreeSet<&'a str> {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut next: VecDeque<String> = VecDeque::from([start.to_owned()]);
    while let Some(page) = next.pop_front() {
        let text = built.page(&page).text;
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in text.split(" href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next()) {
            let Some(target) = decode(link).and_then(|link| join(folder, &link)) else { continue };
            let Some((target, _)) = built.tree.get_key_value(&target) else { continue };
            if target.starts_with(through) && target.ends_with(".html") && seen.insert(target) {
                next.push_back(target.clone());
            }
        }
    }
    seen
}

/// Every page of a folder is reached from its index, and none is long.
#[track_caller]
fn is_whole_and_light(built: &Built, start: &str, folder: &str) {
    let reached = reached(built, start, folder);
    for (path, bytes) in built.tree.iter().filter(|(path, _)| path.starts_with(folder) && path.ends_with(".html")) {
        assert!(reached.contains(path.as_str()), "{path} is not reached from {start}");
        assert!(bytes.len() < LONGEST, "{path} has {} bytes", bytes.len());
    }
}

fn size(built: &Built) -> usize {
    built.tree.values().map(Vec::len).sum()
}

#[test]
fn an_axis_of_many_terms_comes_in_pages_and_grows_linearly() {
    let half = terms(300, category).build().clean();
    let built = terms(600, category).build().clean();
    is_whole_and_light(&built, "catalogue/category/index.html", "catalogue/category/");
    crate::html::check(&built.tree, "https://www.example.gov.cn");
    assert!(size(&built) * 10 < size(&half) * 22, "{} for 300 terms, {} for 600", size(&half), size(&built));
    let index = built.page("catalogue/category/index.html");
    index.clone().has("共 600 个类目").has("类目0000").lacks(">类目0599 <").has("terms_3.html").lacks("terms_4.html");
    built
        .page("catalogue/category/terms_2.html")
        .has("<title>按组配分类查公开目录 第2页_示例县人民政府</title>")
        .has("<h1>按组配分类查公开目录 <span class=\"page-no\">第 2 页</span></h1>")
        .has("rel=\"prev\" href=\"../../catalogue/category/index.html\"")
        .has("rel=\"next\" href=\"../../catalogue/category/terms_3.html\"");
    built.page("catalogue/category/terms_3.html").lacks("rel=\"next\"");
    // beside a term stand its neighbours only
    let term =
        reached(&built, "catalogue/category/terms_2.html", "catalogue/category/leimu").into_iter().next().unwrap();
    let tree = built.page(term).text.split("<nav class=\"tree\"").nth(1).unwrap().split("</nav>").next().unwrap();
    assert!(tree.matches("<li>").count() <= 60, "{}", tree.matches("<li>").count());
    assert!(tree.contains("class=\"tree-more\""));
}

#[test]
fn a_document_more_rewrites_few_pages_of_an_axis_of_many_terms() {
    let site = terms(500, category);
    site.build().clean();
    let pages = |built: &Built| -> Vec<String> {
        let of = |path: &&String| path.starts_with("catalogue/category/") && path.ends_with(".html");
        built.written.iter().filter(of).cloned().collect()
    };
    put(&site, 900, &category(250));
    let again = pages(&site.build().clean());
    assert_eq!(again.len(), 2, "the term and its line in the index: {again:?}");
    put(&site, 901, "category: 类目02500");
    let new = pages(&site.build().clean());
    assert!(new.len() <= 70, "{}", new.len());
}

#[test]
fn few_terms_stand_on_one_page_with_all_below_them() {
    let built = terms(100, |number| format!("place: 镇{}/村{number:03}", number % 7)).build().clean();
    let index = built.page("catalogue/place/index.html");
    assert_eq!(index.text.matches("村0").count(), 100);
    index.lacks("terms_2.html").lacks("个类目");
    built.lacks_file("catalogue/place/terms_2.html");
}

#[test]
fn the_terms_below_a_term_come_in_pages_too() {
    let built = terms(480, |number| format!("place: 镇{}/村{number:03}", number % 2)).build().clean();
    is_whole_and_light(&built, "catalogue/place/index.html", "catalogue/place/");
    // too many to show them all: the index shows the towns
    built.page("catalogue/place/index.html").has("镇0").lacks("村0");
    let pages: Vec<&str> = built.files("catalogue/place/").into_iter().filter(|name| name.contains("terms_")).collect();
    assert_eq!(pages.len(), 2, "{pages:?}");
    built.page(&format!("catalogue/place/{}", pages[0])).has("<span class=\"page-no\">第 2 页</span>").has_in_order(&[
        "<nav class=\"crumbs",
        "地域",
        "镇",
        "下级类目",
    ]);
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn a_wide_crossing_lists_its_cells_and_a_long_one_has_its_rows_in_pages() {
    let site = terms(700, |number| format!("category: 类{:03}\nplace: 镇{:03}", number % 99, number % 301))
        .config("\n[[catalogue.crossing]]\naxes = [\"place\", \"category\"]\n")
        .config("\n[[catalogue.crossing]]\naxes = [\"place\", \"year\"]\n")
        .config("\n[[catalogue.crossing]]\naxes = [\"place\", \"category\", \"year\"]\n");
    (0..12).for_each(|number| {
        site.put(&format!("content/z/y{number}.md"), doc("年", &format!("20{number:02}-01-01"), "place: 镇001"));
    });
    let built = site.build().clean();
    for crossing in ["place-category", "place-year", "place-category-year"] {
        is_whole_and_light(&built, &format!("catalogue/{crossing}/index.html"), &format!("catalogue/{crossing}/"));
    }
    built.page("catalogue/place-category/index.html").lacks("<table class=\"matrix\">").has("共 700 个类目");
    built.page("catalogue/place-year/index.html").has("<table class=\"matrix\">").has("terms_2.html");
    built.page("catalogue/place-year/terms_2.html").has("<table class=\"matrix\">").has("镇300");
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}

#[test]
fn a_channel_of_many_channels_stays_light_and_the_site_map_holds_them_all() {
    let site = |count: usize| {
        let site = SiteTest::new().file("content/z/_index.md", channel("上级", ""));
        (0..count).fold(site, |site, number| {
            let more = if number % 2 == 0 { "column_type: 工作动态" } else { "" };
            site.file(&format!("content/z/c{number:03}/_index.md"), channel(&format!("子栏目{number:03}"), more))
                .file(&format!("content/z/c{number:03}/d.md"), doc(&format!("文件{number}"), "2014-12-04", ""))
        })
    };
    let half = site(350).build().clean();
    let built = site(700).build().clean();
    is_whole_and_light(&built, "sitemap.html", "z/");
    is_whole_and_light(&built, "sitemap.html", "sitemap");
    assert!(size(&built) * 10 < size(&half) * 22, "{} for 350 channels, {} for 700", size(&half), size(&built));
    built.page("sitemap.html").has("sitemap_2.html").has("catalogue/index.html").lacks("sitemap_3.html");
    // the line down to a page's first channel is repeated
    built.page("sitemap_2.html").has_in_order(&["<main", "<h1>", "第 2 页", ">上级</a>", "子栏目699"]);
    built.page("z/index.html").has("../sitemap.html");
    crate::html::check(&built.tree, "https://www.example.gov.cn");
}
