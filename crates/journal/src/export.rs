//! The export of a log: one text file that anyone can check with the public key alone (`docs/journal-format.md`, section 6).
//!
//! It goes up to the last signed checkpoint; who wants the very last entries signs first. Entries do not change, so each batch is read
//! in its own short transaction: a slow download holds nothing.

use std::collections::HashMap;

use data_encoding::BASE64;
use maincourante_kernel::{Failure, Kernel, Key};
use serde::Serialize;
use tokio::io::{AsyncWrite, AsyncWriteExt};
use uuid::Uuid;

use crate::commitment;
use crate::record_key::{self, RecordKey};
use crate::store::{self, EntryRow, SeenRow};
use crate::tree::{Frontier, leaf_hash};
use crate::{Log, PublicKey};

/// For whom a log is exported, hence which log and how much of it can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExportFor {
    /// A structure: its own log, with the names.
    Structure(Uuid),
    /// Someone who checks a log without knowing whom it names.
    Auditor(Log),
}

/// What an export gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exported {
    /// It was written, with this many entries.
    Written {
        /// How many.
        entries: u64,
    },
    /// The log has no signed checkpoint yet.
    NotSigned,
    /// The log does not have as many entries as the first one asked for.
    BeyondEnd,
}

#[derive(Serialize)]
struct Header<'a> {
    format: &'a str,
    version: u8,
    service: &'a str,
    log: &'a str,
    vkey: String,
    from: u64,
    size: i64,
    frontier: Vec<String>,
}

#[derive(Serialize)]
struct Line<'a> {
    leaf: &'a str,
    opened: Vec<Opened>,
}

#[derive(Serialize)]
struct Opened {
    fields: String,
    key: String,
    slot: u8,
}

#[derive(Serialize)]
struct Last<'a> {
    checkpoint: &'a str,
}

/// Which entries of a log are exported.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Part {
    /// The number of the first.
    pub from: u64,
    /// At least as many entries of the log, counted from its beginning: up to the first checkpoint that holds them. All that is signed when none.
    pub until: Option<u64>,
}

/// Writes the export of a log, from entry `from` to its last signed checkpoint.
///
/// # Errors
/// When the database or `out` refuses, or when an entry cannot be read.
pub async fn export<W>(kernel: &Kernel, key: &PublicKey, whose: ExportFor, from: u64, out: &mut W) -> Result<Exported, Failure>
where
    W: AsyncWrite + Unpin + Send,
{
    export_part(kernel, key, whose, Part { from, until: None }, out).await
}

/// Writes the export of a part of a log. It ends at a checkpoint, hence may hold more than what was asked, never less than what is signed of it.
///
/// # Errors
/// As `export`.
pub async fn export_part<W>(kernel: &Kernel, key: &PublicKey, whose: ExportFor, part: Part, out: &mut W) -> Result<Exported, Failure>
where
    W: AsyncWrite + Unpin + Send,
{
    let Part { from, until } = part;
    let log = match whose {
        ExportFor::Structure(structure) => Log::Structure(structure),
        ExportFor::Auditor(log) => log,
    }
    .name();
    let mut tx = kernel.db.read().await?;
    let holding = match until {
        Some(until) => store::first_checkpoint_of(&mut tx, &log, i64::try_from(until)?).await?,
        None => None,
    };
    let last = match holding {
        Some(holding) => Some(holding),
        None => store::last_checkpoint(&mut tx, &log).await?,
    };
    let Some(last) = last else { return Ok(Exported::NotSigned) };
    drop(tx);
    let Some(entries) = u64::try_from(last.size)?.checked_sub(from) else { return Ok(Exported::BeyondEnd) };

    let frontier = frontier(kernel, &log, from).await?.peaks().iter().map(|peak| BASE64.encode(peak)).collect();
    let (format, service, vkey) = ("maincourante-journal-export", key.service(), key.to_string());
    write(out, &Header { format, version: 1, service, log: &log, vkey, from, size: last.size, frontier }).await?;

    let mut next = i64::try_from(from)?;
    while next < last.size {
        let batch = batch(kernel, whose, &log, next, last.size).await?;
        let Some((end, _)) = batch.last() else { return Err(Failure::new("entries are missing: run `maincourante journal verify`")) };
        next = end + 1;
        for (_, line) in &batch {
            out.write_all(line).await?;
        }
    }
    write(out, &Last { checkpoint: &last.note }).await?;
    out.flush().await?;
    Ok(Exported::Written { entries })
}

async fn frontier(kernel: &Kernel, log: &str, from: u64) -> Result<Frontier, Failure> {
    let mut tree = Frontier::default();
    let until = i64::try_from(from)?;
    while tree.size() < from {
        let mut tx = kernel.db.read().await?;
        let rows = store::entries(&mut tx, log, i64::try_from(tree.size())?, until).await?;
        if rows.is_empty() {
            return Err(Failure::new("entries are missing: run `maincourante journal verify`"));
        }
        for row in rows {
            tree.push(leaf_hash(&row.leaf));
        }
    }
    Ok(tree)
}

/// The lines of a batch of entries, with their numbers.
async fn batch(kernel: &Kernel, whose: ExportFor, log: &str, from: i64, until: i64) -> Result<Vec<(i64, Vec<u8>)>, Failure> {
    let mut tx = kernel.db.read().await?;
    let rows = store::entries(&mut tx, log, from, until).await?;
    let Some(last) = rows.last() else { return Ok(Vec::new()) };
    let mut subjects: HashMap<i64, Vec<SeenRow>> = HashMap::new();
    if let ExportFor::Structure(_) = whose {
        for row in store::openings_between(&mut tx, log, from, last.seq).await? {
            subjects.entry(row.seq).or_default().push(row);
        }
    }
    drop(tx);
    let mut keys = HashMap::new();
    rows.iter()
        .map(|row| {
            let opened = subjects.get(&row.seq).into_iter().flatten();
            let opened = opened.filter_map(|subject| opened_subject(kernel, &mut keys, row, subject).transpose());
            let line = Line { leaf: std::str::from_utf8(&row.leaf)?, opened: opened.collect::<Result<_, _>>()? };
            Ok((row.seq, line_of(&line)?))
        })
        .collect()
}

fn opened_subject(
    kernel: &Kernel,
    keys: &mut HashMap<(String, Uuid), Option<Key>>,
    entry: &EntryRow,
    row: &SeenRow,
) -> Result<Option<Opened>, Failure> {
    let Some(sealed) = &row.sealed else { return Ok(None) };
    let who = (row.kind.clone(), row.id);
    if !keys.contains_key(&who) {
        let key = match record_key::unwrap(kernel, &row.kind, row.id, row.wrapped.as_deref())? {
            RecordKey::Living(key) => Some(key),
            RecordKey::Destroyed => None,
        };
        keys.insert(who.clone(), key);
    }
    let Some(Some(key)) = keys.get(&who) else { return Ok(None) };
    let slot = u8::try_from(row.slot)?;
    let fields = String::from_utf8(commitment::open(key, entry.id, slot, sealed)?)?;
    Ok(Some(Opened { fields, key: BASE64.encode(commitment::entry_key(key, entry.id, slot).bytes()), slot }))
}

async fn write<W: AsyncWrite + Unpin + Send>(out: &mut W, line: &impl Serialize) -> Result<(), Failure> {
    Ok(out.write_all(&line_of(line)?).await?)
}

fn line_of(line: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    Ok(bytes)
}
