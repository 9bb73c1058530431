//! `/aidant/nouveau-compte/{id}/projet`: the document that the person will sign, to be printed and read.

use axum::extract::State;
use maincourante_mandates::{MandateId, papers};
use maincourante_shell::{Answer, At, not_found};

use crate::App;
use crate::aidant::paper;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At(id): At<MandateId>) -> Answer {
    match papers::presented_for_aidant(&app.mandates, &aidant, id).await? {
        Some(paper) => paper::give(paper),
        None => not_found(),
    }
}
