//! Files that a person joins to what they write: kept sealed in the base, in pieces as they come, never whole in memory before
//! the letter leaves. What may do harm to who receives it is not kept; what is too heavy is not either.

use maincourante_identity::{Own, UsagerId};
use maincourante_kernel::raster::BEGINNING;
use maincourante_kernel::{Failure, Kernel, Tx};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

use crate::letter::{self, Kind};
use crate::store::file::{self as store, FileRow, NewFile};
use crate::{DraftId, FileId, Mailbox};

/// What all the files of a letter may weigh, in bytes: encoded, the letter stays under what mail servers take
/// (`message_size_limit` in `deploy/postfix/main.cf`).
pub const HEAVIEST: u64 = 20_000_000;
/// How much of a file is sealed at once.
const PIECE: usize = 256 * 1024;
/// The longest name of a file inside an archive that is looked at.
const NAME: usize = 512;

/// Endings of files that a computer runs, or that carry what it runs.
const DANGEROUS: &[&str] = &[
    "exe",
    "com",
    "scr",
    "pif",
    "bat",
    "cmd",
    "msi",
    "msp",
    "mst",
    "msix",
    "appx",
    "cpl",
    "dll",
    "sys",
    "drv",
    "ocx",
    "lnk",
    "url",
    "scf",
    "reg",
    "inf",
    "hta",
    "vb",
    "vbs",
    "vbe",
    "js",
    "jse",
    "mjs",
    "ws",
    "wsf",
    "wsc",
    "wsh",
    "ps1",
    "psm1",
    "sh",
    "bash",
    "command",
    "app",
    "dmg",
    "pkg",
    "deb",
    "rpm",
    "apk",
    "aab",
    "ipa",
    "jar",
    "class",
    "py",
    "pyw",
    "rb",
    "pl",
    "php",
    "asp",
    "aspx",
    "jsp",
    "html",
    "htm",
    "xhtml",
    "shtml",
    "svg",
    "mht",
    "mhtml",
    "chm",
    "iso",
    "img",
    "vhd",
    "vhdx",
    "cab",
    "docm",
    "dotm",
    "xlsm",
    "xltm",
    "xlam",
    "pptm",
    "ppsm",
    "potm",
    "ade",
    "adp",
    "mde",
    "xll",
    "application",
    "gadget",
    "msc",
    "jnlp",
    "iqy",
    "slk",
    "desktop",
    "run",
    "bin",
    "swf",
];

/// A file joined to a draft or to a letter.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Joined {
    /// Its name in the base.
    pub id: FileId,
    /// A file name that is safe anywhere.
    pub name: String,
    /// A type that is safe to serve.
    pub media: String,
    /// What it is, in a word.
    pub kind: Kind,
    /// How many bytes it has.
    pub size: u64,
}

crate::veil::veiled!(Joined);

/// What a file is called: sealed.
#[derive(Serialize, Deserialize)]
struct Head {
    name: String,
    media: String,
}

/// Why a file was not kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotKept {
    /// There is nothing in it.
    Empty,
    /// With it, the letter would be too heavy.
    TooHeavy,
    /// It may do harm.
    Dangerous,
}

/// A file on its way in.
pub struct Joining<'a> {
    kernel: &'a Kernel,
    id: FileId,
    usager: UsagerId,
    draft: DraftId,
    name: String,
    digest: Context,
    waiting: Vec<u8>,
    rank: i64,
    size: u64,
    room: u64,
    refused: Option<NotKept>,
}

/// Begins to join a file to a draft of this person, under the name and type that their browser gives.
pub async fn join<'a>(mailbox: &'a Mailbox, own: &Own, draft: DraftId, name: &str, declared: &str) -> Result<Joining<'a>, Failure> {
    let kernel = &mailbox.kernel;
    let now = kernel.now();
    let (name, media, _) = letter::describe(Some(name), declared);
    let mut joining = Joining {
        kernel,
        id: FileId::new(&kernel.chance, now),
        usager: own.usager(),
        draft,
        name: name.clone(),
        digest: Context::new(&SHA256),
        waiting: Vec::new(),
        rank: 0,
        size: 0,
        room: 0,
        refused: None,
    };
    if is_dangerous_name(&name) {
        joining.refused = Some(NotKept::Dangerous);
        return Ok(joining);
    }
    let head = serde_json::to_vec(&Head { name, media: media.to_owned() })?;
    let head = kernel.vault.seal("letter_file.head", joining.id.uuid().as_bytes(), &head, &kernel.chance);
    let mut tx = kernel.db.write().await?;
    joining.room = HEAVIEST.saturating_sub(u64::try_from(store::weight(&mut tx, draft).await?).unwrap_or(u64::MAX));
    store::begin(&mut tx, &NewFile { id: joining.id, usager: own.usager(), draft, head: &head, begun_at: now }).await?;
    tx.commit().await?;
    Ok(joining)
}

