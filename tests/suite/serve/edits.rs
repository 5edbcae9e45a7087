//! Edits under a running preview, through the real watcher: who is told, and how often it rebuilds.

use std::fs;

use super::client::{Preview, setup};
use crate::site_test::{SITE_TOML, SiteTest, channel, doc, doc_with};

fn site() -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .file("content/z/b.md", doc("乙", "2014-12-05", ""))
        .file("content/z/c.md", doc("丙", "2014-12-06", ""))
        .file("content/y/_index.md", channel("别栏", ""))
        .file("content/y/e.md", doc("戊", "2014-12-07", ""))
}

/// Waits until the preview has come to rest.
fn rest(preview: &Preview) -> u64 {
    loop {
        let turn = preview.server.turn();
        std::thread::sleep(super::client::MOMENT);
        if preview.server.turn() == turn {
            return turn;
        }
    }
}

#[test]
fn an_edit_of_a_text_reloads_its_page_and_no_other() {
    let preview = Preview::of(site());
    let [a, b, list, home] = ["/z/a.html", "/z/b.html", "/z/", "/"].map(|path| preview.open(path));
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    assert_eq!(a.next(), "reload");
    [&b, &list, &home].iter().for_each(|reader| reader.hears_nothing());
    assert!(preview.page("/z/a.html").contains("甲的新正文。"));
    // a title is on the list as well
    let a = preview.open("/z/a.html");
    preview.site.edit("content/z/a.md", "title: 甲", "title: 甲甲");
    for reader in [&a, &list, &home] {
        assert_eq!(reader.next(), "reload");
    }
    assert!(preview.page("/z/").contains("甲甲"));
    let rebuilt = || preview.told().iter().filter(|line| line.starts_with("rebuilt")).count();
    // readers hear of it before the terminal does
    for _ in 0..100 {
        if rebuilt() < 3 {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
    assert_eq!(rebuilt(), 3, "{:#?}", preview.told());
}

#[test]
fn a_save_that_changes_nothing_tells_nobody() {
    let preview = Preview::of(site());
    let a = preview.open("/z/a.html");
    let text = preview.site.read("content/z/a.md");
    preview.site.put("content/z/a.md", &text);
    fs::set_permissions(
        preview.site.path("content/z/a.md"),
        fs::metadata(preview.site.path("content/z/b.md")).unwrap().permissions(),
    )
    .unwrap();
    preview.site.put("content/z/.a.md.swp", "x");
    preview.site.put("notes.txt", "x");
    a.hears_nothing();
}

#[test]
fn an_edit_of_a_spreadsheet_reloads_the_records_that_it_changes() {
    let spec = "records: {file: r.csv, key: 编号, title: 名称, pages: true, columns: [名称]}";
    let csv = "编号,名称,备注\nr1,子,无\nr2,丑,无\nr3,寅,无\nr4,卯,无\n";
    let preview = Preview::of(site().file("content/x/_index.md", channel("清单", spec)).file("content/x/r.csv", csv));
    let [first, third, list, a] =
        ["/x/record/r1.html", "/x/record/r3.html", "/x/", "/z/a.html"].map(|path| preview.open(path));
    preview.site.put("content/x/r.csv", csv.replace("r3,寅,无", "r3,寅,有"));
    assert_eq!(third.next(), "reload");
    [&first, &list, &a].iter().for_each(|reader| reader.hears_nothing());
    assert!(preview.page("/x/record/r3.html").contains("<dd>有</dd>"));
    // another record
    preview.site.put("content/x/r.csv", csv.replace("r4", "r5"));
    assert_eq!(list.next(), "reload");
    assert!(preview.page("/x/").contains("record/r5.html"));
    assert_eq!(preview.get("/x/record/r4.html").status, 404);
    assert!(preview.page("/x/record/r5.html").contains("<h1>卯</h1>"));
    // one that is wrong is told, and mended
    preview.site.put("content/x/r.csv", csv.replace("r4", "r1"));
    preview.until("the finding", || preview.page("/x/").contains("的编号都是"));
    preview.site.put("content/x/r.csv", csv);
    preview.until("the end of it", || !preview.page("/x/").contains("的编号都是"));
    assert_eq!(preview.get("/x/record/r4.html").status, 200);
}

#[test]
fn a_burst_of_files_is_one_rebuild() {
    let preview = Preview::of(site());
    let turn = preview.server.turn();
    let list = preview.open("/z/");
    for n in 0..1000 {
        preview.site.put(&format!("content/z/n{}/f{n}.md", n % 7), doc(&format!("新{n}"), "2015-01-01", ""));
    }
    assert_eq!(list.next(), "reload");
    assert_eq!(rest(&preview), turn + 1, "{:#?}", preview.told());
    assert!(
        preview.told().last().unwrap().contains("1005 documents")
            || preview.told().last().unwrap().contains("1004 documents")
    );
    assert!(preview.page("/z/n3/f3.html").contains("新3"));
    // a checkout takes them away again and changes others
    for n in 0..7 {
        preview.site.remove(&format!("content/z/n{n}"));
    }
    preview.site.edit("content/z/b.md", "乙的正文。", "乙的新正文。");
    preview.until("the checkout", || preview.get("/z/n3/f3.html").status == 404);
    assert!(preview.page("/z/b.html").contains("乙的新正文。"));
    assert_eq!(rest(&preview), turn + 2, "{:#?}", preview.told());
}

#[test]
fn every_way_to_save_is_noticed() {
    let preview = Preview::of(site());
    let open = |path: &str| preview.open(path);
    // a new file that takes the old one's name, as vim and others save
    let a = open("/z/a.html");
    preview.site.put("content/z/.a.md.new", doc_with("甲", "2014-12-04", "", "换名保存"));
    preview.site.rename("content/z/.a.md.new", "content/z/a.md");
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("换名保存"));
    // the old one is put aside first, as emacs does
    let a = open("/z/a.html");
    preview.site.rename("content/z/a.md", "content/z/a.md~");
    preview.site.put("content/z/a.md", doc_with("甲", "2014-12-04", "", "留底保存"));
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("留底保存"));
    // renamed
    let (old, new) = (open("/z/a.html"), preview.open("/z/aa.html"));
    preview.site.rename("content/z/a.md", "content/z/aa.md");
    assert_eq!((old.next(), new.next()), ("reload", "reload"));
    assert_eq!((preview.get("/z/a.html").status, preview.get("/z/aa.html").status), (404, 200));
    // deleted
    let (gone, list) = (open("/z/aa.html"), open("/z/"));
    preview.site.remove("content/z/aa.md");
    assert_eq!((gone.next(), list.next()), ("reload", "reload"));
    assert_eq!(preview.get("/z/aa.html").status, 404);
    // written piece by piece
    let b = open("/z/b.html");
    let text = doc_with("乙", "2014-12-05", "", &"很长的正文。\n\n".repeat(200)) + "完。\n";
    let mut file = fs::File::create(preview.site.path("content/z/b.md")).unwrap();
    for piece in text.as_bytes().chunks(2000) {
        std::io::Write::write_all(&mut file, piece).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
    drop(file);
    assert_eq!(b.next(), "reload");
    preview.until("the whole text", || preview.get("/z/b.html").text().contains("完。"));
}

#[test]
fn new_folders_and_whole_folders_are_noticed() {
    let preview = Preview::of(site());
    let home = preview.open("/");
    fs::create_dir_all(preview.site.path("content/x/w/v")).unwrap();
    preview.site.put("content/x/_index.md", channel("新栏", ""));
    preview.site.put("content/x/w/v/f.md", doc("己", "2015-02-03", ""));
    assert_eq!(home.next(), "reload");
    preview.until("the new document", || preview.get("/x/w/v/f.html").status == 200);
    // below a folder that came later
    let f = preview.open("/x/w/v/f.html");
    preview.site.edit("content/x/w/v/f.md", "己的正文。", "己的新正文。");
    assert_eq!(f.next(), "reload");
    // moved with all that is in it
    let f = preview.open("/x/w/v/f.html");
    preview.site.rename("content/x/w", "content/x/u");
    assert_eq!(f.next(), "reload");
    assert_eq!(preview.get("/x/u/v/f.html").status, 200);
    let f = preview.open("/x/u/v/f.html");
    preview.site.edit("content/x/u/v/f.md", "己的新正文。", "己的又新正文。");
    assert_eq!(f.next(), "reload");
    // all content goes and comes back
    let f = preview.open("/x/u/v/f.html");
    preview.site.rename("content", "put-aside");
    assert_eq!(f.next(), "findings");
    preview.site.rename("put-aside", "content");
    assert_eq!(f.next(), "findings");
    preview.site.edit("content/x/u/v/f.md", "己的又新正文。", "己的第四种正文。");
    assert_eq!(f.next(), "reload");
    assert!(preview.page("/x/u/v/f.html").contains("己的第四种正文。"));
}

#[test]
fn theme_tables_files_and_settings_are_watched() {
    let preview = Preview::of(site());
    let a = preview.open("/z/a.html");
    // a folder that was not there when the preview began
    preview.site.put("templates/assets/site.css", "body { color: black }");
    assert_eq!(a.next(), "reload");
    let css = preview.page("/z/a.html");
    let css = css.split("href=\"../assets/site.").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(preview.page(&format!("/assets/site.{css}")), "body { color: black }");
    let a = preview.open("/z/a.html");
    preview.site.put("templates/partials/facts.html", "<p>新的页脚</p>\n");
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("新的页脚"));
    let a = preview.open("/z/a.html");
    preview.site.edit("site.toml", "name = \"示例县人民政府\"", "name = \"改名县人民政府\"");
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("改名县人民政府"));
    let a = preview.open("/z/a.html");
    preview.site.put("content/_data/organizations.yaml", "- name: 县政府办公室\n  aliases: [县政府办]\n");
    assert_eq!(a.next(), "reload");
    preview.site.put("static/b.txt", "静态");
    preview.until("the file", || preview.get("/b.txt").status == 200);
    preview.site.put("static/b.txt", "又一个");
    preview.until("the file's bytes", || preview.get("/b.txt").text() == "又一个");
}

