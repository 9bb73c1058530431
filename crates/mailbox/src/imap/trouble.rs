//! What can go wrong with a server, in the three ways that matter to us.

use std::io;

use maincourante_kernel::Failure;

use super::token::Nonsense;
use crate::Reach;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server cannot be reached, is silent, or has closed: it may come back.
    Away(&'static str),
    /// It answered NO.
    Refused {
        command: &'static str,
        /// The word of its response code, such as `TRYCREATE`; never its text, which may name someone.
        code: Option<String>,
    },
    /// It answered BAD, or something that is not IMAP.
    Nonsense(&'static str),
    /// What it was to be given could not be read here.
    Ours(Failure),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Ours(failure)
    }
}

impl From<io::Error> for Trouble {
    fn from(_: io::Error) -> Self {
        Self::Away("the connection broke")
    }
}

impl From<Nonsense> for Trouble {
    fn from(Nonsense(what): Nonsense) -> Self {
        Self::Nonsense(what)
    }
}

/// A server that is away is an outcome that a page can tell; one that talks nonsense is a breakdown.
pub(crate) fn reach<T>(result: Result<T, Trouble>) -> Result<Reach<T>, Failure> {
    match result {
        Ok(value) => Ok(Reach::Here(value)),
        Err(Trouble::Away(why)) => {
            tracing::warn!(why, "the mail server is away");
            Ok(Reach::Away)
        }
        Err(Trouble::Refused { command, code }) if is_passing(command, code.as_deref()) => {
            tracing::warn!(command, code, "the mail server refuses for now");
            Ok(Reach::Away)
        }
        Err(Trouble::Refused { command, code }) => {
            tracing::error!(command, code, "the mail server refused");
            Err(Failure::new("the mail server refused a command"))
        }
        Err(Trouble::Nonsense(what)) => Err(Failure::new(what)),
        Err(Trouble::Ours(failure)) => Err(failure),
    }
}

/// A sign-in refused, or a trouble that the server itself calls its own (RFC 9051, section 7.1): nothing that the person
/// did, and nothing that a page could put right.
fn is_passing(command: &str, code: Option<&str>) -> bool {
    command == "AUTHENTICATE"
        || matches!(code, Some("UNAVAILABLE" | "SERVERBUG" | "INUSE" | "LIMIT" | "CONTACTADMIN" | "AUTHENTICATIONFAILED"))
}
