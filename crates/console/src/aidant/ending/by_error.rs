//! `/aidant/personnes/{id}/suppression`: an account that was opened by error is deleted, while nobody ever used it.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_shell::{Answer, At, Posted};

use super::page::{Fields, show_deletion, submit_deletion};
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_deletion(&app, working, id).await
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_deletion(&app, working, id, fields).await
}
