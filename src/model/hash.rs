//! 128-bit content hashes: what fingerprints and the ledger are made of. The home of `blake3`.

use serde::{Deserialize, Serialize};

use std::fmt;
use std::hash::{Hash, Hasher};

/// The first 128 bits of a BLAKE3 hash. Printed as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Hash128(pub [u8; 16]);

impl Hash128 {
    /// The hash of bytes as they are (a file's content, an asset).
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::truncated(&blake3::hash(bytes))
    }

    /// The hash of the bytes of all pieces, one after the other.
    pub fn of_pieces(pieces: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        pieces.iter().for_each(|piece| _ = hasher.update(piece));
        Self::truncated(&hasher.finalize())
    }

    /// The hash of a value through its `Hash` implementation.
    pub fn of<T: Hash + ?Sized>(value: &T) -> Self {
        let mut hasher = Hasher128::default();
        value.hash(&mut hasher);
        hasher.finish128()
    }

    /// Reads what `Display` wrote; `None` if it is anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let high = (pair[0] as char).to_digit(16)?;
            let low = (pair[1] as char).to_digit(16)?;
            *byte = (high * 16 + low) as u8;
        }
        Some(Self(bytes))
    }

    fn truncated(hash: &blake3::Hash) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Self(bytes)
    }
}

impl fmt::Display for Hash128 {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash128 {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Collects what `derive(Hash)` feeds it. Small writes are gathered, because BLAKE3 likes long ones.
pub struct Hasher128(Vec<u8>);

impl Default for Hasher128 {
    fn default() -> Self {
        // what most pages feed
        Self(Vec::with_capacity(1024))
    }
}

impl Hasher128 {
    pub fn finish128(&self) -> Hash128 {
        Hash128::of_bytes(&self.0)
    }
}

impl Hasher for Hasher128 {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Required by the trait; nothing here uses the short form.
    fn finish(&self) -> u64 {
        u64::from_le_bytes(self.finish128().0[..8].try_into().expect("16 bytes hold 8"))
    }
}

/// A value that carries its hash, computed in the only constructor.
#[derive(Clone, Debug)]
pub struct Hashed<T> {
    value: T,
    hash: Hash128,
}

impl<T: Hash> Hashed<T> {
    pub fn new(value: T) -> Self {
        let hash = Hash128::of(&value);
        Self { value, hash }
    }
}

impl<T> Hashed<T> {
    pub fn hash128(&self) -> Hash128 {
        self.hash
    }
}

impl<T> std::ops::Deref for Hashed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Hash for Hashed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}
