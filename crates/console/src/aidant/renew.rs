//! `/aidant/personnes/{id}/renouveler`: a new mandate for someone whom the structure helps, or helped. They read and sign anew.

use askama::Template;
use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::renewal::{self, Begin, Case, NotNow};
use maincourante_mandates::{KnownFields, MandateId};
use maincourante_shell::{Answer, At, Errors, Once, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::new_account::errors;
use super::new_account::known::{Known, Page};
use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/renew.html")]
struct NotPossible {
    shell: Shell,
    usager: String,
    name: String,
    sentence: String,
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    #[serde(flatten)]
    known: KnownFields,
    once: Option<Once>,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<UsagerId>) -> Answer {
    let Some(case) = renewal::case(&app.mandates, &aidant, id).await? else { return not_found() };
    match (case.in_hand, case.not_now) {
        (Some(mandate), _) => go(routes::of(routes::DRAFT, mandate)),
        (None, Some(why)) => page(&not_possible(shell, &case, why)),
        (None, None) => page(&Page::new(shell, known(&case), Errors::none(), KnownFields::default())),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Fields { known: typed, once } = fields;
    // The mark of the form is the identity of what it begins: a double click begins one mandate.
    let mandate = once.map_or_else(|| MandateId::new(&app.mandates.identity.kernel.chance, app.now()), |once| once.uuid().into());
    let begun = renewal::begin_as(&app.mandates, &aidant, id, mandate, &typed).await?;
    let Some(case) = renewal::case(&app.mandates, &aidant, id).await? else { return not_found() };
    match begun {
        Begin::Begun(mandate) => go(routes::of(routes::DRAFT_TERMS, mandate)),
        Begin::Wrong(problems) => refused(&Page::new(shell, known(&case), errors(&problems), typed)),
        Begin::NotNow(why) => refused(&not_possible(shell, &case, why)),
        Begin::Unknown => go(routes::of(routes::RECORD, id)),
    }
}

fn known(case: &Case) -> Known {
    let name = case.person.name();
    Known {
        address: case.person.address.clone(),
        has_phone: case.has_phone,
        action: routes::of(routes::RENEW, case.person.id),
        back: (routes::of(routes::RECORD, case.person.id), t!("access.back", name = name).into_owned()),
        name,
    }
}

fn not_possible(shell: Shell, case: &Case, why: NotNow) -> NotPossible {
    let sentence = match why {
        NotNow::Disputed => t!("known.disputed"),
        NotNow::Ended => t!("known.ended"),
        NotNow::Disabled => t!("known.disabled"),
        NotNow::NothingToPropose => t!("known.nothing"),
    };
    NotPossible { shell, usager: case.person.id.to_string(), name: case.person.name(), sentence: sentence.into_owned() }
}
