//! What was typed by who had been signed out.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_optional};
use uuid::Uuid;

use crate::{SessionId, StaffId, UsagerId};

/// Keeps this, in place of what was kept before for the same account.
pub(crate) async fn replace(
    tx: &mut Tx,
    id: Uuid,
    (usager, staff): (Option<UsagerId>, Option<StaffId>),
    typed: &[u8],
    now: Timestamp,
) -> Result<(), Failure> {
    execute!(tx, "delete from set_aside where usager = $1 or staff = $2", usager, staff)?;
    execute!(tx, "insert into set_aside (id, usager, staff, typed, kept_at) values ($1, $2, $3, $4, $5)", id, usager, staff, typed, now)?;
    Ok(())
}

/// What waits for the account of this session, if it was kept since then and never shown.
pub(crate) async fn waiting(tx: &mut Tx, session: SessionId, since: Timestamp) -> Result<Option<(Uuid, Vec<u8>)>, Failure> {
    fetch_optional!(
        tx,
        (Uuid, Vec<u8>),
        "
        select a.id, a.typed from set_aside a join session s on (s.usager = a.usager or s.staff = a.staff)
        where s.id = $1 and a.kept_at > $2 and a.shown_at is null",
        session,
        since
    )
}

/// What was kept since then for this account under this name.
pub(crate) async fn find(
    tx: &mut Tx,
    id: Uuid,
    (usager, staff): (Option<UsagerId>, Option<StaffId>),
    since: Timestamp,
) -> Result<Option<(Vec<u8>, Option<Timestamp>)>, Failure> {
    fetch_optional!(
        tx,
        (Vec<u8>, Option<Timestamp>),
        "select typed, shown_at from set_aside where id = $1 and (usager = $2 or staff = $3) and kept_at > $4",
        id,
        usager,
        staff,
        since
    )
}

pub(crate) async fn shown(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update set_aside set shown_at = $2 where id = $1", id, now)?;
    Ok(())
}

pub(crate) async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<(), Failure> {
    execute!(tx, "delete from set_aside where kept_at <= $1", before)?;
    Ok(())
}
