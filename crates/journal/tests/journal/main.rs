//! The journal from outside, as contexts, operators, strangers and attackers meet it. On both engines.

mod appending;
mod checkpoints;
mod exporting;
mod reading;
mod refusing;
mod scene;
mod sentences;
mod tampering;
