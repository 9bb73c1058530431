//! `/signer/oui`: for who cannot draw: what they agree to is read, they give their code, and say yes or no. Both are as easy.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::Secret;
use maincourante_mandates::signature::{Gesture, Sign, ToSign, sign};
use maincourante_shell::{Answer, Errors, Icon, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Asked, Sms, Turn, missing, spent, turn, wrong};
use crate::sentences::{Address, Sentences};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/spoken.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    phone_end: String,
    sentences: Sentences,
    sms: Sms,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
    /// `oui`, or anything else.
    said: String,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Query(asked): Query<Asked>) -> Answer {
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    match draw(shell, *to_sign, Errors::none()) {
        Some(drawn) => page(&Page { sms: asked.sms(), ..drawn }),
        None => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    // Saying no asks for no code; the next page says what it changes.
    if fields.said != "oui" {
        return go(routes::LENT_REFUSAL);
    }
    let errors = match missing(&fields.code) {
        Some(missing) => missing,
        None => match sign(&app.mandates, &hand_over, &fields.code, Gesture::CodeAlone).await? {
            Sign::Signed { token: Some(token) } => return go(routes::LENT).with(shell.lent_under(&token)),
            Sign::Signed { token: None } => return go(routes::LENT),
            Sign::Closed | Sign::NoDrawing => return go(routes::LENT).with(shell.nothing_behind()),
            Sign::WrongCode { left } => wrong(left),
            Sign::CodeOver => spent(),
        },
    };
    match turn(&app, &hand_over).await? {
        Turn::ToSign(to_sign) => again(shell, *to_sign, errors),
        _ => go(routes::LENT),
    }
}

/// The page again, with what is to be corrected.
fn again(shell: Shell, to_sign: ToSign, errors: Errors) -> Answer {
    match draw(shell, to_sign, errors) {
        Some(drawn) => refused(&drawn),
        None => go(routes::LENT),
    }
}

/// The page again: no other code leaves for a while.
pub(super) fn held(shell: Shell, to_sign: ToSign, sms: Sms) -> Answer {
    match draw(shell, to_sign, Errors::none()) {
        Some(drawn) => refused(&Page { sms, ..drawn }),
        None => go(routes::LENT),
    }
}

/// None for who has no phone with them.
fn draw(shell: Shell, to_sign: ToSign, errors: Errors) -> Option<Page> {
    let shell = shell.lent_to(to_sign.person.name());
    let address = Address { text: to_sign.address, account: to_sign.account, follows: to_sign.follows };
    let sentences = Sentences::new(&to_sign.structure, address, to_sign.powers.into_iter(), to_sign.last_day);
    Some(Page { shell, errors, phone_end: to_sign.phone_end?, sentences, sms: Sms::Untold })
}
