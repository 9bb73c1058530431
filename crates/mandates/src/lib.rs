//! Structures, aidants, mandates, powers, the evidence of signature, the proof [`Access`], and the acts done under it.
//!
//! A power exists only while a signed mandate gives it. It is asked for at every act, on the server, in the act's own
//! transaction, and the answer, yes or no, is written in the journal of the structure with it.
//!
//! Deliberately knows nothing of messages and documents: it has no arrow to them. What must happen
//! there (a mailbox to prepare) is a job that the server hands to who knows how.

rust_i18n::i18n!("locales", fallback = "fr");

pub mod access;
pub mod access_back;
pub mod acting;
pub mod activate;
pub mod aidants;
pub mod alerts;
pub mod charter;
mod confirmed;
pub mod deletion;
pub mod dispute;
pub mod draft;
pub mod ending;
mod evidence;
pub mod find_account;
pub mod first_secret;
mod holds;
pub mod invitations;
pub mod joining;
pub mod lifecycle;
pub mod mine;
mod names;
pub mod papers;
pub mod people;
pub mod prepare;
pub mod prints;
pub mod remark;
pub mod renewal;
pub mod review;
pub mod secret_screen;
pub mod signature;
pub mod structures;
mod succession;
pub mod team;

mod entries;
mod power;
#[cfg(test)]
mod rights_doc;
mod state;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;
mod whom;

pub use access::{Access, Refusal};
pub use acting::{Acting, Idle, Place};
pub use aidants::{MemberRole, SignedInAidant, SignedInReferent};
pub use draft::{Draft, Duration, Field, IdentityCheck, KnownFields, PersonDraft, PersonFields, Problem, Problems, Terms, TermsFields};
pub use evidence::Method;
pub use power::Power;
pub use state::{Forbidden, Happening, State, transition};
pub use structures::{NewStructure, Structure};
pub use whom::{Account, Newcomer, Whom};

use maincourante_identity::Identity;
use maincourante_kernel::id;
use maincourante_paper::Press;

id!(
    /// A structure: a town's social centre, a France Services house, an association.
    StructureId
);
id!(
    /// A mandate, from its first draft.
    MandateId
);

/// The context.
#[derive(Clone)]
pub struct Mandates {
    /// Who is at the keyboard.
    pub identity: Identity,
    /// Prints the documents.
    pub press: Press,
    /// What the papers say of the service.
    pub imprint: Imprint,
}

/// What the papers say of the service.
#[derive(Clone, Debug)]
pub struct Imprint {
    /// Where to sign in, as a person types it: `courrier.exemple.fr`.
    pub web_address: String,
    /// Who answers for personal data (GDPR, article 4(7)), with its article.
    pub controller: String,
    /// Where to exercise one's rights.
    pub data_contact: String,
}
