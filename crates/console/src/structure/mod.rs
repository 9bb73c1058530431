//! The pages of a référent, who answers for a structure.

pub(crate) mod journal;
