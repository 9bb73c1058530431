//! `/aidant/journal`: what an aidant did for their structure, in sentences.

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};
use maincourante_mandates::review;
use maincourante_shell::{Answer, Shell, page};
use rust_i18n::t;

use crate::App;
use crate::register::{After, Day, days};
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/aidant/journal.html")]
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
    let after = After::read(after);
    let read = review::of_aidant(&app.mandates, &aidant, after).await?;
    page(&Page { shell, days: days(&read.records, app.now()), is_first: after.is_none(), older: read.next.map(After::query) })
}
