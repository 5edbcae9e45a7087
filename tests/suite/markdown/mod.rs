//! The body of a document: `gongkai::parse::markdown`.

mod emphasis;
mod suites;
