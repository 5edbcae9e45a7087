//! Where a target is: a folder, a branch of a repository, or a service on the network. Secrets are never among it.

use toml::Spanned;

use super::{Checker, raw, span};
use crate::diag::suggest::did_you_mean;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// From the site's root, or absolute.
    Folder(String),
    /// What `git` calls a remote: an address or a path; and the branch that a Pages host serves.
    Branch {
        repository: String,
        branch: String,
    },
    Service(Service),
}

impl Place {
    /// The folder of publishing's own files from the site's root, if it lies inside the site.
    pub fn inner_state(&self) -> Option<&str> {
        match self {
            Place::Service(Service { path, state, .. }) if path.is_empty() => Some(state),
            Place::Service(Service { path, state, .. }) => state.strip_prefix(path.as_str())?.strip_prefix('/'),
            Place::Folder(_) | Place::Branch { .. } => None,
        }
    }
}

/// A service that keeps files and is spoken to over the network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Service {
    pub kind: Kind,
    /// Address with scheme (`https://`, `ftp://`); of SFTP `host`, `user@host` or `ssh://host:port`.
    pub endpoint: String,
    pub bucket: String,
    pub region: String,
    /// The site's root there, without `/` at either end; empty: the top.
    pub path: String,
    /// What publishing keeps there, from the top like `path`: manifests, the chain, what rollbacks need.
    pub state: String,
    pub user: String,
    /// File of the private key, for SFTP.
    pub key: String,
    /// File with the secrets, outside the repository; empty: they are in environment variables.
    pub secrets: String,
    /// Patterns of files there that are others' business.
    pub ignore: Vec<String>,
    /// Transfers at once.
    pub workers: usize,
    /// Further tries of a transfer that failed.
    pub retries: usize,
    /// Seconds after which a transfer that does not move has failed.
    pub timeout: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    S3,
    Oss,
    Obs,
    Cos,
    Webdav,
    Ftp,
    Sftp,
}

impl Kind {
    pub const ALL: [(&'static str, Kind); 7] = [
        ("s3", Kind::S3),
        ("oss", Kind::Oss),
        ("obs", Kind::Obs),
        ("cos", Kind::Cos),
        ("webdav", Kind::Webdav),
        ("ftp", Kind::Ftp),
        ("sftp", Kind::Sftp),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it keeps objects in buckets, each replaced as a whole.
    pub fn is_object_store(self) -> bool {
        matches!(self, Kind::S3 | Kind::Oss | Kind::Obs | Kind::Cos)
    }

    fn required(self) -> &'static [&'static str] {
        match self {
            _ if self.is_object_store() => &["endpoint", "bucket"],
            _ => &["endpoint"],
        }
    }

    fn keys(self) -> &'static [&'static str] {
        match self {
            Kind::S3 => &["bucket", "region"],
            _ if self.is_object_store() => &["bucket"],
            Kind::Sftp => &["user", "key"],
            _ => &["user"],
        }
    }

    /// The folder of publishing's own files, unless the file says another: one that web servers hand out to nobody. FTP
    /// servers do not list what begins with a dot.
    fn state(self) -> &'static str {
        if self == Kind::Ftp { "_gongkai" } else { ".gongkai" }
    }

    /// Transfers at once if the file does not say: object stores have many doors, other servers few.
    fn workers(self) -> usize {
        match self {
            _ if self.is_object_store() => 32,
            Kind::Webdav => 8,
            _ => 4,
        }
    }
}

/// Keys of all services.
const SHARED: [&str; 8] = ["path", "endpoint", "state", "secrets", "ignore", "workers", "retries", "timeout"];

impl Checker {
    pub(super) fn place(&mut self, name: &Spanned<String>, kind: Option<Spanned<String>>, at: raw::Where) -> Place {
        let known = ["folder", "git"].into_iter().chain(Kind::ALL.map(|(name, _)| name));
        let word = kind.as_ref().map_or("folder", |kind| kind.get_ref().as_str());
        match (word, Kind::ALL.into_iter().find(|(name, _)| *name == word)) {
            ("folder", _) => {
                self.keys_of(&at, word, &["path"], &["path"], name);
                self.is_no_home(at.path.as_ref());
                Place::Folder(super::text(at.path))
            }
            ("git", _) => {
                self.keys_of(&at, word, &["repository", "branch"], &["repository", "branch"], name);
                self.branch(at, name)
            }
            (_, Some((_, kind))) => {
                let keys = [&SHARED, kind.keys()].concat();
                self.keys_of(&at, word, &keys, kind.required(), name);
                Place::Service(self.service(kind, at, name))
            }
            _ => {
                let message = format!("发布目标的 type“{word}”不在允许范围");
                let help = did_you_mean(word, known.clone());
                let help = help.unwrap_or_else(|| format!("可以写：{}", known.collect::<Vec<_>>().join("、")));
                self.push(kind.as_ref().map(span), message, &help);
                Place::Folder(String::new())
            }
        }
    }

