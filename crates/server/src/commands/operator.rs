//! `maincourante operator create`: who runs the service. The password comes by standard input; the secret of the
//! authenticator is shown once.

use clap::Subcommand;
use maincourante_identity::StaffKind;
use maincourante_kernel::Failure;

use super::structure::enrol;
use super::{Base, Verdict};

/// Operators.
#[derive(Subcommand)]
pub(crate) enum Operator {
    /// Enrols an operator; their password is the first line of standard input.
    Create {
        #[command(flatten)]
        base: Base,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// Prints the secret of the authenticator as JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Operator {
    pub async fn run(self) -> Result<Verdict, Failure> {
        let Self::Create { base, login, name, json } = self;
        let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
        enrol(&house, StaffKind::Operator, &login, &name, None, json).await
    }
}
