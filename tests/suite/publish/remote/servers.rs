//! Real servers on loopback, each with a folder of its own. Where a program is not installed the test says so and is
//! skipped; on a machine where CI runs (`CI` is set) that is a failure.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::site_test::temporary;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// `rclone serve s3`
    S3,
    /// Aliyun's, Huawei's and Tencent's, as `stores.py` knows them
    Oss,
    Obs,
    Cos,
    /// `rclone serve webdav`
    Webdav,
    /// Apache's mod_dav
    Apache,
    /// `rclone serve ftp`
    Ftp,
    /// vsftpd, with TLS
    Ftps,
    /// OpenSSH
    Sftp,
    /// One that moves no file over another one
    OldSftp,
}

impl Sort {
    fn is_cloud(self) -> bool {
        matches!(self, Self::Oss | Self::Obs | Self::Cos)
    }

    pub fn is_object_store(self) -> bool {
        self == Self::S3 || self.is_cloud()
    }
}

/// A server that runs until it is dropped.
pub struct Server {
    pub sort: Sort,
    child: Child,
    pub port: u16,
    folder: TempDir,
}

pub const USER: &str = "clerk";
pub const PASSWORD: &str = "secret-of-the-test";

impl Server {
    /// `None`: the program is not here, which was said.
    pub fn start(sort: Sort) -> Option<Self> {
        Self::start_with(sort, None)
    }

    /// One of rclone's, on a disk that does not tell capitals from small letters.
    pub fn start_without_capitals(sort: Sort) -> Option<Self> {
        Self::start_as(sort, |mut command| {
            command.arg("--vfs-case-insensitive");
            command
        })
    }

    /// `blocks`: no file of the server may grow beyond so many KiB, as on a disk that is full.
    pub fn start_with(sort: Sort, blocks: Option<u32>) -> Option<Self> {
        Self::start_as(sort, |command| match blocks {
            None => command,
            Some(blocks) => limited(&command, blocks),
        })
    }

