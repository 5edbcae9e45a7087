//! The request matrix (trust C6): what is answered, and what is not, byte by byte over the socket.

use std::os::unix::fs::symlink;

use super::client::{Preview, events_path, setup};
use crate::site_test::{PDF, PNG, SiteTest, channel, doc, doc_with};

const SECRET: &str = "绝密内容";

/// A site with every kind of output, and secrets beside it.
fn site() -> SiteTest {
    SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", "attachments: [表.pdf, b.csv]"))
        .file("content/z/表.pdf", PDF)
        .file("content/z/b.csv", "a,b\n")
        .file("content/z/d/index.md", doc_with("丁", "2014-12-04", "", "![图](图.png)"))
        .file("content/z/d/图.png", PNG)
        .file("static/a.zip", "PK\u{3}\u{4}")
        .file("static/page.html", "<!doctype html><html><head><title>x</title></head><body>静态</body></html>")
        .file("static/.well-known/security.txt", "Contact: x")
        .file(".git/config", SECRET)
        .file("content/.secret.md", SECRET)
        .file("secret.txt", SECRET)
        .file("content/z/no.md", doc_with("不", "2014-12-04", "disclosure: 不予公开", SECRET))
}

/// Request line and headers, to the end.
fn raw(line: &str, headers: &str) -> String {
    format!("{line}\r\n{headers}Connection: close\r\n\r\n")
}

#[test]
fn only_our_own_names_are_answered() {
    let preview = Preview::of(site());
    let port = preview.port();
    let host = |host: &str| preview.send(raw("GET / HTTP/1.1", &format!("Host: {host}\r\n")));
    for own in
        [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("LOCALHOST:{port}"), format!("[::1]:{port}")]
    {
        assert_eq!(host(&own).status, 200, "{own}");
    }
    let others = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
        format!("127.0.0.1.evil.example:{port}"),
        format!("192.168.1.7:{port}"),
        format!("localhost.:{port}"),
        format!("user@localhost:{port}"),
        format!("localhost:{port}, evil.example"),
        format!("0.0.0.0:{port}"),
        String::new(),
        "\u{e9}\u{301}".to_owned(),
    ];
    for other in others {
        let reply = host(&other);
        assert!(matches!(reply.status, 421 | 400), "{other:?}: {}", reply.head);
        assert!(reply.body.is_empty(), "{other:?}: {}", reply.text());
    }
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    let without = preview.send(raw("GET / HTTP/1.1", ""));
    let old = preview.send(raw("GET / HTTP/1.0", ""));
    let twice = preview.send(raw("GET / HTTP/1.1", &format!("{own}{own}")));
    let twice_other = preview.send(raw("GET / HTTP/1.1", &format!("{own}Host: evil.example\r\n")));
    for reply in [without, old, twice, twice_other] {
        assert!(matches!(reply.status, 421 | 400) && reply.body.is_empty(), "{} {}", reply.head, reply.text());
    }
    assert_eq!(preview.send(raw("GET / HTTP/1.0", &own)).status, 200);
    // an address in absolute form names a host, too
    let absolute = |address: &str| preview.send(raw(&format!("GET {address} HTTP/1.1"), &own)).status;
    assert_eq!(absolute(&format!("http://127.0.0.1:{port}/")), 200);
    assert!(matches!(absolute("http://evil.example/"), 421 | 400));
    assert!(matches!(absolute(&format!("http://evil.example:{port}/")), 421 | 400));
    let misled = raw(&format!("GET http://127.0.0.1:{port}/ HTTP/1.1"), "Host: evil.example\r\n");
    assert_eq!(preview.send(misled).status, 421);
}

#[test]
fn a_name_that_was_allowed_is_answered_at_any_port() {
    let site = site();
    let setup = gongkai::serve::Setup { hosts: vec!["Preview.example".into()], ..setup(&site) };
    let preview = Preview::with(site, setup);
    let host = |host: &str| preview.send(raw("GET / HTTP/1.1", &format!("Host: {host}\r\n"))).status;
    assert_eq!(host("preview.example"), 200);
    assert_eq!(host("preview.example:8443"), 200);
    assert_eq!(host("other.preview.example"), 421);
    assert_eq!(host("preview.example.evil"), 421);
}

