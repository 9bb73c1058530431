//! `/signer`: leads to the page of the moment. One comes back here after each act.

use axum::extract::State;
use maincourante_shell::{Answer, go};

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, .. }: Borrowed) -> Answer {
    go(match turn(&app, &hand_over).await? {
        Turn::ToSign(_) => routes::LENT_READING,
        Turn::Code { .. } => routes::LENT_HELLO,
        Turn::Sheet { .. } => routes::LENT_SHEET_CODE,
        Turn::Secret { .. } => routes::LENT_SECRET,
        Turn::Which => routes::LENT_ACCOUNT,
        Turn::WhichCode => routes::LENT_ACCOUNT_CODE,
        Turn::Signed | Turn::Refused | Turn::Chosen { .. } | Turn::Found | Turn::Closed => routes::LENT_END,
    })
}
