//! Recovery sheets and their codes.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::UsagerId;

pub(crate) async fn insert_sheet(tx: &mut Tx, id: Uuid, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "insert into recovery_sheet (id, usager, made_at) values ($1, $2, $3)", id, usager, now)?;
    Ok(())
}

pub(crate) async fn find_sheet(tx: &mut Tx, id: Uuid) -> Result<Option<(UsagerId, Option<Timestamp>)>, Failure> {
    fetch_optional!(tx, (UsagerId, Option<Timestamp>), "select usager, ended_at from recovery_sheet where id = $1", id)
}

pub(crate) async fn end_all_of(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update recovery_sheet set ended_at = $2 where usager = $1 and ended_at is null", usager, now)?;
    Ok(())
}

pub(crate) async fn insert_code(tx: &mut Tx, sheet: Uuid, number: i64, mac: &[u8]) -> Result<(), Failure> {
    execute!(tx, "insert into recovery_code (sheet, number, mac) values ($1, $2, $3)", sheet, number, mac)?;
    Ok(())
}

/// Uses the code of a living sheet; false when there is none, or it was used.
pub(crate) async fn use_code(tx: &mut Tx, mac: &[u8], now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update recovery_code set used_at = $2
        where mac = $1 and used_at is null and exists (select 1 from recovery_sheet s where s.id = sheet and s.ended_at is null)",
        mac,
        now
    )? == 1)
}

pub(crate) async fn codes_left(tx: &mut Tx, usager: UsagerId) -> Result<i64, Failure> {
    let (left,) = fetch_one!(
        tx,
        (i64,),
        "
        select count(*) from recovery_code c join recovery_sheet s on s.id = c.sheet
        where s.usager = $1 and s.ended_at is null and c.used_at is null",
        usager
    )?;
    Ok(left)
}
