//! Passwords and keys: where they may be, and that they are nowhere else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use super::Remote;
use super::proxy::{Trick, Trickster};
use super::servers::{PASSWORD, Server, Sort};
use crate::site_test::{temporary, tree};

/// The program without the secrets of the environment.
fn bare(remote: &Remote, arguments: &[&str]) -> super::super::Ended {
    let mut command = remote.command(arguments);
    for (name, _) in remote.server.environment().into_iter().filter(|(name, _)| name.starts_with("GONGKAI")) {
        command.env_remove(name);
    }
    super::super::ended(command.output().unwrap())
}

#[test]
fn a_secret_is_in_nothing_that_is_written_or_printed() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 5);
    let mut printed = String::new();
    for arguments in [&["publish", "web"][..], &["verify", "web"], &["releases", "web", "--format", "json"]] {
        let ended = remote.run(arguments).is(0);
        printed += &(ended.out + &ended.err);
    }
    // and one that the server does not know
    let mut command = remote.command(&["publish", "web"]);
    let wrong = super::super::ended(command.env("GONGKAI_WEB_SECRET_KEY", "wrong-secret-1234").output().unwrap()).is(2);
    printed += &(wrong.out + &wrong.err);
    for secret in [PASSWORD, "wrong-secret-1234"] {
        assert!(!printed.contains(secret), "{printed}");
        for (path, bytes) in tree(remote.site.root()).into_iter().chain(tree(&remote.server.site())) {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{path}");
        }
    }
}

#[test]
fn a_password_that_a_server_echoes_as_it_was_sent_is_not_shown() {
    let Some(server) = Server::start(Sort::Webdav) else { return };
    let remote = Remote::new(server, 5);
    let echo = Trickster::new(remote.server.port, Trick::Echo, |_, _, _| true);
    remote.reach(echo.port);
    // clerk:secret-of-the-test
    let ended = remote.run(&["publish", "web"]).is(2).says("***");
    assert!(!ended.err.contains("Y2xlcms6c2VjcmV0LW9mLXRoZS10ZXN0"), "{}", ended.err);
}

#[test]
fn without_secrets_it_is_said_where_they_may_be() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 5);
    bare(&remote, &["publish", "web"]).is(2).says("没有访问密钥：写在环境变量 GONGKAI_WEB_ACCESS_KEY 里");
}

#[test]
fn a_wrong_password_leads_to_the_variables_of_the_target() {
    for sort in [Sort::Webdav, Sort::Ftp] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 1);
        let toml = remote.site.read("site.toml").replace("[publish.web]", "[publish.www-1]");
        remote.site.put("site.toml", toml);
        let mut command = remote.command(&["publish", "www-1"]);
        let ended = super::super::ended(command.env("GONGKAI_PASSWORD", "wrong").output().unwrap()).is(2);
        ended.says("GONGKAI_WWW_1_USER、GONGKAI_WWW_1_PASSWORD");
    }
}

