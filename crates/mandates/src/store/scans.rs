//! The photographs of a signed print: pages in order, each in sealed pieces.

use maincourante_identity::StaffId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_one, fetch_optional};
use uuid::Uuid;

use crate::MandateId;

#[derive(sqlx::FromRow)]
pub(crate) struct PageRow {
    pub id: Uuid,
    pub place: i64,
    pub media: Option<String>,
    pub size: i64,
    pub sha256: Option<Vec<u8>>,
}

/// False when a page of this identity was begun before.
pub(crate) async fn begin(tx: &mut Tx, id: Uuid, mandate: MandateId, by: StaffId, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into mandate_scan_page (id, mandate, place, size, added_by, begun_at) values ($1, $2, 0, 0, $3, $4)
        on conflict (id) do nothing",
        id,
        mandate,
        by,
        now
    )? == 1)
}

/// Of which mandate a page is, and whether it came whole.
pub(crate) async fn find_page(tx: &mut Tx, id: Uuid) -> Result<Option<(MandateId, Option<Timestamp>)>, Failure> {
    fetch_optional!(tx, (MandateId, Option<Timestamp>), "select mandate, added_at from mandate_scan_page where id = $1", id)
}

pub(crate) async fn put_piece(tx: &mut Tx, page: Uuid, number: i64, sealed: &[u8]) -> Result<(), Failure> {
    execute!(tx, "insert into mandate_scan_piece (page, number, sealed) values ($1, $2, $3)", page, number, sealed)?;
    Ok(())
}

/// A piece of a page that came whole and was not removed.
pub(crate) async fn find_piece(tx: &mut Tx, page: Uuid, number: i64) -> Result<Option<Vec<u8>>, Failure> {
    Ok(fetch_optional!(tx, (Vec<u8>,), "select sealed from mandate_scan_piece where page = $1 and number = $2", page, number)?
        .map(|(sealed,)| sealed))
}

/// The page came whole: it goes after the others.
pub(crate) async fn complete(
    tx: &mut Tx,
    (id, mandate): (Uuid, MandateId),
    (media, size, sha256): (&str, i64, &[u8]),
    now: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update mandate_scan_page set media = $3, size = $4, sha256 = $5, added_at = $6,
               place = 1 + (select coalesce(max(place), 0) from mandate_scan_page where mandate = $2)
        where id = $1 and added_at is null",
        id,
        mandate,
        media,
        size,
        sha256,
        now
    )?;
    Ok(())
}

/// The pages of a mandate, in order; those that were removed are left out.
pub(crate) async fn pages(tx: &mut Tx, mandate: MandateId) -> Result<Vec<PageRow>, Failure> {
    fetch_all!(
        tx,
        PageRow,
        "
        select id, place, media, size, sha256 from mandate_scan_page
        where mandate = $1 and added_at is not null and removed_at is null order by place, id",
        mandate
    )
}

/// How many pages of a mandate were begun: those that failed and were removed count too.
pub(crate) async fn count_begun(tx: &mut Tx, mandate: MandateId, since: Timestamp) -> Result<i64, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from mandate_scan_page where mandate = $1 and begun_at > $2", mandate, since)?;
    Ok(count)
}

pub(crate) async fn set_place(tx: &mut Tx, id: Uuid, place: i64) -> Result<(), Failure> {
    execute!(tx, "update mandate_scan_page set place = $2 where id = $1", id, place)?;
    Ok(())
}

/// False when there is no such page, or it is removed already.
pub(crate) async fn remove(tx: &mut Tx, mandate: MandateId, id: Uuid, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        update mandate_scan_page set removed_at = $3
        where id = $1 and mandate = $2 and added_at is not null and removed_at is null",
        id,
        mandate,
        now
    )? == 1)
}

/// False when there is no such page, or it is not removed.
pub(crate) async fn put_back(tx: &mut Tx, mandate: MandateId, id: Uuid) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "update mandate_scan_page set removed_at = null where id = $1 and mandate = $2 and removed_at is not null",
        id,
        mandate
    )? == 1)
}

/// Forgets a page that did not come whole, or is not one.
pub(crate) async fn forget(tx: &mut Tx, id: Uuid) -> Result<(), Failure> {
    execute!(tx, "delete from mandate_scan_piece where page = $1", id)?;
    execute!(tx, "delete from mandate_scan_page where id = $1", id)?;
    Ok(())
}

/// What is of no use to this mandate: removed pages, and those whose line broke before `before`.
pub(crate) async fn find_useless(tx: &mut Tx, before: Timestamp) -> Result<Vec<(Uuid,)>, Failure> {
    fetch_all!(
        tx,
        (Uuid,),
        "
        select id from mandate_scan_page where (added_at is null and begun_at <= $1) or removed_at <= $1 order by id limit 100",
        before
    )
}

/// False when the print of this mandate was said whole before.
pub(crate) async fn close(tx: &mut Tx, mandate: MandateId, by: StaffId, evidence_sha256: &[u8], now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into mandate_scan (mandate, closed_at, closed_by, evidence_sha256) values ($1, $2, $3, $4)
        on conflict (mandate) do nothing",
        mandate,
        now,
        by,
        evidence_sha256
    )? == 1)
}

/// When the print of this mandate was said whole.
pub(crate) async fn closed_at(tx: &mut Tx, mandate: MandateId) -> Result<Option<Timestamp>, Failure> {
    Ok(fetch_optional!(tx, (Timestamp,), "select closed_at from mandate_scan where mandate = $1", mandate)?.map(|(at,)| at))
}

/// The mandate does not wait for anything any more.
pub(crate) async fn confirm(tx: &mut Tx, mandate: MandateId) -> Result<(), Failure> {
    execute!(tx, "update mandate set provisional_until = null where id = $1", mandate)?;
    Ok(())
}
