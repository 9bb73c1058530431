//! `/aide/arreter/{id}/{power}`: a person takes one power back, alone, and leaves the rest of the mandate. The page says what that changes;
//! when nothing would remain, it says so and offers to stop everything.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::mine::{self, MyMandate, Revocation};
use maincourante_mandates::{MandateId, Power};
use maincourante_shell::{Answer, At, Icon, Nothing, Posted, Shell, SignedInUsager, go, not_found, page};
use rust_i18n::t;

use super::mandates::{Told, words};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/help/revoke.html")]
struct Page {
    shell: Shell,
    power: Power,
    what: String,
    /// Nothing else could be done under the mandate.
    is_last: bool,
    mandate: Told,
}

pub(crate) async fn show(
    State(app): State<App>,
    SignedInUsager { own, shell }: SignedInUsager,
    At((id, power)): At<(MandateId, Power)>,
) -> Answer {
    match mine::mandate(&app.mandates, &own, id).await? {
        Some(mandate) if mandate.of_use.contains(&power) => page(&draw(shell, power, mandate)),
        // It was taken back, or never served: the list says where it stands.
        Some(_) => go(routes::WHO_HELPED),
        None => not_found(),
    }
}

fn draw(shell: Shell, power: Power, mandate: MyMandate) -> Page {
    Page { shell, power, what: words(power), is_last: mandate.of_use.len() == 1, mandate: Told::from(mandate) }
}

pub(crate) async fn submit(
    State(app): State<App>,
    SignedInUsager { own, .. }: SignedInUsager,
    At((id, power)): At<(MandateId, Power)>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    match mine::revoke(&app.mandates, &own, id, power).await? {
        Revocation::Revoked | Revocation::AlreadyOver => go(routes::revoked(&id, power)),
        Revocation::Unknown => not_found(),
    }
}
