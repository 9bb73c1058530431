//! `maincourante operator create | reset | disable | enable`: who runs the service, and what they can do about an access.
//! A password comes by standard input; the secret of an authenticator is shown once.

use clap::Subcommand;
use maincourante_identity::StaffKind;
use maincourante_kernel::Failure;
use maincourante_mandates::aidants;
use maincourante_mandates::invitations::{self, Reset};

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
    /// Asks an aidant or a référent to set up their password and their codes again: a letter takes them there.
    Reset {
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

fn reset(answer: Reset) -> Verdict {
    match answer {
        Reset::Sent => {
            eprintln!("Done, and written in the journal. A letter is on its way: nothing opens this access until they answer it.");
            return Verdict::Well;
        }
        Reset::Unknown => eprintln!("{NOBODY}"),
        Reset::Closed => eprintln!("This access is closed: open it again first (operator enable)."),
        Reset::NotAidant => eprintln!("Operators have no page to set codes up: create another access (operator create)."),
    }
    Verdict::NotWell
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
            Self::Reset { base, login } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(reset(invitations::reset(&house.mandates, &login).await?))
            }
            Self::Enable { base, login } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(aidants::reopen_access(&house.mandates, &login).await?, NOBODY, "This access is not closed."))
            }
        }
    }
}
