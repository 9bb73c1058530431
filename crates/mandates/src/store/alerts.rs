//! Alerts: what raised them, how far each log was looked at.

use maincourante_identity::{StaffId, UsagerId};
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::StructureId;

#[derive(sqlx::FromRow)]
pub(crate) struct AlertRow {
    pub id: Uuid,
    pub structure: StructureId,
    pub rule: String,
    pub facts: String,
    pub aidant: Option<StaffId>,
    pub usager: Option<UsagerId>,
    pub raised_at: Timestamp,
    pub seen_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<StaffId>,
    pub verdict: Option<String>,
}

/// False when the same facts raised it already.
pub(crate) async fn insert(tx: &mut Tx, new: &AlertRow) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into alert (id, structure, rule, facts, aidant, usager, raised_at) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (structure, rule, facts) do nothing",
        new.id,
        new.structure,
        &new.rule,
        &new.facts,
        new.aidant,
        new.usager,
        new.raised_at
    )? == 1)
}

pub(crate) async fn insert_line(tx: &mut Tx, alert: Uuid, entry: Uuid) -> Result<(), Failure> {
    execute!(tx, "insert into alert_line (alert, entry) values ($1, $2) on conflict (alert, entry) do nothing", alert, entry)?;
    Ok(())
}

pub(crate) async fn lines(tx: &mut Tx, alert: Uuid) -> Result<Vec<(Uuid,)>, Failure> {
    fetch_all!(tx, (Uuid,), "select entry from alert_line where alert = $1", alert)
}

pub(crate) async fn find(tx: &mut Tx, structure: StructureId, id: Uuid) -> Result<Option<AlertRow>, Failure> {
    fetch_optional!(
        tx,
        AlertRow,
        "
        select id, structure, rule, facts, aidant, usager, raised_at, seen_at, closed_at, closed_by, verdict
        from alert where structure = $1 and id = $2",
        structure,
        id
    )
}

/// The alerts of a structure that nobody closed, the oldest first.
pub(crate) async fn find_open(tx: &mut Tx, structure: StructureId) -> Result<Vec<AlertRow>, Failure> {
    fetch_all!(
        tx,
        AlertRow,
        "
        select id, structure, rule, facts, aidant, usager, raised_at, seen_at, closed_at, closed_by, verdict
        from alert where structure = $1 and closed_at is null order by raised_at, id limit 100",
        structure
    )
}

/// The alerts that no référent may close: it is about the only one, or there is none.
pub(crate) async fn find_for_operator(tx: &mut Tx) -> Result<Vec<AlertRow>, Failure> {
    fetch_all!(
        tx,
        AlertRow,
        "
        select a.id, a.structure, a.rule, a.facts, a.aidant, a.usager, a.raised_at, a.seen_at, a.closed_at, a.closed_by, a.verdict
        from alert a where a.closed_at is null and not exists (
          select 1 from membership m join staff s on s.id = m.staff
          where m.structure = a.structure and m.role = 'referent' and m.ended_at is null and s.disabled_at is null
            and (a.aidant is null or m.staff <> a.aidant))
        order by a.raised_at, a.id"
    )
}

/// What a person reported, by the line that is not normal.
pub(crate) async fn find_reported(tx: &mut Tx, usager: UsagerId, entry: Uuid) -> Result<Option<AlertRow>, Failure> {
    fetch_optional!(
        tx,
        AlertRow,
        "
        select a.id, a.structure, a.rule, a.facts, a.aidant, a.usager, a.raised_at, a.seen_at, a.closed_at, a.closed_by, a.verdict
        from alert a join alert_line l on l.alert = a.id where a.usager = $1 and a.rule = 'reported' and l.entry = $2",
        usager,
        entry
    )
}

/// The lines that a person said are not normal.
pub(crate) async fn reported_lines(tx: &mut Tx, usager: UsagerId) -> Result<Vec<(Uuid,)>, Failure> {
    fetch_all!(
        tx,
        (Uuid,),
        "select l.entry from alert a join alert_line l on l.alert = a.id where a.usager = $1 and a.rule = 'reported'",
        usager
    )
}

/// The first time that a référent opens it.
pub(crate) async fn mark_seen(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update alert set seen_at = $2 where id = $1 and seen_at is null", id, now)?;
    Ok(())
}

/// False when it was closed already.
pub(crate) async fn close(tx: &mut Tx, id: Uuid, by: Option<StaffId>, verdict: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update alert set closed_at = $2, closed_by = $3, verdict = $4, seen_at = coalesce(seen_at, $2) where id = $1 and closed_at is null",
        id,
        now,
        by,
        verdict
    )? == 1)
}

/// The number of the first entry that was not looked at.
pub(crate) async fn scanned(tx: &mut Tx, structure: StructureId) -> Result<i64, Failure> {
    Ok(fetch_optional!(tx, (i64,), "select next_seq from alert_scan where structure = $1", structure)?.map_or(0, |(next,)| next))
}

pub(crate) async fn mark_scanned(tx: &mut Tx, structure: StructureId, next: i64) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into alert_scan (structure, next_seq) values ($1, $2)
        on conflict (structure) do update set next_seq = $2 where alert_scan.next_seq < $2",
        structure,
        next
    )?;
    Ok(())
}

/// The structures that are not closed.
pub(crate) async fn structures(tx: &mut Tx) -> Result<Vec<(StructureId,)>, Failure> {
    fetch_all!(tx, (StructureId,), "select id from structure where closed_at is null order by id")
}

/// Whether someone else answers for the structure, besides this one.
pub(crate) async fn has_other_referent(tx: &mut Tx, structure: StructureId, but: Option<StaffId>) -> Result<bool, Failure> {
    let (count,) = fetch_one!(
        tx,
        (i64,),
        "
        select count(*) from membership m join staff s on s.id = m.staff
        where m.structure = $1 and m.role = 'referent' and m.ended_at is null and s.disabled_at is null and ($2 is null or m.staff <> $2)",
        structure,
        but
    )?;
    Ok(count > 0)
}
