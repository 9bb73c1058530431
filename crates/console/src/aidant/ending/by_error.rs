//! `/aidant/personnes/{id}/suppression`: an account that was opened by error is deleted, while nobody ever used it.

use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::deletion::{self, Deletion};
use maincourante_shell::{Answer, At, Errors, Posted, Shell, go, not_found, page, refused};

use super::page::{Fields, Page, address, corrections};
use crate::who::Working;
use crate::{App, routes, words};

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<UsagerId>) -> Answer {
    match deletion::case(&app.mandates, &aidant, id).await? {
        Some(case) if case.until.is_some() => page(&of_deletion(shell, id, case.name)),
        // Not any more: the record shows what can be done.
        Some(_) => go(routes::of(routes::RECORD, id)),
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<UsagerId>,
    Posted(fields): Posted<Fields>,
) -> Answer {
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

fn of_deletion(shell: Shell, id: UsagerId, name: String) -> Page {
    let (back, action) = address(routes::DELETE_ACCOUNT, id);
    let kind = "by_error";
    Page { shell, errors: Errors::none(), kind, back, action, name, day: None, note: String::new(), asks_for_code: true, is_grave: true }
}
