//! The form token: proof that a form was drawn by us for this very session.
//!
//! It is the HMAC of the session's cookie (or, before sign-in, of a cookie made for forms: a signed double submit),
//! hidden under a fresh mask in each answer so that compression tells nothing of it (the BREACH attack).
//! Nothing is stored. It dies with the session it is bound to.

use data_encoding::BASE64URL_NOPAD;
use maincourante_kernel::{Chance, Key, Secret};

const LENGTH: usize = 32;

/// The token of whoever holds the cookie `anchor`, under a fresh mask.
pub(crate) fn make(key: &Key, anchor: &Secret<String>, chance: &Chance) -> String {
    let mask = chance.bytes::<LENGTH>();
    let tag = key.mac(anchor.reveal().as_bytes());
    let masked: Vec<u8> = mask.iter().zip(tag).map(|(mask, tag)| mask ^ tag).collect();
    BASE64URL_NOPAD.encode(&[mask.as_slice(), &masked].concat())
}

/// Whether `token` was made for whoever holds the cookie `anchor`.
pub(crate) fn is_good(key: &Key, anchor: &Secret<String>, token: &str) -> bool {
    let Ok(bytes) = BASE64URL_NOPAD.decode(token.as_bytes()) else { return false };
    if bytes.len() != 2 * LENGTH {
        return false;
    }
    let (mask, masked) = bytes.split_at(LENGTH);
    let tag: Vec<u8> = mask.iter().zip(masked).map(|(mask, masked)| mask ^ masked).collect();
    key.mac_is(anchor.reveal().as_bytes(), &tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_session_alone_and_never_looks_the_same() {
        let chance = Chance::seeded(1);
        let key = Key::new(&chance);
        let hers = Secret::new("session of Josette".to_owned());
        let his = Secret::new("session of Paul".to_owned());

        let token = make(&key, &hers, &chance);
        assert!(is_good(&key, &hers, &token));
        assert!(is_good(&key, &hers, &make(&key, &hers, &chance)));
        assert_ne!(token, make(&key, &hers, &chance));

        assert!(!is_good(&key, &his, &token));
        assert!(!is_good(&Key::new(&chance), &hers, &token));
        for bad in ["", "x", &token[1..], &format!("{token}AAAA")] {
            assert!(!is_good(&key, &hers, bad), "{bad}");
        }
    }
}
