//! `/aidant/personnes/{id}/deces`, `tutelle` and `renoncer`: a référent writes that a mandate is over, and why.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::ending::{self, End, Ending, Typed};
use maincourante_shell::{Answer, At, Errors, Posted, Shell, go, not_found, page, refused};

use super::page::{Fields, Page, address, corrections, name};
use crate::who::Working;
use crate::{App, routes, words};

/// `/aidant/personnes/{id}/deces`: the person died. Nobody else's mandate ends, and the account stays.
pub(crate) async fn show_death(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_end(&app, working, id, End::Death).await
}

pub(crate) async fn submit_death(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_end(&app, working, id, End::Death, fields).await
}

/// `/aidant/personnes/{id}/tutelle`: a judge gave the person a tutor.
pub(crate) async fn show_protection(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_end(&app, working, id, End::Protection).await
}

pub(crate) async fn submit_protection(
    State(app): State<App>,
    working: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    submit_end(&app, working, id, End::Protection, fields).await
}

/// `/aidant/personnes/{id}/renoncer`: the structure gives the mandate up (civil code, article 2007).
pub(crate) async fn show_renounced(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_end(&app, working, id, End::Renounced).await
}

pub(crate) async fn submit_renounced(
    State(app): State<App>,
    working: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    submit_end(&app, working, id, End::Renounced, fields).await
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

async fn show_end(app: &App, Working { aidant, shell }: Working, id: UsagerId, end: End) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match ending::case(&app.mandates, &referent, id).await? {
        Some(case) if case.lives => page(&of_end(shell, end, id, case.name)),
        // It is over: the record says since when.
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

async fn submit_end(app: &App, Working { aidant, shell }: Working, id: UsagerId, end: End, fields: Fields) -> Answer {
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
