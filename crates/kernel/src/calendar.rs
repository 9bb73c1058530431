//! Dates and hours as they are said in French, at the hour of Paris.
//!
//! The wording follows the product's writing rules: "aujourd'hui à 9 h 12", "hier à 14 h 30",
//! "lundi 17 novembre à 8 h", and the year only when it is not this one.

use jiff::Zoned;
use jiff::civil::Date as CivilDate;
use jiff::tz::TimeZone;

use crate::clock::Timestamp;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/// A day of the calendar, without hour nor zone: a birth date, the end of a mandate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date(CivilDate);

impl Date {
    /// A day, if it exists.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        CivilDate::new(year, month, day).ok().map(Self)
    }

    /// The day it is in Paris at `instant`.
    pub fn at(instant: Timestamp) -> Self {
        Self(paris(instant).date())
    }

    /// Reads `1942-03-05` or `05/03/1942` (also with spaces, dots or dashes), as people type it.
    pub fn parse(typed: &str) -> Option<Self> {
        let parts: Vec<&str> = typed.trim().split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let [first, month, last] = parts.as_slice() else { return None };
        let (year, day) = match (first.len(), last.len()) {
            (4, 1..=2) => (first, last),
            (1..=2, 4) => (last, first),
            _ => return None,
        };
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// `1942-03-05` (ISO 8601).
    pub fn iso(self) -> String {
        self.0.to_string()
    }

    /// `mercredi 20 mai 2026`.
    pub fn long(self) -> String {
        format!("{}\u{a0}{}", DAYS[self.weekday()], self.with_year())
    }

    /// `20 mai 2026`, and `1er` for the first of a month.
    pub fn with_year(self) -> String {
        format!("{}\u{a0}{}", self.without_year(), self.0.year())
    }

    /// `20 mai`.
    pub fn without_year(self) -> String {
        let day = if self.0.day() == 1 { "1er".to_owned() } else { self.0.day().to_string() };
        format!("{day}\u{a0}{}", MONTHS[usize::from(self.0.month().unsigned_abs()) - 1])
    }

    /// Whole years from this day to `today`.
    pub fn age(self, today: Self) -> i16 {
        let (born, now) = (self.0, today.0);
        now.year() - born.year() - i16::from((now.month(), now.day()) < (born.month(), born.day()))
    }

    /// The same day `months` later; the last day of the month when it has no such day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(months)))
    }

    /// This day, later by `days` (earlier when negative).
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// Days from this one to `other`.
    pub fn days_until(self, other: Self) -> i32 {
        self.0.until(other.0).map_or(0, |span| span.get_days())
    }

    /// The first instant of the next day in Paris: a power "until this day" ends there.
    ///
    /// # Panics
    /// Never for the days this type can hold: midnight exists every day in Paris.
    pub fn end(self) -> Timestamp {
        let next = self.plus_days(1).0.to_zoned(zone()).expect("every day begins in Paris");
        Timestamp::from_micros(next.timestamp().as_microsecond())
    }

    /// The first instant of this day in Paris.
    pub fn start(self) -> Timestamp {
        self.plus_days(-1).end()
    }

    /// Whether it is a Sunday.
    pub fn is_sunday(self) -> bool {
        self.weekday() == 6
    }

    fn weekday(self) -> usize {
        usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs())
    }
}

/// The hour on the clocks of Paris, from 0 to 23.
pub fn hour_of_day(instant: Timestamp) -> i8 {
    paris(instant).hour()
}

/// `9 h 12`, `8 h`.
pub fn hour(instant: Timestamp) -> String {
    let local = paris(instant);
    if local.minute() == 0 { format!("{}\u{a0}h", local.hour()) } else { format!("{}\u{a0}h\u{a0}{:02}", local.hour(), local.minute()) }
}

