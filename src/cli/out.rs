//! Results on their way to stdout. That one of them could not be written is noted here and told once, at the end, for whoever
//! takes the exit code for the word of the program.

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

use super::Exit;
use crate::diag;

/// What the system said when the first piece could not be written, by its number; 0: all went well.
static FAILED: AtomicI32 = AtomicI32::new(0);
/// In place of a number where the system gave none.
const NAMELESS: i32 = i32::MAX;

pub fn put(words: fmt::Arguments) {
    note(io::stdout().write_fmt(words));
}

/// Whoever reads may stop before the end (`gongkai list | head`); that is no fault.
pub fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        let _ = FAILED.compare_exchange(0, error.raw_os_error().unwrap_or(NAMELESS), Relaxed, Relaxed);
    }
}

/// How the command ended, now that it is known whether its results came through.
pub fn close(exit: Exit) -> Exit {
    note(io::stdout().flush());
    let error = match FAILED.load(Relaxed) {
        0 => return exit,
        NAMELESS => io::ErrorKind::Other.into(),
        number => io::Error::from_raw_os_error(number),
    };
    eprintln!("错误：结果没有写完：{}", diag::io::reason(&error));
    Exit::CouldNotRun
}
