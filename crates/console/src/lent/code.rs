//! `/signer/code`: sends the person their code, or the same one again, and leads to the page where it is typed.

use axum::extract::State;
use maincourante_identity::{CodeSend, Purpose};
use maincourante_mandates::{secret_screen, signature as signing};
use maincourante_shell::{Answer, Posted, go};
use serde::Deserialize;

use super::{SENT_AGAIN, Sms, Turn, phone, signature, spoken, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    from: AskedOn,
}

/// The page on which a code is asked for.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum AskedOn {
    /// One that was read: it is the first code.
    #[default]
    Read,
    /// The one where it is typed.
    Typed,
    /// The same, for who says yes aloud: they come back there, and not to where one draws.
    Aloud,
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let (sent, next) = match hand_over.purpose() {
        Purpose::Sign if fields.from == AskedOn::Aloud => (signing::send_code(&app.mandates, &hand_over).await?, routes::LENT_SPOKEN),
        Purpose::Sign => (signing::send_code(&app.mandates, &hand_over).await?, routes::LENT_SIGNATURE),
        Purpose::ChooseSecret => (secret_screen::send_code(&app.mandates, &hand_over).await?, routes::LENT_PHONE),
        Purpose::FindAccount => return go(routes::LENT),
    };
    match sent {
        Some(CodeSend::Sent) if fields.from == AskedOn::Read => go(next),
        Some(CodeSend::Sent) => go(format!("{next}{SENT_AGAIN}")),
        // The code that was sent before still serves: the page where it is typed says how long to wait for another.
        Some(CodeSend::TooMany { wait }) => match turn(&app, &hand_over).await? {
            Turn::ToSign(to_sign) if fields.from == AskedOn::Aloud => spoken::held(shell, *to_sign, Sms::held(wait)),
            Turn::ToSign(to_sign) => signature::held(shell, &to_sign, Sms::held(wait)),
            Turn::Code { name, phone_end } => phone::held(shell, &name, phone_end, Sms::held(wait)),
            _ => go(routes::LENT),
        },
        None => go(routes::LENT),
    }
}
