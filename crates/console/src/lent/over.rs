//! `/signer/plus-prete`: where one lands whose screen is not lent any more: it was taken back, or half an hour passed.

use askama::Template;
use maincourante_shell::{Answer, Shell, page};
use rust_i18n::t;

#[derive(Template)]
#[template(path = "console/lent/over.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn show(shell: Shell) -> Answer {
    page(&Page { shell })
}
