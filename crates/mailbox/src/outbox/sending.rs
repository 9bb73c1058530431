//! What becomes of a letter once it was given: it is handed to the relay, then put among its person's sent letters.
//!
//! The job that sends has no `Own` and needs none: its credential may send for local addresses and can read nothing. The
//! copy among the sent letters is filed with the person's `Own`, at their next visit, once (`Message-ID`); the bytes here
//! are then wiped. A lease keeps each of both to one worker, or one page, at a time; whoever was cut off leaves a lease that
//! ends. A crash between the server's yes and our note of it gives at most one double, under the same `Message-ID`.

use std::pin::pin;
use std::time::Duration;

use maincourante_kernel::clock::{Span, days, minutes};
use maincourante_kernel::{Failure, Kernel, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::{files_of, open};
use crate::leaving::Leaving;
use crate::outgoing::{Envelope, boundary, message_id};
use crate::relay::{HandOver, Refusal};
use crate::source::Reader;
use crate::store::{self, LetterRow};
use crate::{LetterId, Mailbox, Progress, known};

/// The job that sends a consigned letter.
pub const SEND: &str = "mailbox.send";

/// How long a worker holds a letter without a sign of life: longer than a relay may leave one without an answer.
const LEASE: Span = minutes(2);
/// How often a worker that hands a letter over says that it is alive: a heavy letter may take longer than a lease.
const SIGN: Duration = Duration::from_secs(30);
/// A letter that nothing took for this long will not leave any more (RFC 5321, section 4.5.4.1).
const GIVE_UP: Span = days(5);
/// What the job [`SEND`] carries.
#[derive(Serialize, Deserialize)]
pub struct Send {
    /// Which letter.
    pub letter: LetterId,
}

/// The job [`SEND`]: hands a letter to the relay, if it is due and nobody else has it. Harmless if run twice.
pub async fn send(mailbox: &Mailbox, id: LetterId) -> Result<Progress, Failure> {
    let kernel = &mailbox.kernel;
    let now = kernel.now();
    let mut until = now.plus(LEASE);
    let mut tx = kernel.db.write().await?;
    let Some(row) = store::claim(&mut tx, id, now, until).await? else {
        let pending = store::is_pending(&mut tx, id).await?;
        return Ok(if pending { Progress::Later } else { Progress::Done });
    };
    tx.commit().await?;

    let (envelope, letter) = leaving(kernel, &row).await?;
    let letter = letter.ok_or_else(|| Failure::new("a claimed letter has no bytes"))?;
    let handing = Box::pin(mailbox.relay.hand_over(kernel, id, &envelope, &letter));
    let Some(answer) = held(kernel, id, (&mut until, SIGN), handing).await else { return Ok(Progress::Later) };
    let answer = answer?;

    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let progress = match answer {
        HandOver::Accepted => {
            store::accept(&mut tx, id, now).await?;
            if let Some(usager) = store::owner(&mut tx, id).await? {
                known::wrote_to(kernel, &mut tx, usager, &envelope.recipients()?).await?;
            }
            Progress::Done
        }
        HandOver::Refused(why) => {
            store::refuse(&mut tx, id, why.as_str(), now).await?;
            Progress::Done
        }
        HandOver::NotYet | HandOver::Away | HandOver::Unsure if now.since(row.consigned_at) > GIVE_UP => {
            store::refuse(&mut tx, id, Refusal::NoAnswer.as_str(), now).await?;
            Progress::Done
        }
        HandOver::NotYet => {
            store::release(&mut tx, id, until, None).await?;
            Progress::Later
        }
        HandOver::Away => {
            store::release(&mut tx, id, until, None).await?;
            Progress::Away
        }
        HandOver::Unsure => {
            store::release(&mut tx, id, until, Some(now)).await?;
            Progress::Later
        }
    };
    tx.commit().await?;
    Ok(progress)
}

/// Does what takes long with a letter that one holds until then, and goes on holding it. Nothing, and the work is dropped, once another
/// worker has it: this one was away for too long.
async fn held<T>(
    kernel: &Kernel,
    id: LetterId,
    (until, sign): (&mut Timestamp, Duration),
    mut work: impl Future<Output = T> + Unpin,
) -> Option<T> {
    let ended = Notify::new();
    let signs = async {
        let mut tried = *until;
        while timeout(sign, ended.notified()).await.is_err() {
            // One that was written and not confirmed may stand there too.
            let (known, longer) = ([*until, tried], kernel.now().plus(LEASE));
            tried = longer;
            match prolong(kernel, id, known, longer).await {
                Ok(true) => *until = longer,
                Ok(false) => return false,
                Err(failure) => tracing::warn!(%failure, "a letter that is leaving is not held for longer"),
            }
        }
        true
    };
    // Beside the work and not between its steps: it may have a hand on the base itself.
    let mut signs = pin!(signs);
    tokio::select! {
        _ = &mut signs => {
            tracing::warn!(letter = %id.uuid(), "a letter is another worker's: it does not leave from here");
            None
        }
        done = &mut work => {
            ended.notify_one();
            signs.await;
            Some(done)
        }
    }
}

/// Whether the letter is still held by who held it until one of these.
async fn prolong(kernel: &Kernel, id: LetterId, held: [Timestamp; 2], until: Timestamp) -> Result<bool, Failure> {
    let mut tx = kernel.db.write().await?;
    let is_held = store::prolong(&mut tx, id, held, until).await?;
    tx.commit().await?;
    Ok(is_held)
}

/// Puts the letters that left among the person's sent ones. What cannot be filed now waits for the next visit.
pub(crate) async fn file(mailbox: &Mailbox, who: Reader<'_>) -> Result<(), Failure> {
    let kernel = &mailbox.kernel;
    let own = who.own;
    let mut tx = kernel.db.read().await?;
    let unfiled = store::unfiled(&mut tx, own.usager()).await?;
    drop(tx);
    if !unfiled.iter().any(|row| row.accepted_at.is_some()) {
        return Ok(());
    }
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let claimed = store::claim_filing(&mut tx, own.usager(), now, now.plus(LEASE)).await?;
    tx.commit().await?;
    let held = unfiled.iter().filter(|row| row.accepted_at.is_some() && !claimed.iter().any(|claimed| claimed.id == row.id));
    for row in held {
        // Another page is filing it, or was cut off just after: once it is there it is not to be seen twice.
        let (envelope, _) = open(kernel, row)?;
        let name = message_id(row.id, &envelope.sender()?);
        if mailbox.source.has_sent(who, &name).await?.here() == Some(true) {
            note_filing(kernel, row.id, true).await?;
        }
    }
    for row in claimed {
        let (envelope, letter) = leaving(kernel, &row).await?;
        let name = message_id(row.id, &envelope.sender()?);
        let done = match letter {
            Some(letter) => mailbox.source.file_sent(who, &name, &letter, kernel).await?.here().is_some(),
            None => true,
        };
        note_filing(kernel, row.id, done).await?;
    }
    Ok(())
}

async fn note_filing(kernel: &Kernel, letter: LetterId, done: bool) -> Result<(), Failure> {
    let mut tx = kernel.db.write().await?;
    if done {
        store::filed(&mut tx, letter, kernel.now()).await?;
    } else {
        store::release_filing(&mut tx, letter).await?;
    }
    tx.commit().await
}

/// The same, files included, to be given piece by piece.
pub(crate) async fn leaving(kernel: &Kernel, row: &LetterRow) -> Result<(Envelope, Option<Leaving>), Failure> {
    let (envelope, bytes) = open(kernel, row)?;
    let Some(bytes) = bytes else { return Ok((envelope, None)) };
    let files = files_of(kernel, row.id).await?;
    let letter = if files.is_empty() { bytes.into() } else { Leaving::carrying(bytes, &boundary(row.id), files)? };
    Ok((envelope, Some(letter)))
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::testing::kernels;

    use super::*;
    use crate::RelaySettings;
    use crate::tests::World;

    /// What a worker does that would send this letter.
    async fn claim(kernel: &Kernel, id: LetterId) -> Option<LetterRow> {
        let (now, mut tx) = (kernel.now(), kernel.db.write().await.unwrap());
        let row = store::claim(&mut tx, id, now, now.plus(LEASE)).await.unwrap();
        tx.commit().await.unwrap();
        row
    }

    #[tokio::test]
    async fn a_letter_that_takes_longer_than_a_lease_stays_with_its_worker() {
        for base in kernels().await {
            let world = World::on(base, RelaySettings::Memory);
            let id = world.consigned("josette@exemple-mail.fr").await;
            let kernel = &world.kernel;
            let claim = || claim(kernel, id);
            let mut until = kernel.now().plus(LEASE);
            assert!(claim().await.is_some(), "it is this worker's");
            let slow = async {
                for _ in 0..6 {
                    kernel.clock.advance(minutes(1));
                    assert!(claim().await.is_none(), "another worker takes it");
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
            };
            held(kernel, id, (&mut until, Duration::from_millis(50)), Box::pin(slow)).await.expect("it is done");
            let mut tx = kernel.db.write().await.unwrap();
            store::release(&mut tx, id, until, None).await.unwrap();
            tx.commit().await.unwrap();
            let row = claim().await.expect("it is given back");
            assert_eq!(row.doubtful_at, None, "nobody took it for one of a worker that died");
        }
    }

    #[tokio::test]
    async fn a_worker_that_was_away_for_too_long_drops_a_letter_that_is_anothers() {
        for base in kernels().await {
            let world = World::on(base, RelaySettings::Memory);
            let id = world.consigned("josette@exemple-mail.fr").await;
            let kernel = &world.kernel;
            let claim = || claim(kernel, id);
            let mut until = kernel.now().plus(LEASE);
            assert!(claim().await.is_some(), "it is this worker's");
            kernel.clock.advance(minutes(3));
            assert!(claim().await.is_some(), "it is another's");
            let never = Box::pin(std::future::pending::<()>());
            assert_eq!(held(kernel, id, (&mut until, Duration::from_millis(20)), never).await, None);
        }
    }
}
