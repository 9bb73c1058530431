//! An export, with the public key alone: what a stranger can check, in one pass (`docs/journal-format.md`, section 6).
//!
//! It is read as `docs/verify_journal.py` reads it; the tests give both the same good and tampered files.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::io::BufRead;

use data_encoding::BASE64;
use maincourante_kernel::{Failure, Key};
use serde::Deserialize;

use super::growth::Growth;
use super::{Problem, Report};
use crate::leaf::{Leaf, LeafSubject};
use crate::note::{Checkpoint, PublicKey};
use crate::outside::{self, Content};
use crate::tree::{Frontier, Hash, leaf_hash};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u64,
    service: String,
    log: String,
    vkey: String,
    from: u64,
    size: u64,
    frontier: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    leaf: String,
    opened: Vec<Opened>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    fields: String,
    key: String,
    slot: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    checkpoint: String,
}

/// Why a file could not be checked at all.
#[derive(Debug)]
pub enum NotChecked {
    /// Its first line is not that of an export of this version.
    NotAnExport,
    /// It cannot be read.
    Failed(Failure),
}

impl fmt::Display for NotChecked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnExport => out.write_str("not an export of a journal"),
            Self::Failed(failure) => failure.fmt(out),
        }
    }
}

impl From<std::io::Error> for NotChecked {
    fn from(error: std::io::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Verifies an export against keys got from elsewhere, and against a file of checkpoints when there is one.
///
/// # Errors
/// When it is not an export, or cannot be read.
pub fn verify_export(input: impl BufRead, keys: &[PublicKey], checkpoints: Option<impl BufRead>) -> Result<Report, NotChecked> {
    let mut report = Report { logs: 1, ..Report::default() };
    let mut lines = input.split(b'\n');
    let first = lines.next().ok_or(NotChecked::NotAnExport)??;
    let header: Header = serde_json::from_slice(&first).map_err(|_| NotChecked::NotAnExport)?;
    let tree = frontier(&header).ok_or(NotChecked::NotAnExport)?;
    let signed = match checkpoints {
        Some(file) => signed_sizes(file, &header, keys, &mut report.problems)?,
        None => Vec::new(),
    };
    let (growth, too_old) = Growth::new(&header.log, tree, signed);
    report.too_old = too_old as u64;
    let mut walk = Walk { next: header.from, header, growth, last_at: None, ended: false };
    walk.growth.compare(&mut report.problems);
    let mut whole = true;
    for (number, line) in (2_u64..).zip(lines) {
        whole = walk.line(number, &line?, keys, &mut report);
        if !whole {
            break;
        }
    }
    let log = walk.header.log.clone();
    if whole && !walk.ended {
        report.problems.push(Problem::ExportCut { log: log.clone(), entries: report.entries, size: walk.header.size });
    }
    report.checkpoints += walk.growth.compared();
    if let Some(signed) = walk.growth.signed_beyond(walk.header.size) {
        report.problems.push(Problem::CutTail { log, left: walk.header.size, signed });
    }
    Ok(report)
}

fn frontier(header: &Header) -> Option<Frontier> {
    let good = header.format == "maincourante-journal-export"
        && header.version == 1
        && header.from <= header.size
        && header.log.parse::<crate::Log>().is_ok()
        && header.vkey.parse::<PublicKey>().is_ok_and(|key| key.service() == header.service);
    let peaks = header.frontier.iter().map(|peak| hash(peak)).collect::<Option<Vec<_>>>()?;
    good.then(|| Frontier::new(header.from, peaks)).flatten()
}

fn hash(text: &str) -> Option<Hash> {
    BASE64.decode(text.as_bytes()).ok()?.try_into().ok()
}

fn signed_sizes(
    file: impl BufRead,
    header: &Header,
    keys: &[PublicKey],
    problems: &mut Vec<Problem>,
) -> Result<Vec<(u64, Hash)>, NotChecked> {
    let mut signed = Vec::new();
    for (line, content) in outside::lines(file).map_err(NotChecked::Failed)? {
        let line = line as u64;
        match content {
            Content::Unreadable => problems.push(Problem::OutsideUnreadable { line }),
            Content::Note(note) => match Checkpoint::open(&note, keys) {
                None => problems.push(Problem::OutsideForged { line }),
                Some(checkpoint) if checkpoint.log == header.log => signed.push((checkpoint.size, checkpoint.root)),
                Some(_) => {}
            },
        }
    }
    Ok(signed)
}

struct Walk {
    header: Header,
    growth: Growth,
    next: u64,
    last_at: Option<i64>,
    ended: bool,
}

impl Walk {
    /// Reads a line; false when the rest means nothing any more.
    fn line(&mut self, number: u64, line: &[u8], keys: &[PublicKey], report: &mut Report) -> bool {
        if self.ended {
            report.problems.push(Problem::ExportTooLong { line: number });
            return false;
        }
        if self.next < self.header.size {
            let good = serde_json::from_slice::<Line>(line).is_ok_and(|read| self.entry(number, &read, report));
            if !good {
                report.problems.push(Problem::BadLine { line: number });
            }
            return good;
        }
        self.ended = true;
        let signed = serde_json::from_slice::<Last>(line).ok().and_then(|last| Checkpoint::open(&last.checkpoint, keys));
        match signed {
            Some(signed) if signed.log == self.header.log && signed.size == self.header.size => {
                report.checkpoints += 1;
                if !self.growth.broken && signed.root != self.growth.tree.root() {
                    let (from, to) = (self.growth.good, self.header.size);
                    report.problems.push(Problem::Rewritten { log: signed.log, from, to });
                }
            }
            Some(_) | None => report.problems.push(Problem::ExportNotSigned { line: number }),
        }
        true
    }

    /// Whether the line is an entry in its place.
    fn entry(&mut self, number: u64, line: &Line, report: &mut Report) -> bool {
        let Some(leaf) = Leaf::parse(line.leaf.as_bytes()) else { return false };
        let in_place =
            leaf.log == self.header.log && u64::try_from(leaf.seq) == Ok(self.next) && self.last_at.is_none_or(|at| leaf.at >= at);
        if !in_place {
            return false;
        }
        let mut slots = HashSet::new();
        for opened in &line.opened {
            if !slots.insert(opened.slot) || !opens(&leaf, opened) {
                report.problems.push(Problem::BadOpening { line: number, slot: opened.slot });
            }
        }
        self.growth.push(leaf_hash(line.leaf.as_bytes()), &mut report.problems);
        self.last_at = Some(leaf.at);
        self.next += 1;
        report.entries += 1;
        true
    }
}

/// Whether these fields, under this key, are what the entry committed to.
fn opens(leaf: &Leaf, opened: &Opened) -> bool {
    let subject = usize::try_from(opened.slot).ok().and_then(|slot| leaf.subjects.get(slot));
    let (Some(Ok(Some(commitment))), Some(key)) = (subject.map(LeafSubject::commitment), hash(&opened.key)) else { return false };
    serde_json::from_str::<BTreeMap<String, String>>(&opened.fields).is_ok()
        && Key::from_bytes(key).mac_is(opened.fields.as_bytes(), &commitment)
}
