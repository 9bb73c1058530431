//! `/messages`: the letters received, 25 a page, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::Reach;
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::row;
use super::{Asked, Turn, mine, sending};
use crate::{App, routes, said};

#[derive(Template)]
#[template(path = "usager/messages/inbox.html")]
struct Page {
    shell: Shell,
    name: String,
    address: String,
    /// What was just given to be sent.
    given: Option<sending::Told>,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
}

struct Letters {
    rows: Vec<row::Told>,
    turn: Turn,
    /// "Vous avez 2 nouveaux messages."
    unseen: String,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let mine = mine(&app, &own, &shell);
    let given = match asked.just_given() {
        Some(id) => mine.outbox(id).await?.map(|(waiting, _)| sending::Told::of(waiting, now)),
        None => None,
    };
    let letters = match mine.inbox(asked.rank()).await? {
        Reach::Here(page) => Some(Letters {
            turn: Turn::of(page.number, page.counts),
            unseen: unseen(page.counts.unseen),
            rows: page.rows.into_iter().map(|row| row::Told::of(row, own.address(), now)).collect(),
        }),
        Reach::Away => None,
    };
    page(&Page { shell, name: own.name(), address: own.address().to_string(), given, letters })
}

fn unseen(count: u32) -> String {
    if count == 0 {
        t!("messages.unseen.none").into_owned()
    } else {
        said::counted(count.into(), "messages.unseen.one", "messages.unseen.many")
    }
}
