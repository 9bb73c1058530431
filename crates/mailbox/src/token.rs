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
///
/// ```compile_fail
/// use maincourante_kernel::{Chance, Timestamp, address::MailAddress};
/// use maincourante_mailbox::token::{TokenKey, mint};
/// // An address is not a proof, and neither is anything else.
/// fn open(someone: &MailAddress, key: &TokenKey, now: Timestamp, chance: &Chance) {
///     let _ = mint(someone, key, now, chance);
/// }
/// ```
/// ```compile_fail
/// use maincourante_identity::HandOver;
/// use maincourante_kernel::{Chance, Timestamp};
/// use maincourante_mailbox::token::{TokenKey, mint};
/// // A lent screen opens no mailbox.
/// fn open(lent: &HandOver, key: &TokenKey, now: Timestamp, chance: &Chance) {
///     let _ = mint(lent, key, now, chance);
/// }
/// ```
/// ```
/// use maincourante_identity::Own;
/// use maincourante_kernel::{Chance, Timestamp};
/// use maincourante_mailbox::token::{TokenKey, mint};
/// // What the two above lack.
/// fn open(own: &Own, key: &TokenKey, now: Timestamp, chance: &Chance) {
///     let _ = mint(own, key, now, chance);
/// }
/// ```
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

#[cfg(test)]
mod tests {
    use maincourante_identity::testing as people;
    use maincourante_kernel::clock::minutes;
    use maincourante_kernel::testing::sqlite;
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair, UnparsedPublicKey};
    use serde_json::{Value, json};

    use super::*;

    fn pem() -> Secret<String> {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random()).unwrap();
        Secret::new(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", BASE64.encode(der.as_ref())))
    }

    #[tokio::test]
    async fn a_token_names_one_person_one_use_and_a_short_time() {
        let base = sqlite().await;
        let kernel = &base.kernel;
        let identity = people::identity(kernel);
        let own = people::own(kernel, people::usager(&identity, "josette@exemple-mail.fr", None).await).await;
        let key = TokenKey::from_pem(&pem(), "https://exemple.fr", "k1").unwrap();
        let now = kernel.now();

        let token = mint(&own, &key, now, &kernel.chance).unwrap();
        let (signed, signature) = token.reveal().rsplit_once('.').unwrap();
        let parts: Vec<Value> =
            signed.split('.').map(|part| serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()).collect();
        assert_eq!(parts[0], json!({ "alg": "ES256", "typ": "JWT", "kid": "k1" }));
        let claims = &parts[1];
        assert_eq!((&claims["sub"], &claims["aud"], &claims["scope"]), (&json!("josette@exemple-mail.fr"), &json!("mail"), &json!("mail")));
        assert_eq!(claims["iss"], "https://exemple.fr");
        assert_eq!((claims["exp"].as_i64(), claims["iat"].as_i64()), (Some(now.seconds() + 90), Some(now.seconds() - 5)));
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.pair.public_key().as_ref());
        assert!(public.verify(signed.as_bytes(), &BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap()).is_ok());

        let other = mint(&own, &key, now, &kernel.chance).unwrap();
        assert_ne!(other.reveal(), token.reveal(), "each token has its own name");
        let late = mint(&own, &key, own.until().minus(minutes(1)), &kernel.chance).unwrap();
        let claims: Value =
            serde_json::from_slice(&BASE64URL_NOPAD.decode(late.reveal().split('.').nth(1).unwrap().as_bytes()).unwrap()).unwrap();
        assert_eq!(claims["exp"].as_i64(), Some(own.until().seconds()), "no token outlives its session");
    }

    #[test]
    fn what_is_not_a_key_is_refused_and_a_key_prints_nothing() {
        for bad in [
            "",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----",
        ] {
            assert!(TokenKey::from_pem(&Secret::new(bad.into()), "x", "y").is_err());
        }
        assert_eq!(format!("{:?}", TokenKey::from_pem(&pem(), "x", "y").unwrap()), "TokenKey(…)");
    }
}

/// Tokens that no mail server should accept, for the tests.
#[cfg(test)]
pub(crate) mod forge {
    use maincourante_kernel::clock::minutes;
    use serde_json::{Value, json};

    use super::{BASE64, BASE64URL_NOPAD, Path, Secret, Timestamp, TokenKey, random};
    use crate::imap::{Connection, Imap, Trouble};

    /// What is wrong with a token.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Forgery {
        None,
        Expired,
        Endless,
        OtherAudience,
        OtherScope,
        OtherIssuer,
        NotYet,
        Altered,
        Cut,
        Unsigned,
        OtherKid,
    }

    impl Forgery {
        pub(crate) const ALL: [Self; 10] = [
            Self::Expired,
            Self::Endless,
            Self::OtherAudience,
            Self::OtherScope,
            Self::OtherIssuer,
            Self::NotYet,
            Self::Altered,
            Self::Cut,
            Self::Unsigned,
            Self::OtherKid,
        ];
    }

    pub(crate) fn key(file: &Path, issuer: &str, kid: &str) -> TokenKey {
        TokenKey::read(file, issuer, kid).unwrap()
    }

    pub(crate) fn token(forgery: Forgery, address: &str, key: &TokenKey, now: Timestamp) -> Secret<String> {
        let mut header = json!({ "alg": "ES256", "typ": "JWT", "kid": key.kid });
        let issued = now.minus(minutes(2)).seconds();
        let mut claims = json!({ "iss": key.issuer, "sub": address, "aud": "mail", "scope": "mail", "iat": issued, "exp": now.plus(minutes(1)).seconds() });
        match forgery {
            Forgery::Expired => claims["exp"] = json!(now.minus(minutes(1)).seconds()),
            Forgery::Endless => drop(claims.as_object_mut().and_then(|claims| claims.remove("exp"))),
            Forgery::OtherAudience => claims["aud"] = json!("agenda"),
            Forgery::OtherScope => claims["scope"] = json!("agenda"),
            Forgery::OtherIssuer => claims["iss"] = json!("https://elsewhere.example"),
            Forgery::NotYet => claims["nbf"] = json!(now.plus(minutes(10)).seconds()),
            Forgery::OtherKid => header["kid"] = json!("unheard"),
            Forgery::Unsigned => header["alg"] = json!("none"),
            Forgery::None | Forgery::Altered | Forgery::Cut => {}
        }
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature = BASE64URL_NOPAD.encode(key.pair.sign(&random(), signed.as_bytes()).unwrap().as_ref());
        Secret::new(match forgery {
            Forgery::Unsigned => format!("{signed}."),
            Forgery::Cut => format!("{signed}.{}", &signature[..40]),
            Forgery::Altered => format!("{signed}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]),
            _ => format!("{signed}.{signature}"),
        })
    }

    /// Whether this token opens the mailbox of this name.
    pub(crate) async fn enters(port: u16, name: &str, token: &str) -> bool {
        entered(port, name, token).await.is_some()
    }

    /// The mailbox of this name, if this token opens it.
    pub(crate) async fn entered(port: u16, name: &str, token: &str) -> Option<Connection> {
        let mut connection = Imap::stranger(port).await.unwrap();
        match connection.authenticate(&BASE64.encode(format!("n,a={name},\x01auth=Bearer {token}\x01\x01").as_bytes())).await {
            Ok(()) => Some(connection),
            // Dovecot closes the connection of an account that it does not know.
            Err(Trouble::Refused { .. } | Trouble::Away(_)) => None,
            Err(trouble) => panic!("{trouble:?}"),
        }
    }
}
