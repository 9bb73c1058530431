//! Who helped the person, what they may do, and how to stop them.

pub(crate) mod lines;
pub(crate) mod mandate;
pub(crate) mod mandates;
pub(crate) mod print;
pub(crate) mod print_page;
pub(crate) mod report;
pub(crate) mod revoke;
pub(crate) mod stop;
pub(crate) mod who_helped;
