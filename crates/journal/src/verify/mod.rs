//! Verifying: the live base, by who runs the service; an export, by anyone who holds the public key.

mod base;
mod entries;
mod export;
mod growth;
mod problem;

pub use base::verify;
pub use export::{NotChecked, verify_export};
pub use problem::Problem;

/// What a verification found.
#[derive(Clone, Default, Debug)]
pub struct Report {
    /// Logs looked at.
    pub logs: u64,
    /// Entries looked at.
    pub entries: u64,
    /// Signed checkpoints compared with the entries.
    pub checkpoints: u64,
    /// Signed checkpoints older than what was looked at, which say nothing of it.
    pub too_old: u64,
    /// What is wrong; empty when all is good.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }

    /// One French sentence for each problem.
    pub fn sentences(&self) -> Vec<String> {
        self.problems.iter().map(Problem::sentence).collect()
    }
}
