//! All the SQL of the outbox and of the letters that left the demo.

pub(crate) mod draft;
pub(crate) mod file;
pub(crate) mod known;

use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::LetterId;

pub(crate) struct NewLetter<'a> {
    pub id: LetterId,
    pub usager: UsagerId,
    pub form_key: Uuid,
    pub envelope: &'a [u8],
    pub letter: &'a [u8],
    pub consigned_at: Timestamp,
    pub not_before: Timestamp,
}

/// A letter of the outbox; its bytes are gone once it is among the sent ones.
#[derive(sqlx::FromRow)]
pub(crate) struct LetterRow {
    pub id: LetterId,
    pub envelope: Vec<u8>,
    pub letter: Option<Vec<u8>>,
    pub consigned_at: Timestamp,
    pub not_before: Timestamp,
    pub lease_until: Option<Timestamp>,
    pub doubtful_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub refused_at: Option<Timestamp>,
    pub refusal: Option<String>,
    pub cancelled_at: Option<Timestamp>,
}

/// False when the same form was already sent: the first letter stands.
pub(crate) async fn insert(tx: &mut Tx, new: &NewLetter<'_>) -> Result<bool, Failure> {
    let inserted = execute!(
        tx,
        "insert into outbox (id, usager, form_key, envelope, letter, consigned_at, not_before, tries)
        values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (usager, form_key) do nothing",
        new.id,
        new.usager,
        new.form_key,
        new.envelope,
        new.letter,
        new.consigned_at,
        new.not_before
    )?;
    Ok(inserted == 1)
}

pub(crate) async fn find_by_form(tx: &mut Tx, usager: UsagerId, form_key: Uuid) -> Result<Option<(LetterId, Timestamp)>, Failure> {
    fetch_optional!(tx, (LetterId, Timestamp), "select id, not_before from outbox where usager = $1 and form_key = $2", usager, form_key)
}

/// One letter of this person, whatever became of it.
pub(crate) async fn find(tx: &mut Tx, usager: UsagerId, id: LetterId) -> Result<Option<LetterRow>, Failure> {
    fetch_optional!(
        tx,
        LetterRow,
        "
        select id, envelope, letter, consigned_at, not_before, lease_until, doubtful_at, accepted_at, refused_at, refusal, cancelled_at
        from outbox where id = $1 and usager = $2",
        id,
        usager
    )
}

/// What is not yet among the sent letters of this person, the newest first: waiting, refused, or accepted and not filed.
pub(crate) async fn unfiled(tx: &mut Tx, usager: UsagerId) -> Result<Vec<LetterRow>, Failure> {
    fetch_all!(
        tx,
        LetterRow,
        "
        select id, envelope, letter, consigned_at, not_before, lease_until, doubtful_at, accepted_at, refused_at, refusal, cancelled_at
        from outbox where usager = $1 and filed_at is null and cancelled_at is null and letter is not null
        order by consigned_at desc, id desc limit 100",
        usager
    )
}

/// What waits to leave, leaves, or was refused: a page of them, the newest first, those given before this one.
pub(crate) async fn pending(tx: &mut Tx, usager: UsagerId, before: LetterId, most: i64) -> Result<Vec<LetterRow>, Failure> {
    fetch_all!(
        tx,
        LetterRow,
        "
        select id, envelope, letter, consigned_at, not_before, lease_until, doubtful_at, accepted_at, refused_at, refusal, cancelled_at
        from outbox where usager = $1 and id < $2 and accepted_at is null and cancelled_at is null and letter is not null
        order by id desc limit $3",
        usager,
        before,
        most
    )
}

pub(crate) async fn count_pending(tx: &mut Tx, usager: UsagerId) -> Result<i64, Failure> {
    let (count,) = fetch_one!(
        tx,
        (i64,),
        "select count(*) from outbox where usager = $1 and accepted_at is null and cancelled_at is null and letter is not null",
        usager
    )?;
    Ok(count)
}

/// Whose letter it is.
pub(crate) async fn owner(tx: &mut Tx, id: LetterId) -> Result<Option<UsagerId>, Failure> {
    Ok(fetch_optional!(tx, (UsagerId,), "select usager from outbox where id = $1", id)?.map(|(usager,)| usager))
}

/// Takes a letter to send it, if it is due and nobody else has it. A lease that ended by itself is a worker that died:
/// the letter may have left.
pub(crate) async fn claim(tx: &mut Tx, id: LetterId, now: Timestamp, lease_until: Timestamp) -> Result<Option<LetterRow>, Failure> {
    fetch_optional!(
        tx,
        LetterRow,
        "
        update outbox set lease_until = $3, tries = tries + 1, doubtful_at = coalesce(doubtful_at, lease_until)
        where id = $1 and accepted_at is null and refused_at is null and cancelled_at is null and letter is not null
          and not_before <= $2 and (lease_until is null or lease_until <= $2)
        returning id, envelope, letter, consigned_at, not_before, lease_until, doubtful_at, accepted_at, refused_at, refusal, cancelled_at",
        id,
        now,
        lease_until
    )
}

