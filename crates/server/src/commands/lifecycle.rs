//! `maincourante lifecycle run`: what time does, once. `serve` does it by itself.

use clap::Subcommand;
use maincourante_kernel::Failure;
use maincourante_mandates::lifecycle;

use super::{Base, Verdict};

/// What time does.
#[derive(Subcommand)]
pub(crate) enum Lifecycle {
    /// Expires, abandons and suspends what the hour demands.
    Run {
        #[command(flatten)]
        base: Base,
    },
}

impl Lifecycle {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let Self::Run { base } = self;
        let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
        let changed = lifecycle::run(&house.mandates).await?;
        eprintln!("{} expired, {} abandoned, {} suspended.", changed.expired, changed.abandoned, changed.suspended);
        Ok(Verdict::Well)
    }
}
