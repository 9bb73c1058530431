//! `/aidant/nouveau-compte/{id}`: leads to the step where this mandate stands; or says that it is over.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::prepare::{self, InHand};
use maincourante_mandates::{Account, MandateId, State as Stage};
use maincourante_shell::{Answer, At, Shell, go, not_found, page};
use rust_i18n::t;

use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/resume.html")]
struct Page {
    shell: Shell,
    title: String,
    sentence: String,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    let step = match in_hand.state {
        Stage::Draft => missing(&in_hand),
        Stage::Presented => routes::DRAFT_READING,
        Stage::Signed => routes::DRAFT_COUNTERSIGN,
        Stage::Refused | Stage::Abandoned => return page(&over(shell, in_hand.state)),
        Stage::Active => match prepare::opened(&app.mandates, &in_hand).await? {
            Some(person) if person.secret_chosen_at.is_none() && in_hand.account == Account::ToOpen => routes::DRAFT_SECRET,
            Some(_) => routes::DRAFT_DONE,
            None => return not_found(),
        },
        _ => return in_hand.usager.map_or_else(not_found, |usager| go(routes::of(routes::RECORD, usager))),
    };
    go(routes::of(step, id))
}

/// The first step that was not done; the last one before the document when all were.
fn missing(in_hand: &InHand) -> &'static str {
    let draft = &in_hand.draft;
    match (&draft.whom, &draft.address) {
        (None, _) => routes::DRAFT_FIND,
        (Some(_), None) => routes::DRAFT_ADDRESS,
        (Some(_), Some(_)) if draft.unchecked => routes::DRAFT_PERSON,
        (Some(_), Some(_)) => routes::DRAFT_TERMS,
    }
}

fn over(shell: Shell, state: Stage) -> Page {
    let how = if state == Stage::Refused { "refused" } else { "abandoned" };
    Page { shell, title: t!(format!("over.{how}.title")).into_owned(), sentence: t!(format!("over.{how}.sentence")).into_owned() }
}
