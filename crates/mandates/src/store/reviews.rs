//! What was read again and signed, and the reasons asked.

use maincourante_identity::StaffId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_optional};
use uuid::Uuid;

use crate::StructureId;

#[derive(sqlx::FromRow)]
pub(crate) struct ReviewRow {
    pub id: Uuid,
    pub staff: StaffId,
    pub first_seq: i64,
    pub last_seq: i64,
    pub lines: i64,
    pub signed_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

pub(crate) async fn insert_review(tx: &mut Tx, structure: StructureId, new: &ReviewRow) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into journal_review (id, structure, staff, first_seq, last_seq, lines, signed_at) values ($1, $2, $3, $4, $5, $6, $7)",
        new.id,
        structure,
        new.staff,
        new.first_seq,
        new.last_seq,
        new.lines,
        new.signed_at
    )?;
    Ok(())
}

/// How far the log was read again: the last review that was not withdrawn.
pub(crate) async fn find_last_review(tx: &mut Tx, structure: StructureId) -> Result<Option<ReviewRow>, Failure> {
    fetch_optional!(
        tx,
        ReviewRow,
        "
        select id, staff, first_seq, last_seq, lines, signed_at, withdrawn_at from journal_review
        where structure = $1 and withdrawn_at is null order by last_seq desc limit 1",
        structure
    )
}

pub(crate) async fn find_review(tx: &mut Tx, structure: StructureId, id: Uuid) -> Result<Option<ReviewRow>, Failure> {
    fetch_optional!(
        tx,
        ReviewRow,
        "
        select id, staff, first_seq, last_seq, lines, signed_at, withdrawn_at from journal_review where structure = $1 and id = $2",
        structure,
        id
    )
}

/// False when it was withdrawn already.
pub(crate) async fn withdraw_review(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update journal_review set withdrawn_at = $2 where id = $1 and withdrawn_at is null", id, now)? == 1)
}

#[derive(sqlx::FromRow)]
pub(crate) struct ReasonRow {
    pub id: Uuid,
    pub entry: Uuid,
    pub aidant: StaffId,
    pub asked_by: StaffId,
    pub asked_at: Timestamp,
    pub given_at: Option<Timestamp>,
}

/// False when the reason of this line was asked already.
pub(crate) async fn insert_reason(tx: &mut Tx, structure: StructureId, new: &ReasonRow) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into journal_reason (id, structure, entry, aidant, asked_by, asked_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (structure, entry) do nothing",
        new.id,
        structure,
        new.entry,
        new.aidant,
        new.asked_by,
        new.asked_at
    )? == 1)
}

/// The questions asked about these entries, a JSON array.
pub(crate) async fn find_reasons_of(tx: &mut Tx, structure: StructureId, entries: &str) -> Result<Vec<ReasonRow>, Failure> {
    fetch_all!(
        tx,
        ReasonRow,
        [
            "select r.id, r.entry, r.aidant, r.asked_by, r.asked_at, r.given_at from json_each($2) wanted
         join journal_reason r on r.entry = unhex(replace(wanted.value, '-', '')) where r.structure = $1",
            "select r.id, r.entry, r.aidant, r.asked_by, r.asked_at, r.given_at from jsonb_array_elements_text($2::jsonb) wanted (value)
         join journal_reason r on r.entry = wanted.value::uuid where r.structure = $1"
        ],
        structure,
        entries
    )
}

/// What an aidant was asked in this structure and has not answered, the oldest first.
pub(crate) async fn find_open_reasons(tx: &mut Tx, structure: StructureId, aidant: StaffId) -> Result<Vec<ReasonRow>, Failure> {
    fetch_all!(
        tx,
        ReasonRow,
        "
        select id, entry, aidant, asked_by, asked_at, given_at from journal_reason
        where structure = $1 and aidant = $2 and given_at is null order by asked_at, id limit 50",
        structure,
        aidant
    )
}

/// What was asked of this aidant, by its identity.
pub(crate) async fn find_reason(tx: &mut Tx, structure: StructureId, aidant: StaffId, id: Uuid) -> Result<Option<ReasonRow>, Failure> {
    fetch_optional!(
        tx,
        ReasonRow,
        "
        select id, entry, aidant, asked_by, asked_at, given_at from journal_reason where structure = $1 and aidant = $2 and id = $3",
        structure,
        aidant,
        id
    )
}

/// False when it was answered already.
pub(crate) async fn mark_given(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update journal_reason set given_at = $2 where id = $1 and given_at is null", id, now)? == 1)
}
