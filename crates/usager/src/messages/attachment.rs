//! `/messages/{reference}/fichier/{index}`: something that a letter carries, to keep. It is never shown in the page.

use axum::extract::State;
use maincourante_mailbox::Reach;
use maincourante_mailbox::letter::Attachment;
use maincourante_shell::file::Content;
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
        Reach::Here(Some(attached)) => {
            let Attachment { name, media, size, .. } = attached.attachment.clone();
            file::to_keep(&name, media, Content::coming(size, attached.pieces(app.mailbox, own, shell.client().requester().0)))
        }
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}
