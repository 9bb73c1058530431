//! Accounts and who is at the keyboard: passwords, time-based codes, sessions, phones, recovery,
//! and the proofs that the rest of the house asks for: [`Own`], [`HandOver`], [`Fresh`].
//!
//! A proof is a value that only this crate can make, in the request that uses it; it is not `Clone`,
//! and holds no secret. What a page may do depends on which proof it was handed, not on a role it read somewhere.
//!
//! Deliberately knows nothing of structures and mandates.

mod accounts;
mod addresses;
mod codes;
mod enrol;
mod entries;
pub mod find_account;
mod fresh;
mod hand_over;
mod password;
mod phones;
pub mod recovery_sheet;
mod reserved;
pub mod reset;
mod secret;
pub mod sessions;
pub mod set_aside;
mod sign_in;
mod staff;
pub mod staff_sheet;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod texts;
mod totp;

pub use accounts::{NewUsager, Person, birth_date, create_usager, find_people, find_person};
pub use addresses::{is_free, is_reserved, proposals, take_address};
pub use codes::{CodeAnswer, CodeSend, send_code};
pub use enrol::{Enrolled, Enrolment, enrol, enrol_again, reset_staff};
pub use fresh::{Confirmation, Confirms, Fresh, FreshAct, confirm, confirm_as};
pub use hand_over::{
    HandOver, Lent, Loan, ProvedCode, Purpose, TakenBack, close_screen, complete, lend, lent_for, prove_phone, proved_code,
    resume_hand_over, take_back,
};
pub use password::{Hasher, WeakPassword, judge};
pub use phones::{Sharing, VerifiedPhone, add_phone, sharing_phone, verified_phone};
pub use secret::{ACCESS_CHANGED, AccessChanged, SecretChoice, choose_secret, close_account, ever_signed_in, has_nothing_to_prove};
pub use sessions::{Computer, Lapsed, LentSession, Opened, Own, SignInMethod, SignedInStaff, StaffAt};
pub use sign_in::{Credentials, Requester, SignIn, sign_in, sign_out};
pub use staff::{
    NewStaff, StaffAttempt, StaffCredentials, StaffIn, StaffKind, StaffMethod, StaffSignIn, StaffStanding, close_staff, create_staff,
    end_staff_session, find_staff, reopen_staff, staff_login, staff_name, staff_sign_in, staff_standing,
};
pub use texts::deliver_text;
pub use totp::TotpSecret;

use maincourante_kernel::{Kernel, id};

id!(
    /// A person who owns a mailbox.
    UsagerId
);
id!(
    /// Someone who works for a structure or for the service: aidant, référent or operator.
    StaffId
);
id!(
    /// One browser signed in, until it signs out.
    SessionId
);
id!(
    /// One time that a screen is lent.
    HandOverId
);

/// The context: what identity is given at the start.
#[derive(Clone)]
pub struct Identity {
    /// Database, time, chance, vault.
    pub kernel: Kernel,
    /// Hashes passwords, a few at a time.
    pub hasher: Hasher,
    /// What the service calls itself, and whom to call.
    pub service: Service,
}

/// The service as people know it.
#[derive(Clone, Debug)]
pub struct Service {
    /// The name the territory gave it: it opens every text message.
    pub name: String,
    /// The domain of the addresses it gives.
    pub domain: String,
    /// Whom to call, when no structure is nearer.
    pub help_phone: String,
}
