//! A breakdown: something that should have worked did not. It is not an outcome of the trade
//! (those are enums); it travels by `?`, is logged once, and becomes a page with a reference.
//!
//! It must carry nothing that a person typed. A source prints its own message: the base's names what refused, not the
//! value, but a parser's may quote what it read. So what comes from outside becomes an outcome, never a `?`.

use std::error::Error;
use std::fmt;
use std::panic::Location;

/// A breakdown, with where it was met and what caused it.
pub struct Failure {
    what: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
    at: &'static Location<'static>,
}

impl Failure {
    /// A breakdown that has no other cause than what is said here.
    #[track_caller]
    pub fn new(what: &'static str) -> Self {
        Self { what, source: None, at: Location::caller() }
    }

    /// Says what was being done when the cause arose.
    #[must_use]
    pub fn during(mut self, what: &'static str) -> Self {
        self.what = what;
        self
    }

    /// Whether the base did not answer: it is away, it is starting, or all that it can do at once is being done. Nothing is wrong
    /// with what was asked, which may be asked again.
    pub fn is_outage(&self) -> bool {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, WorkerCrashed};
        match self.source.as_deref().and_then(|source| source.downcast_ref()) {
            Some(Io(_) | PoolTimedOut | PoolClosed | WorkerCrashed) => true,
            // PostgreSQL, appendix A, class 57: it is stopping, it was stopped, it cannot take anyone yet. Class 53: too many at once.
            // SQLite: someone else has held the pen for too long.
            Some(Database(refusal)) => refusal.code().is_some_and(|code| ["57P01", "57P02", "57P03", "53300", "5"].contains(&&*code)),
            Some(_) | None => false,
        }
    }
}

// `Failure` is not an `Error` itself: this is what lets `?` turn every error into one.
impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    #[track_caller]
    fn from(source: E) -> Self {
        Self { what: "", source: Some(Box::new(source)), at: Location::caller() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.what.is_empty() { "breakdown" } else { self.what })?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(error) = cause {
            write!(out, ": {error}")?;
            cause = error.source();
        }
        write!(out, " (at {}:{})", self.at.file(), self.at.line())
    }
}

// `Debug` of a database error prints the refused values; ours prints what `Display` prints.
impl fmt::Debug for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_that_does_not_answer_is_an_outage_and_a_fault_of_ours_is_none() {
        for away in [sqlx::Error::PoolTimedOut, sqlx::Error::PoolClosed, std::io::Error::from(std::io::ErrorKind::ConnectionRefused).into()]
        {
            let said = away.to_string();
            assert!(Failure::from(away).is_outage(), "{said}");
        }
        assert!(!Failure::from(sqlx::Error::RowNotFound).is_outage());
        assert!(!Failure::new("a fault").is_outage());
    }
}
