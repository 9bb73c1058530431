//! `/aide/signaler/{line}`: a person says that a line is not normal, in their words or by pressing alone; then sees what became of it.
//!
//! The page says whom to call, and offers to stop the mandate. Who did the act is not told by whom it was reported.

use askama::Template;
use axum::extract::State;
use maincourante_identity::Own;
use maincourante_journal::of_structure;
use maincourante_journal::{Reader, sentence};
use maincourante_kernel::{Failure, Timestamp, calendar};
use maincourante_mandates::alerts::report::{self, Line, Report, Reporting};
use maincourante_mandates::alerts::{Closed, Verdict};
use maincourante_mandates::{MandateId, mine};
use maincourante_shell::{Answer, At, Errors, Icon, Posted, Shell, SignedInUsager, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/help/report.html")]
struct Page {
    shell: Shell,
    id: Uuid,
    moment: String,
    line: String,
    structure: String,
    of_structure: String,
    phone: String,
    hours: String,
    /// What became of it, once it is reported.
    state: Option<Told>,
    mandate: Option<MandateId>,
    errors: Errors,
    words: String,
}

/// What became of a report.
struct Told {
    title: String,
    sentence: String,
    answer: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    words: String,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, At(id): At<Uuid>) -> Answer {
    let before: Fields = shell.typed_before().unwrap_or_default();
    match draw(&app, &own, shell, id, (Errors::none(), before.words)).await? {
        Some(drawn) => page(&drawn),
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At(id): At<Uuid>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    match report::report(&app.mandates, &own, id, &fields.words).await? {
        Reporting::Sent => return go(routes::report(&id)),
        Reporting::Unknown => return not_found(),
        Reporting::TooLong => {}
    }
    let errors = Errors::one("words", t!("help.report.too_long"));
    match draw(&app, &own, shell, id, (errors, fields.words)).await? {
        Some(drawn) => refused(&drawn),
        None => not_found(),
    }
}

async fn draw(app: &App, own: &Own, shell: Shell, id: Uuid, (errors, words): (Errors, String)) -> Result<Option<Page>, Failure> {
    let now = app.identity.kernel.now();
    let Some(Line { record, structure, report }) = report::line(&app.mandates, own, id).await? else { return Ok(None) };
    let mandates = mine::mandates(&app.mandates, own).await?;
    let mandate = mandates.iter().find(|mandate| mandate.structure.id == structure.id && mandate.can_be_stopped());
    Ok(Some(Page {
        shell,
        id,
        moment: calendar::moment(record.at, now),
        line: sentence(&record, Reader::Person),
        of_structure: of_structure(&structure.name),
        structure: structure.name,
        phone: structure.phone,
        hours: structure.opening_hours,
        state: told(report, now),
        mandate: mandate.map(|mandate| mandate.id),
        errors,
        words,
    }))
}

fn told(report: Report, now: Timestamp) -> Option<Told> {
    let said = |key: &str, at| Told {
        title: t!(format!("help.report.{key}.title")).into_owned(),
        sentence: t!(format!("help.report.{key}.sentence"), moment = calendar::moment(at, now)).into_owned(),
        answer: None,
    };
    match report {
        Report::NotYet => None,
        Report::Waiting { since } => Some(said("waiting", since)),
        Report::Seen { since } => Some(said("seen", since)),
        Report::Answered(Closed { at, verdict, note, by: _ }) => {
            let key = match verdict {
                Verdict::Normal => "normal",
                Verdict::Handled => "handled",
            };
            Some(Told { answer: Some(note), ..said(key, at) })
        }
    }
}
