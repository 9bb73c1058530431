//! The SQL of drafts.

use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::{DraftId, LetterId};

#[derive(sqlx::FromRow)]
pub(crate) struct DraftRow {
    pub id: DraftId,
    pub body: Vec<u8>,
    pub version: i64,
    pub kept_at: Timestamp,
    pub discarded_at: Option<Timestamp>,
}

pub(crate) struct NewDraft<'a> {
    pub id: DraftId,
    pub usager: UsagerId,
    pub form_key: Uuid,
    pub body: &'a [u8],
    pub resumes: Option<LetterId>,
    pub kept_at: Timestamp,
}

/// False when the same form was already kept.
pub(crate) async fn insert(tx: &mut Tx, new: &NewDraft<'_>) -> Result<bool, Failure> {
    let inserted = execute!(
        tx,
        "
        insert into letter_draft (id, usager, form_key, body, version, resumes, kept_at) values ($1, $2, $3, $4, 1, $5, $6)
        on conflict (usager, form_key) do nothing",
        new.id,
        new.usager,
        new.form_key,
        new.body,
        new.resumes,
        new.kept_at
    )?;
    Ok(inserted == 1)
}

/// False when the draft changed meanwhile, or is no longer there.
pub(crate) async fn update(tx: &mut Tx, usager: UsagerId, id: DraftId, from: i64, body: &[u8], now: Timestamp) -> Result<bool, Failure> {
    let updated = execute!(
        tx,
        "
        update letter_draft set body = $4, version = version + 1, kept_at = $5
        where id = $1 and usager = $2 and version = $3 and discarded_at is null",
        id,
        usager,
        from,
        body,
        now
    )?;
    Ok(updated == 1)
}

pub(crate) async fn find(tx: &mut Tx, usager: UsagerId, id: DraftId) -> Result<Option<DraftRow>, Failure> {
    fetch_optional!(
        tx,
        DraftRow,
        "select id, body, version, kept_at, discarded_at from letter_draft where id = $1 and usager = $2",
        id,
        usager
    )
}

pub(crate) async fn find_by_form(tx: &mut Tx, usager: UsagerId, form_key: Uuid) -> Result<Option<DraftRow>, Failure> {
    fetch_optional!(
        tx,
        DraftRow,
        "select id, body, version, kept_at, discarded_at from letter_draft where usager = $1 and form_key = $2",
        usager,
        form_key
    )
}

/// The draft that takes up this letter, if one does.
pub(crate) async fn resuming(tx: &mut Tx, usager: UsagerId, letter: LetterId) -> Result<Option<DraftId>, Failure> {
    let found = fetch_optional!(
        tx,
        (DraftId,),
        "select id from letter_draft where usager = $1 and resumes = $2 and discarded_at is null order by id desc limit 1",
        usager,
        letter
    )?;
    Ok(found.map(|(id,)| id))
}

/// A page of drafts, the newest first, those begun before this one.
pub(crate) async fn page(tx: &mut Tx, usager: UsagerId, before: DraftId, most: i64) -> Result<Vec<DraftRow>, Failure> {
    fetch_all!(
        tx,
        DraftRow,
        "
        select id, body, version, kept_at, discarded_at from letter_draft
        where usager = $1 and id < $2 and discarded_at is null order by id desc limit $3",
        usager,
        before,
        most
    )
}

pub(crate) async fn count(tx: &mut Tx, usager: UsagerId) -> Result<i64, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from letter_draft where usager = $1 and discarded_at is null", usager)?;
    Ok(count)
}

pub(crate) async fn discard(tx: &mut Tx, usager: UsagerId, id: DraftId, now: Timestamp) -> Result<bool, Failure> {
    let done =
        execute!(tx, "update letter_draft set discarded_at = $3 where id = $1 and usager = $2 and discarded_at is null", id, usager, now)?;
    Ok(done == 1)
}

pub(crate) async fn take_out(tx: &mut Tx, usager: UsagerId, id: DraftId) -> Result<bool, Failure> {
    let done =
        execute!(tx, "update letter_draft set discarded_at = null where id = $1 and usager = $2 and discarded_at is not null", id, usager)?;
    Ok(done == 1)
}

/// The letter was given to be sent: the draft is no more.
pub(crate) async fn delete(tx: &mut Tx, usager: UsagerId, id: DraftId) -> Result<(), Failure> {
    execute!(tx, "delete from letter_draft where id = $1 and usager = $2", id, usager)?;
    Ok(())
}

/// What was thrown away long ago goes.
pub(crate) async fn delete_old(tx: &mut Tx, discarded_before: Timestamp) -> Result<(), Failure> {
    execute!(tx, "delete from letter_draft where discarded_at <= $1", discarded_before)?;
    Ok(())
}
