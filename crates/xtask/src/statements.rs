//! Every statement of every `store.rs` is prepared on both engines, on the schema that the migrations build.
//!
//! A misspelt column, a parameter too many, a word that one engine does not know: found here, with file and line,
//! before any scene runs.

use maincourante_kernel::db::{Tx, Wire};
use maincourante_kernel::testing;
use sqlx::Executor;
use sqlx::postgres::PgTypeInfo;
use sqlx::postgres::types::Oid;

use crate::source::{self, Kind, Token};
use crate::tidy::is_store;

struct Statement {
    place: String,
    sqlite: &'static str,
    postgres: &'static str,
}

#[tokio::test]
async fn every_statement_is_understood_by_sqlite() {
    let kernel = testing::sqlite().await.kernel;
    let mut tx = kernel.db.read().await.expect("a base to prepare on");
    let refused = refused(&mut tx, &statements().expect("statements that can be read")).await;
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn every_statement_is_understood_by_postgresql() {
    let statements = statements().expect("statements that can be read");
    let Some(world) = testing::postgres().await else { return };
    let mut tx = world.kernel.db.read().await.expect("a base to prepare on");
    let refused = refused(&mut tx, &statements).await;
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn a_misspelt_column_is_found() {
    let source = "\nfetch_one!(tx, (i64,), \"select tries from job where $2 is null or knid = $1\", id, other)";
    let statements = in_source("store.rs", source).expect("one statement");
    for world in testing::kernels().await {
        let mut tx = world.kernel.db.read().await.expect("a base to prepare on");
        let refused = refused(&mut tx, &statements).await;
        assert!(refused.len() == 1 && refused[0].starts_with("store.rs:2") && refused[0].contains("knid"), "{} {refused:?}", world.engine);
    }
}

async fn refused(tx: &mut Tx, statements: &[Statement]) -> Vec<String> {
    let mut complaints = Vec::new();
    for Statement { place, sqlite, postgres } in statements {
        let prepared = match tx.wire() {
            Wire::Sqlite(wire) => wire.prepare(sqlx::SqlStr::from_static(sqlite)).await.map(drop),
            Wire::Postgres(wire, _) => prepare_on_postgres(wire, postgres).await,
        };
        if let Err(error) = prepared {
            complaints.push(format!("{place}: {error}"));
        }
    }
    complaints
}

/// The program gives PostgreSQL the types of what it binds; here they are not known, and `$1 is null or …` alone does
/// not tell. So each type of ours is tried for such a parameter: one must fit everywhere it stands.
async fn prepare_on_postgres(wire: &mut sqlx::PgConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    const UUID: u32 = 2950;
    const INT8: u32 = 20;
    const TEXT: u32 = 25;
    const BYTEA: u32 = 17;
    let mut types: Vec<u32> = Vec::new();
    loop {
        let Err(error) = try_with(wire, sql, &types).await else { return Ok(()) };
        let Some(open) = undetermined(&error) else { return Err(error) };
        types.resize(types.len().max(open), 0);
        let mut fits = false;
        for candidate in [UUID, INT8, TEXT, BYTEA] {
            types[open - 1] = candidate;
            fits = match try_with(wire, sql, &types).await {
                Ok(()) => true,
                Err(error) => undetermined(&error).is_some_and(|next| next != open),
            };
            if fits {
                break;
            }
        }
        if !fits {
            return Err(error);
        }
    }
}

/// In a savepoint of its own: an error would otherwise end the transaction.
async fn try_with(wire: &mut sqlx::PgConnection, sql: &'static str, types: &[u32]) -> Result<(), sqlx::Error> {
    use sqlx::Connection;
    let types: Vec<PgTypeInfo> = types.iter().map(|oid| PgTypeInfo::with_oid(Oid(*oid))).collect();
    let mut inner = wire.begin().await?;
    let prepared = inner.prepare_with(sqlx::SqlStr::from_static(sql), &types).await.map(drop);
    inner.rollback().await?;
    prepared
}

/// The number of the parameter that PostgreSQL could not guess.
fn undetermined(error: &sqlx::Error) -> Option<usize> {
    let words = error.as_database_error()?.message();
    words.strip_prefix("could not determine data type of parameter $")?.parse().ok()
}

/// The statements of the whole repository. None at all would mean that they are no longer found.
fn statements() -> Result<Vec<Statement>, String> {
    let root = crate::host::root();
    let mut all = Vec::new();
    for file in source::files(&root.join("crates"), &[".rs"]) {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().into_owned();
        if is_store(&name) {
            let source = std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
            all.extend(in_source(&name, &source)?);
        }
    }
    if all.len() < 8 { Err(format!("only {} statements were found: the reader is blind", all.len())) } else { Ok(all) }
}

fn in_source(name: &str, source: &str) -> Result<Vec<Statement>, String> {
    let tokens = source::tokens(source);
    let mut all = Vec::new();
    // The place of the statement among the arguments: after the transaction, and after the type of the row.
    for (names, at) in [(["execute"].as_slice(), 1), (&["fetch_one", "fetch_optional", "fetch_all"], 2)] {
        for call in source::calls(&tokens, names) {
            let place = format!("{name}:{}", call.line);
            let argument = call.arguments.get(at).ok_or_else(|| format!("{place}: no statement in this call"))?;
            let (sqlite, postgres) = texts(argument).ok_or_else(|| format!("{place}: the statement is not a text, or a pair of texts"))?;
            all.push(Statement { place, sqlite, postgres });
        }
    }
    Ok(all)
}

/// One text for both engines, or the pair `["for SQLite", "for PostgreSQL"]`.
fn texts(argument: &[Token]) -> Option<(&'static str, &'static str)> {
    // A statement of the program lives as long as it; so does its copy here, which is a test.
    let keep = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    match argument.iter().map(|token| &token.kind).collect::<Vec<_>>().as_slice() {
        [Kind::Text(one)] => Some((keep(one), keep(one))),
        [Kind::Sign('['), Kind::Text(sqlite), Kind::Sign(','), Kind::Text(postgres), Kind::Sign(']')]
        | [Kind::Sign('['), Kind::Text(sqlite), Kind::Sign(','), Kind::Text(postgres), Kind::Sign(','), Kind::Sign(']')] => {
            Some((keep(sqlite), keep(postgres)))
        }
        _ => None,
    }
}
