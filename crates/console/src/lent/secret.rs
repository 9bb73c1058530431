//! `/signer/mot-de-passe`: the person chooses their secret, which nobody else sees.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::Secret;
use maincourante_mandates::secret_screen::{self, Choose};
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, turn};
use crate::who::Borrowed;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/lent/secret.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    address: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    password: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed) -> Answer {
    match turn(&app, &hand_over).await? {
        Turn::Secret { name, address } => page(&Page { shell: shell.lent_to(name), errors: Errors::none(), address }),
        _ => go(routes::LENT),
    }
}

pub(crate) async fn submit(State(app): State<App>, Borrowed { hand_over, shell }: Borrowed, Posted(fields): Posted<Fields>) -> Answer {
    let weak = match secret_screen::choose(&app.mandates, &hand_over, &fields.password).await? {
        Choose::Chosen { .. } | Choose::Closed => return go(routes::LENT).with(shell.nothing_behind()),
        Choose::Weak(weak) => weak,
    };
    match turn(&app, &hand_over).await? {
        Turn::Secret { name, address } => {
            refused(&Page { shell: shell.lent_to(name), errors: Errors::one("password", words::weak(weak)), address })
        }
        _ => go(routes::LENT),
    }
}
