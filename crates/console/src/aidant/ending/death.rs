//! `/aidant/personnes/{id}/deces`: a référent writes that the person died. Nobody else's mandate ends, and the account stays.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::ending::End;
use maincourante_shell::{Answer, At, Posted};

use super::page::{Fields, show_end, submit_end};
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_end(&app, working, id, End::Death).await
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_end(&app, working, id, End::Death, fields).await
}
