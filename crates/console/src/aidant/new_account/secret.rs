//! `/aidant/nouveau-compte/{id}/mot-de-passe`: the account is open; the screen is lent so that the person chooses the first secret.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::access_back::Lending;
use maincourante_mandates::{Account, MandateId, Method, State as Stage, first_secret, prepare};
use maincourante_shell::{Answer, At, Nothing, Posted, Shell, With, go, not_found, page};
use rust_i18n::t;

use super::{Rail, Step};
use crate::aidant::access;
use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/secret.html")]
struct Page {
    shell: Shell,
    rail: Rail,
    draft: MandateId,
    usager: String,
    name: String,
    address: String,
    has_phone: bool,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    match (in_hand.state, prepare::opened(&app.mandates, &in_hand).await?) {
        (Stage::Active, Some(person)) if person.secret_chosen_at.is_none() && in_hand.account == Account::ToOpen => page(&Page {
            shell,
            rail: Rail::of(&in_hand, Step::Secret),
            draft: id,
            usager: person.id.to_string(),
            name: person.name(),
            address: person.address,
            has_phone: in_hand.method.is_none_or(Method::proves_phone),
        }),
        _ => super::resume(&in_hand),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    let Some(person) = prepare::opened(&app.mandates, &in_hand).await? else { return super::resume(&in_hand) };
    // A second post of the form does not start a change of password.
    if person.secret_chosen_at.is_some() {
        return super::resume(&in_hand);
    }
    match first_secret::lend(&app.mandates, &aidant, person.id).await? {
        Lending::Lent(lent) => go(routes::LENT).with(shell.lent_cookie(&lent)),
        refused => access::explain(shell, person.id, &person.name(), refused),
    }
}
