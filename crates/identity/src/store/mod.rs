//! All the SQL of identity, by table.

pub(crate) mod accounts;
pub(crate) mod codes;
pub(crate) mod recovery;
pub(crate) mod sessions;
pub(crate) mod sheets;
