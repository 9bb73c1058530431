//! `/signer/adresse/feuille`: without a phone, a code of the recovery sheet shows whose the account is.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::Secret;
use maincourante_mandates::find_account::{self, Answer as Given};
use maincourante_mandates::secret_screen::Proof;
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/account_sheet.html")]
struct Page {
    shell: Shell,
    errors: Errors,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::WhichCode => page(&Page { shell, errors: Errors::none() }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let sentence = if fields.code.reveal().trim().is_empty() {
        t!("sheet_code.missing")
    } else {
        match find_account::prove(&app.mandates, &hand_over, &fields.code, Proof::Sheet).await? {
            Given::Right { token } => return go(routes::LENT).with(shell.lent_under(&token)),
            Given::Closed => return go(routes::LENT).with(shell.nothing_behind()),
            Given::Wrong { left: 1 } => t!("sheet_code.wrong_last"),
            Given::Wrong { left } => t!("sheet_code.wrong", left = left),
            Given::Over => t!("which.over"),
        }
    };
    match turn(&app, &hand_over).await? {
        Turn::WhichCode => refused(&Page { shell, errors: Errors::one("code", sentence) }),
        _ => go(routes::LENT),
    }
}
