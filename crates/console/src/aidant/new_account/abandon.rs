//! `/aidant/nouveau-compte/{id}/abandonner`: says what is wiped, then wipes it. The journal makes it final, so it has its page.

use askama::Template;
use axum::extract::State;
use maincourante_mandates::{Account, MandateId, prepare};
use maincourante_shell::{Answer, At, Nothing, Posted, Shell, not_found, page};
use rust_i18n::t;

use crate::App;
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/aidant/new_account/abandon.html")]
struct Page {
    shell: Shell,
    draft: MandateId,
    name: String,
    account: Account,
}

impl Page {
    fn title(&self) -> String {
        match self.account {
            Account::ToOpen => t!("abandon.title", name = self.name),
            Account::Open if self.name.is_empty() => t!("abandon.known_unnamed"),
            Account::Open => t!("abandon.known", name = self.name),
        }
        .into_owned()
    }
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, At(id): At<MandateId>) -> Answer {
    let Some(in_hand) = prepare::load(&app.mandates, &aidant, id).await? else { return not_found() };
    if !in_hand.state.is_unfinished() {
        return super::resume(&in_hand);
    }
    page(&Page { shell, draft: id, name: super::name(&in_hand), account: in_hand.account })
}

pub(crate) async fn submit(
    State(app): State<App>,
    Working { aidant, .. }: Working,
    At(id): At<MandateId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer {
    prepare::abandon(&app.mandates, &aidant, id).await?;
    // Whether this post wiped it or another did, the page of the mandate says where it stands.
    match prepare::load(&app.mandates, &aidant, id).await? {
        Some(in_hand) => super::resume(&in_hand),
        None => not_found(),
    }
}
