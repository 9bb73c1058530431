//! `/aidant/personnes/{id}/copie/ordre`: a page goes before the one above it, goes away, or comes back.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::prints::{self, Change};
use maincourante_shell::{Answer, At, Posted, go};
use serde::Deserialize;
use uuid::Uuid;

use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    page: Uuid,
    /// `monter`, `retirer` or `remettre`.
    how: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, .. }: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let change = match fields.how.as_str() {
        "monter" => Change::Earlier,
        "remettre" => Change::PutBack,
        _ => Change::Remove,
    };
    let print = routes::of(routes::PRINT, id);
    if !prints::change(&app.mandates, &aidant, id, fields.page, change).await? {
        return super::close::after(&app, &aidant, id).await;
    }
    go(if change == Change::Remove { format!("{print}?retiree={}", fields.page) } else { print })
}
