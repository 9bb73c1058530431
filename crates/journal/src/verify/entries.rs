//! One log of the base, entry by entry: the leaf against its hash, its columns, its place, its subjects.

use std::collections::{HashMap, HashSet};

use maincourante_kernel::{Failure, Kernel, Tx};
use uuid::Uuid;

use super::growth::Growth;
use super::{Problem, Report};
use crate::commitment;
use crate::leaf::Leaf;
use crate::record_key::{self, RecordKey};
use crate::store::{self, EntryRow, RecordKeyRow, SubjectRow};
use crate::tree::leaf_hash;
use crate::{Event, Log};

/// The record keys, and what the journal says became of them.
pub(super) struct Keys {
    known: HashMap<(String, Uuid), RecordKey>,
    said_destroyed: HashSet<(String, Uuid)>,
    missing: HashSet<(String, Uuid)>,
}

impl Keys {
    pub(super) fn new(kernel: &Kernel, rows: Vec<RecordKeyRow>, problems: &mut Vec<Problem>) -> Self {
        let mut keys = Self { known: HashMap::new(), said_destroyed: HashSet::new(), missing: HashSet::new() };
        for row in rows {
            if let Ok(key) = record_key::unwrap(kernel, &row.kind, row.id, row.wrapped.as_deref()) {
                keys.known.insert((row.kind, row.id), key);
            } else {
                problems.push(Problem::KeyUnreadable { kind: row.kind, id: row.id });
            }
        }
        keys
    }

    /// Once every log was read.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        for ((kind, id), key) in &self.known {
            let said = self.said_destroyed.contains(&(kind.clone(), *id));
            match key {
                RecordKey::Destroyed if !said => problems.push(Problem::KeyDestroyedSilently { kind: kind.clone(), id: *id }),
                RecordKey::Living(_) if said => problems.push(Problem::KeyCameBack { kind: kind.clone(), id: *id }),
                RecordKey::Destroyed | RecordKey::Living(_) => {}
            }
        }
    }
}

/// Reads a whole log; gives how many entries it has and the time of the last.
pub(super) async fn read_log(
    tx: &mut Tx,
    log: &str,
    growth: &mut Growth,
    keys: &mut Keys,
    report: &mut Report,
) -> Result<(u64, i64), Failure> {
    let mut walk = Walk { log, next: 0, shift: 0, last_at: 0 };
    loop {
        let rows = store::entries(tx, log, walk.next, i64::MAX).await?;
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { break };
        let mut subjects: HashMap<i64, Vec<SubjectRow>> = HashMap::new();
        for row in store::subjects_between(tx, log, first.seq, last.seq).await? {
            subjects.entry(row.seq).or_default().push(row);
        }
        for row in rows {
            let subjects = subjects.remove(&row.seq).unwrap_or_default();
            walk.entry(&row, &subjects, growth, keys, report)?;
        }
    }
    Ok((u64::try_from(walk.next)?, walk.last_at))
}

struct Walk<'a> {
    log: &'a str,
    next: i64,
    /// By how much the last entry was away from its place: said once for all those that moved together.
    shift: i64,
    last_at: i64,
}

