//! x
pub(crate) fn print() -> bool { true }
