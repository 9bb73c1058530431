//! The SQL of joined files.

use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};

use crate::{DraftId, FileId, LetterId};

#[derive(sqlx::FromRow)]
pub(crate) struct FileRow {
    pub id: FileId,
    pub head: Vec<u8>,
    pub size: i64,
}

pub(crate) struct NewFile<'a> {
    pub id: FileId,
    pub usager: UsagerId,
    pub draft: DraftId,
    pub head: &'a [u8],
    pub begun_at: Timestamp,
}

/// Begun: it belongs to nothing until it is whole.
pub(crate) async fn begin(tx: &mut Tx, new: &NewFile<'_>) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into letter_file (id, usager, draft, head, size, begun_at) values ($1, $2, $3, $4, 0,
            coalesce((select max(f.begun_at) + 1 from letter_file f where f.draft = $3 and f.begun_at >= $5), $5))",
        new.id,
        new.usager,
        new.draft,
        new.head,
        new.begun_at
    )?;
    Ok(())
}

pub(crate) async fn add_piece(tx: &mut Tx, file: FileId, rank: i64, bytes: &[u8]) -> Result<(), Failure> {
    execute!(tx, "insert into letter_piece (file, rank, bytes) values ($1, $2, $3)", file, rank, bytes)?;
    Ok(())
}

/// Whoever changes this draft, or joins something to it, does so one after the other.
pub(crate) async fn hold(tx: &mut Tx, draft: DraftId) -> Result<(), Failure> {
    execute!(tx, "update letter_draft set kept_at = kept_at where id = $1", draft)?;
    Ok(())
}

pub(crate) async fn join(tx: &mut Tx, file: FileId, size: i64, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update letter_file set joined_at = $3, size = $2 where id = $1", file, size, now)?;
    Ok(())
}

/// The weight of what is joined to a draft.
pub(crate) async fn weight(tx: &mut Tx, draft: DraftId) -> Result<i64, Failure> {
    let (size,) = fetch_one!(
        tx,
        (i64,),
        "select cast(coalesce(sum(size), 0) as bigint) from letter_file where draft = $1 and joined_at is not null",
        draft
    )?;
    Ok(size)
}

pub(crate) async fn of_draft(tx: &mut Tx, usager: UsagerId, draft: DraftId) -> Result<Vec<FileRow>, Failure> {
    fetch_all!(
        tx,
        FileRow,
        "select id, head, size from letter_file where usager = $1 and draft = $2 and joined_at is not null order by begun_at, id",
        usager,
        draft
    )
}

pub(crate) async fn of_letter(tx: &mut Tx, letter: LetterId) -> Result<Vec<FileRow>, Failure> {
    fetch_all!(
        tx,
        FileRow,
        "select id, head, size from letter_file where letter = $1 and joined_at is not null order by begun_at, id",
        letter
    )
}

pub(crate) async fn piece(tx: &mut Tx, file: FileId, rank: i64) -> Result<Option<Vec<u8>>, Failure> {
    let found = fetch_optional!(tx, (Vec<u8>,), "select bytes from letter_piece where file = $1 and rank = $2", file, rank)?;
    Ok(found.map(|(bytes,)| bytes))
}

/// What is joined to a draft goes with the letter that it became.
pub(crate) async fn give(tx: &mut Tx, usager: UsagerId, draft: DraftId, letter: LetterId) -> Result<(), Failure> {
    execute!(
        tx,
        "update letter_file set letter = $3, draft = null where usager = $1 and draft = $2 and joined_at is not null",
        usager,
        draft,
        letter
    )?;
    Ok(())
}

/// What a letter that will not leave carried goes with the draft that takes it up.
pub(crate) async fn take_back(tx: &mut Tx, usager: UsagerId, letter: LetterId, draft: DraftId) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update letter_file set draft = $3, letter = null where usager = $1 and letter = $2 and exists (
          select 1 from outbox o where o.id = $2 and o.usager = $1 and (o.cancelled_at is not null or o.refused_at is not null))",
        usager,
        letter,
        draft
    )?;
    Ok(())
}

/// What came for nothing, and belongs to nothing yet.
pub(crate) async fn forget(tx: &mut Tx, file: FileId) -> Result<(), Failure> {
    execute!(tx, "delete from letter_piece where file in (select id from letter_file where id = $1 and joined_at is null)", file)?;
    execute!(tx, "delete from letter_file where id = $1 and joined_at is null", file)?;
    Ok(())
}

/// Of a draft, no more: its pieces go with the next sweep. False when there is none.
pub(crate) async fn remove(tx: &mut Tx, usager: UsagerId, draft: DraftId, file: FileId) -> Result<bool, Failure> {
    let removed = execute!(
        tx,
        "update letter_file set draft = null, joined_at = null where id = $1 and usager = $2 and draft = $3",
        file,
        usager,
        draft
    )?;
    Ok(removed == 1)
}

/// Destroys what belongs to nothing any more: never finished, removed, of a draft that is gone, of a letter whose words are.
pub(crate) async fn sweep(tx: &mut Tx, begun_before: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update letter_file set draft = null, letter = null, joined_at = null where
          (draft is not null and not exists (select 1 from letter_draft d where d.id = letter_file.draft))
          or (letter is not null and not exists (select 1 from outbox o where o.id = letter_file.letter and o.letter is not null))"
    )?;
    execute!(
        tx,
        "delete from letter_piece where file in (select id from letter_file where joined_at is null and begun_at <= $1)",
        begun_before
    )?;
    execute!(tx, "delete from letter_file where joined_at is null and begun_at <= $1", begun_before)?;
    Ok(())
}
