//! Letters as files, in the Maildir++ layout: the demo, training and tests need no mail server.
//!
//! One process writes here, one operation at a time. A letter's name begins with its number (`U42.`), so that a reference
//! outlives a restart; files put here by something else are given one when they are first seen. Delivery under a key is
//! done once, however often it is asked for. What lies in the bin bears the hour it was put there, and goes as long after as
//! a mail server would let it go.

mod on_disk;

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Timestamp};

use self::on_disk::{Beside, Mailbox, counts};
use crate::folder::{Counts, Folder, Moved, Page, Reference, Stored};
use crate::leaving::Pieces;
use crate::letter;
use crate::search::{Found, Sought};

/// The mailboxes under one folder.
#[derive(Clone)]
pub(crate) struct Maildir {
    disk: Arc<Mutex<Disk>>,
}

/// What a delivery gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Delivery {
    Done,
    NoSuchBox,
}

/// A letter to be put in a folder.
pub(crate) enum Written {
    Here(Vec<u8>),
    Beside(Beside),
}

impl<T: AsRef<[u8]>> From<T> for Written {
    fn from(bytes: T) -> Self {
        Self::Here(bytes.as_ref().to_vec())
    }
}

impl Maildir {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { disk: Arc::new(Mutex::new(Disk { root })) }
    }

    /// Makes the mailbox and its folders; harmless when they are there.
    pub(crate) async fn prepare(&self, address: &MailAddress, now: Timestamp) -> Result<(), Failure> {
        self.with(address, move |mailbox| {
            [Folder::Inbox, Folder::Sent, Folder::Bin].into_iter().try_for_each(|folder| mailbox.folder(folder).make(now))
        })
        .await
    }

    pub(crate) async fn page(
        &self,
        address: &MailAddress,
        folder: Folder,
        after: Option<Reference>,
        now: Timestamp,
    ) -> Result<Page, Failure> {
        self.with(address, move |mailbox| mailbox.made(folder, now)?.page(after)).await
    }

    pub(crate) async fn search(
        &self,
        address: &MailAddress,
        folder: Folder,
        (sought, after): (Sought, Option<Reference>),
        now: Timestamp,
    ) -> Result<Found, Failure> {
        self.with(address, move |mailbox| mailbox.made(folder, now)?.search(&sought, after)).await
    }

    pub(crate) async fn counts(&self, address: &MailAddress, folder: Folder, now: Timestamp) -> Result<Counts, Failure> {
        self.with(address, move |mailbox| Ok(counts(&mailbox.made(folder, now)?.entries()?))).await
    }

    pub(crate) async fn letter(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<Option<Stored>, Failure> {
        self.with(address, move |mailbox| match mailbox.made(reference.folder, now)?.find(reference)? {
            Some(entry) => Ok(Some(Stored {
                bytes: fs::read(&entry.path)?,
                arrived: entry.arrived,
                seen: entry.seen,
                home: entry.home(reference.folder),
            })),
            None => Ok(None),
        })
        .await
    }

    /// At most so many bytes of a letter from this one on, none after its end.
    pub(crate) async fn piece(
        &self,
        address: &MailAddress,
        reference: Reference,
        (at, most): (usize, usize),
        now: Timestamp,
    ) -> Result<Option<Vec<u8>>, Failure> {
        self.with(address, move |mailbox| match mailbox.made(reference.folder, now)?.find(reference)? {
            Some(entry) => {
                let (mut file, mut bytes) = (fs::File::open(&entry.path)?, Vec::new());
                file.seek(SeekFrom::Start(at as u64))?;
                file.take(most as u64).read_to_end(&mut bytes)?;
                Ok(Some(bytes))
            }
            None => Ok(None),
        })
        .await
    }

    pub(crate) async fn mark_seen(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<(), Failure> {
        self.with(address, move |mailbox| {
            let folder = mailbox.made(reference.folder, now)?;
            match folder.find(reference)? {
                Some(entry) if !entry.seen => fs::rename(&entry.path, folder.path.join("cur").join(entry.named(&entry.bare, true))),
                Some(_) | None => Ok(()),
            }
        })
        .await
    }

    /// Whether a name names a letter.
    pub(crate) async fn is_there(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<bool, Failure> {
        self.with(address, move |mailbox| Ok(mailbox.made(reference.folder, now)?.find(reference)?.is_some())).await
    }

    /// Puts a letter in the bin, or, from the bin, back where it belongs.
    pub(crate) async fn relocate(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<Moved, Failure> {
        self.with(address, move |mailbox| {
            let Some(entry) = mailbox.made(reference.folder, now)?.find(reference)? else { return Ok(Moved::NotThere) };
            let to = if reference.folder == Folder::Bin { entry.home(Folder::Bin) } else { Folder::Bin };
            mailbox.made(to, now)?.take_in(&entry, reference.folder, now).map(Moved::To)
        })
        .await
    }

    /// When the first of the letters received from this address came.
    pub(crate) async fn first_from(
        &self,
        address: &MailAddress,
        sender: &MailAddress,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Failure> {
        let sender = sender.folded();
        self.with(address, move |mailbox| {
            for entry in mailbox.made(Folder::Inbox, now)?.entries()? {
                let from = letter::heading(&fs::read(&entry.path)?).from.and_then(|from| from.address);
                if from.is_some_and(|from| from.folded() == sender) {
                    return Ok(Some(entry.arrived));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Whether a letter was put among the sent ones under this name.
    pub(crate) async fn has_sent(&self, address: &MailAddress, message_id: &str, now: Timestamp) -> Result<bool, Failure> {
        let key = file_key(message_id);
        self.with(address, move |mailbox| mailbox.made(Folder::Sent, now)?.holds(&key)).await
    }

    /// Puts a letter among those sent, unless one of this `Message-ID` is there.
    pub(crate) async fn file_sent(
        &self,
        address: &MailAddress,
        message_id: &str,
        letter: &mut Pieces<'_>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if self.has_sent(address, message_id, now).await? {
            return Ok(());
        }
        let (key, letter) = (file_key(message_id), self.beside(address, letter, now).await?);
        self.with(address, move |mailbox| mailbox.made(Folder::Sent, now)?.put(&key, letter, now, true)).await
    }

    /// Puts a letter into the inbox of an address, once for this key.
    pub(crate) async fn deliver(
        &self,
        address: &MailAddress,
        key: &str,
        letter: impl Into<Written>,
        at: Timestamp,
    ) -> Result<Delivery, Failure> {
        let (key, letter) = (file_key(key), letter.into());
        self.with(address, move |mailbox| {
            let inbox = mailbox.folder(Folder::Inbox);
            if !inbox.is_made() {
                return Ok(Delivery::NoSuchBox);
            }
            // Delivered, then thrown away by its owner: it does not come back.
            if mailbox.made(Folder::Bin, at)?.holds(&key)? {
                return Ok(Delivery::Done);
            }
            inbox.put(&key, letter, at, false)?;
            Ok(Delivery::Done)
        })
        .await
    }

    /// Writes a letter beside the mailbox of an address as it comes, to be put there at once.
    pub(crate) async fn beside(&self, address: &MailAddress, letter: &mut Pieces<'_>, now: Timestamp) -> Result<Written, Failure> {
        let mut written = self.with(address, move |mailbox| Beside::begin(&mailbox.path.join("tmp"), now)).await?;
        while let Some(piece) = letter.next().await? {
            written = self.with(address, move |_| written.push(&piece)).await?;
        }
        Ok(Written::Beside(written))
    }

    /// Whether an address has a mailbox here.
    pub(crate) async fn has(&self, address: &MailAddress) -> Result<bool, Failure> {
        self.with(address, |mailbox| Ok(mailbox.folder(Folder::Inbox).is_made())).await
    }

    /// Disks are slow, and wait elsewhere than where requests are served.
    async fn with<T: Send + 'static>(
        &self,
        address: &MailAddress,
        act: impl FnOnce(&Mailbox) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Failure> {
        let disk = Arc::clone(&self.disk);
        let folder = folder_name(&address.folded());
        let done = tokio::task::spawn_blocking(move || {
            let disk = disk.lock().unwrap_or_else(PoisonError::into_inner);
            act(&Mailbox { path: disk.root.join(folder) })
        });
        // The kind of the error says enough; its text would name the person.
        done.await?.map_err(|error| Failure::from(io::Error::from(error.kind())).during("reaching a mailbox on disk"))
    }
}

/// A key may be any text; in a name of a file it is its hash.
fn file_key(key: &str) -> String {
    data_encoding::HEXLOWER.encode(&ring::digest::digest(&ring::digest::SHA256, key.as_bytes()).as_ref()[..16])
}

struct Disk {
    root: PathBuf,
}

/// `josette.lambert@exemple.fr` lives in `exemple.fr/josette.lambert`; unusual characters are written `%2f`.
fn folder_name(address: &MailAddress) -> PathBuf {
    let safe = |text: &str| {
        let byte = |byte: u8| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'+' => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    Path::new(&safe(address.domain())).join(safe(address.local()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::KEPT_IN_BIN;

    #[test]
    fn an_address_names_one_folder_and_no_other() {
        let folder = |address: &str| folder_name(&address.parse::<MailAddress>().unwrap().folded());
        assert_eq!(folder("Josette.Lambert@Exemple.fr"), Path::new("exemple.fr/josette.lambert"));
        assert_eq!(folder("a/b@x.fr"), Path::new("x.fr/a%2fb"));
        assert_eq!(folder("a%2fb@x.fr"), Path::new("x.fr/a%252fb"));
    }

    #[tokio::test]
    async fn letters_put_here_by_something_else_are_numbered_once() {
        let root = tempfile::tempdir().unwrap();
        let maildir = Maildir::new(root.path().to_owned());
        let address: MailAddress = "a@x.fr".parse().unwrap();
        let now = Timestamp::from_micros(1_000_000);
        maildir.prepare(&address, now).await.unwrap();
        let cur = root.path().join("x.fr/a/cur");
        fs::write(cur.join("1700000001.b.host:2,S"), "Subject: deux\n\n").unwrap();
        fs::write(cur.join("1700000000.a.host:2,"), "Subject: un\n\n").unwrap();
        fs::write(root.path().join("x.fr/a/new/autre"), "Subject: trois\n\n").unwrap();

        let first = maildir.page(&address, Folder::Inbox, None, now).await.unwrap();
        let seen: Vec<_> = first.rows.iter().map(|row| (row.reference.uid, row.heading.subject.as_str(), row.seen)).collect();
        assert_eq!(seen, [(3, "trois", false), (2, "deux", true), (1, "un", false)]);
        assert_eq!(first.rows[2].arrived, Timestamp::from_micros(1_700_000_000_000_000));
        assert_eq!(maildir.page(&address, Folder::Inbox, None, now).await.unwrap(), first);
    }

    #[tokio::test]
    async fn the_bin_lets_go_of_what_was_put_there_long_ago_and_a_delivery_does_not_bring_it_back() {
        let root = tempfile::tempdir().unwrap();
        let maildir = Maildir::new(root.path().to_owned());
        let address: MailAddress = "a@x.fr".parse().unwrap();
        // The letter is old; it is in the bin since `now`.
        let now = Timestamp::from_micros(1_000_000).plus(KEPT_IN_BIN).plus(KEPT_IN_BIN);
        maildir.prepare(&address, now).await.unwrap();
        assert_eq!(maildir.deliver(&address, "k", b"Subject: x\n\n", Timestamp::from_micros(1_000_000)).await.unwrap(), Delivery::Done);
        let row = maildir.page(&address, Folder::Inbox, None, now).await.unwrap().rows[0].reference;
        let Moved::To(there) = maildir.relocate(&address, row, now).await.unwrap() else { panic!("not moved") };
        assert_eq!(maildir.deliver(&address, "k", b"Subject: x\n\n", now).await.unwrap(), Delivery::Done);
        assert_eq!(maildir.counts(&address, Folder::Inbox, now).await.unwrap().total, 0, "its owner threw it away");
        let last = now.plus(KEPT_IN_BIN);
        assert!(maildir.is_there(&address, there, last).await.unwrap());
        let later = last.plus(maincourante_kernel::clock::seconds(1));
        assert!(!maildir.is_there(&address, there, later).await.unwrap());
    }

    #[tokio::test]
    async fn a_key_is_delivered_once_and_strangers_have_no_box() {
        let root = tempfile::tempdir().unwrap();
        let maildir = Maildir::new(root.path().to_owned());
        let address: MailAddress = "a@x.fr".parse().unwrap();
        let now = Timestamp::from_micros(1_000_000);
        assert_eq!(maildir.deliver(&address, "k", b"\n", now).await.unwrap(), Delivery::NoSuchBox);
        maildir.prepare(&address, now).await.unwrap();
        for key in ["k", "k", "kk"] {
            assert_eq!(maildir.deliver(&address, key, b"\n", now).await.unwrap(), Delivery::Done);
        }
        assert_eq!(maildir.counts(&address, Folder::Inbox, now).await.unwrap(), Counts { total: 2, unseen: 2 });
    }
}
