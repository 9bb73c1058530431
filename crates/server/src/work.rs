//! The worker: claims jobs and hands each to the context that carries it out; and what the clock demands.
//!
//! Every step is harmless if run twice. A job that fails comes back later, and later each time; what it said is logged,
//! never what it was about.

use std::time::Duration;

use maincourante_identity::{self as identity, ACCESS_CHANGED, AccessChanged, reset};
use maincourante_journal::{self as journal, Signed};
use maincourante_kernel::{Failure, jobs};
use maincourante_mailbox::{Progress, TEND_EVERY, outbox};
use maincourante_mandates::activate::{ACCOUNT_OPENED, AccountOpened};
use maincourante_mandates::lifecycle;
use maincourante_sms as sms;

use crate::house::House;

/// How long the worker waits for a word before looking at the clock: another process may have queued a job.
const AT_MOST: Duration = Duration::from_secs(1);
/// How often the worker does what the clock demands.
const LIFECYCLE: Duration = Duration::from_mins(1);

/// Works until the future is dropped.
pub(crate) async fn work(house: House, checkpoint_every: Duration) {
    tokio::join!(carry_out_for_ever(&house), keep_time(&house), tend(&house), sign_checkpoints(&house, checkpoint_every));
}

async fn carry_out_for_ever(house: &House) {
    loop {
        match carry_out_one(house).await {
            Ok(true) => {}
            Ok(false) => {
                let _ = tokio::time::timeout(AT_MOST, house.kernel().db.job_committed()).await;
            }
            Err(failure) => {
                tracing::error!(%failure, "the queue of jobs cannot be read");
                tokio::time::sleep(AT_MOST).await;
            }
        }
    }
}

/// Carries out every job that is due, for the demo and for tests.
pub(crate) async fn carry_out_all(house: &House) -> Result<(), Failure> {
    while carry_out_one(house).await? {}
    Ok(())
}

/// Carries out one job; false when none is due.
async fn carry_out_one(house: &House) -> Result<bool, Failure> {
    let kernel = house.kernel();
    let mut tx = kernel.db.write().await?;
    let Some(job) = jobs::claim(&mut tx, kernel.now()).await? else { return Ok(false) };
    tx.commit().await?;
    let result = dispatch(house, &job).await;
    let mut tx = kernel.db.write().await?;
    match result {
        Ok(Progress::Done) => jobs::done(&mut tx, &job, kernel.now()).await?,
        Ok(Progress::Later) => jobs::retry(&mut tx, &job, kernel.now()).await?,
        Err(failure) => {
            tracing::warn!(kind = job.kind, tries = job.tries, %failure, "a job failed and will come back");
            jobs::retry(&mut tx, &job, kernel.now()).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn dispatch(house: &House, job: &jobs::Job) -> Result<Progress, Failure> {
    let identity = &house.mandates.identity;
    match job.kind.as_str() {
        sms::DELIVER => identity::deliver_text(identity, &house.sms, job.payload::<sms::Deliver>()?.message).await?,
        reset::FIND => reset::find(identity, job.payload::<reset::Find>()?.request).await?,
        ACCESS_CHANGED => house.mailbox.close_all_of(job.payload::<AccessChanged>()?.usager),
        ACCOUNT_OPENED => {
            let AccountOpened { usager } = job.payload()?;
            let mut tx = house.kernel().db.read().await?;
            let person = identity::find_person(&mut tx, usager).await?;
            drop(tx);
            if let Some(person) = person {
                let address = person.address.parse().map_err(|_| Failure::new("a stored address does not parse"))?;
                return house.mailbox.prepare(&address).await;
            }
        }
        outbox::SEND => return outbox::send(&house.mailbox, job.payload::<outbox::Send>()?.letter).await,
        _ => return Err(Failure::new("nobody carries out this kind of job")),
    }
    Ok(Progress::Done)
}

async fn keep_time(house: &House) {
    let mut ticks = tokio::time::interval(LIFECYCLE);
    loop {
        ticks.tick().await;
        match lifecycle::run(&house.mandates).await {
            Ok(changed) if changed == lifecycle::Changed::default() => {}
            Ok(changed) => tracing::info!(changed.expired, changed.abandoned, changed.suspended, "time changed mandates"),
            Err(failure) => tracing::error!(%failure, "the life of mandates could not be looked at"),
        }
    }
}

/// Closes connections that are idle or whose session ended elsewhere.
async fn tend(house: &House) {
    let mut ticks = tokio::time::interval(TEND_EVERY.to_std());
    loop {
        ticks.tick().await;
        if let Err(failure) = house.mailbox.tend().await {
            tracing::error!(%failure, "the open mailboxes could not be looked after");
        }
    }
}

async fn sign_checkpoints(house: &House, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    loop {
        ticks.tick().await;
        match journal::checkpoint(house.kernel(), &house.signer, &house.checkpoints).await {
            Ok(Signed::NothingNew) => {}
            Ok(Signed::Logs(logs)) => tracing::info!(logs = logs.len(), "checkpoints signed"),
            Ok(Signed::BaseIsBehind { outside, base }) => {
                tracing::error!(outside, base, "the base is older than its checkpoints: it was restored, or its tail was cut");
            }
            Err(failure) => tracing::error!(%failure, "checkpoints could not be signed"),
        }
    }
}
