//! What lies in a repository of git: trees, and the bytes of blobs. A blob's name is the hash of its bytes, so that what was
//! once read under a name holds for ever; it is remembered beside the repository.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::Stdio;

use rayon::prelude::*;

use crate::memory::{pack, unpack};
use crate::model::Hash128;
use crate::pipeline::Failure;
use crate::publish::git::{Failed, Git};
use crate::source::digest;

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: String,
    /// An ordinary file: no program, no link, no other repository.
    pub is_plain: bool,
}

/// Every file of a tree by its path.
pub type Tree = BTreeMap<String, Node>;

/// Blobs that one process of git reads; with fewer, a second one would not pay.
const AT_ONCE: usize = 2_000;

/// The files below a tree, which may be named like `COMMIT` or `COMMIT:folder/`.
pub fn tree(git: &Git, name: &str) -> Result<Tree, Failure> {
    let printed =
        git.run(["ls-tree", "-r", "-z", "--full-tree", name]).map_err(|failed| git.failure("ls-tree", failed))?;
    let node = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (head, path) = line.split_once('\t')?;
        let mut words = head.split(' ');
        let (mode, _, id) = (words.next()?, words.next()?, words.next()?);
        Some((path.to_owned(), Node { id: id.to_owned(), is_plain: mode == "100644" }))
    };
    Ok(printed.split(|byte| *byte == 0).filter_map(node).collect())
}

/// A text, by a name like `COMMIT:path`. `None`: there is none.
pub fn text(git: &Git, name: &str) -> Result<Option<String>, Failure> {
    let found = batch(git, &[name], |reader, size| {
        let mut bytes = Vec::new();
        reader.take(size).read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    })?;
    Ok(found.into_iter().next().flatten())
}

/// The SHA-256 of blobs, all bytes read; of one that is not there, none.
pub fn sha256(git: &Git, ids: &[&str]) -> Result<HashMap<String, String>, Failure> {
    let read = ids.par_chunks(AT_ONCE).map(|ids| {
        let found = batch(git, ids, |reader, size| Ok(digest(&mut reader.take(size), &mut io::sink())?.sha256))?;
        let found = ids.iter().zip(found).filter_map(|(id, sha256)| Some(((*id).to_owned(), sha256?)));
        Ok(found.collect::<Vec<_>>())
    });
    let read: Vec<Vec<(String, String)>> = read.collect::<Result<_, Failure>>()?;
    Ok(read.into_iter().flatten().collect())
}

/// Hands the bytes of each blob on, one after the other.
fn batch<T>(
    git: &Git,
    names: &[&str],
    each: impl Fn(&mut dyn Read, u64) -> io::Result<T>,
) -> Result<Vec<Option<T>>, Failure> {
    let mut command = git.command(["cat-file", "--batch"]);
    let started = command.stdin(Stdio::piped()).spawn();
    let mut child = started.map_err(|error| git.failure("cat-file", Failed::of(error)))?;
    let mut input = BufWriter::new(child.stdin.take().expect("it is piped"));
    let mut output = BufReader::with_capacity(1 << 17, child.stdout.take().expect("it is piped"));
    let read = std::thread::scope(|scope| {
        // beside, or both would wait for each other
        scope.spawn(move || {
            let _ = names.iter().try_for_each(|name| writeln!(input, "{name}")).and_then(|()| input.flush());
        });
        names.iter().map(|_| one(&mut output, &each)).collect::<io::Result<Vec<Option<T>>>>()
    });
    drop(output);
    let ended = child.wait_with_output().map_err(|error| git.io(error))?;
    match read {
        Ok(read) => Ok(read),
        Err(error) if ended.status.success() => Err(git.io(error)),
        Err(_) => {
            let words = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
            Err(git.failure("cat-file", Failed::Ended { code: ended.status.code(), words }))
        }
    }
}

/// `ID blob SIZE`, the bytes, a line break; or `NAME missing`.
fn one<T>(
    output: &mut BufReader<impl Read>,
    each: &impl Fn(&mut dyn Read, u64) -> io::Result<T>,
) -> io::Result<Option<T>> {
    let mut head = Vec::new();
    output.read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head);
    if head.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut words = head.trim_end().rsplitn(3, ' ');
    let (size, kind) = (words.next().and_then(|size| size.parse().ok()), words.next());
    let (Some(size), Some(kind @ ("blob" | "tree" | "commit" | "tag"))) = (size, kind) else { return Ok(None) };
    if kind != "blob" {
        io::copy(&mut output.take(size + 1), &mut io::sink())?;
        return Ok(None);
    }
    let value = each(output, size)?;
    output.read_exact(&mut [0])?;
    Ok(Some(value))
}

/// SHA-256 of blobs by their names, from earlier runs. Without the file all are read.
#[derive(Clone, Debug, Default)]
pub struct Known(HashMap<String, String>);

impl Known {
    pub fn load(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_default();
        let (sum, body) = bytes.split_at_checked(32).unwrap_or_default();
        let is_whole = Hash128::of_bytes(body).to_string().as_bytes() == sum;
        let known: Option<Vec<(String, String)>> = is_whole.then(|| unpack(body)).flatten();
        Self(known.unwrap_or_default().into_iter().collect())
    }

    pub fn get(&self, id: &str) -> Option<&String> {
        self.0.get(id)
    }

    pub fn with(self, more: HashMap<String, String>) -> Self {
        let mut all = self.0;
        all.extend(more);
        Self(all)
    }

    /// Keeps those of a tree and nothing else. What cannot be kept is read again the next time; nobody need hear of it.
    pub fn keep(&self, path: &Path, tree: &Tree) {
        let of_tree = tree.values().filter_map(|node| Some((&node.id, self.0.get(&node.id)?)));
        let kept: BTreeMap<&String, &String> = of_tree.collect();
        let body = pack(&kept.into_iter().collect::<Vec<_>>());
        let sum = Hash128::of_bytes(&body).to_string();
        let bytes = [sum.as_bytes(), &body].concat();
        if fs::read(path).is_ok_and(|before| before == bytes) {
            return;
        }
        let aside = path.with_extension("tmp");
        let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, path));
        let _ = written.or_else(|_| fs::remove_file(&aside));
    }
}
