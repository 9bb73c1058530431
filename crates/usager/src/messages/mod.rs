//! The letters of a person: received, sent, one opened, what it carries, one written, one taken back.
//!
//! When the mail server is away, each page says so and keeps the rest: the menu, the letters that wait, what was typed.

pub(crate) mod attachment;
pub(crate) mod away;
pub(crate) mod cancel;
pub(crate) mod inbox;
pub(crate) mod name;
pub(crate) mod open;
pub(crate) mod parcel;
pub(crate) mod picture;
pub(crate) mod recipients;
pub(crate) mod row;
pub(crate) mod sending;
pub(crate) mod sent;
pub(crate) mod tree;
pub(crate) mod write;

use maincourante_identity::Own;
use maincourante_mailbox::{Counts, LetterId, Mine, PAGE};
use maincourante_shell::Shell;
use serde::Deserialize;

use crate::App;

/// The letters of whoever asks, in this request.
fn mine<'a>(app: &'a App, own: &'a Own, shell: &Shell) -> Mine<'a> {
    app.mailbox.of(own, shell.client().requester().0)
}

/// What a list is asked for. Nonsense in it is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    page: String,
    envoi: String,
}

impl Asked {
    /// The rank of the page, from 0; people count from 1.
    fn rank(&self) -> u32 {
        self.page.parse::<u32>().unwrap_or(1).saturating_sub(1)
    }

    /// The letter just given to be sent.
    fn just_given(&self) -> Option<LetterId> {
        self.envoi.parse().ok()
    }
}

/// The pages before and after this one, as people count them.
pub(crate) struct Turn {
    pub later: bool,
    pub older: Option<u32>,
}

impl Turn {
    fn of(rank: u32, counts: Counts) -> Self {
        let shown = u64::from(rank.saturating_add(1)) * u64::from(PAGE);
        Self { later: rank > 0, older: (shown < u64::from(counts.total)).then_some(rank.saturating_add(2)) }
    }
}
