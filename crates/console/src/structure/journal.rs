//! `/structure/journal`: what was done in the name of the structure, for its référent: chosen, read again, signed. Looking leaves a line, with a
//! filter or without.
//!
//! Lines are signed where their oldest is shown, up to the newest that was: one does not sign what one did not see.

use std::collections::HashSet;

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};
use maincourante_journal::{Actor, Event, Reader, Record, SubjectKind, sentence};
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::{Failure, Timestamp};
use maincourante_mandates::alerts::{self, Alert};
use maincourante_mandates::review::acts::Acts;
use maincourante_mandates::review::reason::{self, Asked as Reason};
use maincourante_mandates::review::{self, Reading, sign};
use maincourante_mandates::{SignedInAidant, SignedInReferent};
use maincourante_shell::{Answer, Errors, Icon, Shell, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use super::alert;
use super::filter::{self, Filter};
use crate::register::heading;
use crate::who::Working;
use crate::{App, words};

use super::review::Fields as Remark;

/// Alerts told above the journal: more of them, and one would no longer see that there is a journal.
const FIRST_ALERTS: usize = 3;

#[derive(Template)]
#[template(path = "console/structure/journal.html")]
pub(crate) struct Page {
    shell: Shell,
    filter: Filter,
    is_everything: bool,
    alerts: Vec<AlertRow>,
    /// Those that would push the journal off the screen.
    other_alerts: Vec<AlertRow>,
    to_read: Option<String>,
    last: Option<LastReview>,
    days: Vec<Day>,
    is_first: bool,
    older: Option<String>,
    to_sign: Option<ToSign>,
    /// There is more to read before signing.
    reads_on: bool,
    errors: Errors,
    remark: String,
    /// Why what was asked was not done.
    told: Option<String>,
    /// What was just done.
    done: Option<String>,
}

struct AlertRow {
    id: Uuid,
    title: String,
    sentence: String,
}

struct LastReview {
    id: Uuid,
    sentence: String,
    is_mine: bool,
    /// It was signed a moment ago, by who looks.
    is_done: bool,
}

struct Day {
    heading: String,
    lines: Vec<Line>,
}

struct Line {
    when: String,
    iso: String,
    sentence: String,
    is_new: bool,
    is_read: bool,
    /// What was written beside it: a remark, an answer.
    words: Option<String>,
    reason: Option<String>,
    answer: Option<String>,
    ask: Option<Ask>,
    alert: Option<Uuid>,
}

/// The way to ask why: of whom, about which line.
struct Ask {
    line: Uuid,
    aidant: String,
}

struct ToSign {
    first: i64,
    last: i64,
    until: String,
}

/// Where one is in the pages: nonsense in these is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Place {
    avant: String,
    /// The newest line that was shown.
    jusqu: String,
    /// The review just signed.
    relu: String,
    /// The review just taken back.
    annule: String,
    /// The line about which a reason was just asked.
    demande: String,
}

/// Why the page is shown again: nothing of it was done.
#[derive(Default)]
pub(crate) struct Again {
    pub errors: Errors,
    pub remark: String,
    pub told: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    asked: Result<Query<filter::Asked>, QueryRejection>,
    place: Result<Query<Place>, QueryRejection>,
) -> Answer {
    // For a mere aidant this page does not exist.
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let place = place.map(|Query(place)| place).unwrap_or_default();
    let before: Remark = shell.typed_before().unwrap_or_default();
    let filter = Filter::read(&app, &referent, &asked).await?;
    page(&draw(&app, &referent, shell, filter, &place, Again { remark: before.remark, ..Again::default() }).await?)
}

/// The page again, after something that was refused.
pub(crate) async fn again(app: &App, referent: &SignedInReferent<'_>, shell: Shell, again: Again) -> Answer {
    let filter = Filter::everything(app, referent).await?;
    refused(&draw(app, referent, shell, filter, &Place::default(), again).await?)
}

