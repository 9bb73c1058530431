//! The two engines behind one value, and transactions on either.

#[cfg(debug_assertions)]
use std::panic::Location;
use std::path::PathBuf;
use std::sync::Arc;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::Notify;

use super::patience::{AT_A_TERMINAL, PATIENCE, Patience, QUEUE, answered, pool};
use crate::Failure;
#[cfg(debug_assertions)]
use crate::points::{self, Side};

pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
pub(super) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Which database to open.
#[derive(Clone, Debug)]
pub enum Target {
    /// A file, created when it is not there.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://user@host/base` (the password belongs in the address or in `PGPASSFILE`).
    Postgres(crate::Secret<String>),
}

/// The database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    jobs: Arc<Notify>,
    /// How long a statement may take on PostgreSQL.
    patience: Patience,
}

#[derive(Clone)]
enum Engine {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl Db {
    /// Opens the database; it is not migrated yet.
    ///
    /// # Errors
    /// When the file or the server cannot be reached.
    pub async fn open(target: &Target) -> Result<Self, Failure> {
        let patience = Patience::new(PATIENCE);
        let engine = match target {
            Target::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE);
                let lines = || SqlitePoolOptions::new().acquire_timeout(QUEUE).max_lifetime(None).idle_timeout(None);
                let write = lines().max_connections(1).connect_with(options.clone()).await?;
                let read = lines().max_connections(4).connect_with(options.create_if_missing(false).read_only(true)).await?;
                Engine::Sqlite { read, write }
            }
            Target::Postgres(url) => {
                let options: PgConnectOptions = url.reveal().parse()?;
                Engine::Postgres(pool(options, &patience).await?)
            }
        };
        Ok(Self { engine, jobs: Arc::new(Notify::new()), patience })
    }

    /// The same for who waits at a terminal: a statement may take its time.
    #[must_use]
    pub fn at_a_terminal(mut self) -> Self {
        self.patience = self.patience.with(AT_A_TERMINAL);
        self
    }

    /// Brings the schema up to date; harmless when it already is.
    ///
    /// # Errors
    /// When a migration fails or was changed after it ran.
    pub async fn migrate(&self) -> Result<(), Failure> {
        match &self.engine {
            Engine::Sqlite { write, .. } => SQLITE_MIGRATIONS.run(write).await?,
            Engine::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await?,
        }
        Ok(())
    }

    /// A transaction that only reads, on one state of the data.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn read(&self) -> Result<Tx, Failure> {
        let inner = match &self.engine {
            Engine::Sqlite { read, .. } => Inner::Sqlite(read.begin().await?),
            Engine::Postgres(pool) => {
                let begun = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                Inner::Postgres(self.patience.begun(begun).await?)
            }
        };
        Ok(Tx {
            inner,
            patience: self.patience.clone(),
            jobs: Arc::clone(&self.jobs),
            wakes: false,
            #[cfg(debug_assertions)]
            begun: None,
        })
    }

    /// A transaction that writes. Dropped without `commit`, it leaves nothing.
    ///
    /// Nothing slow happens while it is open: SQLite has one pen.
    ///
    /// Where it is called names the two points of its commit, at which tests kill the process ([`points`]).
    ///
    /// # Errors
    /// When the database is away.
    #[track_caller]
    pub fn write(&self) -> impl Future<Output = Result<Tx, Failure>> + Send + '_ {
        #[cfg(debug_assertions)]
        let begun = Location::caller();
        async move {
            let inner = match &self.engine {
                Engine::Sqlite { write, .. } => Inner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
                Engine::Postgres(pool) => Inner::Postgres(self.patience.begun(pool.begin()).await?),
            };
            Ok(Tx {
                inner,
                patience: self.patience.clone(),
                jobs: Arc::clone(&self.jobs),
                wakes: false,
                #[cfg(debug_assertions)]
                begun: Some(begun),
            })
        }
    }

    /// Ends when a transaction of this process commits a job, from the moment it is asked for.
    pub fn job_committed(&self) -> impl Future<Output = ()> {
        self.jobs.notified()
    }

    /// Closes every connection, at the end of the program or of a test.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Engine::Postgres(pool) => pool.close().await,
        }
    }
}

/// An open transaction.
pub struct Tx {
    inner: Inner,
    patience: Patience,
    jobs: Arc<Notify>,
    wakes: bool,
    /// Where it was begun, if it writes.
    #[cfg(debug_assertions)]
    begun: Option<&'static Location<'static>>,
}

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// The connection under a transaction, for the macros only.
#[doc(hidden)]
pub enum Wire<'a> {
    Sqlite(&'a mut SqliteConnection),
    /// With how long it may take to answer.
    Postgres(&'a mut PgConnection, Patience),
}

impl Tx {
    /// For the macros only.
    #[doc(hidden)]
    pub fn wire(&mut self) -> Wire<'_> {
        match &mut self.inner {
            Inner::Sqlite(tx) => Wire::Sqlite(tx),
            Inner::Postgres(tx) => Wire::Postgres(tx, self.patience.clone()),
        }
    }

    /// The workers are told at commit that a job waits.
    pub(crate) fn wake_workers(&mut self) {
        self.wakes = true;
    }

    /// Makes everything of this transaction durable at once.
    ///
    /// # Errors
    /// When the database refuses: then nothing was written. When it is gone or silent: then one cannot know, and who does it again
    /// must find what was done.
    pub async fn commit(self) -> Result<(), Failure> {
        #[cfg(debug_assertions)]
        if let Some(begun) = self.begun {
            points::pass(begun, Side::Before);
        }
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => answered(self.patience, tx.commit()).await?,
        }
        #[cfg(debug_assertions)]
        if let Some(begun) = self.begun {
            points::pass(begun, Side::After);
        }
        if self.wakes {
            self.jobs.notify_waiters();
        }
        Ok(())
    }
}
