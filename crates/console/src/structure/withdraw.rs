//! `/structure/journal/relecture/{id}/annuler`: who signed takes the signature back.

use axum::extract::State;
use maincourante_mandates::review::sign::{Withdrawal, withdraw};
use maincourante_shell::{Answer, At, Nothing, Posted, go, not_found};
use rust_i18n::t;
use uuid::Uuid;

use super::journal::{Again, again};
use crate::who::Working;
use crate::{App, routes};

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<Uuid>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let told = |told: String| Again { told: Some(told), ..Again::default() };
    match withdraw(&app.mandates, &referent, id).await? {
        Withdrawal::Withdrawn => go(format!("{}?annule={id}", routes::LOG)),
        Withdrawal::SignedFurther => again(&app, &referent, shell, told(t!("review.signed_further").into_owned())).await,
        Withdrawal::NotTheirs => again(&app, &referent, shell, told(t!("review.not_yours").into_owned())).await,
        Withdrawal::Unknown => not_found(),
    }
}
