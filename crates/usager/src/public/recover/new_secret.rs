//! `/mot-de-passe-oublie/nouveau`: step 3, the new password. It ends at sign-in, with the address filled in.

use askama::Template;
use axum::extract::State;
use maincourante_identity::WeakPassword;
use maincourante_identity::reset::{self, Finish, Step};
use maincourante_kernel::Secret;
use maincourante_shell::{Answer, CookieName, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{code, standing};
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
    match standing(&app, &shell).await?.0 {
        Step::NewSecret => page(&Page { shell, errors: Errors::none() }),
        Step::Code => go(routes::FORGOTTEN_CODE),
        Step::Over => go(routes::FORGOTTEN),
    }
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    let (_, token) = standing(&app, &shell).await?;
    match reset::finish(&app.identity, &token, &fields.password).await? {
        // Every session ended, this browser's too. The cookie stays a while: sign-in finds the address by it.
        Finish::Done { address: _ } => go(routes::SIGN_IN).with(shell.forget(CookieName::Session)),
        Finish::Weak(weak) => refused(&Page { shell, errors: Errors::one("password", t!(key(weak))) }),
        // The second post of the same form finds what the first one did.
        Finish::Over if reset::finished_address(&app.identity, &token).await?.is_some() => go(routes::SIGN_IN),
        Finish::Over => code::over(&app, shell),
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
