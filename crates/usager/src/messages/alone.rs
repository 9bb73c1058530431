//! `/messages/ecrire/tout-seul`: the page keeps what is written as one goes. Its answer is for the script of the page: the
//! draft, its version, and a sentence to show.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maincourante_mailbox::draft::{self, How};
use maincourante_shell::{Answer, Broken, Posted, SignedInUsager, StillWriting};
use rust_i18n::t;

use super::writing::Fields;
use crate::App;

pub(crate) async fn submit(State(app): State<App>, who: StillWriting, Posted(fields): Posted<Fields>) -> Answer {
    let Some(once) = fields.once else { return Err(Broken::UnreadableForm) };
    if fields.written().is_empty() {
        return Ok(said(&fields, ""));
    }
    match who {
        StillWriting::Here(SignedInUsager { own, .. }) => {
            let kept = draft::keep(&app.mailbox, &own, fields.began(once), &fields.written()).await?;
            let sentence = match kept.how {
                How::Plainly => t!("write.kept"),
                How::Beside => t!("write.beside"),
                How::Anew => t!("write.anew"),
            };
            Ok(said(&Fields { brouillon: kept.id.to_string(), version: kept.version.to_string(), ..fields }, &sentence))
        }
        StillWriting::Late { lapsed, .. } => {
            let kept = draft::put_aside(&app.mailbox, &lapsed, fields.began(once), &fields.written()).await?;
            Ok(said(&Fields { brouillon: kept.id.to_string(), version: kept.version.to_string(), ..fields }, &t!("write.kept_late")))
        }
    }
}

fn said(fields: &Fields, sentence: &str) -> Response {
    let body = format!("{}\n{}\n{sentence}", fields.brouillon, fields.version);
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
