//! `/messages/annuler/{letter}`: a letter just given is taken back, as long as it surely did not leave. Its words come
//! back to be corrected.

use axum::extract::State;
use maincourante_mailbox::LetterId;
use maincourante_mailbox::outbox::{self, Cancel};
use maincourante_shell::{Answer, At, Nothing, Posted, SignedInUsager, go, not_found};

use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, .. }: SignedInUsager,
    At(id): At<LetterId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let mut tx = app.identity.kernel.db.write().await?;
    let cancelled = outbox::cancel(&app.mailbox, &mut tx, &own, id).await?;
    tx.commit().await?;
    match cancelled {
        Cancel::Done(_) => go(routes::resume(&id)),
        // The list says what became of it.
        Cancel::TooLate => go(routes::given(&id)),
        Cancel::Unknown => not_found(),
    }
}
