//! A mandate in the words of its person: with whom, until when, what was granted.

use maincourante_journal::of_structure;
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::seconds;
use maincourante_mandates::mine::MyMandate;
use maincourante_mandates::prints::Wait;
use maincourante_mandates::{Account, MandateId, Power, Refusal};
use rust_i18n::t;

use crate::routes;

/// A mandate, ready to be told.
pub(crate) struct Told {
    pub id: MandateId,
    /// "CCAS de Vaudorme".
    pub structure: String,
    /// "du CCAS de Vaudorme".
    pub of_structure: String,
    /// Until when it holds, or why it does not.
    pub standing: String,
    /// What helpers may do under it; nothing when it is over or in pause.
    pub powers: Vec<Given>,
    /// What the person took back, and when.
    pub revoked: Vec<(String, String)>,
    /// It lives, and everything that could still be done under it was taken back.
    pub nothing_left: Option<String>,
    /// What is missing, and what to do about it.
    pub waits: Option<String>,
    /// The print that the person signed by hand is there.
    pub has_print: bool,
    pub can_be_stopped: bool,
    /// The person stopped it.
    pub stopped: bool,
}

/// Something that helpers may do.
pub(crate) struct Given {
    pub words: String,
    /// Where it is taken back alone, while something may still be done under it.
    pub revoke: Option<String>,
}

/// What a power allows, in the words of its person.
pub(crate) fn words(power: Power) -> String {
    t!(format!("power.{}", power.as_str())).into_owned()
}

impl From<MyMandate> for Told {
    fn from(mandate: MyMandate) -> Self {
        let can_be_stopped = mandate.can_be_stopped();
        // As long as it is provisional, one power is of use.
        let of_use = |power: &&Power| mandate.provisional_until.is_none() || **power == Power::CreateAccount;
        let given = |power: &Power| Given {
            words: words(*power),
            revoke: mandate.of_use.contains(power).then(|| routes::revoke(&mandate.id, *power)),
        };
        let powers = mandate.powers.iter().filter(of_use).map(given);
        let revoked = mandate.revoked.iter().map(|(power, since)| (words(*power), Date::at(*since).long()));
        Self {
            id: mandate.id,
            of_structure: of_structure(&mandate.structure.name),
            standing: standing(&mandate),
            waits: waits(&mandate),
            has_print: mandate.print == Wait::Here,
            // In pause, nothing is possible.
            powers: if mandate.closed.is_none() { powers.collect() } else { Vec::new() },
            revoked: if can_be_stopped { revoked.collect() } else { Vec::new() },
            nothing_left: nothing_left(&mandate).then(|| t!("help.revoke.nothing_left").into_owned()),
            can_be_stopped,
            stopped: matches!(mandate.closed, Some(Refusal::Stopped { .. })),
            structure: mandate.structure.name,
        }
    }
}

/// It lives, and everything that could still be done under it was taken back.
fn nothing_left(mandate: &MyMandate) -> bool {
    mandate.closed.is_none() && mandate.of_use.is_empty() && !mandate.revoked.is_empty()
}

/// A mandate without its signed print is provisional, or in pause because of it.
fn waits(mandate: &MyMandate) -> Option<String> {
    let key = match (mandate.print, mandate.closed) {
        (Wait::Print, Some(Refusal::Suspended { .. })) if !mandate.is_disputed => "paused_for_print",
        (Wait::Print, None | Some(Refusal::Provisional { .. })) => "awaits_print",
        _ => return None,
    };
    Some(t!(format!("mandate.{key}")).into_owned())
}

fn standing(mandate: &MyMandate) -> String {
    let said = |key: &str, date: Date| t!(format!("mandate.{key}"), date = date.long()).into_owned();
    match (mandate.closed, mandate.provisional_until) {
        _ if nothing_left(mandate) => t!("mandate.nothing_left").into_owned(),
        (None | Some(Refusal::NotGranted | Refusal::Revoked { .. }), None) => said("valid", last_day(mandate.ends_at)),
        (None | Some(Refusal::NotGranted | Refusal::Revoked { .. }), Some(until)) | (Some(Refusal::Provisional { until }), _) => {
            said(if mandate.account == Account::Open { "provisional_known" } else { "provisional" }, Date::at(until))
        }
        (Some(Refusal::Expired { since }), _) => said("expired", last_day(since)),
        (Some(Refusal::Stopped { since }), _) => said("stopped", Date::at(since)),
        (Some(Refusal::Over { since, how }), _) => said(how.end_word(), Date::at(since)),
        (Some(Refusal::Suspended { since }), _) if mandate.is_disputed => said("disputed", Date::at(since)),
        (Some(Refusal::Suspended { since }), _) if mandate.structure_in_pause => said("structure_in_pause", Date::at(since)),
        (Some(Refusal::Suspended { since }), _) => said("suspended", Date::at(since)),
    }
}

/// A mandate ends with the first instant after its last day.
fn last_day(end: Timestamp) -> Date {
    Date::at(end.minus(seconds(1)))
}