/// `il y a un instant`, `aujourd'hui à 9 h 12`, `hier à 14 h 30`, `lundi 17 novembre à 8 h`, `6 novembre 2024 à 8 h`.
pub fn moment(instant: Timestamp, now: Timestamp) -> String {
    let elapsed = now.since(instant).as_seconds();
    if (0..60).contains(&elapsed) {
        return "il y a un instant".to_owned();
    }
    format!("{} à\u{a0}{}", day(instant, now), hour(instant))
}

/// `aujourd'hui`, `hier`, `lundi 17 novembre`, `6 novembre 2024`.
pub fn day(instant: Timestamp, now: Timestamp) -> String {
    let (date, today) = (Date::at(instant), Date::at(now));
    match date.days_until(today) {
        0 => "aujourd’hui".to_owned(),
        1 => "hier".to_owned(),
        _ if date.0.year() == today.0.year() => format!("{}\u{a0}{}", DAYS[date.weekday()], date.without_year()),
        _ => date.with_year(),
    }
}

/// `2026-11-22T15:39:55Z`, for the `datetime` of a page and for machines.
pub fn machine(instant: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(instant.micros() - instant.micros().rem_euclid(1_000_000))
        .map(|instant| instant.to_string())
        .unwrap_or_default()
}

/// `Sun, 22 Nov 2026 16:39:55 +0100`, the date of a letter (RFC 5322, section 3.3), at the hour of Paris.
pub fn mail_date(instant: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&paris(instant)).unwrap_or_default()
}

fn paris(instant: Timestamp) -> Zoned {
    jiff::Timestamp::from_microsecond(instant.micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone())
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
    }

    #[test]
    fn moments_are_said_as_people_say_them() {
        let now = at("2026-11-22T15:39:55Z");
        let said = |text| moment(at(text), now).replace('\u{a0}', " ");
        assert_eq!(said("2026-11-22T15:39:30Z"), "il y a un instant");
        assert_eq!(said("2026-11-22T08:12:00Z"), "aujourd’hui à 9 h 12");
        assert_eq!(said("2026-11-21T13:30:00Z"), "hier à 14 h 30");
        assert_eq!(said("2026-11-17T07:00:00Z"), "mardi 17 novembre à 8 h");
        assert_eq!(said("2024-06-01T06:05:00Z"), "1er juin 2024 à 8 h 05");
    }

    #[test]
    fn the_date_of_a_letter_is_that_of_rfc_5322() {
        assert_eq!(mail_date(at("2026-11-22T15:39:55Z")), "Sun, 22 Nov 2026 16:39:55 +0100");
    }

    #[test]
    fn a_day_ends_at_midnight_in_paris_even_when_clocks_change() {
        assert_eq!(Date::new(2026, 7, 1).unwrap().end(), at("2026-07-01T22:00:00Z"));
        assert_eq!(Date::new(2026, 10, 25).unwrap().end(), at("2026-10-25T23:00:00Z"));
        assert_eq!(Date::new(2026, 10, 25).unwrap().start(), at("2026-10-24T22:00:00Z"));
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let expected = Date::new(1942, 3, 5);
        for typed in ["1942-03-05", "05/03/1942", "5 3 1942", "05.03.1942", " 5-3-1942 "] {
            assert_eq!(Date::parse(typed), expected, "{typed}");
        }
        for typed in ["", "31/02/1942", "05/03/42", "1942", "05/13/1942", "hier"] {
            assert_eq!(Date::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn ages_and_ends_of_months() {
        let born = Date::new(2008, 11, 23).unwrap();
        assert_eq!(born.age(Date::new(2026, 11, 22).unwrap()), 17);
        assert_eq!(born.age(Date::new(2026, 11, 23).unwrap()), 18);
        assert_eq!(Date::new(2026, 1, 31).unwrap().plus_months(1), Date::new(2026, 2, 28).unwrap());
        assert_eq!(Date::new(2026, 5, 20).unwrap().long().replace('\u{a0}', " "), "mercredi 20 mai 2026");
    }
}
