#![forbid(unsafe_code)]
pub mod diag;
pub mod model;
pub mod parse;
