//! `maincourante`: the binary. Configuration, commands, and the wiring of jobs to the contexts that carry them out.
//!
//! Exit codes, the same for every command: 0 when all is well, 1 when what was checked is not, 2 when it could not run.
//! Sentences go to standard error, results to standard output, `--json` where a script would want it.

mod commands;
mod config;
#[cfg(test)]
mod config_doc;
mod demo;
#[cfg(test)]
mod doors_doc;
mod house;
mod keys;
mod queue;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod unfinished;
mod web;
mod work;

use std::process::ExitCode;

use clap::Parser;
#[cfg(debug_assertions)]
use maincourante_kernel::points;
use tracing_subscriber::EnvFilter;

use crate::commands::{Command, Verdict};

/// Mailboxes and documents for people far from digital, opened with a helper under a signed mandate.
#[derive(Parser)]
#[command(name = "maincourante", version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Says each point of the program that is passed (`kernel::points`).
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, global = true)]
    tell_points: bool,
    /// Stops at this point for ever, so that a test kills the program there.
    #[cfg(debug_assertions)]
    #[arg(long, hide = true, global = true, conflicts_with = "tell_points")]
    stop_at: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    #[cfg(debug_assertions)]
    match (&arguments.stop_at, arguments.tell_points) {
        (Some(point), _) => points::wish(points::Wish::stop_at(point)),
        (None, true) => points::wish(points::Wish::Tell),
        (None, false) => {}
    }
    let filter = EnvFilter::try_new(config::log_level()).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // The words of a panic may hold what a person typed: only where it happened is said.
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!(at = panic.location().map(ToString::to_string).unwrap_or_default(), "the program panicked");
    }));
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("another cryptography provider was installed before ours.");
        return ExitCode::from(2);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("the program cannot start: {error}");
            return ExitCode::from(2);
        }
    };
    match runtime.block_on(arguments.command.run()) {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::NotWell) => ExitCode::from(1),
        Ok(Verdict::NotRun) => ExitCode::from(2),
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}
