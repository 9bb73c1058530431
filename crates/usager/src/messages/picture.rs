//! `/messages/{reference}/image/{index}`: a picture that a letter carries, drawn where the letter is read. Only what its own
//! bytes show to be a picture is one; nothing else is ever shown, whatever the letter calls it.

use axum::extract::State;
use maincourante_mailbox::Reach;
use maincourante_mailbox::letter::Attached;
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
        Reach::Here(Some(Attached { attachment, bytes })) => match attachment.raster {
            Some(raster) => file::picture_to_see(&attachment.name, raster.media, bytes),
            None => not_found(),
        },
        Reach::Here(None) => not_found(),
        Reach::Away => letters_away(),
    }
}
