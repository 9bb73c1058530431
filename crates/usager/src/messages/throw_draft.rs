//! `/messages/a-finir/{draft}/jeter`: a letter that is not finished is thrown away. The list says so, and offers to undo it.

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
    // Posted twice, it is thrown away already.
    if draft::discard(&app.mailbox, &own, id).await? || draft::is_discarded(&app.mailbox, &own, id).await? {
        return go(routes::draft_thrown(&id));
    }
    not_found()
}
