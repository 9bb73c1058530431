//! `/messages/{reference}/fichier/{index}`: something that a letter carries, to keep. It is never shown in the page.

use axum::extract::State;
use maincourante_mailbox::Reach;
use maincourante_shell::{Answer, At, SignedInUsager, file, letters_away, not_found};

use super::carried;
use super::name::Name;
use crate::App;

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At((name, index)): At<(Name, usize)>,
) -> Answer {
    match carried(&app, &own, &shell, (name, index)).await? {
        Reach::Here(Some(attached)) => file::to_keep(&attached.attachment.name, attached.attachment.media, attached.bytes),
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}
