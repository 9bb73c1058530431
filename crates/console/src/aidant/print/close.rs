//! `/aidant/personnes/{id}/copie/terminee`: every page is there; a code typed in this very form says so.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_kernel::Secret;
use maincourante_mandates::prints::{self, Whole};
use maincourante_mandates::{SignedInAidant, people};
use maincourante_shell::{Answer, At, Broken, Errors, Posted, go, not_found};
use rust_i18n::t;
use serde::Deserialize;

use super::look;
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    let errors = match prints::close(&app.mandates, &working.aidant, id, &fields.code).await? {
        Whole::Confirmed | Whole::Closed => return after(&app, &working.aidant, id).await,
        Whole::NoPage => Errors::one("page", t!("print.empty")),
        Whole::Wrong => words::wrong_code(&fields.code),
        Whole::TooMany { wait } => return Err(Broken::TooMany { wait }),
    };
    look::again(&app, working, id, errors).await
}

/// The record says where the mandate stands.
pub(super) async fn after(app: &App, aidant: &SignedInAidant, id: UsagerId) -> Answer {
    if people::name(&app.mandates, aidant, id).await?.is_none() {
        return not_found();
    }
    go(routes::of(routes::RECORD, id))
}
