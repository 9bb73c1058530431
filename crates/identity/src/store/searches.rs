//! Accounts looked for on a lent screen.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::{HandOverId, UsagerId};

#[derive(sqlx::FromRow)]
pub(crate) struct SearchRow {
    pub id: Uuid,
    pub login: Vec<u8>,
    pub usager: Option<UsagerId>,
}

pub(crate) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    hand_over: HandOverId,
    login: &[u8],
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into account_search (id, hand_over, login, begun_at, ends_at, tries) values ($1, $2, $3, $4, $5, 0)",
        id,
        hand_over,
        login,
        now,
        ends_at
    )?;
    Ok(())
}

/// Whoever types on this screen does so one after the other.
pub(crate) async fn hold_screen(tx: &mut Tx, hand_over: HandOverId) -> Result<(), Failure> {
    execute!(tx, "update hand_over set closed_at = closed_at where id = $1", hand_over)?;
    Ok(())
}

/// Ends what was looked for on a screen before: what is typed now takes its place.
pub(crate) async fn end_all(tx: &mut Tx, hand_over: HandOverId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update account_search set ends_at = $2 where hand_over = $1 and ends_at > $2", hand_over, now)?;
    Ok(())
}

/// The search of a screen that still lives.
pub(crate) async fn find_living(tx: &mut Tx, hand_over: HandOverId, now: Timestamp) -> Result<Option<SearchRow>, Failure> {
    fetch_optional!(
        tx,
        SearchRow,
        "
        select id, login, usager from account_search where hand_over = $1 and ends_at > $2 and proved_at is null
        order by begun_at desc, id desc limit 1",
        hand_over,
        now
    )
}

/// A search that still waits, on a screen that is still lent; and the name of who lent it.
pub(crate) async fn find_waiting(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<Option<(Vec<u8>, String)>, Failure> {
    fetch_optional!(
        tx,
        (Vec<u8>, String),
        "
        select a.login, f.name from account_search a join hand_over h on h.id = a.hand_over join staff f on f.id = h.staff
        where a.id = $1 and a.proved_at is null and a.ends_at > $2 and h.completed_at is null and h.closed_at is null
          and h.taken_back_at is null",
        id,
        now
    )
}

pub(crate) async fn set_usager(tx: &mut Tx, id: Uuid, usager: UsagerId) -> Result<(), Failure> {
    execute!(tx, "update account_search set usager = $2 where id = $1", id, usager)?;
    Ok(())
}

/// Counts a try; gives the number of tries, this one included.
pub(crate) async fn count_try(tx: &mut Tx, id: Uuid) -> Result<i64, Failure> {
    let (tries,) = fetch_one!(tx, (i64,), "update account_search set tries = tries + 1 where id = $1 returning tries", id)?;
    Ok(tries)
}

pub(crate) async fn mark_proved(tx: &mut Tx, id: Uuid, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update account_search set proved_at = $3, usager = $2 where id = $1", id, usager, now)?;
    Ok(())
}
