//! `/structure/aidants/{id}/place`: the référent takes someone out of the team, or puts them back.

use axum::extract::State;
use maincourante_identity::StaffId;
use maincourante_mandates::team as context;
use maincourante_shell::{Answer, At, Posted, not_found};
use serde::Deserialize;

use super::team;
use crate::App;
use crate::who::Working;

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
    let change = match fields.place.as_str() {
        "in" => context::put_back(&app.mandates, &referent, id).await?,
        "out" => context::remove(&app.mandates, &referent, id).await?,
        _ => return not_found(),
    };
    team::changed(&app, &referent, shell, change).await
}
