//! `/invitation/accepter`: someone who signs in already joins another team, and goes to their desk.

use axum::extract::State;
use maincourante_mandates::joining::{self, Accept};
use maincourante_shell::{Answer, CookieName, Nothing, Posted, With, go};

use super::token;
use crate::who::AtEntrance;
use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    AtEntrance { signed_in, shell }: AtEntrance,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    match joining::accept(&app.mandates, &token(&shell)).await? {
        Accept::Done => go(if signed_in { routes::HOME_JOINED } else { routes::SIGN_IN_JOINED }).with(shell.forget(CookieName::Invitation)),
        Accept::Shut => go(routes::INVITATION),
    }
}
