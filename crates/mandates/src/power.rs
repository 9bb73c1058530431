//! What a mandate may allow. Reading mail or documents is not here, and never will be: nobody can have it.
//!
//! A power is offered once an act demands it: a mandate never grants a word without effect.

use std::str::FromStr;

use maincourante_kernel::Failure;
use serde::{Deserialize, Serialize};

/// One power, granted or refused, revocable alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// Create the account and its address, and hand the screen over for the first secret.
    CreateAccount,
    /// Hand the screen over so that the person chooses a new secret.
    GiveAccessBack,
}

impl Power {
    /// Every power that can be granted, in the order they are read aloud.
    pub const ALL: [Self; 2] = [Self::CreateAccount, Self::GiveAccessBack];

    /// Its name in the base, in the journal and in translation keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateAccount => "create_account",
            Self::GiveAccessBack => "give_access_back",
        }
    }

    /// The acts that demand it. A power without act would be a promise without effect: a test refuses it.
    pub fn acts(self) -> &'static [&'static str] {
        match self {
            Self::CreateAccount => &["activate::countersign", "first_secret::lend"],
            Self::GiveAccessBack => &["access_back::lend"],
        }
    }
}

impl FromStr for Power {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Self::ALL.into_iter().find(|power| power.as_str() == text).ok_or_else(|| Failure::new("an unknown power"))
    }
}
