//! `/signer/code-de-secours`: without a phone, a code of the recovery sheet shows that it is the person.

use askama::Template;
use axum::extract::State;
use maincourante_identity::CodeAnswer;
use maincourante_kernel::Secret;
use maincourante_mandates::secret_screen::{self, Proof};
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/sheet_code.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Sheet { name } => page(&Page { shell: shell.lent_to(&name), errors: Errors::none(), name }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let sentence = if fields.code.reveal().trim().is_empty() {
        t!("sheet_code.missing")
    } else {
        match secret_screen::prove(&app.mandates, &hand_over, &fields.code, Proof::Sheet).await? {
            Some(CodeAnswer::Right { token }) => return go(routes::LENT).with(shell.lent_under(&token)),
            None => return go(routes::LENT).with(shell.nothing_behind()),
            Some(CodeAnswer::Wrong { left: 1 }) => t!("sheet_code.wrong_last"),
            Some(CodeAnswer::Wrong { left }) => t!("sheet_code.wrong", left = left),
            Some(CodeAnswer::Over) => t!("sheet_code.over"),
        }
    };
    match turn(&app, &hand_over).await? {
        Turn::Sheet { name } => refused(&Page { shell: shell.lent_to(&name), errors: Errors::one("code", sentence), name }),
        _ => go(routes::LENT),
    }
}
