//! The pages of a person at their own things (messages, who helped them, their account), and those that anyone
//! can open: sign-in, recovery, help, accessibility, data.
//!
//! A page asks for its proof, calls one context, and shows the outcome. Templates are in `templates/public` and
//! `templates/usager`, at the path of the file; the words are in `locales`.
//!
//! Deliberately holds no SQL, no rule of the trade, no cryptography.

mod account;

mod help;
mod home;
mod messages;
mod public;
mod routes;
mod said;
mod sign_out;
pub mod training;

pub use routes::{BELOW, doors};

use maincourante_identity::Identity;
use maincourante_mailbox::Mailbox;
use maincourante_mandates::Mandates;

rust_i18n::i18n!("locales", fallback = "fr");

/// The contexts that these pages call, built by the server.
#[derive(Clone)]
pub struct App {
    /// Sign-in, recovery, the person's account.
    pub identity: Identity,
    /// Who may help, what was done.
    pub mandates: Mandates,
    /// Letters.
    pub mailbox: Mailbox,
}
