//! The pages of an aidant at their own screen.

pub(crate) mod access;
pub(crate) mod charter;
pub(crate) mod ending;
pub(crate) mod home;
pub(crate) mod journal;
pub(crate) mod lock;
pub(crate) mod mandate_paper;
pub(crate) mod new_account;
pub(crate) mod older_paper;
mod paper;
pub(crate) mod places;
pub(crate) mod print;
pub(crate) mod reason;
pub(crate) mod record;
pub(crate) mod renew;
pub(crate) mod sheet;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod welcome_sheet;
