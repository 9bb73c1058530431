//! The live base: every log, every checkpoint, the file outside, the keys and the refusals of the base itself.
//!
//! Read on one state of the data. It needs the vault (the MAC of heads, the record keys); a stranger is given an export.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use maincourante_kernel::{Failure, Kernel, Tx};

use super::entries::{Keys, read_log};
use super::growth::Growth;
use super::{Problem, Report};
use crate::head::{Head, mac_is_good};
use crate::log::SUPER;
use crate::note::{Checkpoint, PublicKey};
use crate::outside::{self, Content};
use crate::store::{self, HeadRow};
use crate::tree::{Frontier, Hash, leaf_hash, sha256};

/// The refusals that both engines must have.
const REFUSALS: [&str; 17] = [
    "journal_entry_next",
    "journal_entry_no_update",
    "journal_entry_no_delete",
    "journal_subject_next",
    "journal_subject_no_update",
    "journal_subject_no_delete",
    "journal_checkpoint_next",
    "journal_checkpoint_no_update",
    "journal_checkpoint_no_delete",
    "journal_super_next",
    "journal_super_no_update",
    "journal_super_no_delete",
    "journal_log_forward",
    "journal_log_no_delete",
    "journal_log_no_replace",
    "record_key_once",
    "record_key_no_delete",
];

/// What the file outside holds.
#[derive(Default)]
struct Outside {
    given: bool,
    signed: BTreeMap<String, Vec<(u64, Hash)>>,
    /// The hash of each note: all are kept in memory at once.
    notes: HashSet<Hash>,
}

/// Verifies the base, against the file of checkpoints outside it when there is one.
///
/// # Errors
/// When the database or the file cannot be read. What they hold is never an error: it is in the report.
pub async fn verify(kernel: &Kernel, keys: &[PublicKey], outside: Option<&Path>) -> Result<Report, Failure> {
    let mut report = Report::default();
    // The file first: all it has was committed before, hence is in the state read next.
    let file = outside;
    let outside = read_outside(file, keys, &mut report.problems).await?;
    let mut tx = kernel.db.read().await?;
    let present: HashSet<String> = store::triggers(&mut tx).await?.into_iter().map(|(name,)| name).collect();
    let off = REFUSALS.into_iter().filter(|&name| !present.contains(name));
    report.problems.extend(off.map(|trigger| Problem::RefusalOff { trigger }));

    let mut record_keys = Keys::new(kernel, store::record_keys(&mut tx).await?, &mut report.problems);
    let mut heads: BTreeMap<String, HeadRow> = store::heads(&mut tx).await?.into_iter().map(|row| (row.name.clone(), row)).collect();
    let mut names: BTreeSet<String> = store::log_names(&mut tx).await?.into_iter().map(|(name,)| name).collect();
    names.extend(heads.keys().cloned());
    names.extend(outside.signed.keys().cloned());

    let mut lacking = Vec::new();
    for name in &names {
        let signed = signed_sizes(&mut tx, name, keys, &outside, &mut lacking, &mut report).await?;
        let (mut growth, _) = Growth::new(name, Frontier::default(), signed);
        let (entries, last_at) = if name == SUPER {
            (read_super(&mut tx, &mut growth, &mut report).await?, None)
        } else {
            let (entries, last_at) = read_log(&mut tx, name, &mut growth, &mut record_keys, &mut report).await?;
            (entries, Some(last_at))
        };
        report.logs += 1;
        report.checkpoints += growth.compared();
        compare_head(kernel, heads.remove(name).as_ref(), &growth, entries, last_at, name, &mut report.problems);
    }
    for (log, seq, slot) in store::stray_subjects(&mut tx).await? {
        report.problems.push(Problem::SubjectDiffers { log, seq: seq.unsigned_abs(), slot: slot.unsigned_abs() });
    }
    for (log, size) in store::checkpoints_outside_super(&mut tx).await? {
        report.problems.push(Problem::CheckpointNotInTree { log, size: size.unsigned_abs() });
    }
    if !lacking.is_empty() {
        // Committed after the file was read, and before the base was: a checkpoint made meanwhile is in the file by now.
        let now = read_outside(file, keys, &mut Vec::new()).await?;
        lacking.retain(|note| !now.notes.contains(note));
    }
    if !lacking.is_empty() {
        report.problems.push(Problem::OutsideLacks { count: lacking.len() as u64 });
    }
    record_keys.finish(&mut report.problems);
    // The same thing may be seen from two sides.
    let mut told = HashSet::new();
    report.problems.retain(|problem| told.insert(problem.clone()));
    Ok(report)
}

