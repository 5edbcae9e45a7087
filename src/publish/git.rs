//! The `git` program, run in a fixed way: the one door of the house to another program. A build never comes here;
//! publishing does, to write to a branch and to ask what the work tree's history says.
//!
//! Nobody is asked anything, no hook runs, no setting changes a byte, and no secret stands in an argument: what git needs
//! to know of passwords it reads from its environment. What it says goes into messages with every secret struck out.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Output, Stdio};
use std::sync::Arc;

use crate::pipeline::Failure;
use crate::publish::refused;

/// Settings that hold whatever the user's files say.
const SETTINGS: [&str; 20] = [
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.eol=lf",
    "core.fsmonitor=false",
    "core.askPass=",
    "core.quotePath=false",
    "core.logAllRefUpdates=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "push.gpgSign=false",
    "push.negotiate=false",
    // a password is for the host that it was given for
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
];

/// Of the settings those that matter in the user's own work tree, where line ends and filters are his business.
const SETTINGS_OF_WORK_TREE: [&str; 4] =
    ["core.hooksPath=/dev/null", "core.fsmonitor=false", "core.quotePath=false", "core.askPass="];

/// Variables that would lead git to other files than those meant: whoever publishes from a hook has them.
const LEFT_OUT: [&str; 17] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_ATTR_SOURCE",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
];

/// Lines of git that a person is shown.
const SHOWN: usize = 6;

/// Git at work in one folder.
#[derive(Clone)]
pub struct Git {
    /// Where relative paths count from.
    folder: PathBuf,
    /// A repository of ours; `None`: the one that the folder lies in.
    repository: Option<PathBuf>,
    /// Name and password for the repository's address.
    account: Option<Account>,
    /// Held open by every process that reads nothing: were this one killed, whoever waits for the lock on this file would
    /// wait until git is done.
    lock: Option<Arc<File>>,
    /// What failures are about, for people.
    place: String,
}

/// Deliberately without `Debug` and `Serialize`.
#[derive(Clone)]
pub struct Account {
    /// Scheme and host: nobody else is told.
    pub address: String,
    pub user: String,
    pub password: String,
}

/// What became of a run that did not end well.
#[derive(Debug)]
pub enum Failed {
    /// There is no such program.
    Missing,
    Machine(io::Error),
    /// With the last lines that it said.
    Ended {
        code: Option<i32>,
        words: String,
    },
}

impl Git {
    /// With a repository of our own, which need not be there yet.
    pub fn new(
        folder: &Path,
        repository: &Path,
        account: Option<Account>,
        lock: Option<Arc<File>>,
        place: &str,
    ) -> Self {
        let (folder, repository) = (folder.to_owned(), Some(repository.to_owned()));
        Self { folder, repository, account, lock, place: place.to_owned() }
    }

    /// The same with another repository of ours.
    pub fn with(&self, repository: &Path) -> Self {
        Self { repository: Some(repository.to_owned()), ..self.clone() }
    }

