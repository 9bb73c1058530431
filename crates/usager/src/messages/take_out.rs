//! `/messages/a-finir/{draft}/reprendre`: a letter that was thrown away before it was finished is there again.

use axum::extract::State;
use maincourante_mailbox::{DraftId, draft};
use maincourante_shell::{Answer, At, Nothing, Posted, SignedInUsager, go, not_found};

use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, .. }: SignedInUsager,
    At(id): At<DraftId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    // Posted twice, it is there already.
    if draft::take_out(&app.mailbox, &own, id).await? || draft::find(&app.mailbox, &own, id).await?.is_some() {
        return go(routes::kept_for_later(&id));
    }
    not_found()
}
