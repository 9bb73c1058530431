//! `/aidant/personnes/{id}/copie/ordre`: a page goes before the one above it, goes away, or comes back.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::prints::{self, Change};
use maincourante_shell::{Answer, At, Broken, Posted, go};
use serde::Deserialize;
use uuid::Uuid;

use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    page: Uuid,
    /// The page above it, when it is to go before.
    before: Option<Uuid>,
    /// `monter`, `retirer` or `remettre`.
    how: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, .. }: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let print = routes::of(routes::PRINT, id);
    let change = match (fields.how.as_str(), fields.before) {
        ("monter", Some(above)) => Change::Before(above),
        ("monter", None) => return Err(Broken::UnreadableForm),
        ("remettre", _) => Change::PutBack,
        _ => Change::Remove,
    };
    if !prints::change(&app.mandates, &aidant, id, fields.page, change).await? {
        return super::close::after(&app, &aidant, id).await;
    }
    go(if change == Change::Remove { format!("{print}?retiree={}", fields.page) } else { print })
}
