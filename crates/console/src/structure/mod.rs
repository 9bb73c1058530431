//! The pages of a référent, who answers for a structure.

pub(crate) mod alert;
pub(crate) mod filter;
pub(crate) mod invite;
pub(crate) mod journal;
pub(crate) mod letter;
pub(crate) mod place;
pub(crate) mod reason;
pub(crate) mod review;
pub(crate) mod role;
pub(crate) mod signed_file;
pub(crate) mod table;
pub(crate) mod team;
pub(crate) mod withdraw;
pub(crate) mod withdrawal;
