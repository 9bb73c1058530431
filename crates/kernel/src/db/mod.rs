//! One SQL text, two engines: SQLite for one machine, PostgreSQL for more.
//!
//! A statement is written once, with `$1` parameters, through the macros below; a test reads every
//! `store.rs` and prepares each statement on both engines. Where one text cannot serve both,
//! the macro takes the pair `["for SQLite", "for PostgreSQL"]`.
//!
//! SQLite has one writer: write transactions take the lock at once (`BEGIN IMMEDIATE`) and queue for one
//! connection, so that reading then writing never fails in the middle. Readers do not wait for it (WAL).
//! `synchronous = FULL`: what a person saw confirmed survives a power cut.

mod engine;
mod found;
mod macros;
mod patience;

pub use engine::{Db, Target, Tx, Wire};
pub use found::Found;
#[doc(hidden)]
pub use patience::answered;
