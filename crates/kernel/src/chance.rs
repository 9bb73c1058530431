//! Chance: random bytes, given and never taken. `clippy.toml` forbids the others.

use std::sync::{Arc, Mutex, PoisonError};

use ring::rand::SecureRandom;
use uuid::Uuid;

use crate::Timestamp;

/// Where random bytes come from.
#[derive(Clone)]
pub enum Chance {
    /// The operating system.
    System,
    /// A repeatable stream, for tests. A real key must never come from it: only `testing` makes one, and the demo takes
    /// the system's like everyone.
    Seeded(Arc<Mutex<u64>>, u64),
}

impl Chance {
    /// What is not mistaken for another, written or read aloud in French: neither 0 and O, 1, I and L, S and 5, B, D, G, P, V and T,
    /// M and N. Codes on paper and references are made of it.
    pub const CLEAR: &'static [u8; 22] = b"23456789ACEFHJKMRTUWXY";

    /// One of them.
    pub fn clear(&self) -> char {
        char::from(Self::CLEAR[usize::try_from(self.below(22)).unwrap_or(0)])
    }

    /// A repeatable stream.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(0)), seed)
    }

    /// `N` random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done then.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one door to the system's randomness")]
            Self::System => ring::rand::SystemRandom::new().fill(&mut out).expect("the operating system gives random bytes"),
            Self::Seeded(counter, seed) => {
                for chunk in out.chunks_mut(32) {
                    let mut counter = counter.lock().unwrap_or_else(PoisonError::into_inner);
                    *counter += 1;
                    let text = format!("chance {seed} {}", *counter);
                    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
                    chunk.copy_from_slice(&digest.as_ref()[..chunk.len()]);
                }
            }
        }
        out
    }

    /// A version 7 UUID born at `now` (RFC 9562, section 5.7).
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// A number below `bound`, every value as likely as another.
    pub fn below(&self, bound: u32) -> u32 {
        // Rejection: the last, incomplete turn of the wheel is thrown away.
        let whole = u32::MAX - u32::MAX % bound;
        loop {
            let drawn = u32::from_be_bytes(self.bytes());
            if drawn < whole {
                return drawn % bound;
            }
        }
    }

    /// A token nobody can guess: 256 bits, in URL-safe base64 (43 characters).
    pub fn token(&self) -> String {
        data_encoding::BASE64URL_NOPAD.encode(&self.bytes::<32>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_clear_letter_passes_for_another() {
        for group in [b"0OQ".as_slice(), b"1IL", b"5S", b"2Z", b"8B", b"MN", b"BDGPTV"] {
            assert!(group.iter().filter(|letter| Chance::CLEAR.contains(letter)).count() <= 1, "{group:?}");
        }
    }
}
