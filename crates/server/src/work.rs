//! The worker: which context carries out which job, in which lane; and what the clock demands.
//!
//! Every step is harmless if run twice. A job that fails comes back later, and later each time; what it said is logged,
//! never what it was about.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use maincourante_identity::{self as identity, ACCESS_CHANGED, AccessChanged, find_account, reset, set_aside};
use maincourante_journal::{self as journal, Signed};
use maincourante_kernel::Failure;
use maincourante_kernel::jobs::{Job, Kinds};
use maincourante_mailbox::notice::{self, Notice};
use maincourante_mailbox::{HandOver, Progress, TEND_EVERY, outbox};
use maincourante_mandates::activate::{ACCOUNT_OPENED, AccountOpened};
use maincourante_mandates::alerts::watch::{LOOK, Look, look, run as look_everywhere};
use maincourante_mandates::invitations::{self, Carried, SendLetter};
use maincourante_mandates::lifecycle;
use maincourante_sms as sms;
use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::house::House;
use crate::queue::{Dispatch, Queue, Turn, unless_it_panics};

/// How often the worker does what the clock demands.
const LIFECYCLE: Duration = Duration::from_mins(1);

/// How long jobs in progress may take once the program is asked to leave: a letter without files is with a mail server that answers for
/// less. A heavier one on a slow line, or one whose server does not answer, is cut off: whoever takes it up when its lease ends cannot
/// know whether it left.
pub(crate) const TO_LEAVE: Duration = Duration::from_secs(40);

/// Someone waits for these in front of a screen, or is still let in.
const AWAITED: &[&str] = &[sms::DELIVER, reset::FIND, find_account::FIND, ACCESS_CHANGED];
/// A mail server may take its time over these.
const LETTERS: &[&str] = &[outbox::SEND, invitations::LETTER];
/// The kinds of the lanes above.
const NAMED: &[&str] = &[sms::DELIVER, reset::FIND, find_account::FIND, ACCESS_CHANGED, outbox::SEND, invitations::LETTER];

/// The lanes, each with one job at a time: what is slow in one holds nothing of the others, and two letters may be slow.
const LANES: [Kinds; 4] = [Kinds::Only(AWAITED), Kinds::Only(LETTERS), Kinds::Only(LETTERS), Kinds::AllBut(NAMED)];

/// How often each thing that the clock demands is done.
pub(crate) struct Rhythm {
    /// The life of mandates, and what is unusual in the logs.
    life: Duration,
    /// The open mailboxes, and what was kept long enough.
    boxes: Duration,
    /// The checkpoints of the journal.
    checkpoints: Duration,
}

impl Rhythm {
    /// That of a service, which says how often it signs its journal.
    pub fn signing_every(checkpoints: Duration) -> Self {
        Self { life: LIFECYCLE, boxes: TEND_EVERY.to_std(), checkpoints }
    }
}

