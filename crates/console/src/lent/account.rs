//! `/signer/adresse`: the person types the address that they have, or their phone number. What follows is the same whether it is known or not.

use askama::Template;
use axum::extract::State;
use maincourante_identity::find_account::Ask;
use maincourante_mandates::find_account;
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/account.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    aidant: String,
    login: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Which | Turn::WhichCode => {
            page(&Page { shell, errors: Errors::none(), aidant: hand_over.staff_name().to_owned(), login: String::new() })
        }
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let sentence = match find_account::ask(&app.mandates, &hand_over, &fields.login).await? {
        Some(Ask::Asked) => return go(routes::LENT_ACCOUNT_CODE),
        None => return go(routes::LENT).with(shell.nothing_behind()),
        Some(Ask::Empty) => t!("which.missing"),
        Some(Ask::TooMany { wait }) => t!("which.too_many", wait = maincourante_shell::wait(wait)),
    };
    let aidant = hand_over.staff_name().to_owned();
    refused(&Page { shell, errors: Errors::one("login", sentence), aidant, login: fields.login })
}
