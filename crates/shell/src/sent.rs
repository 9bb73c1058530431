//! A form that carries a file: `multipart/form-data` (RFC 7578). Its token is read first, its words next, the file last,
//! piece after piece: a photograph is never whole in memory.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use maincourante_kernel::Failure;
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde::de::DeserializeOwned;

use crate::{Broken, Shell};

/// Longer than this is not listened to, not even to say that it is too long.
const LONGEST: u64 = 256 * 1024 * 1024;
/// The longest word of such a form.
const LONGEST_WORD: usize = 4096;
/// More words than any of our forms has before its file.
const MOST_WORDS: usize = 16;

/// What was sent: the words of the form, and its file. The token is good, or nothing of it was read.
pub struct Sent<T> {
    /// The words.
    pub fields: T,
    /// The file.
    pub file: Incoming,
}

/// A file on its way. Dropped, the rest of it is not read.
pub struct Incoming {
    field: Option<Field<'static>>,
    /// The rest of the form, without which its last field says nothing.
    _form: Multipart<'static>,
}

impl Incoming {
    /// The next piece; none at the end, or when no file was chosen.
    ///
    /// # Errors
    /// When the line broke, or the form is longer than we listen to.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Broken> {
        match &mut self.field {
            Some(field) => field.chunk().await.map_err(|error| broken(&error)),
            None => Ok(None),
        }
    }

    /// Lets the rest pass: a browser reads our answer only once it has said everything.
    ///
    /// # Errors
    /// As `piece`.
    pub async fn let_pass(&mut self) -> Result<(), Broken> {
        while self.piece().await?.is_some() {}
        Ok(())
    }
}

fn broken(error: &multer::Error) -> Broken {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => Broken::TooLong,
        _ => Broken::UnreadableForm,
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Broken;

    async fn from_request(request: Request, state: &S) -> Result<Self, Broken> {
        let (mut parts, body) = request.into_parts();
        let shell = Shell::from_request_parts(&mut parts, state).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Broken::UnreadableForm)?;
        let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(LONGEST));
        let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, limits);

        let mut words: Vec<(String, String)> = Vec::new();
        let mut file = None;
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            if words.is_empty() {
                let (name, token) = word(field).await?;
                if name != "form_token" || !shell.token_is_good(&token) {
                    return Err(Broken::StaleForm);
                }
                words.push((name, token));
            } else if field.file_name().is_some() {
                file = Some(field);
                break;
            } else if words.len() < MOST_WORDS {
                words.push(word(field).await?);
            } else {
                return Err(Broken::UnreadableForm);
            }
        }
        if words.is_empty() {
            return Err(Broken::StaleForm);
        }
        let text = serde_html_form::to_string(&words).map_err(Failure::from)?;
        let fields = serde_html_form::from_str(&text).map_err(|_| Broken::UnreadableForm)?;
        Ok(Self { fields, file: Incoming { field: file, _form: form } })
    }
}

async fn word(mut field: Field<'static>) -> Result<(String, String), Broken> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|error| broken(&error))? {
        if bytes.len() + piece.len() > LONGEST_WORD {
            return Err(Broken::TooLong);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok((name, String::from_utf8(bytes).map_err(|_| Broken::UnreadableForm)?))
}
