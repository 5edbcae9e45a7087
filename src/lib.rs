//! gongkai (公开): compiles a repository of Markdown documents into a county government's open-information site.
//!
//! The modules in the order in which a document flows through them; imports point only down this list's reverse:
//!
//! ```text
//! disk ─▶ source ─▶ parse ─▶ catalogue ─▶ plan ─▶ render ─▶ emit ─▶ disk
//! ```
#![forbid(unsafe_code)]

pub mod memory;
pub mod model;
pub mod diag;
pub mod config;
pub mod source;
pub mod parse;
pub mod theme;
pub mod catalogue;
pub mod plan;
pub mod render;
pub mod emit;
pub mod pipeline;
pub mod serve;
pub mod publish;
pub mod cli;
