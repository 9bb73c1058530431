//! `/messages/ecrire/garder`: what is written is kept for later. The key "Entrée" does the same, and one stays.

use axum::extract::State;
use maincourante_mailbox::draft::How;
use maincourante_shell::{Answer, StillWriting, Upload, go};

use super::write;
use super::writing::{Fields, Took, take};
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, who: StillWriting, upload: Upload<Fields>) -> Answer {
    let taken = match take(&app, who, upload).await? {
        Took::Kept(taken) => taken,
        Took::Elsewhere(answer) => return answer,
    };
    match taken.draft {
        Some(_) if !taken.errors.is_empty() => write::again(&app, *taken).await,
        Some(draft) if taken.how != How::Plainly || !taken.fields.rester.is_empty() => go(routes::kept(&draft, taken.how)),
        Some(draft) => go(routes::kept_for_later(&draft)),
        // There was nothing to keep.
        None => go(routes::WRITE),
    }
}
