//! What ties the fields of a subject to an entry without saying them: `docs/journal-format.md`, section 3.

use std::collections::BTreeMap;

use maincourante_kernel::{Chance, Failure, Key, Secret};
use uuid::Uuid;

use crate::tree::Hash;

const COMMITMENT: &[u8] = b"maincourante journal commitment v1";
const SEAL: &[u8] = b"maincourante journal fields v1";

/// The key that opens the commitment of one slot of one entry, and nothing else.
pub(crate) fn entry_key(record_key: &Key, entry: Uuid, slot: u8) -> Key {
    record_key.derive(&[COMMITMENT, entry.as_bytes(), &[slot]].concat())
}

/// The commitment to these fields.
pub(crate) fn commit(record_key: &Key, entry: Uuid, slot: u8, fields: &[u8]) -> Hash {
    entry_key(record_key, entry, slot).mac(fields)
}

/// The fields, closed for this slot of this entry.
pub(crate) fn seal(record_key: &Key, entry: Uuid, slot: u8, fields: &[u8], chance: &Chance) -> Vec<u8> {
    record_key.derive(SEAL).seal(&place(entry, slot), fields, chance)
}

/// The fields, opened.
pub(crate) fn open(record_key: &Key, entry: Uuid, slot: u8, sealed: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(record_key.derive(SEAL).open(&place(entry, slot), sealed)?.to_vec())
}

/// The bytes that are committed to and sealed.
pub(crate) fn canonical(fields: &BTreeMap<&'static str, Secret<String>>) -> Result<Vec<u8>, Failure> {
    let plain: BTreeMap<&str, &str> = fields.iter().map(|(&name, value)| (name, value.reveal().as_str())).collect();
    Ok(serde_json_canonicalizer::to_vec(&plain)?)
}

fn place(entry: Uuid, slot: u8) -> Vec<u8> {
    [b"journal_subject.sealed|".as_slice(), entry.as_bytes(), &[slot]].concat()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn the_commitment_is_that_of_the_format() {
        // Computed apart, with Python's hmac, from the text of docs/journal-format.md.
        let key = Key::from_bytes([7; 32]);
        let entry = Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10);
        let fields = canonical(&BTreeMap::from([
            ("name", Secret::from("Zoé \"Z\" Lefèvre".to_owned())),
            ("masked_phone", Secret::from("07".to_owned())),
        ]))
        .unwrap();
        assert_eq!(String::from_utf8(fields.clone()).unwrap(), r#"{"masked_phone":"07","name":"Zoé \"Z\" Lefèvre"}"#);
        assert_eq!(HEXLOWER.encode(&commit(&key, entry, 1, &fields)), "5a5cfc1dee875656480eccb0e253b4a1f59707c1c1eeb353077d65d898fb3970");
    }

    #[test]
    fn an_entry_key_opens_one_slot_of_one_entry() {
        let key = Key::from_bytes([7; 32]);
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let commitment = commit(&key, one, 0, b"{}");
        assert!(entry_key(&key, one, 0).mac_is(b"{}", &commitment));
        assert!(!entry_key(&key, one, 1).mac_is(b"{}", &commitment));
        assert!(!entry_key(&key, two, 0).mac_is(b"{}", &commitment));
        assert_ne!(commit(&key, two, 0, b"{}"), commitment, "the same fields give another commitment elsewhere");
    }

    #[test]
    fn what_is_sealed_for_an_entry_opens_only_there() {
        let (key, chance) = (Key::from_bytes([7; 32]), Chance::seeded(1));
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = seal(&key, one, 0, b"{}", &chance);
        assert_eq!(open(&key, one, 0, &sealed).unwrap(), b"{}");
        assert!(open(&key, one, 1, &sealed).is_err());
        assert!(open(&key, two, 0, &sealed).is_err());
    }
}
