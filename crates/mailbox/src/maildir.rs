//! Letters as files, in the Maildir++ layout: the demo, training and tests need no mail server.
//!
//! One process writes here, one operation at a time. A letter's name begins with its number (`U42.`), so that a reference
//! outlives a restart; files put here by something else are given one when they are first seen. Delivery under a key is
//! done once, however often it is asked for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use maincourante_kernel::address::MailAddress;
use maincourante_kernel::{Failure, Timestamp};

use crate::folder::{Counts, Folder, Page, Reference, Row, Stored, ranks};
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
        self.with(address, move |mailbox| [Folder::Inbox, Folder::Sent].into_iter().try_for_each(|folder| mailbox.folder(folder).make(now)))
            .await
    }

    pub(crate) async fn page(&self, address: &MailAddress, folder: Folder, number: u32, now: Timestamp) -> Result<Page, Failure> {
        self.with(address, move |mailbox| mailbox.made(folder, now)?.page(number)).await
    }

    pub(crate) async fn counts(&self, address: &MailAddress, folder: Folder, now: Timestamp) -> Result<Counts, Failure> {
        self.with(address, move |mailbox| Ok(counts(&mailbox.made(folder, now)?.entries()?))).await
    }

    pub(crate) async fn letter(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<Option<Stored>, Failure> {
        self.with(address, move |mailbox| match mailbox.made(reference.folder, now)?.find(reference)? {
            Some(entry) => Ok(Some(Stored { bytes: fs::read(&entry.path)?, arrived: entry.arrived, seen: entry.seen })),
            None => Ok(None),
        })
        .await
    }

    pub(crate) async fn mark_seen(&self, address: &MailAddress, reference: Reference, now: Timestamp) -> Result<(), Failure> {
        self.with(address, move |mailbox| {
            let folder = mailbox.made(reference.folder, now)?;
            match folder.find(reference)? {
                Some(entry) if !entry.seen => fs::rename(&entry.path, folder.path.join("cur").join(format!("{}:2,S", entry.bare))),
                Some(_) | None => Ok(()),
            }
        })
        .await
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
        };
        OnDisk { path, folder }
    }

    /// A folder, made at its first use: as a mail server does at the first sign-in.
    fn made(&self, folder: Folder, now: Timestamp) -> io::Result<OnDisk> {
        let folder = self.folder(folder);
        folder.make(now)?;
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
    seen: bool,
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

    fn put(&self, key: &str, bytes: &[u8], at: Timestamp, seen: bool) -> io::Result<()> {
        if self.entries()?.iter().any(|entry| entry.bare.ends_with(&format!(".{key}"))) {
            return Ok(());
        }
        let (validity, uid) = self.read_numbers()?;
        self.write_numbers(validity, uid + 1)?;
        let bare = format!("U{uid}.{}.{key}", at.micros());
        let place = if seen { self.path.join("cur").join(format!("{bare}:2,S")) } else { self.path.join("new").join(&bare) };
        write_whole(&self.path.join("tmp").join(&bare), bytes, &place)
    }

    fn page(&self, number: u32) -> io::Result<Page> {
        let entries = self.entries()?;
        let (validity, _) = self.read_numbers()?;
        let counts = counts(&entries);
        let mut rows = Vec::new();
        if let Some((from, to)) = ranks(counts.total, number) {
            for entry in entries[from as usize - 1..to as usize].iter().rev() {
                let bytes = fs::read(&entry.path)?;
                let view = letter::read(&bytes);
                rows.push(Row {
                    reference: Reference { folder: self.folder, validity, uid: entry.uid },
                    heading: letter::Heading { from: view.from, to: view.to, subject: view.subject, date: view.date },
                    arrived: entry.arrived,
                    seen: entry.seen,
                    carried: view.attachments.len(),
                    size: bytes.len() as u64,
                });
            }
        }
        Ok(Page { rows, number, counts })
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

/// A file named `U<number>.<microseconds>.<key>` and, in `cur`, `:2,<flags>`.
fn entry(name: &str, path: PathBuf) -> Option<Entry> {
    let (bare, flags) = name.split_once(":2,").unwrap_or((name, ""));
    let mut parts = bare.strip_prefix('U')?.splitn(3, '.');
    let (uid, micros, _key) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    Some(Entry { uid, bare: bare.to_owned(), path, arrived: Timestamp::from_micros(micros), seen: flags.contains('S') })
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

        let first = maildir.page(&address, Folder::Inbox, 0, now).await.unwrap();
        let seen: Vec<_> = first.rows.iter().map(|row| (row.reference.uid, row.heading.subject.as_str(), row.seen)).collect();
        assert_eq!(seen, [(3, "trois", false), (2, "deux", true), (1, "un", false)]);
        assert_eq!(first.rows[2].arrived, Timestamp::from_micros(1_700_000_000_000_000));
        assert_eq!(maildir.page(&address, Folder::Inbox, 0, now).await.unwrap(), first);
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
