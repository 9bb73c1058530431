//! Throw-away databases and held clocks, for the tests of every context.
//!
//! SQLite is always there. PostgreSQL is used when `MAINCOURANTE_TEST_POSTGRES` gives the address of a server
//! where databases may be created (`cargo xtask test` starts one); otherwise it is said, and only SQLite runs.

use std::sync::Arc;

use sqlx::Executor;
use uuid::Uuid;

use crate::{Chance, Clock, Db, Kernel, Key, Secret, Timestamp, Vault};

/// Sunday 22 November 2026, 9 h in Paris.
pub const START: Timestamp = Timestamp::from_micros(1_795_334_400_000_000);

/// A kernel on a throw-away database; the folder goes with the value.
pub struct TestKernel {
    /// What is given to the contexts.
    pub kernel: Kernel,
    /// "sqlite" or "postgres", for messages.
    pub engine: &'static str,
    folder: Option<Arc<tempfile::TempDir>>,
}

/// A kernel on SQLite, and one on PostgreSQL where a server was given.
pub async fn kernels() -> Vec<TestKernel> {
    let mut all = vec![sqlite().await];
    match postgres().await {
        Some(kernel) => all.push(kernel),
        None => eprintln!("not run on PostgreSQL: MAINCOURANTE_TEST_POSTGRES is not set (cargo xtask test sets it)"),
    }
    all
}

/// A migrated SQLite database in a temporary folder.
///
/// # Panics
/// When the temporary folder or the database cannot be made.
pub async fn sqlite() -> TestKernel {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let target = crate::db::Target::Sqlite(folder.path().join("maincourante.db"));
    let db = Db::open(&target).await.expect("SQLite opens");
    db.migrate().await.expect("SQLite migrates");
    TestKernel { kernel: kernel(db), engine: "sqlite", folder: Some(Arc::new(folder)) }
}

impl TestKernel {
    /// The same world in a SQLite base of its own: what happens there changes nothing here, its clock included.
    ///
    /// # Panics
    /// When this kernel is on PostgreSQL, or the files cannot be copied.
    pub async fn copied(&self) -> Self {
        let from = self.folder.as_ref().expect("a SQLite base");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for file in from.path().read_dir().expect("a folder").map(|file| file.expect("a file")) {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).expect("a copy");
        }
        let target = crate::db::Target::Sqlite(folder.path().join("maincourante.db"));
        let db = Db::open(&target).await.expect("SQLite opens");
        let kernel = Kernel { db, clock: Clock::held(self.kernel.clock.now()), ..self.kernel.clone() };
        Self { kernel, engine: self.engine, folder: Some(Arc::new(folder)) }
    }
}

/// A migrated PostgreSQL database of its own, if a server was given.
///
/// # Panics
/// When a server was given and does not answer.
pub async fn postgres() -> Option<TestKernel> {
    let db = Db::open(&crate::db::Target::Postgres(Secret::new(postgres_base().await?))).await.expect("PostgreSQL opens");
    db.migrate().await.expect("PostgreSQL migrates");
    Some(TestKernel { kernel: kernel(db), engine: "postgres", folder: None })
}

/// The address of a new empty base on the server of the tests, if one was given.
///
/// # Panics
/// When a server was given and does not answer.
pub async fn postgres_base() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests learn from `cargo xtask test` where the peers are")]
    let server = std::env::var("MAINCOURANTE_TEST_POSTGRES").ok()?;
    let name = format!("test_{}", Uuid::from_bytes(Chance::System.bytes()).simple());
    let pool = sqlx::PgPool::connect(&server).await.expect("the PostgreSQL server of the tests answers");
    let create = format!("create database {name}");
    pool.execute(safe(create)).await.expect("a base can be created");
    pool.close().await;
    let (before, query) = server.split_once('?').unwrap_or((server.as_str(), ""));
    let root = before.rsplit_once('/').map_or(before, |(root, _)| root);
    Some(if query.is_empty() { format!("{root}/{name}") } else { format!("{root}/{name}?{query}") })
}

fn kernel(db: Db) -> Kernel {
    let chance = Chance::seeded(2026);
    Kernel { db, clock: Clock::held(START), vault: Vault::new(Key::new(&chance)), chance }
}

#[expect(clippy::disallowed_types, reason = "the name of a test base cannot be a parameter; it is ours")]
fn safe(statement: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(statement)
}
