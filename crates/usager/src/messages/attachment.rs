//! `/messages/{reference}/fichier/{index}`: something that a letter carries, to keep. It is never shown in the page.

use axum::extract::State;
use maincourante_mailbox::Reach;
use maincourante_shell::{Answer, At, SignedInUsager, not_found};

use super::away::away;
use super::mine;
use super::name::Name;
use crate::App;
use maincourante_shell::file;

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At((name, index)): At<(Name, usize)>,
) -> Answer {
    // What waits to leave carries nothing.
    let Name::Kept(reference) = name else { return not_found() };
    match mine(&app, &own, &shell).attachment(reference, index).await? {
        Reach::Here(Some(attached)) => file::to_keep(&attached.attachment.name, attached.attachment.media, attached.bytes),
        Reach::Here(None) => not_found(),
        Reach::Away => away(shell),
    }
}
