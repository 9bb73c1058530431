//! The mail of a person, opened as that person: sources (IMAP, Maildir), the letter made safe, folders, outbox, sending.
//!
//! Reading takes an `Own`, which only a person's own sign-in makes: [`Mailbox::of`] gives the letters of that person, within
//! the request that holds it. Sending takes one to [`outbox::consign`]; the job that carries the letter out reads nothing.
//! A letter is foreign matter: [`letter`] turns it into a closed tree of our own before anything else sees it.
//!
//! Deliberately knows nothing of: aidants, mandates, pages. Never logs a subject, a text, a name or an address.

mod attached;
mod departed;
pub mod draft;
mod folder;
mod imap;
pub mod joined;
mod known;
mod leaving;
pub mod letter;
mod line;
mod maildir;
mod mine;
pub mod notice;
pub mod official;
pub mod outbox;
mod outgoing;
mod reach;
mod relay;
pub mod search;
mod settings;
mod smtp;
mod source;
mod store;
#[cfg(test)]
mod tests;
pub mod token;
mod veil;

use std::sync::Arc;

use maincourante_identity::{SessionId, UsagerId};
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::clock::Span;
use maincourante_kernel::{Failure, Kernel, Timestamp, id};

pub use attached::Attached;
pub use departed::Departed;
pub use folder::{Counts, Folder, KEPT_IN_BIN, Moved, NoReference, PAGE, Page, Reference, Row};
pub use known::{Came, Standing};
pub use mine::{Mine, OpenedLetter, SentLetters};
pub use outgoing::{BadLetter, LONGEST_SUBJECT, LONGEST_TEXT, Outgoing};
pub use reach::Reach;
pub use relay::{HandOver, MemoryRelay, Refusal};
pub use settings::{ImapSettings, RelaySettings, Security, Settings, SmtpSettings, SourceSettings, UNDO};

use imap::Imap;
use maildir::{Delivery, Maildir};
use relay::Relay;
use smtp::Smtp;
use source::Source;

id!(
    /// A letter given to be sent.
    LetterId
);

id!(
    /// A letter that is not finished.
    DraftId
);

id!(
    /// A file joined to a letter that one writes.
    FileId
);

/// What became of a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Progress {
    /// There is nothing left to do.
    Done,
    /// Not now: the job comes back, and later each time.
    Later,
    /// Whoever it is handed to is away: nothing was tried, and it is worth asking again soon.
    Away,
}

/// What became of a letter put into a mailbox of files.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Received {
    /// It is there.
    Done,
    /// Nobody has this address here.
    NoSuchBox,
    /// Mailboxes are not ours to write: a mail server keeps them.
    NotOurs,
}

/// The context: where letters are read and how they leave.
#[derive(Clone)]
pub struct Mailbox {
    kernel: Kernel,
    source: Arc<Source>,
    relay: Arc<Relay>,
    undo: Span,
}

impl Mailbox {
    /// Makes the context; nothing is connected yet.
    ///
    /// # Errors
    /// When a key or a certificate cannot be read, or when letters are to be delivered here without mailboxes of files.
    pub fn new(kernel: &Kernel, settings: &Settings) -> Result<Self, Failure> {
        let source = match &settings.source {
            SourceSettings::Imap(server) => Source::Imap(Box::new(Imap::new(server, kernel)?)),
            SourceSettings::Maildir { root } => Source::Maildir(Maildir::new(root.clone())),
        };
        let relay = match (&settings.relay, &source) {
            (RelaySettings::Smtp(server), _) => Relay::Smtp(Smtp::new(server)?),
            (RelaySettings::Local { domain }, Source::Maildir(maildir)) => {
                Relay::Local { domain: domain.to_lowercase(), maildir: maildir.clone() }
            }
            (RelaySettings::Local { .. }, Source::Imap(_)) => return Err(Failure::new("local delivery needs mailboxes of files")),
            (RelaySettings::Memory, _) => Relay::Memory(MemoryRelay::default()),
        };
        Ok(Self { kernel: kernel.clone(), source: Arc::new(source), relay: Arc::new(relay), undo: settings.undo })
    }

    /// The same, whose letters can be called back for this long.
    #[must_use]
    pub fn with_undo(self, undo: Span) -> Self {
        Self { undo, ..self }
    }

    /// Makes a mailbox ready, when an account was opened. A mail server makes it by itself at the first letter or sign-in: then this
    /// only sees that the server is there. Harmless if run twice.
    pub async fn prepare(&self, address: &MailAddress) -> Result<Progress, Failure> {
        match self.source.as_ref() {
            Source::Imap(server) => Ok(imap::reach(server.greet().await)?.here().map_or(Progress::Later, |()| Progress::Done)),
            Source::Maildir(files) => files.prepare(address, self.kernel.now()).await.map(|()| Progress::Done),
        }
    }

    /// Puts a letter into the inbox of an address, as a mail server would: demo and training. Nothing is read.
    /// The same key is one letter, however often it is put.
    pub async fn deliver(&self, address: &MailAddress, key: &str, letter: &[u8], at: Timestamp) -> Result<Received, Failure> {
        match self.source.as_ref() {
            Source::Imap(_) => Ok(Received::NotOurs),
            Source::Maildir(files) => Ok(match files.deliver(address, key, letter, at).await? {
                Delivery::Done => Received::Done,
                Delivery::NoSuchBox => Received::NoSuchBox,
            }),
        }
    }

    /// The letters that left the demo, the newest first; none where letters really leave.
    pub async fn departed(&self) -> Result<Option<Vec<Departed>>, Failure> {
        match self.relay.as_ref() {
            Relay::Local { .. } => departed::list(&self.kernel).await.map(Some),
            Relay::Smtp(_) | Relay::Memory(_) => Ok(None),
        }
    }

    /// The relay of tests, where letters leave by it.
    pub fn memory(&self) -> Option<MemoryRelay> {
        match self.relay.as_ref() {
            Relay::Memory(memory) => Some(memory.clone()),
            Relay::Smtp(_) | Relay::Local { .. } => None,
        }
    }

    /// A session has ended: its warm connection is closed.
    pub fn close(&self, session: SessionId) {
        if let Source::Imap(server) = self.source.as_ref() {
            server.close(session);
        }
    }

    /// Every session of a person has ended: their warm connections are closed.
    pub fn close_all_of(&self, usager: UsagerId) {
        if let Source::Imap(server) = self.source.as_ref() {
            server.close_all_of(usager);
        }
    }

    /// To be called every [`TEND_EVERY`]: closes what is idle and what belongs to ended sessions, wipes old words of the outbox and of drafts.
    pub async fn tend(&self) -> Result<(), Failure> {
        if let Source::Imap(server) = self.source.as_ref() {
            server.tend().await?;
        }
        outbox::wipe_old(&self.kernel).await?;
        draft::wipe_old(&self.kernel).await
    }
}

/// How often [`Mailbox::tend`] is called: no warm connection outlives its session by more.
pub const TEND_EVERY: Span = imap::ASK;
