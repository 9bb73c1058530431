//! Which log an entry goes to. A structure never reads what a person does alone: it lies in another log.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::tree::sha256;

/// One of the logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Log {
    /// What operators and the service itself do.
    Service,
    /// What persons do alone. Several share a log, so that its size tells nothing of one of them.
    Personal(Shard),
    /// What is done in the name of a structure, and to it.
    Structure(Uuid),
}

/// The number of a personal log: 0 to 63.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Shard(u8);

/// The tree of checkpoints: no act is written there.
pub(crate) const SUPER: &str = "super";

impl Log {
    /// The log of what this person does alone.
    pub fn of_person(person: Uuid) -> Self {
        Self::Personal(Shard(sha256(&[person.as_bytes()])[0] % 64))
    }

    /// Its name, as in `docs/journal-format.md`.
    pub fn name(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Log {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => out.write_str("service"),
            Self::Personal(shard) => write!(out, "personal/{:02}", shard.0),
            Self::Structure(id) => write!(out, "structure/{id}"),
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// This is not the name of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoSuchLog;

impl fmt::Display for NoSuchLog {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not the name of a log")
    }
}

impl std::error::Error for NoSuchLog {}

impl FromStr for Log {
    type Err = NoSuchLog;

    fn from_str(name: &str) -> Result<Self, NoSuchLog> {
        let log = match name.split_once('/') {
            None if name == "service" => Self::Service,
            Some(("personal", number)) => Self::Personal(number.parse().ok().filter(|&n| n < 64).map(Shard).ok_or(NoSuchLog)?),
            Some(("structure", id)) => Self::Structure(id.parse().map_err(|_| NoSuchLog)?),
            _ => return Err(NoSuchLog),
        };
        // One name for each log: `personal/7` or an upper-case UUID would be a second one.
        if log.name() == name { Ok(log) } else { Err(NoSuchLog) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_one_name() {
        let structure = Uuid::from_u128(0x0192_3f00_0000_7000_8000_0000_0000_00ab);
        for log in [Log::Service, Log::Structure(structure), Log::of_person(structure), Log::Personal(Shard(7)), Log::Personal(Shard(63))] {
            assert_eq!(log.name().parse(), Ok(log));
        }
        for name in [
            "",
            "super",
            "Service",
            "personal/7",
            "personal/64",
            "personal/+7",
            "personal/",
            "structure/",
            "structure/01923F00-0000-7000-8000-0000000000AB",
            "service/",
        ] {
            assert_eq!(name.parse::<Log>(), Err(NoSuchLog), "{name}");
        }
    }

    #[test]
    fn the_log_of_a_person_is_that_of_the_format() {
        // SHA-256 of these 16 bytes begins with b9, and 0xb9 mod 64 is 57.
        let person = Uuid::from_u128(0x0192_3f00_0000_7000_8000_0000_0000_00ab);
        assert_eq!(Log::of_person(person).name(), "personal/57");
    }
}
