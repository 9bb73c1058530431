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