#[test]
fn pages_of_other_sites_get_nothing() {
    let preview = Preview::of(site());
    let port = preview.port();
    let own = format!("http://127.0.0.1:{port}");
    let refused = [
        "Origin: http://evil.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        format!("Origin: {own}.evil.example\r\n"),
        "Origin: http://127.0.0.1:1\r\n".to_owned(),
        "Origin: file://\r\n".to_owned(),
        format!("Origin: {own}\r\nOrigin: http://evil.example\r\n"),
        "Sec-Fetch-Site: cross-site\r\n".to_owned(),
        "Sec-Fetch-Site: same-site\r\n".to_owned(),
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n".to_owned(),
    ];
    for headers in &refused {
        for path in
            ["/", "/z/a.html", "/z/%E8%A1%A8.pdf", "/.gongkai/serve.js", "/.gongkai/news?page=index.html", "/none"]
        {
            let reply = preview.get_with(path, headers);
            assert_eq!(reply.status, 403, "{path} {headers:?}: {}", reply.head);
            assert!(!reply.text().contains("甲"), "{path} {headers:?}");
        }
    }
    for headers in ["", &format!("Origin: {own}\r\n"), "Sec-Fetch-Site: none\r\n", "Sec-Fetch-Site: same-origin\r\n"] {
        let reply = preview.get_with("/z/a.html", headers);
        assert_eq!(reply.status, 200, "{headers:?}");
        assert!(!reply.head.to_lowercase().contains("access-control"), "{}", reply.head);
    }
}

#[test]
fn events_are_for_our_own_pages_and_know_their_token() {
    let preview = Preview::of(site());
    let port = preview.port();
    let html = preview.page("/z/a.html");
    let path = events_path(&html);
    let without = preview.get(&path);
    assert_eq!(without.status, 403, "no page of ours asks");
    let own = format!("Referer: http://127.0.0.1:{port}/z/a.html\r\n");
    for headers in [
        "Origin: http://evil.example\r\n",
        "Referer: http://evil.example/\r\n",
        &format!("Referer: http://127.0.0.1:{port}.evil.example/\r\n"),
    ] {
        assert_eq!(preview.get_with(&path, headers).status, 403, "{headers}");
    }
    let token = super::client::attribute(&html, "data-token");
    for wrong in ["", "0", &token[1..], &format!("{token}0")] {
        assert_eq!(preview.get_with(&path.replace(&token, wrong), &own).status, 403, "{wrong}");
    }
    assert_eq!(preview.get_with("/.gongkai/events", &own).status, 403);
    // with all of it there is an answer without end
    let reader = super::client::Reader::of(preview.address(), html);
    preview.until("the reader", || preview.server.readers() == 1);
    reader.close();
    preview.until("the reader's end", || preview.server.readers() == 0);
}

#[test]
fn no_path_leads_out_of_the_site() {
    let preview = Preview::of(site());
    let paths = [
        "/../secret.txt",
        "/..",
        "/../",
        "/z/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%5c..%5csecret.txt",
        "//etc/passwd",
        "///etc/passwd",
        "/%2fetc/passwd",
        "/etc/passwd",
        "/C:/Windows/win.ini",
        "/c:%5cwindows",
        "/file:///etc/passwd",
        "/.git/config",
        "/.git/",
        "/z/.git/config",
        "/.gongkai/cache",
        "/.gongkai/",
        "/.gongkai",
        "/.gongkai/../secret.txt",
        "/.gongkai/%2e%2e/secret.txt",
        "/.secret.md",
        "/content/.secret.md",
        "/secret.txt",
        "/site.toml",
        "/content/z/no.md",
        "/z/no.html",
        "/z/a.html/..",
        "/z/a.html/",
        "/z/./a.html",
        "/%00",
        "/z/a.html%00",
        "/z/a%00.html",
        "/%0d%0aSet-Cookie:x",
        "/%ff%fe",
        "/%c0%ae%c0%ae/secret.txt",
        "/%e0%80%ae/",
        "/%",
        "/%2",
        "/%zz",
        "/z/a.html%20",
        "/z/a.html.",
        "/Z/A.HTML",
        "/z/%e2%80%ae",
        "/~/secret.txt",
        "/a/../../../../etc/passwd",
    ];
    for path in paths {
        let reply = preview.get(path);
        assert!(matches!(reply.status, 404 | 400), "{path}: {}", reply.head);
        let text = reply.text();
        assert!(!text.contains(SECRET) && !text.contains("root:") && !text.contains("[site]"), "{path}: {text}");
        assert!(reply.header("set-cookie").is_none(), "{path}");
    }
    let long = format!("/{}", "a".repeat(20_000));
    assert!(matches!(preview.get(&long).status, 414 | 404 | 400));
    let endless = format!("/{}", "a".repeat(200_000));
    assert!(matches!(preview.get(&endless).status, 414 | 431 | 400 | 0));
    // what is no request at all ends the connection, and the preview goes on
    for bytes in [
        &b"\x00\x01\x02\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n\r\n\r\n",
    ] {
        let mut request = bytes.to_vec();
        request.extend_from_slice(b"\r\n\r\n");
        let reply = preview.send(&request);
        assert!(matches!(reply.status, 0 | 400 | 404 | 421 | 505), "{bytes:?}: {}", reply.head);
    }
    let many = (0..500).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    assert!(matches!(preview.get_with("/", &many).status, 431 | 400 | 0));
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn folders_are_never_listed() {
    let preview = Preview::of(site());
    assert_eq!(preview.get("/z/").status, 200);
    let reply = preview.get("/z");
    assert_eq!((reply.status, reply.header("location")), (302, Some("/z/")));
    for folder in ["/z/d/", "/z/d", "/assets/", "/assets"] {
        let reply = preview.get(folder);
        assert_eq!(reply.status, 404, "{folder}");
        assert!(!reply.text().contains("png") && !reply.text().contains(".css\">site"), "{folder}: {}", reply.text());
    }
}

#[test]
fn nothing_can_be_changed() {
    let preview = Preview::of(site());
    let own = format!("Host: 127.0.0.1:{}\r\n", preview.port());
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "X"] {
        let target = if method == "CONNECT" { format!("127.0.0.1:{}", preview.port()) } else { "/".to_owned() };
        let reply = preview.send(raw(&format!("{method} {target} HTTP/1.1"), &own));
        assert!(matches!(reply.status, 405 | 400), "{method}: {}", reply.head);
        assert!(!reply.head.to_lowercase().contains("access-control"), "{method}");
    }
    let head = preview.send(raw("HEAD /z/a.html HTTP/1.1", &own));
    assert_eq!((head.status, head.body.len()), (200, 0));
    let length = head.header("content-length").unwrap().parse::<usize>().unwrap();
    assert!(length.abs_diff(preview.get("/z/a.html").body.len()) < 8, "{length}");
}

