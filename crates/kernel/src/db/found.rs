//! Looking for a base without making or changing anything: what checks must not repair what it finds.

use std::collections::BTreeMap;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::engine::{POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use super::patience::{PATIENCE, Patience, answered};
use super::{Db, Target};
use crate::Failure;

/// PostgreSQL's word for "there is no base of this name" (its manual, appendix A).
const NO_SUCH_BASE: &str = "3D000";

/// What lies where a base should be.
pub enum Found {
    /// A base that this version uses as it is.
    Base(Db),
    /// No base of ours.
    Nothing,
    /// A base made by an older version: it is to be migrated.
    Older,
    /// A base that another version changed, newer than this one or not ours.
    Foreign,
}

/// A migration that was run: its number, and the hash of its text.
type Ran = Vec<(i64, Vec<u8>)>;

impl Db {
    /// Opens a base that is there and up to date; makes nothing, migrates nothing.
    ///
    /// # Errors
    /// When the file or the server cannot be read.
    pub async fn find(target: &Target) -> Result<Found, Failure> {
        let (ran, known) = match target {
            Target::Sqlite(path) if !path.is_file() => (None, &SQLITE_MIGRATIONS),
            Target::Sqlite(path) => {
                let mut line = SqliteConnectOptions::new().filename(path).read_only(true).connect().await?;
                let there = "select count(*) > 0 from sqlite_master where type = 'table' and name = '_sqlx_migrations'";
                let there: bool = sqlx::query_scalar(there).fetch_one(&mut line).await?;
                let ran: Ran = if there { sqlx::query_as(RAN).fetch_all(&mut line).await? } else { Vec::new() };
                line.close().await?;
                (there.then_some(ran), &SQLITE_MIGRATIONS)
            }
            Target::Postgres(url) => {
                let options: PgConnectOptions = url.reveal().parse()?;
                let mut line = match answered(Patience::new(PATIENCE), options.connect()).await {
                    Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NO_SUCH_BASE) => return Ok(Found::Nothing),
                    connected => connected?,
                };
                let there: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null").fetch_one(&mut line).await?;
                let ran: Ran = if there { sqlx::query_as(RAN).fetch_all(&mut line).await? } else { Vec::new() };
                line.close().await?;
                (there.then_some(ran), &POSTGRES_MIGRATIONS)
            }
        };
        Ok(match ran.map(|ran| judge(&ran, known)) {
            None => Found::Nothing,
            Some(Age::Ours) => Found::Base(Self::open(target).await?),
            Some(Age::Older) => Found::Older,
            Some(Age::Foreign) => Found::Foreign,
        })
    }
}

const RAN: &str = "select version, checksum from _sqlx_migrations where success order by version";

enum Age {
    Ours,
    Older,
    Foreign,
}

fn judge(ran: &[(i64, Vec<u8>)], known: &Migrator) -> Age {
    let known: BTreeMap<i64, &[u8]> = known.iter().map(|migration| (migration.version, migration.checksum.as_ref())).collect();
    if ran.iter().any(|(version, checksum)| known.get(version) != Some(&checksum.as_slice())) {
        Age::Foreign
    } else if ran.len() < known.len() {
        Age::Older
    } else {
        Age::Ours
    }
}
