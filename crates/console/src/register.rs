//! Journal entries as pages show them: the hour in the margin, one sentence, day by day.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use maincourante_journal::{Reader, Record, sentence};
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::{self, Date};
use rust_i18n::t;
use serde::Deserialize;
use uuid::Uuid;

use crate::words;

/// One entry.
pub(crate) struct Line {
    /// The hour.
    pub when: String,
    /// The same for machines.
    pub iso: String,
    /// What it says.
    pub sentence: String,
}

/// The entries of one day.
pub(crate) struct Day {
    pub heading: String,
    pub lines: Vec<Line>,
}

/// The address of older entries: those after this one, going back in time.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct After {
    avant: String,
}

impl After {
    /// The entry after which to read. An address that says nothing readable leads to the first page.
    pub(crate) fn read(query: Result<Query<Self>, QueryRejection>) -> Option<Uuid> {
        query.ok().and_then(|Query(after)| after.avant.parse().ok())
    }

    pub(crate) fn query(after: Uuid) -> String {
        format!("?avant={after}")
    }
}

impl Line {
    fn new(record: &Record) -> Self {
        Self { when: calendar::hour(record.at), iso: calendar::machine(record.at), sentence: sentence(record, Reader::Structure) }
    }
}

/// The entries, day by day.
pub(crate) fn days(records: &[Record], now: Timestamp) -> Vec<Day> {
    let day = |record: &Record| Date::at(record.at);
    records
        .chunk_by(|one, next| day(one) == day(next))
        .map(|of_day| Day { heading: heading(day(&of_day[0]), Date::at(now)), lines: of_day.iter().map(Line::new).collect() })
        .collect()
}

/// "Aujourd’hui, dimanche 22 novembre 2026".
pub(crate) fn heading(day: Date, today: Date) -> String {
    match day.days_until(today) {
        0 => t!("register.today", date = words::long(day)).into_owned(),
        1 => t!("register.yesterday", date = words::long(day)).into_owned(),
        _ => capitalised(&words::long(day)),
    }
}

/// With a capital at the start.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
