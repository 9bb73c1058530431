//! Reading the journal. The viewer decides what can be seen; a filter only narrows it.
//!
//! A structure reads its own log and nothing else: what a person does alone lies elsewhere. A person reads every entry
//! that is about them, wherever it lies, but not the names of other persons in it.

use std::collections::HashMap;

use maincourante_kernel::{Failure, Kernel, Key, Timestamp, Tx};
use uuid::Uuid;

use crate::commitment;
use crate::record::{Fields, Record, Seen, unknown};
use crate::record_key::{self, RecordKey};
use crate::store::{self, SeenRow, Wanted};
use crate::vocabulary::SubjectKind;
use crate::{Event, Log};

/// Who reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Viewer {
    /// A structure: `structure/<id>`.
    Structure(Uuid),
    /// A person: the entries of which they are a subject.
    Person(Uuid),
}

/// What is looked for. Empty, it keeps everything the viewer may see.
#[derive(Clone, Default, Debug)]
pub struct Filter {
    /// Entries about this aidant, or done by them.
    pub aidant: Option<Uuid>,
    /// Entries about this person, or done by them.
    pub usager: Option<Uuid>,
    /// One of these events; any when empty.
    pub events: Vec<Event>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Older than this entry: `Page::next` of the page before.
    pub after: Option<Uuid>,
    /// Entries whose number in the log is greater. Only a structure's view counts its lines.
    pub beyond: Option<i64>,
}

/// A page of results, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The entries.
    pub records: Vec<Record>,
    /// What to put in `Filter::after` for the next page; none when this is the last.
    pub next: Option<Uuid>,
}

/// At most `most` entries that `viewer` may see and that `filter` keeps, newest first.
///
/// # Errors
/// When the database refuses, or holds an entry of a later version.
pub async fn read(tx: &mut Tx, kernel: &Kernel, viewer: Viewer, filter: &Filter, most: u32) -> Result<Page, Failure> {
    let events = (!filter.events.is_empty()).then(|| filter.events.iter().fold(" ".to_owned(), |all, event| all + event.as_str() + " "));
    // One more than asked tells whether there is another page.
    let most = i64::from(most);
    let wanted = Wanted {
        aidant: filter.aidant,
        usager: filter.usager,
        events,
        from: filter.from,
        until: filter.until,
        after: filter.after,
        beyond: filter.beyond,
        most: most + 1,
    };
    let mut leaves = match viewer {
        Viewer::Structure(structure) => store::entries_of_log(tx, &Log::Structure(structure).name(), &wanted).await?,
        Viewer::Person(person) => store::entries_of_person(tx, person, &wanted).await?,
    };
    let more = leaves.len() > usize::try_from(most)?;
    leaves.truncate(usize::try_from(most)?);
    let records = records(tx, kernel, viewer, &leaves).await?;
    let next = records.last().map(|record| record.id).filter(|_| more);
    Ok(Page { records, next })
}

/// The entries of these identifiers that `viewer` may see, newest first.
///
/// # Errors
/// When the database refuses, or holds an entry of a later version.
pub async fn find(tx: &mut Tx, kernel: &Kernel, viewer: Viewer, entries: &[Uuid]) -> Result<Vec<Record>, Failure> {
    let list = serde_json::to_string(entries)?;
    let leaves = match viewer {
        Viewer::Structure(structure) => store::entries_by_id(tx, &Log::Structure(structure).name(), &list).await?,
        Viewer::Person(person) => store::entries_by_id_of_person(tx, person, &list).await?,
    };
    records(tx, kernel, viewer, &leaves).await
}

/// The entries of these acts in the log of a structure, newest first.
///
/// # Errors
/// As `find`.
pub async fn of_acts(tx: &mut Tx, kernel: &Kernel, structure: Uuid, acts: &[Uuid]) -> Result<Vec<Record>, Failure> {
    let leaves = store::entries_of_acts(tx, &Log::Structure(structure).name(), &serde_json::to_string(acts)?).await?;
    records(tx, kernel, Viewer::Structure(structure), &leaves).await
}

/// How many entries there are between two numbers of a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tally {
    /// How many.
    pub lines: i64,
    /// When the first of them was written.
    pub oldest: Option<Timestamp>,
}

