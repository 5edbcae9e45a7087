//! The command line: one file per command. The only module that prints, reads the clock or decides an exit code.

/// Prints a line to stdout.
macro_rules! say {
    ($($words:tt)*) => { $crate::cli::out::put(format_args!("{}\n", format_args!($($words)*))) };
}

/// The same without the end of the line.
macro_rules! put {
    ($($words:tt)*) => { $crate::cli::out::put(format_args!($($words)*)) };
}

/// In place of the standard one, which panics when nobody reads any more (`gongkai build 2>&1 | head`).
macro_rules! eprintln {
    ($($words:tt)*) => {{
        use std::io::Write;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

#[cfg(feature = "publish")]
mod apply;
mod args;
mod build;
mod clean;
mod explain;
mod follows;
mod help;
mod init;
mod list;
mod named;
mod new;
mod out;
mod outcome;
mod publish;
mod releases;
mod report;
mod rollback;
mod schema;
mod serve;
mod stats;
mod target;
mod verify;
mod why;
mod withdraw;

use std::process::ExitCode;

pub use args::Args;

/// How a command ended. The numbers are a contract (design §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Clean = 0,
    /// Findings at error level.
    Findings = 1,
    /// Could not run: usage, configuration, machine.
    CouldNotRun = 2,
    /// Something must be looked at by a person before it may be published.
    Guarded = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let exit = args::parse(std::env::args_os()).map_or_else(|exit| exit, run);
    out::close(exit).into()
}

fn run(args: Args) -> Exit {
    if let Some(jobs) = args.jobs() {
        // fails only if the pool exists already, and then its size does not matter
        let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global();
    }
    match args.command {
        args::Command::Build(command) => build::run(&command),
        args::Command::Serve(command) => serve::run(&command),
        args::Command::List(command) => list::run(&command),
        args::Command::Why(command) => why::run(&command),
        args::Command::Stats(command) => stats::run(&command),
        args::Command::Publish(command) => publish::run(&command),
        args::Command::Releases(command) => releases::run(&command),
        args::Command::Verify(command) => verify::run(&command),
        #[cfg(feature = "publish")]
        args::Command::Apply(command) => apply::run(&command),
        #[cfg(not(feature = "publish"))]
        args::Command::Apply(command) => {
            eprintln!("错误：这个 gongkai 编译时没有带 publish 功能，不能执行离线包 {}", command.file.display());
            Exit::CouldNotRun
        }
        args::Command::Rollback(command) => rollback::run(&command),
        args::Command::Withdraw(command) => withdraw::run(&command),
        args::Command::Init(command) => init::run(&command),
        args::Command::New(command) => new::run(&command),
        args::Command::Clean(command) => clean::run(&command),
        args::Command::Explain(command) => explain::run(&command),
        args::Command::Schema(command) => schema::run(&command),
    }
}
