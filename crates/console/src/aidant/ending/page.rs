//! What these pages share: their words, and what is to be corrected in them.

use askama::Template;
use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Secret};
use maincourante_mandates::deletion::{self, Deletion};
use maincourante_mandates::dispute::{self, Turn, Turned};
use maincourante_mandates::ending::{self, End, Ending, Typed, Wrong};
use maincourante_shell::{Answer, Errors, Icon, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/ending/page.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    /// Which of these pages: the name of its words.
    kind: &'static str,
    back: String,
    action: String,
    name: String,
    /// The day of the death, as typed.
    day: Option<String>,
    note: String,
    /// It binds: a code is typed in the same form.
    asks_for_code: bool,
    /// It takes something from the person: the button is red.
    is_grave: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    day: String,
    note: String,
    code: Secret<String>,
}

impl Page {
    fn says(&self, what: &str) -> String {
        t!(format!("ending.{}.{what}", self.kind), name = self.name).into_owned()
    }

    /// Who reads what is written here: the person too, unless they died or have no account any more.
    fn note_hint(&self) -> String {
        if matches!(self.kind, "death" | "by_error") { t!("ending.note_hint_alone") } else { t!("ending.note_hint") }.into_owned()
    }
}

fn address(pattern: &str, id: UsagerId) -> (String, String) {
    (routes::of(routes::RECORD, id), routes::of(pattern, id))
}

fn of_end(shell: Shell, end: End, id: UsagerId, name: String) -> Page {
    let pattern = match end {
        End::Death => routes::DEATH,
        End::Protection => routes::PROTECTION,
        End::Renounced => routes::RENOUNCE,
    };
    let (back, action) = address(pattern, id);
    let day = end.asks_for_day().then(String::new);
    let kind = end.as_str();
    Page { shell, errors: Errors::none(), kind, back, action, name, day, note: String::new(), asks_for_code: true, is_grave: true }
}

fn of_turn(shell: Shell, turn: Turn, id: UsagerId, name: String) -> Page {
    let (kind, pattern) = match turn {
        Turn::Pause => ("pause", routes::PAUSE),
        Turn::Resume => ("resume", routes::RESUME),
    };
    let (back, action) = address(pattern, id);
    let is_grave = turn == Turn::Pause;
    Page { shell, errors: Errors::none(), kind, back, action, name, day: None, note: String::new(), asks_for_code: false, is_grave }
}

fn of_deletion(shell: Shell, id: UsagerId, name: String) -> Page {
    let (back, action) = address(routes::DELETE_ACCOUNT, id);
    let kind = "by_error";
    Page { shell, errors: Errors::none(), kind, back, action, name, day: None, note: String::new(), asks_for_code: true, is_grave: true }
}

fn sentence(wrong: Wrong) -> String {
    match wrong {
        Wrong::NoDay => t!("ending.no_day"),
        Wrong::NotADay => t!("problem.birth_date.not_a_day"),
        Wrong::DayOutOfRange => t!("ending.day_out_of_range"),
        Wrong::NoNote => t!("ending.no_note"),
        Wrong::TooLong => t!("words.too_long"),
    }
    .into_owned()
}

pub(super) async fn show_end(app: &App, Working { aidant, shell }: Working, id: UsagerId, end: End) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match ending::case(&app.mandates, &referent, id).await? {
        Some(case) if case.lives => page(&of_end(shell, end, id, case.name)),
        // It is over: the record says since when.
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

pub(super) async fn submit_end(app: &App, Working { aidant, shell }: Working, id: UsagerId, end: End, fields: Fields) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let typed = Typed { day: fields.day, note: fields.note, code: fields.code };
    let errors = match ending::end(&app.mandates, &referent, id, end, &typed).await? {
        Ending::Ended | Ending::AlreadyOver => return go(routes::of(routes::RECORD, id)),
        Ending::Unknown => return not_found(),
        Ending::WrongCode => words::wrong_code(&typed.code),
        Ending::TooMany { wait } => words::too_many(wait),
        Ending::Problems(problems) => words::and_a_code(corrections(&problems), &typed.code),
    };
    let name = name(app, &referent, id).await?;
    let drawn = of_end(shell, end, id, name);
    refused(&Page { errors, day: drawn.day.is_some().then_some(typed.day), note: typed.note, ..drawn })
}

async fn name(app: &App, referent: &maincourante_mandates::SignedInReferent<'_>, id: UsagerId) -> Result<String, Failure> {
    Ok(ending::case(&app.mandates, referent, id).await?.map(|case| case.name).unwrap_or_default())
}

fn corrections(problems: &[(&'static str, Wrong)]) -> Errors {
    let mut errors = Errors::none();
    for (field, what) in problems {
        errors.add(field, sentence(*what));
    }
    errors
}

pub(super) async fn show_turn(app: &App, Working { aidant, shell }: Working, id: UsagerId, turn: Turn) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match dispute::case(&app.mandates, &referent, id).await? {
        Some(case) if case.turn == Some(turn) => page(&of_turn(shell, turn, id, case.name)),
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

pub(super) async fn submit_turn(app: &App, Working { aidant, shell }: Working, id: UsagerId, turn: Turn, fields: Fields) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let errors = match dispute::turn(&app.mandates, &referent, id, turn, &fields.note).await? {
        Turned::Done | Turned::Not => return go(routes::of(routes::RECORD, id)),
        Turned::Unknown => return not_found(),
        Turned::Problem(what) => corrections(&[("note", what)]),
    };
    let name = name(app, &referent, id).await?;
    refused(&Page { errors, note: fields.note, ..of_turn(shell, turn, id, name) })
}

pub(super) async fn show_deletion(app: &App, Working { aidant, shell }: Working, id: UsagerId) -> Answer {
    match deletion::case(&app.mandates, &aidant, id).await? {
        Some(case) if case.until.is_some() => page(&of_deletion(shell, id, case.name)),
        // Not any more: the record shows what can be done.
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

pub(super) async fn submit_deletion(app: &App, Working { aidant, shell }: Working, id: UsagerId, fields: Fields) -> Answer {
    let Some(case) = deletion::case(&app.mandates, &aidant, id).await? else { return not_found() };
    let errors = match deletion::delete(&app.mandates, &aidant, id, &fields.note, &fields.code).await? {
        Deletion::Deleted => return go(format!("{}?supprime", routes::HOME)),
        Deletion::NotPossible => return go(routes::of(routes::RECORD, id)),
        Deletion::Unknown => return not_found(),
        Deletion::WrongCode => words::wrong_code(&fields.code),
        Deletion::TooMany { wait } => words::too_many(wait),
        Deletion::Problem(what) => words::and_a_code(corrections(&[("note", what)]), &fields.code),
    };
    refused(&Page { errors, note: fields.note, ..of_deletion(shell, id, case.name) })
}
