//! Sheets of recovery codes.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::{SessionId, StaffId};

/// The sheets of a staff member are worth nothing any more.
pub(crate) async fn replace_sheets(tx: &mut Tx, staff: StaffId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update staff_sheet set replaced_at = $2 where staff = $1 and replaced_at is null", staff, now)?;
    Ok(())
}

pub(crate) async fn insert_sheet(tx: &mut Tx, id: Uuid, staff: StaffId, session: SessionId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "insert into staff_sheet (id, staff, session, made_at) values ($1, $2, $3, $4)", id, staff, session, now)?;
    Ok(())
}

pub(crate) async fn insert_code(tx: &mut Tx, sheet: Uuid, hash: &[u8]) -> Result<(), Failure> {
    execute!(tx, "insert into staff_code (sheet, hash) values ($1, $2)", sheet, hash)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(crate) struct SheetRow {
    pub id: Uuid,
    pub session: SessionId,
    pub made_at: Timestamp,
}

/// The sheet of a staff member that is good now.
pub(crate) async fn find_sheet(tx: &mut Tx, staff: StaffId) -> Result<Option<SheetRow>, Failure> {
    fetch_optional!(
        tx,
        SheetRow,
        "select id, session, made_at from staff_sheet where staff = $1 and replaced_at is null order by made_at desc limit 1",
        staff
    )
}

/// How many codes of a sheet were not used.
pub(crate) async fn left(tx: &mut Tx, sheet: Uuid) -> Result<i64, Failure> {
    Ok(fetch_one!(tx, (i64,), "select count(*) from staff_code where sheet = $1 and used_at is null", sheet)?.0)
}

/// Uses a code of a sheet; false when the sheet has none such, or it was used.
pub(crate) async fn use_code(tx: &mut Tx, sheet: Uuid, hash: &[u8], now: Timestamp) -> Result<bool, Failure> {
    let used = execute!(tx, "update staff_code set used_at = $3 where sheet = $1 and hash = $2 and used_at is null", sheet, hash, now)?;
    Ok(used == 1)
}
