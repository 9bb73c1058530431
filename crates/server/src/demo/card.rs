//! What one needs to walk about in the world: printed at each start, kept beside it, shown by its first page.

use serde::{Deserialize, Serialize};

/// Everyone who can sign in, and what there is to see with each.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Card {
    /// Who helps.
    pub aidants: Vec<AidantCard>,
    /// Who is helped.
    pub people: Vec<PersonCard>,
}

/// How an aidant signs in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AidantCard {
    pub name: String,
    pub role: String,
    pub login: String,
    pub password: String,
    /// For an authenticator application; base 32.
    pub totp: String,
    /// The structure, or the structures.
    #[serde(default)]
    pub structure: String,
    /// What there is to see once signed in.
    #[serde(default)]
    pub look: String,
}

/// How a person signs in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct PersonCard {
    pub name: String,
    pub address: String,
    /// Empty for who has not chosen one yet.
    pub password: String,
    /// Empty for who has none.
    pub phone: String,
    /// What to look at.
    pub note: String,
    /// The structure that helps them.
    #[serde(default)]
    pub structure: String,
}
