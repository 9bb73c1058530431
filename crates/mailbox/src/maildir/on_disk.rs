//! One mailbox, its folders and its letters, as files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use maincourante_kernel::Timestamp;
use maincourante_kernel::clock::{Span, hours};

use super::Written;
use crate::folder::{Counts, Folder, KEPT_IN_BIN, PAGE, Page, Reference, Row, ranks};
use crate::letter::{self, SafeView};
use crate::search::{Found, LOOKING, Sought};

/// A file begun longer ago was left by a process that died: nothing takes this long to be written.
const LEFT: Span = hours(36);

pub(super) struct Mailbox {
    pub(super) path: PathBuf,
}

impl Mailbox {
    pub(super) fn folder(&self, folder: Folder) -> OnDisk {
        let path = match folder {
            Folder::Inbox => self.path.clone(),
            Folder::Sent => self.path.join(".Sent"),
            Folder::Bin => self.path.join(".Trash"),
        };
        OnDisk { path, folder }
    }

    /// A folder, made at its first use: as a mail server does at the first sign-in.
    pub(super) fn made(&self, folder: Folder, now: Timestamp) -> io::Result<OnDisk> {
        let folder = self.folder(folder);
        folder.make(now)?;
        if folder.folder == Folder::Bin {
            folder.let_go(now)?;
        }
        Ok(folder)
    }
}

pub(super) struct OnDisk {
    pub(super) path: PathBuf,
    folder: Folder,
}

/// A letter on disk.
pub(super) struct Entry {
    uid: u32,
    /// The file's name without its flags.
    pub(super) bare: String,
    pub(super) path: PathBuf,
    pub(super) arrived: Timestamp,
    /// When it was put in the bin, if it lies there.
    binned: Option<Timestamp>,
    pub(super) seen: bool,
    /// It was among the sent letters before it was put in the bin.
    was_sent: bool,
}

impl Entry {
    /// The key it was put under.
    fn key(&self) -> &str {
        self.bare.rsplit('.').next().unwrap_or_default()
    }

    /// Where it belongs.
    pub(super) fn home(&self, lies_in: Folder) -> Folder {
        match lies_in {
            Folder::Bin if self.was_sent => Folder::Sent,
            Folder::Bin => Folder::Inbox,
            Folder::Inbox | Folder::Sent => lies_in,
        }
    }

    /// The name of its file: the flag of Dovecot's first keyword says that it was sent.
    pub(super) fn named(&self, bare: &str, seen: bool) -> String {
        format!("{bare}:2,{}{}", if seen { "S" } else { "" }, if self.was_sent { "a" } else { "" })
    }
}

impl OnDisk {
    fn numbers(&self) -> PathBuf {
        self.path.join("maincourante-numbers")
    }

    pub(super) fn is_made(&self) -> bool {
        self.numbers().exists()
    }

