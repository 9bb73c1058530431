//! Time: integer microseconds UTC, given and never taken.
//!
//! `clippy.toml` forbids the system clock everywhere but here.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant: microseconds since 1 January 1970, UTC.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since 1970, UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970, UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, UTC.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant, later by `span`.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// This instant, earlier by `span`.
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// How much later than `earlier` this is (negative when it is earlier).
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(out, "{instant}"),
            Err(_) => write!(out, "{} µs", self.0),
        }
    }
}

/// A length of time, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Span(i64);

impl Span {
    /// Whole seconds in this span.
    pub const fn as_seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// This span, or none when it is negative.
    #[must_use]
    pub fn max_zero(self) -> Self {
        Self(self.0.max(0))
    }

    /// This span for the standard library; a negative one is zero.
    pub fn to_std(self) -> std::time::Duration {
        std::time::Duration::from_micros(u64::try_from(self.0).unwrap_or(0))
    }
}

/// `n` seconds.
pub const fn seconds(n: i64) -> Span {
    Span(n * 1_000_000)
}

/// `n` minutes.
pub const fn minutes(n: i64) -> Span {
    seconds(n * 60)
}

/// `n` hours.
pub const fn hours(n: i64) -> Span {
    minutes(n * 60)
}

/// `n` days of 24 hours.
pub const fn days(n: i64) -> Span {
    hours(n * 24)
}

/// Where the time comes from.
#[derive(Clone)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that only moves when told: tests, and the past of the demo.
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// A clock held at `start`.
    pub fn held(start: Timestamp) -> Self {
        Self::Held(Arc::new(AtomicI64::new(start.0)))
    }

    /// The current time.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one door to the system clock")]
            Self::System => Timestamp(jiff::Timestamp::now().as_microsecond()),
            Self::Held(micros) => Timestamp(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a held clock forward; the system clock does not listen.
    pub fn advance(&self, span: Span) {
        if let Self::Held(micros) = self {
            micros.fetch_add(span.0, Ordering::SeqCst);
        }
    }
}
