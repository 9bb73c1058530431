//! `/messages/envoyes`: the letters sent, those that still wait first.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::{Reach, SentLetters};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::row;
use super::{Asked, Turn, mine, sending};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/sent.html")]
struct Page {
    shell: Shell,
    /// Not yet among the sent letters.
    outbox: Vec<sending::Told>,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
}

struct Letters {
    rows: Vec<row::Told>,
    turn: Turn,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let SentLetters { outbox, filed } = mine(&app, &own, &shell).sent(asked.rank()).await?;
    let letters = match filed {
        Reach::Here(page) => Some(Letters {
            turn: Turn::of(page.number, page.counts),
            rows: page.rows.into_iter().map(|row| row::Told::of(row, own.address(), now)).collect(),
        }),
        Reach::Away => None,
    };
    page(&Page { shell, outbox: outbox.into_iter().map(|waiting| sending::Told::of(waiting, now)).collect(), letters })
}