async fn draw(
    app: &App,
    referent: &SignedInReferent<'_>,
    shell: Shell,
    filter: Filter,
    place: &Place,
    again: Again,
) -> Result<Page, Failure> {
    let now = app.now();
    let after = place.avant.parse().ok();
    let reading = review::for_structure(&app.mandates, referent, &filter.wanted, after).await?;
    let alerts = alerts::open(&app.mandates, referent).await?;
    let mut first: Vec<AlertRow> = if after.is_none() { alerts.iter().map(AlertRow::new).collect() } else { Vec::new() };
    // Whoever chose lines came for them.
    let others = first.split_off(first.len().min(if filter.wanted.is_everything() { FIRST_ALERTS } else { 0 }));
    let newest = newest(app, referent, &reading, place, after).await?;
    let is_everything = filter.wanted.is_everything();
    let is_to_read = reading.waiting.lines > 0 && is_everything;
    let reaches = reading.records.last().is_some_and(|record| record.seq <= reading.reviewed + 1);
    let to_sign = newest.as_ref().filter(|newest| is_to_read && reaches && newest.0 > reading.reviewed).map(|&(last, at)| ToSign {
        first: reading.reviewed + 1,
        last,
        until: calendar::moment(at, now),
    });
    Ok(Page {
        shell,
        alerts: first,
        other_alerts: others,
        to_read: to_read(&reading),
        last: reading.last.as_ref().map(|last| LastReview {
            id: last.id,
            sentence: signed(last.lines, &last.name, last.at, now),
            is_mine: last.by == referent.aidant().id(),
            is_done: place.relu == last.id.to_string() && last.by == referent.aidant().id(),
        }),
        is_first: after.is_none(),
        older: reading.next.map(|next| older(&filter, next, newest.as_ref().and_then(|_| place_of_newest(&reading, place, after)))),
        reads_on: is_to_read && !reaches,
        to_sign,
        days: days(&reading, &alerts, &filter, referent.aidant(), now),
        is_everything,
        filter,
        errors: again.errors,
        remark: again.remark,
        told: again.told,
        done: done(app, referent, place).await?,
    })
}

/// What was just done, as long as it is so.
async fn done(app: &App, referent: &SignedInReferent<'_>, place: &Place) -> Result<Option<String>, Failure> {
    if let Ok(review) = place.annule.parse()
        && sign::has_withdrawn(&app.mandates, referent, review).await?
    {
        return Ok(Some(t!("review.withdrawn").into_owned()));
    }
    let Ok(line) = place.demande.parse() else { return Ok(None) };
    let asked = reason::waits_for(&app.mandates, referent, line).await?;
    Ok(asked.map(|name| t!("reason.sent", name = name).into_owned()))
}

/// The number and the hour of the newest line that was shown: on the first page, its first one.
async fn newest(
    app: &App,
    referent: &SignedInReferent<'_>,
    reading: &Reading,
    place: &Place,
    after: Option<Uuid>,
) -> Result<Option<(i64, Timestamp)>, Failure> {
    match (after, place.jusqu.parse()) {
        (None, _) => Ok(reading.records.first().map(|record| (record.seq, record.at))),
        (Some(_), Ok(line)) => review::number_of(&app.mandates, referent, line).await,
        (Some(_), Err(_)) => Ok(None),
    }
}

fn place_of_newest(reading: &Reading, place: &Place, after: Option<Uuid>) -> Option<Uuid> {
    if after.is_some() { place.jusqu.parse().ok() } else { reading.records.first().map(|record| record.id) }
}

fn older(filter: &Filter, next: Uuid, newest: Option<Uuid>) -> String {
    let mut query = filter.query();
    if !query.is_empty() {
        query.push('&');
    }
    let newest = newest.map(|newest| format!("&jusqu={newest}")).unwrap_or_default();
    format!("?{query}avant={next}{newest}")
}

