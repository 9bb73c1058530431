//! `/aidant/nouveau-compte/{id}/a-signer`: the print to sign by hand. Printing it leaves a line.

use axum::extract::State;
use maincourante_mandates::{MandateId, papers};
use maincourante_shell::{Answer, At, not_found};

use crate::App;
use crate::aidant::paper;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At(id): At<MandateId>) -> Answer {
    match papers::to_sign(&app.mandates, &aidant, id).await? {
        Some(print) => paper::give(print),
        None => not_found(),
    }
}
