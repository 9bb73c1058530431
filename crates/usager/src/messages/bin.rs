//! `/messages/corbeille`: what was put in the bin, and can be put back.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::{KEPT_IN_BIN, Reach, Reference};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::{Asked, Letters, Turn, mine, told_of_new};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/bin.html")]
struct Page {
    shell: Shell,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
    /// How many days a letter stays here.
    days: i64,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let mine = mine(&app, &own, &shell);
    let after = asked.after::<Reference>();
    let days = KEPT_IN_BIN.as_seconds() / 86_400;
    let Reach::Here(found) = mine.bin(after).await? else { return page(&Page { shell, letters: None, days }) };
    let turn = Turn::of(after.as_ref(), found.next().as_ref());
    let letters = Some(Letters::of(&app, &own, &mine, found, turn).await?);
    let shell = told_of_new(shell, &mine).await?;
    page(&Page { shell, letters, days })
}