    fn start_as(sort: Sort, change: impl FnOnce(Command) -> Command) -> Option<Self> {
        let folder = temporary();
        for name in ["files", "files/www", "own"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let port = free_port();
        let Some(command) = command(sort, folder.path(), port) else {
            assert!(std::env::var_os("CI").is_none(), "{sort:?}: the server is not installed");
            eprintln!("skipped: the server for {sort:?} is not installed (see .ci/run)");
            return None;
        };
        let mut command = change(command);
        let log = fs::File::create(folder.path().join("own/log")).unwrap();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let server = Self { sort, child, port, folder };
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{sort:?} does not answer: {}", fs::read_to_string(server.folder.path().join("own/log")).unwrap());
    }

    /// Where the live site lies on the server's disk.
    pub fn site(&self) -> PathBuf {
        self.folder.path().join("files/www")
    }

    /// What `[publish.web]` says of it; `port`: where it is reached.
    pub fn config(&self, port: u16) -> String {
        let files = self.folder.path().join("files");
        let own = self.folder.path().join("own");
        let lines = match self.sort {
            Sort::S3 => format!("type = \"s3\"\nendpoint = \"http://127.0.0.1:{port}\"\nbucket = \"www\"\n"),
            Sort::Oss | Sort::Obs | Sort::Cos => {
                let (name, host) = cloud(self.sort);
                format!("type = \"{name}\"\nendpoint = \"http://{host}\"\nbucket = \"www\"\n")
            }
            Sort::Webdav | Sort::Apache => {
                format!("type = \"webdav\"\nendpoint = \"http://127.0.0.1:{port}\"\npath = \"www\"\n")
            }
            Sort::Ftp => format!("type = \"ftp\"\nendpoint = \"ftp://127.0.0.1:{port}\"\npath = \"www\"\n"),
            Sort::Ftps => {
                format!("type = \"ftp\"\nendpoint = \"ftps://127.0.0.1:{port}\"\npath = \"{}/www\"\n", files.display())
            }
            Sort::Sftp | Sort::OldSftp => format!(
                "type = \"sftp\"\nendpoint = \"ssh://127.0.0.1:{port}\"\npath = \"{}/www\"\nkey = \"{}\"\n",
                files.display(),
                own.join("client").display()
            ),
        };
        // a server may stumble over what was cut off a moment ago; a line that is cut stays cut, and what was given up on it is
        // waited for
        let (retries, timeout) = if port == self.port { (4, 10) } else { (1, 2) };
        format!("\n[publish.web]\n{lines}retries = {retries}\ntimeout = {timeout}\n")
    }

    /// Secrets, an `ssh` that knows the server and nothing of the machine, and the certificate that is trusted.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let path = std::env::var("PATH").unwrap_or_default();
        // buckets are in the names of hosts, which are nowhere: the server stands in for the proxy to all of them
        let proxy = match self.sort.is_cloud() {
            true => vec![("http_proxy", format!("http://127.0.0.1:{}", self.port)), ("no_proxy", String::new())],
            false => Vec::new(),
        };
        let trusted = match self.sort {
            Sort::Ftps => vec![("SSL_CERT_FILE", self.folder.path().join("own/cert.pem").display().to_string())],
            _ => Vec::new(),
        };
        let secrets = [
            ("GONGKAI_WEB_ACCESS_KEY", USER.into()),
            ("GONGKAI_WEB_SECRET_KEY", PASSWORD.into()),
            ("GONGKAI_USER", user(self.sort)),
            ("GONGKAI_PASSWORD", PASSWORD.into()),
            ("PATH", format!("{}:{path}", self.folder.path().join("own").display())),
        ];
        secrets.into_iter().chain(proxy).chain(trusted).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn user(sort: Sort) -> String {
    match sort {
        Sort::Sftp | Sort::OldSftp => std::env::var("USER").unwrap_or_else(|_| "root".into()),
        Sort::Ftps => "anonymous".into(),
        _ => USER.into(),
    }
}

/// The type of a target, and a host of such a cloud.
fn cloud(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Oss => ("oss", "oss-cn-test.aliyuncs.com"),
        Sort::Obs => ("obs", "obs.cn-test-1.myhuaweicloud.com"),
        _ => ("cos", "cos.ap-test.myqcloud.com"),
    }
}

pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

fn command(sort: Sort, folder: &Path, port: u16) -> Option<Command> {
    let (files, own) = (folder.join("files"), folder.join("own"));
    match sort {
        Sort::S3 | Sort::Webdav | Sort::Ftp => {
            let mut command = Command::new(rclone()?);
            let name = match sort {
                Sort::S3 => "s3",
                Sort::Webdav => "webdav",
                _ => "ftp",
            };
            command.args(["serve", name]).arg(&files).arg("--addr").arg(format!("127.0.0.1:{port}"));
            // what the test does behind the server's back it is to see at once
            command.args(["--dir-cache-time", "1s", "--config", ""]);
            match sort {
                Sort::S3 => command.arg(format!("--auth-key={USER},{PASSWORD}")),
                _ => command.args(["--user", USER, "--pass", PASSWORD]),
            };
            Some(command)
        }
        Sort::Oss | Sort::Obs | Sort::Cos => {
            let python = Path::new("python3");
            Command::new(python).arg("--version").output().ok()?;
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/publish/remote/stores.py");
            let mut command = Command::new(python);
            command.arg(script).arg(cloud(sort).0).arg(port.to_string()).arg(&files).args([USER, PASSWORD]);
            Some(command)
        }
        Sort::Apache => {
            let program = installed(&["/usr/sbin/apache2", "/usr/sbin/httpd"])?;
            // a server that was started by root gives its workers to another user
            Command::new("chmod").arg("-R").arg("777").arg(folder).status().unwrap();
            fs::write(own.join("httpd.conf"), httpd(&files, &own, port)).unwrap();
            let mut command = Command::new(program);
            command.arg("-X").arg("-f").arg(own.join("httpd.conf"));
            Some(command)
        }
        Sort::Ftps => {
            let program = installed(&["/usr/sbin/vsftpd"])?;
            vsftpd(&own, port)?;
            let mut command = Command::new(program);
            command.arg(own.join("vsftpd.conf"));
            Some(command)
        }
        Sort::Sftp | Sort::OldSftp => {
            let program = installed(&["/usr/sbin/sshd"])?;
            let without = if sort == Sort::OldSftp { " -P posix-rename" } else { "" };
            sshd(&own, port, without)?;
            let mut command = Command::new(program);
            command.args(["-D", "-e", "-f"]).arg(own.join("sshd_config"));
            Some(command)
        }
    }
}

/// New enough to serve S3.
fn rclone() -> Option<PathBuf> {
    let built = Path::new(env!("CARGO_BIN_EXE_gongkai")).ancestors().nth(2).map(|target| target.join("ci/bin/rclone"));
    let found = std::env::var_os("RCLONE").map(PathBuf::from).or(built.filter(|path| path.is_file()));
    let program = found.unwrap_or_else(|| "rclone".into());
    let help = Command::new(&program).args(["serve", "s3", "--help"]).output().ok()?;
    help.status.success().then_some(program)
}

fn installed(paths: &[&str]) -> Option<PathBuf> {
    paths.iter().map(PathBuf::from).find(|path| path.is_file())
}

fn httpd(files: &Path, own: &Path, port: u16) -> String {
    let modules = Path::new("/usr/lib/apache2/modules");
    let names = ["mpm_event", "authz_core", "dav", "dav_fs", "unixd"];
    // what is compiled into the program has no file
    let there = names.into_iter().filter(|name| modules.join(format!("mod_{name}.so")).is_file());
    let load: String =
        there.map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display())).collect();
    format!(
        "ServerRoot {own}\nListen 127.0.0.1:{port}\nServerName localhost\nPidFile {own}/pid\nErrorLog {own}/error\n\
         {load}User nobody\nGroup nogroup\nDAVLockDB {own}/lock\nDocumentRoot {files}\n\
         <Directory {files}>\nDav On\nRequire all granted\n</Directory>\n",
        own = own.display(),
        files = files.display(),
    )
}

