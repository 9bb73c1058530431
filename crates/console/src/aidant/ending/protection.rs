//! `/aidant/personnes/{id}/tutelle`: a référent writes that a judge gave the person a tutor.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::ending::End;
use maincourante_shell::{Answer, At, Posted};

use super::page::{Fields, show_end, submit_end};
use crate::App;
use crate::who::Working;

pub(crate) async fn show(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_end(&app, working, id, End::Protection).await
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_end(&app, working, id, End::Protection, fields).await
}