async fn read_outside(path: Option<&Path>, keys: &[PublicKey], problems: &mut Vec<Problem>) -> Result<Outside, Failure> {
    let Some(path) = path else { return Ok(Outside::default()) };
    let mut outside = Outside { given: true, ..Outside::default() };
    let path = path.to_owned();
    let lines = tokio::task::spawn_blocking(move || outside::open(&path)?.map(outside::lines).transpose()).await??;
    let Some(lines) = lines else {
        problems.push(Problem::OutsideMissing);
        return Ok(outside);
    };
    for (line, content) in lines {
        let line = line as u64;
        match content {
            Content::Unreadable => problems.push(Problem::OutsideUnreadable { line }),
            Content::Note(note) => match Checkpoint::open(&note, keys) {
                None => problems.push(Problem::OutsideForged { line }),
                Some(checkpoint) => {
                    outside.notes.insert(sha256(&[note.as_bytes()]));
                    outside.signed.entry(checkpoint.log).or_default().push((checkpoint.size, checkpoint.root));
                }
            },
        }
    }
    Ok(outside)
}

/// The sizes of this log that were signed, as the base and the file outside know them.
async fn signed_sizes(
    tx: &mut Tx,
    log: &str,
    keys: &[PublicKey],
    outside: &Outside,
    lacking: &mut Vec<Hash>,
    report: &mut Report,
) -> Result<Vec<(u64, Hash)>, Failure> {
    let mut signed = Vec::new();
    let mut stored = HashSet::new();
    for row in store::checkpoints_of(tx, log).await? {
        let size = u64::try_from(row.size)?;
        stored.insert(size);
        match Checkpoint::open(&row.note, keys) {
            Some(read) if read.log == log && read.size == size && row.root == read.root => signed.push((size, read.root)),
            Some(_) | None => report.problems.push(Problem::CheckpointAltered { log: log.to_owned(), size }),
        }
        let note = sha256(&[row.note.as_bytes()]);
        if outside.given && !outside.notes.contains(&note) {
            lacking.push(note);
        }
    }
    for &(size, root) in outside.signed.get(log).into_iter().flatten() {
        signed.push((size, root));
        if stored.insert(size) {
            report.problems.push(Problem::CheckpointMissing { log: log.to_owned(), size });
        }
    }
    Ok(signed)
}

async fn read_super(tx: &mut Tx, growth: &mut Growth, report: &mut Report) -> Result<u64, Failure> {
    let mut next = 0;
    loop {
        let rows = store::super_leaves(tx, next).await?;
        if rows.is_empty() {
            return Ok(u64::try_from(next)?);
        }
        for row in rows {
            let log = || SUPER.to_owned();
            let seq = u64::try_from(row.seq)?;
            if row.seq > next {
                report.problems.push(Problem::Missing { log: log(), from: u64::try_from(next)?, to: seq - 1 });
                growth.broken = true;
            }
            next = row.seq + 1;
            let computed = leaf_hash(row.leaf.as_bytes());
            if row.leaf_hash != computed {
                report.problems.push(Problem::Altered { log: log(), seq });
            }
            growth.push(row.leaf_hash.as_slice().try_into().unwrap_or(computed), &mut report.problems);
            let size = row.size.unsigned_abs();
            match &row.note {
                None => report.problems.push(Problem::CheckpointMissing { log: row.log, size }),
                Some(note) if !note.strip_prefix(&row.leaf).is_some_and(|rest| rest.starts_with('\n')) => {
                    report.problems.push(Problem::CheckpointNotInTree { log: row.log, size });
                }
                Some(_) => {}
            }
        }
    }
}

/// The head against the entries, once they were all read.
fn compare_head(
    kernel: &Kernel,
    row: Option<&HeadRow>,
    growth: &Growth,
    entries: u64,
    last_at: Option<i64>,
    name: &str,
    problems: &mut Vec<Problem>,
) {
    let log = || name.to_owned();
    let cut = growth.signed_beyond(entries);
    if let Some(signed) = cut {
        problems.push(Problem::CutTail { log: log(), left: entries, signed });
    }
    let Some(row) = row else {
        if entries > 0 {
            problems.push(Problem::HeadMissing { log: log() });
        }
        return;
    };
    if !mac_is_good(kernel, row) {
        problems.push(Problem::HeadAltered { log: log(), from: growth.good });
    }
    let Some(head) = Head::read(row) else {
        problems.push(Problem::HeadDiffers { log: log() });
        return;
    };
    let size = head.tree.size();
    if size > entries && cut.is_none() {
        problems.push(Problem::Missing { log: log(), from: entries, to: size - 1 });
    } else if size < entries {
        problems.push(Problem::Uncounted { log: log(), from: size, to: entries - 1 });
    } else if size == entries && !growth.broken && head.tree != growth.tree {
        problems.push(Problem::Rewritten { log: log(), from: growth.good, to: entries });
    } else if size == entries && last_at.is_some_and(|at| at != row.last_at.micros()) {
        problems.push(Problem::HeadDiffers { log: log() });
    }
}
