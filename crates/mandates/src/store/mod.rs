//! All the SQL of mandates, by noun.

pub(crate) mod alerts;
pub(crate) mod invitations;
pub(crate) mod mandates;
pub(crate) mod reviews;
pub(crate) mod scans;
pub(crate) mod structures;
pub(crate) mod teams;
