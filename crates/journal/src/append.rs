//! Writing an entry, in the transaction of its act: no act without its entry, no entry without its act.
//!
//! Locks are taken in one order by all: record keys by kind and identifier, then heads by name. A transaction that
//! appends several times to different logs can still meet another that does it the other way round: then PostgreSQL ends
//! one of them. `lock` takes all the heads at the start and avoids it.

use maincourante_kernel::{Failure, Kernel, Key, Tx};

use crate::Log;
use crate::commitment;
use crate::entry::{Entry, Subject};
use crate::head::Head;
use crate::leaf::{Leaf, Place};
use crate::record_key::{self, RecordKey};
use crate::store::{self, EntryRow, SubjectRow};
use crate::tree::leaf_hash;

/// A slot is written in one byte.
const MOST_SUBJECTS: usize = 256;

/// What a subject of the entry is committed with: its key and its fields as they are hashed.
type Opening = Option<(Key, Vec<u8>)>;

/// Writes `entry` in `log`.
///
/// # Errors
/// When the database refuses, when the head of the log was altered, or when a word of the entry is not a keyword.
pub async fn append(tx: &mut Tx, kernel: &Kernel, log: Log, entry: Entry) -> Result<(), Failure> {
    append_to(tx, kernel, &[log], entry).await
}

/// Writes `entry` in each of these logs: the same act, told where it concerns.
///
/// # Errors
/// As `append`.
pub async fn append_to(tx: &mut Tx, kernel: &Kernel, logs: &[Log], mut entry: Entry) -> Result<(), Failure> {
    if let Some((kind, id)) = entry.actor.who() {
        entry = entry.about(Subject::new(kind, id));
    }
    if entry.subjects.len() > MOST_SUBJECTS {
        return Err(Failure::new("an entry has at most 256 subjects"));
    }
    let openings = openings(tx, kernel, &entry).await?;
    for name in in_order(logs) {
        let mut head = Head::lock(tx, kernel, &name).await?;
        write(tx, kernel, &mut head, &entry, &openings).await?;
    }
    Ok(())
}

/// Locks these logs at once, for a transaction that will append to several of them in turn.
///
/// # Errors
/// When the database refuses, or when the head of a log was altered.
pub async fn lock(tx: &mut Tx, kernel: &Kernel, logs: &[Log]) -> Result<(), Failure> {
    for name in in_order(logs) {
        Head::lock(tx, kernel, &name).await?;
    }
    Ok(())
}

fn in_order(logs: &[Log]) -> Vec<String> {
    let mut names: Vec<String> = logs.iter().map(|log| log.name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

async fn openings(tx: &mut Tx, kernel: &Kernel, entry: &Entry) -> Result<Vec<Opening>, Failure> {
    let mut order: Vec<usize> = (0..entry.subjects.len()).collect();
    order.sort_by_key(|&slot| (entry.subjects[slot].kind.as_str(), entry.subjects[slot].id));
    let mut openings: Vec<Opening> = entry.subjects.iter().map(|_| None).collect();
    for slot in order {
        let subject = &entry.subjects[slot];
        if subject.fields.is_empty() {
            continue;
        }
        // Of someone whose key is destroyed the journal says nothing more.
        if let RecordKey::Living(key) = record_key::find_or_create(tx, kernel, subject.kind, subject.id).await? {
            openings[slot] = Some((key, commitment::canonical(&subject.fields)?));
        }
    }
    Ok(openings)
}

async fn write(tx: &mut Tx, kernel: &Kernel, head: &mut Head, entry: &Entry, openings: &[Opening]) -> Result<(), Failure> {
    let (log, seq) = (head.name.clone(), head.next()?);
    // A clock that was set back does not put the journal out of order.
    let at = kernel.now().max(head.last_at);
    let id = kernel.chance.uuid(at);

    let mut subjects = Vec::with_capacity(openings.len());
    let mut commitments = Vec::with_capacity(openings.len());
    for (slot, (subject, opening)) in (0..=u8::MAX).zip(entry.subjects.iter().zip(openings)) {
        let commitment = opening.as_ref().map(|(key, fields)| commitment::commit(key, id, slot, fields));
        commitments.push(commitment);
        subjects.push(SubjectRow {
            log: log.clone(),
            seq,
            slot: i64::from(slot),
            kind: subject.kind.as_str().to_owned(),
            id: subject.id,
            commitment: commitment.map(Vec::from),
            sealed: opening.as_ref().map(|(key, fields)| commitment::seal(key, id, slot, fields, &kernel.chance)),
        });
    }
    let leaf = Leaf::new(entry, &Place { log: &log, seq, id, at }, &commitments)?.to_bytes()?;
    let hash = leaf_hash(&leaf);
    let event = entry.event.as_str().to_owned();
    let row = EntryRow { log, seq, id, at, event, act: entry.act, structure: entry.structure, leaf, leaf_hash: hash.to_vec() };
    store::insert_entry(tx, &row).await?;
    for subject in &subjects {
        store::insert_subject(tx, subject).await?;
    }
    head.advance(tx, kernel, hash, at).await
}
