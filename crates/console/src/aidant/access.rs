//! `/aidant/personnes/{id}/mot-de-passe`: the screen is lent so that a person chooses a secret; or a page says why it is not.

use askama::Template;
use axum::extract::State;
use maincourante_identity::UsagerId;
use maincourante_mandates::access_back::Lending;
use maincourante_mandates::{Refusal, State as Stage, first_secret, people};
use maincourante_shell::{Answer, At, Nothing, Posted, Shell, With, forbidden, go, not_found};
use rust_i18n::t;

use crate::who::Working;
use crate::{App, routes, words};

#[derive(Template)]
#[template(path = "console/aidant/access.html")]
struct Page {
    shell: Shell,
    title: String,
    sentences: Vec<String>,
    usager: String,
    name: String,
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, shell }: Working,
    At(id): At<UsagerId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    // The first secret belongs to the creation of the account, the next ones have a power of their own: the context chooses.
    match first_secret::lend(&app.mandates, &aidant, id).await? {
        Lending::Lent(lent) => go(routes::LENT).with(shell.lent_cookie(&lent)),
        refused => {
            let name = people::name(&app.mandates, &aidant, id).await?.unwrap_or_default();
            explain(shell, id, &name, refused)
        }
    }
}

/// The page that says why the screen was not lent.
#[expect(clippy::needless_pass_by_value, reason = "what was refused is spent in the page that says so")]
pub(crate) fn explain(shell: Shell, usager: UsagerId, name: &str, lending: Lending) -> Answer {
    let (title, sentences) = match lending {
        // A screen lent from another tab a moment ago.
        Lending::Lent(_) | Lending::AlreadyLent => return go(routes::LOCK),
        Lending::Unknown => return not_found(),
        Lending::NoPhone => {
            let sentences = [t!("refused.no_phone_advice"), t!("refused.written")];
            (t!("refused.no_phone").into_owned(), sentences.map(std::borrow::Cow::into_owned).into())
        }
        Lending::Refused(refusal) => (words::refused(refusal), reasons(refusal)),
    };
    forbidden(&Page { shell, title, sentences, usager: usager.to_string(), name: name.to_owned() })
}

fn reasons(refusal: Refusal) -> Vec<String> {
    let advice = match refusal {
        Refusal::NotGranted | Refusal::Revoked { .. } => t!("refused.not_granted_advice"),
        Refusal::Provisional { .. } => t!("refused.provisional_advice"),
        Refusal::Suspended { .. } => t!("refused.suspended_advice"),
        Refusal::Over { how: Stage::EndedDeath, .. } => t!("refused.no_more_dead"),
        Refusal::Expired { .. } | Refusal::Stopped { .. } | Refusal::Over { .. } => t!("refused.no_more"),
    };
    vec![words::closed(refusal), advice.into_owned(), t!("refused.written").into_owned()]
}
