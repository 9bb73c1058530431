//! `/aidant/nouveau-compte/{id}/papier`: the person signs a print by hand; the aidant says that they saw it.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::prepare;
use maincourante_mandates::signature::{Declared, declare_print};
use maincourante_mandates::{MandateId, State as Stage};
use maincourante_shell::{Answer, At, Errors, Icon, Nothing, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;

use super::{Rail, Step};
use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/by_hand.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    draft: MandateId,
    name: String,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if in_hand.state != Stage::Presented {
        return super::resume(&in_hand);
    }
    page(&Page { shell, errors: Errors::none(), rail: Rail::of(&in_hand, Step::Signature), draft: id, name: super::name(&in_hand) })
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    match declare_print(&app.mandates, &aidant, id).await? {
        Declared::Signed => return go(routes::of(routes::DRAFT_COUNTERSIGN, id)),
        Declared::NotReady => return go(routes::of(routes::DRAFT, id)),
        Declared::Gone => return not_found(),
        Declared::NotPrinted => {}
    }
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    let errors = Errors::one("print", t!("by_hand.not_printed"));
    refused(&Page { shell, errors, rail: Rail::of(&in_hand, Step::Signature), draft: id, name: super::name(&in_hand) })
}
