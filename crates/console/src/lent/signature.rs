//! `/signer/signature`: the person signs: a drawing and the code in one form. Who cannot draw has a page of their own.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::Secret;
use maincourante_mandates::signature::{Gesture, Sign, ToSign, sign};
use maincourante_shell::{Answer, Errors, Icon, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Asked, Sms, Turn, missing, spent, turn, wrong};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/signature.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    phone_end: String,
    typed: Fields,
    sms: Sms,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
    /// The drawing, as the browser sends it.
    strokes: String,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Query(asked): Query<Asked>) -> Answer {
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    match draw(shell, &to_sign, Errors::none(), Fields::default()) {
        Some(drawn) => page(&Page { sms: asked.sms(), ..drawn }),
        None => go(routes::LENT_WITNESSED),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(mut fields): Posted<Fields>) -> Answer {
    let errors = match missing(&fields.code) {
        Some(_) if fields.strokes.trim().is_empty() => {
            let mut both = no_drawing();
            both.add("code", t!("sms.missing"));
            both
        }
        Some(missing) => missing,
        None => match sign(&app.mandates, &hand_over, &fields.code, Gesture::Drawn(fields.strokes.clone())).await? {
            Sign::Signed { token: Some(token) } => return go(routes::LENT).with(shell.lent_under(&token)),
            Sign::Signed { token: None } => return go(routes::LENT),
            Sign::Closed => return go(routes::LENT).with(shell.nothing_behind()),
            Sign::WrongCode { left } => wrong(left),
            Sign::CodeOver => spent(),
            Sign::NoDrawing => {
                // What is no signature is not drawn again.
                fields.strokes.clear();
                no_drawing()
            }
        },
    };
    if errors.on("code").is_some() {
        fields.code = Secret::default();
    }
    match turn(&app, &hand_over).await? {
        Turn::ToSign(to_sign) => again(shell, &to_sign, errors, fields),
        _ => go(routes::LENT),
    }
}

fn no_drawing() -> Errors {
    Errors::one("drawing", t!("signature.no_drawing"))
}

/// The page again, with what is to be corrected.
fn again(shell: Shell, to_sign: &ToSign, errors: Errors, typed: Fields) -> Answer {
    match draw(shell, to_sign, errors, typed) {
        Some(drawn) => refused(&drawn),
        None => go(routes::LENT_WITNESSED),
    }
}

/// The page again: no other code leaves for a while.
pub(super) fn held(shell: Shell, to_sign: &ToSign, sms: Sms) -> Answer {
    match draw(shell, to_sign, Errors::none(), Fields::default()) {
        Some(drawn) => refused(&Page { sms, ..drawn }),
        None => go(routes::LENT_WITNESSED),
    }
}

/// None for who has no phone with them.
fn draw(shell: Shell, to_sign: &ToSign, errors: Errors, typed: Fields) -> Option<Page> {
    Some(Page { shell: shell.lent_to(to_sign.person.name()), errors, phone_end: to_sign.phone_end.clone()?, typed, sms: Sms::Untold })
}
