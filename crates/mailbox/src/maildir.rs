//! Letters as files, in the Maildir++ layout: the demo, training and tests need no mail server.
//!
//! One process writes here, one operation at a time. A letter's name begins with its number (`U42.`), so that a reference
//! outlives a restart; files put here by something else are given one when they are first seen. Delivery under a key is
//! done once, however often it is asked for. What lies in the bin bears the hour it was put there, and goes as long after as
//! a mail server would let it go.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Timestamp};

use crate::folder::{Counts, Folder, KEPT_IN_BIN, Moved, Page, Reference, Row, Stored, ranks};
use crate::letter;

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
    pub(crate) async fn file_sent(&self, address: &MailAddress, message_id: &str, bytes: &[u8], now: Timestamp) -> Result<(), Failure> {
        let (key, bytes) = (file_key(message_id), bytes.to_vec());
        self.with(address, move |mailbox| mailbox.made(Folder::Sent, now)?.put(&key, &bytes, now, true)).await
    }

    /// Puts a letter into the inbox of an address, once for this key.
    pub(crate) async fn deliver(&self, address: &MailAddress, key: &str, bytes: &[u8], at: Timestamp) -> Result<Delivery, Failure> {
        let (key, bytes) = (file_key(key), bytes.to_vec());
        self.with(address, move |mailbox| {
            let inbox = mailbox.folder(Folder::Inbox);
            if !inbox.is_made() {
                return Ok(Delivery::NoSuchBox);
            }
            // Delivered, then thrown away by its owner: it does not come back.
            if mailbox.made(Folder::Bin, at)?.holds(&key)? {
                return Ok(Delivery::Done);
            }
            inbox.put(&key, &bytes, at, false)?;
            Ok(Delivery::Done)
        })
        .await
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

struct Mailbox {
    path: PathBuf,
}

impl Mailbox {
    fn folder(&self, folder: Folder) -> OnDisk {
        let path = match folder {
            Folder::Inbox => self.path.clone(),
            Folder::Sent => self.path.join(".Sent"),
            Folder::Bin => self.path.join(".Trash"),
        };
        OnDisk { path, folder }
    }

    /// A folder, made at its first use: as a mail server does at the first sign-in.
    fn made(&self, folder: Folder, now: Timestamp) -> io::Result<OnDisk> {
        let folder = self.folder(folder);
        folder.make(now)?;
        if folder.folder == Folder::Bin {
            folder.let_go(now)?;
        }
        Ok(folder)
    }
}

struct OnDisk {
    path: PathBuf,
    folder: Folder,
}

/// A letter on disk.
struct Entry {
    uid: u32,
    /// The file's name without its flags.
    bare: String,
    path: PathBuf,
    arrived: Timestamp,
    /// When it was put in the bin, if it lies there.
    binned: Option<Timestamp>,
    seen: bool,
    /// It was among the sent letters before it was put in the bin.
    was_sent: bool,
}

impl Entry {
    /// The key it was put under.
    fn key(&self) -> &str {
        self.bare.rsplit('.').next().unwrap_or_default()
    }

    /// Where it belongs.
    fn home(&self, lies_in: Folder) -> Folder {
        match lies_in {
            Folder::Bin if self.was_sent => Folder::Sent,
            Folder::Bin => Folder::Inbox,
            Folder::Inbox | Folder::Sent => lies_in,
        }
    }

    /// The name of its file: the flag of Dovecot's first keyword says that it was sent.
    fn named(&self, bare: &str, seen: bool) -> String {
        format!("{bare}:2,{}{}", if seen { "S" } else { "" }, if self.was_sent { "a" } else { "" })
    }
}

impl OnDisk {
    fn numbers(&self) -> PathBuf {
        self.path.join("maincourante-numbers")
    }

    fn is_made(&self) -> bool {
        self.numbers().exists()
    }

    fn make(&self, now: Timestamp) -> io::Result<()> {
        if self.is_made() {
            return Ok(());
        }
        for folder in ["tmp", "new", "cur"] {
            fs::create_dir_all(self.path.join(folder))?;
        }
        let validity = u32::try_from(now.seconds()).unwrap_or(1).max(1);
        self.write_numbers(validity, 1)
    }

    /// The validity of the folder, and the number its next letter will bear.
    fn read_numbers(&self) -> io::Result<(u32, u32)> {
        let text = fs::read_to_string(self.numbers())?;
        let mut numbers = text.split_ascii_whitespace().map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(validity)), Some(Ok(next))) => Ok((validity, next)),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn write_numbers(&self, validity: u32, next: u32) -> io::Result<()> {
        write_whole(&self.path.join("tmp").join("numbers"), format!("{validity} {next}\n").as_bytes(), &self.numbers())
    }

    /// Every letter, the oldest first. Those without a number are given one, in the order of their names.
    fn entries(&self) -> io::Result<Vec<Entry>> {
        let (mut known, mut strangers) = (Vec::new(), Vec::new());
        for place in ["new", "cur"] {
            for file in fs::read_dir(self.path.join(place))? {
                let file = file?;
                let Ok(name) = file.file_name().into_string() else { continue };
                match entry(&name, file.path()) {
                    Some(entry) => known.push(entry),
                    None if name.starts_with('.') => {}
                    None => strangers.push((name, file.path())),
                }
            }
        }
        if !strangers.is_empty() {
            strangers.sort();
            let (validity, mut next) = self.read_numbers()?;
            for (name, path) in strangers {
                let numbered = path.with_file_name(format!("U{next}.{}.{name}", arrival(&name, &path)?.micros()));
                next += 1;
                self.write_numbers(validity, next)?;
                fs::rename(&path, &numbered)?;
                let name = numbered.file_name().unwrap_or_default().to_string_lossy().into_owned();
                known.extend(entry(&name, numbered));
            }
        }
        known.sort_by_key(|entry| entry.uid);
        Ok(known)
    }

    fn find(&self, reference: Reference) -> io::Result<Option<Entry>> {
        if self.read_numbers()?.0 != reference.validity {
            return Ok(None);
        }
        Ok(self.entries()?.into_iter().find(|entry| entry.uid == reference.uid))
    }

    /// Whether a letter was put here under this key.
    fn holds(&self, key: &str) -> io::Result<bool> {
        Ok(self.entries()?.iter().any(|entry| entry.key() == key))
    }

    /// The validity of the folder, and a number for a letter, given once.
    fn number(&self) -> io::Result<(u32, u32)> {
        let (validity, uid) = self.read_numbers()?;
        self.write_numbers(validity, uid + 1)?;
        Ok((validity, uid))
    }

    /// A letter of another folder comes here, under a new number.
    fn take_in(&self, entry: &Entry, from: Folder, now: Timestamp) -> io::Result<Reference> {
        let (validity, uid) = self.number()?;
        let (arrived, key) = (entry.arrived.micros(), entry.key());
        let bare = match self.folder {
            Folder::Bin => format!("U{uid}.{arrived}.b{}.{key}", now.micros()),
            Folder::Inbox | Folder::Sent => format!("U{uid}.{arrived}.{key}"),
        };
        let marked =
            Entry { was_sent: self.folder == Folder::Bin && from == Folder::Sent, bare: String::new(), path: PathBuf::new(), ..*entry };
        fs::rename(&entry.path, self.path.join("cur").join(marked.named(&bare, entry.seen)))?;
        Ok(Reference { folder: self.folder, validity, uid })
    }

    /// What was put in the bin long ago goes, as a mail server lets it go (`autoexpunge`).
    fn let_go(&self, now: Timestamp) -> io::Result<()> {
        let old = |entry: &Entry| entry.binned.is_some_and(|binned| now.since(binned) > KEPT_IN_BIN);
        self.entries()?.iter().filter(|entry| old(entry)).try_for_each(|entry| fs::remove_file(&entry.path))
    }

    fn put(&self, key: &str, bytes: &[u8], at: Timestamp, seen: bool) -> io::Result<()> {
        if self.holds(key)? {
            return Ok(());
        }
        let (_, uid) = self.number()?;
        let bare = format!("U{uid}.{}.{key}", at.micros());
        let place = if seen { self.path.join("cur").join(format!("{bare}:2,S")) } else { self.path.join("new").join(&bare) };
        write_whole(&self.path.join("tmp").join(&bare), bytes, &place)
    }

    fn page(&self, after: Option<Reference>) -> io::Result<Page> {
        let entries = self.entries()?;
        let (validity, _) = self.read_numbers()?;
        let counts = counts(&entries);
        let newest = match after {
            Some(last) if last.folder == self.folder && last.validity == validity => {
                u32::try_from(entries.partition_point(|entry| entry.uid < last.uid)).unwrap_or(u32::MAX)
            }
            Some(_) | None => counts.total,
        };
        let (mut rows, mut older) = (Vec::new(), false);
        if let Some((from, to)) = ranks(newest) {
            older = from > 1;
            for entry in entries[from as usize - 1..to as usize].iter().rev() {
                let bytes = fs::read(&entry.path)?;
                let view = letter::read(&bytes);
                rows.push(Row {
                    reference: Reference { folder: self.folder, validity, uid: entry.uid },
                    home: entry.home(self.folder),
                    heading: letter::Heading { from: view.from, to: view.to, subject: view.subject, date: view.date },
                    arrived: entry.arrived,
                    seen: entry.seen,
                    carried: view.attachments.len(),
                    size: bytes.len() as u64,
                });
            }
        }
        Ok(Page { rows, older, counts })
    }
}

