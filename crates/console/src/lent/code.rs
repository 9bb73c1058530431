//! `/signer/code`: sends the person their code, or the same one again.

use axum::extract::State;
use maincourante_identity::{CodeSend, Purpose};
use maincourante_mandates::{secret_screen, signature as signing};
use maincourante_shell::{Answer, Nothing, Posted, go};

use super::{Turn, phone, signature, too_many, turn};
use crate::who::Borrowed;
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    let (sent, next) = match hand_over.purpose() {
        Purpose::Sign => (signing::send_code(&app.mandates, &hand_over).await?, routes::LENT_SIGNATURE),
        Purpose::ChooseSecret => (secret_screen::send_code(&app.mandates, &hand_over).await?, routes::LENT_PHONE),
        Purpose::FindAccount => return go(routes::LENT),
    };
    match sent {
        Some(CodeSend::Sent) => go(next),
        // The code that was sent before still serves: the page where it is typed says how long to wait for another.
        Some(CodeSend::TooMany { wait }) => match turn(&app, &hand_over).await? {
            Turn::ToSign(to_sign) => signature::again(shell, &to_sign, too_many(wait), signature::Fields::default()),
            Turn::Code { name, phone_end } => phone::again(shell, &name, phone_end, too_many(wait)),
            _ => go(routes::LENT),
        },
        None => go(routes::LENT),
    }
}
