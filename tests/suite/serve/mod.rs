//! The live preview, over its real socket and with the real events of the file system.

pub mod client;
mod edits;
mod latency;
mod pages;
mod polls;
pub mod process;
mod requests;
mod share;
