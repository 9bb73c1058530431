//! Teams as their référent sees them, for which structure a session acts, who accepted which charter, which mandates are held.

use maincourante_identity::{SessionId, StaffId};
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};

use crate::{MandateId, StructureId};

#[derive(sqlx::FromRow)]
pub(crate) struct PlaceRow {
    pub structure: StructureId,
    pub name: String,
    pub role: String,
    pub suspended_at: Option<Timestamp>,
}

/// Where a staff member works, the oldest place first, suspended structures included.
pub(crate) async fn places(tx: &mut Tx, staff: StaffId) -> Result<Vec<PlaceRow>, Failure> {
    fetch_all!(
        tx,
        PlaceRow,
        "
        select m.structure, s.name, m.role, s.suspended_at from membership m join structure s on s.id = m.structure
        where m.staff = $1 and m.ended_at is null and s.closed_at is null order by m.since, m.structure",
        staff
    )
}

/// The structure that a session chose to act for, and its name.
pub(crate) async fn acting_for(tx: &mut Tx, session: SessionId) -> Result<Option<(StructureId, String)>, Failure> {
    fetch_optional!(
        tx,
        (StructureId, String),
        "select a.structure, s.name from acting_for a join structure s on s.id = a.structure where a.session = $1",
        session
    )
}

/// The structure that a staff member acted for last.
pub(crate) async fn acted_for(tx: &mut Tx, staff: StaffId) -> Result<Option<StructureId>, Failure> {
    let last = fetch_optional!(tx, (StructureId,), "select structure from acting_for where staff = $1 order by since desc limit 1", staff)?;
    Ok(last.map(|(structure,)| structure))
}

pub(crate) async fn act_for(
    tx: &mut Tx,
    session: SessionId,
    staff: StaffId,
    structure: StructureId,
    now: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into acting_for (session, staff, structure, since) values ($1, $2, $3, $4)
        on conflict (session) do update set structure = $3, since = $4",
        session,
        staff,
        structure,
        now
    )?;
    Ok(())
}

/// Whoever chooses in this session does so one after the other.
pub(crate) async fn hold_choice(tx: &mut Tx, session: SessionId) -> Result<(), Failure> {
    execute!(tx, "update acting_for set since = since where session = $1", session)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(crate) struct MemberRow {
    pub staff: StaffId,
    pub role: String,
    pub since: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The team of a structure, and those who left it since `after`.
pub(crate) async fn members(tx: &mut Tx, structure: StructureId, after: Timestamp) -> Result<Vec<MemberRow>, Failure> {
    fetch_all!(
        tx,
        MemberRow,
        "
        select staff, role, since, ended_at from membership
        where structure = $1 and (ended_at is null or ended_at >= $2) order by since, staff",
        structure,
        after
    )
}

pub(crate) async fn find_member(tx: &mut Tx, structure: StructureId, staff: StaffId) -> Result<Option<MemberRow>, Failure> {
    fetch_optional!(
        tx,
        MemberRow,
        "select staff, role, since, ended_at from membership where structure = $1 and staff = $2",
        structure,
        staff
    )
}

/// Who answers for a structure and can sign in.
pub(crate) async fn referents(tx: &mut Tx, structure: StructureId) -> Result<Vec<(StaffId,)>, Failure> {
    fetch_all!(
        tx,
        (StaffId,),
        "
        select m.staff from membership m join staff f on f.id = m.staff
        where m.structure = $1 and m.role = 'referent' and m.ended_at is null and f.disabled_at is null order by m.staff",
        structure
    )
}

/// Holds a team until the end of the transaction: two référents do not remove each other at the same instant.
pub(crate) async fn hold_team(tx: &mut Tx, structure: StructureId) -> Result<(), Failure> {
    execute!(tx, "update structure set name = name where id = $1", structure)?;
    Ok(())
}

pub(crate) async fn set_role(tx: &mut Tx, structure: StructureId, staff: StaffId, role: &str) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "update membership set role = $3 where structure = $1 and staff = $2 and ended_at is null and role <> $3",
        structure,
        staff,
        role
    )? == 1)
}

/// False when it was accepted already.
pub(crate) async fn accept_charter(tx: &mut Tx, staff: StaffId, version: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "insert into charter_acceptance (staff, version, accepted_at) values ($1, $2, $3) on conflict (staff, version) do nothing",
        staff,
        version,
        now
    )? == 1)
}

pub(crate) async fn charter_accepted(tx: &mut Tx, staff: StaffId, version: &str) -> Result<bool, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from charter_acceptance where staff = $1 and version = $2", staff, version)?;
    Ok(count == 1)
}

/// As if what was accepted were another version.
#[cfg(test)]
pub(crate) async fn make_charter_older(tx: &mut Tx, staff: StaffId) -> Result<(), Failure> {
    execute!(tx, "update charter_acceptance set version = '2025-01' where staff = $1", staff)?;
    Ok(())
}

/// Whether any version of the charter was ever accepted.
pub(crate) async fn any_charter(tx: &mut Tx, staff: StaffId) -> Result<bool, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from charter_acceptance where staff = $1", staff)?;
    Ok(count > 0)
}

/// Mandates that give their powers though their structure is suspended.
pub(crate) async fn to_hold(tx: &mut Tx) -> Result<Vec<(MandateId,)>, Failure> {
    fetch_all!(
        tx,
        (MandateId,),
        "
        select m.id from mandate m join structure s on s.id = m.structure
        where m.state = 'active' and s.suspended_at is not null order by m.id limit 100"
    )
}

/// Mandates that are held because of their structure, which is in activity again.
pub(crate) async fn to_release(tx: &mut Tx) -> Result<Vec<(MandateId,)>, Failure> {
    fetch_all!(
        tx,
        (MandateId,),
        "
        select m.id from mandate m join mandate_hold h on h.mandate = m.id join structure s on s.id = m.structure
        where m.state = 'suspended' and h.cause = 'structure_suspended' and s.suspended_at is null order by m.id limit 100"
    )
}

pub(crate) async fn keep_hold(tx: &mut Tx, mandate: MandateId, cause: &str, now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into mandate_hold (mandate, cause, held_at) values ($1, $2, $3)
        on conflict (mandate) do update set cause = $2, held_at = $3",
        mandate,
        cause,
        now
    )?;
    Ok(())
}

pub(crate) async fn end_hold(tx: &mut Tx, mandate: MandateId) -> Result<(), Failure> {
    execute!(tx, "delete from mandate_hold where mandate = $1", mandate)?;
    Ok(())
}

/// Why a mandate is held, when it is because of something else than itself.
pub(crate) async fn hold_cause(tx: &mut Tx, mandate: MandateId) -> Result<Option<String>, Failure> {
    Ok(fetch_optional!(tx, (String,), "select cause from mandate_hold where mandate = $1", mandate)?.map(|(cause,)| cause))
}