    pub(super) fn make(&self, now: Timestamp) -> io::Result<()> {
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
    pub(super) fn entries(&self) -> io::Result<Vec<Entry>> {
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

    pub(super) fn find(&self, reference: Reference) -> io::Result<Option<Entry>> {
        if self.read_numbers()?.0 != reference.validity {
            return Ok(None);
        }
        Ok(self.entries()?.into_iter().find(|entry| entry.uid == reference.uid))
    }

    /// Whether a letter was put here under this key.
    pub(super) fn holds(&self, key: &str) -> io::Result<bool> {
        Ok(self.entries()?.iter().any(|entry| entry.key() == key))
    }

    /// The validity of the folder, and a number for a letter, given once.
    fn number(&self) -> io::Result<(u32, u32)> {
        let (validity, uid) = self.read_numbers()?;
        self.write_numbers(validity, uid + 1)?;
        Ok((validity, uid))
    }

    /// A letter of another folder comes here, under a new number.
    pub(super) fn take_in(&self, entry: &Entry, from: Folder, now: Timestamp) -> io::Result<Reference> {
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

    pub(super) fn put(&self, key: &str, letter: Written, at: Timestamp, seen: bool) -> io::Result<()> {
        if self.holds(key)? {
            return Ok(());
        }
        let (_, uid) = self.number()?;
        let bare = format!("U{uid}.{}.{key}", at.micros());
        let place = if seen { self.path.join("cur").join(format!("{bare}:2,S")) } else { self.path.join("new").join(&bare) };
        match letter {
            Written::Here(bytes) => write_whole(&self.path.join("tmp").join(&bare), &bytes, &place),
            Written::Beside(written) => written.take_place(&place),
        }
    }

    pub(super) fn page(&self, after: Option<Reference>) -> io::Result<Page> {
        let entries = self.entries()?;
        let (validity, _) = self.read_numbers()?;
        let counts = counts(&entries);
        let newest = u32::try_from(self.older_than(after, &entries, validity)).unwrap_or(u32::MAX);
        let (mut rows, mut older) = (Vec::new(), false);
        if let Some((from, to)) = ranks(newest) {
            older = from > 1;
            for entry in entries[from as usize - 1..to as usize].iter().rev() {
                let bytes = fs::read(&entry.path)?;
                rows.push(self.row(entry, validity, letter::read(&bytes), bytes.len()));
            }
        }
        Ok(Page { rows, older, counts })
    }

    /// A page of the letters that hold these words, from the newest on, or from a letter on, as far as there is time to look.
    pub(super) fn search(&self, sought: &Sought, after: Option<Reference>) -> io::Result<Found> {
        let (entries, begun, most) = (self.entries()?, Instant::now(), PAGE as usize);
        let (validity, _) = self.read_numbers()?;
        let mut found = Found::default();
        for (at, entry) in entries[..self.older_than(after, &entries, validity)].iter().enumerate().rev() {
            if found.rows.len() == most || begun.elapsed() > LOOKING {
                found.next = entries.get(at + 1).map(|last| Reference { folder: self.folder, validity, uid: last.uid });
                break;
            }
            let bytes = fs::read(&entry.path)?;
            let view = letter::read(&bytes);
            if sought.is_in(&view) {
                found.rows.push(self.row(entry, validity, view, bytes.len()));
            }
        }
        Ok(found)
    }

    /// How many letters came before this one, whether or not it is still there; all of them for none.
    fn older_than(&self, after: Option<Reference>, entries: &[Entry], validity: u32) -> usize {
        match after {
            Some(last) if last.folder == self.folder && last.validity == validity => entries.partition_point(|entry| entry.uid < last.uid),
            Some(_) | None => entries.len(),
        }
    }

    fn row(&self, entry: &Entry, validity: u32, view: SafeView, size: usize) -> Row {
        Row {
            reference: Reference { folder: self.folder, validity, uid: entry.uid },
            home: entry.home(self.folder),
            carried: view.attachments.len(),
            heading: letter::Heading { from: view.from, to: view.to, subject: view.subject, date: view.date },
            arrived: entry.arrived,
            seen: entry.seen,
            size: size as u64,
        }
    }
}

/// A file that is written piece by piece beside where it will stand. It goes when it is not put there.
pub(crate) struct Beside {
    path: PathBuf,
    file: fs::File,
}

impl Beside {
    /// Begins one in this folder, from which it can be moved; what was left there by a process that died goes.
    pub(super) fn begin(folder: &Path, now: Timestamp) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(folder)?;
        for left in fs::read_dir(folder)? {
            let left = left?;
            let begun = left.file_name().to_str().and_then(|name| name.strip_prefix("B")?.split('.').next()?.parse().ok());
            if begun.is_some_and(|begun| now.since(Timestamp::from_micros(begun)) > LEFT) {
                fs::remove_file(left.path())?;
            }
        }
        let (turn, process) = (COUNT.fetch_add(1, Ordering::Relaxed), std::process::id());
        let path = folder.join(format!("B{}.{process}.{turn}", now.micros()));
        Ok(Self { file: fs::File::create(&path)?, path })
    }

    pub(super) fn push(mut self, piece: &[u8]) -> io::Result<Self> {
        self.file.write_all(piece)?;
        Ok(self)
    }

    /// It is whole: put in place at once.
    fn take_place(mut self, place: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, place)?;
        self.path.clear();
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            // What cannot be removed is found the next time.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Written beside, then put in place at once: a file is never seen half written.
fn write_whole(beside: &Path, bytes: &[u8], place: &Path) -> io::Result<()> {
    let mut file = fs::File::create(beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(beside, place)
}

pub(super) fn counts(entries: &[Entry]) -> Counts {
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
