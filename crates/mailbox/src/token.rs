//! The token by which the mail server knows that a person is at their own mail: a JWT (RFC 7519) signed with ES256
//! (RFC 7518), for one address and ninety seconds. The server checks it with the public key alone; nobody's password exists.
//!
//! [`mint`] takes an [`Own`]. That is the whole defence: only a person's own sign-in makes one.

use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use maincourante_identity::Own;
use maincourante_kernel::clock::{Span, seconds};
use maincourante_kernel::{Chance, Failure, Secret, Timestamp};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde::Serialize;

/// How long a token is good for. It is checked at the opening of a connection only.
const LIFE: Span = seconds(90);
/// A server whose clock is a little late refuses what was issued after its own time.
const LATE: Span = seconds(5);

/// The key that signs tokens: as powerful as a master password over every mailbox.
pub struct TokenKey {
    issuer: String,
    kid: String,
    pair: EcdsaKeyPair,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    // Dovecot wants exactly this word.
    typ: &'static str,
    kid: &'a str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'static str,
    scope: &'static str,
    iat: i64,
    exp: i64,
    jti: String,
}

impl TokenKey {
    /// Reads the key from a file: PKCS #8 in PEM, as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` writes it.
    pub fn read(file: &Path, issuer: &str, kid: &str) -> Result<Self, Failure> {
        let pem = Secret::new(
            std::fs::read_to_string(file).map_err(|error| Failure::from(error).during("reading the key that signs mail tokens"))?,
        );
        Self::from_pem(&pem, issuer, kid)
    }

    /// The key that this PEM holds.
    pub fn from_pem(pem: &Secret<String>, issuer: &str, kid: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new("the key that signs mail tokens is not a P-256 key in PKCS #8 PEM");
        let body = pem
            .reveal()
            .split_once("-----BEGIN PRIVATE KEY-----")
            .and_then(|(_, rest)| rest.split_once("-----END PRIVATE KEY-----"))
            .ok_or_else(wrong)?
            .0;
        let body: Secret<String> = Secret::new(body.split_ascii_whitespace().collect());
        let der = Secret::new(BASE64.decode(body.reveal().as_bytes()).map_err(|_| wrong())?);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.reveal(), &random()).map_err(|_| wrong())?;
        Ok(Self { issuer: issuer.to_owned(), kid: kid.to_owned(), pair })
    }
}

/// A token for the mailbox of this person, good from now and never beyond their session.
pub fn mint(own: &Own, key: &TokenKey, now: Timestamp, chance: &Chance) -> Result<Secret<String>, Failure> {
    let header = Header { alg: "ES256", typ: "JWT", kid: &key.kid };
    let claims = Claims {
        iss: &key.issuer,
        sub: own.address().as_str(),
        aud: "mail",
        scope: "mail",
        iat: now.minus(LATE).seconds(),
        exp: now.plus(LIFE).min(own.until()).seconds(),
        jti: BASE64URL_NOPAD.encode(&chance.bytes::<16>()),
    };
    sign(key, &header, &claims)
}

fn sign(key: &TokenKey, header: &Header<'_>, claims: &Claims<'_>) -> Result<Secret<String>, Failure> {
    let part = |bytes: Vec<u8>| BASE64URL_NOPAD.encode(&bytes);
    let signed = format!("{}.{}", part(serde_json::to_vec(header)?), part(serde_json::to_vec(claims)?));
    let signature = key.pair.sign(&random(), signed.as_bytes()).map_err(|_| Failure::new("a mail token could not be signed"))?;
    Ok(Secret::new(format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))))
}

#[expect(
    clippy::disallowed_methods,
    reason = "ring draws a signature's nonce itself, and from the system only: a repeatable one would give the key away"
)]
fn random() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("TokenKey(…)")
    }
}