    /// In the work tree that the folder lies in, which is read and never written to.
    pub fn of_work_tree(folder: &Path) -> Self {
        let place = folder.display().to_string();
        Self { folder: folder.to_owned(), repository: None, account: None, lock: None, place }
    }

    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new("git");
        let held = self.lock.as_ref().and_then(|lock| lock.try_clone().ok());
        command.stdin(held.map_or_else(Stdio::null, Stdio::from));
        command.current_dir(&self.folder).stdout(Stdio::piped()).stderr(Stdio::piped());
        LEFT_OUT.iter().for_each(|name| _ = command.env_remove(name));
        command.envs([
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_NO_REPLACE_OBJECTS", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_LITERAL_PATHSPECS", "1"),
            ("GIT_DEFAULT_HASH", "sha1"),
            ("GIT_DEFAULT_REF_FORMAT", "files"),
            ("LC_ALL", "C"),
        ]);
        let settings = if self.repository.is_some() { &SETTINGS[..] } else { &SETTINGS_OF_WORK_TREE };
        settings.iter().for_each(|setting| _ = command.args(["-c", setting]));
        if let Some(repository) = &self.repository {
            command.arg("--git-dir").arg(repository);
        }
        if let Some(account) = &self.account {
            let key = format!("http.{}.extraHeader", account.address);
            let names = [("GIT_CONFIG_COUNT", "1"), ("GIT_CONFIG_KEY_0", &key)];
            command.envs(names).env("GIT_CONFIG_VALUE_0", account.header());
        }
        command.args(arguments);
        command
    }

    /// What it printed.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Vec<u8>, Failed> {
        self.finish(self.command(arguments))
    }

    pub fn finish(&self, mut command: Command) -> Result<Vec<u8>, Failed> {
        self.judge(command.output().map_err(Failed::of)?)
    }

    /// The first line that it printed.
    pub fn line<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<String, Failed> {
        let printed = self.run(arguments)?;
        Ok(String::from_utf8_lossy(&printed).lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Runs it on what is written meanwhile.
    pub fn feed<T>(
        &self,
        arguments: &[&str],
        write: impl FnOnce(&mut BufWriter<ChildStdin>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut command = self.command(arguments);
        let failed = |failed| self.failure(arguments[0], failed);
        let mut child = command.stdin(Stdio::piped()).spawn().map_err(|error| failed(Failed::of(error)))?;
        let mut input = BufWriter::with_capacity(1 << 18, child.stdin.take().expect("it is piped"));
        let written = write(&mut input).and_then(|value| {
            input.flush().map_err(|error| self.io(error))?;
            Ok(value)
        });
        drop(input);
        let judged = self.judge(child.wait_with_output().map_err(|error| self.io(error))?);
        match (written, judged) {
            // why it stopped reading it has said itself
            (Err(Failure::Io { error, .. }), Err(ended)) if error.kind() == io::ErrorKind::BrokenPipe => {
                Err(failed(ended))
            }
            (Err(failure), _) => Err(failure),
            (_, Err(ended)) => Err(failed(ended)),
            (Ok(value), Ok(_)) => Ok(value),
        }
    }

    fn judge(&self, output: Output) -> Result<Vec<u8>, Failed> {
        match output.status.success() {
            true => Ok(output.stdout),
            false => {
                let words = self.strike_out(&String::from_utf8_lossy(&output.stderr));
                Err(Failed::Ended { code: output.status.code(), words: last_lines(&words) })
            }
        }
    }

    /// What a run that failed comes to; `what` it was to do, as git calls it.
    pub fn failure(&self, what: &str, failed: Failed) -> Failure {
        let reason = match failed {
            Failed::Missing => {
                "没有找到 git 程序。发布到 git 分支要用它：请安装 git（2.31 或更新），并使它在 PATH 里".to_owned()
            }
            Failed::Machine(error) => return self.io(error),
            Failed::Ended { words, .. } if words.is_empty() => format!("git {what} 没有成功"),
            Failed::Ended { words, .. } => format!("git {what} 没有成功，它说：\n{words}"),
        };
        refused(Path::new(&self.place), reason)
    }

    pub fn io(&self, error: io::Error) -> Failure {
        Failure::Io { path: PathBuf::from(&self.place), error }
    }

    fn strike_out(&self, text: &str) -> String {
        let text = match &self.account {
            None => text.to_owned(),
            Some(account) => {
                let secrets = [account.header(), account.password.clone()];
                secrets.iter().filter(|secret| !secret.is_empty()).fold(text.to_owned(), |text, secret| {
                    text.replace(secret.trim_start_matches("Authorization: "), "***")
                })
            }
        };
        without_passwords(&text)
    }
}

impl Account {
    /// What HTTP calls basic authentication.
    fn header(&self) -> String {
        format!("Authorization: Basic {}", base64(format!("{}:{}", self.user, self.password).as_bytes()))
    }
}

impl Failed {
    pub fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Failed::Missing,
            _ => Failed::Machine(error),
        }
    }
}

/// Addresses in a text without the names and passwords that they hold.
pub fn without_passwords(text: &str) -> String {
    let mut pieces = text.split("://");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, rest| {
        let end = rest.find(|c: char| c == '/' || c.is_whitespace() || c == '\'').unwrap_or(rest.len());
        // a name alone may be an access token, unless it is that of `ssh`
        let is_secret = |who: &str| who.contains(':') || !text.ends_with("ssh");
        let shown = match rest[..end].rfind('@') {
            Some(at) if is_secret(&rest[..at]) => format!("***{}", &rest[at..]),
            _ => rest.to_owned(),
        };
        text + "://" + &shown
    })
}

/// Its last lines, each indented, without what a terminal would obey.
fn last_lines(text: &str) -> String {
    let lines = text.lines().map(|line| line.rsplit('\r').next().unwrap_or_default().trim_end());
    let lines: Vec<String> = lines
        .filter(|line| !line.trim().is_empty() && !line.starts_with("hint:"))
        .map(|line| format!("  {}", line.chars().filter(|c| !c.is_control()).collect::<String>()))
        .collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}
