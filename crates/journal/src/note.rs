//! Checkpoints as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint), and the public keys that check them.
//!
//! One key name for every log of a service: `docs/journal-format.md`, section 5, says why.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::Log;
use crate::log::SUPER;
use crate::tree::{Hash, sha256};

/// The signature type of Ed25519 in signed notes.
pub(crate) const ED25519_TYPE: u8 = 1;
/// No honest note comes near it.
const LONGEST: usize = 64 * 1024;

/// The name of an installation, as in its checkpoints: `courriel.example.fr`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServiceName(String);

/// This cannot name a service: letters, digits, dots and hyphens only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadServiceName;

impl fmt::Display for BadServiceName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a service has lower-case letters, digits, dots and hyphens only")
    }
}

impl std::error::Error for BadServiceName {}

impl FromStr for ServiceName {
    type Err = BadServiceName;

    fn from_str(name: &str) -> Result<Self, BadServiceName> {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-';
        if name.is_empty() || name.len() > 253 || !name.bytes().all(good) { Err(BadServiceName) } else { Ok(Self(name.to_owned())) }
    }
}

impl fmt::Display for ServiceName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What one holds to check a service: its key name and its Ed25519 key. Printed and read as a C2SP vkey.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    name: String,
    key: [u8; 32],
}

impl PublicKey {
    pub(crate) fn new(service: &ServiceName, key: [u8; 32]) -> Self {
        Self { name: format!("{service}/journal"), key }
    }

    /// The key name: `courriel.example.fr/journal`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the service.
    pub fn service(&self) -> &str {
        self.name.strip_suffix("/journal").unwrap_or(&self.name)
    }

    /// The key id of a signature line.
    pub(crate) fn id(&self) -> [u8; 4] {
        let [a, b, c, d, ..] = sha256(&[self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.key]);
        [a, b, c, d]
    }

    fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.key).verify(text.as_bytes(), signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[ED25519_TYPE], self.key.as_slice()].concat();
        write!(out, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id()), BASE64.encode(&key))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// This is not a vkey of Ed25519.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BadKey;

impl fmt::Display for BadKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not a public key of this form: name+8 hexadecimal digits+base64")
    }
}

impl std::error::Error for BadKey {}

impl FromStr for PublicKey {
    type Err = BadKey;

    fn from_str(vkey: &str) -> Result<Self, BadKey> {
        let (name, rest) = vkey.split_once('+').ok_or(BadKey)?;
        let (id, key) = rest.split_once('+').ok_or(BadKey)?;
        let [kind, key @ ..] = &*BASE64.decode(key.as_bytes()).map_err(|_| BadKey)? else { return Err(BadKey) };
        let key = Self { name: name.to_owned(), key: key.try_into().map_err(|_| BadKey)? };
        let named = !name.is_empty() && !name.contains(char::is_whitespace);
        if named && *kind == ED25519_TYPE && HEXLOWER.encode(&key.id()) == id { Ok(key) } else { Err(BadKey) }
    }
}

