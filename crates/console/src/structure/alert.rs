//! `/structure/alertes/{id}`: something to look at, with the lines it rests on; closed with a note. Whom it is about does not close it.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::calendar;
use maincourante_mandates::SignedInReferent;
use maincourante_mandates::alerts::close::{Closing, close};
use maincourante_mandates::alerts::{self, Alert, Closed, Rule, Verdict, Whole};
use maincourante_shell::{Answer, At, Errors, Icon, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use crate::register::{Day, capitalised, days};
use crate::who::Working;
use crate::{App, routes};

/// Lines that are read at once. A whole list that was copied is hundreds of them: the others are folded, and the way to close stays near.
const SHOWN: usize = 5;
/// Fewer than that are not worth folding.
const FOLDED: usize = 5;

#[derive(Template)]
#[template(path = "console/structure/alert.html")]
struct Page {
    shell: Shell,
    id: Uuid,
    title: String,
    sentence: String,
    advice: String,
    /// What the person wrote.
    words: Option<String>,
    is_report: bool,
    days: Vec<Day>,
    /// What is folded.
    others: Vec<Day>,
    closed: Option<Told>,
    is_about_reader: bool,
    errors: Errors,
    fields: Fields,
}

/// How it was closed.
struct Told {
    sentence: String,
    note: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    verdict: String,
    note: String,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<Uuid>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let before = shell.typed_before().unwrap_or_default();
    match draw(&app, &referent, shell, id, (Errors::none(), before)).await? {
        Some(drawn) => page(&drawn),
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<Uuid>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let errors = match Verdict::named(&fields.verdict) {
        None => Errors::one("verdict", t!("alert.no_verdict")),
        Some(verdict) => match close(&app.mandates, &referent, id, verdict, &fields.note).await? {
            // Closed before: the page says by whom.
            Closing::Closed | Closing::ClosedBefore | Closing::AboutThem => return go(routes::of(routes::ALERT, id)),
            Closing::NoNote => Errors::one("note", t!("alert.no_note")),
            Closing::TooLong => Errors::one("note", t!("words.too_long")),
            Closing::Unknown => return not_found(),
        },
    };
    match draw(&app, &referent, shell, id, (errors, fields)).await? {
        Some(drawn) => refused(&drawn),
        None => not_found(),
    }
}

async fn draw(
    app: &App,
    referent: &SignedInReferent<'_>,
    shell: Shell,
    id: Uuid,
    (errors, fields): (Errors, Fields),
) -> Result<Option<Page>, maincourante_kernel::Failure> {
    let Some(Whole { alert, records, words, closed, is_about_reader }) = alerts::find(&app.mandates, referent, id).await? else {
        return Ok(None);
    };
    let now = app.now();
    let (shown, others) = records.split_at(if records.len() >= SHOWN + FOLDED { SHOWN } else { records.len() });
    Ok(Some(Page {
        shell,
        id,
        title: capitalised(&title(&alert)),
        sentence: if closed.is_some() && alert.rule == Rule::Reported { reported(&alert) } else { sentence_of(&alert) },
        advice: t!(format!("alert.{}.advice", alert.rule.as_str())).into_owned(),
        words,
        is_report: alert.rule == Rule::Reported,
        days: days(shown, now),
        others: days(others, now),
        closed: closed.map(|closed| told(closed, now)),
        is_about_reader,
        errors,
        fields,
    }))
}

impl Page {
    /// How many lines are folded.
    fn folded(&self) -> usize {
        self.others.iter().map(|day| day.lines.len()).sum()
    }
}

fn told(closed: Closed, now: maincourante_kernel::Timestamp) -> Told {
    let by = closed.by.unwrap_or_else(|| t!("alert.operator").into_owned());
    let key = format!("alert.closed_{}", closed.verdict.as_str());
    Told { sentence: t!(key, name = by, moment = calendar::moment(closed.at, now)).into_owned(), note: closed.note }
}

/// The alert in a few words.
pub(crate) fn title(alert: &Alert) -> String {
    t!(format!("alert.{}.title", alert.rule.as_str())).into_owned()
}

/// The alert in one sentence.
pub(crate) fn sentence_of(alert: &Alert) -> String {
    let one = if alert.rule == Rule::OddHours && alert.lines == 1 { "_one" } else { "" };
    let key = format!("alert.{}.sentence{one}", alert.rule.as_str());
    let aidant = alert.aidant.clone().unwrap_or_else(|| t!("alert.someone").into_owned());
    t!(key, aidant = aidant, person = person(alert), count = alert.lines).into_owned()
}

/// What a person reported, once it is closed: the aidant may know by then.
fn reported(alert: &Alert) -> String {
    t!("alert.reported.sentence_closed", person = person(alert)).into_owned()
}

fn person(alert: &Alert) -> String {
    alert.person.clone().unwrap_or_else(|| t!("alert.a_person").into_owned())
}