    /// Keys that are not for this type, and those that it lacks.
    fn keys_of(&mut self, at: &raw::Where, kind: &str, known: &[&str], required: &[&str], name: &Spanned<String>) {
        let written = written(at);
        for (key, place) in written.iter().filter_map(|(key, place)| Some((key, (*place)?))) {
            if !known.contains(key) {
                let help = format!("type = \"{kind}\" 可以写：{}", known.join("、"));
                self.push(place, format!("type = \"{kind}\" 的目标没有键“{key}”"), &help);
            }
        }
        for key in required {
            if written.iter().any(|(written, place)| written == key && place.is_none()) {
                let help = format!("在 [publish.名称] 下写上 {key} = {}，见 gongkai explain G070", example(key, kind));
                self.push(span(name), format!("缺少必填的键“{key}”"), &help);
            }
        }
    }

    fn branch(&mut self, at: raw::Where, name: &Spanned<String>) -> Place {
        let raw::Where { repository, branch, .. } = at;
        self.is_plain(repository.as_ref(), true, name);
        for text in [&repository, &branch].into_iter().flatten().filter(|text| text.get_ref().starts_with('-')) {
            self.push(span(text), format!("“{}”不能以 - 开头", text.get_ref()), "git 会把它当作选项");
        }
        if let Some(branch) = branch.as_ref().filter(|branch| !is_branch(branch.get_ref())) {
            self.push(span(branch), format!("“{}”不是分支的名称", branch.get_ref()), "写成如 branch = \"pages\"");
        }
        Place::Branch { repository: super::text(repository), branch: super::text(branch) }
    }

    fn service(&mut self, kind: Kind, at: raw::Where, name: &Spanned<String>) -> Service {
        let raw::Where { path, endpoint, bucket, region, user, key, state, secrets, ignore, .. } = at;
        // what stands before the host of an address of the web is sent as a secret, and a token alone is one
        let is_of_web = endpoint.as_ref().is_some_and(|endpoint| endpoint.get_ref().starts_with("http"));
        let is_plain = self.is_plain(endpoint.as_ref(), !is_of_web, name);
        // one with a password in it is not shown
        let written = endpoint.as_ref().filter(|_| is_plain);
        if let Some(endpoint) = written.filter(|endpoint| !has_scheme(kind, endpoint.get_ref())) {
            let message = format!("endpoint“{}”不能用", endpoint.get_ref());
            self.push(span(endpoint), message, &format!("写成 endpoint = {}", example("endpoint", kind.name())));
        }
        if let Some(endpoint) = written.filter(|endpoint| kind == Kind::Obs && is_another_obs(endpoint.get_ref())) {
            let message = format!("endpoint“{}”不是华为云的", endpoint.get_ref());
            self.push(span(endpoint), message, "别的云里的 OBS 写 type = \"s3\"，它也认得 S3 的接口");
        }
        [&key, &secrets].into_iter().for_each(|file| self.is_no_home(file.as_ref()));
        let path = self.folder(path).unwrap_or_default();
        let inside = if path.is_empty() { kind.state().to_owned() } else { format!("{path}/{}", kind.state()) };
        Service {
            kind,
            endpoint: super::text(endpoint).trim_end_matches('/').to_owned(),
            bucket: super::text(bucket),
            region: super::text(region),
            state: self.folder(state).filter(|state| !state.is_empty() && *state != path).unwrap_or(inside),
            path,
            user: super::text(user),
            key: super::text(key),
            secrets: super::text(secrets),
            ignore: ignore
                .map_or_else(Vec::new, |list| list.into_inner().into_iter().map(Spanned::into_inner).collect()),
            workers: self.within("workers", at.workers, 1..=256).unwrap_or(kind.workers() as i64) as usize,
            retries: self.within("retries", at.retries, 0..=20).unwrap_or(4) as usize,
            timeout: self.within("timeout", at.timeout, 1..=3600).unwrap_or(60) as u64,
        }
    }

    /// A folder of the service, without `/` at either end.
    fn folder(&mut self, path: Option<Spanned<String>>) -> Option<String> {
        let path = path?;
        let text = path.get_ref().trim().trim_matches('/').to_owned();
        if text.split('/').any(|part| matches!(part, "." | "..")) || text.contains(['\\', '\0', '\n']) {
            let help = "写从服务器顶层算起的文件夹，不写 . 和 ..";
            self.push(span(&path), format!("“{}”不能用作路径", path.get_ref()), help);
        }
        Some(text)
    }

    fn within(&mut self, key: &str, number: Option<Spanned<i64>>, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let number = number?;
        if range.contains(number.get_ref()) {
            return Some(*number.get_ref());
        }
        let message = format!("{key} 应当是 {} 到 {} 的整数", range.start(), range.end());
        self.push(span(&number), message, "一般不用写");
        None
    }

