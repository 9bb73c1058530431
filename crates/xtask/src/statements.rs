//! Every statement of every `store.rs` is prepared on both engines, on the schema that the migrations build.
//!
//! A misspelt column, a parameter too many, a word that one engine does not know: found here, with file and line,
//! before any scene runs.

use maincourante_kernel::db::{Tx, Wire};
use maincourante_kernel::testing;
use sqlx::Executor;

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
    let mut refusals = Vec::new();
    for statement in &statements {
        // An error ends the transaction of PostgreSQL, so each statement has its own.
        let mut tx = world.kernel.db.read().await.expect("a base to prepare on");
        refusals.extend(refused(&mut tx, std::slice::from_ref(statement)).await);
    }
    assert!(refusals.is_empty(), "{}", refusals.join("\n"));
}

#[tokio::test]
async fn a_misspelt_column_is_found() {
    let kernel = testing::sqlite().await.kernel;
    let mut tx = kernel.db.read().await.expect("a base to prepare on");
    let source = "fetch_one!(tx, (i64,), \"select knid from job where id = $1\", id)";
    let statements = in_source("store.rs", source).expect("one statement");
    let refused = refused(&mut tx, &statements).await;
    assert!(refused.len() == 1 && refused[0].starts_with("store.rs:1") && refused[0].contains("knid"), "{refused:?}");
}

async fn refused(tx: &mut Tx, statements: &[Statement]) -> Vec<String> {
    let mut complaints = Vec::new();
    for Statement { place, sqlite, postgres } in statements {
        let prepared = match tx.wire() {
            Wire::Sqlite(wire) => wire.prepare(sqlx::SqlStr::from_static(sqlite)).await.map(drop),
            Wire::Postgres(wire) => wire.prepare(sqlx::SqlStr::from_static(postgres)).await.map(drop),
        };
        if let Err(error) = prepared {
            complaints.push(format!("{place}: {error}"));
        }
    }
    complaints
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
    let calls = source::calls(&tokens, &["fetch_one", "fetch_optional", "fetch_all", "execute"]);
    calls
        .iter()
        .map(|call| {
            let place = format!("{name}:{}", call.line);
            let at = if call.name == "execute" { 1 } else { 2 };
            let argument = call.arguments.get(at).ok_or_else(|| format!("{place}: no statement in this call"))?;
            let (sqlite, postgres) = texts(argument).ok_or_else(|| format!("{place}: the statement is not a text, or a pair of texts"))?;
            Ok(Statement { place, sqlite, postgres })
        })
        .collect()
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
