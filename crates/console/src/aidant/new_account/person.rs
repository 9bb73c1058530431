//! `/aidant/nouveau-compte/personne`: who the person is. Nothing is written of anyone before this page is filled in;
//! later, the same page corrects it.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::phone::PhoneNumber;
use maincourante_mandates::prepare::{self, InHand, Save};
use maincourante_mandates::{Account, MandateId, PersonFields};
use maincourante_shell::{Answer, At, Errors, Once, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Rail, Step, known};
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/new_account/person.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    draft: Option<MandateId>,
    action: String,
    typed: PersonFields,
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    #[serde(flatten)]
    person: PersonFields,
    once: Option<Once>,
}

impl Page {
    fn new(shell: Shell, errors: Errors, draft: Option<MandateId>, typed: PersonFields) -> Self {
        let action = draft.map_or_else(|| routes::NEW.to_owned(), |id| routes::of(routes::DRAFT_PERSON, id));
        Self { shell, errors, rail: Rail::new(Account::ToOpen, Step::Person), draft, action, typed }
    }
}

pub(crate) async fn begin(Working { aidant: _, shell }: Working) -> Answer {
    let before = shell.typed_before().unwrap_or_default();
    page(&Page::new(shell, Errors::none(), None, before))
}

pub(crate) async fn submit_new(State(app): State<App>, Working { aidant, shell }: Working, Posted(fields): Posted<Fields>) -> Answer {
    let Fields { person, once } = fields;
    // The mark of the form is the identity of what it begins: a double click begins one mandate.
    let begun = match once {
        Some(once) => prepare::begin_as(&app.mandates, &aidant, once.uuid().into(), &person).await?,
        None => prepare::begin(&app.mandates, &aidant, &person).await?,
    };
    match begun {
        Ok(id) => go(routes::of(routes::DRAFT_ADDRESS, id)),
        Err(problems) => refused(&Page::new(shell, super::errors(&problems), None, person)),
    }
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if !super::is_open(&in_hand) {
        return super::resume(&in_hand);
    }
    if in_hand.account == Account::Open {
        return page(&known::Page::of(shell, &in_hand, Errors::none(), known::written(&in_hand)));
    }
    let typed = shell.typed_before().unwrap_or_else(|| written(&in_hand));
    page(&Page::new(shell, Errors::none(), Some(id), typed))
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    // A page left open: what was signed since is not changed, nor asked again.
    if !super::is_open(&in_hand) {
        return super::resume(&in_hand);
    }
    if in_hand.account == Account::Open {
        return known::submit(&app, (&aidant, shell), &in_hand, fields.person).await;
    }
    match prepare::save_person(&app.mandates, &aidant, id, &fields.person).await? {
        Save::Saved => go(routes::of(routes::DRAFT_ADDRESS, id)),
        Save::Wrong(problems) => refused(&Page::new(shell, super::errors(&problems), Some(id), fields.person)),
        Save::Gone => go(routes::of(routes::DRAFT, id)),
    }
}

/// What was written before, as one types it.
fn written(in_hand: &InHand) -> PersonFields {
    let Some(person) = in_hand.draft.person.clone() else { return PersonFields::default() };
    PersonFields {
        given_names: person.given_names,
        family_name: person.family_name,
        birth_date: Date::parse(&person.birth_date).map(words::typed).unwrap_or_default(),
        birthplace: person.birthplace.unwrap_or_default(),
        no_phone: if person.phone.is_none() { "yes".to_owned() } else { String::new() },
        phone: person.phone.and_then(|phone| phone.parse().ok()).map(|phone: PhoneNumber| phone.spoken()).unwrap_or_default(),
        identity_check: person.identity_check.as_str().to_owned(),
        // Asked again each time it is corrected: whoever corrects answers for it.
        protection: String::new(),
    }
}
