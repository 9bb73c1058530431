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
    /// They did not leave.
    outbox: Vec<sending::Told>,
    /// They left, and the mail server does not have them among the sent letters yet.
    left: Vec<sending::Told>,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
}

struct Letters {
    rows: Vec<row::Told>,
    turn: Turn,
}

impl Page {
    /// Whether letters that left are listed.
    fn some_left(&self) -> bool {
        !self.left.is_empty() || self.letters.as_ref().is_some_and(|letters| !letters.rows.is_empty())
    }
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
    let (left, outbox) = outbox.into_iter().map(|waiting| sending::Told::of(waiting, now)).partition(|letter| letter.left);
    page(&Page { shell, outbox, left, letters })
}
