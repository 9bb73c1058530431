//! `/messages/{reference}/image/{index}`: a picture that a letter carries, drawn where the letter is read. Only what its own
//! bytes show to be a picture is one; nothing else is ever shown, whatever the letter calls it.

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
        Reach::Here(Some(attached)) => match attached.attachment.raster {
            Some(raster) => {
                let Attachment { name, size, .. } = attached.attachment.clone();
                let pieces = attached.pieces(app.mailbox, own, shell.client().requester().0);
                file::picture_to_see(&name, raster.media, Content::coming(size, pieces))
            }
            None => not_found(),
        },
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}
