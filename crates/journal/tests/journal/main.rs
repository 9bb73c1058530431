//! The journal from outside, as contexts, operators, strangers and attackers meet it. On both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed; clippy only knows it inside `#[test]` functions")]

mod appending;
mod checkpoints;
mod exporting;
mod reading;
mod refusing;
mod scene;
mod sentences;
mod tampering;
mod tampering_beside;
