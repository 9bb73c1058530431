//! `/mot-de-passe-oublie/nouveau`: step 3, the new password. It ends at sign-in, with the address filled in.

use askama::Template;
use axum::extract::State;
use maincourante_identity::WeakPassword;
use maincourante_identity::reset::{self, Finish, Step};
use maincourante_kernel::Secret;
use maincourante_shell::{Answer, CookieName, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{code, cookie, standing};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "public/recover/new_secret.html")]
struct Page {
    shell: Shell,
    errors: Errors,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    password: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, shell: Shell) -> Answer {
    match standing(&app, &shell).await? {
        (Step::NewSecret, _) => page(&Page { shell, errors: Errors::none() }),
        (Step::Code, _) => go(routes::FORGOTTEN_CODE),
        (Step::Over, token) if reset::finished_address(&app.identity, &token).await?.is_some() => go(routes::SIGN_IN),
        (Step::Over, _) => code::gone(&app, shell),
    }
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    let (_, token) = standing(&app, &shell).await?;
    match reset::finish(&app.identity, &token, &fields.password).await? {
        // Every session ended, this browser's too. The new cookie lets sign-in find the address, and "back" find nothing.
        Finish::Done { address: _, token } => go(routes::SIGN_IN).with(cookie(&shell, &token)).with(shell.forget(CookieName::Session)),
        Finish::Weak(weak) => refused(&Page { shell, errors: Errors::one("password", t!(key(weak))) }),
        // The form may have been posted twice: the page finds what the first post did.
        Finish::Over => go(routes::FORGOTTEN_NEW),
    }
}

fn key(weak: WeakPassword) -> &'static str {
    match weak {
        WeakPassword::Empty => "secret.empty",
        WeakPassword::TooEasy => "secret.too_easy",
        WeakPassword::OwnName => "secret.own_name",
        WeakPassword::TooLong => "secret.too_long",
    }
}
