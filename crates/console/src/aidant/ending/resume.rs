//! `/aidant/personnes/{id}/reprise`: the dispute is over: the mandate goes on.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::dispute::Turn;
use maincourante_shell::{Answer, At, Posted};

use super::page::{Fields, show_turn, submit_turn};
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_turn(&app, working, id, Turn::Resume).await
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_turn(&app, working, id, Turn::Resume, fields).await
}
