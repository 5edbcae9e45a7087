//! From `[publish.NAME]` to a connection of OpenDAL: the one place that knows how each service wants to be asked.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use opendal::{Operator, services};
use rustls::crypto::CryptoProvider;

use super::secrets::Secrets;
use super::transport;
use crate::config::{Service, ServiceKind};

/// A connection, and the one that lists. Opens nothing yet; what is wrong with names and addresses is told at the first
/// request. The error is in Chinese. `pages`, `timeout`: see `transport`.
pub fn operators(
    service: &Service,
    base: &str,
    secrets: &Secrets,
    (pages, timeout): (&Arc<AtomicU64>, Duration),
) -> Result<(Operator, Operator), String> {
    // two TLS libraries are in reach of rustls; which it is, is said once for the process
    let _ = cryptography(service.kind).install_default();
    let root = format!("/{base}");
    if service.kind == ServiceKind::Sftp {
        return sftp(service, &root, secrets);
    }
    let operator = operator(service, &root, secrets)?.with_context(transport::context(pages.clone(), timeout)?);
    Ok((operator.clone(), operator))
}

/// FTP goes by TLS 1.2: with 1.3 a server sends tickets over each connection for data, and OpenDAL closes those without having
/// read them, which breaks the connection off and takes with it whatever the server (vsftpd) has not read yet.
fn cryptography(kind: ServiceKind) -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    if kind == ServiceKind::Ftp {
        provider.cipher_suites.retain(|suite| suite.tls13().is_none());
    }
    provider
}

fn operator(service: &Service, root: &str, secrets: &Secrets) -> Result<Operator, String> {
    let missing = |name: &str, words: &str| {
        let variable = secrets.variable(name);
        format!("没有{words}：写在环境变量 {variable} 里，或 secrets 的文件里（{name}=…），见 README 的“发布”")
    };
    let need = |name: &str, words: &str| match secrets.get(name) {
        "" => Err(missing(name, words)),
        value => Ok(value.to_owned()),
    };
    let made = match service.kind {
        ServiceKind::S3 => {
            let region = if service.region.is_empty() { "auto" } else { &service.region };
            let builder = services::S3::default()
                .root(root)
                .bucket(&service.bucket)
                .endpoint(&service.endpoint)
                .region(region)
                .access_key_id(&need("ACCESS_KEY", "访问密钥")?)
                .secret_access_key(&need("SECRET_KEY", "密钥")?)
                .session_token(secrets.get("TOKEN"))
                .disable_config_load()
                .disable_ec2_metadata();
            Operator::new(builder)
        }
        ServiceKind::Oss => {
            let builder = services::Oss::default()
                .root(root)
                .bucket(&service.bucket)
                .endpoint(&service.endpoint)
                .access_key_id(&need("ACCESS_KEY", "访问密钥")?)
                .access_key_secret(&need("SECRET_KEY", "密钥")?)
                .security_token(secrets.get("TOKEN"));
            Operator::new(builder)
        }
        ServiceKind::Obs => {
            let builder = services::Obs::default()
                .root(root)
                .bucket(&service.bucket)
                .endpoint(&service.endpoint)
                .access_key_id(&need("ACCESS_KEY", "访问密钥")?)
                .secret_access_key(&need("SECRET_KEY", "密钥")?);
            Operator::new(builder)
        }
        ServiceKind::Cos => {
            let builder = services::Cos::default()
                .root(root)
                .bucket(&service.bucket)
                .endpoint(&service.endpoint)
                .secret_id(&need("ACCESS_KEY", "访问密钥")?)
                .secret_key(&need("SECRET_KEY", "密钥")?)
                .security_token(secrets.get("TOKEN"))
                .disable_config_load();
            Operator::new(builder)
        }
        ServiceKind::Webdav => {
            let builder = services::Webdav::default()
                .root(root)
                .endpoint(&service.endpoint)
                .username(&user(service, secrets))
                .password(secrets.get("PASSWORD"))
                .token(secrets.get("TOKEN"));
            Operator::new(builder)
        }
        ServiceKind::Ftp => {
            let user = user(service, secrets);
            let builder = services::Ftp::default()
                .endpoint(&service.endpoint)
                .root(root)
                .user(if user.is_empty() { "anonymous" } else { &user })
                .password(secrets.get("PASSWORD"));
            Operator::new(builder)
        }
        ServiceKind::Sftp => unreachable!("it has two connections of its own"),
    };
    made.map_err(|error| format!("连接的写法不对：{}", secrets.redact(&error.to_string())))
}

