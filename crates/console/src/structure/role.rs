//! `/structure/aidants/{id}/role`: the référent makes someone of the team référent too, or a plain aidant.

use axum::extract::State;
use maincourante_identity::StaffId;
use maincourante_mandates::{MemberRole, team as context};
use maincourante_shell::{Answer, At, Posted, not_found};
use serde::Deserialize;

use super::team;
use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    role: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<StaffId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let role = if fields.role == MemberRole::Referent.as_str() { MemberRole::Referent } else { MemberRole::Aidant };
    let change = context::set_role(&app.mandates, &referent, id, role).await?;
    team::changed(&app, &referent, shell, change, routes::TEAM).await
}
