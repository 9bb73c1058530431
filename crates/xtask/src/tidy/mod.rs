//! x
pub(crate) fn print() -> bool { true }
pub(crate) fn is_store(name: &str) -> bool { name.ends_with("/store.rs") || name.contains("/store/") }
