//! The pages of aidants, structures and operators, and the screen they lend.
//!
//! An aidant acts through `mandates`, which asks for a power at each act; the person they help acts on the
//! screen they were lent, with a proof that opens no mailbox. Every address is in `routes`.
//!
//! Deliberately knows nothing of: SQL, rules, cryptography, messages and documents: it has no arrow to them.

rust_i18n::i18n!("locales", fallback = "fr");

mod aidant;
mod download;
mod invitation;
mod lent;
mod qr;
mod register;
mod routes;
mod sentences;
mod structure;
#[cfg(test)]
mod tests;
mod who;
mod words;

use maincourante_kernel::Timestamp;
use maincourante_mandates::Mandates;
use maincourante_mandates::review::export::Notary;

pub use routes::{BELOW, doors};

/// What the pages are given.
#[derive(Clone)]
pub struct App {
    /// Structures, aidants, mandates; and, through it, identity.
    pub mandates: Mandates,
    /// What signs the journal when a référent takes it away.
    pub notary: Notary,
}

impl App {
    pub(crate) fn now(&self) -> Timestamp {
        self.mandates.identity.kernel.now()
    }
}
