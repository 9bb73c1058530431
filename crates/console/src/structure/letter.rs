//! `/structure/invitations/{id}/lettre`: the letter of an invitation goes again, under a new link.

use axum::extract::State;
use maincourante_mandates::invitations::{self, Again, InvitationId};
use maincourante_shell::{Answer, At, Posted, go, not_found};
use rust_i18n::t;
use serde::Deserialize;

use super::team;
use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize)]
pub(crate) struct Fields {
    /// How many letters had gone when the page was drawn; a form without it sends none.
    #[serde(default)]
    after: i64,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<InvitationId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match invitations::send_again(&app.mandates, &referent, id, fields.after).await? {
        Again::Done | Again::Already => go(routes::TEAM),
        Again::Unknown => not_found(),
        Again::TooMany { wait } => {
            team::not_done(&app, &referent, shell, t!("invite.too_many", wait = maincourante_shell::wait(wait)).into_owned()).await
        }
    }
}
