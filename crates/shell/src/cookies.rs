//! The cookies: their names, and the attributes they all carry.
//!
//! Over https every name is `__Host-…`: no sub-domain and no plain page can write it (RFC 6265bis, section 4.1.3.2).
//! On the loopback of a demo, where browsers refuse that prefix, the names are plain.

use std::fmt;

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponseParts, ResponseParts};
use maincourante_kernel::clock::Span;
use maincourante_kernel::{Failure, Secret};

use crate::Broken;

/// Every cookie there is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CookieName {
    /// The session of a person.
    Session,
    /// The session of an aidant, a référent or an operator.
    Staff,
    /// The screen that a helper lent.
    Lent,
    /// Where someone is in choosing a new password.
    Reset,
    /// The link of an invitation, kept out of addresses.
    Invitation,
    /// Text size and colours.
    Display,
    /// What form tokens are bound to before anyone signed in.
    Form,
}

impl CookieName {
    /// The name on the wire.
    pub const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Staff, true) => "__Host-staff",
            (Self::Staff, false) => "staff",
            (Self::Lent, true) => "__Host-lent",
            (Self::Lent, false) => "lent",
            (Self::Reset, true) => "__Host-reset",
            (Self::Reset, false) => "reset",
            (Self::Invitation, true) => "__Host-invitation",
            (Self::Invitation, false) => "invitation",
            (Self::Display, true) => "__Host-display",
            (Self::Display, false) => "display",
            (Self::Form, true) => "__Host-form",
            (Self::Form, false) => "form",
        }
    }
}

/// How long the browser keeps a cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// Until the browser is closed: the shared computer.
    UntilClosed,
    /// This long.
    For(Span),
}

/// A cookie to send with an answer: `go("/messages").with(cookie)`.
#[derive(Clone)]
pub struct Cookie(String);

impl Cookie {
    pub(crate) fn set(name: CookieName, value: &Secret<String>, keep: Keep, https: bool) -> Self {
        let age = match keep {
            Keep::UntilClosed => String::new(),
            Keep::For(span) => format!("; Max-Age={}", span.as_seconds()),
        };
        Self::line(name, value.reveal(), &age, https)
    }

    pub(crate) fn cleared(name: CookieName, https: bool) -> Self {
        Self::line(name, "", "; Max-Age=0", https)
    }

    fn line(name: CookieName, value: &str, age: &str, https: bool) -> Self {
        let secure = if https { "; Secure" } else { "" };
        Self(format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", name.name(https)))
    }

    pub(crate) fn header(&self) -> Result<HeaderValue, Failure> {
        let mut header = HeaderValue::from_str(&self.0)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

// The value opens a session: it does not reach a log by `{:?}`.
impl fmt::Debug for Cookie {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Cookie(…)")
    }
}

impl IntoResponseParts for Cookie {
    type Error = Broken;

    fn into_response_parts(self, mut answer: ResponseParts) -> Result<ResponseParts, Broken> {
        answer.headers_mut().append(SET_COOKIE, self.header()?);
        Ok(answer)
    }
}

/// The value of a cookie of the request. A name sent twice is not ours to choose from: neither counts.
pub(crate) fn read(headers: &HeaderMap, name: CookieName, https: bool) -> Option<Secret<String>> {
    let name = name.name(https);
    let mut values = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, value)| *key == name && !value.is_empty() && value.len() <= 512)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) => Some(Secret::new(value.to_owned())),
        (Some(_), Some(_)) | (None, _) => None,
    }
}
