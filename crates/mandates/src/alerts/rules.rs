//! What is unusual in the log of a structure: pure rules over its lines, with their thresholds and why.
//!
//! A rule looks at what was done, never at what was tried. It sees what the structure may read, nothing of what a person does alone.

use std::collections::{BTreeMap, BTreeSet};

use maincourante_identity::{StaffId, UsagerId};
use maincourante_journal::{Actor, Ended, Event, Record, SubjectKind};
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::clock::{Span, hours};
use uuid::Uuid;

use super::Rule;
use crate::Power;

/// From this hour on, acts for someone are those of a working day. Some receive before work; nobody at six.
pub(crate) const DAY_BEGINS: i8 = 7;
/// From this hour on they are not: late openings end at 19 h, and an hour is left to tidy up. Opening hours are kept as a sentence
/// ("le mardi, de 9 h à 17 h"): no rule reads them.
pub(crate) const DAY_ENDS: i8 = 20;

/// Bursts are looked for within an hour: long enough for a series, short enough for a working day not to be one.
pub(crate) const BURST: Span = hours(1);
/// Different persons whose records one aidant opened within [`BURST`]. A visit takes a quarter of an hour; preparing a week of appointments opens
/// a dozen records, and thirty is copying a list.
pub(crate) const MANY_RECORDS: usize = 30;
/// Different persons to whom one aidant gave access back within [`BURST`]: each takes ten minutes with the person, who types a code and a secret.
pub(crate) const MANY_ACCESSES: usize = 5;

/// How long after a phone was changed or verified giving access back is worth a look: who takes an account over does it before its owner
/// notices the text messages that no longer come.
pub(crate) const AFTER_PHONE: Span = hours(72);

/// Accounts on one number. A couple shares a phone, and sometimes a grown child's; three accounts is someone who receives the codes of others.
pub(crate) const MANY_ACCOUNTS: usize = 3;

/// Everything a rule looks at.
pub(crate) const WATCHED: [Event; 8] = [
    Event::RecordViewed,
    Event::AccessHandoverStarted,
    Event::PhoneVerified,
    Event::PhoneChanged,
    Event::AccountCreated,
    Event::MandateActivated,
    Event::PresenceStarted,
    Event::DocumentDeposited,
];

/// The longest a rule looks back.
pub(crate) const MEMORY: Span = AFTER_PHONE;

/// What a rule found: whom it is about, what makes it the same, on which lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub rule: Rule,
    pub facts: String,
    pub aidant: StaffId,
    pub lines: Vec<Uuid>,
}

/// A line that counts: done by an aidant, for a person.
struct Act<'a> {
    record: &'a Record,
    aidant: StaffId,
    usager: UsagerId,
    is_new: bool,
}

/// What the lines from number `new` on add to the others. `records` are in the order they were written.
pub(crate) fn look(records: &[Record], new: i64) -> Vec<Found> {
    let acts: Vec<Act<'_>> = records.iter().filter_map(|record| act(record, new)).collect();
    let mut found = odd_hours(&acts);
    found.extend(burst(&acts, Rule::ManyRecords, MANY_RECORDS, |record| record.event == Event::RecordViewed));
    found.extend(burst(&acts, Rule::ManyAccesses, MANY_ACCESSES, gives_access_back));
    found.extend(phone_then_access(&acts));
    found
}

fn act(record: &Record, new: i64) -> Option<Act<'_>> {
    let Actor::Aidant(aidant) = record.actor else { return None };
    let usager = record.subject(SubjectKind::Usager)?.id;
    let is_done = record.ended == Ended::Done && WATCHED.contains(&record.event);
    is_done.then(|| Act { record, aidant: aidant.into(), usager: usager.into(), is_new: record.seq >= new })
}

/// Whether someone may be received at this instant, in Paris. Public holidays are days like others: no calendar of them is kept.
pub(crate) fn is_working_hour(at: Timestamp) -> bool {
    (DAY_BEGINS..DAY_ENDS).contains(&calendar::hour_of_day(at)) && !Date::at(at).is_sunday()
}

/// One alert for each aidant and each day.
fn odd_hours(acts: &[Act<'_>]) -> Vec<Found> {
    let mut days: BTreeMap<(String, StaffId), Vec<Uuid>> = BTreeMap::new();
    for act in acts.iter().filter(|act| act.is_new && !is_working_hour(act.record.at)) {
        days.entry((Date::at(act.record.at).iso(), act.aidant)).or_default().push(act.record.id);
    }
    let told = |((day, aidant), lines)| Found { rule: Rule::OddHours, facts: format!("{aidant} {day}"), aidant, lines };
    days.into_iter().map(told).collect()
}

/// At least `many` different persons within [`BURST`]: one alert for each aidant and each day.
fn burst(acts: &[Act<'_>], rule: Rule, many: usize, counts: impl Fn(&Record) -> bool) -> Vec<Found> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    for last in acts.iter().filter(|act| act.is_new && counts(act.record)) {
        let within = |act: &&Act<'_>| {
            act.aidant == last.aidant
                && counts(act.record)
                && act.record.seq <= last.record.seq
                && last.record.at.minus(BURST) < act.record.at
        };
        let burst: Vec<&Act<'_>> = acts.iter().filter(within).collect();
        if burst.iter().map(|act| act.usager).collect::<BTreeSet<_>>().len() >= many {
            let facts = format!("{} {}", last.aidant, Date::at(last.record.at).iso());
            let lines = burst.iter().map(|act| act.record.id).collect();
            // The longest of the day: each one that goes on replaces what it continues.
            found.insert(facts.clone(), Found { rule, facts, aidant: last.aidant, lines });
        }
    }
    found.into_values().collect()
}

/// Under this power: the first secret of an account that was just opened is no access given back.
fn gives_access_back(record: &Record) -> bool {
    record.event == Event::AccessHandoverStarted && record.power.as_deref() == Some(Power::GiveAccessBack.as_str())
}

/// One alert for each phone. In this version a phone is verified when the account is opened and nothing changes it afterwards: no act writes
/// `phone.changed`, which has its word in the journal, and which this rule and that of the shared number already read.
fn phone_then_access(acts: &[Act<'_>]) -> Vec<Found> {
    let is_phone = |act: &&Act<'_>| matches!(act.record.event, Event::PhoneVerified | Event::PhoneChanged);
    let mut found = Vec::new();
    for given in acts.iter().filter(|act| act.is_new && gives_access_back(act.record)) {
        let before = |phone: &&Act<'_>| {
            phone.usager == given.usager && phone.record.seq < given.record.seq && given.record.at.minus(AFTER_PHONE) < phone.record.at
        };
        if let Some(phone) = acts.iter().filter(is_phone).rfind(before) {
            let lines = vec![phone.record.id, given.record.id];
            found.push(Found { rule: Rule::PhoneThenAccess, facts: phone.record.id.to_string(), aidant: given.aidant, lines });
        }
    }
    found
}
