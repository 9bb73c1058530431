//! `/messages/{reference}/corbeille`: a letter is put in the bin. Nothing is destroyed: the list says so, and offers to undo it.

use axum::extract::State;
use maincourante_mailbox::{Moved, Reach};
use maincourante_shell::{Answer, At, Posted, SignedInUsager, go, letters_away, not_found};

use serde::Deserialize;

use super::mine;
use super::name::Name;
use crate::{App, routes};

/// What the button says of the letter, for the words of the list.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Form {
    suspect: Option<String>,
}

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At(name): At<Name>,
    Posted(form): Posted<Form>,
) -> Answer {
    // What waits to leave is taken back, not thrown away.
    let Name::Kept(reference) = name else { return not_found() };
    match mine(&app, &own, &shell).throw_away(reference).await? {
        Reach::Here(Moved::To(now)) => go(routes::thrown_away(reference.folder(), now, form.suspect.is_some())),
        // Posted twice: the bin shows that it is there.
        Reach::Here(Moved::Somewhere | Moved::NotThere) => go(routes::BIN),
        Reach::Away => letters_away(),
    }
}
