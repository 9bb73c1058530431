//! All the SQL of identity, by table.

pub(crate) mod accounts;
pub(crate) mod codes;
pub(crate) mod recovery_sheets;
pub(crate) mod searches;
pub(crate) mod sessions;
pub(crate) mod set_aside;
pub(crate) mod staff_sheets;
