//! `/mot-de-passe-oublie/code/renvoyer`: "I did not receive the message". The same code leaves once more.

use axum::extract::State;
use maincourante_identity::reset::{self, Again};
use maincourante_shell::{Answer, Nothing, Posted, Shell, go, refused};

use super::{code, standing};
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    let (_, token) = standing(&app, &shell).await?;
    match reset::send_again(&app.identity, &token).await? {
        Again::Sent => go(format!("{}?renvoye=oui", routes::FORGOTTEN_CODE)),
        Again::TooMany { wait } => refused(&code::Page::held(shell, maincourante_shell::wait(wait))),
        Again::Over => go(routes::FORGOTTEN_CODE),
    }
}
