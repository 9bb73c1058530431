//! The record key of a subject: what the journal says of them in clear is closed under it.
//!
//! Destroying it erases the person from the journal, and leaves every leaf, root and signature as it was
//! (GDPR, article 17). A destroyed key leaves its row, and an entry of `service`: otherwise someone with the base
//! could blind the journal and pass it off as an erasure. It never comes back for the same subject.

use maincourante_kernel::{Failure, Kernel, Key, Tx};
use uuid::Uuid;

use crate::entry::{Entry, Subject};
use crate::vocabulary::{Actor, SubjectKind};
use crate::{Event, Log, append, store};

const COLUMN: &str = "record_key.wrapped";

/// The record key of a subject, as it is now.
pub(crate) enum RecordKey {
    /// It opens what was sealed.
    Living(Key),
    /// It is gone, for good.
    Destroyed,
}

/// What destroying gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Erasure {
    /// What the journal said of the subject is gone.
    Done,
    /// It was already.
    AlreadyDone,
}

/// The key by which another context closes what it keeps of this subject as long as the journal keeps them: the mandate, its
/// evidence. `use_of` names the column. None once the record key is destroyed.
///
/// # Errors
/// When the database refuses.
pub async fn record_key(tx: &mut Tx, kernel: &Kernel, kind: SubjectKind, id: Uuid, use_of: &'static str) -> Result<Option<Key>, Failure> {
    Ok(match find_or_create(tx, kernel, kind, id).await? {
        RecordKey::Living(key) => Some(key.derive(format!("column {use_of} v1").as_bytes())),
        RecordKey::Destroyed => None,
    })
}

/// Destroys the record key of a subject: no entry names them any more. Leaves its entry in `service`.
///
/// # Errors
/// When the database refuses.
pub async fn destroy_record_key(tx: &mut Tx, kernel: &Kernel, act: Uuid, kind: SubjectKind, id: Uuid) -> Result<Erasure, Failure> {
    // Who never had a key gets one to destroy, so that none is made for them later.
    if let RecordKey::Destroyed = find_or_create(tx, kernel, kind, id).await? {
        return Ok(Erasure::AlreadyDone);
    }
    if !store::destroy_record_key(tx, kind.as_str(), id, kernel.now()).await? {
        return Ok(Erasure::AlreadyDone);
    }
    let entry = Entry::new(act, Event::RetentionKeyDestroyed, Actor::System).about(Subject::new(kind, id));
    append(tx, kernel, Log::Service, entry).await?;
    Ok(Erasure::Done)
}

pub(crate) async fn find_or_create(tx: &mut Tx, kernel: &Kernel, kind: SubjectKind, id: Uuid) -> Result<RecordKey, Failure> {
    if let Some((wrapped,)) = store::record_key(tx, kind.as_str(), id).await? {
        return unwrap(kernel, kind.as_str(), id, wrapped.as_deref());
    }
    let wrapped = kernel.vault.seal(COLUMN, &row(kind.as_str(), id), Key::new(&kernel.chance).bytes(), &kernel.chance);
    store::insert_record_key(tx, kind.as_str(), id, &wrapped, kernel.now()).await?;
    // Another transaction may have made it meanwhile: the one in the base is the one.
    match store::record_key(tx, kind.as_str(), id).await? {
        Some((wrapped,)) => unwrap(kernel, kind.as_str(), id, wrapped.as_deref()),
        None => Err(Failure::new("a record key was written and is not there")),
    }
}

/// The key, from what lies in the base.
pub(crate) fn unwrap(kernel: &Kernel, kind: &str, id: Uuid, wrapped: Option<&[u8]>) -> Result<RecordKey, Failure> {
    let Some(wrapped) = wrapped else { return Ok(RecordKey::Destroyed) };
    let bytes = kernel.vault.open(COLUMN, &row(kind, id), wrapped)?;
    let bytes = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| Failure::new("a record key has 32 bytes"))?;
    Ok(RecordKey::Living(Key::from_bytes(bytes)))
}

fn row(kind: &str, id: Uuid) -> Vec<u8> {
    [kind.as_bytes(), b"|", id.as_bytes().as_slice()].concat()
}
