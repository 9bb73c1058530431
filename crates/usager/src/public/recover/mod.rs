//! A person who lost their password comes back alone: address or phone → code by text message → new password.
//!
//! The steps are tied by the token of a cookie. Nothing on these pages tells whether an account exists.

pub(crate) mod again;
pub(crate) mod begin;
pub(crate) mod code;
pub(crate) mod new_secret;
pub(crate) mod sheet;

use maincourante_identity::reset::{self, Step};
use maincourante_kernel::clock::minutes;
use maincourante_kernel::{Failure, Secret};
use maincourante_shell::{Cookie, CookieName, Keep, Shell};
use rust_i18n::t;

use crate::App;

/// The names of the steps, for the rail above the page.
pub(crate) fn steps() -> [String; 3] {
    ["forgotten.step_phone", "forgotten.step_code", "forgotten.step_new"].map(|key| t!(key).into_owned())
}

/// The cookie that ties the steps. It outlives the browser: on a phone, reading the text message may close it.
fn cookie(shell: &Shell, token: &Secret<String>) -> Cookie {
    shell.keep(CookieName::Reset, token, Keep::For(minutes(30)))
}

/// Where the recovery of this browser stands, and its token.
async fn standing(app: &App, shell: &Shell) -> Result<(Step, Secret<String>), Failure> {
    match shell.cookie(CookieName::Reset) {
        Some(token) => Ok((reset::step(&app.identity, &token).await?, token)),
        None => Ok((Step::Over, Secret::default())),
    }
}
