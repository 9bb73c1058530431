//! `/aidant`: the people that the structure helps, and what was left unfinished.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::{Timestamp, calendar};
use maincourante_mandates::people::{self, Known, Standing, Unfinished};
use maincourante_mandates::{MandateId, MemberRole, State as Stage};
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::Working;
use crate::{App, words};

/// People on one page: what one reads without getting lost, and a page that stays light.
const PAGE: usize = 30;

#[derive(Template)]
#[template(path = "console/aidant/home.html")]
struct Page {
    shell: Shell,
    aidant: String,
    words: String,
    is_referent: bool,
    count: String,
    ending: Vec<Row>,
    unfinished: Vec<Draft>,
    known: Vec<Row>,
    more: Option<String>,
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
}

pub(crate) async fn show(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    let Wanted { q, page: number } = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let words: String = q.trim().chars().take(80).collect();
    // A page that is no number is the first one.
    let number = number.and_then(|number| number.parse::<usize>().ok()).map_or(1, |number| number.clamp(1, 1000));
    let now = app.now();
    let people = people::list(&app.mandates, &aidant, &words).await?;
    let ending = if words.is_empty() && number == 1 { ending(&people.known, now) } else { Vec::new() };
    let left = people.known.len().saturating_sub(number * PAGE);
    let first = (number - 1) * PAGE;
    page(&Page {
        shell,
        aidant: aidant.name().to_owned(),
        is_referent: aidant.role() == MemberRole::Referent,
        count: count(people.known.len()),
        ending,
        unfinished: if number == 1 { people.unfinished.into_iter().map(|draft| unfinished(draft, now)).collect() } else { Vec::new() },
        known: people.known.iter().skip(first).take(PAGE).map(|known| row(known, now)).collect(),
        more: (left > 0).then(|| query(&words, number + 1)),
        words,
    })
}

fn count(people: usize) -> String {
    match people {
        0 => t!("home.count_none"),
        1 => t!("home.count_one"),
        many => t!("home.count_many", count = many),
    }
    .into_owned()
}

fn ending(known: &[Known], now: Timestamp) -> Vec<Row> {
    let near = |known: &&Known| matches!(known.standing, Standing::Valid { until } if words::days_left(until, now) <= words::SOON);
    let mut near: Vec<&Known> = known.iter().filter(near).collect();
    near.sort_by_key(|known| match known.standing {
        Standing::Valid { until } | Standing::Provisional { until } => Some(until),
        Standing::Closed(_) => None,
    });
    near.into_iter().take(PAGE).map(|known| row(known, now)).collect()
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
        Stage::Presented => t!("home.missing_signature"),
        Stage::Signed => t!("home.missing_countersignature"),
        _ => t!("home.missing_steps"),
    };
    Draft { id: draft.mandate, name: draft.name, missing: missing.into_owned(), begun: calendar::moment(draft.begun_at, now) }
}

fn query(words: &str, number: usize) -> String {
    let words: String = words
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("?q={words}&page={number}")
}
