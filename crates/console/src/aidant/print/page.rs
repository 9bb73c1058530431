//! `/aidant/personnes/{id}/copie/page/{page}`: one page of the print, as it came.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::prints;
use maincourante_shell::{Answer, At, file, not_found};
use uuid::Uuid;

use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, Working { aidant, .. }: Working, At((id, page)): At<(UsagerId, Uuid)>) -> Answer {
    match prints::page_for_aidant(&app.mandates, &aidant, id, page).await? {
        Some(shown) if shown.media == "application/pdf" => file::to_keep("mandat-signe.pdf", shown.media, shown.bytes.to_vec()),
        Some(shown) => file::picture_to_see("mandat-signe", shown.media, shown.bytes.to_vec()),
        None => not_found(),
    }
}
