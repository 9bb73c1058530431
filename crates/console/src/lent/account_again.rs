//! `/signer/adresse/renvoi`: "I did not receive the message". The same words whether there was one or not.

use axum::extract::State;
use maincourante_identity::find_account::Ask;
use maincourante_mandates::find_account;
use maincourante_shell::{Answer, Nothing, Posted, go};

use super::{SENT_AGAIN, Sms, account_code};
use crate::who::Borrowed;
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    match find_account::ask_again(&app.mandates, &hand_over).await? {
        Some(Ask::Asked) => go(format!("{}{SENT_AGAIN}", routes::LENT_ACCOUNT_CODE)),
        Some(Ask::TooMany { wait }) => account_code::held(shell, Sms::held(wait)),
        Some(Ask::Empty) | None => go(routes::LENT),
    }
}
