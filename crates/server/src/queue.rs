//! The queue of jobs, carried out: lanes side by side, each job in a task of its own.
//!
//! A job that panics is a job that failed: it comes back, and its lane goes on. Asked to leave, a lane ends the job it
//! holds and takes no other. Knows no context: what a job does is given.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use maincourante_kernel::clock::{Span, seconds};
use maincourante_kernel::jobs::{self, Job, Kinds};
use maincourante_kernel::{Failure, Kernel};
use maincourante_mailbox::Progress;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a lane waits for a word before looking at the base: another process may have queued a job.
const AT_MOST: Duration = Duration::from_secs(1);

/// How long a lane leaves alone whoever was away: neither they nor the base are asked a hundred times a second by a hundred letters.
const ALONE: Span = seconds(4);

/// What one turn of a lane was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Turn {
    /// A job was carried out, well or not.
    Worked,
    /// No job was due.
    Idle,
    /// There was a job, and whoever it is handed to is away.
    Away,
}

/// What carrying out a job gives, later.
pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Progress, Failure>> + Send>>;

/// Hands a job to the context that carries it out.
pub(crate) type Dispatch = Arc<dyn Fn(Arc<Job>) -> Work + Send + Sync>;

/// The jobs of a base, and who carries them out.
#[derive(Clone)]
pub(crate) struct Queue {
    pub kernel: Kernel,
    pub dispatch: Dispatch,
}

impl Queue {
    /// Carries out jobs of these kinds, one after the other, until asked to leave.
    pub async fn lane(self, kinds: Kinds, mut leave: watch::Receiver<bool>) {
        while !*leave.borrow_and_update() {
            // Asked for before looking: what is committed meanwhile is heard.
            let word = self.kernel.db.job_committed();
            let turn = self.one(kinds).await.unwrap_or_else(|failure| {
                tracing::error!(%failure, "the queue of jobs cannot be read");
                Turn::Idle
            });
            let at_most = match turn {
                Turn::Worked => continue,
                Turn::Idle => AT_MOST,
                Turn::Away => ALONE.to_std(),
            };
            tokio::select! {
                _ = leave.changed() => {}
                () = tokio::time::sleep(at_most) => {}
                () = word, if turn == Turn::Idle => {}
            }
        }
    }

    /// Carries out one job of these kinds, if any is due.
    pub async fn one(&self, kinds: Kinds) -> Result<Turn, Failure> {
        let kernel = &self.kernel;
        let mut tx = kernel.db.write().await?;
        let Some(job) = jobs::claim_among(&mut tx, kinds, kernel.now()).await? else { return Ok(Turn::Idle) };
        tx.commit().await?;
        let job = Arc::new(job);
        let result = unless_it_panics((self.dispatch)(Arc::clone(&job))).await;
        let mut tx = kernel.db.write().await?;
        let turn = if matches!(result, Ok(Progress::Away)) { Turn::Away } else { Turn::Worked };
        match result {
            Ok(Progress::Done) => jobs::done(&mut tx, &job, kernel.now()).await?,
            Ok(Progress::Later) => jobs::retry(&mut tx, &job, kernel.now()).await?,
            Ok(Progress::Away) => jobs::postpone(&mut tx, &job, kernel.now().plus(ALONE)).await?,
            Err(failure) => {
                tracing::warn!(kind = job.kind, tries = job.tries, %failure, "a job failed and will come back");
                jobs::retry(&mut tx, &job, kernel.now()).await?;
            }
        }
        tx.commit().await?;
        Ok(turn)
    }
}

/// Runs something in a task of its own, which ends when this future is dropped: a panic stops there, and is a failure.
pub(crate) async fn unless_it_panics<T: Send + 'static>(
    work: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let mut task = JoinSet::new();
    task.spawn(work);
    match task.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(_)) | None => Err(Failure::new("it panicked")),
    }
}

#[cfg(test)]
mod tests {
    use maincourante_kernel::clock::minutes;
    use maincourante_kernel::testing::{TestKernel, kernels};
    use tokio::sync::{Notify, mpsc};

    use super::*;

    const LETTERS: &[&str] = &["test.letter"];
    const ANY: Kinds = Kinds::AllBut(&[]);

