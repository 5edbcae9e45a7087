//! Real servers with the rules of a release: nginx and Apache on a port of their own. Where one is not installed its tests
//! say so and pass.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{OLD, Publishing, hosted};
use crate::serve::client::{PATIENCE, Reply, send};

const EVERYTHING: &str = "host = [\"nginx\", \"apache\", \"pages\", \"s3\", \"oss\"]\ncompress = [\"gz\", \"br\"]\n\
[[publish.web.rules]]\nmatch = \"tables/?ong.csv\"\ncache = \"no-cache\"\n\
[[publish.web.rules]]\nmatch = \"tables/**\"\ntype = \"text/x-table; charset=utf-8\"\n\
[[publish.web.rules]]\nmatch = \"**/a.pdf\"\ncache = \"private, max-age=5\"\n";

/// A server, gone when this is.
pub struct Served {
    process: Child,
    address: SocketAddr,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Served {
    /// Waits until it answers.
    fn start(mut command: Command, address: SocketAddr, log: &Path) -> Self {
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut served = Self { process, address };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            let log = || fs::read_to_string(log).unwrap_or_default();
            assert!(served.process.try_wait().unwrap().is_none(), "it ended: {}", log());
            assert!(began.elapsed() < PATIENCE, "it does not answer: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
        served
    }

    pub fn get(&self, path: &str, headers: &str) -> Reply {
        send(
            self.address,
            format!("GET {path} HTTP/1.1\r\nHost: www.example.gov.cn\r\nConnection: close\r\n{headers}\r\n").as_bytes(),
        )
    }
}

/// A port that was free a moment ago.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn installed(name: &str, places: &[&str]) -> Option<PathBuf> {
    let found = places.iter().map(PathBuf::from).find(|path| path.exists());
    if found.is_none() {
        println!("skipped: {name} is not installed");
    }
    found
}

fn nginx() -> Option<PathBuf> {
    installed("nginx", &["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"])
}

/// The root of the host: the site itself, or what holds it under the folder of its address.
fn root(publishing: &Publishing, folder: &Path) -> PathBuf {
    let current = publishing.path("current");
    if !publishing.site.read("site.toml").contains("/xxgk/") {
        return current;
    }
    let root = folder.join("root");
    fs::create_dir_all(root.join("xxgk")).unwrap();
    std::os::unix::fs::symlink(current, root.join("xxgk/站")).unwrap();
    root
}

/// What whoever runs nginx writes by hand, in a folder of its own.
fn nginx_config(publishing: &Publishing, folder: &Path, address: SocketAddr) -> PathBuf {
    let (current, root) = (publishing.path("current"), root(publishing, folder));
    let (folder, current, root) = (folder.display(), current.display(), root.display());
    let text = format!(
        "daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log {folder}/log warn;\nevents {{ worker_connections 64; }}\n\
         http {{\naccess_log off;\nclient_body_temp_path {folder}/1;\nproxy_temp_path {folder}/2;\nfastcgi_temp_path {folder}/3;\n\
         uwsgi_temp_path {folder}/4;\nscgi_temp_path {folder}/5;\nserver {{\nlisten {address};\nserver_name www.example.gov.cn;\n\
         root \"{root}\";\ninclude \"{current}/.host/nginx.conf\";\n}}\n}}\n"
    );
    let path = PathBuf::from(format!("{folder}/nginx.conf"));
    fs::write(&path, text).unwrap();
    path
}

/// nginx with the rules of a release, which it finds nothing wrong with.
pub fn with_nginx(publishing: &Publishing, folder: &Path) -> Option<Served> {
    let (program, address) = (nginx()?, free());
    let config = nginx_config(publishing, folder, address);
    let command = |more: &[&str]| {
        let mut command = Command::new(&program);
        command.arg("-c").arg(&config).arg("-p").arg(folder).arg("-e").arg(folder.join("log")).args(more);
        command
    };
    let tested = command(&["-t"]).output().unwrap();
    let said = String::from_utf8_lossy(&tested.stderr);
    assert!(tested.status.success() && !said.contains("[warn]"), "{said}");
    Some(Served::start(command(&[]), address, &folder.join("log")))
}

/// Apache the same way.
pub fn with_apache(publishing: &Publishing, folder: &Path) -> Option<Served> {
    let program = installed("Apache", &["/usr/sbin/apache2", "/usr/sbin/httpd"])?;
    let modules = installed("Apache's modules", &["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"])?;
    let (address, root) = (free(), root(publishing, folder));
    open_to_all(publishing.target().parent().unwrap());
    open_to_all(folder);
    let loaded = ["mpm_event", "authz_core", "dir", "mime", "headers", "setenvif", "rewrite"]
        .map(|name| format!("LoadModule {name}_module \"{}/mod_{name}.so\"\n", modules.display()));
    let (folder, root) = (folder.display(), root.display());
    fs::write(format!("{folder}/types"), "text/html html\ntext/csv csv\napplication/gzip gz\n").unwrap();
    let config = format!("{folder}/httpd.conf");
    let text = format!(
        "ServerRoot \"{folder}\"\nListen {address}\nServerName www.example.gov.cn\nPidFile \"{folder}/pid\"\nErrorLog \"{folder}/log\"\n\
         User nobody\nGroup nogroup\nMutex \"file:{folder}\" default\n{}TypesConfig \"{folder}/types\"\nDocumentRoot \"{root}\"\n\
         <Directory />\nAllowOverride All\nRequire all granted\n</Directory>\n",
        loaded.concat()
    );
    fs::write(&config, text).unwrap();
    let mut command = Command::new(program);
    command.args(["-X", "-f", &config]);
    Some(Served::start(command, address, &PathBuf::from(format!("{folder}/log"))))
}

/// Apache reads as somebody else.
pub fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

pub fn encoded(path: &str) -> String {
    let bytes = path.bytes().map(|byte| match byte {
        b'/' | b'.' | b'-' | b'_' | b'a'..=b'z' | b'0'..=b'9' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    });
    bytes.collect()
}

/// What holds of every server.
fn obeys(served: &Served, publishing: &Publishing) {
    let live = publishing.live();
    let ok = |path: &str| {
        let reply = served.get(path, "");
        assert_eq!(reply.status, 200, "{path}: {}", reply.head);
        reply
    };
    let page = ok("/z/long.html");
    assert!(page.body == live["z/long.html"]);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("public, max-age=60, must-revalidate"), "{}", page.head);
    assert_eq!(page.header("vary"), Some("Accept-Encoding"), "{}", page.head);
    assert_eq!(page.head.to_lowercase().matches("cache-control").count(), 1, "{}", page.head);
    // a folder is its first page
    for path in ["/", "/z/"] {
        let page = ok(path);
        assert!(page.body == live[&format!("{}index.html", &path[1..])], "{path}");
        assert_eq!(page.header("cache-control"), Some("public, max-age=60, must-revalidate"), "{path}: {}", page.head);
    }
    for page in [&page, &ok("/"), &served.get("/nothing.html", ""), &served.get("/old/one.html", "")] {
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "x-frame-options",
            "permissions-policy",
            "strict-transport-security",
        ] {
            assert_eq!(page.head.to_lowercase().matches(&format!("\n{name}: ")).count(), 1, "{name}: {}", page.head);
        }
    }
    let css = live.keys().find(|path| path.starts_with("assets/") && path.ends_with(".css")).unwrap();
    let css = ok(&format!("/{css}"));
    assert_eq!(css.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(css.header("content-type"), Some("text/css; charset=utf-8"));
    let pdf = ok("/z/a.pdf");
    assert_eq!(
        (pdf.header("cache-control"), pdf.header("content-type")),
        (Some("private, max-age=5"), Some("application/pdf"))
    );
    let table = ok("/tables/long.csv");
    assert_eq!(
        (table.header("cache-control"), table.header("content-type")),
        (Some("no-cache"), Some("text/x-table; charset=utf-8")),
        "{}",
        table.head
    );
    assert_eq!(ok("/sitemap.xml").header("cache-control"), Some("public, max-age=600, must-revalidate"));
    for path in [
        "/nothing.html",
        "/no/such/",
        "/.host/nginx.conf",
        "/.htaccess",
        "/_headers",
        "/_redirects",
        "/z/.x",
        "/tables/",
    ] {
        let reply = served.get(path, "");
        assert_eq!(reply.status, 404, "{path}: {}", reply.head);
        assert!(reply.body == live["404.html"], "{path}: {}", reply.text());
    }
    for old in OLD {
        let decoded = old.replace("%25", "%").replace("%E4%B8%80", "一");
        for path in [encoded(&decoded), old.replace(' ', "%20")] {
            let reply = served.get(&path, "");
            assert_eq!(reply.status, 301, "{path}: {}", reply.head);
            let to = reply.header("location").unwrap();
            assert!(to == "/z/long.html" || to == "http://www.example.gov.cn/z/long.html", "{path}: {to}");
        }
    }
    assert_eq!(served.get("/old/folder/index.html", "").status, 301);
}

