//! A PostgreSQL that stops answering: nobody waits for it longer than a page may, and a line that fell silent serves nobody else.
//!
//! A server that is stopped says so (the line is refused or cut); one that is stalled, or behind a network that drops everything, says
//! nothing, and TCP alone would wait a quarter of an hour. So every statement is waited for [`PATIENCE`] at most; a line is asked
//! whether it is there before it is lent and before it is taken back; and once one was silent, those that were idle at that time are
//! not trusted either. What the server itself would hold for us, a transaction and its locks, it lets go of by itself.
//!
//! A server that is there and busy is another matter: who waits for a line waits for the people before them, for [`QUEUE`] at most, as
//! long as the server answers someone.

use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Error};
use tokio::time::{Instant, timeout, timeout_at};

use crate::Failure;

/// A page must say within 3 s that the database is away; so no one waits longer for a connection, or for a statement.
pub(super) const PATIENCE: Duration = Duration::from_millis(2500);
/// Who waits for a line, or for the one pen of SQLite, waits for the people before them, not for a machine that is gone.
pub(super) const QUEUE: Duration = Duration::from_secs(10);
/// Someone at a terminal may wait for a statement that reads a whole journal.
pub(super) const AT_A_TERMINAL: Duration = Duration::from_mins(10);
/// A line that is there says so within this time; what is left of [`PATIENCE`] is for opening another.
const PROOF: Duration = Duration::from_secs(1);

/// What the server does for us when we are the ones who fell silent: nobody waits for long behind a transaction of a machine that is gone.
const ALONE: &str = "set idle_in_transaction_session_timeout = '10s'; set tcp_user_timeout = '10s'";

/// When a line was last found silent.
type Silence = Arc<Mutex<Option<Instant>>>;

/// How long a statement is waited for, and when the server last said something to anyone of this process.
#[derive(Clone)]
pub struct Patience {
    longest: Duration,
    heard: Arc<Mutex<Instant>>,
}

impl Patience {
    /// From now on.
    pub(super) fn new(longest: Duration) -> Self {
        Self { longest, heard: Arc::new(Mutex::new(Instant::now())) }
    }

    /// The same server, waited for otherwise.
    pub(super) fn with(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    fn hears<T>(&self, answer: &Result<T, Error>) {
        // What the server refuses, it says.
        if matches!(answer, Ok(_) | Err(Error::Database(_) | Error::RowNotFound)) {
            *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        }
    }

    fn last_heard(&self) -> Instant {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction, once a line is free. The queue moves as long as the server answers those before: when it has told nobody anything
    /// for [`PATIENCE`], it is away, and everyone who waits is told.
    pub(super) async fn begun<T>(&self, beginning: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let came = Instant::now();
        let mut beginning = pin!(beginning);
        loop {
            let limit = self.last_heard().max(came) + PATIENCE;
            if let Ok(answer) = timeout_at(limit, &mut beginning).await {
                self.hears(&answer);
                return answer;
            }
            if self.last_heard() + PATIENCE <= Instant::now() {
                return Err(silent());
            }
        }
    }
}

/// The lines to a server.
pub(super) async fn pool(options: PgConnectOptions, patience: &Patience) -> Result<PgPool, Failure> {
    let silence = Silence::default();
    let found = Arc::clone(&silence);
    let (before, after) = (patience.clone(), patience.clone());
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(QUEUE)
        // The same question, which ours bounds.
        .test_before_acquire(false)
        .before_acquire(move |line, idle| {
            let (silence, patience) = (Arc::clone(&silence), before.clone());
            Box::pin(async move {
                if *silence.lock().unwrap_or_else(PoisonError::into_inner) > Instant::now().checked_sub(idle.idle_for) {
                    return Ok(false);
                }
                is_there(line, &silence, &patience).await
            })
        })
        .after_release(move |line, _| {
            let (silence, patience) = (Arc::clone(&found), after.clone());
            Box::pin(async move { is_there(line, &silence, &patience).await })
        })
        .after_connect(|line, _| {
            Box::pin(async move {
                sqlx::raw_sql(ALONE).execute(line).await?;
                Ok(())
            })
        });
    Ok(patience.begun(pool.connect_with(options)).await?)
}

/// Whether a line answers; an error throws it away without a word to the other side.
async fn is_there(line: &mut PgConnection, silence: &Silence, patience: &Patience) -> Result<bool, Error> {
    if let Ok(answer) = timeout(PROOF, line.ping()).await {
        patience.hears(&answer);
        return answer.map(|()| true);
    }
    *silence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    Err(silent())
}

/// What a statement gives, if it comes in time.
#[doc(hidden)]
pub async fn answered<T>(patience: Patience, statement: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let answer = timeout(patience.longest, statement).await.unwrap_or_else(|_| Err(silent()));
    patience.hears(&answer);
    answer
}

fn silent() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database does not answer"))
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::sleep;

    use super::*;

    const fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    /// What takes so long, and is answered.
    async fn takes(count: u64) -> Result<(), Error> {
        sleep(seconds(count)).await;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_a_line_waits_as_long_as_the_server_answers_someone() {
        let patience = Patience::new(PATIENCE);
        let others = patience.clone();
        let work = async {
            for _ in 0..9 {
                answered(others.clone(), takes(1)).await.unwrap();
            }
        };
        let (begun, ()) = tokio::join!(patience.begun(takes(9)), work);
        begun.expect("the queue moves");
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_tells_nobody_anything_is_away_for_everyone_who_waits() {
        let patience = Patience::new(PATIENCE);
        let came = Instant::now();
        let waits = || patience.begun(pending::<Result<(), Error>>());
        let late = async {
            sleep(seconds(2)).await;
            let answered = answered(patience.clone(), pending::<Result<(), Error>>()).await;
            assert!(matches!(answered, Err(Error::Io(_))), "a statement that is not answered is no answer");
            waits().await
        };
        let (first, second, third) = tokio::join!(waits(), waits(), late);
        for told in [&first, &second, &third] {
            assert!(matches!(told, Err(Error::Io(_))), "{told:?}");
        }
        let before = Instant::now();
        assert!(waits().await.is_err());
        assert_eq!(before.elapsed(), PATIENCE);
        assert!(came.elapsed() < seconds(10));
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_server_refuses_is_heard() {
        let patience = Patience::new(PATIENCE);
        sleep(seconds(60)).await;
        patience.hears(&Err::<(), _>(Error::RowNotFound));
        assert_eq!(patience.last_heard(), Instant::now());
        sleep(seconds(60)).await;
        patience.hears(&Err::<(), _>(silent()));
        assert_ne!(patience.last_heard(), Instant::now(), "silence is not");
    }
}
