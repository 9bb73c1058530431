//! `/messages/envoyes`: the letters sent. Those that did not leave yet have a page of their own.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::{Reach, Reference, SentLetters, outbox};
use maincourante_shell::{Answer, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::{Asked, Done, Letters, Turn, mine, sending, told_of_new};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/sent.html")]
struct Page {
    shell: Shell,
    /// What was just put in the bin, or back.
    done: Option<Done>,
    /// How many letters did not leave.
    pending: i64,
    /// They left, and the mail server does not have them among the sent letters yet.
    left: Vec<sending::Told>,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let mine = mine(&app, &own, &shell);
    let after = asked.after::<Reference>();
    let pending = outbox::count_pending(&app.mailbox, &own).await?;
    let SentLetters { outbox, filed } = mine.sent(after).await?;
    let left = outbox.into_iter().map(|waiting| sending::Told::of(waiting, now)).filter(|letter| letter.left).collect();
    let Reach::Here(found) = filed else { return page(&Page { shell, done: None, pending, left, letters: None }) };
    let done = Done::of(&asked, &mine).await?;
    let turn = Turn::of(after.as_ref(), found.next().as_ref());
    let letters = Some(Letters::of(&app, &own, &mine, found, turn).await?);
    let shell = told_of_new(shell, &mine).await?;
    page(&Page { shell, done, pending, left, letters })
}
