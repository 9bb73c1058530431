//! `/aidant/personnes/{id}/mandat/{mandate}`: an older mandate of the person with this structure. Reading it leaves a line.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::{MandateId, papers};
use maincourante_shell::{Answer, At, not_found};

use super::paper;
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At((id, mandate)): At<(UsagerId, MandateId)>) -> Answer {
    match papers::older_for_aidant(&app.mandates, &aidant, id, mandate).await? {
        Some(paper) => paper::give(paper),
        None => not_found(),
    }
}
