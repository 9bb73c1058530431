//! The key that signs checkpoints: Ed25519, in a PKCS#8 file (RFC 5958, RFC 8410) that `openssl pkey` reads too.
//!
//! The file lies beside the configuration, never in the base: who only holds the base cannot sign.

use std::fmt;
use std::io::Write;
use std::path::Path;

use data_encoding::{BASE64, BASE64_MIME_PERMISSIVE};
use maincourante_kernel::{Chance, Failure, Secret};
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::note::{Checkpoint, PublicKey, ServiceName};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
/// A PKCS#8 version 1 structure of an Ed25519 key, up to its 32 bytes.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// Signs the checkpoints of one service.
pub struct Signer {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

impl Signer {
    /// A new key, as the text of a PEM file.
    pub fn generate(chance: &Chance) -> Secret<String> {
        let seed = Secret::new(chance.bytes::<32>());
        let der = Secret::new([PKCS8.as_slice(), seed.reveal()].concat());
        Secret::new(format!("{BEGIN}\n{}\n{END}\n", BASE64.encode(der.reveal())))
    }

    /// Writes a new key in a file that does not exist yet, readable by its owner only.
    ///
    /// # Errors
    /// When the file exists or cannot be written: a signing key is never overwritten.
    pub fn create_file(path: &Path, chance: &Chance) -> Result<(), Failure> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(Self::generate(chance).reveal().as_bytes())?;
        Ok(file.sync_all()?)
    }

    /// The signer of `service` whose key is in this file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no Ed25519 key.
    pub fn from_file(path: &Path, service: &ServiceName) -> Result<Self, Failure> {
        Self::from_pem(&Secret::new(std::fs::read_to_string(path)?), service)
    }

    /// The signer of `service` with this key.
    ///
    /// # Errors
    /// When the text is not a PKCS#8 Ed25519 key in PEM.
    pub fn from_pem(pem: &Secret<String>, service: &ServiceName) -> Result<Self, Failure> {
        let refused = || Failure::new("not an Ed25519 private key (PKCS#8, PEM)");
        let body = pem.reveal().trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END)).ok_or_else(refused)?;
        let der = Secret::new(BASE64_MIME_PERMISSIVE.decode(body.trim().as_bytes()).map_err(|_| refused())?);
        // Version 1 has no public key beside: there is nothing to check it against.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.reveal()).map_err(|_| refused())?;
        let key = pair.public_key().as_ref().try_into().map_err(|_| refused())?;
        Ok(Self { pair, public: PublicKey::new(service, key) })
    }

    /// What others need to check what this signs.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn sign(&self, checkpoint: &Checkpoint) -> String {
        self.sign_text(&checkpoint.text(self.public.name()))
    }

    pub(crate) fn sign_text(&self, text: &str) -> String {
        let signature = [self.public.id().as_slice(), self.pair.sign(text.as_bytes()).as_ref()].concat();
        format!("{text}\n— {} {}\n", self.public.name(), BASE64.encode(&signature))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Signer({})", self.public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_file_is_read_back_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.key");
        let service = "courriel.example.fr".parse().unwrap();
        Signer::create_file(&path, &Chance::seeded(1)).unwrap();
        assert!(Signer::create_file(&path, &Chance::seeded(2)).is_err());
        let signer = Signer::from_file(&path, &service).unwrap();
        assert_eq!(signer.public(), Signer::from_pem(&Signer::generate(&Chance::seeded(1)), &service).unwrap().public());
        assert_eq!(signer.public().service(), "courriel.example.fr");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_key_of_rfc_8410_is_read() {
        // Section 10.3; the public key of section 10.1 is the one in the vkey.
        let pem =
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let signer = Signer::from_pem(&Secret::new(pem.to_owned()), &"a.fr".parse().unwrap()).unwrap();
        assert_eq!(signer.public().to_string(), "a.fr/journal+616f7312+ARm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh");
    }

    #[test]
    fn what_is_not_a_key_is_refused_without_being_shown() {
        let service = "a.fr".parse().unwrap();
        for pem in ["", "secret", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"] {
            let failure = Signer::from_pem(&Secret::new(pem.to_owned()), &service).unwrap_err();
            assert!(!failure.to_string().contains("secret"));
        }
    }
}
