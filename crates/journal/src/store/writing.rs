//! What appending and signing write. Nothing here changes an entry: the base would refuse.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_optional};
use uuid::Uuid;

/// The head of a log as it lies in the base.
#[derive(sqlx::FromRow)]
pub(crate) struct HeadRow {
    pub name: String,
    pub size: i64,
    pub last_at: Timestamp,
    pub frontier: Vec<u8>,
    pub mac: Vec<u8>,
}

/// An entry as it lies in the base.
#[derive(sqlx::FromRow)]
pub(crate) struct EntryRow {
    pub log: String,
    pub seq: i64,
    pub id: Uuid,
    pub at: Timestamp,
    pub event: String,
    pub act: Uuid,
    pub structure: Option<Uuid>,
    pub leaf: Vec<u8>,
    pub leaf_hash: Vec<u8>,
}

/// A subject of an entry as it lies in the base.
#[derive(sqlx::FromRow)]
pub(crate) struct SubjectRow {
    pub log: String,
    pub seq: i64,
    pub slot: i64,
    pub kind: String,
    pub id: Uuid,
    pub commitment: Option<Vec<u8>>,
    pub sealed: Option<Vec<u8>>,
}

/// A signed checkpoint as it lies in the base.
#[derive(sqlx::FromRow)]
pub(crate) struct CheckpointRow {
    pub log: String,
    pub size: i64,
    pub root: Vec<u8>,
    pub at: Timestamp,
    pub note: String,
}

/// A leaf of the tree of checkpoints.
#[derive(sqlx::FromRow)]
pub(crate) struct SuperRow {
    pub seq: i64,
    pub log: String,
    pub size: i64,
    pub leaf: String,
    pub leaf_hash: Vec<u8>,
}

/// Locks the head until the end of the transaction: an update that changes nothing does it on both engines.
pub(crate) async fn lock_head(tx: &mut Tx, log: &str) -> Result<Option<HeadRow>, Failure> {
    fetch_optional!(tx, HeadRow, "update journal_log set size = size where name = $1 returning name, size, last_at, frontier, mac", log)
}

pub(crate) async fn create_head(tx: &mut Tx, head: &HeadRow) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into journal_log (name, size, last_at, frontier, mac) values ($1, $2, $3, $4, $5) on conflict (name) do nothing",
        &head.name,
        head.size,
        head.last_at,
        &head.frontier,
        &head.mac
    )?;
    Ok(())
}

pub(crate) async fn write_head(tx: &mut Tx, head: &HeadRow) -> Result<(), Failure> {
    execute!(
        tx,
        "update journal_log set size = $2, last_at = $3, frontier = $4, mac = $5 where name = $1",
        &head.name,
        head.size,
        head.last_at,
        &head.frontier,
        &head.mac
    )?;
    Ok(())
}

pub(crate) async fn heads(tx: &mut Tx) -> Result<Vec<HeadRow>, Failure> {
    fetch_all!(tx, HeadRow, "select name, size, last_at, frontier, mac from journal_log order by name")
}

pub(crate) async fn insert_entry(tx: &mut Tx, row: &EntryRow) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into journal_entry (log, seq, id, at, event, act, structure, leaf, leaf_hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &row.log,
        row.seq,
        row.id,
        row.at,
        &row.event,
        row.act,
        row.structure,
        &row.leaf,
        &row.leaf_hash
    )?;
    Ok(())
}

pub(crate) async fn insert_subject(tx: &mut Tx, row: &SubjectRow) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into journal_subject (log, seq, slot, kind, id, commitment, sealed) values ($1, $2, $3, $4, $5, $6, $7)",
        &row.log,
        row.seq,
        row.slot,
        &row.kind,
        row.id,
        row.commitment.as_ref(),
        row.sealed.as_ref()
    )?;
    Ok(())
}

/// The wrapped record key of a subject: none when it never had one, `Some((None,))` once it is destroyed.
pub(crate) async fn record_key(tx: &mut Tx, kind: &str, id: Uuid) -> Result<Option<(Option<Vec<u8>>,)>, Failure> {
    fetch_optional!(tx, (Option<Vec<u8>>,), "select wrapped from record_key where kind = $1 and id = $2", kind, id)
}

pub(crate) async fn insert_record_key(tx: &mut Tx, kind: &str, id: Uuid, wrapped: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into record_key (kind, id, wrapped, created_at) values ($1, $2, $3, $4) on conflict (kind, id) do nothing",
        kind,
        id,
        wrapped,
        now
    )?;
    Ok(())
}

/// Whether a living key was there to be destroyed.
pub(crate) async fn destroy_record_key(tx: &mut Tx, kind: &str, id: Uuid, now: Timestamp) -> Result<bool, Failure> {
    let changed = execute!(
        tx,
        "update record_key set wrapped = null, destroyed_at = $3 where kind = $1 and id = $2 and wrapped is not null",
        kind,
        id,
        now
    )?;
    Ok(changed == 1)
}

/// How much of each log was signed.
pub(crate) async fn signed_sizes(tx: &mut Tx) -> Result<Vec<(String, i64)>, Failure> {
    fetch_all!(tx, (String, i64), "select log, max(size) from journal_checkpoint group by log")
}

pub(crate) async fn checkpoint(tx: &mut Tx, log: &str, size: i64) -> Result<Option<CheckpointRow>, Failure> {
    fetch_optional!(tx, CheckpointRow, "select log, size, root, at, note from journal_checkpoint where log = $1 and size = $2", log, size)
}

pub(crate) async fn last_checkpoint(tx: &mut Tx, log: &str) -> Result<Option<CheckpointRow>, Failure> {
    fetch_optional!(
        tx,
        CheckpointRow,
        "select log, size, root, at, note from journal_checkpoint where log = $1 order by size desc limit 1",
        log
    )
}

/// The first signed state of a log that has this many entries.
pub(crate) async fn first_checkpoint_of(tx: &mut Tx, log: &str, entries: i64) -> Result<Option<CheckpointRow>, Failure> {
    fetch_optional!(
        tx,
        CheckpointRow,
        "select log, size, root, at, note from journal_checkpoint where log = $1 and size >= $2 order by size limit 1",
        log,
        entries
    )
}

pub(crate) async fn insert_checkpoint(tx: &mut Tx, row: &CheckpointRow) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into journal_checkpoint (log, size, root, at, note) values ($1, $2, $3, $4, $5)",
        &row.log,
        row.size,
        &row.root,
        row.at,
        &row.note
    )?;
    Ok(())
}

pub(crate) async fn insert_super(tx: &mut Tx, row: &SuperRow) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into journal_super (seq, log, size, leaf, leaf_hash) values ($1, $2, $3, $4, $5)",
        row.seq,
        &row.log,
        row.size,
        &row.leaf,
        &row.leaf_hash
    )?;
    Ok(())
}

/// The notes signed since the tree of checkpoints had `from` leaves, in the order of their signature.
pub(crate) async fn notes_since(tx: &mut Tx, from: i64) -> Result<Vec<(Timestamp, String)>, Failure> {
    let rows = fetch_all!(
        tx,
        (i64, Timestamp, String),
        "select s.seq * 2 as turn, c.at, c.note from journal_super s
         join journal_checkpoint c on c.log = s.log and c.size = s.size where s.seq >= $1
         union all
         select size * 2 - 1, at, note from journal_checkpoint where log = 'super' and size > $1
         order by turn",
        from
    )?;
    Ok(rows.into_iter().map(|(_, at, note)| (at, note)).collect())
}
