//! The pages of a référent, who answers for a structure.

pub(crate) mod invite;
pub(crate) mod journal;
pub(crate) mod letter;
pub(crate) mod place;
pub(crate) mod role;
pub(crate) mod team;
pub(crate) mod withdrawal;
