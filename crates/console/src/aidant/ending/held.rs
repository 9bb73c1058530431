//! `/aidant/personnes/{id}/pause` and `reprise`: a référent holds the mandate because of a dispute, or lets it go on.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::dispute::{self, Turn, Turned};
use maincourante_shell::{Answer, At, Errors, Posted, Shell, go, not_found, page, refused};

use super::page::{Fields, Page, address, corrections, name};
use crate::who::Working;
use crate::{App, routes};

pub(crate) async fn show_pause(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_turn(&app, working, id, Turn::Pause).await
}

pub(crate) async fn submit_pause(State(app): State<App>, working: Working, At(id): At<UsagerId>, Posted(fields): Posted<Fields>) -> Answer {
    submit_turn(&app, working, id, Turn::Pause, fields).await
}

pub(crate) async fn show_resume(State(app): State<App>, working: Working, At(id): At<UsagerId>) -> Answer {
    show_turn(&app, working, id, Turn::Resume).await
}

pub(crate) async fn submit_resume(
    State(app): State<App>,
    working: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
    submit_turn(&app, working, id, Turn::Resume, fields).await
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

async fn show_turn(app: &App, Working { aidant, shell }: Working, id: UsagerId, turn: Turn) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    match dispute::case(&app.mandates, &referent, id).await? {
        Some(case) if case.turn == Some(turn) => page(&of_turn(shell, turn, id, case.name)),
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

async fn submit_turn(app: &App, Working { aidant, shell }: Working, id: UsagerId, turn: Turn, fields: Fields) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let errors = match dispute::turn(&app.mandates, &referent, id, turn, &fields.note).await? {
        Turned::Done | Turned::Not => return go(routes::of(routes::RECORD, id)),
        Turned::Unknown => return not_found(),
        Turned::Problem(what) => corrections(&[("note", what)]),
    };
    let name = name(app, &referent, id).await?;
    refused(&Page { errors, note: fields.note, ..of_turn(shell, turn, id, name) })
}
