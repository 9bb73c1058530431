//! A mandate in the words of its person: with whom, until when, what was granted.

use maincourante_journal::of_structure;
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::seconds;
use maincourante_mandates::mine::MyMandate;
use maincourante_mandates::prints::Wait;
use maincourante_mandates::{MandateId, Power, Refusal};
use rust_i18n::t;

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
    pub powers: Vec<String>,
    /// What is missing, and what to do about it.
    pub waits: Option<String>,
    /// The print that the person signed by hand is there.
    pub has_print: bool,
    pub can_be_stopped: bool,
    /// The person stopped it.
    pub stopped: bool,
}

impl From<MyMandate> for Told {
    fn from(mandate: MyMandate) -> Self {
        let can_be_stopped = mandate.can_be_stopped();
        // As long as it is provisional, one power is of use.
        let of_use = |power: &&Power| mandate.provisional_until.is_none() || **power == Power::CreateAccount;
        let powers = mandate.powers.iter().filter(of_use).map(|power| t!(format!("power.{}", power.as_str())).into_owned());
        Self {
            id: mandate.id,
            of_structure: of_structure(&mandate.structure.name),
            standing: standing(&mandate),
            waits: waits(&mandate),
            has_print: mandate.print == Wait::Here,
            // In pause, nothing is possible.
            powers: if mandate.closed.is_none() { powers.collect() } else { Vec::new() },
            can_be_stopped,
            stopped: matches!(mandate.closed, Some(Refusal::Stopped { .. })),
            structure: mandate.structure.name,
        }
    }
}

/// A mandate without its signed print is provisional, or in pause because of it.
fn waits(mandate: &MyMandate) -> Option<String> {
    let key = match (mandate.print, mandate.closed) {
        (Wait::Print, Some(Refusal::Suspended { .. })) => "paused_for_print",
        (Wait::Print, None | Some(Refusal::Provisional { .. })) => "awaits_print",
        _ => return None,
    };
    Some(t!(format!("mandate.{key}")).into_owned())
}

fn standing(mandate: &MyMandate) -> String {
    let said = |key: &str, date: Date| t!(format!("mandate.{key}"), date = date.long()).into_owned();
    match (mandate.closed, mandate.provisional_until) {
        (None | Some(Refusal::NotGranted), None) => said("valid", last_day(mandate.ends_at)),
        (None | Some(Refusal::NotGranted), Some(until)) | (Some(Refusal::Provisional { until }), _) => said("provisional", Date::at(until)),
        (Some(Refusal::Expired { since }), _) => said("expired", last_day(since)),
        (Some(Refusal::Stopped { since }), _) => said("stopped", Date::at(since)),
        (Some(Refusal::Over { since }), _) => said("over", Date::at(since)),
        (Some(Refusal::Suspended { since }), _) if mandate.structure_in_pause => said("structure_in_pause", Date::at(since)),
        (Some(Refusal::Suspended { since }), _) => said("suspended", Date::at(since)),
    }
}

/// A mandate ends with the first instant after its last day.
fn last_day(end: Timestamp) -> Date {
    Date::at(end.minus(seconds(1)))
}
