//! The letters of a person: received, sent, those that wait, those that are not finished, those in the bin, one opened, what it
//! carries, one written, one taken back.
//!
//! When the mail server is away, each page says so and keeps the rest: the menu, the letters that wait, what was typed.

pub(crate) mod alone;
pub(crate) mod attachment;
pub(crate) mod bin;
pub(crate) mod cancel;
pub(crate) mod drafts;
pub(crate) mod inbox;
pub(crate) mod join;
pub(crate) mod keep;
pub(crate) mod name;
pub(crate) mod open;
pub(crate) mod parcel;
pub(crate) mod pending;
pub(crate) mod picture;
pub(crate) mod put_back;
pub(crate) mod recipients;
pub(crate) mod remove;
pub(crate) mod row;
pub(crate) mod search;
pub(crate) mod sending;
pub(crate) mod sent;
pub(crate) mod take_out;
pub(crate) mod throw_away;
pub(crate) mod throw_draft;
pub(crate) mod tree;
pub(crate) mod write;
pub(crate) mod writing;

use std::fmt::Display;

use maincourante_identity::Own;
use maincourante_kernel::Failure;
use maincourante_mailbox::{Attached, Came, Folder, LetterId, Mine, Page, Reach, Reference, outbox};
use maincourante_shell::Shell;
use rust_i18n::t;
use serde::Deserialize;

use self::name::Name;
use crate::{App, routes, said};

/// The letters of whoever asks, in this request.
fn mine<'a>(app: &'a App, own: &'a Own, shell: &Shell) -> Mine<'a> {
    app.mailbox.of(own, shell.client().requester().0)
}

/// What a letter carries at this place, wherever the letter is.
async fn carried(app: &App, own: &Own, shell: &Shell, (name, index): (Name, usize)) -> Result<Reach<Option<Attached>>, Failure> {
    let mine = mine(app, own, shell);
    match name {
        Name::Kept(reference) => mine.attachment(reference, index).await,
        Name::Waiting(id) => Ok(Reach::Here(outbox::attachment(&app.mailbox, own, id, index).await?)),
    }
}

/// What a list is asked for. Nonsense in it is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    avant: String,
    envoi: String,
    jete: String,
    suspect: Option<String>,
    remis: String,
}

impl Asked {
    /// The letter after which the page begins; none for the newest.
    fn after<T: std::str::FromStr>(&self) -> Option<T> {
        self.avant.parse().ok()
    }

    /// The letter just given to be sent.
    fn just_given(&self) -> Option<LetterId> {
        self.envoi.parse().ok()
    }
}

/// What was just done to a letter of a list, as long as it is true.
pub(crate) enum Done {
    /// It is in the bin, under this name; it can be put back.
    Thrown {
        name: Reference,
        /// It was a letter that we mistrust.
        was_suspect: bool,
    },
    /// It is back.
    Back,
}

impl Done {
    async fn of(asked: &Asked, mine: &Mine<'_>) -> Result<Option<Self>, Failure> {
        let is_there = async |name: Reference| Ok::<_, Failure>(mine.is_there(name).await? == Reach::Here(true));
        if let Ok(name) = asked.jete.parse::<Reference>()
            && name.folder() == Folder::Bin
        {
            return Ok(is_there(name).await?.then_some(Self::Thrown { name, was_suspect: asked.suspect.is_some() }));
        }
        match asked.remis.parse::<Reference>() {
            Ok(name) if name.folder() != Folder::Bin => Ok(is_there(name).await?.then_some(Self::Back)),
            Ok(_) | Err(_) => Ok(None),
        }
    }
}

/// A page of a list, ready to be told.
pub(crate) struct Letters {
    pub rows: Vec<row::Told>,
    pub turn: Turn,
}

impl Letters {
    async fn of(app: &App, own: &Own, mine: &Mine<'_>, page: Page, turn: Turn) -> Result<Self, Failure> {
        let now = app.identity.kernel.now();
        let standings = mine.standings(&page.rows.iter().map(Came::from).collect::<Vec<_>>()).await?;
        let rows = page.rows.into_iter().zip(standings).map(|(row, standing)| row::Told::of(row, own.address(), standing, now));
        Ok(Self { rows: rows.collect(), turn })
    }
}

/// The pages before and after this one: every list turns its pages so, whatever it lists.
pub(crate) struct Turn {
    /// Newer ones stand before.
    pub later: bool,
    /// The name after which the next page begins.
    pub older: Option<String>,
}

impl Turn {
    fn of<T: Display>(after: Option<&T>, next: Option<&T>) -> Self {
        Self { later: after.is_some(), older: next.map(ToString::to_string) }
    }
}

/// The frame of a page that says how many letters were never opened, as far as the mail server answers.
async fn told_of_new(shell: Shell, mine: &Mine<'_>) -> Result<Shell, Failure> {
    Ok(match mine.counts().await? {
        Reach::Here(counts) => noted(shell, counts.unseen),
        Reach::Away => shell,
    })
}

fn noted(shell: Shell, unseen: u32) -> Shell {
    if unseen == 0 { shell } else { shell.noted(routes::INBOX, said::counted(unseen.into(), "menu.new.one", "menu.new.many")) }
}

/// "Vous avez 2 nouveaux messages."
fn unseen(count: u32) -> String {
    if count == 0 {
        t!("messages.unseen.none").into_owned()
    } else {
        said::counted(count.into(), "messages.unseen.one", "messages.unseen.many")
    }
}

/// "1 message pas encore envoyé".
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
fn pending_words(count: &i64) -> String {
    said::counted(*count, "pending.count.one", "pending.count.many")
}

/// "1 message à finir".
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
fn drafts_words(count: &i64) -> String {
    said::counted(*count, "drafts.count.one", "drafts.count.many")
}
