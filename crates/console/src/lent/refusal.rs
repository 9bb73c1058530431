//! `/signer/refus`: the person does not want to sign. It wipes what was written, so it has its page: what changes, one button.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::{Account, signature as signing};
use maincourante_shell::{Answer, Nothing, Posted, Shell, go, page};
use rust_i18n::t;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/refusal.html")]
struct Page {
    shell: Shell,
    account: Account,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::ToSign(to_sign) => page(&Page { account: to_sign.account, shell: shell.lent_to(to_sign.person.name()) }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, .. }: Borrowed, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    // Whatever was there to refuse, the next page says where it stands.
    signing::refuse(&app.mandates, &hand_over).await?;
    go(routes::LENT)
}
