//! `/messages/ecrire/joindre`: what was chosen is joined, what is written is kept, and one goes on writing.

use axum::extract::State;
use maincourante_shell::{Answer, StillWriting, Upload, go};
use rust_i18n::t;

use super::write;
use super::writing::{Fields, Took, joined_to, take};
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, who: StillWriting, upload: Upload<Fields>) -> Answer {
    let mut taken = match take(&app, who, upload).await? {
        Took::Kept(taken) => taken,
        Took::Elsewhere(answer) => return answer,
    };
    match taken.draft {
        Some(draft) if taken.errors.is_empty() && !joined_to(&app, &taken.own, &taken.fields).await?.is_empty() => {
            go(routes::kept(&draft, taken.how))
        }
        Some(_) | None => {
            if taken.errors.is_empty() {
                taken.errors.add("files", t!("write.file_missing"));
            }
            write::again(&app, *taken).await
        }
    }
}
