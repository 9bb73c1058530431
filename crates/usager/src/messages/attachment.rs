//! `/messages/{reference}/fichier/{index}`: something that a letter carries, to keep. It is never shown in the page.

use axum::extract::State;
use maincourante_mailbox::Reach;
use maincourante_shell::{Answer, At, SignedInUsager, letters_away, not_found};

use super::mine;
use super::name::Name;
use crate::App;
use maincourante_shell::file;

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At((name, index)): At<(Name, usize)>,
) -> Answer {
    let mine = mine(&app, &own, &shell);
    let found = match name {
        Name::Kept(reference) => mine.attachment(reference, index).await?,
        Name::Waiting(id) => Reach::Here(mine.outbox_attachment(id, index).await?),
    };
    match found {
        Reach::Here(Some(attached)) => file::to_keep(&attached.attachment.name, attached.attachment.media, attached.bytes),
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}