/// What a checkpoint says: this log, at this size, had this root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Checkpoint {
    pub log: String,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    /// Its text under this key name: what is signed, and what is a leaf of the tree of checkpoints.
    pub(crate) fn text(&self, key_name: &str) -> String {
        format!("{key_name}/{}\n{}\n{}\n", self.log, self.size, BASE64.encode(&self.root))
    }

    /// Reads the text that `key_name` signed; none when it is not exactly the one we would write.
    fn parse(text: &str, key_name: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let log = origin.strip_prefix(key_name)?.strip_prefix('/')?;
        if log != SUPER && log.parse::<Log>().is_err() {
            return None;
        }
        let root = BASE64.decode(root.as_bytes()).ok()?.try_into().ok()?;
        let read = Self { log: log.to_owned(), size: size.parse().ok()?, root };
        (read.text(key_name) == text).then_some(read)
    }

    /// What this note says, whoever signed it.
    pub(crate) fn unchecked(note: &str, key_name: &str) -> Option<Self> {
        Self::parse(&note[..=note.rfind("\n\n")?], key_name)
    }

    /// The checkpoint of this note, if a key of `keys` signed it and none of them is misused in it.
    pub(crate) fn open(note: &str, keys: &[PublicKey]) -> Option<Self> {
        if note.len() > LONGEST || note.chars().any(|c| c < ' ' && c != '\n') {
            return None;
        }
        // The text keeps its last line feed; the empty line after it belongs to nobody.
        let (text, signatures) = note.split_at(note.rfind("\n\n")? + 1);
        let mut signer = None;
        for line in signatures.strip_prefix('\n')?.strip_suffix('\n')?.split('\n') {
            let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
            let signature = BASE64.decode(signature.as_bytes()).ok()?;
            let (id, signature) = signature.split_at_checked(4)?;
            let Some(key) = keys.iter().find(|key| key.name == name && key.id() == id) else { continue };
            if !key.verifies(text, signature) {
                return None;
            }
            signer = Some(key);
        }
        Self::parse(text, &signer?.name)
    }
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::Chance;

    use super::*;
    use crate::Signer;

    // The key and the note that the documentation of golang.org/x/mod/sumdb/note gives as an example.
    const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    #[test]
    fn keys_and_signatures_are_those_of_signed_notes() {
        let key: PublicKey = VKEY.parse().unwrap();
        assert_eq!(key.to_string(), VKEY);
        let (text, signature) = NOTE.split_once("\n\n— PeterNeumann ").unwrap();
        let signature = BASE64.decode(signature.trim_end().as_bytes()).unwrap();
        assert_eq!(signature[..4], key.id());
        assert!(key.verifies(&format!("{text}\n"), &signature[4..]));
        assert!(!key.verifies(text, &signature[4..]));
        // A signed text that is not a checkpoint is not one.
        assert_eq!(Checkpoint::open(NOTE, &[key]), None);
    }

    #[test]
    fn a_note_is_opened_by_its_key_and_by_no_other() {
        let service = "courriel.example.fr".parse().unwrap();
        let signer = |seed| Signer::from_pem(&Signer::generate(&Chance::seeded(seed)), &service).unwrap();
        let (ours, other) = (signer(1), signer(2));
        let checkpoint = Checkpoint { log: "personal/07".into(), size: 12, root: [7; 32] };
        let note = ours.sign(&checkpoint);
        let keys = [ours.public().clone()];

        assert_eq!(Checkpoint::open(&note, &keys), Some(checkpoint.clone()));
        assert_eq!(Checkpoint::open(&note, &[other.public().clone(), keys[0].clone()]), Some(checkpoint.clone()));
        assert_eq!(Checkpoint::open(&note, &[other.public().clone()]), None);
        assert_eq!(Checkpoint::open(&note, &[]), None);
        // Two signatures: one known is enough, and a wrong one of a known key is too much.
        let both = note.clone() + other.sign(&checkpoint).split_once("\n\n").unwrap().1;
        assert_eq!(Checkpoint::open(&both, &keys), Some(checkpoint.clone()));
        let elsewhere = other.sign(&Checkpoint { size: 13, ..checkpoint });
        let misused = note.clone() + elsewhere.split_once("\n\n").unwrap().1;
        assert_eq!(Checkpoint::open(&misused, &[keys[0].clone(), other.public().clone()]), None);
    }

    #[test]
    fn an_altered_note_does_not_open() {
        let service = "courriel.example.fr".parse().unwrap();
        let signer = Signer::from_pem(&Signer::generate(&Chance::seeded(1)), &service).unwrap();
        let note = signer.sign(&Checkpoint { log: "service".into(), size: 12, root: [7; 32] });
        let keys = [signer.public().clone()];
        for (at, byte) in note.bytes().enumerate() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] = if byte == b'1' { b'2' } else { b'1' };
            let Ok(altered) = String::from_utf8(bytes) else { continue };
            assert_eq!(Checkpoint::open(&altered, &keys), None, "byte {at}");
            assert_eq!(note.get(..at).and_then(|cut| Checkpoint::open(cut, &keys)), None, "cut at {at}");
        }
        assert_eq!(Checkpoint::open(&note.replace("\n12\n", "\n012\n"), &keys), None);
        assert_eq!(Checkpoint::open(&(note.clone() + "\n"), &keys), None);
        assert_eq!(Checkpoint::open(&note.replace('\n', "\r\n"), &keys), None);
    }

    #[test]
    fn a_text_that_names_another_service_or_no_log_is_refused_even_signed() {
        let service = "courriel.example.fr".parse().unwrap();
        let signer = Signer::from_pem(&Signer::generate(&Chance::seeded(1)), &service).unwrap();
        let keys = [signer.public().clone()];
        for text in [
            "autre.example.fr/journal/service\n1\n",
            "courriel.example.fr/journal/nothing\n1\n",
            "courriel.example.fr/journal/service\n01\n",
        ] {
            let text = format!("{text}{}\n", BASE64.encode(&[7; 32]));
            assert_eq!(Checkpoint::open(&signer.sign_text(&text), &keys), None, "{text}");
        }
    }

    #[test]
    fn bad_keys_and_bad_names_are_refused() {
        for bad in ["", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "x+00000000+AQ=="] {
            assert_eq!(bad.parse::<PublicKey>(), Err(BadKey), "{bad}");
        }
        for bad in ["", "a b", "a+b", "a/b", "É.fr", "a\n"] {
            assert_eq!(bad.parse::<ServiceName>(), Err(BadServiceName), "{bad}");
        }
    }
}
