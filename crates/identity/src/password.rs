//! Passwords: Argon2id (RFC 9106) with 19 MiB, two passes, one lane, as PHC strings that Dovecot also reads.
//!
//! Hashes are made a few at a time, in memory that is reused: a storm of sign-ins costs time, not gigabytes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use data_encoding::BASE64_NOPAD;
use maincourante_kernel::{Chance, Failure, Secret};
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19456;
const PASSES: u32 = 2;
const AT_ONCE: usize = 2;
/// Nobody waits longer for a turn: the page says that too many people are signing in.
const PATIENCE: Duration = Duration::from_secs(10);

/// Hashes passwords, [`AT_ONCE`] at a time.
#[derive(Clone)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
}

impl Default for Hasher {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), memory: Arc::default() }
    }
}

impl Hasher {
    /// The PHC string of a new password.
    ///
    /// # Errors
    /// When no turn came in time.
    pub async fn hash(&self, password: &Secret<String>, chance: &Chance) -> Result<String, Failure> {
        let salt = chance.bytes::<16>();
        let hash = self.compute(password.clone(), salt.to_vec()).await?;
        Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${}${}", BASE64_NOPAD.encode(&salt), BASE64_NOPAD.encode(&hash)))
    }

    /// Whether this is the password of that PHC string. Without one (no account, no password yet), the same
    /// work is done and the answer is no: the time tells nothing.
    ///
    /// # Errors
    /// When no turn came in time.
    pub async fn verify(&self, password: &Secret<String>, phc: Option<&str>) -> Result<bool, Failure> {
        let parts = phc.and_then(salt_and_hash);
        let (salt, expected) = parts.clone().unwrap_or_else(|| (vec![0; 16], vec![0; 32]));
        let computed = self.compute(password.clone(), salt).await?;
        #[expect(deprecated, reason = "ring keeps no other constant-time comparison; this one is sound for digests")]
        let same = ring::constant_time::verify_slices_are_equal(&computed, &expected).is_ok();
        Ok(same && parts.is_some())
    }

    async fn compute(&self, password: Secret<String>, salt: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await??;
        let pool = Arc::clone(&self.memory);
        tokio::task::spawn_blocking(move || {
            // The turn moves in here: a client that hangs up does not free it while the hash still runs.
            let _turn = turn;
            let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|_| Failure::new("Argon2 parameters"))?;
            let mut blocks = pool.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            blocks.resize(params.block_count(), Block::default());
            let mut out = vec![0; 32];
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let done = argon.hash_password_into_with_memory(password.reveal().as_bytes(), &salt, &mut out, &mut blocks);
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
            done.map(|()| out).map_err(|_| Failure::new("Argon2 could not hash"))
        })
        .await?
    }
}

fn salt_and_hash(phc: &str) -> Option<(Vec<u8>, Vec<u8>)> {
    let rest = phc.strip_prefix(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1$"))?;
    let (salt, hash) = rest.split_once('$')?;
    let (salt, hash) = (BASE64_NOPAD.decode(salt.as_bytes()).ok()?, BASE64_NOPAD.decode(hash.as_bytes()).ok()?);
    (salt.len() >= 8 && hash.len() == 32).then_some((salt, hash))
}

/// Why a password is not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakPassword {
    /// Nothing was written.
    Empty,
    /// Fewer than twelve characters, or too few different ones.
    TooEasy,
    /// It is made of the person's own names or address.
    OwnName,
    /// Longer than 200 characters.
    TooLong,
}

const SHORTEST: usize = 12;
const LONGEST: usize = 200;

/// Judges a new password: length first (CNIL, deliberation 2022-100: with a limit on tries, 50 bits are enough;
/// three words give more), then the two traps of a counter: the person's own name, and one key held down.
///
/// # Errors
/// With the reason, when it is too weak.
pub fn judge(password: &Secret<String>, own_words: &[&str]) -> Result<(), WeakPassword> {
    let typed = password.reveal();
    let length = typed.chars().count();
    if length == 0 {
        return Err(WeakPassword::Empty);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    let folded = typed.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    if length < SHORTEST || different.len() < 6 || is_a_run(&folded) {
        return Err(WeakPassword::TooEasy);
    }
    let mut left = folded.clone();
    for word in own_words.iter().flat_map(|word| word.split(|c: char| !c.is_alphanumeric())).filter(|word| word.len() > 2) {
        left = left.replace(&word.to_lowercase(), "");
    }
    if left.len() < folded.len() && left.chars().filter(|c| c.is_alphanumeric()).count() < 8 {
        return Err(WeakPassword::OwnName);
    }
    Ok(())
}

/// A run along the keyboard or the alphabet: `azertyuiop12`, `123456789012`.
fn is_a_run(folded: &str) -> bool {
    const RUNS: [&str; 5] = [
        "azertyuiopqsdfghjklmwxcvbn",
        "qwertyuiopasdfghjklzxcvbnm",
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "98765432109876543210",
    ];
    let chars: Vec<char> = folded.chars().collect();
    let in_run = chars.windows(3).filter(|three| RUNS.iter().any(|run| run.contains(&three.iter().collect::<String>()))).count();
    in_run * 2 > chars.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_only_with_itself() {
        let hasher = Hasher::default();
        let phc = hasher.hash(&Secret::new("tasse jardin vélo".into()), &Chance::seeded(1)).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hasher.verify(&Secret::new("tasse jardin vélo".into()), Some(&phc)).await.unwrap());
        assert!(!hasher.verify(&Secret::new("tasse jardin velo".into()), Some(&phc)).await.unwrap());
        assert!(!hasher.verify(&Secret::new(String::new()), None).await.unwrap());
        assert!(!hasher.verify(&Secret::new("x".into()), Some("$argon2id$v=19$m=19456,t=2,p=1$AAAA$")).await.unwrap());
    }

    #[test]
    fn three_words_are_accepted_and_traps_are_named() {
        let verdict = |text: &str| judge(&Secret::new(text.into()), &["Josette", "Lambert", "josette.lambert@exemple.fr"]);
        for good in ["tasse jardin vélo", "Le chat dort sur la table", "g7!kPq2xZ9#w", "josette aime son jardin fleuri"] {
            assert_eq!(verdict(good), Ok(()), "{good}");
        }
        assert_eq!(verdict(""), Err(WeakPassword::Empty));
        for easy in ["jardin", "aaaaaaaaaaaaaaaa", "azertyuiop123", "1234567890123", "ababababababab"] {
            assert_eq!(verdict(easy), Err(WeakPassword::TooEasy), "{easy}");
        }
        assert_eq!(verdict("JosetteLambert1942"), Err(WeakPassword::OwnName));
        assert_eq!(verdict(&"jardin vélo ".repeat(20)), Err(WeakPassword::TooLong));
    }
}
