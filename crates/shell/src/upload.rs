//! A form that carries files: its fields first, once its token is found good, then the files, one after the other, as they come.
//!
//! The fields must stand before the files in the page: nothing of a file is read before the token is. A form of the same page
//! sent without files, as any other form, is read too. Files are passed on piece by piece and never held here.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::CONTENT_TYPE;
use maincourante_kernel::Failure;
use multer::{Field, Multipart};
use serde::de::DeserializeOwned;

use crate::posted::{LONGEST_FORM, Posted, Token, is_form};
use crate::{Broken, Shell};

/// What a browser may send in all, files included: more than is ever kept, so that what is too heavy is told in words.
const LONGEST: u64 = 80 * 1024 * 1024;

/// The fields of a form whose token is good, and its files, still to be read.
pub struct Upload<T> {
    /// The fields.
    pub fields: T,
    /// The files.
    pub files: Files,
}

/// The files of a form, in order.
pub struct Files {
    form: Option<Multipart<'static>>,
    next: Option<Field<'static>>,
    read: u64,
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
            return Ok(Self { fields, files: Files { form: None, next: None, read: 0 } });
        }
        let (mut parts, body) = request.into_parts();
        let shell = Shell::from_request_parts(&mut parts, state).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| Broken::UnreadableForm)?;
        let mut form = Multipart::new(Body::into_data_stream(body), boundary);
        let (mut pairs, mut length, mut next) = (Vec::new(), 0, None);
        while let Some(mut field) = form.next_field().await.map_err(|_| Broken::UnreadableForm)? {
            if field.file_name().is_some() {
                next = Some(field);
                break;
            }
            let name = field.name().unwrap_or_default().to_owned();
            let mut value = Vec::new();
            while let Some(bytes) = field.chunk().await.map_err(|_| Broken::UnreadableForm)? {
                length += bytes.len();
                if length > LONGEST_FORM {
                    return Err(Broken::TooLong);
                }
                value.extend_from_slice(&bytes);
            }
            pairs.push((name, String::from_utf8(value).map_err(|_| Broken::UnreadableForm)?));
        }
        let written = serde_html_form::to_string(&pairs).map_err(Failure::from)?;
        let token: Token = serde_html_form::from_str(&written).map_err(|_| Broken::UnreadableForm)?;
        if !shell.token_is_good(&token.form_token) {
            return Err(Broken::StaleForm);
        }
        let fields = serde_html_form::from_str(&written).map_err(|_| Broken::UnreadableForm)?;
        Ok(Self { fields, files: Files { form: Some(form), next, read: 0 } })
    }
}

impl Files {
    /// The next file; a field in which nobody chose one is none.
    ///
    /// # Errors
    /// When what was sent is not a form.
    pub async fn next(&mut self) -> Result<Option<File>, Broken> {
        loop {
            let field = match self.next.take() {
                Some(field) => field,
                None => match &mut self.form {
                    Some(form) => match form.next_field().await.map_err(|_| Broken::UnreadableForm)? {
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

    /// The next bytes of a file; none at its end.
    ///
    /// # Errors
    /// When the browser stops, or sends more than any form does.
    pub async fn bytes_of(&mut self, file: &mut File) -> Result<Option<Bytes>, Broken> {
        let bytes = file.field.chunk().await.map_err(|_| Broken::UnreadableForm)?;
        self.read += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if self.read > LONGEST { Err(Broken::TooLong) } else { Ok(bytes) }
    }
}