#[test]
fn an_error_keeps_the_last_good_page_and_goes_by_itself() {
    let preview = Preview::of(site());
    let (a, b) = (preview.open("/z/a.html"), preview.open("/z/b.html"));
    let good = preview.site.read("content/z/a.md");
    preview.site.put(
        "content/z/a.md",
        good.replace("title: 甲", "title: 甲\ntitel: <script>alert(1)</script>").replace("正文", "坏"),
    );
    assert_eq!((a.next(), b.next()), ("findings", "findings"));
    let page = preview.page("/z/a.html");
    assert!(page.contains("甲的正文。") && !page.contains("甲的坏"), "{page}");
    for text in ["1 个错误", "G011", "content/z/a.md:3:1", "未知字段“titel”", "显示的是上一次正确的网页", "建议："]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"), "{page}");
    assert!(preview.page("/z/b.html").contains("content/z/a.md:3:1"));
    // a second error, and one of them is mended: the panel follows
    preview.site.edit("content/z/b.md", "published: 2014-12-05", "published: 2014-13-05");
    assert_eq!(a.next(), "findings");
    assert!(preview.page("/z/c.html").contains("2 个错误"));
    preview.site.put("content/z/a.md", &good);
    assert_eq!(a.next(), "findings");
    preview.site.edit("content/z/b.md", "published: 2014-13-05", "published: 2014-12-05");
    assert_eq!((a.next(), b.next()), ("findings", "findings"));
    assert!(!preview.page("/z/a.html").contains("个错误"));
    // mended into something else
    preview.site.put("content/z/a.md", good.replace("published: 2014-12-04\n", ""));
    assert_eq!(a.next(), "findings");
    preview.site.put("content/z/a.md", good.replace("甲的正文。", "甲的好正文。"));
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("甲的好正文。"));
}

