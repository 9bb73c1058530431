//! The commands. Each has its file; all answer with a verdict.

mod check;
mod demo;
mod journal;
mod lifecycle;
mod migrate;
mod operator;
mod serve;
mod structure;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use maincourante_kernel::{Failure, Secret};

pub(crate) use self::structure::enrol_with;

use crate::config::Config;
use crate::house::{House, Place};

/// What a command found.
pub(crate) enum Verdict {
    /// All is well.
    Well,
    /// What was checked is not well, and was said.
    NotWell,
    /// The command could not run, and it was said why.
    NotRun,
}

/// What the program can be asked.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Starts a whole little world with invented people: mail, a phone, aidants. Nothing leaves it.
    Demo(demo::Demo),
    /// Runs the service.
    Serve(serve::Serve),
    /// Tries every peer and says in words what is wrong.
    Check(check::Check),
    /// Brings the database up to date.
    Migrate(migrate::Migrate),
    /// Operators: those who run the service.
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Structures and those who work there.
    #[command(subcommand)]
    Structure(structure::Structure),
    /// The journal: verify, export, checkpoint.
    #[command(subcommand)]
    Journal(journal::Journal),
    /// What time does: expiry, abandonment, suspension. Also run inside `serve`.
    #[command(subcommand)]
    Lifecycle(lifecycle::Lifecycle),
}

impl Command {
    /// Runs it.
    pub async fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Demo(command) => command.run().await,
            Self::Serve(command) => command.run().await,
            Self::Check(command) => command.run().await,
            Self::Migrate(command) => command.run().await,
            Self::Operator(command) => command.run().await,
            Self::Structure(command) => command.run().await,
            Self::Journal(command) => command.run().await,
            Self::Lifecycle(command) => command.run().await,
        }
    }
}

/// Where the base is: an embedded folder, or the configuration of a service.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Base {
    /// The folder of an embedded service (demo, training).
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration of a service.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Base {
    pub fn place(&self) -> Result<Place, Failure> {
        match (&self.data, &self.config) {
            (Some(folder), _) => Ok(Place::Embedded(folder.clone())),
            (None, Some(file)) => Ok(Place::Configured(Box::new(Config::read(file)?))),
            (None, None) => Err(Failure::new("give --data DIR or --config FILE")),
        }
    }

    /// Opens what is there, and makes nothing: none when it is not to be used as it is, which was said.
    pub async fn house(&self) -> Result<Option<House>, Failure> {
        Ok(House::find(self.place()?).await?.inspect_err(|no_base| eprintln!("{no_base}")).ok())
    }
}

/// The first line of standard input: how a secret is given to a command without being seen in the list of processes.
pub(crate) fn line_from_input(what: &str) -> Result<Secret<String>, Failure> {
    eprintln!("{what}, then Enter:");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let line = line.trim_end_matches(['\n', '\r']).to_owned();
    if line.is_empty() { Err(Failure::new("nothing was given on standard input")) } else { Ok(Secret::new(line)) }
}
