//! All the SQL of the kernel: the job queue and the rate limits.

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::jobs::Job;
use crate::{Failure, Tx, execute, fetch_one, fetch_optional};

pub(crate) async fn insert_job(tx: &mut Tx, id: Uuid, kind: &str, payload: &str, run_at: Timestamp) -> Result<(), Failure> {
    execute!(tx, "insert into job (id, kind, payload, run_at, tries) values ($1, $2, $3, $4, 0)", id, kind, payload, run_at)?;
    Ok(())
}

/// Claims one job whose hour has come: of the kinds listed between spaces, or, unless `listed`, of all others.
/// PostgreSQL skips what another worker is claiming; SQLite has one writer.
pub(crate) async fn claim_job(
    tx: &mut Tx,
    kinds: &str,
    listed: bool,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<Job>, Failure> {
    fetch_optional!(
        tx,
        Job,
        [
            "update job set run_at = $2, tries = tries + 1
         where id in (select id from job where done_at is null and run_at <= $1 and (replace($3, ' ' || kind || ' ', '') <> $3) = $4
                      order by run_at, id limit 1)
         returning id, kind, payload, tries",
            "update job set run_at = $2, tries = tries + 1
         where id in (select id from job where done_at is null and run_at <= $1 and (replace($3, ' ' || kind || ' ', '') <> $3) = $4
                      order by run_at, id limit 1 for update skip locked)
         returning id, kind, payload, tries"
        ],
        now,
        lease_until,
        kinds,
        listed
    )
}

pub(crate) async fn finish_job(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update job set done_at = $2 where id = $1", id, now)?;
    Ok(())
}

pub(crate) async fn postpone_job(tx: &mut Tx, id: Uuid, run_at: Timestamp) -> Result<(), Failure> {
    execute!(tx, "update job set run_at = $2 where id = $1 and done_at is null", id, run_at)?;
    Ok(())
}

pub(crate) async fn count_failed_jobs(tx: &mut Tx) -> Result<i64, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from job where done_at is null and tries > 1")?;
    Ok(count)
}

/// One more in the window; a window older than `oldest` is replaced by a new one, and so is one of an hour that has not come: the
/// clock was put right, and nobody waits for that.
pub(crate) async fn count_one(
    tx: &mut Tx,
    bucket: &str,
    key: &[u8],
    now: Timestamp,
    oldest: Timestamp,
) -> Result<(i64, Timestamp), Failure> {
    fetch_one!(
        tx,
        (i64, Timestamp),
        "
        insert into rate_limit (bucket, who, opened_at, count) values ($1, $2, $3, 1)
        on conflict (bucket, who) do update set
            count = case when rate_limit.opened_at <= $4 or rate_limit.opened_at > $3 then 1 else rate_limit.count + 1 end,
            opened_at = case when rate_limit.opened_at <= $4 or rate_limit.opened_at > $3 then $3 else rate_limit.opened_at end
        returning count, opened_at",
        bucket,
        key,
        now,
        oldest
    )
}

pub(crate) async fn forget_count(tx: &mut Tx, bucket: &str, key: &[u8]) -> Result<(), Failure> {
    execute!(tx, "delete from rate_limit where bucket = $1 and who = $2", bucket, key)?;
    Ok(())
}
