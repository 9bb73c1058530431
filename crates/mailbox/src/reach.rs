//! Whether the mail server answered. That it did not is an outcome: the page says so, the rest of the page works, and the
//! next request tries again.

/// Something that only the mail server can give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Reach<T> {
    /// It answered.
    Here(T),
    /// It is away, or silent for too long.
    Away,
}

impl<T> Reach<T> {
    /// What it gave, if it answered.
    pub fn here(self) -> Option<T> {
        match self {
            Self::Here(value) => Some(value),
            Self::Away => None,
        }
    }

    /// The same, made into something else.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Reach<U> {
        match self {
            Self::Here(value) => Reach::Here(make(value)),
            Self::Away => Reach::Away,
        }
    }
}