#[test]
fn a_page_that_nobody_had_seen_says_what_is_wrong_with_it() {
    let preview = Preview::of(site());
    preview.site.edit("content/z/a.md", "title: 甲", "titel: 甲");
    preview.until("the error", || preview.get("/z/b.html").text().contains("个错误"));
    let page = preview.get("/z/a.html");
    assert!(page.text().contains("未知字段“titel”") && page.text().contains("本地预览·未发布"), "{}", page.text());
    let a = preview.open("/z/a.html");
    preview.site.edit("content/z/a.md", "titel: 甲", "title: 甲");
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("甲的正文。"));
}

#[test]
fn a_template_that_fails_keeps_what_was_shown() {
    let preview = Preview::of(site());
    let a = preview.open("/z/a.html");
    preview.site.put("templates/document.html", "{% extends \"base.html\" %}{% block main %}{{ doc.title }");
    assert_eq!(a.next(), "findings");
    let page = preview.page("/z/a.html");
    assert!(page.contains("甲的正文。") && page.contains("G072") && page.contains("templates/document.html"), "{page}");
    preview.site.put(
        "templates/document.html",
        "{% extends \"base.html\" %}{% block main %}{{ doc.nothing.here }}{% endblock %}",
    );
    preview.until("the fault while rendering", || preview.get("/z/a.html").text().contains("上一次显示的样子"));
    assert_eq!(preview.get("/z/b.html").status, 500);
    let b = preview.open("/z/b.html");
    preview.site.put(
        "templates/document.html",
        "{% extends \"base.html\" %}{% block main %}好：{{ doc.title }}{% endblock main %}",
    );
    assert_eq!(b.next(), "reload");
    assert!(preview.page("/z/b.html").contains("好：乙"));
}

