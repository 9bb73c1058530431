//! When a page cannot be shown: a breakdown, a peer that is away, an address that does not exist, a form that is not ours, too many tries.
//!
//! A handler (or an extractor) only says which; `around` draws the page, in the frame of the request, and writes one line in the log:
//! both bear the reference of the request.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use maincourante_kernel::Failure;
use maincourante_kernel::clock::Span;

use crate::refusal::Page;
use crate::{Answer, Cookie, Shell, answer};

/// Why there is no page.
#[derive(Debug)]
pub enum Broken {
    /// Something that should have worked did not (500); or the base does not answer (503).
    Failure(Failure),
    /// What the page shows is kept by a peer that does not answer (503). The rest works.
    Away(Peer),
    /// The page took longer than anyone waits (503): it may be done, or not.
    TooSlow,
    /// There is nothing here, or nothing for you (404).
    NotFound,
    /// The page exists and is not asked that way (405).
    WrongVerb,
    /// The form was drawn for another session, or by someone else (403).
    StaleForm,
    /// The form cannot be read (400).
    UnreadableForm,
    /// What was sent is no form (415).
    NotAForm,
    /// What was sent is too long (413).
    TooLong,
    /// Too many tries (429).
    TooMany {
        /// How long to wait.
        wait: Span,
    },
    /// Who asks is not signed in (303): to the entrance of the space. `Shell::signed_out` makes it.
    NotSignedIn(SignedOut),
    /// Not here: the lock for a screen that is lent, the way out of one that is not any more.
    Elsewhere {
        /// Where to.
        path: &'static str,
        /// A cookie to keep or to forget on the way.
        cookie: Option<Cookie>,
    },
}

/// A peer of which pages can be without.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// The mail server, which keeps the letters.
    Letters,
}

/// Who is sent to the entrance, and why.
#[derive(Debug)]
pub struct SignedOut {
    pub(crate) entrance: &'static str,
    /// The cookie of a session that is over, to be forgotten; none for who never signed in.
    pub(crate) over: Option<Cookie>,
    /// What they typed is kept for them.
    pub(crate) kept: bool,
}

/// Nothing here: neither what never was, nor what is someone else's.
pub fn not_found() -> Answer {
    Err(Broken::NotFound)
}

/// The mail server does not answer, and the page is nothing without it.
pub fn letters_away() -> Answer {
    Err(Broken::Away(Peer::Letters))
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// The reason of a bare answer, on its way to `around`.
#[derive(Clone)]
pub(crate) struct Undressed(pub(crate) Arc<Broken>);

/// What was typed, on its way to the page that offers to send it again.
#[derive(Clone)]
pub(crate) struct Typed {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Broken {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Failure(failure) if !failure.is_outage() => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Failure(_) | Self::Away(_) | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongVerb => StatusCode::METHOD_NOT_ALLOWED,
            Self::StaleForm => StatusCode::FORBIDDEN,
            Self::UnreadableForm => StatusCode::BAD_REQUEST,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotSignedIn(_) | Self::Elsewhere { .. } => StatusCode::SEE_OTHER,
        }
    }

    /// The word of the log, and of the sentences of the page.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Failure(failure) if !failure.is_outage() => "failure",
            Self::Failure(_) => "outage",
            Self::Away(Peer::Letters) => "letters_away",
            Self::TooSlow => "too_slow",
            Self::NotFound => "not_found",
            Self::WrongVerb => "wrong_verb",
            Self::StaleForm => "stale_form",
            Self::UnreadableForm | Self::NotAForm => "unreadable_form",
            Self::TooLong => "too_long",
            Self::TooMany { .. } => "too_many",
            Self::NotSignedIn(_) => "signed_out",
            Self::Elsewhere { .. } => "elsewhere",
        }
    }

    /// What a bare answer of the web framework means, so that no page of it is ever shown.
    pub(crate) fn meant_by(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::METHOD_NOT_ALLOWED => Some(Self::WrongVerb),
            StatusCode::FORBIDDEN => Some(Self::StaleForm),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLong),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Self::NotAForm),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => Some(Self::UnreadableForm),
            _ if status.is_client_error() => Some(Self::NotFound),
            _ if status.is_server_error() => Some(Self::Failure(Failure::new("a bare answer"))),
            _ => None,
        }
    }

    /// One line in the log, within the span of the request, which holds its reference and its route. Nothing of who asked.
    fn log(&self) {
        let status = self.status().as_u16();
        match self {
            Self::Failure(failure) => tracing::error!(status, %failure, "a page broke down"),
            Self::Away(_) | Self::TooSlow => tracing::warn!(status, why = self.word(), "a page could not be shown"),
            Self::NotSignedIn(SignedOut { over: None, kept: false, .. }) | Self::Elsewhere { .. } => {}
            Self::NotSignedIn(SignedOut { kept, .. }) => tracing::info!(status, why = self.word(), kept, "a session was over"),
            _ => tracing::info!(status, why = self.word(), "a page was refused"),
        }
    }
}

impl IntoResponse for Broken {
    fn into_response(self) -> Response {
        if let Self::Elsewhere { path, cookie } = self {
            return (StatusCode::SEE_OTHER, cookie, [(LOCATION, path)]).into_response();
        }
        let mut bare = self.status().into_response();
        bare.extensions_mut().insert(Undressed(Arc::new(self)));
        bare
    }
}

/// Draws the page of `broken`, and logs it.
pub(crate) fn draw(broken: &Broken, shell: Shell, typed: Option<Typed>) -> Response {
    broken.log();
    if let Broken::NotSignedIn(out) = broken {
        let place = entrance(out, shell.reference());
        return (StatusCode::SEE_OTHER, out.over.clone(), [(LOCATION, place)]).into_response();
    }
    let page = Page::of(broken, shell, typed);
    let mut answer = answer::render(broken.status(), &page).unwrap_or_else(|_| broken.status().into_response());
    if let Broken::TooMany { wait } = broken {
        answer.headers_mut().insert(RETRY_AFTER, wait.as_seconds().max(1).into());
    }
    answer
}

/// The entrance, which says what happened: the same reference there and in the log.
fn entrance(SignedOut { entrance, over, kept }: &SignedOut, reference: &str) -> String {
    match (over, kept) {
        (None, false) => (*entrance).to_owned(),
        (Some(_), false) => format!("{entrance}?fin={reference}"),
        (_, true) => format!("{entrance}?fin={reference}&garde=oui"),
    }
}
