//! `/aide/arreter/{id}`: a person stops a mandate alone (civil code, article 2004). What the journal makes final
//! has a page of its own, which says what changes and what stays.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::MandateId;
use maincourante_mandates::mine::{self, Stop};
use maincourante_shell::{Answer, At, Icon, Nothing, Posted, Shell, SignedInUsager, go, not_found, page};
use rust_i18n::t;

use super::mandates::Told;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/help/stop.html")]
struct Page {
    shell: Shell,
    mandate: Told,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, At(id): At<MandateId>) -> Answer {
    match mine::mandate(&app.mandates, &own, id).await?.map(Told::from) {
        Some(mandate) if mandate.can_be_stopped => page(&Page { shell, mandate }),
        // It is over already: the list says since when.
        Some(_) => go(routes::WHO_HELPED),
        None => not_found(),
    }
}

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, .. }: SignedInUsager,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    match mine::stop(&app.mandates, &own, id).await? {
        Stop::Stopped | Stop::AlreadyOver => go(format!("{}?arret={id}", routes::WHO_HELPED)),
        Stop::Unknown => not_found(),
    }
}
