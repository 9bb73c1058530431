//! When the mail server does not answer and the page is nothing without it: a page that says so (503), with the way to try again.

use askama::Template;
use axum::http::StatusCode;
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;

use crate::routes;

#[derive(Template)]
#[template(path = "usager/messages/away.html")]
struct Page {
    shell: Shell,
}

/// The mail server is away.
pub(super) fn away(shell: Shell) -> Answer {
    page(&Page { shell }).map(|mut answer| {
        *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        answer
    })
}