#[test]
fn without_a_first_site_the_page_waits_for_one() {
    let preview = Preview::of(site().file("content/z/a.md", doc("甲", "2014-13-04", "")));
    let reply = preview.get("/z/b.html");
    assert_eq!(reply.status, 503);
    for text in ["网站还不能显示", "G015", "content/z/a.md:4:12", "本地预览·未发布"] {
        assert!(reply.text().contains(text), "{text} in {}", reply.text());
    }
    let b = preview.open("/z/b.html");
    preview.site.edit("content/z/a.md", "2014-13-04", "2014-12-04");
    assert_eq!(b.next(), "reload");
    assert!(preview.page("/z/b.html").contains("乙的正文。"));
}

#[test]
fn a_site_whose_settings_go_away_stays() {
    let preview = Preview::of(site());
    let a = preview.open("/z/a.html");
    preview.site.remove("site.toml");
    assert_eq!(a.next(), "findings");
    let page = preview.page("/z/a.html");
    assert!(page.contains("找不到网站的配置文件") && page.contains("甲的正文。"), "{page}");
    preview.site.put("site.toml", SITE_TOML);
    assert_eq!(a.next(), "findings");
    assert!(!preview.page("/z/a.html").contains("找不到网站的配置文件"));
}

#[test]
fn a_reader_who_comes_late_hears_at_once() {
    let preview = Preview::of(site());
    let html = preview.get("/z/a.html").text();
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    preview.until("the rebuild", || preview.get("/z/a.html").text().contains("甲的新正文。"));
    assert_eq!(super::client::Reader::of(preview.address(), html).next(), "reload");
    // and one who is up to date hears nothing
    preview.open("/z/a.html").hears_nothing();
}

#[test]
fn many_readers_come_and_go() {
    let preview = Preview::of(site());
    let readers: Vec<_> = (0..100).map(|_| preview.open("/z/a.html")).collect();
    preview.until("all", || preview.server.readers() == 100);
    let (gone, stay) = readers.into_iter().enumerate().partition::<Vec<_>, _>(|(at, _)| at % 2 == 0);
    gone.into_iter().for_each(|(_, reader)| reader.close());
    preview.until("half of them", || preview.server.readers() == 50);
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    for (_, reader) in &stay {
        assert_eq!(reader.next(), "reload");
    }
    drop(stay.into_iter().map(|(_, reader)| reader.close()).collect::<Vec<_>>());
    preview.until("nobody", || preview.server.readers() == 0);
}

#[test]
fn a_new_day_publishes_what_was_scheduled() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static LATER: AtomicBool = AtomicBool::new(false);
    fn today() -> gongkai::model::Moment {
        gongkai::model::Moment::parse(if LATER.load(Ordering::SeqCst) { "2026-12-01" } else { "2026-11-30" }).unwrap()
    }
    let site = site().file("content/z/f.md", doc("未来", "2026-12-01", ""));
    let setup = gongkai::serve::Setup { today: Some(today), ..setup(&site) };
    let preview = Preview::with(site, setup);
    assert!(preview.page("/z/f.html").contains("将于 2026-12-01 公开"));
    LATER.store(true, Ordering::SeqCst);
    // noticed with the next change at the latest
    preview.site.edit("content/z/b.md", "乙的正文。", "乙的新正文。");
    preview.until("the day", || !preview.get("/z/f.html").text().contains("将于 2026-12-01 公开"));
}

#[test]
fn a_rebuild_that_fails_altogether_is_not_the_last() {
    let site = site();
    let setup = setup(&site);
    let preview = Preview::and(site, setup, |line| assert!(!line.contains("5 documents"), "a failure of the program"));
    preview.site.put("content/z/f.md", doc("己", "2014-12-08", ""));
    preview.until("the failure", || preview.told().last().is_some_and(|line| line.contains("5 documents")));
    assert!(preview.page("/z/a.html").contains("甲的正文。"));
    let a = preview.open("/z/a.html");
    preview.site.put("content/z/g.md", doc("庚", "2014-12-08", ""));
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    assert_eq!(a.next(), "reload");
    assert_eq!(preview.get("/z/g.html").status, 200);
}
