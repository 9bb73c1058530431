//! `/aidant/personnes/{id}`: the record of a person: where the mandate stands, what is possible, what is not and why.
//! Opening it leaves a line that the person reads.

use askama::Template;
use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_kernel::Timestamp;
use maincourante_kernel::calendar::{self, Date};
use maincourante_mandates::people::{self, Older, Record, Standing};
use maincourante_mandates::prints::Wait;
use maincourante_mandates::{Power, Refusal, State as Stage, review};
use maincourante_shell::{Answer, At, Icon, Shell, not_found, page};
use rust_i18n::t;

use crate::register::{Day, days};
use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/record.html")]
struct Page {
    shell: Shell,
    usager: String,
    name: String,
    is_dead: bool,
    address: String,
    phone_end: Option<String>,
    mandate: Mandate,
    /// Something can be done under the mandate.
    gives: bool,
    access: Option<(String, String)>,
    /// The mandate waits for a print signed by hand; or the print is there.
    print: Wait,
    /// The words of the act that begins a new mandate, and whether it is what matters now.
    renew: Option<(String, bool)>,
    older: Vec<(String, String)>,
    closed: Vec<(String, String)>,
    days: Vec<Day>,
    /// Until when the account may be deleted, if it was opened by error.
    deletable: Option<String>,
    /// What a référent may record: the words, and where.
    endings: Vec<(String, String)>,
}

impl Page {
    /// A button stands above the list.
    fn offers_something(&self) -> bool {
        self.access.is_some() || self.print == Wait::Print || self.renew.as_ref().is_some_and(|(_, matters)| *matters)
    }

    /// What becomes of the mandate that stands, if one stands, while a new one is read.
    fn renew_means(&self) -> String {
        if self.gives { t!("renew.means") } else { t!("renew.means_over") }.into_owned()
    }
}

/// The notice on top: how it looks, and what it says.
struct Mandate {
    kind: &'static str,
    icon: Icon,
    title: String,
    signed: String,
    detail: Option<String>,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<UsagerId>) -> Answer {
    let Some(record) = people::record(&app.mandates, &aidant, id).await? else { return not_found() };
    let lines = review::of_record(&app.mandates, &aidant, id).await?.records;
    let now = app.now();
    page(&Page {
        shell,
        usager: record.person.id.to_string(),
        name: record.person.name(),
        is_dead: is_dead(&record),
        address: record.person.address.clone(),
        phone_end: record.phone_end.clone(),
        mandate: mandate(&record, now),
        gives: !matches!(record.standing, Standing::Closed(_)) && !nothing_left(&record),
        access: access(&record),
        print: record.print,
        renew: renew(&record, now),
        older: older(&record),
        closed: closed(&record),
        days: days(&lines, now),
        deletable: record.deletable_until.map(|until| calendar::moment(until, now)),
        endings: if aidant.as_referent().is_some() { endings(&record) } else { Vec::new() },
    })
}

fn mandate(record: &Record, now: Timestamp) -> Mandate {
    let signed = t!("record.signed", date = words::long(Date::at(record.activated_at))).into_owned();
    let (kind, icon, title, detail) = match record.standing {
        Standing::Valid { .. } if nothing_left(record) => {
            ("", Icon::Stop, t!("standing.nothing_left").into_owned(), Some(t!("record.nothing_left").into_owned()))
        }
        Standing::Valid { until } if record.newer_waits_until.is_some() => {
            let last = t!("standing.valid", date = words::long(words::last_day(until)));
            ("good", Icon::Check, last.into_owned(), Some(t!("record.newer_waits").into_owned()))
        }
        Standing::Valid { until } => {
            let last = t!("standing.valid", date = words::long(words::last_day(until)));
            let near = (words::days_left(until, now) <= words::SOON).then(|| words::standing(record.standing, now));
            ("good", Icon::Check, last.into_owned(), near)
        }
        Standing::Provisional { .. } => {
            ("", Icon::Clock, words::standing(record.standing, now), Some(t!("record.awaits_print").into_owned()))
        }
        Standing::Closed(refusal) if record.is_disputed => {
            ("", Icon::Stop, words::closed(refusal), Some(t!("record.disputed").into_owned()))
        }
        Standing::Closed(refusal) if record.print == Wait::Print => {
            ("", Icon::Stop, words::closed(refusal), Some(t!("record.suspended_for_print").into_owned()))
        }
        Standing::Closed(refusal) => {
            let detail = if is_dead(record) { t!("refused.no_more_dead") } else { t!("refused.no_more") };
            ("", Icon::Stop, words::closed(refusal), Some(detail.into_owned()))
        }
    };
    Mandate { kind, icon, title, signed, detail }
}

