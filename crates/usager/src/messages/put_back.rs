//! `/messages/{reference}/remettre`: a letter of the bin goes back where it belongs.

use axum::extract::State;
use maincourante_mailbox::{Moved, Reach};
use maincourante_shell::{Answer, At, Nothing, Posted, SignedInUsager, go, letters_away, not_found};

use super::mine;
use super::name::Name;
use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At(name): At<Name>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Name::Kept(reference) = name else { return not_found() };
    match mine(&app, &own, &shell).put_back(reference).await? {
        Reach::Here(Moved::To(back)) => go(routes::back_again(back)),
        // Posted twice: it is back already, in its list.
        Reach::Here(Moved::Somewhere | Moved::NotThere) => go(routes::INBOX),
        Reach::Away => letters_away(),
    }
}
