//! No code: the features in this crate's manifest are those that development dependencies add to shared crates.
//!
//! Without it, `cargo build --workspace` and `cargo test --workspace` disagree on three small crates, and everything
//! above them (Typst, sqlx, axum…) is compiled twice: about ten minutes of a cold run on two cores. Nothing depends
//! on it, so the released program knows nothing of it. A test of the house fails when the two builds part again.
