//! What a failure means: for people, and for whether to try again.

use std::time::Duration;

use opendal::ErrorKind;

/// Codes of object stores for a request whose time is not theirs.
const SKEWED: [&str; 3] = ["RequestTimeTooSkewed", "RequestExpired", "RequestIsExpired"];

/// What a failure means for who has to mend it; names of variables are to be put in.
pub fn advice(error: &opendal::Error) -> &'static str {
    let words = error.to_string();
    let has = |any: &[&str]| any.iter().any(|word| words.contains(word));
    match error.kind() {
        // a code of the store's own says more than the kind that OpenDAL makes of it
        _ if SKEWED.iter().any(|code| has_code(error, code)) => {
            "本机的时钟不对，和服务器的相差太多：校准本机的日期、时间和时区，再运行一次；密钥不用换"
        }
        _ if has_code(error, NO_BUCKET) => "没有这个桶：检查 bucket，或先在服务商那里建立",
        ErrorKind::NotFound => "找不到",
        ErrorKind::PermissionDenied => "没有权限：检查用户名、口令或密钥，和它们允许做的事",
        ErrorKind::RateLimited => "对方限制了请求的次数",
        ErrorKind::ConfigInvalid | ErrorKind::Unsupported => "做不了",
        _ if status(error) == Some(401) || has(&["[530]", "[553] 553 action aborted, required param"]) => {
            "登录不了：检查用户名和口令，环境变量 {USER}、{PASSWORD}"
        }
        _ if is_untrusted(error) => {
            "服务器的证书信不过：要由这台机器信任的机构签发，写着 endpoint 里的名字，在有效期里（本机的时钟也要对）；自己签发的，把证书文件（PEM）写在环境变量 SSL_CERT_FILE 里"
        }
        _ if has(&["failed to connect to the remote host", "ssh error"]) => {
            "ssh 连接不上：先用 ssh 登录一次看看，主机要在 known_hosts 里，key 要是对方认得的"
        }
        _ if has(&["invalid uri"]) => "地址不对：检查 endpoint、bucket 和 path",
        _ => "网络或服务器出错",
    }
}

const NO_BUCKET: &str = "NoSuchBucket";

/// Whether an object store answered with this code of its own.
fn has_code(error: &opendal::Error, code: &str) -> bool {
    error.to_string().contains(&format!("Error {{ code: \"{code}\""))
}

/// The status that a server answered with.
pub fn status(error: &opendal::Error) -> Option<u16> {
    let words = error.to_string();
    let (_, rest) = words.split_once("Parts { status: ")?;
    rest.get(..3)?.parse().ok()
}

/// Whether a server may do later what it was asked to change: only who refuses it, or never got it, surely does not. It has
/// not answered, or an error may be of a gateway that has passed the request on.
pub fn may_be_late(error: &opendal::Error) -> bool {
    match status(error) {
        // it took too long, or is in the way of one that is being done
        Some(status @ 400..500) => matches!(status, 408 | 409 | 423 | 425),
        // it cannot do it, or has no room for it
        Some(status) => !matches!(status, 501 | 507) && !is_of_store(error),
        None => !has_never_left(error) && !is_final(error) && !is_refused(error) && !is_refused_by_ftp(error),
    }
}

/// Whether an object store itself answered, with a code of its own: then it is at it no longer. A gateway has none.
fn is_of_store(error: &opendal::Error) -> bool {
    let whole = error.to_string();
    whole.split_once("Error { code: \"").is_some_and(|(_, code)| !code.starts_with('"'))
}

/// Whether there was no connection to send it on.
fn has_never_left(error: &opendal::Error) -> bool {
    let of_connecting = [
        "client error (Connect)",
        "Connection refused",
        "failed to lookup address",
        "failed to connect to the remote host",
    ];
    causes(error).any(|cause| of_connecting.iter().any(|words| cause.contains(words)))
}

/// Whether a server of FTP said no, or that it takes nobody any more: nothing in between answers for it.
fn is_refused_by_ftp(error: &opendal::Error) -> bool {
    let is_no = |cause: &str| ["[5", "[421"].iter().any(|code| cause.starts_with(&format!("Invalid response: {code}")));
    causes(error).any(|cause| is_no(&cause))
}

/// Whether the server could not show that it is who it says: nothing was sent to it.
fn is_untrusted(error: &opendal::Error) -> bool {
    causes(error).any(|cause| cause.contains("invalid peer certificate"))
}

fn causes(error: &opendal::Error) -> impl Iterator<Item = String> + '_ {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes.map(ToString::to_string)
}

/// Whether there is no such file. Some FTP servers answer 551 where others say 550. Where there is no bucket, nobody knows
/// of any file.
pub fn is_nowhere(error: &opendal::Error) -> bool {
    let is_not_found = error.kind() == ErrorKind::NotFound && !has_code(error, NO_BUCKET);
    is_not_found || error.to_string().contains("[551]")
}

/// Whether the client of SFTP gave its connection up: the line was cut, or it could not read an answer.
pub fn has_died(error: &opendal::Error) -> bool {
    causes(error).any(|cause| cause.contains("Background task failed"))
}

/// A server from which nothing came for so long.
pub fn silent(limit: Duration) -> opendal::Error {
    opendal::Error::new(ErrorKind::Unexpected, format!("超时：服务器 {} 秒没有回音", limit.as_secs()))
}

/// How long to wait before the next try: twice as long each time, and not all at the same moment.
pub fn pause(tried: usize, path: &str) -> Duration {
    let base = 200_u64 << tried.min(6);
    let spread = crate::model::Hash128::of(&(path, tried)).0[0];
    Duration::from_millis(base + base * u64::from(spread) / 512)
}

/// Whether another try would end in the same way.
pub fn is_final(error: &opendal::Error) -> bool {
    let of_kind = matches!(
        error.kind(),
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::ConfigInvalid
            | ErrorKind::Unsupported
            | ErrorKind::IsADirectory
            | ErrorKind::NotADirectory
            | ErrorKind::AlreadyExists
            | ErrorKind::ConditionNotMatch
    );
    of_kind || is_untrusted(error)
}

/// Whether a server of SFTP refused what it was asked, having understood it: that is how those answer that move no file
/// over another one. A line that is cut and a server that is out of order say other things.
pub fn is_refused(error: &opendal::Error) -> bool {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    source.contains("error kind Failure")
}
