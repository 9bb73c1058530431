//! The job queue: what can wait is queued in the same transaction as the act, and is harmless if run twice.
//!
//! A worker claims a job for a lease; a worker that dies loses its lease and another takes the job up.
//! A payload holds identifiers only: what is secret lies sealed in the tables of its context.
//! A worker may keep to some kinds, so that what is slow in one holds nothing of the others.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::clock::{Span, Timestamp, minutes, seconds};
use crate::{Chance, Failure, Tx, store};

/// How long a worker may hold a job before another may take it.
pub const LEASE: Span = minutes(2);

/// A job that a worker has claimed.
#[derive(Debug, sqlx::FromRow)]
pub struct Job {
    /// Its identity.
    pub id: Uuid,
    /// What to do: `context.verb`.
    pub kind: String,
    payload: String,
    /// How many times it was claimed, this one included.
    pub tries: i64,
}

impl Job {
    /// What it is about.
    ///
    /// # Errors
    /// When the payload is not of that type: a job written by another version.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        Ok(serde_json::from_str(&self.payload)?)
    }
}

/// Queues a job in the transaction of the act that wants it.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue(tx: &mut Tx, kind: &'static str, payload: &impl Serialize, run_at: Timestamp, chance: &Chance) -> Result<(), Failure> {
    let payload = serde_json::to_string(payload)?;
    store::insert_job(tx, chance.uuid(run_at), kind, &payload, run_at).await?;
    tx.wake_workers();
    Ok(())
}

/// Which jobs a worker takes.
#[derive(Clone, Copy, Debug)]
pub enum Kinds {
    /// Those.
    Only(&'static [&'static str]),
    /// All but those, kinds that nobody knows included.
    AllBut(&'static [&'static str]),
}

/// Claims the oldest job that is due, if any.
///
/// # Errors
/// When the database refuses.
pub async fn claim(tx: &mut Tx, now: Timestamp) -> Result<Option<Job>, Failure> {
    claim_among(tx, Kinds::AllBut(&[]), now).await
}

/// Claims the oldest job of these kinds that is due, if any.
///
/// # Errors
/// When the database refuses.
pub async fn claim_among(tx: &mut Tx, kinds: Kinds, now: Timestamp) -> Result<Option<Job>, Failure> {
    let (kinds, wanted) = match kinds {
        Kinds::Only(kinds) => (kinds, true),
        Kinds::AllBut(kinds) => (kinds, false),
    };
    store::claim_job(tx, &format!(" {} ", kinds.join(" ")), wanted, now, now.plus(LEASE)).await
}

/// The job is done.
///
/// # Errors
/// When the database refuses.
pub async fn done(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), Failure> {
    store::finish_job(tx, job.id, now).await
}

/// The job failed: it comes back later, and later each time (5 s, 20 s, 45 s … at most 1 h).
///
/// # Errors
/// When the database refuses.
pub async fn retry(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), Failure> {
    let wait = seconds((5 * job.tries * job.tries).min(3600));
    store::postpone_job(tx, job.id, now.plus(wait)).await
}

/// The job waits for someone who is away: it comes back then, however often it was tried.
///
/// # Errors
/// When the database refuses.
pub async fn postpone(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<(), Failure> {
    store::postpone_job(tx, job.id, until).await
}

/// How many jobs wait that have already failed: what the operator should look at.
///
/// # Errors
/// When the database refuses.
pub async fn in_trouble(tx: &mut Tx) -> Result<i64, Failure> {
    store::count_failed_jobs(tx).await
}