impl Walk<'_> {
    fn entry(
        &mut self,
        row: &EntryRow,
        subjects: &[SubjectRow],
        growth: &mut Growth,
        keys: &mut Keys,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let problems = &mut report.problems;
        let log = || self.log.to_owned();
        let seq = u64::try_from(row.seq)?;
        report.entries += 1;
        if row.seq > self.next {
            problems.push(Problem::Missing { log: log(), from: u64::try_from(self.next)?, to: seq - 1 });
            growth.broken = true;
        }
        let computed = leaf_hash(&row.leaf);
        // What was written beside is what goes on in the tree: one altered leaf is one problem.
        let stored = row.leaf_hash.as_slice().try_into().unwrap_or(computed);
        let altered = row.leaf_hash != computed;
        if altered {
            problems.push(Problem::Altered { log: log(), seq });
        }
        growth.push(stored, problems);
        match Leaf::parse(&row.leaf) {
            // An altered leaf was told already; what else it says means nothing.
            _ if altered => {}
            None => problems.push(Problem::Unreadable { log: log(), seq }),
            Some(leaf) => {
                if leaf.log != self.log || leaf.seq - row.seq != self.shift {
                    self.shift = leaf.seq - row.seq;
                    if leaf.log != self.log || self.shift != 0 {
                        problems.push(Problem::Misplaced { log: log(), seq, claimed_log: leaf.log.clone(), claimed_seq: leaf.seq });
                    }
                }
                if leaf.at < self.last_at {
                    problems.push(Problem::TimeBackwards { log: log(), seq });
                }
                compare_columns(row, &leaf, problems);
                compare_subjects(row, &leaf, subjects, keys, problems);
                if self.log == Log::Service.name() && leaf.event == Event::RetentionKeyDestroyed.as_str() && leaf.outcome == "done" {
                    keys.said_destroyed.extend(leaf.subjects.iter().map(|subject| (subject.kind.clone(), subject.id)));
                }
            }
        }
        self.last_at = row.at.micros();
        self.next = row.seq + 1;
        Ok(())
    }
}

fn compare_columns(row: &EntryRow, leaf: &Leaf, problems: &mut Vec<Problem>) {
    for (column, same) in [
        ("id", row.id == leaf.id),
        ("at", row.at.micros() == leaf.at),
        ("event", row.event == leaf.event),
        ("act", row.act == leaf.act),
        ("structure", row.structure == leaf.structure),
    ] {
        if !same {
            problems.push(Problem::ColumnDiffers { log: row.log.clone(), seq: row.seq.unsigned_abs(), column });
        }
    }
}

fn compare_subjects(entry: &EntryRow, leaf: &Leaf, rows: &[SubjectRow], keys: &mut Keys, problems: &mut Vec<Problem>) {
    let (log, seq) = (&entry.log, entry.seq.unsigned_abs());
    let differs = |slot: usize| Problem::SubjectDiffers { log: log.clone(), seq, slot: slot as u64 };
    for slot in 0..leaf.subjects.len().max(rows.len()) {
        let (Some(said), Some(row)) = (leaf.subjects.get(slot), rows.get(slot)) else {
            problems.push(differs(slot));
            return;
        };
        let same = said.commitment().is_ok_and(|commitment| commitment.map(Vec::from) == row.commitment)
            && (said.kind.as_str(), said.id) == (row.kind.as_str(), row.id)
            && row.slot == i64::try_from(slot).unwrap_or(-1);
        if !same {
            problems.push(differs(slot));
        } else if let Some(problem) = check_fields(entry.id, row, keys) {
            problems.push(problem);
        }
    }
}

/// The fields lying beside, against the commitment, as long as their key lives.
fn check_fields(entry: Uuid, row: &SubjectRow, keys: &mut Keys) -> Option<Problem> {
    let (log, seq, slot) = (row.log.clone(), row.seq.unsigned_abs(), row.slot.unsigned_abs());
    let who = (row.kind.clone(), row.id);
    let altered = Problem::FieldsAltered { log: log.clone(), seq, slot };
    let (commitment, sealed) = match (&row.commitment, &row.sealed) {
        (None, None) => return None,
        (None, Some(_)) => return Some(altered),
        (Some(commitment), sealed) => (commitment, sealed),
    };
    let key = match keys.known.get(&who) {
        Some(RecordKey::Living(key)) => key,
        Some(RecordKey::Destroyed) => return None,
        // Said once, here or when the keys were read.
        None => return keys.missing.insert(who).then(|| Problem::KeyMissing { kind: row.kind.clone(), id: row.id }),
    };
    let Some(sealed) = sealed else { return Some(Problem::FieldsMissing { log, seq, slot }) };
    let slot = u8::try_from(row.slot).ok()?;
    let good = commitment::open(key, entry, slot, sealed)
        .is_ok_and(|fields| commitment::commit(key, entry, slot, &fields).as_slice() == commitment.as_slice());
    (!good).then_some(altered)
}
