//! `maincourante operator create | disable | enable`: who runs the service, and what they can do about an access.
//! A password comes by standard input; the secret of an authenticator is shown once.

use clap::Subcommand;
use maincourante_identity::StaffKind;
use maincourante_kernel::Failure;
use maincourante_mandates::aidants;

use super::structure::{enrol, say};
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
    /// Closes the access of someone, operator, référent or aidant: they are signed out of everywhere.
    Disable {
        #[command(flatten)]
        base: Base,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
    },
    /// Opens a closed access again, with the same password and authenticator.
    Enable {
        #[command(flatten)]
        base: Base,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
    },
}

const NOBODY: &str = "Nobody signs in with this address.";

impl Operator {
    pub async fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Create { base, login, name, json } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                enrol(&house, StaffKind::Operator, &login, &name, None, json).await
            }
            Self::Disable { base, login } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(aidants::close_access(&house.mandates, &login).await?, NOBODY, "This access is closed already."))
            }
            Self::Enable { base, login } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(aidants::reopen_access(&house.mandates, &login).await?, NOBODY, "This access is not closed."))
            }
        }
    }
}
