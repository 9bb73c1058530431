//! `/aidant/deconnexion`: someone who works for a structure signs out.

use axum::extract::State;
use maincourante_mandates::acting::{Acting, Idle, acting};
use maincourante_mandates::aidants;
use maincourante_shell::{Answer, AtWork, CookieName, Nothing, Posted, With, go};

use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, AtWork { who, shell }: AtWork, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    match acting(&app.mandates, who).await? {
        Acting::For(aidant) => aidants::sign_out(&app.mandates, &aidant).await?,
        Acting::NoStructure(Idle { staff, .. }) | Acting::CharterFirst(staff) => aidants::leave(&app.mandates.identity, &staff).await?,
    }
    go(routes::SIGN_IN).with(shell.forget(CookieName::Staff))
}
