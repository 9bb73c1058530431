//! All the SQL of the journal: what is appended, what is read in sentences, what is verified.

mod checking;
mod reading;
mod writing;

pub(crate) use checking::*;
pub(crate) use reading::*;
pub(crate) use writing::*;
