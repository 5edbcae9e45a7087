//! `--share`: other machines may ask, if they know the secret.

use gongkai::serve::Setup;

use super::client::{Preview, Reader, setup};
use crate::site_test::{SiteTest, doc};

fn shared() -> Preview {
    let site = SiteTest::new().file("content/a.md", doc("甲", "2014-12-04", "draft: true"));
    let setup = Setup { share: true, ..setup(&site) };
    Preview::with(site, setup)
}

#[test]
fn without_the_secret_nothing_is_answered() {
    let preview = shared();
    let (here, _) = preview.server.urls();
    let token = here.split("?token=").nth(1).expect("a secret").to_owned();
    assert_eq!(token.len(), 32);
    for path in ["/", "/a.html", "/none", "/.gongkai/serve.js", "/.gongkai/news?page=a.html", "/?token=", "/?token=0"] {
        let reply = preview.get(path);
        assert_eq!(reply.status, 403, "{path}");
        assert!(!reply.text().contains("甲"), "{path}");
    }
    for cookie in ["gongkai=1", &format!("gongkai-{}=", preview.port()), &format!("gongkai-1={token}")] {
        assert_eq!(preview.get_with("/", &format!("Cookie: {cookie}\r\n")).status, 403, "{cookie}");
    }
    // with it there is a cookie, so that links work
    let reply = preview.get(&format!("/a.html?token={token}"));
    assert_eq!(reply.status, 200);
    let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(reply.text().contains("url=/a.html\"") && !reply.text().contains(&token), "{}", reply.text());
    let cookie = format!("Cookie: other=1; {}\r\n", cookie.split(';').next().unwrap());
    let page = preview.get_with("/a.html", &cookie);
    assert!(page.status == 200 && page.text().contains("甲") && !page.text().contains(&token));
    assert!(page.header("set-cookie").is_none());
}

#[test]
fn addresses_in_digits_are_ours_and_names_are_not() {
    let preview = shared();
    let (here, _) = preview.server.urls();
    let query = here.split('?').nth(1).unwrap().to_owned();
    let host = |host: &str| {
        preview.send(format!("GET /?{query} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status
    };
    let port = preview.port();
    assert_eq!(host(&format!("192.168.1.7:{port}")), 200);
    assert_eq!(host(&format!("[fe80::1]:{port}")), 200);
    assert_eq!(host("192.168.1.7:1"), 421);
    assert_eq!(host(&format!("evil.example:{port}")), 421);
    assert_eq!(host(&format!("192.168.1.7.evil.example:{port}")), 421);
}

#[test]
fn pages_still_hear_of_changes() {
    let preview = shared();
    let (here, _) = preview.server.urls();
    let token = here.split("?token=").nth(1).unwrap().to_owned();
    let cookie = format!("Cookie: gongkai-{}={token}\r\n", preview.port());
    let html = preview.get_with("/a.html", &cookie).text();
    // events come with the cookie as everything does
    assert!(!html.is_empty());
    let address = preview.address();
    let path = super::client::events_path(&html);
    let refused = preview.get_with(&path, &format!("Referer: http://{address}/\r\n"));
    assert_eq!(refused.status, 403);
    let _ = Reader::with(address, html, &cookie);
}
