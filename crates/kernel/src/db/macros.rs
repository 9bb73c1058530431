//! `fetch_optional!`, `fetch_one!`, `fetch_all!` and `execute!`: the only ways to reach the database.

/// The row a statement gives, if any: `fetch_optional!(tx, Row, "select … where id = $1", id)?`.
#[macro_export]
macro_rules! fetch_optional {
    ($tx:expr, $row:ty, $($rest:tt)+) => { $crate::statement!($tx, query_as::<_, $row>, fetch_optional, $($rest)+) };
}

/// The one row a statement always gives.
#[macro_export]
macro_rules! fetch_one {
    ($tx:expr, $row:ty, $($rest:tt)+) => { $crate::statement!($tx, query_as::<_, $row>, fetch_one, $($rest)+) };
}

/// Every row a statement gives.
#[macro_export]
macro_rules! fetch_all {
    ($tx:expr, $row:ty, $($rest:tt)+) => { $crate::statement!($tx, query_as::<_, $row>, fetch_all, $($rest)+) };
}

/// Runs a statement; gives the number of rows it changed.
#[macro_export]
macro_rules! execute {
    ($tx:expr, [$lite:literal, $pg:literal] $(, $arg:expr)* $(,)?) => {
        match $tx.wire() {
            $crate::db::Wire::Sqlite(wire) => $crate::sqlx::query($lite)$(.bind($arg))*.execute(wire).await.map(|done| done.rows_affected()),
            $crate::db::Wire::Postgres(wire, patience) => {
                $crate::db::answered(patience, $crate::sqlx::query($pg)$(.bind($arg))*.execute(wire)).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::Failure::from)
    };
    ($tx:expr, $sql:literal $(, $arg:expr)* $(,)?) => { $crate::execute!($tx, [$sql, $sql] $(, $arg)*) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! statement {
    ($tx:expr, query_as::<_, $row:ty>, $fetch:ident, [$lite:literal, $pg:literal] $(, $arg:expr)* $(,)?) => {
        match $tx.wire() {
            $crate::db::Wire::Sqlite(wire) => $crate::sqlx::query_as::<_, $row>($lite)$(.bind($arg))*.$fetch(wire).await,
            $crate::db::Wire::Postgres(wire, patience) => {
                $crate::db::answered(patience, $crate::sqlx::query_as::<_, $row>($pg)$(.bind($arg))*.$fetch(wire)).await
            }
        }
        .map_err($crate::Failure::from)
    };
    ($tx:expr, query_as::<_, $row:ty>, $fetch:ident, $sql:literal $(, $arg:expr)* $(,)?) => {
        $crate::statement!($tx, query_as::<_, $row>, $fetch, [$sql, $sql] $(, $arg)*)
    };
}
