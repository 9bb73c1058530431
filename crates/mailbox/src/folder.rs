//! Where letters lie, how one is named, and what a page of a list holds.

use std::fmt;
use std::str::FromStr;

use maincourante_kernel::Timestamp;
use maincourante_kernel::clock::{Span, days};

use crate::letter::Heading;

/// How many letters a page of a list shows.
pub const PAGE: u32 = 25;

/// A folder of a mailbox.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Folder {
    /// Letters received.
    Inbox,
    /// Letters sent.
    Sent,
    /// Letters put in the bin, from which they can be put back for [`KEPT_IN_BIN`].
    Bin,
}

/// How long a letter stays in the bin: `deploy/dovecot/dovecot.conf` says the same.
pub const KEPT_IN_BIN: Span = days(30);

/// The name of one letter of one mailbox, such as it stands in an address: `recu-7-42`.
///
/// It says nothing by itself: it names a letter of the mailbox of whoever shows it. When a folder is made anew, its
/// validity changes and the old names name nothing (RFC 9051, section 2.3.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reference {
    pub(crate) folder: Folder,
    pub(crate) validity: u32,
    pub(crate) uid: u32,
}

impl Reference {
    /// In which folder.
    pub fn folder(self) -> Folder {
        self.folder
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = match self.folder {
            Folder::Inbox => "recu",
            Folder::Sent => "envoye",
            Folder::Bin => "jete",
        };
        write!(out, "{folder}-{}-{}", self.validity, self.uid)
    }
}

/// A text that names no letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoReference;

impl FromStr for Reference {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        let mut parts = text.split('-');
        let folder = match parts.next() {
            Some("recu") => Folder::Inbox,
            Some("envoye") => Folder::Sent,
            Some("jete") => Folder::Bin,
            _ => return Err(NoReference),
        };
        let mut number = || {
            parts
                .next()
                .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                .and_then(|digits| digits.parse().ok())
                .filter(|number| *number > 0)
        };
        let (Some(validity), Some(uid), None) = (number(), number(), parts.next()) else { return Err(NoReference) };
        Ok(Self { folder, validity, uid })
    }
}

/// A letter in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its name.
    pub reference: Reference,
    /// Where it belongs: its folder, or, from the bin, the one it came from. A letter says nothing of this itself.
    pub home: Folder,
    /// What it says of itself.
    pub heading: Heading,
    /// When it came into the folder, by the server's clock.
    pub arrived: Timestamp,
    /// Whether it was opened.
    pub seen: bool,
    /// How many documents it carries, as far as one sees without reading it.
    pub carried: usize,
    /// Its weight in bytes.
    pub size: u64,
}

/// A page of a folder, the newest letter first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// The letters of this page.
    pub rows: Vec<Row>,
    /// Whether older letters follow: the next page begins after the last row of this one.
    pub older: bool,
    /// How many letters the folder holds and how many were never opened.
    pub counts: Counts,
}

impl Page {
    /// The name after which the next page begins, if there is one.
    pub fn next(&self) -> Option<Reference> {
        self.rows.last().filter(|_| self.older).map(|row| row.reference)
    }
}

/// How many letters a folder holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// In all.
    pub total: u32,
    /// Never opened.
    pub unseen: u32,
}

/// What became of a letter that was to change places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moved {
    /// It is there now, under this name.
    To(Reference),
    /// It is elsewhere now, and the server did not say under which name.
    Somewhere,
    /// Its name names nothing any more: it was moved before, or never was.
    NotThere,
}

/// A letter as its source keeps it.
pub(crate) struct Stored {
    pub bytes: Vec<u8>,
    pub arrived: Timestamp,
    pub seen: bool,
    pub home: Folder,
}

/// The ranks, oldest being 1, of the page whose newest letter has the rank `newest`: from and to, both included.
pub(crate) fn ranks(newest: u32) -> Option<(u32, u32)> {
    (newest > 0).then(|| (newest.saturating_sub(PAGE - 1).max(1), newest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_travels_and_nonsense_names_nothing() {
        let reference = Reference { folder: Folder::Sent, validity: 7, uid: 42 };
        assert_eq!(reference.to_string(), "envoye-7-42");
        assert_eq!("envoye-7-42".parse(), Ok(reference));
        assert_eq!("jete-7-42".parse(), Ok(Reference { folder: Folder::Bin, ..reference }));
        for bad in
            ["", "recu", "recu-1", "recu-1-2-3", "recu-0-1", "recu--1-2", "recu-+1-2", "recu-1-99999999999", "spam-1-2", "recu-1-1 UID"]
        {
            assert_eq!(bad.parse::<Reference>(), Err(NoReference), "{bad}");
        }
    }

    #[test]
    fn pages_are_counted_from_the_newest() {
        assert_eq!(ranks(60), Some((36, 60)));
        assert_eq!(ranks(25), Some((1, 25)));
        assert_eq!(ranks(10), Some((1, 10)));
        assert_eq!(ranks(0), None);
    }
}
