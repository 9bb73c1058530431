//! The print that a person signed by hand: photographed, put in order, said whole, then read.

pub(crate) mod add;
pub(crate) mod close;
pub(crate) mod look;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod to_sign;
