//! All the SQL of mandates, by noun.

pub(crate) mod invitations;
pub(crate) mod mandates;
pub(crate) mod scans;
pub(crate) mod structures;
pub(crate) mod teams;
