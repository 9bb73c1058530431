//! What anyone can open: the way in, the way back, and the texts that say what this service is.

pub(crate) mod accessibility;
pub(crate) mod data;
pub(crate) mod help;
pub(crate) mod recover;
pub(crate) mod sign_in;
pub(crate) mod signed_out;
