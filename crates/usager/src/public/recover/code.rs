//! `/mot-de-passe-oublie/code`: step 2, the code received by text message.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::CodeAnswer;
use maincourante_identity::reset::{self, Step};
use maincourante_kernel::Secret;
use maincourante_shell::{Answer, CookieName, Errors, Icon, Posted, Shell, With, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::{begin, cookie, standing};
use crate::{App, routes, said};

#[derive(Template)]
#[template(path = "public/recover/code.html")]
pub(super) struct Page {
    shell: Shell,
    errors: Errors,
    code: String,
    /// The code was sent once more.
    sent_again: bool,
    /// How long to wait before asking for another text message.
    wait: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    renvoye: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    code: Secret<String>,
}

impl Page {
    fn empty(shell: Shell) -> Self {
        Self { shell, errors: Errors::none(), code: String::new(), sent_again: false, wait: None }
    }

    /// No more text messages for a while.
    pub(super) fn held(shell: Shell, wait: String) -> Self {
        Self { wait: Some(wait), ..Self::empty(shell) }
    }
}

pub(crate) async fn show(State(app): State<App>, shell: Shell, Query(asked): Query<Asked>) -> Answer {
    match standing(&app, &shell).await?.0 {
        Step::Code => page(&Page { sent_again: !asked.renvoye.is_empty(), ..Page::empty(shell) }),
        Step::NewSecret => go(routes::FORGOTTEN_NEW),
        Step::Over => gone(&app, shell),
    }
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    let (step, token) = standing(&app, &shell).await?;
    match step {
        Step::Code => {}
        // Posted twice, the form finds the browser under the token that the first post gave.
        Step::NewSecret | Step::Over => return go(routes::FORGOTTEN_NEW),
    }
    let typed = fields.code.reveal().clone();
    let again = |sentence: String| refused(&Page { code: typed, errors: Errors::one("code", sentence), ..Page::empty(shell.clone()) });
    // An empty field is no try.
    if fields.code.reveal().trim().is_empty() {
        return again(t!("code.missing").into_owned());
    }
    match reset::check_code(&app.identity, &token, &fields.code).await? {
        CodeAnswer::Right { token } => go(routes::FORGOTTEN_NEW).with(cookie(&shell, &token)),
        // The other post of this form was faster, and gave this browser a token that is not to be forgotten.
        _ if reset::step(&app.identity, &token).await? == Step::Over => go(routes::FORGOTTEN_NEW),
        CodeAnswer::Wrong { left } => again(t!("code.wrong", tries = said::counted(left, "tries.one", "tries.many")).into_owned()),
        CodeAnswer::Over => over(&app, shell),
    }
}

/// A step asked for by itself: the first one, which says that the recovery is over if there was one.
pub(super) fn gone(app: &App, shell: Shell) -> Answer {
    match shell.cookie(CookieName::Reset) {
        Some(_) => {
            let forget = shell.forget(CookieName::Reset);
            page(&begin::Page::over(app, shell)).with(forget)
        }
        None => go(routes::FORGOTTEN),
    }
}

/// Back to the first step, which says why.
pub(super) fn over(app: &App, shell: Shell) -> Answer {
    let forget = shell.forget(CookieName::Reset);
    refused(&begin::Page::over(app, shell)).with(forget)
}