/// Whether a letter still waits for something.
pub(crate) async fn is_pending(tx: &mut Tx, id: LetterId) -> Result<bool, Failure> {
    let (count,) = fetch_one!(
        tx,
        (i64,),
        "
        select count(*) from outbox
        where id = $1 and accepted_at is null and refused_at is null and cancelled_at is null and letter is not null",
        id
    )?;
    Ok(count == 1)
}

pub(crate) async fn accept(tx: &mut Tx, id: LetterId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update outbox set accepted_at = $2, lease_until = null where id = $1 and accepted_at is null", id, now)?;
    Ok(())
}

pub(crate) async fn refuse(tx: &mut Tx, id: LetterId, refusal: &str, now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "update outbox set refused_at = $3, refusal = $2, lease_until = null where id = $1 and accepted_at is null",
        id,
        refusal,
        now
    )?;
    Ok(())
}

/// Holds a letter for longer; false when it is no more held until one of these.
pub(crate) async fn prolong(tx: &mut Tx, id: LetterId, [one, other]: [Timestamp; 2], until: Timestamp) -> Result<bool, Failure> {
    let done = execute!(
        tx,
        "update outbox set lease_until = $4 where id = $1 and lease_until in ($2, $3) and accepted_at is null",
        id,
        one,
        other,
        until
    )?;
    Ok(done == 1)
}

/// Gives a letter back, to be tried again.
pub(crate) async fn release(tx: &mut Tx, id: LetterId, held: Timestamp, doubtful_at: Option<Timestamp>) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update outbox set lease_until = null, doubtful_at = coalesce(doubtful_at, $3)
        where id = $1 and lease_until = $2 and accepted_at is null",
        id,
        held,
        doubtful_at
    )?;
    Ok(())
}

/// Takes a letter back, if it surely did not leave.
pub(crate) async fn cancel(tx: &mut Tx, usager: UsagerId, id: LetterId, now: Timestamp) -> Result<bool, Failure> {
    let cancelled = execute!(tx, "
        update outbox set cancelled_at = $3
        where id = $1 and usager = $2 and lease_until is null and doubtful_at is null and accepted_at is null and refused_at is null and cancelled_at is null",
        id, usager, now)?;
    Ok(cancelled == 1)
}

/// Takes the accepted letters of a person to file them, those that nobody else is filing.
pub(crate) async fn claim_filing(tx: &mut Tx, usager: UsagerId, now: Timestamp, until: Timestamp) -> Result<Vec<LetterRow>, Failure> {
    fetch_all!(
        tx,
        LetterRow,
        "
        update outbox set filing_until = $3
        where usager = $1 and accepted_at is not null and filed_at is null and letter is not null
          and (filing_until is null or filing_until <= $2)
        returning id, envelope, letter, consigned_at, not_before, lease_until, doubtful_at, accepted_at, refused_at, refusal, cancelled_at",
        usager,
        now,
        until
    )
}

/// The letter is among the sent ones: what it says is no longer kept here.
pub(crate) async fn filed(tx: &mut Tx, id: LetterId, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update outbox set filed_at = $2, letter = null where id = $1 and accepted_at is not null", id, now)?;
    Ok(())
}

pub(crate) async fn release_filing(tx: &mut Tx, id: LetterId) -> Result<(), Failure> {
    execute!(tx, "update outbox set filing_until = null where id = $1 and filed_at is null", id)?;
    Ok(())
}

/// Wipes the words of a letter that did not leave and will not.
pub(crate) async fn wipe(tx: &mut Tx, usager: UsagerId, id: LetterId, now: Timestamp) -> Result<bool, Failure> {
    let wiped = execute!(
        tx,
        "
        update outbox set letter = null
        where id = $1 and usager = $2 and letter is not null and (cancelled_at <= $3 or refused_at <= $3)",
        id,
        usager,
        now
    )?;
    Ok(wiped == 1)
}

/// What was taken back or refused is kept for a while, to be written anew; then its words go.
pub(crate) async fn wipe_old(tx: &mut Tx, cancelled_before: Timestamp, refused_before: Timestamp) -> Result<u64, Failure> {
    execute!(
        tx,
        "update outbox set letter = null where letter is not null and (cancelled_at <= $1 or refused_at <= $2)",
        cancelled_before,
        refused_before
    )
}

/// The submission credential may send for this address.
pub(crate) async fn allow_sender(tx: &mut Tx, address: &str) -> Result<(), Failure> {
    execute!(tx, "insert into service_sender (address) values ($1) on conflict (address) do nothing", address)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
pub(crate) struct DepartedRow {
    pub id: LetterId,
    pub envelope: Vec<u8>,
    pub letter: Vec<u8>,
    pub departed_at: Timestamp,
}

/// The same letter leaves once.
pub(crate) async fn insert_departed(tx: &mut Tx, id: LetterId, envelope: &[u8], letter: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "insert into departed_letter (id, envelope, letter, departed_at) values ($1, $2, $3, $4) on conflict (id) do nothing",
        id,
        envelope,
        letter,
        now
    )?;
    Ok(())
}

pub(crate) async fn departed(tx: &mut Tx) -> Result<Vec<DepartedRow>, Failure> {
    fetch_all!(tx, DepartedRow, "select id, envelope, letter, departed_at from departed_letter order by departed_at desc, id desc limit 40")
}
