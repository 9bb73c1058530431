//! `/signer/bonjour`: the person is about to choose a secret; first, their phone proves that it is them.

use askama::Template;
use axum::extract::State;
use maincourante_shell::{Answer, Shell, go, page};
use rust_i18n::t;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/lent/hello.html")]
struct Page {
    shell: Shell,
    name: String,
    phone_end: String,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Code { name, phone_end } => page(&Page { shell: shell.lent_to(&name), name, phone_end }),
        _ => go(routes::LENT),
    }
}
