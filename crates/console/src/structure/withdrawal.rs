//! `/structure/invitations/{id}/retrait`: an invitation is withdrawn; the letter may go again.

use axum::extract::State;
use maincourante_mandates::invitations::{self, Again, InvitationId};
use maincourante_shell::{Answer, At, Nothing, Posted, go, not_found};

use crate::who::Working;
use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, .. }: Working,
    At(id): At<InvitationId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match invitations::withdraw(&app.mandates, &referent, id).await? {
        Again::Done | Again::Already | Again::TooMany { .. } => go(routes::TEAM),
        Again::Unknown => not_found(),
    }
}
