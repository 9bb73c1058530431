//! `/structure/invitations/{id}/lettre`: the letter of an invitation goes again, under a new link.

use axum::extract::State;
use maincourante_mandates::invitations::{self, Again, InvitationId};
use maincourante_shell::{Answer, At, Posted, go, not_found};
use rust_i18n::t;

use super::team;
use crate::aidant::sign_out::Nothing;
use crate::who::Working;
use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<InvitationId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match invitations::send_again(&app.mandates, &referent, id).await? {
        Again::Done | Again::Already => go(routes::TEAM),
        Again::Unknown => not_found(),
        Again::TooMany { wait } => {
            team::not_done(&app, &referent, shell, t!("invite.too_many", wait = maincourante_shell::wait(wait)).into_owned()).await
        }
    }
}