    async fn enqueue(kernel: &Kernel, kind: &'static str) {
        let mut tx = kernel.db.write().await.unwrap();
        jobs::enqueue(&mut tx, kind, &(), kernel.now(), &kernel.chance).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn in_trouble(kernel: &Kernel) -> i64 {
        jobs::in_trouble(&mut kernel.db.read().await.unwrap()).await.unwrap()
    }

    /// A queue whose letters end when told, whose falls panic, and which says what it began and what it ended.
    fn queue(world: &TestKernel) -> (Queue, Arc<Notify>, mpsc::UnboundedReceiver<String>) {
        let (say, heard) = mpsc::unbounded_channel();
        let end = Arc::new(Notify::new());
        let told = Arc::clone(&end);
        let dispatch: Dispatch = Arc::new(move |job| {
            let (say, told) = (say.clone(), Arc::clone(&told));
            Box::pin(async move {
                say.send(format!("{} begun", job.kind)).unwrap();
                match job.kind.as_str() {
                    "test.fall" => panic!("as the scene wants"),
                    "test.letter" => told.notified().await,
                    _ => {}
                }
                say.send(format!("{} done", job.kind)).unwrap();
                Ok(Progress::Done)
            })
        });
        (Queue { kernel: world.kernel.clone(), dispatch }, end, heard)
    }

    #[tokio::test]
    async fn a_job_that_panics_fails_alone_and_comes_back() {
        for world in kernels().await {
            let (queue, _, mut heard) = queue(&world);
            let kernel = &world.kernel;
            enqueue(kernel, "test.fall").await;
            kernel.clock.advance(minutes(1));
            enqueue(kernel, "test.ring").await;
            assert_eq!(queue.one(ANY).await.unwrap(), Turn::Worked);
            assert_eq!(queue.one(ANY).await.unwrap(), Turn::Worked, "the lane goes on");
            assert_eq!(queue.one(ANY).await.unwrap(), Turn::Idle, "what fell waits");
            kernel.clock.advance(minutes(1));
            assert_eq!(queue.one(ANY).await.unwrap(), Turn::Worked, "what fell comes back");
            assert_eq!(in_trouble(kernel).await, 1, "{}", world.engine);
            for expected in ["test.fall begun", "test.ring begun", "test.ring done", "test.fall begun"] {
                assert_eq!(heard.recv().await.as_deref(), Some(expected), "{}", world.engine);
            }
        }
    }

    #[tokio::test]
    async fn what_waits_for_someone_away_is_tried_again_soon_however_often_it_was_tried() {
        for world in kernels().await {
            let dispatch: Dispatch = Arc::new(|_| Box::pin(async { Ok(Progress::Away) }));
            let queue = Queue { kernel: world.kernel.clone(), dispatch };
            enqueue(&world.kernel, "test.letter").await;
            for times in 0..30 {
                assert_eq!(queue.one(ANY).await.unwrap(), Turn::Away, "{times} on {}", world.engine);
                assert_eq!(queue.one(ANY).await.unwrap(), Turn::Idle, "{times} on {}", world.engine);
                world.kernel.clock.advance(seconds(5));
            }
            assert_eq!(in_trouble(&world.kernel).await, 1, "an operator sees it");
        }
    }

    #[tokio::test]
    async fn a_letter_that_takes_its_time_holds_nothing_of_the_other_lane() {
        for world in kernels().await {
            let (queue, end, mut heard) = queue(&world);
            let (leave, asked) = watch::channel(false);
            let lanes = [Kinds::Only(LETTERS), Kinds::AllBut(LETTERS)].map(|kinds| tokio::spawn(queue.clone().lane(kinds, asked.clone())));
            enqueue(&world.kernel, "test.letter").await;
            assert_eq!(heard.recv().await.as_deref(), Some("test.letter begun"));
            enqueue(&world.kernel, "test.code").await;
            assert_eq!(heard.recv().await.as_deref(), Some("test.code begun"), "{}", world.engine);
            assert_eq!(heard.recv().await.as_deref(), Some("test.code done"), "{}", world.engine);
            end.notify_one();
            assert_eq!(heard.recv().await.as_deref(), Some("test.letter done"));
            leave.send_replace(true);
            for lane in lanes {
                lane.await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn asked_to_leave_a_lane_ends_what_it_holds_and_takes_no_other() {
        for world in kernels().await {
            let (queue, end, mut heard) = queue(&world);
            let (leave, asked) = watch::channel(false);
            let lane = tokio::spawn(queue.clone().lane(ANY, asked));
            enqueue(&world.kernel, "test.letter").await;
            assert_eq!(heard.recv().await.as_deref(), Some("test.letter begun"));
            enqueue(&world.kernel, "test.ring").await;
            leave.send_replace(true);
            end.notify_one();
            lane.await.unwrap();
            assert_eq!(heard.recv().await.as_deref(), Some("test.letter done"), "{}", world.engine);
            assert!(heard.try_recv().is_err(), "another job was taken on {}", world.engine);
            world.kernel.clock.advance(minutes(30));
            assert_eq!(queue.one(ANY).await.unwrap(), Turn::Worked, "the other job is still there");
            assert_eq!(heard.recv().await.as_deref(), Some("test.ring begun"), "the letter was noted as done on {}", world.engine);
        }
    }
}
