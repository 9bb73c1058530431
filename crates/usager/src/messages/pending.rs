//! `/messages/pas-encore-envoyes`: the letters that wait to leave, and those that will not, with why and what can be done.
//! They are ours: the page works while the mail server is away.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::{LetterId, outbox};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::{Asked, Turn, sending};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/pending.html")]
struct Page {
    shell: Shell,
    letters: Vec<sending::Told>,
    turn: Turn,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let after = asked.after::<LetterId>();
    let found = outbox::pending(&app.mailbox, &own, after).await?;
    let next = found.letters.last().filter(|_| found.older).map(|letter| letter.id);
    let turn = Turn::of(after.as_ref(), next.as_ref());
    let letters = found.letters.into_iter().map(|waiting| sending::Told::of(waiting, now)).collect();
    page(&Page { shell, letters, turn })
}
