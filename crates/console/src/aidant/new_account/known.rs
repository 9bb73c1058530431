//! The first step for who has an account: who they are is known; how the aidant knows it is asked again.

use askama::Template;
use maincourante_mandates::prepare::{self, InHand, Save};
use maincourante_mandates::{Account, KnownFields, MandateId, PersonFields, SignedInAidant};
use maincourante_shell::{Answer, Errors, Shell, go, refused};
use rust_i18n::t;

use super::{Rail, Step};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/known.html")]
pub(crate) struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    /// None before anything is written.
    draft: Option<MandateId>,
    action: String,
    back: (String, String),
    name: String,
    address: String,
    has_phone: bool,
    typed: KnownFields,
}

/// Whom the page is about, and where one came from.
pub(crate) struct Known {
    pub name: String,
    pub address: String,
    pub has_phone: bool,
    /// The page that it posts to, and the one before.
    pub action: String,
    pub back: (String, String),
}

impl Page {
    /// Before anything is written.
    pub(crate) fn new(shell: Shell, known: Known, errors: Errors, typed: KnownFields) -> Self {
        let Known { name, address, has_phone, action, back } = known;
        Self { shell, errors, rail: Rail::new(Account::Open, Step::Person), draft: None, action, back, name, address, has_phone, typed }
    }

    /// Of a mandate in hand.
    pub(crate) fn of(shell: Shell, in_hand: &InHand, errors: Errors, typed: KnownFields) -> Self {
        let known = Known {
            name: super::name(in_hand),
            address: in_hand.draft.address.clone().unwrap_or_default(),
            has_phone: in_hand.draft.person.as_ref().is_some_and(|person| person.phone.is_some()),
            action: routes::of(routes::DRAFT_PERSON, in_hand.id),
            back: (routes::HOME.to_owned(), t!("back.people").into_owned()),
        };
        Self { draft: Some(in_hand.id), ..Self::new(shell, known, errors, typed) }
    }
}

/// What was answered before; the protection is asked again each time: whoever answers answers for it.
pub(crate) fn written(in_hand: &InHand) -> KnownFields {
    let check = in_hand.draft.person.as_ref().filter(|_| !in_hand.draft.unchecked).map(|person| person.identity_check.as_str().to_owned());
    KnownFields { identity_check: check.unwrap_or_default(), protection: String::new() }
}

/// What was answered; of who they are nothing is read.
pub(crate) async fn submit(app: &App, (aidant, shell): (&SignedInAidant, Shell), in_hand: &InHand, typed: PersonFields) -> Answer {
    let typed = KnownFields { identity_check: typed.identity_check, protection: typed.protection };
    match prepare::save_known(&app.mandates, aidant, in_hand.id, &typed).await? {
        Save::Saved => go(routes::of(routes::DRAFT_TERMS, in_hand.id)),
        Save::Wrong(problems) => refused(&Page::of(shell, in_hand, super::errors(&problems), typed)),
        Save::Gone => super::resume(in_hand),
    }
}
