//! `/aidant/raisons/{id}`: an aidant is asked why, about one line of theirs, and answers in words. The answer is given once.

use askama::Template;
use axum::extract::State;
use maincourante_journal::{Reader, sentence};
use maincourante_kernel::{Timestamp, calendar};
use maincourante_mandates::review::reason::{Answering, Question, answer, question};
use maincourante_shell::{Answer, At, Errors, Icon, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/reason.html")]
struct Page {
    shell: Shell,
    id: Uuid,
    by: String,
    line: String,
    moment: String,
    answer: Option<String>,
    errors: Errors,
    words: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    words: String,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<Uuid>) -> Answer {
    match question(&app.mandates, &aidant, id).await? {
        Some(question) => {
            let before: Fields = shell.typed_before().unwrap_or_default();
            page(&Page::new(shell, question, app.now(), (Errors::none(), before.words)))
        }
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<Uuid>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let errors = match answer(&app.mandates, &aidant, id, &fields.words).await? {
        // The page says what was answered.
        Answering::Given | Answering::GivenBefore => return go(routes::of(routes::REASON, id)),
        Answering::Empty => Errors::one("words", t!("reason.empty")),
        Answering::TooLong => Errors::one("words", t!("words.too_long")),
        Answering::Unknown => return not_found(),
    };
    match question(&app.mandates, &aidant, id).await? {
        Some(question) => refused(&Page::new(shell, question, app.now(), (errors, fields.words))),
        None => not_found(),
    }
}

impl Page {
    fn new(shell: Shell, question: Question, now: Timestamp, (errors, words): (Errors, String)) -> Self {
        Self {
            shell,
            id: question.id,
            by: question.by,
            line: sentence(&question.record, Reader::Structure),
            moment: calendar::moment(question.record.at, now),
            answer: question.answer,
            errors,
            words,
        }
    }
}

/// A question, in a list.
pub(crate) struct Row {
    pub id: Uuid,
    pub by: String,
    pub line: String,
}

impl From<Question> for Row {
    fn from(question: Question) -> Self {
        Self { id: question.id, by: question.by, line: sentence(&question.record, Reader::Structure) }
    }
}
