//! `/aide/mandat/{id}`: the document that the person signed, as it was sealed.

use axum::extract::State;
use maincourante_mandates::{MandateId, papers};
use maincourante_shell::{Answer, At, SignedInUsager, not_found};

use crate::App;
use maincourante_shell::file;

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, .. }: SignedInUsager, At(id): At<MandateId>) -> Answer {
    match papers::signed_for_usager(&app.mandates, &own, id).await? {
        Some(paper) => file::pdf_to_read(&paper.file_name, paper.pdf.to_vec()),
        None => not_found(),
    }
}
