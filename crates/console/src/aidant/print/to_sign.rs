//! `/aidant/personnes/{id}/a-signer`: the print to sign by hand, once more, while the mandate waits for it. It leaves a line.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::papers;
use maincourante_shell::{Answer, At, not_found};

use crate::App;
use crate::aidant::paper;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At(id): At<UsagerId>) -> Answer {
    match papers::to_sign_again(&app.mandates, &aidant, id).await? {
        Some(print) => paper::give(print),
        None => not_found(),
    }
}
