//! `/messages`: the letters received, 25 a page, the newest first.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_mailbox::{Reach, Reference, draft, outbox};
use maincourante_shell::{Answer, Errors, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;

use super::{Asked, Done, Letters, Turn, mine, noted, sending, unseen};
use crate::{App, routes, said};

#[derive(Template)]
#[template(path = "usager/messages/inbox.html")]
struct Page {
    shell: Shell,
    name: String,
    address: String,
    /// What was just given to be sent.
    given: Option<sending::Told>,
    /// What was just put in the bin, or back.
    done: Option<Done>,
    /// Nothing when the mail server is away.
    letters: Option<Letters>,
    unseen: u32,
    /// How many letters did not leave.
    pending: i64,
    /// How many are not finished.
    drafts: i64,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let mine = mine(&app, &own, &shell);
    let given = match asked.just_given() {
        Some(id) => mine.outbox(id).await?.map(|(waiting, _)| sending::Told::of(waiting, now)),
        None => None,
    };
    let after = asked.after::<Reference>();
    let pending = outbox::count_pending(&app.mailbox, &own).await?;
    let drafts = draft::count(&app.mailbox, &own).await?;
    let (name, address) = (own.name(), own.address().to_string());
    let Reach::Here(found) = mine.inbox(after).await? else {
        return page(&Page { shell, name, address, given, done: None, letters: None, unseen: 0, pending, drafts });
    };
    let done = Done::of(&asked, &mine).await?;
    let (turn, unseen) = (Turn::of(after.as_ref(), found.next().as_ref()), found.counts.unseen);
    let letters = Some(Letters::of(&app, &own, &mine, found, turn).await?);
    page(&Page { shell: noted(shell, unseen), name, address, given, done, letters, unseen, pending, drafts })
}

impl Page {
    /// "Vous avez 2 nouveaux messages."
    fn unseen(&self) -> String {
        unseen(self.unseen)
    }

    /// What the title says more: ", 2 nouveaux messages".
    fn in_title(&self) -> String {
        if self.unseen == 0 { String::new() } else { said::counted(self.unseen.into(), "messages.in_title.one", "messages.in_title.many") }
    }
}
