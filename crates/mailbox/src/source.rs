//! Where letters are read: a mail server, or folders of files. One closed set, the same operations, one suite of tests.
//!
//! Every operation on a person's letters takes their `Own`. Two do not, and read nothing: making a mailbox ready, and
//! (files only) putting a letter into one.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use maincourante_identity::Own;
use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Kernel, Timestamp};

use crate::folder::{Counts, Folder, Moved, Page, Reference, Stored};
use crate::imap::{self, Imap, Trouble};
use crate::leaving::Leaving;
use crate::maildir::Maildir;
use crate::reach::Reach;
use crate::search::{Found, Sought};

/// Where letters are read.
pub(crate) enum Source {
    Imap(Box<Imap>),
    Maildir(Maildir),
}

/// Who reads, from where, and when.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub own: &'a Own,
    pub from: IpAddr,
    pub now: Timestamp,
    /// Whether the server was found away in this request: it is not waited for twice before one page.
    pub away: &'a AtomicBool,
}

impl Reader<'_> {
    async fn asks<T>(self, asked: impl Future<Output = Result<T, Trouble>>) -> Result<Reach<T>, Failure> {
        if self.away.load(Ordering::Relaxed) {
            return Ok(Reach::Away);
        }
        let reached = imap::reach(asked.await)?;
        self.away.store(matches!(reached, Reach::Away), Ordering::Relaxed);
        Ok(reached)
    }
}

impl Source {
    pub(crate) async fn page(&self, who: Reader<'_>, folder: Folder, after: Option<Reference>) -> Result<Reach<Page>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.page(who.own, who.from, folder, after)).await,
            Self::Maildir(files) => files.page(who.own.address(), folder, after, who.now).await.map(Reach::Here),
        }
    }

    /// A page of the letters of a folder that hold these words, as far as there was time to look.
    pub(crate) async fn search(
        &self,
        who: Reader<'_>,
        folder: Folder,
        sought: &Sought,
        after: Option<Reference>,
    ) -> Result<Reach<Found>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.search(who.own, who.from, folder, sought, after)).await,
            Self::Maildir(files) => files.search(who.own.address(), folder, (sought.clone(), after), who.now).await.map(Reach::Here),
        }
    }

    pub(crate) async fn counts(&self, who: Reader<'_>, folder: Folder) -> Result<Reach<Counts>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.counts(who.own, who.from, folder)).await,
            Self::Maildir(files) => files.counts(who.own.address(), folder, who.now).await.map(Reach::Here),
        }
    }

    pub(crate) async fn letter(&self, who: Reader<'_>, reference: Reference) -> Result<Reach<Option<Stored>>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.letter(who.own, who.from, reference)).await,
            Self::Maildir(files) => files.letter(who.own.address(), reference, who.now).await.map(Reach::Here),
        }
    }

    /// At most so many bytes of a letter from this one on, none after its end; nothing when its name names none.
    pub(crate) async fn piece(
        &self,
        who: Reader<'_>,
        reference: Reference,
        at: usize,
        most: usize,
    ) -> Result<Reach<Option<Vec<u8>>>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.piece(who.own, who.from, reference, at, most)).await,
            Self::Maildir(files) => files.piece(who.own.address(), reference, (at, most), who.now).await.map(Reach::Here),
        }
    }

    pub(crate) async fn mark_seen(&self, who: Reader<'_>, reference: Reference) -> Result<Reach<()>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.mark_seen(who.own, who.from, reference)).await,
            Self::Maildir(files) => files.mark_seen(who.own.address(), reference, who.now).await.map(Reach::Here),
        }
    }

    /// Whether a name names a letter.
    pub(crate) async fn is_there(&self, who: Reader<'_>, reference: Reference) -> Result<Reach<bool>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.is_there(who.own, who.from, reference)).await,
            Self::Maildir(files) => files.is_there(who.own.address(), reference, who.now).await.map(Reach::Here),
        }
    }

    /// Puts a letter in the bin, or, from the bin, back where it belongs.
    pub(crate) async fn relocate(&self, who: Reader<'_>, reference: Reference) -> Result<Reach<Moved>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.relocate(who.own, who.from, reference)).await,
            Self::Maildir(files) => files.relocate(who.own.address(), reference, who.now).await.map(Reach::Here),
        }
    }

    /// When the first of the letters received from this address came, as far as the inbox still knows.
    pub(crate) async fn first_from(&self, who: Reader<'_>, sender: &MailAddress) -> Result<Reach<Option<Timestamp>>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.first_from(who.own, who.from, sender)).await,
            Self::Maildir(files) => files.first_from(who.own.address(), sender, who.now).await.map(Reach::Here),
        }
    }

    /// Whether a letter of this `Message-ID` is among the sent ones.
    pub(crate) async fn has_sent(&self, who: Reader<'_>, message_id: &str) -> Result<Reach<bool>, Failure> {
        match self {
            Self::Imap(server) => imap::reach(server.has_sent(who.own, who.from, message_id).await),
            Self::Maildir(files) => files.has_sent(who.own.address(), message_id, who.now).await.map(Reach::Here),
        }
    }

    /// Puts a letter among the sent ones, unless one of this `Message-ID` is there.
    pub(crate) async fn file_sent(
        &self,
        who: Reader<'_>,
        message_id: &str,
        letter: &Leaving,
        kernel: &Kernel,
    ) -> Result<Reach<()>, Failure> {
        match self {
            Self::Imap(server) => who.asks(server.file_sent(who.own, who.from, message_id, letter)).await,
            Self::Maildir(files) => {
                files.file_sent(who.own.address(), message_id, &mut letter.pieces(kernel), who.now).await.map(Reach::Here)
            }
        }
    }
}