impl Joining<'_> {
    /// The next bytes, in order. What comes after a refusal is passed over: the browser finishes its sentence.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.refused.is_some() {
            return Ok(());
        }
        self.size += bytes.len() as u64;
        if self.size > self.room {
            self.refused = Some(NotKept::TooHeavy);
            return Ok(());
        }
        self.digest.update(bytes);
        self.waiting.extend_from_slice(bytes);
        while self.waiting.len() >= PIECE && self.refused.is_none() {
            let rest = self.waiting.split_off(PIECE);
            let piece = std::mem::replace(&mut self.waiting, rest);
            self.put(piece).await?;
        }
        Ok(())
    }

    /// The file is whole: it is joined, or why it is not.
    pub async fn finish(mut self) -> Result<Result<FileId, NotKept>, Failure> {
        let last = std::mem::take(&mut self.waiting);
        if self.refused.is_none() && self.size == 0 {
            self.refused = Some(NotKept::Empty);
        }
        if self.refused.is_none() && !last.is_empty() {
            self.put(last).await?;
        }
        if let Some(why) = self.refused {
            return Ok(Err(why));
        }
        let digest = std::mem::replace(&mut self.digest, Context::new(&SHA256)).finish();
        let mut others = Vec::new();
        loop {
            let mut tx = self.kernel.db.write().await?;
            store::hold(&mut tx, self.draft).await?;
            let Some(namesake) = self.namesake(&mut tx, &others).await? else {
                // Weighed again: another file may have come meanwhile.
                let weight = u64::try_from(store::weight(&mut tx, self.draft).await?).unwrap_or(u64::MAX);
                if weight.saturating_add(self.size) > HEAVIEST {
                    return Ok(Err(NotKept::TooHeavy));
                }
                store::join(&mut tx, self.id, i64::try_from(self.size)?, self.kernel.now()).await?;
                tx.commit().await?;
                return Ok(Ok(self.id));
            };
            drop(tx);
            // The same file again: its form was posted twice, or nobody heard that it was kept.
            if digest_of(self.kernel, namesake).await?.as_ref() == digest.as_ref() {
                let mut tx = self.kernel.db.write().await?;
                store::forget(&mut tx, self.id).await?;
                tx.commit().await?;
                return Ok(Ok(namesake));
            }
            others.push(namesake);
        }
    }

    /// A file of the draft of this name and this size, but for those already looked at.
    async fn namesake(&self, tx: &mut Tx, but: &[FileId]) -> Result<Option<FileId>, Failure> {
        for row in store::of_draft(tx, self.usager, self.draft).await? {
            if u64::try_from(row.size)? == self.size && !but.contains(&row.id) && head(self.kernel, &row)?.name == self.name {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }

    async fn put(&mut self, piece: Vec<u8>) -> Result<(), Failure> {
        if (self.rank == 0 && is_program(&piece)) || holds_program(&piece) {
            self.refused = Some(NotKept::Dangerous);
            return Ok(());
        }
        let sealed = self.kernel.vault.seal("letter_piece.bytes", &place(self.id, self.rank), &piece, &self.kernel.chance);
        let mut tx = self.kernel.db.write().await?;
        store::add_piece(&mut tx, self.id, self.rank, &sealed).await?;
        tx.commit().await?;
        self.rank += 1;
        Ok(())
    }
}

/// What is joined to a draft.
pub async fn of_draft(mailbox: &Mailbox, own: &Own, draft: DraftId) -> Result<Vec<Joined>, Failure> {
    let rows = store::of_draft(&mut mailbox.kernel.db.read().await?, own.usager(), draft).await?;
    rows.iter().map(|row| described(&mailbox.kernel, row)).collect()
}

/// Takes a file away from a draft. False when there is none.
pub async fn remove(mailbox: &Mailbox, own: &Own, draft: DraftId, file: FileId) -> Result<bool, Failure> {
    let mut tx = mailbox.kernel.db.write().await?;
    let done = store::remove(&mut tx, own.usager(), draft, file).await?;
    tx.commit().await?;
    Ok(done)
}

/// What the bytes of a file add up to.
async fn digest_of(kernel: &Kernel, file: FileId) -> Result<ring::digest::Digest, Failure> {
    let mut tx = kernel.db.read().await?;
    let (mut digest, mut rank) = (Context::new(&SHA256), 0);
    while let Some(piece) = piece(kernel, &mut tx, file, rank).await? {
        digest.update(&piece);
        rank += 1;
    }
    Ok(digest.finish())
}

/// A piece of a joined file, the first one being 0; nothing after the last.
pub(crate) async fn piece(kernel: &Kernel, tx: &mut Tx, file: FileId, rank: i64) -> Result<Option<Vec<u8>>, Failure> {
    let sealed = store::piece(tx, file, rank).await?;
    sealed.map(|sealed| Ok(kernel.vault.open("letter_piece.bytes", &place(file, rank), &sealed)?.to_vec())).transpose()
}

/// As much of a joined file as says how it is drawn.
pub(crate) async fn beginning(kernel: &Kernel, file: FileId) -> Result<Vec<u8>, Failure> {
    let (mut first, mut rank, mut tx) = (Vec::new(), 0, kernel.db.read().await?);
    while first.len() < BEGINNING
        && let Some(piece) = piece(kernel, &mut tx, file, rank).await?
    {
        first.extend_from_slice(&piece);
        rank += 1;
    }
    Ok(first)
}

fn head(kernel: &Kernel, row: &FileRow) -> Result<Head, Failure> {
    Ok(serde_json::from_slice(&kernel.vault.open("letter_file.head", row.id.uuid().as_bytes(), &row.head)?)?)
}

/// A file, told.
pub(crate) fn described(kernel: &Kernel, row: &FileRow) -> Result<Joined, Failure> {
    let Head { name, media } = head(kernel, row)?;
    let (_, _, kind) = letter::describe(Some(&name), &media);
    Ok(Joined { id: row.id, name, media, kind, size: u64::try_from(row.size)? })
}

/// A piece opens at its own place only.
fn place(file: FileId, rank: i64) -> Vec<u8> {
    [file.uuid().as_bytes().as_slice(), &rank.to_be_bytes()].concat()
}

fn is_dangerous_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| DANGEROUS.contains(&ending.to_ascii_lowercase().as_str()))
}