    /// `~` means something to shells alone.
    fn is_no_home(&mut self, path: Option<&Spanned<String>>) {
        if let Some(path) = path.filter(|path| path.get_ref().starts_with('~')) {
            let help = "写完整的路径，如 /home/user/发布，或从网站文件夹算起的 ../发布";
            self.push(span(path), format!("“{}”里的 ~ 在这里不代表主目录", path.get_ref()), help);
        }
    }

    /// Whether an address holds no password and nothing behind a question mark: what is in the repository everybody reads.
    fn is_plain(&mut self, address: Option<&Spanned<String>>, may_name_a_user: bool, name: &Spanned<String>) -> bool {
        let Some(address) = address else { return true };
        let who = who(address.get_ref());
        let has_more = address.get_ref().contains("://") && address.get_ref().contains('?');
        let is_plain = !who.contains(':') && (who.is_empty() || may_name_a_user) && !has_more;
        if !is_plain {
            let help = "口令和密钥写在环境变量或仓库以外的文件里，见 README 的“发布”；这个口令已经在文件里，请更换";
            // told at the head of the table: the line of the address would be shown with what must not be shown
            self.push(span(name), "网址里不能写口令", help);
        }
        is_plain
    }
}

/// What stands before the host, and may be a user, a password, a token; however wrongly the address is written.
fn who(address: &str) -> &str {
    let slashes = ['/', '\\'];
    let rest = match address.split_once(':') {
        Some((_, rest)) if rest.starts_with(slashes) => rest.trim_start_matches(slashes),
        _ => address,
    };
    let host = rest.split(slashes).next().unwrap_or_default();
    host.split_once('@').map_or("", |(who, _)| who)
}

type Written = [(&'static str, Option<crate::model::Span>); 14];

fn written(at: &raw::Where) -> Written {
    let raw::Where {
        path,
        endpoint,
        bucket,
        region,
        user,
        key,
        repository,
        branch,
        state,
        secrets,
        ignore,
        workers,
        retries,
        timeout,
    } = at;
    let text = |value: &Option<Spanned<String>>| value.as_ref().map(span);
    let number = |value: &Option<Spanned<i64>>| value.as_ref().map(span);
    [
        ("path", text(path)),
        ("endpoint", text(endpoint)),
        ("bucket", text(bucket)),
        ("region", text(region)),
        ("user", text(user)),
        ("key", text(key)),
        ("repository", text(repository)),
        ("branch", text(branch)),
        ("state", text(state)),
        ("secrets", text(secrets)),
        ("ignore", ignore.as_ref().map(span)),
        ("workers", number(workers)),
        ("retries", number(retries)),
        ("timeout", number(timeout)),
    ]
}

fn example(key: &str, kind: &str) -> &'static str {
    match (key, kind) {
        ("endpoint", "s3") => "\"https://s3.cn-north-1.amazonaws.com.cn\"",
        ("endpoint", "oss") => "\"https://oss-cn-beijing.aliyuncs.com\"",
        ("endpoint", "obs") => "\"https://obs.cn-north-4.myhuaweicloud.com\"",
        ("endpoint", "cos") => "\"https://cos.ap-beijing.myqcloud.com\"",
        ("endpoint", "webdav") => "\"https://dav.example.gov.cn\"",
        ("endpoint", "ftp") => "\"ftps://ftp.example.gov.cn\"",
        ("endpoint", _) => "\"ssh://www.example.gov.cn:22\"",
        ("bucket", _) => "\"xian-www\"",
        ("repository", _) => "\"git@example.com:xian/www.git\"",
        ("branch", _) => "\"pages\"",
        _ => "\"../发布\"",
    }
}

fn has_scheme(kind: Kind, endpoint: &str) -> bool {
    let schemes: &[&str] = match kind {
        Kind::Ftp => &["ftp://", "ftps://"],
        Kind::Sftp if !endpoint.contains("://") => &[""],
        Kind::Sftp => &["ssh://"],
        _ => &["https://", "http://"],
    };
    // what begins with a hyphen `ssh` would take for an option, be it a host or a user
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let is_option = rest.split('@').any(|part| part.starts_with('-'));
    let is_sound = !is_option && !endpoint.starts_with('-') && !endpoint.contains(char::is_whitespace);
    is_sound && schemes.iter().any(|scheme| endpoint.len() > scheme.len() && endpoint.starts_with(scheme))
}

/// OBS in another cloud than Huawei's own: OpenDAL would take its host for that of a bucket, and folders for buckets.
fn is_another_obs(endpoint: &str) -> bool {
    let rest = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    host.starts_with("obs.") && ![".myhuaweicloud.com", ".huawei.com"].iter().any(|cloud| host.ends_with(cloud))
}

/// A part of git's rules (`git check-ref-format`), enough that nothing but a name is left.
fn is_branch(name: &str) -> bool {
    let is_forbidden = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    let parts_are_sound = name
        .split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.ends_with(".lock"));
    !name.contains("..") && !name.contains("@{") && !name.contains(is_forbidden) && parts_are_sound
}
