//! Sessions and the screens lent from them.

use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::{HandOverId, SessionId, StaffId, UsagerId};

pub(crate) struct NewSession<'a> {
    pub id: SessionId,
    pub token_hash: &'a [u8],
    pub usager: Option<UsagerId>,
    pub staff: Option<StaffId>,
    pub method: &'static str,
    pub computer: &'static str,
    pub opened_at: Timestamp,
    pub ends_at: Timestamp,
}

pub(crate) async fn insert(tx: &mut Tx, new: NewSession<'_>) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into session (id, token_hash, usager, staff, method, computer, opened_at, seen_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        new.id,
        new.token_hash,
        new.usager,
        new.staff,
        new.method,
        new.computer,
        new.opened_at,
        new.ends_at
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(crate) struct UsagerSession {
    pub id: SessionId,
    pub usager: UsagerId,
    pub address: String,
    pub given_names: String,
    pub family_name: String,
    pub method: String,
    pub computer: String,
    pub seen_at: Timestamp,
    pub ends_at: Timestamp,
}

/// The living session of a person with this token, if its account is in use.
pub(crate) async fn find_usager_session(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<UsagerSession>, Failure> {
    fetch_optional!(
        tx,
        UsagerSession,
        "
        select s.id, u.id as usager, u.address, u.given_names, u.family_name, s.method, s.computer, s.seen_at, s.ends_at
        from session s join usager u on u.id = s.usager
        where s.token_hash = $1 and s.ended_at is null and s.ends_at > $2 and u.disabled_at is null and u.closed_at is null",
        token_hash,
        now
    )
}

#[derive(sqlx::FromRow)]
pub(crate) struct StaffSession {
    pub id: SessionId,
    pub staff: StaffId,
    pub kind: String,
    pub name: String,
    pub seen_at: Timestamp,
    pub ends_at: Timestamp,
    pub lent_to: Option<HandOverId>,
}

/// The living session of a staff member with this token.
pub(crate) async fn find_staff_session(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<StaffSession>, Failure> {
    fetch_optional!(
        tx,
        StaffSession,
        "
        select s.id, f.id as staff, f.kind, f.name, s.seen_at, s.ends_at, s.lent_to
        from session s join staff f on f.id = s.staff
        where s.token_hash = $1 and s.ended_at is null and s.ends_at > $2 and f.disabled_at is null",
        token_hash,
        now
    )
}

/// When a session that has not ended was last seen, what computer it is on and when it ends at the latest.
pub(crate) async fn find_living(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<Option<(String, Timestamp)>, Failure> {
    fetch_optional!(
        tx,
        (String, Timestamp),
        "
        select s.computer, s.seen_at from session s left join usager u on u.id = s.usager
        where s.id = $1 and s.ended_at is null and s.ends_at > $2 and u.disabled_at is null and u.closed_at is null",
        id,
        now
    )
}

pub(crate) async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update session set seen_at = $2 where id = $1 and ended_at is null", id, now)?;
    Ok(())
}

pub(crate) async fn end(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update session set ended_at = $2 where id = $1 and ended_at is null", id, now)? == 1)
}

pub(crate) async fn end_all_of_staff(tx: &mut Tx, staff: StaffId, now: Timestamp) -> Result<u64, Failure> {
    execute!(tx, "update session set ended_at = $2 where staff = $1 and ended_at is null", staff, now)
}

pub(crate) async fn end_all_of(tx: &mut Tx, usager: UsagerId, now: Timestamp) -> Result<u64, Failure> {
    execute!(tx, "update session set ended_at = $2 where usager = $1 and ended_at is null", usager, now)
}

/// How many sessions the person ever opened.
pub(crate) async fn count_of(tx: &mut Tx, usager: UsagerId) -> Result<i64, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from session where usager = $1", usager)?;
    Ok(count)
}

pub(crate) async fn lend(tx: &mut Tx, session: SessionId, hand_over: HandOverId) -> Result<bool, Failure> {
    Ok(execute!(tx, "update session set lent_to = $2 where id = $1 and ended_at is null and lent_to is null", session, hand_over)? == 1)
}

pub(crate) async fn take_back(tx: &mut Tx, session: SessionId, hand_over: HandOverId, now: Timestamp) -> Result<bool, Failure> {
    let freed = execute!(tx, "update session set lent_to = null where id = $1 and lent_to = $2", session, hand_over)?;
    execute!(tx, "update hand_over set taken_back_at = $2 where id = $1 and taken_back_at is null", hand_over, now)?;
    Ok(freed == 1)
}

pub(crate) struct NewHandOver<'a> {
    pub id: HandOverId,
    pub token_hash: &'a [u8],
    pub session: SessionId,
    pub staff: StaffId,
    pub purpose: &'static str,
    pub subject: Uuid,
    pub shown: &'a [u8],
    pub lent_at: Timestamp,
    pub ends_at: Timestamp,
}

pub(crate) async fn insert_hand_over(tx: &mut Tx, new: NewHandOver<'_>) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into hand_over (id, token_hash, session, staff, purpose, subject, shown, lent_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        new.id,
        new.token_hash,
        new.session,
        new.staff,
        new.purpose,
        new.subject,
        new.shown,
        new.lent_at,
        new.ends_at
    )?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(crate) struct HandOverRow {
    pub id: HandOverId,
    pub staff: StaffId,
    pub staff_name: String,
    pub purpose: String,
    pub subject: Uuid,
    pub shown: Vec<u8>,
    pub phone_proved_at: Option<Timestamp>,
    pub proved_by: Option<String>,
    pub completed_at: Option<Timestamp>,
}

/// The screen lent under this token: neither closed nor taken back, not over, and its lender's session still lent to it.
pub(crate) async fn find_hand_over(tx: &mut Tx, token_hash: &[u8], now: Timestamp) -> Result<Option<HandOverRow>, Failure> {
    fetch_optional!(
        tx,
        HandOverRow,
        "
        select h.id, h.staff, f.name as staff_name, h.purpose, h.subject, h.shown, h.phone_proved_at, h.proved_by, h.completed_at
        from hand_over h join session s on s.id = h.session join staff f on f.id = h.staff
        where h.token_hash = $1 and h.closed_at is null and h.taken_back_at is null and h.ends_at > $2
          and s.lent_to = h.id and s.ended_at is null and s.ends_at > $2 and f.disabled_at is null",
        token_hash,
        now
    )
}

#[derive(sqlx::FromRow)]
pub(crate) struct HandOverEnd {
    pub purpose: String,
    pub subject: Uuid,
    pub completed_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
}

pub(crate) async fn find_hand_over_by_id(tx: &mut Tx, id: HandOverId) -> Result<HandOverEnd, Failure> {
    fetch_one!(tx, HandOverEnd, "select purpose, subject, completed_at, closed_at from hand_over where id = $1", id)
}

/// The phone is proved; from then on the screen goes under a new token.
pub(crate) async fn mark_phone_proved(tx: &mut Tx, id: HandOverId, token_hash: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update hand_over set phone_proved_at = $3, token_hash = $2 where id = $1", id, token_hash, now)?;
    Ok(())
}

/// The person proved who they are with a code of their sheet; from then on the screen goes under a new token.
pub(crate) async fn mark_proved_by_sheet(tx: &mut Tx, id: HandOverId, token_hash: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update hand_over set phone_proved_at = $3, proved_by = 'sheet', token_hash = $2 where id = $1", id, token_hash, now)?;
    Ok(())
}

/// Closes the screens lent for this that still wait; gives which.
pub(crate) async fn close_hand_overs(tx: &mut Tx, purpose: &str, subject: Uuid, now: Timestamp) -> Result<Vec<HandOverId>, Failure> {
    let closed = fetch_all!(
        tx,
        (HandOverId,),
        "
        update hand_over set closed_at = $3
        where purpose = $1 and subject = $2 and completed_at is null and closed_at is null and taken_back_at is null and ends_at > $3
        returning id",
        purpose,
        subject,
        now
    )?;
    Ok(closed.into_iter().map(|(id,)| id).collect())
}

/// Closes a lent screen that still waits; false when it does not.
pub(crate) async fn close_hand_over(tx: &mut Tx, id: HandOverId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update hand_over set closed_at = $2
        where id = $1 and completed_at is null and closed_at is null and taken_back_at is null and ends_at > $2",
        id,
        now
    )? == 1)
}

/// Fulfils a screen's purpose; false when it was already, or the screen was closed or taken back.
pub(crate) async fn complete_hand_over(tx: &mut Tx, id: HandOverId, now: Timestamp) -> Result<bool, Failure> {
    let closed = execute!(
        tx,
        "
        update hand_over set completed_at = $2
        where id = $1 and completed_at is null and closed_at is null and taken_back_at is null",
        id,
        now
    )?;
    Ok(closed == 1)
}
