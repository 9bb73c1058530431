//! A person at their own letters: what the pages call. Made from an `Own`, for one request.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;

use maincourante_identity::Own;
use maincourante_kernel::{Failure, Timestamp};

use crate::folder::{Counts, Folder, Moved, Page, Reference, Stored};
use crate::letter::{self, SafeView};
use crate::outbox::{self, Waiting};
use crate::reach::Reach;
use crate::search::{Found, Sought};
use crate::source::Reader;
use crate::{LetterId, Mailbox};

/// A letter heavier than this is read beside the other requests, not between them.
const HEAVY: usize = 128 * 1024;

/// The letters of one person, within the request that holds their `Own`.
pub struct Mine<'a> {
    pub(crate) mailbox: &'a Mailbox,
    pub(crate) own: &'a Own,
    from: IpAddr,
    away: AtomicBool,
}

/// A letter that was opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenedLetter {
    /// Its name.
    pub reference: Reference,
    /// Where it belongs: its folder, or, from the bin, the one it came from.
    pub home: Folder,
    /// When it came into its folder, by the server's clock.
    pub arrived: Timestamp,
    /// What it says.
    pub view: SafeView,
}

/// The letters a person sent: those that are still in the outbox, then those the mail server keeps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentLetters {
    /// Waiting, leaving, refused, or just left. Known even when the mail server is away.
    pub outbox: Vec<Waiting>,
    /// Those that left.
    pub filed: Reach<Page>,
}

impl Mailbox {
    /// The letters of this person, asked for from this network address.
    pub fn of<'a>(&'a self, own: &'a Own, from: IpAddr) -> Mine<'a> {
        Mine { mailbox: self, own, from, away: AtomicBool::new(false) }
    }
}

impl Mine<'_> {
    /// A page of the letters received, the newest first: the newest of all, or those that come after this one. A letter that
    /// arrives or goes meanwhile shows none twice and hides none.
    pub async fn inbox(&self, after: Option<Reference>) -> Result<Reach<Page>, Failure> {
        self.mailbox.source.page(self.reader(), Folder::Inbox, after).await
    }

    /// A page of the letters of a folder that hold these words, the newest first: from the newest on, or from a letter on. It may be
    /// short: what was not looked at in time is behind [`Found::next`].
    pub async fn search(&self, folder: Folder, sought: &Sought, after: Option<Reference>) -> Result<Reach<Found>, Failure> {
        self.mailbox.source.search(self.reader(), folder, sought, after).await
    }

    /// A page of the bin, what was put there last first.
    pub async fn bin(&self, after: Option<Reference>) -> Result<Reach<Page>, Failure> {
        self.mailbox.source.page(self.reader(), Folder::Bin, after).await
    }

    /// Puts a letter in the bin; nothing is destroyed. Done twice, the second finds nothing to do.
    pub async fn throw_away(&self, reference: Reference) -> Result<Reach<Moved>, Failure> {
        match reference.folder {
            Folder::Inbox | Folder::Sent => self.mailbox.source.relocate(self.reader(), reference).await,
            Folder::Bin => Ok(Reach::Here(Moved::NotThere)),
        }
    }

    /// Takes a letter out of the bin, back where it belongs. Done twice, the second finds nothing to do.
    pub async fn put_back(&self, reference: Reference) -> Result<Reach<Moved>, Failure> {
        match reference.folder {
            Folder::Bin => self.mailbox.source.relocate(self.reader(), reference).await,
            Folder::Inbox | Folder::Sent => Ok(Reach::Here(Moved::NotThere)),
        }
    }

    /// Whether a name names a letter of this person's.
    pub async fn is_there(&self, reference: Reference) -> Result<Reach<bool>, Failure> {
        self.mailbox.source.is_there(self.reader(), reference).await
    }

    /// How many letters were received, and how many were never opened.
    pub async fn counts(&self) -> Result<Reach<Counts>, Failure> {
        self.mailbox.source.counts(self.reader(), Folder::Inbox).await
    }

    /// The letters sent: the outbox, and a page of those that left. What left since the last visit is filed first.
    pub async fn sent(&self, after: Option<Reference>) -> Result<SentLetters, Failure> {
        self.file_sent().await?;
        let filed = self.mailbox.source.page(self.reader(), Folder::Sent, after).await?;
        let outbox = if after.is_none() { outbox::list(&self.mailbox.kernel, self.own).await? } else { Vec::new() };
        Ok(SentLetters { outbox, filed })
    }

    /// Opens a letter and marks it as opened; nothing when the name names nothing of this person's.
    pub async fn open(&self, reference: Reference) -> Result<Reach<Option<OpenedLetter>>, Failure> {
        let Reach::Here(stored) = self.mailbox.source.letter(self.reader(), reference).await? else { return Ok(Reach::Away) };
        let Some(Stored { bytes, arrived, seen, home }) = stored else { return Ok(Reach::Here(None)) };
        if !seen {
            // A server that goes away between the letter and its mark leaves the letter read, and marked the next time.
            let _ = self.mailbox.source.mark_seen(self.reader(), reference).await?;
        }
        let view = beside(bytes, letter::read).await?;
        Ok(Reach::Here(Some(OpenedLetter { reference, home, arrived, view })))
    }

    /// A letter of the outbox, with what it says as long as that is kept there.
    pub async fn outbox(&self, id: LetterId) -> Result<Option<(Waiting, Option<SafeView>)>, Failure> {
        outbox::find(self.mailbox, self.own, id).await
    }

    /// Puts what left among the sent letters, as far as the mail server can be reached.
    pub async fn file_sent(&self) -> Result<(), Failure> {
        outbox::sending::file(self.mailbox, self.reader()).await
    }

    pub(crate) async fn piece(&self, reference: Reference, at: usize, most: usize) -> Result<Reach<Option<Vec<u8>>>, Failure> {
        self.mailbox.source.piece(self.reader(), reference, at, most).await
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        Reader { own: self.own, from: self.from, now: self.mailbox.kernel.now(), away: &self.away }
    }
}

/// Reads a letter here if it is light, and where it holds nobody up if it is heavy.
async fn beside<T: Send + 'static>(bytes: Vec<u8>, read: impl FnOnce(&[u8]) -> T + Send + 'static) -> Result<T, Failure> {
    if bytes.len() < HEAVY {
        return Ok(read(&bytes));
    }
    Ok(tokio::task::spawn_blocking(move || read(&bytes)).await?)
}
