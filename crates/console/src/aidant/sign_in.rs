//! `/aidant/connexion`: someone who works for a structure signs in, with a password and a time-based code in one form.

use askama::Template;
use axum::extract::State;
use maincourante_identity::{StaffCredentials, StaffSignIn};
use maincourante_kernel::Secret;
use maincourante_mandates::aidants;
use maincourante_shell::{Answer, Broken, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::AtEntrance;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/sign_in.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    login: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
    password: Secret<String>,
    code: Secret<String>,
}

pub(crate) async fn show(AtEntrance { signed_in, shell }: AtEntrance) -> Answer {
    if signed_in { go(routes::HOME) } else { page(&Page { shell, errors: Errors::none(), login: String::new() }) }
}

pub(crate) async fn submit(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance, Posted(fields): Posted<Fields>) -> Answer {
    let Fields { login, password, code } = fields;
    let mut errors = Errors::none();
    for (field, is_empty) in [("login", login.trim()), ("password", password.reveal()), ("code", code.reveal().trim())]
        .map(|(field, typed)| (field, typed.is_empty()))
    {
        if is_empty {
            errors.add(field, t!(format!("sign_in.no_{field}")));
        }
    }
    // Nothing is tried, nothing is counted.
    if !errors.is_empty() {
        return refused(&Page { shell, errors, login });
    }
    let typed = StaffCredentials { login: login.clone(), password, code };
    let errors = match aidants::sign_in(&app.mandates, typed, &shell.client().requester()).await? {
        // A mailbox left open on this browser is not carried to the aidant's desk.
        StaffSignIn::Open(opened) => {
            return shell.goes_on(&opened, routes::HOME).await.with(shell.staff_cookie(&opened)).with(shell.ends_mailbox().await?);
        }
        // Whoever came in with a code of their sheet is told so, and how many are left.
        StaffSignIn::OpenByRecovery(opened) => {
            return go(routes::SHEET).with(shell.staff_cookie(&opened)).with(shell.ends_mailbox().await?);
        }
        // The same words for an unknown login, a wrong password and a wrong code.
        StaffSignIn::Refused => Errors::one("login", t!("sign_in.wrong")),
        StaffSignIn::TooMany { wait } => return Err(Broken::TooMany { wait }),
    };
    refused(&Page { shell, errors, login })
}
