//! Keys: what is closed at rest, what is compared without being read, what is derived.
//!
//! AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D), HMAC-SHA-256 (RFC 2104), HKDF-SHA-256 (RFC 5869).
//! What is sealed names its column and its row: moved elsewhere, it does not open.

use std::fmt;
use std::sync::Arc;

use ring::{aead, hkdf, hmac};
use zeroize::Zeroizing;

use crate::{Chance, Failure};

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// A 256-bit key.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A key from its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// A new random key.
    pub fn new(chance: &Chance) -> Self {
        Self::from_bytes(chance.bytes())
    }

    /// The bytes of the key, to be wrapped by another.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key for one use, named by `info` (HKDF-SHA-256, empty salt).
    ///
    /// # Panics
    /// Never: 32 bytes are always within what HKDF-SHA-256 can give.
    #[must_use]
    pub fn derive(&self, info: &[u8]) -> Self {
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.0.as_slice());
        let mut out = Zeroizing::new([0; 32]);
        prk.expand(&[info], hkdf::HKDF_SHA256).and_then(|okm| okm.fill(out.as_mut_slice())).expect("HKDF-SHA-256 gives 32 bytes");
        Self(out)
    }

    /// HMAC-SHA-256 of `data`.
    pub fn mac(&self, data: &[u8]) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice()), data);
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }

    /// Whether `tag` is the HMAC-SHA-256 of `data`, in a time that tells nothing.
    pub fn mac_is(&self, data: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice()), data, tag).is_ok()
    }

    /// Closes `plain`, bound to `place` (the column and the row where it will lie).
    /// Layout: version (1 byte), nonce (12), ciphertext and tag.
    ///
    /// # Panics
    /// Never: the key has the right length and the text is far below the limit of GCM.
    pub fn seal(&self, place: &[u8], plain: &[u8], chance: &Chance) -> Vec<u8> {
        let nonce = chance.bytes::<NONCE>();
        let mut body = plain.to_vec();
        self.aead()
            .seal_in_place_append_tag(aead::Nonce::assume_unique_for_key(nonce), aead::Aad::from(place), &mut body)
            .expect("AES-256-GCM seals what fits in memory");
        let mut out = Vec::with_capacity(1 + NONCE + body.len());
        out.push(VERSION);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&body);
        out
    }

    /// Opens what `seal` closed at the same `place`.
    ///
    /// # Errors
    /// When the bytes were altered, moved from another place, or closed under another key.
    pub fn open(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let refused = || Failure::new("sealed bytes do not open here");
        let (&version, rest) = sealed.split_first().ok_or_else(refused)?;
        let (nonce, body) = rest.split_at_checked(NONCE).ok_or_else(refused)?;
        if version != VERSION {
            return Err(refused());
        }
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).map_err(|_| refused())?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = self.aead().open_in_place(nonce, aead::Aad::from(place), &mut body).map_err(|_| refused())?.len();
        body.truncate(length);
        Ok(body)
    }

    fn aead(&self) -> aead::LessSafeKey {
        let key = aead::UnboundKey::new(&aead::AES_256_GCM, self.0.as_slice()).expect("32 bytes make an AES-256 key");
        aead::LessSafeKey::new(key)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("…")
    }
}

/// The master key of the service, from which each use derives its own.
///
/// It lives in a file beside the configuration, never in the database or its backups.
#[derive(Clone, Debug)]
pub struct Vault(Arc<Key>);

impl Vault {
    /// The vault of this master key.
    pub fn new(master: Key) -> Self {
        Self(Arc::new(master))
    }

    /// The key of one column, for instance `"phone.number"`.
    pub fn column(&self, name: &'static str) -> Key {
        self.0.derive(format!("column {name} v1").as_bytes())
    }

    /// Closes a value of `column` in the row `row`.
    pub fn seal(&self, column: &'static str, row: &[u8], plain: &[u8], chance: &Chance) -> Vec<u8> {
        self.column(column).seal(&place(column, row), plain, chance)
    }

    /// Opens a value of `column` in the row `row`.
    ///
    /// # Errors
    /// When the bytes were altered or moved.
    pub fn open(&self, column: &'static str, row: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failure> {
        self.column(column).open(&place(column, row), sealed)
    }

    /// A blind index: finds equal values of `column` without telling them to who reads the base.
    pub fn index(&self, column: &'static str, value: &str) -> Vec<u8> {
        let key = self.0.derive(format!("index {column} v1").as_bytes());
        key.mac(value.as_bytes())[..16].to_vec()
    }
}

fn place(column: &str, row: &[u8]) -> Vec<u8> {
    [column.as_bytes(), b"|", row].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_was_put() {
        let chance = Chance::seeded(1);
        let vault = Vault::new(Key::new(&chance));
        let sealed = vault.seal("phone.number", b"row 1", b"+33639981234", &chance);

        assert_eq!(vault.open("phone.number", b"row 1", &sealed).unwrap().as_slice(), b"+33639981234");
        assert!(vault.open("phone.number", b"row 2", &sealed).is_err());
        assert!(vault.open("totp.secret", b"row 1", &sealed).is_err());
        assert!(Vault::new(Key::new(&chance)).open("phone.number", b"row 1", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(vault.open("phone.number", b"row 1", &altered).is_err(), "byte {at}");
            assert!(vault.open("phone.number", b"row 1", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_key_prints_nothing() {
        assert_eq!(format!("{:?}", Vault::new(Key::from_bytes([7; 32]))), "Vault(…)");
    }
}
