//! `/invitation`: who invites whom, where and as what; the invited chooses a password, or accepts if they sign in already.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::Secret;
use maincourante_kernel::calendar::Date;
use maincourante_mandates::MemberRole;
use maincourante_mandates::joining::{self, Choose, Look, Shut, Told};
use maincourante_shell::{Answer, Errors, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{shut, token};
use crate::who::AtEntrance;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/invitation/welcome.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    told: Told,
    name: String,
    until: String,
    /// What is asked of the invited.
    asked: Asked,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// A name and a password.
    Enrol,
    /// A password.
    Again,
    /// Only a yes.
    Accept,
}

impl Page {
    fn is_referent(&self) -> bool {
        self.told.role == MemberRole::Referent
    }

    fn title(&self) -> String {
        match self.asked {
            Asked::Enrol | Asked::Accept => t!("joining.title"),
            Asked::Again => t!("joining.again_title"),
        }
        .into_owned()
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    name: String,
    password: Secret<String>,
}

pub(crate) async fn show(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance) -> Answer {
    match draw(&app, shell.clone(), Errors::none(), None).await? {
        Ok(drawn) => page(&drawn),
        Err(why) => shut(shell, why),
    }
}

pub(crate) async fn submit(State(app): State<App>, AtEntrance { shell, .. }: AtEntrance, Posted(fields): Posted<Fields>) -> Answer {
    let errors = match joining::choose(&app.mandates, &token(&shell), &fields.name, &fields.password).await? {
        Choose::Chosen => return go(routes::INVITATION_DEVICE).with(shell.nothing_behind()),
        Choose::Shut => return go(routes::INVITATION),
        Choose::BadName => Errors::one("name", t!("invite.bad_name")),
        Choose::Weak(weak) => Errors::one("password", words::weak(weak)),
    };
    match draw(&app, shell.clone(), errors, Some(fields.name)).await? {
        Ok(drawn) => refused(&drawn),
        Err(why) => shut(shell, why),
    }
}

async fn draw(app: &App, shell: Shell, errors: Errors, typed: Option<String>) -> Result<Result<Page, Shut>, maincourante_kernel::Failure> {
    let (told, asked) = match joining::look(&app.mandates, &token(&shell)).await? {
        Look::Enrol(told) => (told, Asked::Enrol),
        Look::EnrolAgain(told) => (told, Asked::Again),
        Look::Accept(told) => (told, Asked::Accept),
        Look::Shut(why) => return Ok(Err(why)),
    };
    let name = typed.unwrap_or_else(|| told.name.clone());
    Ok(Ok(Page { shell, errors, until: words::long(Date::at(told.ends_at)), name, told, asked }))
}
