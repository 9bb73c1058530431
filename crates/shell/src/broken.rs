//! When a page cannot be shown: a breakdown, an address that does not exist, a form that is not ours.
//!
//! A handler (or an extractor) only says which; `around` draws the page, in the frame of the request,
//! and logs a breakdown once, under the reference that the person reads on the page.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use maincourante_kernel::{Chance, Failure};
use rust_i18n::t;

use crate::{Answer, Cookie, Shell, answer};

/// Why there is no page.
#[derive(Debug)]
pub enum Broken {
    /// Something that should have worked did not (500).
    Failure(Failure),
    /// There is nothing here, or nothing for you (404).
    NotFound,
    /// The page exists and is not asked that way (405).
    WrongVerb,
    /// The form was drawn for another session, or by someone else (403).
    StaleForm,
    /// The form cannot be read (400).
    UnreadableForm,
    /// What was sent is too long (413).
    TooLong,
    /// Not here: the sign-in page for who is not signed in, the lock for a screen that is lent.
    Elsewhere {
        /// Where to.
        path: &'static str,
        /// A cookie to keep or to forget on the way.
        cookie: Option<Cookie>,
    },
}

/// Nothing here: neither what never was, nor what is someone else's.
pub fn not_found() -> Answer {
    Err(Broken::NotFound)
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The reason of a bare answer, on its way to `around`.
#[derive(Clone)]
pub(crate) struct Undressed(pub(crate) std::sync::Arc<Broken>);

impl Broken {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Failure(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongVerb => StatusCode::METHOD_NOT_ALLOWED,
            Self::StaleForm => StatusCode::FORBIDDEN,
            Self::UnreadableForm => StatusCode::BAD_REQUEST,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Elsewhere { .. } => StatusCode::SEE_OTHER,
        }
    }

    /// What a bare answer of the web framework means, so that no page of it is ever shown.
    pub(crate) fn meant_by(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::WrongVerb),
            StatusCode::FORBIDDEN => Some(Self::StaleForm),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLong),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::UnreadableForm),
            _ if status.is_client_error() => Some(Self::NotFound),
            _ if status.is_server_error() => Some(Self::Failure(Failure::new("a bare answer"))),
            _ => None,
        }
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        if let Self::Elsewhere { path, cookie } = self {
            return (StatusCode::SEE_OTHER, cookie, [(LOCATION, path)]).into_response();
        }
        let mut bare = self.status().into_response();
        bare.extensions_mut().insert(Undressed(std::sync::Arc::new(self)));
        bare
    }
}

/// The page of a refusal that no page of the trade explains.
#[derive(Template)]
#[template(path = "shell/broken.html")]
struct Page {
    shell: Shell,
    title: String,
    sentences: Vec<String>,
    reference: Option<String>,
}

/// Draws the page of `broken`, and logs a breakdown.
pub(crate) fn draw(broken: &Broken, shell: Shell, asked: &str, chance: &Chance) -> Response {
    let (key, reference) = match broken {
        Broken::Failure(failure) => {
            let reference = reference(chance);
            let bare = reference.replace('\u{a0}', "");
            tracing::error!(reference = bare, asked, %failure, "a page broke down");
            ("failure", Some(reference))
        }
        Broken::NotFound => ("not_found", None),
        Broken::WrongVerb => ("wrong_verb", None),
        Broken::StaleForm => ("stale_form", None),
        Broken::UnreadableForm => ("unreadable_form", None),
        Broken::TooLong => ("too_long", None),
        Broken::Elsewhere { .. } => return broken.status().into_response(),
    };
    let sentences = ["first", "second"].map(|part| t!(format!("broken.{key}.{part}")).into_owned()).into();
    let page = Page { title: t!(format!("broken.{key}.title")).into_owned(), sentences, reference, shell };
    answer::render(broken.status(), &page).unwrap_or_else(|_| broken.status().into_response())
}

/// A reference one can say on the phone: eight digits, by pairs as French numbers are said.
fn reference(chance: &Chance) -> String {
    let pairs: [String; 4] = std::array::from_fn(|_| format!("{:02}", chance.below(100)));
    pairs.join("\u{a0}")
}