/// A copy is sent to who can read it.
fn sends_copies(served: &Served, publishing: &Publishing, coding: &str, end: &str) {
    let live = publishing.live();
    for (path, file) in [("/z/long.html", "z/long.html"), ("/", "index.html"), ("/tables/long.csv", "tables/long.csv")]
    {
        let reply = served.get(path, &format!("Accept-Encoding: {coding}, x\r\n"));
        assert_eq!((reply.status, reply.header("content-encoding")), (200, Some(coding)), "{path}: {}", reply.head);
        assert!(reply.body == live[&format!("{file}.{end}")], "{path}");
        let plain = served.get(path, "Accept-Encoding: identity\r\n");
        assert_eq!(plain.header("content-encoding"), None, "{path}: {}", plain.head);
        for name in ["content-type", "cache-control", "content-security-policy", "vary"] {
            assert_eq!(reply.header(name), plain.header(name), "{path} {name}: {}", reply.head);
        }
    }
    let refused = served.get("/z/long.html", &format!("Accept-Encoding: {coding};q=0\r\n"));
    assert_eq!(refused.header("content-encoding"), None);
    let lost = served.get("/nothing.html", &format!("Accept-Encoding: {coding}\r\n"));
    assert_eq!(lost.status, 404, "{}", lost.head);
}