#[test]
fn every_answer_is_private_and_says_what_it_is() {
    let preview = Preview::of(site());
    let answers = [
        ("/", 200, "text/html; charset=utf-8", None),
        ("/z/a.html", 200, "text/html; charset=utf-8", None),
        ("/none", 404, "text/html; charset=utf-8", None),
        ("/..", 404, "text/plain; charset=utf-8", None),
        ("/%", 400, "text/plain; charset=utf-8", None),
        ("/page.html", 200, "text/html; charset=utf-8", None),
        ("/z/rss.xml", 200, "application/xml; charset=utf-8", None),
        ("/z/index.json", 200, "application/json; charset=utf-8", None),
        ("/z/index.csv", 200, "text/csv; charset=utf-8", None),
        ("/robots.txt", 200, "text/plain; charset=utf-8", None),
        ("/.well-known/security.txt", 200, "text/plain; charset=utf-8", None),
        ("/.gongkai/serve.js", 200, "text/javascript; charset=utf-8", None),
        ("/.gongkai/icon.svg", 200, "image/svg+xml", None),
        ("/z/%E8%A1%A8.pdf", 200, "application/pdf", Some("inline; filename*=UTF-8''%E8%A1%A8.pdf")),
        ("/z/d/%E5%9B%BE.png", 200, "image/png", Some("inline; filename*=UTF-8''%E5%9B%BE.png")),
        ("/z/b.csv", 200, "text/csv; charset=utf-8", Some("attachment; filename*=UTF-8''b.csv")),
        ("/a.zip", 200, "application/zip", Some("attachment; filename*=UTF-8''a.zip")),
    ];
    for (path, status, kind, disposition) in answers {
        let reply = preview.get(path);
        assert_eq!(reply.status, status, "{path}: {}", reply.head);
        assert_eq!(reply.header("content-type"), Some(kind), "{path}");
        assert_eq!(reply.header("content-disposition"), disposition, "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{path}");
        assert!(reply.header("x-robots-tag").unwrap().contains("noindex"), "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"), "{path}: {policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
        assert!(!reply.head.to_lowercase().contains("access-control"), "{path}");
        if kind.starts_with("text/html") {
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
            assert_eq!(reply.text().matches(&format!("nonce=\"{nonce}\"")).count(), 1, "{path}");
            assert!(reply.text().contains("本地预览·未发布"), "{path}");
        }
    }
    assert_eq!(preview.get("/z/%E8%A1%A8.pdf").body, PDF);
    let nonce = |reply: super::client::Reply| reply.header("content-security-policy").unwrap().to_owned();
    assert_ne!(nonce(preview.get("/")), nonce(preview.get("/")), "a nonce is used once");
}