/// Nobody reads their lines, nor needs a sheet to begin with.
fn is_dead(record: &Record) -> bool {
    matches!(record.standing, Standing::Closed(Refusal::Over { how: Stage::EndedDeath, .. }))
}

/// Everything that could still be done was taken back.
fn nothing_left(record: &Record) -> bool {
    let of_use = |power: Power| power != Power::CreateAccount || record.person.secret_chosen_at.is_none();
    let is_closed = |refusal: &Option<Refusal>| matches!(refusal, Some(Refusal::Revoked { .. } | Refusal::NotGranted));
    let is_taken_back = |refusal: &Option<Refusal>| matches!(refusal, Some(Refusal::Revoked { .. }));
    let mut left = record.powers.iter().filter(|(power, _)| of_use(*power));
    left.all(|(_, refusal)| is_closed(refusal)) && record.powers.iter().any(|(_, refusal)| is_taken_back(refusal))
}

/// A new mandate can be prepared: to go on when this one is near its end or over, or to change what it allows.
fn renew(record: &Record, now: Timestamp) -> Option<(String, bool)> {
    let (word, matters) = match record.standing {
        _ if record.is_disputed => return None,
        Standing::Closed(Refusal::Over { how: Stage::EndedDeath | Stage::EndedProtection, .. }) => return None,
        Standing::Closed(Refusal::Suspended { .. }) | Standing::Provisional { .. } => ("renew.change", false),
        Standing::Closed(_) => ("renew.again", true),
        Standing::Valid { .. } if nothing_left(record) => ("renew.again", true),
        Standing::Valid { until } if words::days_left(until, now) <= words::SOON => ("renew.go", true),
        Standing::Valid { .. } => ("renew.change", false),
    };
    Some((t!(word).into_owned(), matters))
}

/// What was signed before, and where it is read.
fn older(record: &Record) -> Vec<(String, String)> {
    let link = |older: &Older| {
        let label = t!("record.older_one", number = older.number, date = words::long(Date::at(older.since)));
        (label.into_owned(), routes::of(routes::OLDER, record.person.id).replace("{mandate}", &older.mandate.to_string()))
    };
    record.older.iter().map(link).collect()
}

/// The mandate lives: it can end, or be held, or go on.
fn endings(record: &Record) -> Vec<(String, String)> {
    let turn = match record.standing {
        Standing::Closed(Refusal::Suspended { .. }) if record.is_disputed => Some(("resume", routes::RESUME)),
        Standing::Closed(Refusal::Suspended { .. }) => None,
        Standing::Closed(_) => return Vec::new(),
        Standing::Valid { .. } | Standing::Provisional { .. } => Some(("pause", routes::PAUSE)),
    };
    let ends = [("death", routes::DEATH), ("tutelle", routes::PROTECTION), ("renounced", routes::RENOUNCE)];
    let link = |(kind, pattern): (&str, &str)| (t!(format!("ending.{kind}.link")).into_owned(), routes::of(pattern, record.person.id));
    turn.into_iter().chain(ends).map(link).collect()
}

/// The main action, when it is possible: its words, and what it means. The first secret is part of creating the account.
fn access(record: &Record) -> Option<(String, String)> {
    let (power, label, means) = match record.person.secret_chosen_at {
        None if record.phone_end.is_none() && !record.has_sheet => {
            (record.to_choose, t!("record.first").into_owned(), t!("record.first_alone"))
        }
        None => (record.to_choose, t!("record.first").into_owned(), t!("record.first_means")),
        Some(_) if record.phone_end.is_none() => (Power::GiveAccessBack, words::power(&Power::GiveAccessBack), t!("record.again_by_sheet")),
        Some(_) => (Power::GiveAccessBack, words::power(&Power::GiveAccessBack), t!("record.again_means")),
    };
    let is_given = record.powers.iter().any(|(known, refusal)| *known == power && refusal.is_none());
    (is_given && can_prove(record)).then(|| (label, means.into_owned()))
}

/// A phone, a recovery sheet; or nothing, for who never had a secret to lose.
fn can_prove(record: &Record) -> bool {
    record.phone_end.is_some() || record.has_sheet || record.person.secret_chosen_at.is_none()
}

/// What gives nothing, each with its reason.
fn closed(record: &Record) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for (power, refusal) in &record.powers {
        let label = match (power, record.person.secret_chosen_at) {
            (Power::CreateAccount, None) if record.to_choose == Power::CreateAccount => t!("record.first").into_owned(),
            (Power::CreateAccount, _) => continue,
            (Power::GiveAccessBack, _) => words::power(power),
        };
        match refusal {
            Some(refusal) => rows.push((label, words::closed(*refusal))),
            None if !can_prove(record) => rows.push((label, t!("refused.no_phone").into_owned())),
            None => {}
        }
    }
    rows
}
