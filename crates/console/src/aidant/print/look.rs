//! `/aidant/personnes/{id}/copie`: the photographs of the signed print; once it is whole, the print to read, which leaves a line.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::UsagerId;
use maincourante_kernel::calendar;
use maincourante_mandates::prints::{self, HEAVIEST_PDF, HEAVIEST_PHOTO, MOST_PAGES, Page as Photograph};
use maincourante_shell::{Answer, At, Errors, Icon, Shell, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use crate::App;
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/aidant/print/look.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    usager: UsagerId,
    name: String,
    /// What the mandate waits for, and until when.
    standing: String,
    pages: Vec<Photograph>,
    /// A page just added.
    added: bool,
    /// A page just removed, which can be put back.
    removed: Option<Uuid>,
    is_full: bool,
    limits: String,
}

#[derive(Template)]
#[template(path = "console/aidant/print/read.html")]
struct Read {
    shell: Shell,
    usager: UsagerId,
    name: String,
    pages: Vec<Photograph>,
}

/// Nonsense in these is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    retiree: String,
    ajoutee: String,
}

pub(crate) async fn show(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<UsagerId>,
    Query(asked): Query<Asked>,
) -> Answer {
    if let Some(awaited) = draw(&app, &aidant, shell.clone(), id, Errors::none()).await? {
        let removed = asked.retiree.parse().ok().filter(|gone| awaited.pages.iter().all(|page| page.id != *gone));
        return page(&Page { removed, added: !asked.ajoutee.is_empty() && !awaited.pages.is_empty(), ..awaited });
    }
    match prints::read_for_aidant(&app.mandates, &aidant, id).await? {
        Some((name, pages)) => page(&Read { shell, usager: id, name, pages }),
        None => not_found(),
    }
}

/// The page again, with what is to be corrected; the print to read, when the mandate does not wait for it any more.
pub(super) async fn again(app: &App, Working { aidant, shell }: Working, id: UsagerId, errors: Errors) -> Answer {
    match draw(app, &aidant, shell, id, errors).await? {
        Some(awaited) => refused(&awaited),
        None => super::close::after(app, &aidant, id).await,
    }
}

async fn draw(
    app: &App,
    aidant: &maincourante_mandates::SignedInAidant,
    shell: Shell,
    id: UsagerId,
    errors: Errors,
) -> Result<Option<Page>, maincourante_kernel::Failure> {
    let Some(print) = prints::look(&app.mandates, aidant, id).await? else { return Ok(None) };
    let standing = if print.is_suspended {
        t!("print.suspended").into_owned()
    } else {
        t!("print.until", date = calendar::moment(print.awaited_until, app.now())).into_owned()
    };
    let megabytes = |bytes: usize| bytes / 1024 / 1024;
    Ok(Some(Page {
        shell,
        errors,
        usager: id,
        name: print.name,
        standing,
        is_full: print.pages.len() >= MOST_PAGES,
        pages: print.pages,
        added: false,
        removed: None,
        limits: t!("print.limits", photo = megabytes(HEAVIEST_PHOTO), pdf = megabytes(HEAVIEST_PDF), most = MOST_PAGES).into_owned(),
    }))
}
