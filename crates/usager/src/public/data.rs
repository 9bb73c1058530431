//! `/donnees`: what is kept of a person, why, how long, and whom to ask (GDPR, article 13).

use askama::Template;
use axum::extract::State;
use maincourante_mandates::Imprint;
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "public/data.html")]
struct Page {
    shell: Shell,
    imprint: Imprint,
}

pub(crate) async fn show(State(app): State<App>, shell: Shell) -> Answer {
    page(&Page { shell, imprint: app.mandates.imprint })
}
