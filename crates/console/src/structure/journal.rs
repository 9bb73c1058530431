//! `/structure/journal`: what was done in the name of the structure, for its référent. Looking leaves a line.

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};
use maincourante_mandates::review;
use maincourante_shell::{Answer, Shell, not_found, page};
use rust_i18n::t;

use crate::App;
use crate::register::{After, Day, days};
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/structure/journal.html")]
struct Page {
    shell: Shell,
    days: Vec<Day>,
    is_first: bool,
    older: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    after: Result<Query<After>, QueryRejection>,
) -> Answer {
    // For a mere aidant this page does not exist.
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let after = After::read(after);
    let read = review::for_structure(&app.mandates, &referent, after).await?;
    page(&Page { shell, days: days(&read.records, app.now()), is_first: after.is_none(), older: read.next.map(After::query) })
}
