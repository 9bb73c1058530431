//! `/accessibilite`: the statement that the law asks for (law 2005-102, article 47), and what it means here.
//!
//! It stays "non conforme" until an audit says otherwise.

use askama::Template;
use maincourante_shell::{Answer, Shell, page};
use rust_i18n::t;

#[derive(Template)]
#[template(path = "public/accessibility.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn show(shell: Shell) -> Answer {
    page(&Page { shell })
}
