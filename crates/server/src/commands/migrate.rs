//! `maincourante migrate`: makes the database, or brings it up to date. Harmless when it already is.

use clap::Args;
use maincourante_kernel::Failure;

use super::{Base, Verdict};
use crate::house::House;

/// Brings the database up to date.
#[derive(Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    base: Base,
}

impl Migrate {
    pub async fn run(self) -> Result<Verdict, Failure> {
        House::open(self.base.place()?).await?;
        eprintln!("The database is up to date.");
        Ok(Verdict::Well)
    }
}
