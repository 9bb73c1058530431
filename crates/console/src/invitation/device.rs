//! `/invitation/application`: the secret of the authenticator, for a camera and in letters, on this page only; and its first code.

use askama::Template;
use askama::filters::Safe;
use axum::extract::State;
use maincourante_kernel::{Failure, Secret};
use maincourante_mandates::joining::{self, Join};
use maincourante_shell::{Answer, CookieName, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::token;
use crate::who::AtEntrance;
use crate::{App, qr, routes, words};

#[derive(Template)]
#[template(path = "console/invitation/device.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    drawn: Safe<String>,
    letters: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance) -> Answer {
    match draw(&app, shell, Errors::none()).await? {
        Some(drawn) => page(&drawn),
        None => go(routes::INVITATION),
    }
}

pub(crate) async fn submit(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance, Posted(fields): Posted<Fields>) -> Answer {
    match joining::join(&app.mandates, &token(&shell), &fields.code).await? {
        Join::Joined(opened) => {
            go(routes::SHEET).with(shell.staff_cookie(&opened)).with(shell.forget(CookieName::Invitation)).with(shell.ends_mailbox().await?)
        }
        Join::Shut => go(routes::INVITATION),
        Join::WrongCode => match draw(&app, shell, words::wrong_code(&fields.code)).await? {
            Some(drawn) => refused(&drawn),
            None => go(routes::INVITATION),
        },
    }
}

async fn draw(app: &App, shell: Shell, errors: Errors) -> Result<Option<Page>, Failure> {
    let Some(device) = joining::device(&app.mandates, &token(&shell)).await? else { return Ok(None) };
    let letters: Vec<char> = device.secret.reveal().chars().collect();
    let letters = letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Ok(Some(Page { drawn: qr::svg(&device.uri, &t!("device.qr"))?, shell, errors, letters }))
}
