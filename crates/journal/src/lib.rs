//! Logs that only grow: leaf, tree, checkpoint, proof, export, verification; the clear personal values beside, under a key
//! for each subject.
//!
//! Deliberately knows nothing of: messages, files, their contents; who may read what.
//! The format is `docs/journal-format.md`; it cannot change.
//!
//! ```
//! # use maincourante_journal::{self as journal, Actor, Entry, Event, Log, Payload, Subject};
//! # use maincourante_kernel::{Failure, Kernel, Tx};
//! # use uuid::Uuid;
//! # async fn scene(tx: &mut Tx, kernel: &Kernel, act: Uuid, [nadia, ccas, mandate, paul]: [Uuid; 4]) -> Result<(), Failure> {
//! let entry = Entry::new(act, Event::AccessHandoverStarted, Actor::Aidant(nadia))
//!     .actor_named("Nadia Roussel")
//!     .in_structure_named(ccas, "CCAS de Vaudorme")
//!     .under(mandate, "give_access_back")
//!     .about(Subject::usager(paul).named("Paul Nguyen"))
//!     .with(Payload::new().word("route", "sms"));
//! journal::append(tx, kernel, Log::Structure(ccas), entry).await
//! # }
//! ```

mod append;
mod checkpoint;
mod commitment;
mod entry;
mod event;
mod export;
mod french;
mod head;
mod leaf;
mod log;
mod note;
mod outside;
mod payload;
pub mod proof;
mod read;
mod record;
mod record_key;
mod sentence;
mod signer;
mod store;
mod tree;
mod verify;
mod vocabulary;

pub use append::{append, append_to, lock};
pub use checkpoint::{Signed, checkpoint};
pub use entry::{Entry, Subject};
pub use event::{Event, NoSuchEvent};
pub use export::{ExportFor, Exported, Part, export, export_part};
pub use french::of_structure;
pub use log::{Log, NoSuchLog, Shard};
pub use note::{BadKey, BadServiceName, PublicKey, ServiceName};
pub use payload::{Payload, Value};
pub use read::{Filter, Page, Tally, Viewer, entries_before, find, of_acts, read, tally};
pub use record::{Ended, Fields, Record, Seen};
pub use record_key::{Erasure, destroy_record_key, record_key};
pub use sentence::{Reader, reason_is_told, sentence};
pub use signer::Signer;
pub use tree::{Frontier, Hash, leaf_hash};
pub use verify::{NotChecked, Problem, Report, verify, verify_export};
pub use vocabulary::{Actor, Channel, Outcome, Role, SubjectKind};

rust_i18n::i18n!("locales", fallback = "fr");