#[test]
fn nginx_serves_a_release_as_its_rules_say() {
    let publishing = hosted(EVERYTHING);
    publishing.publish();
    let folder = crate::site_test::temporary();
    let Some(served) = with_nginx(&publishing, folder.path()) else { return };
    obeys(&served, &publishing);
    sends_copies(&served, &publishing, "gzip", "gz");
    // a further release is served from the same root at once
    publishing.site.edit("content/z/long.md", "长文", "更长的文");
    publishing.publish();
    assert!(served.get("/z/long.html", "").body == publishing.live()["z/long.html"]);
}

#[test]
fn apache_serves_a_release_as_its_rules_say() {
    let publishing = hosted(EVERYTHING);
    publishing.publish();
    let folder = crate::site_test::temporary();
    let Some(served) = with_apache(&publishing, folder.path()) else { return };
    obeys(&served, &publishing);
    sends_copies(&served, &publishing, "gzip", "gz");
    sends_copies(&served, &publishing, "br", "br");
}

#[test]
fn nginx_takes_ten_thousand_old_addresses() {
    let publishing = hosted("host = [\"nginx\"]\n");
    for group in 0..50 {
        let many: String = (0..200).map(|n| format!("  - /旧站/art/{group}/art_{n}.html\n")).collect();
        let doc = crate::site_test::doc(&format!("多{group}"), "2014-12-01", &format!("aliases:\n{many}"));
        publishing.site.put(&format!("content/z/many{group}.md"), doc);
    }
    publishing.publish();
    let folder = crate::site_test::temporary();
    let Some(served) = with_nginx(&publishing, folder.path()) else { return };
    let reply = served.get(&encoded("/旧站/art/7/art_199.html"), "");
    assert_eq!((reply.status, reply.header("location")), (301, Some("/z/many7.html")));
}

#[test]
fn a_site_below_the_root_of_its_host_is_served_the_same_way() {
    let publishing = hosted(EVERYTHING);
    publishing.site.edit("site.toml", ".gov.cn\"", ".gov.cn/xxgk/站\"");
    publishing.publish();
    let live = publishing.live();
    for start in [with_nginx, with_apache] {
        let folder = crate::site_test::temporary();
        let Some(served) = start(&publishing, folder.path()) else { continue };
        let below = encoded("/xxgk/站");
        let page = served.get(&format!("{below}/"), "Accept-Encoding: gzip\r\n");
        assert_eq!((page.status, page.header("content-encoding")), (200, Some("gzip")), "{}", page.head);
        assert!(page.body == live["index.html.gz"]);
        let moved = served.get(&format!("{below}/old/one.html"), "");
        assert_eq!(
            (moved.status, moved.header("location").map(|to| to.ends_with("/xxgk/%E7%AB%99/z/long.html"))),
            (301, Some(true))
        );
        let table = served.get(&format!("{below}/tables/long.csv"), "");
        assert_eq!(
            (table.header("cache-control"), table.header("content-type")),
            (Some("no-cache"), Some("text/x-table; charset=utf-8")),
            "{}",
            table.head
        );
        let lost = served.get(&format!("{below}/nothing.html"), "");
        assert!(lost.status == 404 && lost.body == live["404.html"], "{}", lost.head);
        assert_eq!(served.get(&format!("{below}/.host/nginx.conf"), "").status, 404);
    }
}
