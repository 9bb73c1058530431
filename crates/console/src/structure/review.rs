//! `/structure/journal/relecture`: a référent signs the lines they read again.

use axum::extract::State;
use maincourante_kernel::calendar;
use maincourante_mandates::review::sign::{Range, Signing, sign};
use maincourante_shell::{Answer, Errors, Once, Posted, go, not_found};
use rust_i18n::t;
use serde::Deserialize;

use super::journal::{Again, again};
use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    once: Option<Once>,
    first: String,
    last: String,
    pub remark: String,
}

pub(crate) async fn submit(State(app): State<App>, Working { aidant, shell }: Working, Posted(fields): Posted<Fields>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let told = |told: String| Again { told: Some(told), remark: fields.remark.clone(), ..Again::default() };
    let (Some(once), Ok(first), Ok(last)) = (fields.once, fields.first.parse(), fields.last.parse()) else {
        return again(&app, &referent, shell, told(t!("review.changed").into_owned())).await;
    };
    match sign(&app.mandates, &referent, once.uuid(), Range { first, last }, &fields.remark).await? {
        Signing::Signed(review) => go(format!("{}?relu={}", routes::LOG, review.id)),
        Signing::Meanwhile(other) => {
            let moment = calendar::moment(other.at, app.now());
            again(&app, &referent, shell, told(t!("review.meanwhile", name = other.name, moment = moment).into_owned())).await
        }
        Signing::Changed => again(&app, &referent, shell, told(t!("review.changed").into_owned())).await,
        Signing::TooLong(_) => {
            let errors = Errors::one("remark", t!("words.too_long"));
            again(&app, &referent, shell, Again { errors, remark: fields.remark.clone(), told: None }).await
        }
    }
}
