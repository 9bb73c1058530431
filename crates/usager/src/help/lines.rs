//! The journal as the person reads it: sentences, grouped by day.

use maincourante_journal::{Reader, Record, sentence};
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::{self, Date};
use maincourante_mandates::alerts::report;
use uuid::Uuid;

use crate::said;

/// The sentences of a day, the newest first.
pub(crate) struct Day {
    /// "Hier", "Lundi 17 novembre".
    pub name: String,
    pub lines: Vec<Line>,
}

pub(crate) struct Line {
    pub hour: String,
    /// The instant, for machines.
    pub iso: String,
    pub sentence: String,
    /// The line, when its person may say that it is not normal.
    pub report: Option<Uuid>,
    /// They did.
    pub is_reported: bool,
}

/// Groups what was read, newest first, by the day it was in Paris.
pub(crate) fn by_day(records: &[Record], reported: &[Uuid], now: Timestamp) -> Vec<Day> {
    let days = records.chunk_by(|a, b| Date::at(a.at) == Date::at(b.at));
    let day = |records: &[Record]| {
        let name = records.first().map(|record| said::capitalised(&calendar::day(record.at, now)));
        Day { name: name.unwrap_or_default(), lines: records.iter().map(|record| line(record, reported)).collect() }
    };
    days.map(day).collect()
}

fn line(record: &Record, reported: &[Uuid]) -> Line {
    Line {
        hour: calendar::hour(record.at),
        iso: calendar::machine(record.at),
        sentence: sentence(record, Reader::Person),
        report: report::can_be_reported(record).then_some(record.id),
        is_reported: reported.contains(&record.id),
    }
}
