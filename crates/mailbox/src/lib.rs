//! The mail of a person, opened as that person: sources (IMAP, Maildir), the letter made safe, folders, outbox, sending.
//!
//! Deliberately knows nothing of: aidants, mandates, pages.

pub mod letter;
