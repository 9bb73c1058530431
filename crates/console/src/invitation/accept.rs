//! `/invitation/accepter`: someone who signs in already joins another team, and is told so whoever is signed in on this browser.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::joining::{self, Accept};
use maincourante_shell::{Answer, CookieName, Nothing, Posted, Shell, With, go, page};
use rust_i18n::t;

use super::token;
use crate::who::AtEntrance;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/invitation/accepted.html")]
struct Page {
    shell: Shell,
    structure: String,
}

pub(crate) async fn submit(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    match joining::accept(&app.mandates, &token(&shell)).await? {
        Accept::Done { structure } => {
            let forget = shell.forget(CookieName::Invitation);
            page(&Page { shell, structure }).with(forget)
        }
        Accept::Shut => go(routes::INVITATION),
    }
}
