//! `/structure/aidants/{id}/place`: the référent takes someone out of the team, or puts them back.

use axum::extract::State;
use maincourante_identity::StaffId;
use maincourante_mandates::team as context;
use maincourante_shell::{Answer, At, Posted, not_found};
use serde::Deserialize;

use super::team;
use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    place: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<StaffId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let (change, done) = match fields.place.as_str() {
        "in" => (context::put_back(&app.mandates, &referent, id).await?, routes::TEAM.to_owned()),
        "out" => (context::remove(&app.mandates, &referent, id).await?, routes::taken_out(id)),
        _ => return not_found(),
    };
    team::changed(&app, &referent, shell, change, &done).await
}