#[test]
fn a_file_that_became_a_link_is_not_followed() {
    let preview = Preview::of(site());
    assert_eq!(preview.get("/z/%E8%A1%A8.pdf").status, 200);
    let secret = preview.site.path("secret.txt");
    std::fs::remove_file(preview.site.path("content/z/表.pdf")).unwrap();
    symlink(&secret, preview.site.path("content/z/表.pdf")).unwrap();
    // before or after it was noticed
    for _ in 0..50 {
        let reply = preview.get("/z/%E8%A1%A8.pdf");
        assert!(!reply.text().contains(SECRET), "{}", reply.head);
        std::thread::sleep(std::time::Duration::from_millis(4));
    }
    // a folder on the way
    std::fs::rename(preview.site.path("content/z/d"), preview.site.path("elsewhere")).unwrap();
    std::fs::write(preview.site.path("elsewhere/图.png"), SECRET).unwrap();
    symlink(preview.site.path("elsewhere"), preview.site.path("content/z/d")).unwrap();
    for _ in 0..50 {
        let reply = preview.get("/z/d/%E5%9B%BE.png");
        assert!(!reply.text().contains(SECRET), "{}", reply.head);
        std::thread::sleep(std::time::Duration::from_millis(4));
    }
}

#[test]
fn only_this_machine_can_ask() {
    let site = site();
    for address in ["0.0.0.0", "::", "192.0.2.1"] {
        let setup = gongkai::serve::Setup { listen: Some(address.parse().unwrap()), ..setup(&site) };
        let refused = gongkai::serve::Server::start(setup, Box::new(|_| {})).err().expect("refused");
        assert!(matches!(refused, gongkai::serve::Failure::NotPrivate(_)), "{address}: {refused:?}");
    }
    let preview = Preview::of(site);
    assert!(preview.server.address().ip().is_loopback());
    assert!(preview.server.urls().1.is_none());
}

/// Takes twenty seconds, beside other tests.
#[test]
fn a_request_sent_by_halves_does_not_hold_its_place_and_a_reader_does() {
    use std::io::{Read, Write};
    let preview = Preview::of(site());
    let reader = preview.open("/z/a.html");
    let mut half = std::net::TcpStream::connect(preview.address()).unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    half.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    assert!(matches!(half.read(&mut [0; 64]), Ok(0) | Err(_)));
    assert_ne!(half.read(&mut [0; 64]).map_err(|error| error.kind()), Err(std::io::ErrorKind::WouldBlock), "closed");
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    assert_eq!(reader.next(), "reload");
}

/// Takes twenty seconds, beside other tests.
#[test]
fn a_request_sent_a_byte_at_a_time_does_not_hold_its_place() {
    use std::io::{Read, Write};
    use std::time::{Duration, Instant};
    let preview = Preview::of(site());
    let mut slow = std::net::TcpStream::connect(preview.address()).unwrap();
    slow.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    // a whole request first: the time of the next one counts from its own first byte
    let request = format!("GET /z/a.html HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", preview.port());
    slow.write_all(request.as_bytes()).unwrap();
    assert!(slow.read(&mut [0; 64]).unwrap() > 0);
    while slow.read(&mut [0; 4096]).is_ok() {}
    let began = Instant::now();
    slow.write_all(b"GET / HTTP/1.1\r\nX-Slow: ").unwrap();
    let is_open = |slow: &mut std::net::TcpStream| {
        slow.write_all(b"x").is_ok()
            && slow.read(&mut [0; 64]).is_err_and(|e| e.kind() == std::io::ErrorKind::WouldBlock)
    };
    while is_open(&mut slow) {
        assert!(began.elapsed() < Duration::from_secs(40), "still open");
    }
    assert!(began.elapsed() > Duration::from_secs(15), "{:?}", began.elapsed());
    assert_eq!(preview.get("/").status, 200);
}

#[test]
fn connections_are_not_without_number() {
    use std::io::Read;
    use std::net::TcpStream;
    let preview = Preview::of(site());
    let connect = || {
        let stream = TcpStream::connect(preview.address()).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(300))).unwrap();
        stream
    };
    let is_closed = |stream: &mut TcpStream| matches!(stream.read(&mut [0; 1]), Ok(0));
    let mut held: Vec<TcpStream> = (0..512).map(|_| connect()).collect();
    let mut late = connect();
    assert!(is_closed(&mut late), "one too many");
    assert!(!is_closed(&mut held[0]) && !is_closed(&mut held[511]));
    drop(held);
    preview.until("room again", || preview.get("/").status == 200);
}

#[test]
fn the_page_for_what_is_missing_leads_to_the_preview() {
    let preview = Preview::of(site());
    let page = preview.page("/404.html");
    assert!(page.contains("href=\"/index.html\"") && page.contains("href=\"/assets/site."), "{page}");
    assert!(!page.contains("\"https://www.example.gov.cn/"), "{page}");
}
