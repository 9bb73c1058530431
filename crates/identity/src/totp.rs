//! Time-based codes of aidants and operators (RFC 6238: SHA-1, six digits, 30 s, one step of tolerance).
//! SHA-1 is what every authenticator application and card knows; as an HMAC it is not weakened.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use maincourante_kernel::{Chance, Failure, Kernel, Secret, Timestamp};
use totp_rs::{Algorithm, Builder, Totp};
use uuid::Uuid;

/// The shared secret of one person's authenticator: 160 bits.
#[derive(Clone)]
pub struct TotpSecret(Secret<Vec<u8>>);

impl TotpSecret {
    /// A new secret.
    pub fn new(chance: &Chance) -> Self {
        Self(Secret::new(chance.bytes::<20>().to_vec()))
    }

    /// Closed, to wait in the base for its first right code, in this row of this column.
    pub fn seal(&self, kernel: &Kernel, column: &'static str, row: Uuid) -> Vec<u8> {
        kernel.vault.seal(column, row.as_bytes(), self.bytes(), &kernel.chance)
    }

    /// Opens what [`seal`](Self::seal) closed.
    ///
    /// # Errors
    /// When the bytes were altered or moved.
    pub fn unseal(kernel: &Kernel, column: &'static str, row: Uuid, sealed: &[u8]) -> Result<Self, Failure> {
        Ok(Self::from_bytes(&kernel.vault.open(column, row.as_bytes(), sealed)?))
    }

    /// What an authenticator application reads in a QR code: `otpauth://totp/…` (Key URI Format). It names the service and the login.
    pub fn uri(&self, service: &str, login: &str) -> Secret<String> {
        let (service, login) = (percent(service), percent(login));
        Secret::new(format!("otpauth://totp/{service}:{login}?secret={}&issuer={service}", self.base32()))
    }

    /// From the bytes kept sealed.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Self(Secret::new(bytes.to_vec()))
    }

    /// Read back from what was shown at enrolment: for the authenticators of the demo, whose secrets are printed.
    pub fn from_base32(text: &str) -> Option<Self> {
        BASE32_NOPAD.decode(text.as_bytes()).ok().map(|bytes| Self(Secret::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.reveal()
    }

    /// As typed into an authenticator application: base 32.
    pub fn base32(&self) -> String {
        BASE32_NOPAD.encode(self.bytes())
    }

    /// The step whose code this is, if it is a code of now (or of one step away).
    pub(crate) fn matching_step(&self, typed: &str, now: Timestamp) -> Result<Option<i64>, Failure> {
        let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
        let seconds = u64::try_from(now.seconds())?;
        Ok(self.totp()?.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
    }

    /// The code of this instant: for the demo and tests.
    pub fn code_at(&self, now: Timestamp) -> Result<String, Failure> {
        Ok(self.totp()?.generate(u64::try_from(now.seconds())?).to_string())
    }

    fn totp(&self) -> Result<Totp, Failure> {
        let secret = totp_rs::Secret::new(self.bytes().to_vec().into_boxed_slice());
        let built = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_skew(1).with_secret(secret);
        built.with_account_name("maincourante").with_issuer(Some("maincourante")).build().map_err(|_| Failure::new("TOTP parameters"))
    }
}

/// Everything but letters and digits, as an address writes it (RFC 3986, section 2.1).
fn percent(text: &str) -> String {
    let byte = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

impl fmt::Debug for TotpSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maincourante_kernel::clock::seconds;

    #[test]
    fn the_vectors_of_rfc_6238() {
        // Appendix B, truncated to six digits.
        let secret = TotpSecret::from_bytes(b"12345678901234567890");
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")] {
            assert_eq!(secret.code_at(Timestamp::from_micros(time * 1_000_000)).unwrap(), code);
        }
    }

    #[test]
    fn one_step_away_is_accepted_two_are_not() {
        let secret = TotpSecret::new(&Chance::seeded(1));
        let now = Timestamp::from_micros(1_795_334_400_000_000);
        let code = secret.code_at(now).unwrap();
        assert!(secret.matching_step(&code, now).unwrap().is_some());
        assert!(secret.matching_step(&format!("{} {}", &code[..3], &code[3..]), now.plus(seconds(30))).unwrap().is_some());
        assert!(secret.matching_step(&code, now.plus(seconds(61))).unwrap().is_none());
        assert!(secret.matching_step("", now).unwrap().is_none());
    }
}
