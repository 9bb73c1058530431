//! The answers of a page: shown, shown again with what is wrong, forbidden, or gone elsewhere.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, IntoResponseParts, Response};
use maincourante_kernel::Failure;

use crate::Broken;

/// What a handler gives back. A breakdown travels by `?`.
pub type Answer = Result<Response, Broken>;

/// The page (200).
pub fn page(template: &impl Template) -> Answer {
    render(StatusCode::OK, template)
}

/// The page again, with what is to be corrected (422). What was typed is kept by the template.
pub fn refused(template: &impl Template) -> Answer {
    render(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A page that says why this is not possible (403).
pub fn forbidden(template: &impl Template) -> Answer {
    render(StatusCode::FORBIDDEN, template)
}

/// Elsewhere, by GET (303): after every act that succeeded, so that a reload does nothing twice.
pub fn go(path: impl AsRef<str>) -> Answer {
    let path = HeaderValue::from_str(path.as_ref()).map_err(Failure::from)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response())
}

pub(crate) fn render(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(Failure::from)?;
    Ok((status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// Adds cookies and headers to an answer: `go("/messages").with(cookie)`.
pub trait With {
    /// The same answer, with `part`.
    #[must_use]
    fn with(self, part: impl IntoResponseParts) -> Self;
}

impl With for Answer {
    fn with(self, part: impl IntoResponseParts) -> Self {
        self.map(|answer| (part, answer).into_response())
    }
}
