//! What a form sent: its fields, once its token is found good; and the mark that makes a double post harmless.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use axum::response::IntoResponse;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{Broken, Shell};

/// A form holds a letter or a drawn signature, not a file.
pub(crate) const LONGEST_FORM: usize = 512 * 1024;

/// The fields of a form whose token is good. Otherwise nothing of it is read, and a page says so (403).
#[derive(Debug)]
pub struct Posted<T>(pub T);

/// The fields of a form that is only a button.
#[derive(Deserialize, Debug)]
pub struct Nothing {}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Token {
    pub(crate) form_token: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = Broken;

    async fn from_request(request: Request, state: &S) -> Result<Self, Broken> {
        let (mut parts, body) = request.into_parts();
        let shell = Shell::from_request_parts(&mut parts, state).await?;
        if !is_form(&parts.headers) {
            return Err(Broken::NotAForm);
        }
        let bytes = Bytes::from_request(Request::from_parts(parts, body), state).await.map_err(|refusal| {
            match refusal.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Broken::TooLong,
                _ => Broken::UnreadableForm,
            }
        })?;
        let token: Token = serde_html_form::from_bytes(&bytes).map_err(|_| Broken::UnreadableForm)?;
        if !shell.token_is_good(&token.form_token) {
            return Err(Broken::StaleForm);
        }
        serde_html_form::from_bytes(&bytes).map(Self).map_err(|_| Broken::UnreadableForm)
    }
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The mark of one showing of a form (`{{ shell.once() }}`). A context that keeps it beside what it did
/// gives the same outcome to a form posted twice, and does the thing once.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Deserialize)]
#[serde(transparent)]
pub struct Once(Uuid);

impl Once {
    /// The bare UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

/// The variable parts of an address. What does not parse does not exist (404).
#[derive(Debug)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Broken;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Broken> {
        let Path(value) = Path::from_request_parts(parts, state).await.map_err(|_| Broken::NotFound)?;
        Ok(Self(value))
    }
}
