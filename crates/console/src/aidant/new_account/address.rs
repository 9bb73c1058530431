//! `/aidant/nouveau-compte/{id}/adresse`: the person chooses their address, among those made from their name or another.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::prepare::{self, InHand, Save};
use maincourante_mandates::{Account, MandateId, Problems};
use maincourante_shell::{Answer, At, Errors, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Rail, Step};
use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/new_account/address.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    rail: Rail,
    draft: MandateId,
    name: String,
    domain: String,
    proposals: Vec<String>,
    typed: Fields,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    /// One of those proposed, or [`OTHER`].
    address: String,
    other: String,
    later: String,
}

/// The answer that is none of those proposed.
const OTHER: &str = "other";

impl Fields {
    /// The address, and the field it was given in.
    fn read(&self) -> Result<(&'static str, &str), Errors> {
        match (self.address.as_str(), self.other.trim()) {
            ("" | OTHER, "") => Ok(("address", "")),
            ("" | OTHER, other) => Ok(("other", other)),
            (address, "") => Ok(("address", address)),
            (_, _) => Err(Errors::one("other", t!("address.both"))),
        }
    }
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if !super::is_open(&in_hand) || in_hand.account == Account::Open {
        return super::resume(&in_hand);
    }
    let proposals = prepare::proposals(&app.mandates, &in_hand).await?;
    let typed = shell.typed_before().unwrap_or_else(|| written(&in_hand, &proposals));
    page(&Page::new(&app, shell, &in_hand, proposals, typed))
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<MandateId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    match prepare::load(&app.mandates, &aidant, id).await? {
        Some(in_hand) if !super::is_open(&in_hand) || in_hand.account == Account::Open => return super::resume(&in_hand),
        Some(_) => {}
        None => return not_found(),
    }
    let errors = match fields.read() {
        Ok((_, "")) if !fields.later.is_empty() => return go(routes::HOME),
        Ok((field, address)) => match prepare::save_address(&app.mandates, &aidant, id, address).await? {
            Save::Saved if fields.later.is_empty() => return go(routes::of(routes::DRAFT_TERMS, id)),
            Save::Saved => return go(routes::HOME),
            Save::Wrong(problems) => wrong(field, &problems),
            Save::Gone => return go(routes::of(routes::DRAFT, id)),
        },
        Err(errors) => errors,
    };
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    let proposals = prepare::proposals(&app.mandates, &in_hand).await?;
    refused(&Page { errors, ..Page::new(&app, shell, &in_hand, proposals, fields) })
}

impl Page {
    fn new(app: &App, shell: Shell, in_hand: &InHand, proposals: Vec<String>, typed: Fields) -> Self {
        let domain = app.mandates.identity.service.domain.clone();
        Self {
            shell,
            errors: Errors::none(),
            rail: Rail::of(in_hand, Step::Address),
            draft: in_hand.id,
            name: super::name(in_hand),
            domain,
            proposals,
            typed,
        }
    }
}

/// What was chosen before.
fn written(in_hand: &InHand, proposals: &[String]) -> Fields {
    match &in_hand.draft.address {
        Some(address) if proposals.contains(address) => Fields { address: address.clone(), ..Fields::default() },
        Some(address) => {
            Fields { address: OTHER.to_owned(), other: address.split('@').next().unwrap_or_default().to_owned(), ..Fields::default() }
        }
        None => Fields::default(),
    }
}

fn wrong(field: &'static str, problems: &Problems) -> Errors {
    let mut errors = Errors::none();
    for (_, problem) in problems {
        errors.add(field, t!(format!("problem.address.{}", problem.as_str())));
    }
    errors
}
