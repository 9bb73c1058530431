//! What proving, exporting and verifying read.

use maincourante_kernel::{Failure, Tx, fetch_all};
use uuid::Uuid;

use super::{CheckpointRow, EntryRow, SeenRow, SubjectRow};
use crate::tree::Hash;

/// How many entries are read at once.
pub(crate) const BATCH: i64 = 500;

/// A record key as it lies in the base.
#[derive(sqlx::FromRow)]
pub(crate) struct RecordKeyRow {
    pub kind: String,
    pub id: Uuid,
    pub wrapped: Option<Vec<u8>>,
}

/// A leaf of the tree of checkpoints, with the note it should be the text of.
#[derive(sqlx::FromRow)]
pub(crate) struct SuperCheckRow {
    pub seq: i64,
    pub log: String,
    pub size: i64,
    pub leaf: String,
    pub leaf_hash: Vec<u8>,
    pub note: Option<String>,
}

/// The hashes of the first `size` entries, fewer when there are not as many.
pub(crate) async fn leaf_hashes(tx: &mut Tx, log: &str, size: u64) -> Result<Vec<Hash>, Failure> {
    let size = i64::try_from(size)?;
    let rows = fetch_all!(tx, (Vec<u8>,), "select leaf_hash from journal_entry where log = $1 and seq < $2 order by seq", log, size)?;
    rows.into_iter().map(|(hash,)| Hash::try_from(hash).map_err(|_| Failure::new("a leaf hash has 32 bytes"))).collect()
}

/// A batch of entries from number `from` on, before `until`.
pub(crate) async fn entries(tx: &mut Tx, log: &str, from: i64, until: i64) -> Result<Vec<EntryRow>, Failure> {
    fetch_all!(
        tx,
        EntryRow,
        "select log, seq, id, at, event, act, structure, leaf, leaf_hash from journal_entry
         where log = $1 and seq >= $2 and seq < $3 order by seq limit $4",
        log,
        from,
        until,
        BATCH
    )
}

/// The subjects of the entries from number `from` to number `to`.
pub(crate) async fn subjects_between(tx: &mut Tx, log: &str, from: i64, to: i64) -> Result<Vec<SubjectRow>, Failure> {
    fetch_all!(
        tx,
        SubjectRow,
        "select log, seq, slot, kind, id, commitment, sealed from journal_subject where log = $1 and seq between $2 and $3 order by seq, slot",
        log,
        from,
        to
    )
}

/// The same, with what opens them.
pub(crate) async fn openings_between(tx: &mut Tx, log: &str, from: i64, to: i64) -> Result<Vec<SeenRow>, Failure> {
    fetch_all!(
        tx,
        SeenRow,
        "select s.log, s.seq, s.slot, s.kind, s.id, s.sealed, k.wrapped, k.destroyed_at from journal_subject s
         left join record_key k on k.kind = s.kind and k.id = s.id
         where s.log = $1 and s.seq between $2 and $3 order by s.seq, s.slot",
        log,
        from,
        to
    )
}

/// Subjects of entries that do not exist.
pub(crate) async fn stray_subjects(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>, Failure> {
    fetch_all!(
        tx,
        (String, i64, i64),
        "select s.log, s.seq, s.slot from journal_subject s
         where not exists (select 1 from journal_entry e where e.log = s.log and e.seq = s.seq) order by s.log, s.seq, s.slot"
    )
}

/// The name of every log that has entries or checkpoints.
pub(crate) async fn log_names(tx: &mut Tx) -> Result<Vec<(String,)>, Failure> {
    fetch_all!(tx, (String,), "select log from journal_entry group by log union select log from journal_checkpoint group by log")
}

pub(crate) async fn checkpoints_of(tx: &mut Tx, log: &str) -> Result<Vec<CheckpointRow>, Failure> {
    fetch_all!(tx, CheckpointRow, "select log, size, root, at, note from journal_checkpoint where log = $1 order by size", log)
}

pub(crate) async fn super_leaves(tx: &mut Tx, from: i64) -> Result<Vec<SuperCheckRow>, Failure> {
    fetch_all!(
        tx,
        SuperCheckRow,
        "select s.seq, s.log, s.size, s.leaf, s.leaf_hash, c.note from journal_super s
         left join journal_checkpoint c on c.log = s.log and c.size = s.size where s.seq >= $1 order by s.seq limit $2",
        from,
        BATCH
    )
}

/// Checkpoints that are not in the tree of checkpoints.
pub(crate) async fn checkpoints_outside_super(tx: &mut Tx) -> Result<Vec<(String, i64)>, Failure> {
    fetch_all!(
        tx,
        (String, i64),
        "select c.log, c.size from journal_checkpoint c where c.log <> 'super'
           and not exists (select 1 from journal_super s where s.log = c.log and s.size = c.size) order by c.log, c.size"
    )
}

pub(crate) async fn record_keys(tx: &mut Tx) -> Result<Vec<RecordKeyRow>, Failure> {
    fetch_all!(tx, RecordKeyRow, "select kind, id, wrapped from record_key")
}

/// The names of the triggers that are there and at work.
pub(crate) async fn triggers(tx: &mut Tx) -> Result<Vec<(String,)>, Failure> {
    fetch_all!(
        tx,
        (String,),
        [
            "select name from sqlite_master where type = 'trigger'",
            "select tgname::text from pg_trigger where not tgisinternal and tgenabled = 'A'"
        ]
    )
}