/// Counts the entries of a structure's log after number `beyond` and up to number `last`. Those which only say that the journal was read, or read
/// again and signed, are left out: reading would otherwise never end.
///
/// # Errors
/// When the database refuses.
pub async fn tally(tx: &mut Tx, structure: Uuid, beyond: i64, last: i64) -> Result<Tally, Failure> {
    let (lines, oldest) = store::tally(tx, &Log::Structure(structure).name(), beyond, last).await?;
    Ok(Tally { lines, oldest })
}

/// How many entries a structure's log had before this instant, hence the number of the first one since.
///
/// # Errors
/// When the database refuses.
pub async fn entries_before(tx: &mut Tx, structure: Uuid, at: Timestamp) -> Result<u64, Failure> {
    Ok(u64::try_from(store::entries_before(tx, &Log::Structure(structure).name(), at).await?)?)
}

async fn records(tx: &mut Tx, kernel: &Kernel, viewer: Viewer, leaves: &[(Vec<u8>,)]) -> Result<Vec<Record>, Failure> {
    let mut records = leaves.iter().map(|(leaf,)| Record::from_leaf(leaf)).collect::<Result<Vec<_>, _>>()?;
    fill_subjects(tx, kernel, viewer, &mut records).await?;
    Ok(records)
}

async fn fill_subjects(tx: &mut Tx, kernel: &Kernel, viewer: Viewer, records: &mut [Record]) -> Result<(), Failure> {
    let places: Vec<(String, i64)> = records.iter().map(|record| (record.log.name(), record.seq)).collect();
    let mut keys = HashMap::new();
    let mut seen: HashMap<(String, i64), Vec<Seen>> = HashMap::new();
    let ids: HashMap<(String, i64), Uuid> = places.iter().cloned().zip(records.iter().map(|record| record.id)).collect();
    for row in store::subjects_of(tx, &serde_json::to_string(&places)?).await? {
        let place = (row.log.clone(), row.seq);
        let Some(&entry) = ids.get(&place) else { continue };
        let kind = SubjectKind::named(&row.kind).ok_or_else(unknown)?;
        let fields = if withheld(viewer, kind, row.id) { Fields::Withheld } else { open(kernel, &mut keys, entry, &row)? };
        let fields = if only_named(viewer, kind) { fields.only_name() } else { fields };
        seen.entry(place).or_default().push(Seen { kind, id: row.id, fields });
    }
    for (record, place) in records.iter_mut().zip(places) {
        record.subjects = seen.remove(&place).unwrap_or_default();
    }
    Ok(())
}

fn withheld(viewer: Viewer, kind: SubjectKind, id: Uuid) -> bool {
    match viewer {
        Viewer::Structure(_) => false,
        Viewer::Person(person) => kind == SubjectKind::Usager && id != person,
    }
}

/// Of who helped them, a person learns the name, not from where they connected.
fn only_named(viewer: Viewer, kind: SubjectKind) -> bool {
    matches!(viewer, Viewer::Person(_)) && matches!(kind, SubjectKind::Aidant | SubjectKind::Operator)
}

/// One line of the journal is not a reason to refuse the page: what does not open is said so.
fn open(kernel: &Kernel, keys: &mut HashMap<(String, Uuid), Option<Key>>, entry: Uuid, row: &SeenRow) -> Result<Fields, Failure> {
    if row.destroyed_at.is_some() {
        return Ok(Fields::Erased);
    }
    let Some(sealed) = &row.sealed else { return Ok(Fields::Unsaid) };
    let who = (row.kind.clone(), row.id);
    let key = keys.entry(who).or_insert_with(|| match record_key::unwrap(kernel, &row.kind, row.id, row.wrapped.as_deref()) {
        Ok(RecordKey::Living(key)) => Some(key),
        Ok(RecordKey::Destroyed) | Err(_) => None,
    });
    let slot = u8::try_from(row.slot)?;
    let plain = key.as_ref().and_then(|key| commitment::open(key, entry, slot, sealed).ok());
    if let Some(fields) = plain.and_then(|plain| serde_json::from_slice(&plain).ok()) {
        return Ok(Fields::Open(fields));
    }
    tracing::error!(log = row.log, seq = row.seq, slot, "the fields of a journal entry do not open");
    Ok(Fields::Unreadable)
}
