//! `/aide/mandat/{id}/copie`: the print that the person signed by hand, page by page.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::{MandateId, prints};
use maincourante_shell::{Answer, At, Icon, Shell, SignedInUsager, not_found, page};
use rust_i18n::t;

use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/help/print.html")]
struct Page {
    shell: Shell,
    id: MandateId,
    pages: Vec<prints::Page>,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, At(id): At<MandateId>) -> Answer {
    match prints::read_for_usager(&app.mandates, &own, id).await? {
        Some(pages) => page(&Page { shell, id, pages }),
        None => not_found(),
    }
}
