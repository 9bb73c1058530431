//! Structures and who works there.

use maincourante_identity::StaffId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_optional};

use crate::StructureId;

#[derive(sqlx::FromRow)]
pub(crate) struct StructureRow {
    pub id: StructureId,
    pub name: String,
    pub siret: String,
    pub postal_address: String,
    pub phone: String,
    pub opening_hours: String,
    pub powers: String,
}

/// False when the SIRET is already there.
pub(crate) async fn insert(tx: &mut Tx, new: &StructureRow, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into structure (id, name, siret, postal_address, phone, opening_hours, powers, opened_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (siret) do nothing",
        new.id,
        &new.name,
        &new.siret,
        &new.postal_address,
        &new.phone,
        &new.opening_hours,
        &new.powers,
        now
    )? == 1)
}

/// A structure that is not closed.
pub(crate) async fn find(tx: &mut Tx, id: StructureId) -> Result<Option<StructureRow>, Failure> {
    fetch_optional!(
        tx,
        StructureRow,
        "
        select id, name, siret, postal_address, phone, opening_hours, powers from structure where id = $1 and closed_at is null",
        id
    )
}

pub(crate) async fn find_by_siret(tx: &mut Tx, siret: &str) -> Result<Option<StructureRow>, Failure> {
    fetch_optional!(
        tx,
        StructureRow,
        "
        select id, name, siret, postal_address, phone, opening_hours, powers from structure where siret = $1 and closed_at is null",
        siret
    )
}

pub(crate) async fn add_member(tx: &mut Tx, structure: StructureId, staff: StaffId, role: &str, now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into membership (structure, staff, role, since) values ($1, $2, $3, $4)
        on conflict (structure, staff) do update set role = $3, ended_at = null",
        structure,
        staff,
        role,
        now
    )?;
    Ok(())
}

/// False when they are not of the team.
pub(crate) async fn end_member(tx: &mut Tx, structure: StructureId, staff: StaffId, now: Timestamp) -> Result<bool, Failure> {
    let ended = execute!(
        tx,
        "update membership set ended_at = $3 where structure = $1 and staff = $2 and ended_at is null",
        structure,
        staff,
        now
    )?;
    Ok(ended == 1)
}

/// Where a staff member works, suspended structures included: whose journal tells what happens to their access.
pub(crate) async fn teams(tx: &mut Tx, staff: StaffId) -> Result<Vec<(StructureId, String)>, Failure> {
    fetch_all!(
        tx,
        (StructureId, String),
        "
        select s.id, s.name from membership m join structure s on s.id = m.structure
        where m.staff = $1 and m.ended_at is null and s.closed_at is null order by s.id",
        staff
    )
}

pub(crate) async fn is_suspended(tx: &mut Tx, id: StructureId) -> Result<bool, Failure> {
    let found = fetch_optional!(tx, (StructureId,), "select id from structure where id = $1 and suspended_at is not null", id)?;
    Ok(found.is_some())
}

/// False when it was suspended already.
pub(crate) async fn suspend(tx: &mut Tx, id: StructureId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update structure set suspended_at = $2 where id = $1 and suspended_at is null", id, now)? == 1)
}

/// False when it was not suspended.
pub(crate) async fn resume(tx: &mut Tx, id: StructureId) -> Result<bool, Failure> {
    Ok(execute!(tx, "update structure set suspended_at = null where id = $1 and suspended_at is not null", id)? == 1)
}

/// Where a staff member works, the oldest membership first: structures neither suspended nor closed.
pub(crate) async fn memberships(tx: &mut Tx, staff: StaffId) -> Result<Vec<(StructureId, String)>, Failure> {
    fetch_all!(
        tx,
        (StructureId, String),
        "
        select m.structure, m.role from membership m join structure s on s.id = m.structure
        where m.staff = $1 and m.ended_at is null and s.suspended_at is null and s.closed_at is null
        order by m.since, m.structure",
        staff
    )
}

/// Whether a staff member is of the team of this structure, itself in activity: asked again by what a lent screen does.
pub(crate) async fn works_for(tx: &mut Tx, staff: StaffId, structure: StructureId) -> Result<bool, Failure> {
    Ok(memberships(tx, staff).await?.iter().any(|(of, _)| *of == structure))
}

/// Everyone who works or worked for a structure, and since when they do not.
pub(crate) async fn members(tx: &mut Tx, structure: StructureId) -> Result<Vec<(StaffId, Option<Timestamp>)>, Failure> {
    fetch_all!(
        tx,
        (StaffId, Option<Timestamp>),
        "select staff, ended_at from membership where structure = $1 order by since, staff",
        structure
    )
}
