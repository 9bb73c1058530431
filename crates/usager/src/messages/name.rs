//! What names a letter in an address: its place in the mailbox, or, as long as it waits to leave, in the outbox.

use std::fmt;

use maincourante_mailbox::{LetterId, Reference};
use serde::Deserialize;

/// The name of a letter of whoever asks.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Name {
    /// A letter that the mailbox keeps.
    Kept(Reference),
    /// A letter of the outbox.
    Waiting(LetterId),
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let kept = text.parse().map(Self::Kept);
        kept.or_else(|_| text.parse().map(Self::Waiting)).map_err(|_| "this names no letter")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept(reference) => reference.fmt(out),
            Self::Waiting(id) => id.fmt(out),
        }
    }
}
