//! `/aidant/personnes/{id}/mandat`: the mandate that the person signed. Reading it leaves a line.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::papers;
use maincourante_shell::{Answer, At, not_found};

use super::paper;
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At(id): At<UsagerId>) -> Answer {
    match papers::signed_for_aidant(&app.mandates, &aidant, id).await? {
        Some(mandate) => paper::give(mandate),
        None => not_found(),
    }
}
