//! `/aidant/personnes/{id}/feuille`: the sheet that the person takes home, without any secret. Printing it leaves a line.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::papers;
use maincourante_shell::{Answer, At, not_found};

use super::paper;
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At(id): At<UsagerId>) -> Answer {
    match papers::welcome_sheet(&app.mandates, &aidant, id).await? {
        Some(sheet) => paper::give(sheet),
        None => not_found(),
    }
}
