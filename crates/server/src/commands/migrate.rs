//! `maincourante migrate`: brings the database up to date. Harmless when it already is.

use clap::Args;
use maincourante_kernel::Failure;

use super::{Base, Verdict};

/// Brings the database up to date.
#[derive(Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    base: Base,
}

impl Migrate {
    pub async fn run(self) -> Result<Verdict, Failure> {
        self.base.house().await?;
        eprintln!("The database is up to date.");
        Ok(Verdict::Well)
    }
}