/// The worker of a process, until it is asked to leave.
pub(crate) struct Worker {
    leave: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Worker {
    /// Puts it to work.
    pub fn start(house: &House, rhythm: &Rhythm) -> Self {
        let (leave, asked) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let queue = queue(house);
        for kinds in LANES {
            tasks.spawn(queue.clone().lane(kinds, asked.clone()));
        }
        let given = house.clone();
        tasks.spawn(regularly("the life of mandates", rhythm.life, asked.clone(), move || keep_time(given.clone())));
        let given = house.clone();
        tasks.spawn(regularly("the open mailboxes", rhythm.boxes, asked.clone(), move || tend(given.clone())));
        let given = house.clone();
        tasks.spawn(regularly("the checkpoints", rhythm.checkpoints, asked, move || sign_checkpoints(given.clone())));
        Self { leave, tasks }
    }

    /// What tells it to begin nothing more, by sending true; [`Worker::leave`] does too.
    pub fn word(&self) -> watch::Sender<bool> {
        self.leave.clone()
    }

    /// Lets what is in progress end, for this long at most.
    pub async fn leave(mut self, patience: Duration) {
        self.leave.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(patience, all).await.is_err() {
            tracing::warn!("a job was cut off: it comes back when its lease ends");
            self.tasks.shutdown().await;
        }
    }
}

/// Carries out every job that is due, for the demo.
pub(crate) async fn carry_out_all(house: &House) -> Result<(), Failure> {
    let queue = queue(house);
    while queue.one(Kinds::AllBut(&[])).await? != Turn::Idle {}
    Ok(())
}

fn queue(house: &House) -> Queue {
    let given = house.clone();
    let dispatch: Dispatch = Arc::new(move |job| {
        let house = given.clone();
        Box::pin(async move { dispatch(&house, &job).await })
    });
    Queue { kernel: house.kernel().clone(), dispatch }
}

async fn dispatch(house: &House, job: &Job) -> Result<Progress, Failure> {
    let identity = &house.mandates.identity;
    match job.kind.as_str() {
        sms::DELIVER => identity::deliver_text(identity, &house.sms, job.payload::<sms::Deliver>()?.message).await?,
        reset::FIND => reset::find(identity, job.payload::<reset::Find>()?.request).await?,
        find_account::FIND => find_account::find(identity, job.payload::<find_account::Find>()?.search).await?,
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
        invitations::LETTER => return invitation_letter(house, &job.payload()?).await,
        LOOK => {
            look(&house.mandates, job.payload::<Look>()?.structure).await?;
        }
        outbox::SEND => return outbox::send(&house.mailbox, job.payload::<outbox::Send>()?.letter).await,
        _ => return Err(Failure::new("nobody carries out this kind of job")),
    }
    Ok(Progress::Done)
}

/// Writes the letter of an invitation, and hands it to whoever carries letters.
async fn invitation_letter(house: &House, asked: &SendLetter) -> Result<Progress, Failure> {
    let Some(letter) = invitations::letter(&house.mandates, asked, &house.site.origin).await? else { return Ok(Progress::Done) };
    let service = &house.mandates.identity.service;
    let notice = Notice {
        // One letter of one invitation is one letter, however often it is handed over.
        id: Uuid::from_u128(asked.invitation.uuid().as_u128().wrapping_add(u128::from(asked.number.unsigned_abs()))),
        from: (&service.name, &service.domain),
        to: &letter.to,
        subject: &letter.subject,
        text: &letter.text,
    };
    match notice::hand_over(&house.mailbox, &notice).await? {
        HandOver::Accepted => invitations::carried(&house.mandates, asked, Carried::Left).await?,
        HandOver::Refused(_) => invitations::carried(&house.mandates, asked, Carried::Refused).await?,
        HandOver::NotYet | HandOver::Unsure => return Ok(Progress::Later),
        HandOver::Away => return Ok(Progress::Away),
    }
    Ok(Progress::Done)
}

/// Does something again and again until asked to leave; what panics or fails is done again at the next time.
async fn regularly<F>(what: &'static str, every: Duration, mut leave: watch::Receiver<bool>, act: impl Fn() -> F)
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let mut ticks = tokio::time::interval(every);
    while !*leave.borrow_and_update() {
        tokio::select! {
            _ = leave.changed() => {}
            _ = ticks.tick() => {
                if let Err(failure) = unless_it_panics(act()).await {
                    tracing::error!(what, %failure, "what the clock demands was not done");
                }
            }
        }
    }
}

async fn keep_time(house: House) -> Result<(), Failure> {
    let changed = lifecycle::run(&house.mandates).await?;
    if changed != lifecycle::Changed::default() {
        tracing::info!(changed.expired, changed.abandoned, changed.suspended, "time changed mandates");
    }
    let raised = look_everywhere(&house.mandates).await?;
    if raised > 0 {
        tracing::info!(raised, "something unusual is to be looked at");
    }
    Ok(())
}

/// Closes connections that are idle or whose session ended elsewhere; destroys what was kept long enough.
async fn tend(house: House) -> Result<(), Failure> {
    set_aside::tend(house.kernel()).await?;
    house.mailbox.tend().await
}

async fn sign_checkpoints(house: House) -> Result<(), Failure> {
    match journal::checkpoint(house.kernel(), &house.signer, &house.checkpoints).await? {
        Signed::NothingNew => {}
        Signed::Logs(logs) => tracing::info!(logs = logs.len(), "checkpoints signed"),
        Signed::BaseIsBehind { outside, base } => {
            tracing::error!(outside, base, "the base is older than its checkpoints: it was restored, or its tail was cut");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
