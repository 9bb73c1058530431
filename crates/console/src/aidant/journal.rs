//! `/aidant/journal`: what an aidant did for their structure, in sentences.

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};
use maincourante_mandates::review::{self, reason};
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;

use super::reason::Row;
use crate::App;
use crate::register::{After, Day, days};
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/aidant/journal.html")]
struct Page {
    shell: Shell,
    questions: Vec<Row>,
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
    let questions = reason::questions(&app.mandates, &aidant).await?.into_iter().map(Row::from).collect();
    let older = read.next.map(After::query);
    page(&Page { shell, questions, days: days(&read.records, app.now()), is_first: after.is_none(), older })
}
