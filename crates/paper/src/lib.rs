//! Documents to print and sign: versioned Typst templates made into tagged PDF/A.
//!
//! A sheet is a function of its data: the same data give the same bytes, whatever the day and the machine, because its
//! SHA-256 is bound to evidence of a signature. The press therefore reads no clock, no disk, no network and no system font:
//! templates and faces are in the program, data go in as values (never as template text) through one virtual file.
//! Standards: PDF/A-2a (ISO 19005-2) to be kept, PDF/UA-1 (ISO 14289-1) to be read aloud; the engine refuses a sheet that breaks either.
//!
//! Built alone because it is slow to build.
//! Deliberately knows nothing of: who may sign what, where a document is kept, the seal.

mod desk;
mod mandate;
mod press;
mod reading;
mod strokes;
mod welcome;
mod words;

pub use mandate::{
    Agreement, Choice, Countersignature, DataProtection, IdentityCheck, MandateDocument, Method, PersonCard, PhoneEnd, Powers, Signature,
    Standing, StructureCard,
};
pub use press::{Press, Sheet};
pub use strokes::{BadStrokes, Strokes};
pub use welcome::{HelpDesk, WelcomeSheet};

/// Version of the mandate's words and layout; printed on each page. Changing `templates/paper/mandate.typ` for the reader changes it.
pub const MANDATE_TEMPLATE: &str = "mandat-fr-3";

/// SHA-256 of the words and shapes of the mandate, as they are in this program: `house.typ` then `mandate.typ`.
pub fn mandate_template_sha256() -> [u8; 32] {
    desk::mandate_sources_sha256()
}

/// Version of the welcome sheet's words and layout.
pub const WELCOME_TEMPLATE: &str = "bienvenue-fr-1";
