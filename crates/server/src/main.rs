//! The binary: configuration, commands, and the wiring of jobs to contexts.
fn main() {}