fn sshd(own: &Path, port: u16, without: &str) -> Option<()> {
    for name in ["host", "client"] {
        let made =
            Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(own.join(name)).status();
        made.ok().filter(std::process::ExitStatus::success)?;
    }
    fs::copy(own.join("client.pub"), own.join("authorized")).unwrap();
    let host = fs::read_to_string(own.join("host.pub")).unwrap();
    let key: Vec<&str> = host.split_whitespace().take(2).collect();
    fs::write(own.join("known"), format!("[127.0.0.1]:{port} {}\n", key.join(" "))).unwrap();
    let config = format!(
        "Port {port}\nListenAddress 127.0.0.1\nHostKey {own}/host\nAuthorizedKeysFile {own}/authorized\nStrictModes no\n\
         UsePAM no\nPasswordAuthentication no\nPidFile none\nMaxStartups 100\nMaxSessions 100\nSubsystem sftp internal-sftp{without}\n",
        own = own.display()
    );
    fs::write(own.join("sshd_config"), config).unwrap();
    let known = own.join("known");
    let script = format!("#!/bin/sh\nexec /usr/bin/ssh -F none -o UserKnownHostsFile={} \"$@\"\n", known.display());
    fs::write(own.join("ssh"), script).unwrap();
    Command::new("chmod").arg("755").arg(own.join("ssh")).status().unwrap();
    // sshd wants it, and a machine that never ran one lacks it
    let _ = fs::create_dir_all("/run/sshd");
    Some(())
}

/// Whoever comes may write, and sees the whole disk: a server that was started for one user changes no root.
fn vsftpd(own: &Path, port: u16) -> Option<()> {
    let (key, certificate) = (own.join("key.pem"), own.join("cert.pem"));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]);
    openssl.args(["-subj", "/CN=localhost"]);
    openssl.args(["-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]);
    let made = openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate).stderr(Stdio::null()).status();
    made.ok().filter(std::process::ExitStatus::success)?;
    let config = format!(
        "listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO\nrun_as_launching_user=YES\n\
         anonymous_enable=YES\nno_anon_password=YES\nanon_root={own}\nsecure_chroot_dir={own}\nallow_writeable_chroot=YES\n\
         write_enable=YES\nanon_upload_enable=YES\nanon_mkdir_write_enable=YES\nanon_other_write_enable=YES\n\
         anon_world_readable_only=NO\nanon_umask=022\nxferlog_enable=NO\nseccomp_sandbox=NO\nssl_enable=YES\n\
         allow_anon_ssl=YES\nforce_anon_data_ssl=YES\nforce_anon_logins_ssl=YES\nrsa_cert_file={certificate}\n\
         rsa_private_key_file={key}\n",
        own = own.display(),
        certificate = certificate.display(),
        key = key.display(),
    );
    fs::write(own.join("vsftpd.conf"), config).unwrap();
    Some(())
}

fn limited(command: &Command, blocks: u32) -> Command {
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]).arg(command.get_program());
    shell.args(command.get_args());
    shell
}
