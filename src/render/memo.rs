//! What is worked out when it is first asked for, and kept: the one exception to values that are never filled later. It
//! must be a pure function of its place, so that it makes no difference who asks first.

use std::sync::OnceLock;

/// A place for each of a number of things, filled when it is first asked for.
pub struct Memo<T>(Box<[OnceLock<T>]>);

impl<T> Memo<T> {
    /// Empty places.
    pub fn new(places: usize) -> Self {
        Self(std::iter::repeat_with(OnceLock::new).take(places).collect())
    }

    /// What belongs at a place. Panics if there is no such place.
    pub fn get(&self, at: usize, make: impl FnOnce() -> T) -> &T {
        self.0[at].get_or_init(make)
    }
}
