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
        most: most + 1,
    };
    let mut leaves = match viewer {
        Viewer::Structure(structure) => store::entries_of_log(tx, &Log::Structure(structure).name(), &wanted).await?,
        Viewer::Person(person) => store::entries_of_person(tx, person, &wanted).await?,
    };
    let more = leaves.len() > usize::try_from(most)?;
    leaves.truncate(usize::try_from(most)?);
    let mut records = leaves.iter().map(|(leaf,)| Record::from_leaf(leaf)).collect::<Result<Vec<_>, _>>()?;
    fill_subjects(tx, kernel, viewer, &mut records).await?;
    let next = records.last().map(|record| record.id).filter(|_| more);
    Ok(Page { records, next })
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
