//! `/aidant/structure`: someone who works for several structures chooses the one they act for.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::acting::{self, Place, Switch};
use maincourante_mandates::{MemberRole, StructureId};
use maincourante_shell::{Answer, Posted, Shell, go, not_found, page};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::AtDesk;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/places.html")]
struct Page {
    shell: Shell,
    places: Vec<Place>,
    current: Option<StructureId>,
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    structure: StructureId,
}

pub(crate) async fn show(AtDesk { places, current, shell, .. }: AtDesk) -> Answer {
    page(&Page { shell, places, current })
}

pub(crate) async fn submit(State(app): State<App>, AtDesk { who, .. }: AtDesk, Posted(fields): Posted<Fields>) -> Answer {
    match acting::switch(&app.mandates, &who, fields.structure).await? {
        Switch::Done | Switch::Already => go(routes::HOME),
        Switch::Unknown => not_found(),
    }
}
