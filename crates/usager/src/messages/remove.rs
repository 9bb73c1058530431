//! `/messages/ecrire/retirer/{file}`: a file is taken away from what one writes, which is kept.

use axum::extract::State;
use maincourante_mailbox::{FileId, joined};
use maincourante_shell::{Answer, At, StillWriting, Upload, go, not_found};

use super::writing::{Fields, Took, take};
use crate::{App, routes};

pub(crate) async fn submit(State(app): State<App>, who: StillWriting, At(file): At<FileId>, upload: Upload<Fields>) -> Answer {
    let taken = match take(&app, who, upload).await? {
        Took::Kept(taken) => taken,
        Took::Elsewhere(answer) => return answer,
    };
    let Some(draft) = taken.draft else { return not_found() };
    // Posted twice, it is taken away already.
    joined::remove(&app.mailbox, &taken.own, draft, file).await?;
    go(routes::kept(&draft, taken.how))
}
