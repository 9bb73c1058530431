//! `/aide/qui-m-a-aide`: every act of a helper in a sentence, the mandates and what they allow, and how to stop them.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mandates::alerts::report;
use maincourante_mandates::{MandateId, Power, mine, review};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use super::lines::{Day, by_day};
use super::mandates::{Told, words};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/help/who_helped.html")]
struct Page {
    shell: Shell,
    days: Vec<Day>,
    /// What the next page goes on from.
    older: Option<Uuid>,
    /// This is not the first page.
    later: bool,
    mandates: Vec<Told>,
    asked_to_stop: Option<MandateId>,
    /// Which power the person just took back, and from which mandate.
    asked_to_revoke: Option<(MandateId, Power)>,
    /// What the person did alone: sign-ins, and the text messages they received.
    alone: Vec<Day>,
}

/// Nonsense in these is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    avant: String,
    arret: String,
    retire: String,
    de: String,
}

impl Page {
    /// The mandate that was just stopped: the state says so, not the address.
    fn just_stopped(&self) -> Option<&Told> {
        self.mandates.iter().find(|mandate| Some(mandate.id) == self.asked_to_stop && mandate.stopped)
    }

    fn something_can_be_stopped(&self) -> bool {
        self.mandates.iter().any(|mandate| mandate.can_be_stopped)
    }

    /// The mandate from which a power was just taken back, and what its helpers can do no more.
    fn just_revoked(&self) -> Option<(&Told, String)> {
        let (id, power) = self.asked_to_revoke?;
        let words = words(power);
        let mandate = self.mandates.iter().find(|mandate| mandate.id == id && mandate.revoked.iter().any(|(taken, _)| *taken == words))?;
        Some((mandate, t!(format!("help.revoke.undone.{}", power.as_str())).into_owned()))
    }
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let after = asked.avant.parse().ok();
    let helped = review::for_person(&app.mandates, &own, after).await?;
    let mandates = mine::mandates(&app.mandates, &own).await?;
    let alone = review::alone(&app.mandates, &own).await?;
    let reported = report::lines(&app.mandates, &own).await?;
    page(&Page {
        shell,
        days: by_day(&helped.records, &reported, now),
        older: helped.next,
        later: after.is_some(),
        mandates: mandates.into_iter().map(Told::from).collect(),
        asked_to_stop: asked.arret.parse().ok(),
        asked_to_revoke: asked.de.parse().ok().zip(asked.retire.parse().ok()),
        alone: by_day(&alone.records, &[], now),
    })
}
