//! `/signer/adresse/code`: the person types the code that their phone received, if the account is known.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::Secret;
use maincourante_mandates::find_account::{self, Answer as Given};
use maincourante_mandates::secret_screen::Proof;
use maincourante_shell::{Answer, Errors, Icon, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Asked, Sms, Turn, turn, wrong};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/account_code.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    sms: Sms,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Query(asked): Query<Asked>) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::WhichCode => page(&Page { shell, errors: Errors::none(), sms: asked.sms() }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let errors = match find_account::prove(&app.mandates, &hand_over, &fields.code, Proof::Phone).await? {
        Given::Right { token } => return go(routes::LENT).with(shell.lent_under(&token)),
        Given::Closed => return go(routes::LENT).with(shell.nothing_behind()),
        Given::Wrong { left } => wrong(left),
        Given::Over => Errors::one("code", t!("which.over")),
    };
    match turn(&app, &hand_over).await? {
        Turn::WhichCode => again(shell, errors),
        _ => go(routes::LENT),
    }
}

/// The page again, with what is to be corrected.
fn again(shell: Shell, errors: Errors) -> Answer {
    refused(&Page { shell, errors, sms: Sms::Untold })
}

/// The page again: no other code leaves for a while.
pub(super) fn held(shell: Shell, sms: Sms) -> Answer {
    refused(&Page { shell, errors: Errors::none(), sms })
}
