//! `/aidant/ecran-prete`: the one page that an aidant reaches while their screen is lent. A fresh code takes it back.

use askama::Template;
use axum::extract::State;
use maincourante_identity::LentSession;
use maincourante_kernel::Secret;
use maincourante_mandates::aidants::{Errand, LentFor, Unlock, lent_for, unlock};
use maincourante_shell::{Answer, Broken, CookieName, Errors, Icon, Posted, Shell, WhileLent, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/lock.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    title: String,
    aidant: String,
    /// Whether this browser is the one that was lent: the person may have landed here by "back".
    is_here: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, WhileLent { lent, shell }: WhileLent) -> Answer {
    let to = lent_for(&app.mandates, &lent).await?;
    page(&draw(shell, &lent, to, Errors::none()))
}

pub(crate) async fn submit(State(app): State<App>, WhileLent { lent, shell }: WhileLent, Posted(fields): Posted<Fields>) -> Answer {
    let to = lent_for(&app.mandates, &lent).await?;
    let errors = match unlock(&app.mandates, &lent, &fields.code).await? {
        // Whoever signed in to their mailbox on this browser meanwhile does not leave it open behind them.
        Unlock::Back(_) => return go(next(to.errand)).with(shell.forget(CookieName::Lent)).with(shell.ends_mailbox().await?),
        Unlock::Wrong => words::wrong_code(&fields.code),
        Unlock::TooMany { wait } => return Err(Broken::TooMany { wait }),
    };
    refused(&draw(shell, &lent, to, errors))
}

/// Where the aidant goes on from.
fn next(errand: Errand) -> String {
    match errand {
        Errand::Sign(mandate) | Errand::FirstSecret(mandate) | Errand::Find(mandate) => routes::of(routes::DRAFT, mandate),
        Errand::NewSecret(usager) => routes::of(routes::RECORD, usager),
    }
}

fn draw(shell: Shell, lent: &LentSession, to: LentFor, errors: Errors) -> Page {
    let shell = if let Some(structure) = to.structure { shell.for_structure(structure) } else { shell };
    let title = if let Some(name) = to.name { t!("lock.title", name = name) } else { t!("lock.title_unnamed") };
    Page { errors, title: title.into_owned(), aidant: lent.name().to_owned(), is_here: shell.cookie(CookieName::Lent).is_some(), shell }
}
