//! `/aidant/nouveau-compte/adresse-connue`, and `/aidant/nouveau-compte/{id}/retrouver`: someone who has an account says which on the lent
//! screen. Whether it exists, the aidant does not learn.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::find_account::{Lending, lend};
use maincourante_mandates::{MandateId, SignedInAidant, prepare};
use maincourante_shell::{Answer, At, Icon, Nothing, Once, Posted, Shell, With, go, not_found, page};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/find.html")]
struct Page {
    shell: Shell,
    /// The screen was lent for it before, and nobody was found.
    draft: Option<MandateId>,
    action: String,
}

#[derive(Deserialize)]
pub(crate) struct Mark {
    once: Option<Once>,
}

pub(crate) async fn begin(Working { aidant: _, shell }: Working) -> Answer {
    page(&Page { shell, draft: None, action: routes::FIND.to_owned() })
}

pub(crate) async fn submit_new(State(app): State<App>, Working { aidant, shell }: Working, Posted(Mark { once }): Posted<Mark>) -> Answer {
    let id = once.map_or_else(|| MandateId::new(&app.mandates.identity.kernel.chance, app.now()), |once| once.uuid().into());
    lends(&app, (&aidant, shell), id).await
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if !in_hand.state.is_unfinished() || in_hand.draft.whom.is_some() {
        return super::resume(&in_hand);
    }
    page(&Page { shell, draft: Some(id), action: routes::of(routes::DRAFT_FIND, id) })
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    if prepare::load(&app.mandates, &aidant, id).await?.is_none() {
        return not_found();
    }
    lends(&app, (&aidant, shell), id).await
}

async fn lends(app: &App, (aidant, shell): (&SignedInAidant, Shell), id: MandateId) -> Answer {
    match lend(&app.mandates, aidant, id).await? {
        Lending::Lent(_, lent) => go(routes::LENT).with(shell.lent_cookie(&lent)),
        // From another tab, a moment ago.
        Lending::AlreadyLent => go(routes::LOCK),
        Lending::Gone => go(routes::of(routes::DRAFT, id)),
    }
}
