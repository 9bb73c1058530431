//! What several pages say: dates, where a mandate stands, why a power is closed, what to correct.

use maincourante_identity::WeakPassword;
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::clock::Span;
use maincourante_kernel::{Secret, Timestamp};
use maincourante_mandates::people::Standing;
use maincourante_mandates::{Power, Problem, Refusal};
use maincourante_shell::Errors;
use rust_i18n::t;

/// The last day of a mandate, whose end is the first instant of the next one.
pub(crate) fn last_day(end: Timestamp) -> Date {
    Date::at(end).plus_days(-1)
}

/// A day as one types it: `05/03/1942`.
pub(crate) fn typed(day: Date) -> String {
    day.iso().split('-').rev().collect::<Vec<_>>().join("/")
}

/// "samedi 22 mai 2027", which may be cut after the day of the week: a narrow screen has no room for all of it.
pub(crate) fn long(day: Date) -> String {
    day.long().replacen('\u{a0}', " ", 1)
}

/// How many days a mandate still holds, today not counted.
pub(crate) fn days_left(end: Timestamp, now: Timestamp) -> i32 {
    Date::at(now).days_until(last_day(end))
}

/// "Mandat valable jusqu’au 22 mai 2027", "Fin dans 3 jours, mercredi 25 novembre 2026".
pub(crate) fn standing(standing: Standing, now: Timestamp) -> String {
    let until = match standing {
        Standing::Valid { until } => until,
        Standing::Provisional { until } => return t!("standing.provisional", date = calendar::moment(until, now)).into_owned(),
        Standing::Closed(refusal) => return closed(refusal),
    };
    let last = last_day(until);
    match days_left(until, now) {
        ..=0 => t!("standing.today"),
        1 => t!("standing.tomorrow", date = long(last)),
        days @ 2..=SOON => t!("standing.soon", days = days, date = long(last)),
        _ => t!("standing.valid", date = last.with_year()),
    }
    .into_owned()
}

/// From how many days on an end is near.
pub(crate) const SOON: i32 = 30;

/// Why a power cannot be used, in a few words: the line of a list, the state of a row.
pub(crate) fn closed(refusal: Refusal) -> String {
    match refusal {
        Refusal::NotGranted => t!("closed.not_granted"),
        Refusal::Revoked { since } => t!("closed.revoked", date = Date::at(since).with_year()),
        Refusal::Expired { since } => t!("closed.expired", date = last_day(since).with_year()),
        Refusal::Stopped { since } => t!("closed.stopped", date = Date::at(since).with_year()),
        Refusal::Over { since, how } => t!(format!("closed.{}", how.end_word()), date = Date::at(since).with_year()),
        Refusal::Suspended { since } => t!("closed.suspended", date = Date::at(since).with_year()),
        Refusal::Provisional { until: _ } => t!("closed.provisional"),
    }
    .into_owned()
}

/// The heading of the page that says why an act was refused.
pub(crate) fn refused(refusal: Refusal) -> String {
    match refusal {
        Refusal::NotGranted => t!("refused.not_granted"),
        Refusal::Revoked { .. } => t!("refused.revoked"),
        Refusal::Expired { .. } | Refusal::Stopped { .. } | Refusal::Over { .. } => t!("refused.over"),
        Refusal::Suspended { .. } => t!("refused.suspended"),
        Refusal::Provisional { .. } => t!("refused.provisional"),
    }
    .into_owned()
}

/// What a power allows, as the aidant reads it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
pub(crate) fn power(power: &Power) -> String {
    t!(format!("power.{}.label", power.as_str())).into_owned()
}

/// What it means.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
pub(crate) fn power_hint(power: &Power) -> String {
    t!(format!("power.{}.hint", power.as_str())).into_owned()
}

/// A duration, by its name in forms.
pub(crate) fn duration(word: &str) -> String {
    let key = if word == "until" { "another" } else { word };
    t!(format!("terms.{key}")).into_owned()
}

/// Fields with their sentences.
pub(crate) fn errors(problems: &[(&'static str, Problem)]) -> Errors {
    let mut errors = Errors::none();
    for (field, problem) in problems {
        errors.add(field, t!(format!("problem.{field}.{}", problem.as_str())));
    }
    errors
}

/// Why a password is not accepted.
pub(crate) fn weak(weak: WeakPassword) -> String {
    match weak {
        WeakPassword::Empty => t!("weak.empty"),
        WeakPassword::TooEasy => t!("weak.too_easy"),
        WeakPassword::OwnName => t!("weak.own_name"),
        WeakPassword::TooLong => t!("weak.too_long"),
    }
    .into_owned()
}

/// What a code that is not a fresh one gives to read; or none at all.
pub(crate) fn wrong_code(code: &Secret<String>) -> Errors {
    Errors::one("code", if is_blank(code) { t!("fresh.missing") } else { t!("fresh.wrong") })
}

/// What else is to be corrected, when no code was typed either.
pub(crate) fn and_a_code(mut errors: Errors, code: &Secret<String>) -> Errors {
    if is_blank(code) {
        errors.add("code", t!("fresh.missing"));
    }
    errors
}

fn is_blank(code: &Secret<String>) -> bool {
    code.reveal().trim().is_empty()
}

/// The same, after too many tries, where something else was typed too and is kept.
pub(crate) fn too_many(wait: Span) -> Errors {
    Errors::one("code", t!("fresh.too_many", wait = maincourante_shell::wait(wait)))
}
