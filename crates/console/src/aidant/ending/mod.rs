//! A référent writes that a mandate is over, holds it for a dispute, or lets it go on; an aidant deletes an account opened by error. Each has its page, which says what changes and what stays.

pub(crate) mod by_error;
pub(crate) mod ended;
pub(crate) mod held;

mod page;
