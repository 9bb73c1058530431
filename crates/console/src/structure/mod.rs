//! The pages of a référent, who answers for a structure.

pub(crate) mod alert;
pub(crate) mod filter;
pub(crate) mod journal;
pub(crate) mod reason;
pub(crate) mod review;
pub(crate) mod signed_file;
pub(crate) mod table;
pub(crate) mod withdraw;
