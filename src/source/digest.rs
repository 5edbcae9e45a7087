//! SHA-256 of whole files, which anyone can check with common tools. Shares `sha2` with `probe`.

use std::io::{self, Read, Write};

use sha2::{Digest as _, Sha256};

/// Bytes of a file, and their SHA-256 in 64 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    pub size: u64,
    pub sha256: String,
}

impl Digest {
    pub fn of(bytes: &[u8]) -> Self {
        Self { size: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
    }
}

/// Reads to the end and hands every byte on: to a copy, or to `io::sink()` where only the sum is wanted.
pub fn digest(from: &mut impl Read, to: &mut impl Write) -> io::Result<Digest> {
    let (mut hasher, mut size) = (Sha256::new(), 0);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(Digest { size, sha256: hex(&hasher.finalize()) }),
            Ok(read) => {
                hasher.update(&buffer[..read]);
                to.write_all(&buffer[..read])?;
                size += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
