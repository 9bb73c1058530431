//! `/aidant/nouveau-compte/{id}/lecture`: the document is read aloud, then the screen is lent so that the person signs.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::prepare::{self, InHand, Lending};
use maincourante_mandates::{MandateId, SignedInAidant, State as Stage};
use maincourante_shell::{Answer, At, Icon, Nothing, Posted, Shell, With, go, not_found, page};
use rust_i18n::t;

use super::{Rail, Step};
use crate::sentences::{Address, Sentences};
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/new_account/reading.html")]
struct Page {
    shell: Shell,
    rail: Rail,
    draft: MandateId,
    name: String,
    sentences: Sentences,
    /// The person has a phone with them.
    has_phone: bool,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    match sentences(&in_hand, &aidant) {
        Some(sentences) => {
            let has_phone = in_hand.draft.person.as_ref().is_some_and(|person| person.phone.is_some());
            page(&Page { shell, rail: Rail::of(&in_hand, Step::Signature), draft: id, name: super::name(&in_hand), sentences, has_phone })
        }
        None => super::resume(&in_hand),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    match prepare::lend_to_sign(&app.mandates, &aidant, id).await? {
        Lending::Lent(lent) => go(routes::LENT).with(shell.lent_cookie(&lent)),
        Lending::NotReady => go(routes::of(routes::DRAFT, id)),
        Lending::Gone => not_found(),
    }
}

/// What a presented mandate says; none when it is not presented, or not any more.
fn sentences(in_hand: &InHand, aidant: &SignedInAidant) -> Option<Sentences> {
    if in_hand.state != Stage::Presented {
        return None;
    }
    let granted = &prepare::terms(in_hand)?.powers;
    let offered = in_hand.account.offered(&aidant.structure().offered);
    let powers = offered.into_iter().map(|power| (power, granted.contains(&power)));
    let address = Address { text: in_hand.draft.address.clone()?, account: in_hand.account, follows: in_hand.draft.follows.clone() };
    Some(Sentences::new(aidant.structure(), address, powers, words::last_day(in_hand.ends_at?)))
}
