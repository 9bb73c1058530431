//! `/signer/sans-telephone`: for who has no phone with them: they draw before the aidant, and sign the print too.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::Secret;
use maincourante_mandates::signature::{Gesture, Sign, sign};
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/witnessed.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    strokes: String,
    aidant: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    /// The drawing, as the browser sends it.
    strokes: String,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    let aidant = hand_over.staff_name().to_owned();
    page(&Page { shell: shell.lent_to(to_sign.person.name()), errors: Errors::none(), strokes: String::new(), aidant })
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let gesture = Gesture::Witnessed(fields.strokes.clone());
    match sign(&app.mandates, &hand_over, &Secret::default(), gesture).await? {
        Sign::NoDrawing => {}
        Sign::Signed { .. } | Sign::Closed | Sign::WrongCode { .. } | Sign::CodeOver => {
            return go(routes::LENT).with(shell.nothing_behind());
        }
    }
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    let errors = Errors::one("drawing", t!("witnessed.no_drawing"));
    let aidant = hand_over.staff_name().to_owned();
    refused(&Page { shell: shell.lent_to(to_sign.person.name()), errors, strokes: fields.strokes, aidant })
}