/// Whether a file begins as programs and scripts do, whatever it is called.
fn is_program(start: &[u8]) -> bool {
    const STARTS: [&[u8]; 7] =
        [b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"!<arch>\ndebian"];
    let text = start.trim_ascii_start();
    let begins = |word: &[u8]| text.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
    STARTS.iter().any(|known| start.starts_with(known)) || begins(b"<script") || begins(b"<!doctype html") || begins(b"<html")
}

/// Whether a piece of an archive names a program (the headers of PKZIP's files, APPNOTE 4.3.7). One cut between two pieces is
/// not seen there, and is in the directory at the end.
fn holds_program(piece: &[u8]) -> bool {
    let names = |mark: &'static [u8], length: usize, start: usize| {
        let found = (0..piece.len().saturating_sub(start)).filter(move |&at| piece[at..].starts_with(mark));
        found.filter_map(move |at| {
            let size = usize::from(u16::from_le_bytes([piece[at + length], piece[at + length + 1]]));
            piece.get(at + start..at + start + size.min(NAME))
        })
    };
    names(b"PK\x03\x04", 26, 30).chain(names(b"PK\x01\x02", 28, 46)).any(|name| is_dangerous_name(&String::from_utf8_lossy(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_name_its_beginning_or_what_it_carries() {
        for name in ["a.exe", "photo.jpg.EXE", "x.js", "facture.docm", "page.html", "a.apk"] {
            assert!(is_dangerous_name(name), "{name}");
        }
        for name in ["a.pdf", "photo.jpeg", "exe", "lettre.docx", "a.zip", "sans point"] {
            assert!(!is_dangerous_name(name), "{name}");
        }
        assert!(
            is_program(b"MZ\x90") && is_program(b"#!/bin/sh") && is_program(b"\n <HTML>") && !is_program(b"%PDF-1.4") && !is_program(b"")
        );
        let zip = |name: &str| {
            let mut header = b"..PK\x03\x04".to_vec();
            header.extend([0; 22]);
            header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            header.extend([0; 2]);
            header.extend(name.as_bytes());
            header
        };
        assert!(holds_program(&zip("dossier/facture.exe")) && !holds_program(&zip("photos/lina.jpg")));
        assert!(!holds_program(b"PK\x03\x04") && !holds_program(b"PK\x01\x02.............................................."));
    }
}
