//! Mail addresses, parsed once at the door.
//!
//! What people write is a subset of RFC 5321's mailbox: a dot-string local part and a host name.
//! Quoted local parts and address literals are refused: no administration nor relative has one.

use std::fmt;
use std::str::FromStr;

/// A mail address. The domain is in lower case; the local part is kept as written.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MailAddress {
    text: String,
    at: usize,
}

/// Why a text is not a mail address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadAddress {
    /// Nothing was written.
    Empty,
    /// There is no `@`, or nothing behind it.
    NoDomain,
    /// Something else a mail server would refuse.
    Malformed,
}

impl MailAddress {
    /// The part before the `@` (at most 64 bytes, RFC 5321 section 4.5.3.1.1).
    pub fn local(&self) -> &str {
        &self.text[..self.at]
    }

    /// The part behind the `@`, in lower case.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address all in lower case: how ours are stored and compared.
    #[must_use]
    pub fn folded(&self) -> Self {
        Self { text: self.text.to_lowercase(), at: self.at }
    }
}

impl FromStr for MailAddress {
    type Err = BadAddress;

    fn from_str(typed: &str) -> Result<Self, BadAddress> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(BadAddress::Empty);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(BadAddress::NoDomain)?;
        if domain.is_empty() {
            return Err(BadAddress::NoDomain);
        }
        if !is_dot_string(local) || local.len() > 64 {
            return Err(BadAddress::Malformed);
        }
        if !domain.contains('.') {
            return Err(BadAddress::NoDomain);
        }
        if !is_host_name(domain) {
            return Err(BadAddress::Malformed);
        }
        Ok(Self { text: format!("{local}@{}", domain.to_ascii_lowercase()), at: local.len() })
    }
}

fn is_dot_string(local: &str) -> bool {
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !local.is_empty() && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

fn is_host_name(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.len() <= 253 && domain.split('.').all(label)
}

impl fmt::Display for MailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

// An address is personal data: it does not reach a log by `{:?}`.
impl fmt::Debug for MailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("MailAddress(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_people_have_are_accepted() {
        for good in ["josette.lambert@exemple-mail.fr", " a+b@c.fr ", "o'brien@x.co.uk", &format!("{}@a.fr", "x".repeat(64))] {
            assert!(good.parse::<MailAddress>().is_ok(), "{good}");
        }
        assert_eq!("Josette@EXEMPLE.Fr".parse::<MailAddress>().unwrap().as_str(), "Josette@exemple.fr");
    }

    #[test]
    fn what_a_server_would_refuse_is_refused_with_its_reason() {
        let reason = |text: &str| text.parse::<MailAddress>().unwrap_err();
        assert_eq!(reason("  "), BadAddress::Empty);
        assert_eq!(reason("josette"), BadAddress::NoDomain);
        assert_eq!(reason("josette@"), BadAddress::NoDomain);
        assert_eq!(reason("josette@exemple"), BadAddress::NoDomain);
        for bad in ["a b@c.fr", "a..b@c.fr", ".a@c.fr", "a@-c.fr", "a@c..fr", "a@b.fr\r\nBcc: x@y.fr", "é@c.fr", "\"a\"@c.fr"] {
            assert_eq!(reason(bad), BadAddress::Malformed, "{bad}");
        }
        assert_eq!(reason(&format!("{}@a.fr", "x".repeat(65))), BadAddress::Malformed);
    }
}
