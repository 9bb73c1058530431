//! `/connexion`: a person signs in with an address (or a phone number) and a password.
//!
//! The same words for an unknown address and for a wrong password. Others use the computer unless the person says otherwise.

use askama::Template;
use axum::extract::State;
use maincourante_identity::{Computer, Credentials, SignIn, reset, sign_in};
use maincourante_kernel::Secret;
use maincourante_shell::{Answer, Broken, CookieName, Errors, Posted, Shell, With, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "public/sign_in.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    login: String,
    /// The domain of our addresses, for the example.
    domain: String,
    on_own_computer: bool,
    /// A new password was just chosen.
    renewed: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    login: String,
    password: Secret<String>,
    computer: Vec<String>,
}

pub(crate) async fn show(State(app): State<App>, shell: Shell) -> Answer {
    // The address comes back by the cookie of the recovery, never by the address bar.
    let renewed = match shell.cookie(CookieName::Reset) {
        Some(token) => reset::finished_address(&app.identity, &token).await?,
        None => None,
    };
    let page_of = Page::empty(&app, shell);
    page(&Page { renewed: renewed.is_some(), login: renewed.unwrap_or_default(), ..page_of })
}

pub(crate) async fn submit(State(app): State<App>, shell: Shell, Posted(fields): Posted<Fields>) -> Answer {
    // At a desk the computer is the structure's, whatever was ticked.
    let on_own_computer = !shell.is_at_a_desk() && fields.computer.iter().any(|value| value == "own");
    let again = Page { login: fields.login.clone(), on_own_computer, ..Page::empty(&app, shell.clone()) };
    let missing = missing(&fields);
    if !missing.is_empty() {
        return refused(&Page { errors: missing, ..again });
    }
    let computer = if on_own_computer { Computer::Own } else { Computer::Shared };
    let typed = Credentials { login: fields.login, password: fields.password, computer };
    match sign_in(&app.identity, typed, &shell.client().requester()).await? {
        SignIn::Open(opened) => {
            // Whoever was signed in here before is not left so, behind a cookie that somebody may have copied.
            shell.ends_mailbox().await?;
            shell.goes_on(&opened, routes::INBOX).await.with(shell.session_cookie(&opened)).with(shell.forget(CookieName::Reset))
        }
        SignIn::Refused => refused(&Page { errors: Errors::one("password", t!("sign_in.wrong")), ..again }),
        SignIn::TooMany { wait } => Err(Broken::TooMany { wait }),
    }
}

impl Page {
    fn empty(app: &App, shell: Shell) -> Self {
        let domain = app.identity.service.domain.clone();
        Self { shell, domain, errors: Errors::none(), login: String::new(), on_own_computer: false, renewed: false }
    }
}

fn missing(fields: &Fields) -> Errors {
    let mut errors = Errors::none();
    let login = fields.login.trim();
    if login.is_empty() {
        errors.add("login", t!("sign_in.login_missing"));
    } else if login.ends_with('@') {
        errors.add("login", t!("sign_in.login_cut"));
    }
    if fields.password.reveal().is_empty() {
        errors.add("password", t!("sign_in.password_missing"));
    }
    errors
}
