//! `/signer`: leads to the page of the moment. One comes back here after each act.

use axum::extract::State;
use maincourante_shell::{Answer, OnLentScreen, go};

use super::{Turn, turn};
use crate::{App, routes};

pub(crate) async fn show(State(app): State<App>, OnLentScreen { hand_over, .. }: OnLentScreen) -> Answer {
    go(match turn(&app, &hand_over).await? {
        Turn::ToSign(_) => routes::LENT_READING,
        Turn::Code { .. } => routes::LENT_HELLO,
        Turn::Sheet { .. } => routes::LENT_SHEET_CODE,
        Turn::Secret { .. } => routes::LENT_SECRET,
        Turn::Signed | Turn::Refused | Turn::Chosen { .. } | Turn::Closed => routes::LENT_END,
    })
}
