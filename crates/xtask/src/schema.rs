//! The migrations are twins: what they build on SQLite and on PostgreSQL is compared, table by table.
//!
//! Types differ by name only (`integer`/`bigint`, `blob`/`uuid` or `bytea`); columns, their order, what may be null,
//! keys and indexes are the same. Triggers are each engine's own and are tried by the tests of their context.

use std::collections::BTreeMap;

use maincourante_kernel::{Kernel, testing};

/// One line of a schema: `usager.address` → `text not null`, `index phone_by_usager` → `phone (usager) where …`.
type Schema = BTreeMap<String, String>;

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let Some(postgres) = testing::postgres().await else { return };
    let sqlite = testing::sqlite().await;
    let (left, right) = (of_sqlite(&sqlite.kernel).await, of_postgres(&postgres.kernel).await);
    assert!(left.contains_key("job.run_at"), "the reader of SQLite is blind: {left:?}");

    let mut differences = Vec::new();
    for name in left.keys().chain(right.keys().filter(|name| !left.contains_key(*name))) {
        if left.get(name) != right.get(name) {
            differences.push(format!("{name}: SQLite {:?}, PostgreSQL {:?}", left.get(name), right.get(name)));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

async fn of_sqlite(kernel: &Kernel) -> Schema {
    let mut tx = kernel.db.read().await.expect("SQLite");
    let maincourante_kernel::db::Wire::Sqlite(wire) = tx.wire() else { unreachable!("this is the SQLite kernel") };
    let columns: Vec<(String, String, i64, String, String, i64, i64)> = sqlx::query_as(
        "select t.name, t.type, c.cid, c.name, lower(c.type), c.\"notnull\", c.pk
         from sqlite_master t, pragma_table_info(t.name) c
         where t.type in ('table', 'view') and t.name not like 'sqlite_%' and t.name not like '\\_%' escape '\\'",
    )
    .fetch_all(&mut *wire)
    .await
    .expect("the columns of SQLite");
    let mut schema: Schema = columns
        .into_iter()
        .map(|(table, kind, place, column, type_name, not_null, key)| {
            (format!("{table}.{column}"), column_line(&kind, place, &type_name, not_null != 0 || key != 0, key != 0))
        })
        .collect();
    let indexes = sqlite_indexes(wire).await;
    schema.extend(
        indexes.into_iter().map(|(name, table, columns, partial)| (format!("index {name}"), index_line(&table, &columns, partial != 0))),
    );
    schema
}

async fn sqlite_indexes(wire: &mut sqlx::SqliteConnection) -> Vec<(String, String, String, i64)> {
    sqlx::query_as(
        "select i.name, i.tbl_name, group_concat(c.name, ', '), i.sql like '% where %'
         from sqlite_master i, pragma_index_info(i.name) c
         where i.type = 'index' and i.sql is not null group by i.name",
    )
    .fetch_all(wire)
    .await
    .expect("the indexes of SQLite")
}

async fn of_postgres(kernel: &Kernel) -> Schema {
    let mut tx = kernel.db.read().await.expect("PostgreSQL");
    let maincourante_kernel::db::Wire::Postgres(wire, _) = tx.wire() else { unreachable!("this is the PostgreSQL kernel") };
    let columns: Vec<(String, String, i64, String, String, i64, i64)> = sqlx::query_as(
        "select t.relname::text, case t.relkind when 'v' then 'view' else 'table' end, (c.attnum - 1)::bigint, c.attname::text,
                format_type(c.atttypid, c.atttypmod), (case when c.attnotnull then 1 else 0 end)::bigint,
                (select count(*) from pg_index i where i.indrelid = t.oid and i.indisprimary and c.attnum = any (i.indkey))
         from pg_class t join pg_attribute c on c.attrelid = t.oid
         where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'v') and c.attnum > 0 and not c.attisdropped
           and t.relname not like '\\_%'",
    )
    .fetch_all(&mut *wire)
    .await
    .expect("the columns of PostgreSQL");
    let mut schema: Schema = columns
        .into_iter()
        .map(|(table, kind, place, column, type_name, not_null, key)| {
            (format!("{table}.{column}"), column_line(&kind, place, &type_name, not_null != 0, key != 0))
        })
        .collect();
    let indexes: Vec<(String, String, String, i64)> = sqlx::query_as(
        "select i.relname::text, t.relname::text,
                (select string_agg(a.attname, ', ' order by k.place) from unnest(x.indkey) with ordinality k(number, place)
                 join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number),
                (case when x.indpred is null then 0 else 1 end)::bigint
         from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
         where t.relnamespace = 'public'::regnamespace and t.relname not like '\\_%'
           and not exists (select from pg_constraint k where k.conindid = i.oid)",
    )
    .fetch_all(&mut *wire)
    .await
    .expect("the indexes of PostgreSQL");
    schema.extend(
        indexes.into_iter().map(|(name, table, columns, partial)| (format!("index {name}"), index_line(&table, &columns, partial != 0))),
    );
    schema
}

/// A view computes its columns: engines do not agree on what may be null in it, nor on the names of computed types.
fn column_line(kind: &str, place: i64, type_name: &str, not_null: bool, key: bool) -> String {
    if kind == "view" {
        return format!("column {place} of a view");
    }
    let common = match type_name {
        "integer" | "bigint" => "integer",
        "blob" | "bytea" | "uuid" => "bytes",
        other => other,
    };
    format!("column {place}, {common}{}{}", if not_null { ", not null" } else { "" }, if key { ", key" } else { "" })
}

fn index_line(table: &str, columns: &str, partial: bool) -> String {
    format!("on {table} ({columns}){}", if partial { " where …" } else { "" })
}
