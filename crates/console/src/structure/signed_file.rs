//! `/structure/journal/fichier`: the signed file of the journal, that anyone verifies with the public key of the service.

use axum::extract::State;
use maincourante_kernel::calendar::Date;
use maincourante_mandates::review::export::{Asked, signed};
use maincourante_shell::{Answer, Posted, not_found};
use rust_i18n::t;

use super::filter::{self, Filter};
use super::journal::{Again, again};
use crate::who::Working;
use crate::{App, download};

pub(crate) async fn submit(State(app): State<App>, Working { aidant, shell }: Working, Posted(asked): Posted<filter::Asked>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let filter = Filter::read(&app, &referent, &asked).await?;
    match signed(&app.mandates, &referent, &app.notary, &filter.wanted).await? {
        Asked::Ready(file) => {
            let name = format!("journal-{}.jsonl", Date::at(app.now()).iso());
            download::file(&name, "application/jsonl", |mut out| async move { file.write(&mut out).await })
        }
        Asked::CannotSign => {
            let told = Some(t!("export.cannot_sign").into_owned());
            again(&app, &referent, shell, Again { told, ..Again::default() }).await
        }
    }
}
