//! A form that carries files (`multipart/form-data`, RFC 7578): its token first, then its words, then its files, one after the other, as
//! they come.
//!
//! Nothing is read before the token is found good, and nothing of a file before the words: they stand so in the page. A form of the same
//! page sent without files, as any other form, is read too. Files are passed on piece by piece and never whole in memory.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use maincourante_kernel::Failure;
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde::de::DeserializeOwned;

use crate::posted::{LONGEST_FORM, Posted, is_form};
use crate::{Broken, Shell};

/// What a browser may send in all, files included: more than is ever kept, so that what is too heavy is told in words. Longer than this
/// is not listened to, not even to say that it is too long.
const LONGEST: u64 = 256 * 1024 * 1024;
/// More words than any of our forms has before its files.
const MOST_WORDS: usize = 64;

/// The fields of a form whose token is good, and its files, still to be read.
pub struct Upload<T> {
    /// The fields.
    pub fields: T,
    /// The files.
    pub files: Files,
}

/// The files of a form, in order. Dropped, the rest is not read.
pub struct Files {
    form: Option<Multipart<'static>>,
    next: Option<Field<'static>>,
}

/// A file of a form.
pub struct File {
    /// What the browser calls it: to be judged.
    pub name: String,
    /// What the browser says it is: to be judged.
    pub declared: String,
    field: Field<'static>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Upload<T> {
    type Rejection = Broken;

    async fn from_request(request: Request, state: &S) -> Result<Self, Broken> {
        if is_form(request.headers()) {
            let Posted(fields) = Posted::from_request(request, state).await?;
            return Ok(Self { fields, files: Files { form: None, next: None } });
        }
        let (mut parts, body) = request.into_parts();
        let shell = Shell::from_request_parts(&mut parts, state).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Broken::NotAForm)?;
        let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(LONGEST));
        let mut form = Multipart::with_constraints(Body::into_data_stream(body), boundary, limits);

        let (mut words, mut left, mut next) = (Vec::new(), LONGEST_FORM, None);
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            if field.file_name().is_some() {
                next = Some(field);
                break;
            }
            let word = word(field, &mut left).await?;
            if words.is_empty() && (word.0 != "form_token" || !shell.token_is_good(&word.1)) {
                return Err(Broken::StaleForm);
            }
            words.push(word);
            if words.len() > MOST_WORDS {
                return Err(Broken::UnreadableForm);
            }
        }
        if words.is_empty() {
            return Err(Broken::StaleForm);
        }
        let written = serde_html_form::to_string(&words).map_err(Failure::from)?;
        let fields = serde_html_form::from_str(&written).map_err(|_| Broken::UnreadableForm)?;
        Ok(Self { fields, files: Files { form: Some(form), next } })
    }
}

/// A word of the form, out of what is `left` to all of them.
async fn word(mut field: Field<'static>, left: &mut usize) -> Result<(String, String), Broken> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut value = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(|error| broken(&error))? {
        *left = left.checked_sub(bytes.len()).ok_or(Broken::TooLong)?;
        value.extend_from_slice(&bytes);
    }
    Ok((name, String::from_utf8(value).map_err(|_| Broken::UnreadableForm)?))
}

fn broken(error: &multer::Error) -> Broken {
    match error {
        multer::Error::StreamSizeExceeded { .. } => Broken::TooLong,
        _ => Broken::UnreadableForm,
    }
}

impl Files {
    /// The next file; a field in which nobody chose one is none.
    ///
    /// # Errors
    /// When what was sent is not a form, or is longer than we listen to.
    pub async fn next(&mut self) -> Result<Option<File>, Broken> {
        loop {
            let field = match self.next.take() {
                Some(field) => field,
                None => match &mut self.form {
                    Some(form) => match form.next_field().await.map_err(|error| broken(&error))? {
                        Some(field) => field,
                        None => return Ok(None),
                    },
                    None => return Ok(None),
                },
            };
            match field.file_name().map(str::to_owned) {
                Some(name) if !name.is_empty() => {
                    let declared = field.content_type().map(ToString::to_string).unwrap_or_default();
                    return Ok(Some(File { name, declared, field }));
                }
                Some(_) | None => drop(field),
            }
        }
    }

    /// Lets the rest pass: a browser reads our answer only once it has said everything.
    ///
    /// # Errors
    /// As `next`.
    pub async fn let_pass(&mut self) -> Result<(), Broken> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}

impl File {
    /// The next piece; none at its end.
    ///
    /// # Errors
    /// When the browser stops, or sends more than we listen to.
    pub async fn piece(&mut self) -> Result<Option<Bytes>, Broken> {
        self.field.chunk().await.map_err(|error| broken(&error))
    }
}
