//! `maincourante serve`: runs the service. Any number of them may run side by side on PostgreSQL.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use maincourante_kernel::Failure;

use super::Verdict;
use crate::config::Config;
use crate::house::{House, Place};
use crate::web;
use maincourante_usager::training::Guide;

/// Runs the service.
#[derive(Args)]
pub(crate) struct Serve {
    /// The configuration.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let config = Config::read(&self.config)?;
        let (listen, every) = (config.web.listen, Duration::from_secs(config.journal.every_minutes.max(1) * 60));
        let listener = web::listen(listen)?;
        let house = House::open(Place::Configured(Box::new(config))).await?;
        web::serve(house, listener, every, Guide::default(), |address| eprintln!("The service answers on http://{address}")).await?;
        Ok(Verdict::Well)
    }
}
