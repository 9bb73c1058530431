//! `/aide`: what people ask most, in a few sentences each.

use askama::Template;
use maincourante_shell::{Answer, Icon, Shell, page};
use rust_i18n::t;

use crate::routes;

#[derive(Template)]
#[template(path = "public/help.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn show(shell: Shell) -> Answer {
    page(&Page { shell })
}
