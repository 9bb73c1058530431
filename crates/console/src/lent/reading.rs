//! `/signer/mandat`: the person reads what they are asked to sign, or listens to it. Saying no is as easy as saying yes.

use askama::Template;
use axum::extract::State;
use maincourante_shell::{Answer, OnLentScreen, Shell, go, page};
use rust_i18n::t;

use super::{Turn, turn};
use crate::sentences::Sentences;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/reading.html")]
struct Page {
    shell: Shell,
    name: String,
    phone_end: Option<String>,
    sentences: Sentences,
}

pub(crate) async fn show(State(app): State<App>, OnLentScreen { hand_over, shell }: OnLentScreen) -> Answer {
    let Turn::ToSign(to_sign) = turn(&app, &hand_over).await? else { return go(routes::LENT) };
    let name = to_sign.person.name();
    let sentences = Sentences::new(&to_sign.structure, to_sign.address, to_sign.powers.into_iter(), to_sign.last_day);
    page(&Page { shell: shell.lent_to(&name), name, phone_end: to_sign.phone_end, sentences })
}
