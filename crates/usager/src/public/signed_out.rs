//! `/deconnexion`: what one reads once signed out.

use askama::Template;
use maincourante_shell::{Answer, CookieName, Icon, Shell, go, page};
use rust_i18n::t;

use crate::routes;

#[derive(Template)]
#[template(path = "public/signed_out.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn show(shell: Shell) -> Answer {
    // Who comes here by the address bar is perhaps still signed in: nothing is said that may be false.
    match shell.cookie(CookieName::Session) {
        Some(_) => go(routes::HOME),
        None => page(&Page { shell }),
    }
}
