//! `/aide/mandat/{id}/copie/{page}`: one page of the print that the person signed by hand.

use axum::extract::State;
use maincourante_mandates::{MandateId, prints};
use maincourante_shell::{Answer, At, SignedInUsager, file, not_found};
use uuid::Uuid;

use crate::App;

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, .. }: SignedInUsager,
    At((id, page)): At<(MandateId, Uuid)>,
) -> Answer {
    match prints::page_for_usager(&app.mandates, &own, id, page).await? {
        Some(shown) if shown.media == "application/pdf" => file::to_keep("mandat-signe.pdf", shown.media, shown.bytes.to_vec()),
        Some(shown) => file::picture_to_see("mandat-signe", shown.media, shown.bytes.to_vec()),
        None => not_found(),
    }
}
