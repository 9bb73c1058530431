//! `/mot-de-passe-oublie/feuille`: a code of the recovery sheet instead of a text message. Nothing tells whether an account exists.

use askama::Template;
use axum::extract::State;
use maincourante_identity::reset::{self, SheetTry};
use maincourante_kernel::Secret;
use maincourante_shell::{Answer, Broken, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::cookie;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "public/recover/sheet.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    login: String,
    /// The domain of our addresses, for the example.
    domain: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, shell: Shell) -> Answer {
    page(&Page { shell, errors: Errors::none(), login: String::new(), domain: app.identity.service.domain.clone() })
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    let Fields { login, code } = fields;
    let errors = match reset::with_sheet(&app.identity, &login, &code, &shell.client().requester()).await? {
        SheetTry::Right { token } => return go(routes::FORGOTTEN_NEW).with(cookie(&shell, &token)),
        SheetTry::Wrong => Errors::one("code", t!("sheet.wrong")),
        SheetTry::Empty if login.trim().is_empty() => Errors::one("login", t!("sign_in.login_missing")),
        SheetTry::Empty => Errors::one("code", t!("sheet.missing")),
        SheetTry::TooMany { wait } => return Err(Broken::TooMany { wait }),
    };
    refused(&Page { shell, errors, login, domain: app.identity.service.domain.clone() })
}
