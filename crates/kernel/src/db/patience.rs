//! A PostgreSQL that stops answering: nobody waits for it longer than a page may, and a line that fell silent serves nobody else.
//!
//! A server that is stopped says so (the line is refused or cut); one that is stalled, or behind a network that drops everything, says
//! nothing, and TCP alone would wait a quarter of an hour. So every statement is waited for [`PATIENCE`] at most; a line is asked
//! whether it is there before it is lent and before it is taken back; and once one was silent, those that were idle at that time are
//! not trusted either. What the server itself would hold for us, a transaction and its locks, it lets go of by itself.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Error};
use tokio::time::{Instant, timeout};

use crate::Failure;

/// A page must say within 3 s that the database is away; so no one waits longer for a connection, or for a statement.
pub(super) const PATIENCE: Duration = Duration::from_millis(2500);
/// Someone at a terminal may wait for a statement that reads a whole journal.
pub(super) const AT_A_TERMINAL: Duration = Duration::from_mins(10);
/// A line that is there says so within this time; what is left of [`PATIENCE`] is for opening another.
const PROOF: Duration = Duration::from_secs(1);

/// What the server does for us when we are the ones who fell silent: nobody waits for long behind a transaction of a machine that is gone.
const ALONE: &str = "set idle_in_transaction_session_timeout = '10s'; set tcp_user_timeout = '10s'";

/// When a line was last found silent.
type Silence = Arc<Mutex<Option<Instant>>>;

/// The lines to a server.
pub(super) async fn pool(options: PgConnectOptions) -> Result<PgPool, Failure> {
    let silence = Silence::default();
    let found = Arc::clone(&silence);
    let pool = PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(PATIENCE)
        // The same question, which ours bounds.
        .test_before_acquire(false)
        .before_acquire(move |line, idle| {
            let silence = Arc::clone(&silence);
            Box::pin(async move {
                if *silence.lock().unwrap_or_else(PoisonError::into_inner) > Instant::now().checked_sub(idle.idle_for) {
                    return Ok(false);
                }
                is_there(line, &silence).await
            })
        })
        .after_release(move |line, _| {
            let silence = Arc::clone(&found);
            Box::pin(async move { is_there(line, &silence).await })
        })
        .after_connect(|line, _| {
            Box::pin(async move {
                sqlx::raw_sql(ALONE).execute(line).await?;
                Ok(())
            })
        });
    Ok(pool.connect_with(options).await?)
}

/// Whether a line answers; an error throws it away without a word to the other side.
async fn is_there(line: &mut PgConnection, silence: &Silence) -> Result<bool, Error> {
    if let Ok(answer) = timeout(PROOF, line.ping()).await {
        return answer.map(|()| true);
    }
    *silence.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    Err(silent())
}

/// What a statement gives, if it comes in time.
#[doc(hidden)]
pub async fn answered<T>(patience: Duration, statement: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(patience, statement).await.unwrap_or_else(|_| Err(silent()))
}

fn silent() -> Error {
    Error::Io(io::Error::new(io::ErrorKind::TimedOut, "the database does not answer"))
}
