//! `/aidant/personnes/{id}/copie`, posted: a photograph, or a scan, goes after the others. It is sealed as it comes.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::prints::{self, Begin, Finish, NotAPage, Receiving};
use maincourante_shell::{Answer, At, Broken, Errors, Files, Once, Upload, go};
use rust_i18n::t;
use serde::Deserialize;

use super::look;
use crate::who::Working;
use crate::{App, routes};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    once: Option<Once>,
}

pub(crate) async fn submit(State(app): State<App>, working: Working, At(id): At<UsagerId>, upload: Upload<Fields>) -> Answer {
    let Upload { fields: Fields { once }, mut files } = upload;
    let once = once.ok_or(Broken::UnreadableForm)?.uuid();
    let errors = match prints::begin(&app.mandates, &working.aidant, id, once).await? {
        Begin::Ready(page) => match receive(&app, page, &mut files).await? {
            Finish::Added => return go(format!("{}?ajoutee=oui", routes::of(routes::PRINT, id))),
            Finish::NotAPage(wrong) => Errors::one("page", sentence(wrong)),
            Finish::Full => Errors::one("page", t!("print.full")),
            Finish::Closed => return super::close::after(&app, &working.aidant, id).await,
        },
        Begin::AlreadyHere => {
            files.let_pass().await?;
            return go(routes::of(routes::PRINT, id));
        }
        Begin::Full => {
            files.let_pass().await?;
            Errors::one("page", t!("print.full"))
        }
        Begin::Closed => {
            files.let_pass().await?;
            return super::close::after(&app, &working.aidant, id).await;
        }
    };
    look::again(&app, working, id, errors).await
}

/// What is wrong is known before the end; the rest is let pass, so that the browser hears why.
async fn receive(app: &App, mut page: Box<Receiving>, files: &mut Files) -> Result<Finish, Broken> {
    // Nobody chose one: an empty page says so.
    let mut file = match files.next().await {
        Ok(Some(file)) => file,
        Ok(None) => return Ok(page.finish(&app.mandates).await?),
        Err(broken) => {
            page.forget(&app.mandates).await?;
            return Err(broken);
        }
    };
    loop {
        let piece = match file.piece().await {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok(page.finish(&app.mandates).await?),
            Err(broken) => {
                page.forget(&app.mandates).await?;
                return Err(broken);
            }
        };
        if let Err(wrong) = page.push(&app.mandates, &piece).await? {
            page.forget(&app.mandates).await?;
            drop(file);
            files.let_pass().await?;
            return Ok(Finish::NotAPage(wrong));
        }
    }
}

fn sentence(wrong: NotAPage) -> String {
    match wrong {
        NotAPage::Empty => t!("print.empty"),
        NotAPage::Unknown => t!("print.unknown"),
        NotAPage::PhotoTooHeavy => t!("print.photo_too_heavy"),
        NotAPage::PdfTooHeavy => t!("print.pdf_too_heavy"),
        NotAPage::PdfCut => t!("print.pdf_cut"),
    }
    .into_owned()
}
