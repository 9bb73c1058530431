//! `/aidant/nouveau-compte/{id}/mandat`: what the person allows, and for how long. Continuing renders the document
//! that they will read and sign.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::calendar::Date;
use maincourante_mandates::prepare::{self, InHand, Presentation, Save, Step};
use maincourante_mandates::{Duration, MandateId, Power, SignedInAidant, TermsFields};
use maincourante_shell::{Answer, At, Errors, Icon, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::Rail;
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/new_account/terms.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    draft: MandateId,
    name: String,
    powers: Vec<Offer>,
    durations: Vec<Length>,
    until: String,
}

/// A power that the structure may propose.
struct Offer {
    power: Power,
    is_ticked: bool,
}

/// A duration, and the day it leads to.
struct Length {
    word: &'static str,
    hint: String,
    is_chosen: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    powers: Vec<String>,
    duration: String,
    until: String,
    later: String,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if !super::is_open(&in_hand) {
        return super::resume(&in_hand);
    }
    let typed = shell.typed_before().unwrap_or_else(|| written(&in_hand, &aidant));
    page(&Page::new(&app, (&aidant, shell), &in_hand, Errors::none(), &typed))
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Fields { powers, duration, until, later } = fields;
    let typed = TermsFields { powers, duration, until };
    match prepare::load(&app.mandates, &aidant, id).await? {
        // A page left open: what was signed since is not changed, nor asked again.
        Some(in_hand) if !super::is_open(&in_hand) => return super::resume(&in_hand),
        Some(_) => {}
        None => return not_found(),
    }
    let errors = match prepare::save_terms(&app.mandates, &aidant, id, &typed).await? {
        Save::Saved if !later.is_empty() => return go(routes::HOME),
        Save::Saved => match prepare::present(&app.mandates, &aidant, id).await? {
            Presentation::Presented => return go(routes::of(routes::DRAFT_READING, id)),
            Presentation::Incomplete(Step::Person) => return go(routes::of(routes::DRAFT_PERSON, id)),
            Presentation::Incomplete(Step::Address) | Presentation::AddressTaken => return go(routes::of(routes::DRAFT_ADDRESS, id)),
            Presentation::Incomplete(Step::Terms) => Errors::one("until", t!("problem.until.day_out_of_range")),
            Presentation::Gone => return go(routes::of(routes::DRAFT, id)),
        },
        Save::Wrong(problems) => super::errors(&problems),
        Save::Gone => return go(routes::of(routes::DRAFT, id)),
    };
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    refused(&Page::new(&app, (&aidant, shell), &in_hand, errors, &typed))
}

impl Page {
    fn new(app: &App, (aidant, shell): (&SignedInAidant, Shell), in_hand: &InHand, errors: Errors, typed: &TermsFields) -> Self {
        let offer = |&power: &Power| Offer { power, is_ticked: typed.powers.iter().any(|name| name == power.as_str()) };
        Self {
            shell,
            errors,
            rail: Rail::of(in_hand, super::Step::Terms),
            draft: in_hand.id,
            name: super::name(in_hand),
            powers: in_hand.account.offered(&aidant.structure().offered).iter().map(offer).collect(),
            durations: lengths(Date::at(app.now()), &typed.duration),
            until: typed.until.clone(),
        }
    }
}

/// What was chosen before; at first, everything the structure may propose, for six months.
fn written(in_hand: &InHand, aidant: &SignedInAidant) -> TermsFields {
    let names = |powers: &[Power]| powers.iter().map(|power| power.as_str().to_owned()).collect();
    let Some(terms) = prepare::terms(in_hand) else {
        return TermsFields {
            powers: names(&in_hand.account.offered(&aidant.structure().offered)),
            duration: Duration::SixMonths.as_str().to_owned(),
            until: String::new(),
        };
    };
    let until = match &terms.duration {
        Duration::Until(day) => Date::parse(day).map(words::typed).unwrap_or_default(),
        Duration::Day | Duration::Month | Duration::SixMonths | Duration::Year => String::new(),
    };
    TermsFields { powers: names(&terms.powers), duration: terms.duration.as_str().to_owned(), until }
}

fn lengths(today: Date, chosen: &str) -> Vec<Length> {
    let choices = [Duration::Day, Duration::Month, Duration::SixMonths, Duration::Year, Duration::Until(String::new())];
    choices
        .into_iter()
        .map(|duration| {
            let hint = match (&duration, duration.last_day(today)) {
                (Duration::Day, _) => t!("terms.until_tonight"),
                (_, Some(last)) => t!("terms.until_day", date = words::long(last)),
                (_, None) => t!("terms.another_hint"),
            };
            let word = duration.as_str();
            Length { word, hint: hint.into_owned(), is_chosen: chosen == word }
        })
        .collect()
}
