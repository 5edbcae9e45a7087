//! Stage 2: a file's text as data, and what is wrong with it. Pure; sees one file at a time.

pub mod markdown;
