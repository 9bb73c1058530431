//! `/signer/adresse/renvoi`: "I did not receive the message". The same words whether there was one or not.

use axum::extract::State;
use maincourante_identity::find_account::Ask;
use maincourante_mandates::find_account;
use maincourante_shell::{Answer, Nothing, Posted, go};

use super::{account_code, too_many};
use crate::who::Borrowed;
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    match find_account::ask_again(&app.mandates, &hand_over).await? {
        Some(Ask::Asked) => go(routes::LENT_ACCOUNT_CODE),
        Some(Ask::TooMany { wait }) => account_code::again(shell, too_many(wait)),
        Some(Ask::Empty) | None => go(routes::LENT),
    }
}
