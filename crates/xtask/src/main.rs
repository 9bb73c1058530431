//! The commands of the house: `cargo xtask test` and its sisters.
fn main() {}
