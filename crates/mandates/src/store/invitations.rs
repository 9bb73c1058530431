//! Invitations, and the letters that carry them.

use maincourante_identity::StaffId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_optional};

use crate::StructureId;
use crate::invitations::InvitationId;

#[derive(sqlx::FromRow)]
pub(crate) struct InvitationRow {
    pub id: InvitationId,
    pub structure: Option<StructureId>,
    pub role: Option<String>,
    pub staff: Option<StaffId>,
    pub who: Vec<u8>,
    pub invited_by: Option<StaffId>,
    pub invited_at: Timestamp,
    pub sends: i64,
    pub ends_at: Timestamp,
    pub left_at: Option<Timestamp>,
    pub refused_at: Option<Timestamp>,
    pub password: Option<String>,
    pub totp: Option<Vec<u8>>,
    pub accepted_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
}

pub(crate) struct NewInvitation<'a> {
    pub id: InvitationId,
    pub structure: Option<StructureId>,
    pub role: Option<&'static str>,
    pub staff: Option<StaffId>,
    pub login_index: &'a [u8],
    pub who: &'a [u8],
    pub invited_by: Option<StaffId>,
    pub invited_at: Timestamp,
    pub token_index: &'a [u8],
    pub ends_at: Timestamp,
}

/// False when there is an invitation of this identity already.
pub(crate) async fn insert(tx: &mut Tx, new: &NewInvitation<'_>) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into invitation (id, structure, role, staff, login_index, who, invited_by, invited_at, sends, token_index, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) on conflict (id) do nothing",
        new.id,
        new.structure,
        new.role,
        new.staff,
        new.login_index,
        new.who,
        new.invited_by,
        new.invited_at,
        new.token_index,
        new.ends_at
    )? == 1)
}

pub(crate) async fn find(tx: &mut Tx, id: InvitationId) -> Result<Option<InvitationRow>, Failure> {
    fetch_optional!(
        tx,
        InvitationRow,
        "
        select id, structure, role, staff, who, invited_by, invited_at, sends, ends_at, left_at, refused_at, password, totp,
               accepted_at, withdrawn_at
        from invitation where id = $1",
        id
    )
}

/// Whoever presses with this link does so one after the other.
pub(crate) async fn hold_by_token(tx: &mut Tx, token_index: &[u8]) -> Result<(), Failure> {
    execute!(tx, "update invitation set ends_at = ends_at where token_index = $1", token_index)?;
    Ok(())
}

pub(crate) async fn find_by_token(tx: &mut Tx, token_index: &[u8]) -> Result<Option<InvitationRow>, Failure> {
    fetch_optional!(
        tx,
        InvitationRow,
        "
        select id, structure, role, staff, who, invited_by, invited_at, sends, ends_at, left_at, refused_at, password, totp,
               accepted_at, withdrawn_at
        from invitation where token_index = $1",
        token_index
    )
}

/// The invitations of a structure that were not accepted, the latest first.
pub(crate) async fn of_structure(tx: &mut Tx, structure: StructureId, after: Timestamp) -> Result<Vec<InvitationRow>, Failure> {
    fetch_all!(
        tx,
        InvitationRow,
        "
        select id, structure, role, staff, who, invited_by, invited_at, sends, ends_at, left_at, refused_at, password, totp,
               accepted_at, withdrawn_at
        from invitation where structure = $1 and accepted_at is null and ends_at >= $2 order by invited_at desc, id limit 200",
        structure,
        after
    )
}

/// An invitation of this login to this structure that can still be accepted.
pub(crate) async fn find_waiting(
    tx: &mut Tx,
    structure: StructureId,
    login_index: &[u8],
    now: Timestamp,
) -> Result<Option<(InvitationId,)>, Failure> {
    fetch_optional!(
        tx,
        (InvitationId,),
        "
        select id from invitation
        where structure = $1 and login_index = $2 and accepted_at is null and withdrawn_at is null and ends_at > $3 limit 1",
        structure,
        login_index,
        now
    )
}

/// The letter goes again under a new link: the one before is worth nothing any more.
pub(crate) async fn send_again(tx: &mut Tx, id: InvitationId, sends: i64, token_index: &[u8], ends_at: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update invitation set sends = $2, token_index = $3, ends_at = $4, left_at = null, refused_at = null, withdrawn_at = null,
               password = null, totp = null
        where id = $1 and accepted_at is null and sends = $2 - 1",
        id,
        sends,
        token_index,
        ends_at
    )? == 1)
}

/// The letters of a reset that came before are worth nothing any more.
pub(crate) async fn withdraw_resets(tx: &mut Tx, staff: StaffId, now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update invitation set withdrawn_at = $2, password = null, totp = null
        where structure is null and staff = $1 and accepted_at is null and withdrawn_at is null",
        staff,
        now
    )?;
    Ok(())
}

pub(crate) async fn withdraw(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update invitation set withdrawn_at = $2, password = null, totp = null
        where id = $1 and accepted_at is null and withdrawn_at is null",
        id,
        now
    )? == 1)
}

pub(crate) async fn mark_left(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update invitation set left_at = $2, refused_at = null where id = $1", id, now)?;
    Ok(())
}

pub(crate) async fn mark_refused(tx: &mut Tx, id: InvitationId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update invitation set refused_at = $2 where id = $1", id, now)?;
    Ok(())
}

/// What the invited chose, until their first right code.
pub(crate) async fn keep_choice(tx: &mut Tx, id: InvitationId, who: &[u8], phc: &str, totp: &[u8]) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update invitation set who = $2, password = $3, totp = coalesce(totp, $4)
        where id = $1 and accepted_at is null and withdrawn_at is null",
        id,
        who,
        phc,
        totp
    )? == 1)
}

/// False when it was accepted or withdrawn meanwhile. What was chosen lies in the access from now on.
pub(crate) async fn accept(tx: &mut Tx, id: InvitationId, staff: StaffId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update invitation set accepted_at = $3, staff = $2, password = null, totp = null
        where id = $1 and accepted_at is null and withdrawn_at is null",
        id,
        staff,
        now
    )? == 1)
}
