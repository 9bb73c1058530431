//! Codes sent by text message, and requests for a new password.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::UsagerId;

#[derive(sqlx::FromRow)]
pub(crate) struct CodeRow {
    pub id: Uuid,
    pub ends_at: Timestamp,
    pub tries: i64,
}

/// The last code of a purpose that was not used.
pub(crate) async fn find_code(tx: &mut Tx, purpose: &str, subject: Uuid) -> Result<Option<CodeRow>, Failure> {
    fetch_optional!(
        tx,
        CodeRow,
        "
        select id, ends_at, tries from code where purpose = $1 and subject = $2 and used_at is null order by sent_at desc limit 1",
        purpose,
        subject
    )
}

pub(crate) async fn insert_code(
    tx: &mut Tx,
    id: Uuid,
    purpose: &str,
    subject: Uuid,
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into code (id, purpose, subject, sent_at, ends_at, sends, tries) values ($1, $2, $3, $4, $5, 1, 0)",
        id,
        purpose,
        subject,
        now,
        ends_at
    )?;
    Ok(())
}

pub(crate) async fn count_send(tx: &mut Tx, id: Uuid) -> Result<(), Failure> {
    execute!(tx, "update code set sends = sends + 1 where id = $1", id)?;
    Ok(())
}

/// Counts a try; gives the number of tries, this one included.
pub(crate) async fn count_try(tx: &mut Tx, id: Uuid) -> Result<i64, Failure> {
    let (tries,) = fetch_one!(tx, (i64,), "update code set tries = tries + 1 where id = $1 returning tries", id)?;
    Ok(tries)
}

/// A code that was accepted: which, when it left, when it came back, after how many tries.
#[derive(sqlx::FromRow)]
pub(crate) struct UsedCode {
    pub id: Uuid,
    pub sent_at: Timestamp,
    pub used_at: Timestamp,
    pub tries: i64,
}

/// The last code of a purpose that was accepted.
pub(crate) async fn find_used(tx: &mut Tx, purpose: &str, subject: Uuid) -> Result<Option<UsedCode>, Failure> {
    fetch_optional!(
        tx,
        UsedCode,
        "
        select id, sent_at, used_at, tries from code
        where purpose = $1 and subject = $2 and used_at is not null order by used_at desc limit 1",
        purpose,
        subject
    )
}

pub(crate) async fn use_code(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update code set used_at = $2 where id = $1 and used_at is null", id, now)? == 1)
}

#[derive(sqlx::FromRow)]
pub(crate) struct ResetRow {
    pub id: Uuid,
    pub usager: Option<UsagerId>,
    pub ends_at: Timestamp,
    pub proved_at: Option<Timestamp>,
    pub route: Option<String>,
}

/// False when there is a request of this identity already.
pub(crate) async fn insert_reset(
    tx: &mut Tx,
    id: Uuid,
    token_hash: &[u8],
    login: &[u8],
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into reset_request (id, token_hash, login, begun_at, ends_at, tries) values ($1, $2, $3, $4, $5, 0)
        on conflict (id) do nothing",
        id,
        token_hash,
        login,
        now,
        ends_at
    )? == 1)
}

/// A request, as it was begun.
#[derive(sqlx::FromRow)]
pub(crate) struct BegunRow {
    pub login: Vec<u8>,
    pub ends_at: Timestamp,
    pub proved_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

impl BegunRow {
    /// Whether its code is still awaited.
    pub(crate) fn is_open_at(&self, now: Timestamp) -> bool {
        self.proved_at.is_none() && self.used_at.is_none() && self.ends_at > now
    }
}

pub(crate) async fn find_reset_begun(tx: &mut Tx, id: Uuid) -> Result<Option<BegunRow>, Failure> {
    fetch_optional!(tx, BegunRow, "select login, ends_at, proved_at, used_at from reset_request where id = $1", id)
}

/// A request whose holder has just proved who they are with a code of their sheet.
pub(crate) async fn insert_proved_by_sheet(
    tx: &mut Tx,
    id: Uuid,
    (usager, token_hash, login): (UsagerId, &[u8], &[u8]),
    now: Timestamp,
    ends_at: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into reset_request (id, token_hash, login, usager, begun_at, ends_at, tries, proved_at, route)
        values ($1, $2, $3, $4, $5, $6, 0, $5, 'sheet')",
        id,
        token_hash,
        login,
        usager,
        now,
        ends_at
    )?;
    Ok(())
}

/// What was typed, sealed, for a request whose account was not looked up yet.
pub(crate) async fn find_reset_login(tx: &mut Tx, id: Uuid) -> Result<Option<(Vec<u8>, Option<UsagerId>)>, Failure> {
    fetch_optional!(tx, (Vec<u8>, Option<UsagerId>), "select login, usager from reset_request where id = $1 and used_at is null", id)
}

pub(crate) async fn set_reset_usager(tx: &mut Tx, id: Uuid, usager: UsagerId) -> Result<(), Failure> {
    execute!(tx, "update reset_request set usager = $2 where id = $1", id, usager)?;
    Ok(())
}

pub(crate) async fn find_reset(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<ResetRow>, Failure> {
    fetch_optional!(
        tx,
        ResetRow,
        "select id, usager, ends_at, proved_at, route from reset_request where token_hash = $1 and used_at is null",
        token_hash
    )
}

/// Counts a try of a request; gives the number of tries, this one included.
pub(crate) async fn count_reset_try(tx: &mut Tx, id: Uuid) -> Result<i64, Failure> {
    let (tries,) = fetch_one!(tx, (i64,), "update reset_request set tries = tries + 1 where id = $1 returning tries", id)?;
    Ok(tries)
}

/// The code was right; from then on the request goes under a new token.
pub(crate) async fn mark_reset_proved(tx: &mut Tx, id: Uuid, token_hash: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update reset_request set proved_at = $3, token_hash = $2 where id = $1", id, token_hash, now)?;
    Ok(())
}

/// Uses a request, which stays a while under a new token; false when it was used already, or is over.
pub(crate) async fn use_reset(tx: &mut Tx, id: Uuid, token_hash: &[u8], now: Timestamp, ends_at: Timestamp) -> Result<bool, Failure> {
    let used = execute!(
        tx,
        "
        update reset_request set used_at = $3, token_hash = $2, ends_at = $4
        where id = $1 and used_at is null and proved_at is not null and ends_at > $3",
        id,
        token_hash,
        now,
        ends_at
    )?;
    Ok(used == 1)
}

/// Ends every other request of a person: none outlives the secret that was just chosen.
pub(crate) async fn end_resets_of(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update reset_request set ends_at = $2 where usager = $1 and used_at is null and ends_at > $2", usager, now)?;
    Ok(())
}

/// The address of the account of a request that was carried through.
pub(crate) async fn find_finished_reset(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<(String,)>, Failure> {
    fetch_optional!(
        tx,
        (String,),
        "
        select u.address from reset_request r join usager u on u.id = r.usager
        where r.token_hash = $1 and r.used_at is not null and r.ends_at > $2",
        token_hash,
        now
    )
}