/// What OpenDAL lists it looks at once more where it is neither a file nor a folder, and then tells what a link leads to in
/// place of the link, and nothing of one that leads nowhere. So whatever lists speaks with the service itself.
#[cfg(unix)]
fn sftp(service: &Service, root: &str, secrets: &Secrets) -> Result<(Operator, Operator), String> {
    use opendal::raw::Servicer;
    use opendal::{Builder, OperationContext, layers::SimulateLayer};

    /// One service, of which there are two operators.
    #[derive(Default)]
    struct Shared(Option<Servicer>);

    impl Builder for Shared {
        type Config = services::SftpConfig;

        fn build(self) -> opendal::Result<impl opendal::raw::Service> {
            self.0.ok_or_else(|| opendal::Error::new(opendal::ErrorKind::ConfigInvalid, "no service"))
        }
    }

    let builder = services::Sftp::default()
        .endpoint(&service.endpoint)
        .root(root)
        .user(&user(service, secrets))
        .key(&service.key)
        // a host that is not known is for a person to look at
        .known_hosts_strategy("Strict");
    let wrong = |error: opendal::Error| format!("连接的写法不对：{error}");
    let shared: Servicer = Arc::new(builder.build().map_err(wrong)?);
    let lister = Operator::from_parts(OperationContext::default(), shared.clone()).layer(SimulateLayer::default());
    Ok((Operator::new(Shared(Some(shared))).map_err(wrong)?, lister))
}

#[cfg(not(unix))]
fn sftp(_: &Service, _: &str, _: &Secrets) -> Result<(Operator, Operator), String> {
    Err("这个系统上没有 SFTP".into())
}

fn user(service: &Service, secrets: &Secrets) -> String {
    match secrets.get("USER") {
        "" => service.user.clone(),
        user => user.to_owned(),
    }
}

/// What a service can do, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talents {
    /// A file comes whole or not at all, and the answer tells its MD5.
    pub is_object_store: bool,
    /// Moves a file over another one.
    pub renames: bool,
    /// It is told to replace what is there, so that nothing need be removed before.
    pub replaces: bool,
    /// Copies a file by itself.
    pub copies: bool,
    /// Its listings tell which paths are links, and what is written to those lands where they lead.
    pub tells_links: bool,
    /// Nobody should ask for a file that is not there: of FTP with TLS, OpenDAL waits for the handshake of a transfer that
    /// the server has refused.
    pub hangs_on_nothing: bool,
}

impl Talents {
    pub fn of(service: &Service, operator: &Operator) -> Self {
        let can = operator.info().capability();
        let is_object_store = service.kind.is_object_store();
        Self {
            is_object_store,
            renames: can.rename && !is_object_store,
            replaces: service.kind == ServiceKind::Webdav,
            copies: can.copy,
            tells_links: service.kind == ServiceKind::Sftp,
            hangs_on_nothing: service.kind == ServiceKind::Ftp && service.endpoint.starts_with("ftps://"),
        }
    }
}

/// A service for people.
pub fn place(service: &Service, base: &str) -> String {
    let top = match service.kind.is_object_store() {
        true => format!("{}://{}", service.kind.name(), service.bucket),
        false => service.endpoint.clone(),
    };
    if base.is_empty() { top } else { format!("{top}/{base}") }
}
