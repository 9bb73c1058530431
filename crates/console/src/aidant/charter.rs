//! `/aidant/charte`: what whoever helps promises, read and accepted before the first act, and again when it changes.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::charter::{self, Charter};
use maincourante_shell::{Answer, Icon, Nothing, Posted, Shell, go, page};
use rust_i18n::t;

use crate::who::AtDesk;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/aidant/charter.html")]
struct Page {
    shell: Shell,
    standing: Charter,
    yes: Vec<String>,
    never: Vec<String>,
}

pub(crate) async fn show(State(app): State<App>, AtDesk { who, shell, .. }: AtDesk) -> Answer {
    let standing = charter::look(&app.mandates, &who).await?;
    let lines = |part: &str, count: u8| (1..=count).map(|number| t!(format!("charter.{part}.{number}")).into_owned()).collect();
    page(&Page { shell, standing, yes: lines("yes", 5), never: lines("never", 5) })
}

pub(crate) async fn submit(State(app): State<App>, AtDesk { who, .. }: AtDesk, Posted(Nothing {}): Posted<Nothing>) -> Answer {
    charter::accept(&app.mandates, &who).await?;
    go(routes::HOME)
}
