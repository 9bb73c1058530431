//! `/signer/telephone`: the person types the code that their phone received.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::CodeAnswer;
use maincourante_kernel::Secret;
use maincourante_mandates::secret_screen::{self, Proof};
use maincourante_shell::{Answer, Errors, Icon, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Asked, Sms, Turn, missing, spent, turn, wrong};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/phone.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    phone_end: String,
    sms: Sms,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Query(asked): Query<Asked>) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Code { name, phone_end } => page(&Page { shell: shell.lent_to(name), errors: Errors::none(), phone_end, sms: asked.sms() }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let errors = match missing(&fields.code) {
        Some(missing) => missing,
        None => match secret_screen::prove(&app.mandates, &hand_over, &fields.code, Proof::Phone).await? {
            Some(CodeAnswer::Right { token }) => return go(routes::LENT).with(shell.lent_under(&token)),
            None => return go(routes::LENT).with(shell.nothing_behind()),
            Some(CodeAnswer::Wrong { left }) => wrong(left),
            Some(CodeAnswer::Over) => spent(),
        },
    };
    match turn(&app, &hand_over).await? {
        Turn::Code { name, phone_end } => again(shell, &name, phone_end, errors),
        _ => go(routes::LENT),
    }
}

/// The page again, with what is to be corrected. A code is typed anew: nobody reads over a shoulder what was typed before.
fn again(shell: Shell, name: &str, phone_end: String, errors: Errors) -> Answer {
    refused(&Page { shell: shell.lent_to(name), errors, phone_end, sms: Sms::Untold })
}

/// The page again: no other code leaves for a while.
pub(super) fn held(shell: Shell, name: &str, phone_end: String, sms: Sms) -> Answer {
    refused(&Page { shell: shell.lent_to(name), errors: Errors::none(), phone_end, sms })
}
