//! `/mot-de-passe-oublie`: step 1, an address or a phone number. The next page is the same whatever was typed.

use askama::Template;
use axum::extract::State;
use maincourante_identity::reset::{self, Begin};
use maincourante_shell::{Answer, Broken, Errors, Icon, Once, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::cookie;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "public/recover/begin.html")]
pub(super) struct Page {
    shell: Shell,
    errors: Errors,
    login: String,
    /// The domain of our addresses, for the example.
    domain: String,
    /// The recovery that was under way came to its end.
    over: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
    once: Option<Once>,
}

impl Page {
    fn empty(app: &App, shell: Shell) -> Self {
        let domain = app.identity.service.domain.clone();
        Self { shell, domain, errors: Errors::none(), login: String::new(), over: false }
    }

    /// The first step again: the code or the request is too old, or was tried too often.
    pub(super) fn over(app: &App, shell: Shell) -> Self {
        Self { over: true, ..Self::empty(app, shell) }
    }
}

pub(crate) async fn show(State(app): State<App>, shell: Shell) -> Answer {
    page(&Page::empty(&app, shell))
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    let requester = shell.client().requester();
    let begun = match fields.once {
        Some(once) => reset::begin_as(&app.identity, once.uuid(), &fields.login, &requester).await?,
        None => reset::begin(&app.identity, &fields.login, &requester).await?,
    };
    let again = Page { login: fields.login, ..Page::empty(&app, shell.clone()) };
    match begun {
        Begin::Begun { token } => go(routes::FORGOTTEN_CODE).with(cookie(&shell, &token)),
        Begin::Empty => refused(&Page { errors: Errors::one("login", t!("sign_in.login_missing")), ..again }),
        Begin::TooMany { wait } => Err(Broken::TooMany { wait }),
    }
}