#[test]
fn a_secret_with_a_line_break_is_refused_where_it_is_read() {
    for (sort, name) in [(Sort::Ftp, "PASSWORD"), (Sort::S3, "ACCESS_KEY"), (Sort::Sftp, "USER")] {
        let Some(server) = Server::start(sort) else { return };
        let remote = Remote::new(server, 1);
        let with = |variable: &str, value: &str| {
            let mut command = remote.command(&["publish", "web"]);
            super::super::ended(command.env(variable, value).output().unwrap()).is(2)
        };
        let own = format!("GONGKAI_WEB_{name}");
        for ending in ["\r", "\n", "\r\n"] {
            let ended = with(&own, &format!("{PASSWORD}{ending}"));
            let ended = ended.says(&format!("环境变量 {own}：它的值的末尾多了换行")).says("Windows");
            assert!(!ended.err.contains("网络") && !ended.err.contains(PASSWORD), "{}", ended.err);
        }
        for inner in ["a\rb", "a\nb", "a\tb", "a\u{1b}b\r", "a\u{85}b"] {
            with(&own, inner).says(&format!("环境变量 {own}：它的值里有换行、制表符一类的控制字符"));
        }
        assert!(remote.live().is_empty());
    }
    // of the variable for all targets, and of the file
    let Some(server) = Server::start(Sort::Webdav) else { return };
    let remote = Remote::new(server, 1);
    let mut command = remote.command(&["publish", "web"]);
    let ended = super::super::ended(command.env("GONGKAI_PASSWORD", "a\rb").output().unwrap()).is(2);
    ended.says("环境变量 GONGKAI_PASSWORD：");
    let folder = temporary();
    let toml = remote.site.read("site.toml");
    let file = folder.path().join("web.env");
    fs::write(&file, "# 口令\nPASSWORD=\"a\u{0}b\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    remote.site.put("site.toml", format!("{toml}secrets = \"{}\"\n", file.display()));
    bare(&remote, &["publish", "web"]).is(2).says("web.env 第 2 行：它的值里有换行、制表符");
    // lines may end as Windows ends them
    fs::write(&file, format!("USER={}\r\nPASSWORD={PASSWORD}\r\n", super::servers::USER)).unwrap();
    bare(&remote, &["publish", "web"]).is(0);
    remote.site.put("site.toml", format!("{toml}secrets = \"{}\"\n", folder.path().display()));
    let ended = bare(&remote, &["publish", "web"]).is(2).says("secrets 写的是文件夹");
    assert!(!ended.err.contains("chmod"), "{}", ended.err);
}

/// A server of TLS that answers nothing, with the certificate of the one of FTP.
fn of_https(server: &Server) -> (KilledAtEnd, u16) {
    let port = super::servers::free_port();
    let own = server.site().join("../../own");
    let mut command = Command::new("openssl");
    command.args(["s_server", "-quiet", "-accept", &port.to_string()]);
    command.arg("-cert").arg(own.join("cert.pem")).arg("-key").arg(own.join("key.pem"));
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = KilledAtEnd(command.spawn().unwrap());
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    (child, port)
}

struct KilledAtEnd(Child);

impl Drop for KilledAtEnd {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_gets_no_password() {
    let Some(server) = Server::start(Sort::Ftps) else { return };
    let (_https, port) = of_https(&server);
    let remote = Remote::new(server, 1);
    let ftp = remote.site.read("site.toml");
    let s3 = format!("type = \"s3\"\nendpoint = \"https://127.0.0.1:{port}\"\nbucket = \"www\"\n");
    let s3 = format!("{}{s3}", &ftp[..ftp.find("type = \"ftp\"").unwrap()]);
    for toml in [ftp, s3] {
        remote.site.put("site.toml", toml);
        let mut command = remote.command(&["publish", "web"]);
        let ended = super::super::ended(command.env_remove("SSL_CERT_FILE").output().unwrap()).is(2);
        ended.says("服务器的证书信不过").says("SSL_CERT_FILE");
    }
}

#[test]
fn a_file_of_secrets_lies_outside_the_repository_and_is_nobody_elses_to_read() {
    let Some(server) = Server::start(Sort::S3) else { return };
    let remote = Remote::new(server, 5);
    let folder = temporary();
    let file = folder.path().join("web.env");
    let text = format!("# 发布\nACCESS_KEY={}\nSECRET_KEY=\"{PASSWORD}\"\n", super::servers::USER);
    let toml = remote.site.read("site.toml");
    let write = |path: &std::path::Path, text: &str, mode: u32| {
        fs::write(path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        remote.site.put("site.toml", format!("{toml}secrets = \"{}\"\n", path.display()));
    };
    write(&file, &text, 0o644);
    bare(&remote, &["publish", "web"]).is(2).says("chmod 600");
    write(&file, &format!("{text}PASWORD={PASSWORD}\n"), 0o600);
    let ended = bare(&remote, &["publish", "web"]).is(2).says("第 4 行读不懂");
    assert!(!ended.err.contains(PASSWORD));
    write(&remote.site.path("web.env"), &text, 0o600);
    bare(&remote, &["publish", "web"]).is(2).says("在网站的仓库里");
    fs::remove_file(remote.site.path("web.env")).unwrap();
    write(&file, &text, 0o600);
    bare(&remote, &["publish", "web"]).is(0);
    remote.is_whole();
}
