//! `/signer/feuille-de-secours`: the person makes and prints their recovery sheet, here and nowhere else. Its codes are in this
//! answer only: it is kept by no browser, and no page of the aidant ever holds it.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::{aidants, secret_screen};
use maincourante_shell::{Answer, CookieName, Once, Posted, Shell, go, page};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/sheet.html")]
struct Page {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "console/lent/sheet_made.html")]
struct Made {
    shell: Shell,
    name: String,
    address: String,
    web_address: String,
    /// "K7RF3 M9X2A".
    codes: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Fields {
    once: Option<Once>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Chosen { .. } => {
            let shell = match aidants::borrower(&app.mandates, hand_over.purpose(), hand_over.subject()).await? {
                Some(name) => shell.lent_to(name),
                None => shell,
            };
            page(&Page { shell })
        }
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    Borrowed { hand_over, shell }: Borrowed,
    Posted(Fields { once }): Posted<Fields>,
) -> Answer {
    let (Some(once), Some(token)) = (once, shell.cookie(CookieName::Lent)) else { return go(routes::LENT_SHEET) };
    let Some(sheet) = secret_screen::make_sheet(&app.mandates, &hand_over, &token, once.uuid()).await? else { return go(routes::LENT) };
    page(&Made {
        shell: shell.lent_to(&sheet.name),
        name: sheet.name,
        address: sheet.address,
        web_address: app.mandates.imprint.web_address.clone(),
        codes: sheet.codes.iter().map(|code| spaced(code.reveal())).collect(),
    })
}

/// In two groups, as one reads it aloud.
fn spaced(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first} {second}")
}
