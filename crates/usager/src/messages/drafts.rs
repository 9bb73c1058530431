//! `/messages/a-finir`: the letters that one has not finished, the newest first. They are ours: the page works while the mail
//! server is away.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_kernel::calendar;
use maincourante_mailbox::DraftId;
use maincourante_mailbox::draft::{self, Draft};
use maincourante_shell::{Answer, Icon, Shell, SignedInUsager, page};
use rust_i18n::t;
use serde::Deserialize;

use super::{Turn, row};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/drafts.html")]
struct Page {
    shell: Shell,
    /// A letter was just kept.
    kept: bool,
    /// A letter was just thrown away, and can be taken back.
    thrown: Option<DraftId>,
    rows: Vec<Told>,
    turn: Turn,
}

struct Told {
    id: DraftId,
    to: String,
    subject: String,
    when: String,
    iso: String,
}

/// Nonsense in these is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    avant: String,
    garde: String,
    jete: String,
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let now = app.identity.kernel.now();
    let after = asked.avant.parse::<DraftId>().ok();
    let (found, older) = draft::page(&app.mailbox, &own, after).await?;
    let next = found.last().filter(|_| older).map(|draft| draft.id);
    let turn = Turn::of(after.as_ref(), next.as_ref());
    let kept = found.iter().any(|draft| Ok(draft.id) == asked.garde.parse());
    let thrown = match asked.jete.parse::<DraftId>() {
        Ok(id) if draft::is_discarded(&app.mailbox, &own, id).await? => Some(id),
        Ok(_) | Err(_) => None,
    };
    let told = |Draft { id, kept_at, written, .. }: Draft| Told {
        id,
        to: if written.to.trim().is_empty() { t!("drafts.nobody").into_owned() } else { written.to },
        subject: row::subject(written.subject),
        when: calendar::moment(kept_at, now),
        iso: calendar::machine(kept_at),
    };
    page(&Page { shell, kept, thrown, rows: found.into_iter().map(told).collect(), turn })
}
