//! `/aidant`: the people that the structure helps, and what was left unfinished.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Timestamp, calendar};
use maincourante_mandates::people::{self, Asked, Known, PAGE, Standing, Unfinished};
use maincourante_mandates::review::reason;
use maincourante_mandates::{Account, MandateId, MemberRole, State as Stage};
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;
use serde::Deserialize;

use super::reason::Row as Question;
use crate::who::Working;
use crate::{App, words};

#[derive(Template)]
#[template(path = "console/aidant/home.html")]
struct Page {
    shell: Shell,
    aidant: String,
    words: String,
    is_referent: bool,
    count: String,
    /// An account opened by error was just deleted.
    is_deleted: bool,
    questions: Vec<Question>,
    ending: Rows<Row>,
    unfinished: Rows<Draft>,
    known: Vec<Row>,
    newer: Option<String>,
    more: Option<String>,
}

/// A list that comes before the one a person is looked for in: its first rows, then those that are folded.
struct Rows<T> {
    first: Vec<T>,
    others: Vec<T>,
}

impl<T> Rows<T> {
    fn new(rows: impl Iterator<Item = T>) -> Self {
        const FIRST: usize = 5;
        let mut first: Vec<T> = rows.collect();
        let others = first.split_off(first.len().min(FIRST));
        Self { first, others }
    }

    fn count(&self) -> usize {
        self.first.len() + self.others.len()
    }

    /// "Voir aussi 4 personnes".
    fn say_others(&self) -> String {
        match self.others.len() {
            1 => t!("home.other").into_owned(),
            count => t!("home.others", count = count).into_owned(),
        }
    }
}

struct Row {
    id: String,
    name: String,
    address: String,
    mandate: String,
    is_closed: bool,
}

struct Draft {
    id: MandateId,
    name: String,
    missing: String,
    begun: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Wanted {
    q: String,
    page: Option<String>,
    supprime: Option<String>,
}

pub(crate) async fn show(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Wanted { q, page: number, supprime } = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let words: String = q.trim().chars().take(80).collect();
    // A page that is no number is the first one.
    let number = number.and_then(|number| number.parse::<usize>().ok()).map_or(1, |number| number.clamp(1, 1000));
    let now = app.now();
    let ending_before = Date::at(now).plus_days(words::SOON).end();
    let people = people::list(&app.mandates, &aidant, Asked { words: &words, page: number, ending_before }).await?;
    let questions = reason::questions(&app.mandates, &aidant).await?.into_iter().map(Question::from).collect();
    page(&Page {
        shell,
        aidant: aidant.name().to_owned(),
        is_referent: aidant.role() == MemberRole::Referent,
        count: count(people.count, !words.is_empty()),
        is_deleted: supprime.is_some(),
        questions,
        ending: Rows::new(people.ending.iter().map(|known| row(known, now))),
        unfinished: Rows::new(people.unfinished.into_iter().map(|draft| unfinished(draft, now))),
        known: people.known.iter().map(|known| row(known, now)).collect(),
        newer: (number > 1).then(|| query(&words, number - 1)),
        more: (people.count > number * PAGE).then(|| query(&words, number + 1)),
        words,
    })
}

/// How many there are, or were found.
fn count(people: usize, is_found: bool) -> String {
    match (people, is_found) {
        (0, false) => t!("home.count_none"),
        (1, false) => t!("home.count_one"),
        (many, false) => t!("home.count_many", count = many),
        (0, true) => t!("home.found_none"),
        (1, true) => t!("home.found_one"),
        (many, true) => t!("home.found_many", count = many),
    }
    .into_owned()
}

fn row(known: &Known, now: Timestamp) -> Row {
    Row {
        id: known.person.id.to_string(),
        name: known.person.name(),
        address: known.person.address.clone(),
        mandate: words::standing(known.standing, now),
        is_closed: matches!(known.standing, Standing::Closed(_)),
    }
}

fn unfinished(draft: Unfinished, now: Timestamp) -> Draft {
    let missing = match draft.state {
        _ if draft.name.is_empty() => t!("home.missing_whom"),
        Stage::Presented if draft.account == Account::Open => t!("home.known_signature"),
        Stage::Signed if draft.account == Account::Open => t!("home.known_countersignature"),
        _ if draft.account == Account::Open => t!("home.known_steps"),
        Stage::Presented => t!("home.missing_signature"),
        Stage::Signed => t!("home.missing_countersignature"),
        _ => t!("home.missing_steps"),
    };
    let name = if draft.name.is_empty() { t!("home.unnamed").into_owned() } else { draft.name };
    Draft { id: draft.mandate, name, missing: missing.into_owned(), begun: calendar::moment(draft.begun_at, now) }
}

fn query(words: &str, number: usize) -> String {
    let words: String = words
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("?q={words}&page={number}")
}