fn to_read(reading: &Reading) -> Option<String> {
    let oldest = reading.waiting.oldest.map(|at| words::long(Date::at(at)))?;
    match reading.waiting.lines {
        0 => None,
        1 => Some(t!("log.to_read_one", date = oldest).into_owned()),
        count => Some(t!("log.to_read_many", count = count, date = oldest).into_owned()),
    }
}

fn signed(lines: i64, name: &str, at: Timestamp, now: Timestamp) -> String {
    let moment = calendar::moment(at, now);
    if lines == 1 {
        t!("log.signed_one", name = name, moment = moment)
    } else {
        t!("log.signed_many", count = lines, name = name, moment = moment)
    }
    .into_owned()
}

impl Page {
    /// "Voir aussi 4 alertes".
    fn others(&self) -> String {
        match (self.other_alerts.len(), self.alerts.is_empty()) {
            (1, false) => t!("alert.other"),
            (count, false) => t!("alert.others", count = count),
            (1, true) => t!("alert.alone"),
            (count, true) => t!("alert.all", count = count),
        }
        .into_owned()
    }
}

impl AlertRow {
    fn new(alert: &Alert) -> Self {
        Self { id: alert.id, title: alert::title(alert), sentence: alert::sentence_of(alert) }
    }
}

fn days(reading: &Reading, alerts: &[Alert], filter: &Filter, reader: &SignedInAidant, now: Timestamp) -> Vec<Day> {
    let open: HashSet<Uuid> = alerts.iter().map(|alert| alert.id).collect();
    let day = |record: &Record| Date::at(record.at);
    let line = |record: &Record| Line::new(record, reading, &open, filter, reader);
    let days = reading.records.chunk_by(|one, next| day(one) == day(next));
    days.map(|of_day| Day { heading: heading(day(&of_day[0]), Date::at(now)), lines: of_day.iter().map(line).collect() }).collect()
}

impl Line {
    fn new(record: &Record, reading: &Reading, open: &HashSet<Uuid>, filter: &Filter, reader: &SignedInAidant) -> Self {
        let counts = !is_of_reading(record);
        let asked = reading.asked.get(&record.id);
        let beside = |field| record.subject(SubjectKind::Journal).and_then(|seen| seen.field(field)).map(str::to_owned);
        let alert = record.subject(SubjectKind::Alert).map(|seen| seen.id);
        Self {
            when: calendar::hour(record.at),
            iso: calendar::machine(record.at),
            sentence: sentence(record, Reader::Structure),
            is_new: counts && record.seq > reading.reviewed,
            is_read: counts && record.seq <= reading.reviewed,
            words: beside("remark").or_else(|| beside("reason")),
            reason: asked.filter(|asked| asked.answer.is_none()).map(waits),
            answer: asked.and_then(|asked| Some(t!("reason.answer", name = asked.of, words = asked.answer.as_ref()?.0).into_owned())),
            ask: if asked.is_none() { ask(record, filter, reader) } else { None },
            alert: alert.filter(|id| open.contains(id) || record.event == Event::AlertClosed),
        }
    }
}

fn waits(asked: &Reason) -> String {
    if asked.has_left { t!("reason.left", name = asked.of) } else { t!("reason.waits", name = asked.of) }.into_owned()
}

/// A reason is asked of someone else of the team, about what they did for people.
fn ask(record: &Record, filter: &Filter, reader: &SignedInAidant) -> Option<Ask> {
    let Actor::Aidant(actor) = record.actor else { return None };
    if actor == reader.id().uuid() || matches!(Acts::of(record.event), Acts::SignIn | Acts::Review | Acts::Team) {
        return None;
    }
    let member = filter.team.iter().find(|member| member.id.uuid() == actor && member.left_at.is_none())?;
    Some(Ask { line: record.id, aidant: member.name.clone() })
}

/// What only tells that the journal was read: it is not to be read again.
fn is_of_reading(record: &Record) -> bool {
    match record.event {
        Event::JournalReviewed | Event::JournalReviewWithdrawn => true,
        Event::RecordViewed => record.subject(SubjectKind::Usager).is_none(),
        _ => false,
    }
}
