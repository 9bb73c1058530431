//! `/aidant/nouveau-compte/{id}/termine`: what the person takes home, and what comes next.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::{Account, MandateId, State as Stage, prepare, prints};
use maincourante_shell::{Answer, At, Icon, Shell, not_found, page};
use rust_i18n::t;

use crate::App;
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/aidant/new_account/done.html")]
struct Page {
    shell: Shell,
    account: Account,
    usager: String,
    name: String,
    address: String,
    web_address: String,
    /// The mandate waits for a print signed by hand.
    awaits_print: bool,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    match (in_hand.state, prepare::opened(&app.mandates, &in_hand).await?) {
        (Stage::Active, Some(person)) if person.secret_chosen_at.is_some() || in_hand.account == Account::Open => page(&Page {
            shell,
            account: in_hand.account,
            awaits_print: prints::look(&app.mandates, &aidant, person.id).await?.is_some(),
            usager: person.id.to_string(),
            name: person.name(),
            address: person.address,
            web_address: app.mandates.imprint.web_address.clone(),
        }),
        _ => super::resume(&in_hand),
    }
}