/// Written beside, then put in place at once: a file is never seen half written.
fn write_whole(beside: &Path, bytes: &[u8], place: &Path) -> io::Result<()> {
    let mut file = fs::File::create(beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(beside, place)
}

fn counts(entries: &[Entry]) -> Counts {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Counts { total: count(entries.len()), unseen: count(entries.iter().filter(|entry| !entry.seen).count()) }
}

/// A file named `U<number>.<microseconds>.<key>` (in the bin, `U<number>.<microseconds>.b<microseconds>.<key>`) and, in `cur`,
/// `:2,<flags>`.
fn entry(name: &str, path: PathBuf) -> Option<Entry> {
    let (bare, flags) = name.split_once(":2,").unwrap_or((name, ""));
    let mut parts = bare.strip_prefix('U')?.splitn(3, '.');
    let (uid, micros, rest) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let binned = rest.split_once('.').and_then(|(hour, _)| hour.strip_prefix('b')?.parse().ok());
    Some(Entry {
        uid,
        bare: bare.to_owned(),
        path,
        arrived: Timestamp::from_micros(micros),
        binned: binned.map(Timestamp::from_micros),
        seen: flags.contains('S'),
        was_sent: flags.contains('a'),
    })
}

/// When a letter put here by something else arrived: its name begins with seconds, else the file's own date.
fn arrival(name: &str, path: &Path) -> io::Result<Timestamp> {
    if let Some(seconds) = name.split('.').next().and_then(|first| first.parse::<i64>().ok()) {
        return Ok(Timestamp::from_micros(seconds.saturating_mul(1_000_000)));
    }
    let since = fs::metadata(path)?.modified()?.duration_since(std::time::UNIX_EPOCH).map_err(io::Error::other)?;
    Ok(Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
