//! What every context stands on: identifiers, time, chance, secrets, phone numbers and addresses,
//! the database with its two engines, the job queue and the rate limits.
//!
//! Deliberately knows nothing of the trade: no person, no mandate, no letter.
//! Time and chance come from here and from nowhere else, so that a test can hold both.

pub mod address;
pub mod calendar;
pub mod chance;
pub mod clock;
pub mod db;
mod failure;
mod id;
pub mod jobs;
pub mod key;
pub mod limits;
pub mod phone;
#[cfg(debug_assertions)]
pub mod points;
pub mod raster;
pub mod secret;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;

pub use chance::Chance;
pub use clock::{Clock, Timestamp};
pub use db::{Db, Tx};
pub use failure::Failure;
pub use key::{Key, Vault};
pub use secret::Secret;

/// Re-exported so that the macros of this crate expand in crates that do not name it.
#[doc(hidden)]
pub use sqlx;
#[doc(hidden)]
pub use uuid;

/// What a context is given at the start: where it writes, what time it is, where chance comes from,
/// and the vault that closes what must not be read in the base.
#[derive(Clone)]
pub struct Kernel {
    /// The database.
    pub db: Db,
    /// The only source of the current time.
    pub clock: Clock,
    /// The only source of random bytes.
    pub chance: Chance,
    /// Keys that never lie in the database.
    pub vault: Vault,
}

impl Kernel {
    /// The current time, to the microsecond.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
